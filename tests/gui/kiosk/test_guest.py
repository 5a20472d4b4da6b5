"""The signing screen beside another window of the same program: what it holds back, it holds back for itself alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QClipboard, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QToolTip, QVBoxLayout

from safelight.asking.scene import Page
from safelight.domain.ids import Language
from safelight.kiosk import opening
from safelight.kiosk.full_screen import BACK_MS
from safelight.kiosk.walkin import WalkIn
from safelight.kiosk.window import Window
from safelight.qt import theme
from support.kiosk.desk_double import DeskDouble
from support.kiosk.driving import Driven


class Other(QDialog):
    """A window of somebody else: a field, and a button that Enter presses."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.ok = QLineEdit(), QPushButton("OK")
        self.ok.setDefault(True)
        self.pressed: list[str] = []
        self.ok.clicked.connect(lambda: self.pressed.append("OK"))
        self.keys: list[int] = []
        rows = QVBoxLayout(self)
        rows.addWidget(self.field)
        rows.addWidget(self.ok)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())
        super().keyPressEvent(event)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Driven]:
    driven = Driven()
    yield driven
    driven.close()


@pytest.fixture
def other(kiosk: Driven, qtbot: Any) -> Iterator[Other]:
    window = Other()
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    window.field.setFocus()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("through", ["window", "field"])
def test_another_windows_keys_are_its_own(kiosk: Driven, other: Other, through: str) -> None:
    kiosk.to_uses()
    kiosk.watch.stop()
    other.activateWindow()
    used: list[bool] = []
    scanned: list[str] = []
    kiosk.input_watch.used.connect(lambda: used.append(True))
    kiosk.input_watch.scanned.connect(scanned.append)
    target = other.windowHandle() if through == "window" else other.field
    for letter in "KTRNWF":
        QTest.keyClick(target, letter)  # type: ignore[call-overload]
    QTest.keyClick(target, Qt.Key.Key_Return)
    assert other.field.text() == "KTRNWF"
    assert other.pressed == ["OK"], "quick typing and Enter there is no badge shown here"
    for key in (Qt.Key.Key_F11, Qt.Key.Key_Menu, Qt.Key.Key_Back):
        QTest.keyClick(target, key)
    assert other.keys[-3:] == [Qt.Key.Key_F11, Qt.Key.Key_Menu, Qt.Key.Key_Back]
    QTest.mouseClick(other.windowHandle(), Qt.MouseButton.LeftButton)
    QTest.keyClick(target, Qt.Key.Key_Escape)
    assert not other.isVisible(), "Esc closes it"
    assert (used, scanned) == ([], []), "nobody was at the signing screen"
    assert kiosk.desk.asked == ["AB12CD"]


def test_who_works_in_another_window_does_not_keep_a_person_uncovered(kiosk: Driven, other: Other) -> None:
    kiosk.to_uses()
    kiosk.watch._idle.setInterval(150)
    kiosk.watch.used()
    other.activateWindow()
    for _ in range(20):
        QTest.keyClick(other.field, "x")  # type: ignore[call-overload]
        QTest.qWait(15)
    assert not kiosk.window.cover.isHidden()


def test_a_badge_is_still_read_here_and_esc_still_does_nothing(kiosk: Driven, other: Other) -> None:
    kiosk.window.activateWindow()
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.HELLO
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.window.isVisible()
    assert other.field.text() == ""


def test_its_look_and_language_are_its_own(kiosk: Driven, other: Other) -> None:
    def look() -> tuple[object, ...]:
        field = other.field
        return field.font(), field.palette(), field.sizeHint(), other.layoutDirection(), QToolTip.font()

    before = look()
    kiosk.to_uses()
    kiosk.flow.speak(Language("ar"))
    kiosk.click(kiosk.window.head.size_button)
    kiosk.click(kiosk.window.head.contrast)
    assert kiosk.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert theme.tokens_of(kiosk.window.head).name == "dark"
    assert look() == before


# The clipboard.


def copy_from(field: QLineEdit, text: str) -> None:
    field.setText(text)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field.window().windowHandle(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == text


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    board = qapp.clipboard()
    board.clear()
    yield board
    board.clear()


def test_what_was_copied_in_another_window_stays_there_for_pasting(
    kiosk: Driven, other: Other, clipboard: QClipboard
) -> None:
    kiosk.to_uses()
    other.activateWindow()
    copy_from(other.field, "an address the photographer needs")
    kiosk.flow.wait()
    kiosk.settle()
    assert kiosk.page is Page.WAITING
    assert clipboard.text() == "an address the photographer needs"


def name_field(kiosk: Driven) -> QLineEdit:
    kiosk.window.activateWindow()
    kiosk.click(kiosk.words("no_card"))
    assert isinstance(kiosk.window.content, WalkIn)
    return kiosk.window.content.findChildren(QLineEdit)[0]


def test_what_a_person_copied_here_goes_with_them(kiosk: Driven, clipboard: QClipboard) -> None:
    copy_from(name_field(kiosk), "Ada Quill")
    kiosk.flow.wait()
    kiosk.settle()
    assert clipboard.text() == ""
    assert "Ada" not in str(vars(kiosk.window._clipboard))


def test_what_was_copied_elsewhere_afterwards_stays(kiosk: Driven, other: Other, clipboard: QClipboard) -> None:
    copy_from(name_field(kiosk), "Ada Quill")
    other.activateWindow()
    copy_from(other.field, "later")
    kiosk.flow.wait()
    kiosk.settle()
    assert clipboard.text() == "later"


# Coming and going.


def test_leaving_it_ends_nothing_but_itself(kiosk: Driven, other: Other, qapp: QApplication) -> None:
    ended: list[str] = []
    qapp.lastWindowClosed.connect(lambda: ended.append("the last window closed"))
    kiosk.window._leave()
    assert not kiosk.window.isVisible()
    assert other.isVisible()
    assert ended == []
    assert qapp.quitOnLastWindowClosed(), "the rule of the program is the program's"


def test_another_window_that_closes_does_not_end_it(kiosk: Driven, other: Other, qapp: QApplication) -> None:
    ended: list[str] = []
    qapp.lastWindowClosed.connect(lambda: ended.append("the last window closed"))
    other.close()
    assert kiosk.window.isVisible()
    assert ended == [], "somebody may be signing"


def test_run_alone_it_sets_no_rule_for_other_windows_and_the_pin_ends_it(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: list[bool] = []
    quits: list[bool] = []

    def run() -> int:
        rules.append(qapp.quitOnLastWindowClosed())
        window = next(each for each in qapp.topLevelWidgets() if isinstance(each, Window))
        window._leave()
        window.deleteLater()
        return 0

    monkeypatch.setattr(QApplication, "exec", staticmethod(run))
    monkeypatch.setattr(QApplication, "quit", staticmethod(lambda: quits.append(True)))
    assert opening.run_kiosk(DeskDouble({}), screen=0, windowed=True) == 0
    assert (rules, quits) == ([True], [True])


class FullKiosk(Driven):
    """The screen as people meet it: full."""

    def open(self, screen: int | None, *, windowed: bool = False, first: object = None) -> None:
        super().open(screen, windowed=False)


@pytest.fixture
def full(qapp: QApplication) -> Iterator[FullKiosk]:
    driven = FullKiosk(size=(800, 800))
    driven.window.showFullScreen()
    yield driven
    driven.close()


AWAY: dict[str, Callable[[Window], None]] = {
    "minimised": lambda window: window.showMinimized(),
    "minimised by the system": lambda window: window.windowHandle().setWindowStates(Qt.WindowState.WindowMinimized),
    "made a window": lambda window: window.showNormal(),
    "made as large as goes": lambda window: window.showMaximized(),
}


@pytest.mark.parametrize("how", AWAY)
def test_it_comes_back_full_screen(full: FullKiosk, qtbot: Any, how: str) -> None:
    full.to_uses()
    content, answered = full.window.content, full.asking.ceremony
    AWAY[how](full.window)
    QCoreApplication.processEvents()
    assert full.window.isMinimized() or not full.window.isFullScreen()
    qtbot.waitUntil(lambda: full.window.isFullScreen() and not full.window.isMinimized(), timeout=3000)
    assert full.window.windowHandle().windowStates() == Qt.WindowState.WindowFullScreen
    assert full.window.content is content
    assert full.asking.ceremony == answered


def test_whoever_types_elsewhere_goes_on_typing_there_when_it_comes_back(
    full: FullKiosk, other: Other, qtbot: Any
) -> None:
    full.window.showMinimized()
    other.activateWindow()
    QCoreApplication.processEvents()
    assert full.window.isMinimized() and other.isActiveWindow()
    qtbot.waitUntil(lambda: full.window.isFullScreen() and not full.window.isMinimized(), timeout=3000)
    QTest.qWait(50)
    assert other.isActiveWindow()


def test_left_by_pin_it_stays_away(full: FullKiosk) -> None:
    full.window.showMinimized()
    full.window._leave()
    QTest.qWait(2 * BACK_MS)
    assert not full.window.isVisible()


def test_it_does_not_take_the_teams_screen_when_its_own_is_gone(full: FullKiosk) -> None:
    full._screen = 1
    full.window.showMinimized()
    QTest.qWait(2 * BACK_MS)
    assert full.window.isMinimized()
    full._screen = 0


def test_in_a_window_it_may_be_made_small(kiosk: Driven) -> None:
    kiosk.window.showMinimized()
    QTest.qWait(2 * BACK_MS)
    assert kiosk.window.isMinimized()


COME_BACK = """
import sys
import time
sys.path[:0] = sys.argv[1:]
from support.kiosk.desk_double import DeskDouble
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from safelight.kiosk.opening import Kiosk
from safelight.qt.app import make_application
application = make_application()
kiosk = Kiosk(application, DeskDouble({}), still=True)
kiosk.open(0)
window = kiosk.window
assert QTest.qWaitForWindowExposed(window)
for away in (Qt.WindowState.WindowMinimized, Qt.WindowState.WindowNoState, Qt.WindowState.WindowMaximized):
    window.setWindowState(away)
    application.processEvents()
    assert window.windowState() == away, window.windowState()
    until = time.monotonic() + 5
    while window.windowState() != Qt.WindowState.WindowFullScreen:
        assert time.monotonic() < until, away
        QTest.qWait(20)
    assert window.windowHandle().windowStates() == Qt.WindowState.WindowFullScreen
    assert window.windowHandle().geometry() == application.primaryScreen().geometry(), window.windowHandle().geometry()
kiosk.window._leave()
kiosk.close()
print(application.platformName())
"""


def test_it_comes_back_on_a_real_window_system(stock_tool: Callable[[str], str]) -> None:
    read, write = os.pipe()
    argv = [stock_tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(argv, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            environment = {**os.environ, "DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        here = Path(__file__)
        places = [str(here.parents[2]), str(here.parents[3] / "app")]
        done = subprocess.run(
            [sys.executable, "-c", COME_BACK, *places], env=environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait()
    assert (done.returncode, done.stdout.strip()) == (0, "xcb"), done.stderr
