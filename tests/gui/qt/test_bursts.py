"""A scanner that types is told from a person who types: by pace, by length and by the Enter at the end."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from safelight.qt.bursts import BURST_KEYS, BURST_S, BurstReader, character, is_quick, pressed_at

NONE = Qt.KeyboardModifier.NoModifier
QUICK, SLOW = BURST_S / 4, BURST_S * 2


def pressed(at: float, key: Qt.Key, text: str, modifier: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifier, text)
    event.setTimestamp(round(at * 1000))
    return event


class Keyboard:
    """Types into a reader at a pace, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.reader = BurstReader()

    def press(self, key: Qt.Key, text: str, pace: float, modifier: Qt.KeyboardModifier = NONE) -> str:
        self.now += pace
        return self.reader.take(pressed(self.now, key, text, modifier))

    def type(self, text: str, pace: float = QUICK) -> None:
        for letter in text:
            assert self.press(Qt.Key.Key_A, letter, pace) == "", "only Enter ends it"

    def enter(self, pace: float = QUICK, key: Qt.Key = Qt.Key.Key_Return) -> str:
        return self.press(key, "\r", pace)


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_burst_that_ends_in_enter_is_a_scan(keyboard: Keyboard, key: Qt.Key) -> None:
    keyboard.type("SLATE1:AB")
    assert keyboard.enter(key=key) == "SLATE1:AB"
    assert keyboard.enter() == "", "once"


def test_the_shortest_burst_is_four_keys(keyboard: Keyboard) -> None:
    keyboard.type("ABC")
    assert keyboard.enter() == ""
    keyboard.type("x", SLOW)
    keyboard.type("ABC"[: BURST_KEYS - 1])
    assert keyboard.enter() == "xABC", "the first key of a burst may come after a pause"


def test_somebody_who_types_is_no_scanner(keyboard: Keyboard) -> None:
    keyboard.type("anneliese", SLOW)
    assert keyboard.enter() == ""
    keyboard.type("ABCDEF")
    assert keyboard.enter(SLOW) == "", "Enter was pressed by hand"


def test_what_was_typed_before_is_no_part_of_the_scan(keyboard: Keyboard) -> None:
    keyboard.type("Ada", SLOW)
    keyboard.type("K", SLOW)
    keyboard.type("TRNWF")
    assert keyboard.enter() == "KTRNWF"


def test_keys_that_act_are_no_part_of_it(keyboard: Keyboard) -> None:
    keyboard.type("AB")
    for key, text, modifier in (
        (Qt.Key.Key_Space, " ", NONE),
        (Qt.Key.Key_Shift, "", NONE),
        (Qt.Key.Key_C, "c", Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F, "f", Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Left, "", NONE),
        (Qt.Key.Key_Tab, "\t", NONE),
    ):
        assert character(QKeyEvent(QEvent.Type.KeyPress, key, modifier, text)) == ""
        assert keyboard.press(key, text, QUICK, modifier) == ""
    keyboard.type("CD")
    assert keyboard.enter() == "ABCD"


def test_forgotten_is_gone(keyboard: Keyboard) -> None:
    keyboard.type("KTRNWF")
    keyboard.reader.forget()
    assert keyboard.enter() == ""
    assert "KTRNWF" not in str(vars(keyboard.reader))


def test_a_window_that_is_busy_handles_all_in_one_go_and_still_tells_them_apart() -> None:
    reader = BurstReader()
    typed = [reader.take(pressed(5 + number * SLOW, *each)) for number, each in enumerate(keys("anneliese\r"))]
    assert not any(typed)
    scanned = [reader.take(pressed(9 + number * QUICK, *each)) for number, each in enumerate(keys("SLATE1:AB\r"))]
    assert scanned[-1] == "SLATE1:AB"


def test_an_event_without_a_time_has_the_time_it_is_handled_at() -> None:
    before = time.monotonic()
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE, "a")
    assert before <= pressed_at(event) <= time.monotonic()


def test_the_system_s_time_may_begin_again() -> None:
    assert is_quick(5.0, 5.0 + QUICK)
    assert not is_quick(4_294_967.0, 0.01), "its milliseconds are 32 bits on some systems"


def keys(text: str) -> list[tuple[Qt.Key, str]]:
    return [(Qt.Key.Key_Return if letter == "\r" else Qt.Key.Key_A, letter) for letter in text]
