"""What keys in front of pictures mean, when Enter counts, and when an act asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ASKS_ABOVE = 20
"""An act on more frames than this says how many they are and waits."""

ActOf = Callable[[QKeyEvent], str]
"""The name of the act a key stands for; empty for none."""


class Act(StrEnum):
    """What can be wanted of frames, named as in the table of keys.

    What changes a frame sets something and never switches it back: the same key twice means the same. How a frame is
    looked at (:attr:`only_looks`) is switched on and off.
    """

    RATE_0 = "rate_0"
    RATE_1 = "rate_1"
    RATE_2 = "rate_2"
    RATE_3 = "rate_3"
    RATE_4 = "rate_4"
    RATE_5 = "rate_5"
    PICK = "pick"
    REJECT = "reject"
    UNMARK = "unmark"
    DISCARD = "discard"
    MOVE = "move"
    GROUP = "group"
    WHOLE_SIZE = "whole_size"
    COMPARE = "compare"
    GUIDE = "guide"
    CLIPPING = "clipping"
    PICTURE_ONLY = "picture_only"

    @property
    def rating(self) -> int | None:
        """The stars it gives; None for any other act."""
        return int(self[-1]) if self.startswith("rate_") else None

    @property
    def only_looks(self) -> bool:
        """Whether it changes how one frame is seen, and nothing of the frame."""
        return self in _LOOKS


_LOOKS = frozenset({Act.WHOLE_SIZE, Act.COMPARE, Act.GUIDE, Act.CLIPPING, Act.PICTURE_ONLY})
_NAMES = frozenset(Act)


def act_of_event(event: QKeyEvent, act_of: ActOf) -> Act | None:
    """The act a key stands for here; with Shift, pick and reject take the mark away. None for a key held down."""
    name = "" if event.isAutoRepeat() else act_of(event)
    if name not in _NAMES:
        return None
    act = Act(name)
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return Act.UNMARK if shift and act in (Act.PICK, Act.REJECT) else act


def by_sequences(keys: Mapping[str, QKeySequence]) -> ActOf:
    """What a table from acts to single keys (no Ctrl, Alt or Meta) says of a key."""
    ignored = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier

    def act_of(event: QKeyEvent) -> str:
        pressed = QKeySequence(event.key())
        same = (act for act, each in keys.items() if each.matches(pressed) == QKeySequence.SequenceMatch.ExactMatch)
        return "" if event.modifiers() & ~ignored else next(same, "")

    return act_of


class EnterPause:
    """Whether Enter is meant: not within 300 ms of another key, when it may be the end of something else typed."""

    def __init__(self, seconds: float = 0.3) -> None:
        self._seconds = seconds
        self._last = float("-inf")

    def pressed(self, now: float) -> None:
        """Another key than Enter was pressed at ``now`` (seconds of a clock that only goes forward)."""
        self._last = now

    def allows(self, now: float) -> bool:
        """Whether an Enter at ``now`` counts."""
        return now - self._last >= self._seconds
