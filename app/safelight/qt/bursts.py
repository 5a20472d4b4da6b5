"""Tells a badge scanner that types like a keyboard from somebody who types: by pace, and by the Enter at its end."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
BURST_S = 0.06
"""A scanner leaves less than this between two characters; nobody types so fast."""
BURST_KEYS = 4


class BurstReader:
    """Is shown every key of a window in turn, and keeps no more than the burst that is being typed."""

    def __init__(self) -> None:
        self._burst = ""
        self._last = float("-inf")

    def take(self, event: QKeyEvent) -> str:
        """The text that a scanner typed when this key is the Enter that ends it, else nothing."""
        now = pressed_at(event)
        quick, self._last = is_quick(self._last, now), now
        if event.key() in _ENTER:
            burst, self._burst = self._burst if quick else "", ""
            return burst if len(burst) >= BURST_KEYS else ""
        if typed := character(event):
            self._burst = self._burst + typed if quick else typed
        return ""

    def forget(self) -> None:
        """Drop what may have been typed so far."""
        self._burst = ""


def character(event: QKeyEvent) -> str:
    """What a key writes; nothing for a space, for keys that act, and together with Ctrl or Alt."""
    text = event.text()
    writes = text.isprintable() and event.key() != Qt.Key.Key_Space and not event.modifiers() & _COMMANDS
    return text if writes else ""


def pressed_at(event: QKeyEvent) -> float:
    """When the key was pressed, in seconds of a clock of which only differences mean anything.

    The system's own time of the event (milliseconds), since a window that was busy handles what a person typed
    meanwhile in one go, and would take it for a scanner; for an event that has none, when it is handled.
    """
    at = event.timestamp()
    return at / 1000 if at else time.monotonic()


def is_quick(before: float, now: float) -> bool:
    """Whether two keys followed each other as a scanner's do; not where the system's time began again at 0."""
    return 0 <= now - before < BURST_S
