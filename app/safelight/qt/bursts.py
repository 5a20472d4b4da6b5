"""Tells a badge scanner that types like a keyboard from somebody who types: by pace, and by the Enter at its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
BURST_S = 0.06
"""A scanner leaves less than this between two characters; nobody types so fast."""
BURST_KEYS = 4


class BurstReader:
    """Is shown every key of a window in turn, and keeps no more than the burst that is being typed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._burst = ""
        self._last = float("-inf")

    def take(self, event: QKeyEvent) -> str:
        """The text that a scanner typed when this key is the Enter that ends it, else nothing."""
        now = self._clock()
        quick, self._last = now - self._last < BURST_S, now
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
