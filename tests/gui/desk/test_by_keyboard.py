"""The desk without a mouse: every screen by its digit, every control by Tab, the focus always seen, never a trap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from safelight.demo.desk_studio import REVIEWER_PIN, DeskStudio
from safelight.desk import keys
from safelight.desk.screens import SCREENS
from safelight.studio.decoding import DecoderPool
from support.desk.seen import is_focus_drawn
from support.desk.tour import Tour, found
from support.kiosk.looks import called, shown

CTRL = Qt.KeyboardModifier.ControlModifier
MOST_STOPS = 150


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStudio]:
    demo = found(tmp_path_factory.mktemp("keyboard"))
    with demo.studio:
        yield demo


@pytest.fixture
def tour(made: DeskStudio, decoders: DecoderPool, tmp_path: Path) -> Iterator[Tour]:
    walking = Tour(made, decoders, tmp_path / "desk.ini")
    walking.until(lambda: QApplication.activeWindow() is walking.window)
    yield walking
    walking.close()


def focused() -> QWidget:
    """What has the focus."""
    now = QApplication.focusWidget()
    assert now is not None, "nothing has the focus"
    return now


def press(tour: Tour, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QWidget:
    """A key to whatever has the focus; what has it afterwards."""
    QTest.keyClick(QApplication.focusWidget() or tour.window, key, held)
    tour.settle()
    now = QApplication.focusWidget()
    assert now is not None, f"after {key.name} nothing has the focus"
    return now


def walk(tour: Tour, back: bool = False) -> list[QWidget]:
    """Once round by Tab; each stop is in the window, in view, and its focus is drawn."""
    first = QApplication.focusWidget()
    stops: list[QWidget] = []
    for _ in range(MOST_STOPS):
        QTest.keyClick(focused(), Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
        QTest.qWait(10)
        now = QApplication.focusWidget()
        assert now is not None and tour.window.isAncestorOf(now) and now.isVisible(), "the focus is lost"
        if now in stops:
            break
        stops.append(now)
        assert is_focus_drawn(now), f"{called(now)} has the focus, and nobody sees it"
    assert len(stops) < MOST_STOPS and (first is None or first in stops or len(stops) > 1)
    return stops


def fill(tour: Tour, key: str) -> None:
    """What a screen shows once somebody has done something there: its lists are on it, with and without frames."""
    view = tour.screens[key].view
    if key == "shoot":
        tour.put(tour.made.people[-1])
        assert not view.shots.tiles and view.shots.isVisible()
    elif key == "review":
        view.gate.pin.edit.setFocus()
        QTest.keyClicks(focused(), REVIEWER_PIN)
        press(tour, Qt.Key.Key_Return)
        tour.until(lambda: view.table.isVisible())
        view.table.choose(view.table.rows[0].key)
        tour.settle()
    elif key == "export":
        view.recipients.buttons[0].click()
        view.uses.buttons[0].click()
        tour.settle()
    elif key == "rights":
        view.search.edit.setText("a")
        view.chosen.emit(f"person {tour.made.people[0].id}")
        tour.settle()


@pytest.mark.parametrize("number", range(len(SCREENS)))
def test_a_screen_is_reached_by_its_digit_walked_by_tab_and_left_again(tour: Tour, number: int) -> None:
    key = SCREENS[number].key
    press(tour, Qt.Key(Qt.Key.Key_1 + number), CTRL)
    assert tour.window.screen_key == key
    fill(tour, key)
    stops = walk(tour)
    screen = tour.screens[key].widget
    inside = [each for each in stops if screen.isAncestorOf(each)]
    assert len(inside) >= 2
    missed = [
        called(each) for each in shown(screen, (QAbstractButton, QLineEdit, QComboBox))
        if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each not in stops
        and not any(each.isAncestorOf(stop) or stop.isAncestorOf(each) for stop in stops)
    ]  # fmt: skip
    assert missed == [], "Tab never gets there"
    for other, named in enumerate(SCREENS):
        press(tour, Qt.Key(Qt.Key.Key_1 + other), CTRL)
        assert tour.window.screen_key == named.key, "no screen holds anybody"


def test_esc_leads_back_from_whatever_was_opened(tour: Tour) -> None:
    view = tour.go("sessions").view
    press(tour, Qt.Key.Key_F4)
    assert view.form.isVisible()
    press(tour, Qt.Key.Key_Escape)
    assert view.list.isVisible() and view.isAncestorOf(focused())
    press(tour, Qt.Key.Key_F1)
    assert tour.above() is not None
    for _ in range(5):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        sheet = tour.above()
        assert sheet is not None and sheet.isAncestorOf(focused()), "a sheet keeps the focus"
    press(tour, Qt.Key.Key_Escape)
    assert tour.above() is None and view.isAncestorOf(focused())
    shooting = tour.go("shoot").view
    press(tour, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is shooting.roster.search
    press(tour, Qt.Key.Key_Escape)
    assert shooting.isAncestorOf(focused())
    press(tour, Qt.Key.Key_Escape)
    assert tour.window.screen_key == "shoot"


WITH_TWIN = [each.act for each in keys.KEYS if each.twin]


def test_every_f_key_and_its_twin_do_the_same(tour: Tour) -> None:
    """All of the table, so that no key is told by F1 and heard by nobody."""
    view = tour.go("shoot").view
    tour.put(tour.made.people[0])
    done: list[str] = []
    for name in ("hand_over_asked", "take_back_asked", "walk_in_asked", "deliver_asked", "nobody_asked"):
        signal = getattr(view, name)
        signal.disconnect()  # what comes of it is another test's: here it is heard
        signal.connect(lambda name=name: done.append(name))
    tour.window.keys_asked.connect(lambda: done.append("keys"))
    view.answers.opened.connect(lambda: done.append("panel"))
    heard = {}
    for act in WITH_TWIN:
        for each in keys.sequences(act):
            view.work()
            QTest.keySequence(focused(), QKeySequence(each))
            QApplication.processEvents()
            heard[each] = tuple(done)
            done.clear()
            view.answers.close_answers()
            sheet = tour.above()
            if sheet is not None:
                sheet.close()
        told = [heard[each] for each in keys.sequences(act)]
        assert len(told) == 2 and len(told[0]) == 1 and told[0] == told[1], act
    assert len(set(heard.values())) == len(WITH_TWIN) == 7, "no two acts are one"
