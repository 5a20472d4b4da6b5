"""Keys of the desk: one meaning each, sets for one hand by position, and a scanner that beats them all."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk import keys
from safelight.desk.keys import KEYS, Hand
from safelight.desk.sheet import keys_sheet
from safelight.qt import scan_watch, theme
from safelight.qt.scan_watch import ScanWatch
from safelight.settings.desk_texts import desk_texts
from support.desk.at_desk import until
from support.desk.seen import is_focus_drawn

PLAIN = Qt.KeyboardModifier.NoModifier
SCAN_CODES = {"1": 2, "Q": 16, "A": 30, "S": 31, "P": 25, "L": 38, ";": 39, "Space": 57, "Tab": 15}


def pressed(key: Qt.Key, scan: int = 0, modifiers: Qt.KeyboardModifier = PLAIN) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan + 8, 0, 0, "")


def test_no_key_means_two_things() -> None:
    shortcuts = [each for line in KEYS for each in keys.sequences(line.act)]
    assert len(shortcuts) == len(set(shortcuts))
    assert all(not QKeySequence(each).isEmpty() for each in shortcuts)
    for hand in ("left", "right"):
        places = [getattr(line, hand) for line in KEYS if line.in_grid]
        assert len(places) == len(set(places)), hand


def test_every_f_key_has_a_ctrl_twin() -> None:
    lines = [line for line in KEYS if line.keys[0].startswith("F") and line.keys[0][1:].isdigit()]
    assert lines and all(line.twin.startswith("Ctrl+") for line in lines)


@pytest.mark.parametrize(
    ("key", "act"),
    [(Qt.Key.Key_P, "pick"), (Qt.Key.Key_Space, "pick"), (Qt.Key.Key_X, "reject"), (Qt.Key.Key_4, "rate_4"),
     (Qt.Key.Key_Delete, "discard"), (Qt.Key.Key_Q, ""), (Qt.Key.Key_F5, "")],
)  # fmt: skip
def test_letters_mean_what_stands_on_them(key: Qt.Key, act: str) -> None:
    assert keys.letter_act(pressed(key)) == act
    assert keys.letter_act(pressed(key, modifiers=Qt.KeyboardModifier.ControlModifier)) == ""


@pytest.mark.parametrize(
    ("hand", "place", "act"),
    [(Hand.LEFT, "A", "reject"), (Hand.LEFT, "Q", "discard"), (Hand.LEFT, "Tab", "panel"), (Hand.LEFT, "1", "rate_1"),
     (Hand.RIGHT, ";", "reject"), (Hand.RIGHT, "P", "discard"), (Hand.RIGHT, "Space", "pick")],
)  # fmt: skip
def test_one_hand_goes_by_where_a_key_lies(hand: Hand, place: str, act: str) -> None:
    """Whatever is printed there: on a French keyboard Q lies where A does."""
    assert keys.letter_act(pressed(Qt.Key.Key_Z, SCAN_CODES[place]), hand) == act


class Typing:
    """A window with a field, and a clock that moves as told between keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = itertools.count()
        self.at = 0.0
        self.window = QWidget()
        self.field = QLineEdit(self.window)
        QVBoxLayout(self.window).addWidget(self.field)
        self.watch = ScanWatch(self.window)
        self.scans: list[str] = []
        self.watch.scanned.connect(self.scans.append)
        self.nexts: list[int] = []
        keys.bind(self.window, "next_person", lambda: self.nexts.append(1))
        self._qtbot = qtbot
        self.window.show()
        self.window.activateWindow()
        self.field.setFocus()
        qtbot.waitExposed(self.window)
        handle = self.window.windowHandle()
        assert isinstance(handle, QWindow)
        self.handle = handle
        self.watch.listen(handle)

    def type(self, text: str, every: float, *, enter: bool) -> None:
        for letter in text:
            self.at += every
            self._qtbot.keyClick(self.handle, letter)
        if enter:
            self.at += every
            self._qtbot.keyClick(self.handle, Qt.Key.Key_Return)

    def rest(self) -> None:
        until(lambda: not self.watch._pause.isActive())
        QCoreApplication.processEvents()


@pytest.fixture
def typing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typing]:
    made = Typing(qtbot)
    monkeypatch.setattr(scan_watch, "pressed_at", lambda _: made.at)
    yield made
    made.window.close()
    made.window.deleteLater()


def test_a_scan_is_heard_and_leaves_nothing_in_the_field(typing: Typing) -> None:
    typing.type("SL1ABCD2EF", 0.01, enter=True)
    typing.rest()
    assert typing.scans == ["SL1ABCD2EF"] and typing.field.text() == "" and typing.nexts == []


def test_a_burst_is_one_also_when_the_window_was_busy_in_the_midst_of_it(typing: Typing) -> None:
    typing.type("SL1AB", 0.01, enter=False)
    time.sleep(0.15)
    typing.watch._pause.timeout.emit()  # before the keys that wait in line
    typing.type("CD2EF", 0.01, enter=True)
    typing.rest()
    assert typing.scans == ["SL1ABCD2EF"] and typing.field.text() == ""


def test_what_a_person_types_arrives_in_its_order(typing: Typing) -> None:
    typing.type("Jonas", 0.2, enter=True)
    typing.rest()
    assert typing.field.text() == "Jonas" and typing.scans == [] and typing.nexts == [1]


def test_quick_fingers_are_no_scanner(typing: Typing) -> None:
    typing.type("ok", 0.03, enter=False)
    typing.rest()
    typing.type("ay", 0.03, enter=True)
    assert typing.field.text() == "okay" and typing.scans == []


def test_half_a_burst_goes_where_it_was_typed(typing: Typing) -> None:
    typing.type("SL1", 0.01, enter=False)
    typing.rest()
    assert typing.field.text() == "SL1" and typing.scans == []


def test_a_scanner_without_enter_is_heard_all_the_same(typing: Typing) -> None:
    typing.type("SL1ABCD2EFGH", 0.01, enter=False)
    typing.rest()
    assert typing.scans == ["SL1ABCD2EFGH"] and typing.field.text() == ""


def test_two_scans_are_two(typing: Typing) -> None:
    typing.type("SL1AAAA", 0.01, enter=True)
    typing.type("SL1BBBB", 0.01, enter=True)
    assert typing.scans == ["SL1AAAA", "SL1BBBB"]


def test_all_keys_can_be_read_by_keyboard_in_a_low_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(window, theme.DESK_DARK)
    window.resize(1000, 420)
    window.show()
    window.activateWindow()
    until(lambda: QApplication.activeWindow() is window)
    sheet = keys_sheet(window, desk_texts("en"), Hand.LETTERS)
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    until(lambda: bar.maximum() > 0)
    for wanted in (area, None, area):  # the page, the button, the page again
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
        assert area.hasFocus() is (wanted is area)
    for _ in range(3):
        qtbot.keyClick(area, Qt.Key.Key_PageDown)
    assert bar.value() == bar.maximum() and is_focus_drawn(area)
