"""What comes in by hand: with which tool somebody acts, when nobody does, and a scanner that types like a keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

_TOUCH = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd})
_PEN = frozenset({QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease})
_MOUSE = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})
_MOVED = frozenset({QEvent.Type.MouseMove, QEvent.Type.Wheel})
_HEARD = _TOUCH | _PEN | _MOUSE | _MOVED | {QEvent.Type.KeyPress}
_LEAVING = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Back, Qt.Key.Key_Close, Qt.Key.Key_Menu, Qt.Key.Key_F11})
"""Keys that leave a screen elsewhere; here they do nothing (Alt-F4 arrives as a close event as well)."""
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
BURST_S = 0.06
"""A scanner leaves less than this between two characters; nobody types so fast."""
BURST_KEYS = 4


class Hands(QObject):
    """Listens to every input of the window before anything else does.

    ``keys`` may take a character (or "" for Enter after a burst): True swallows it. Set it to send a scanner's keys to
    the waiting screen whatever has the focus, and to nobody while the screen is covered.
    """

    used = Signal()
    """Somebody is here."""
    scanned = Signal(str)
    """A burst of keys that ended in Enter."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.mode = "touch"
        self.keys: Callable[[str], bool] | None = None
        self._clock = clock
        self._burst = ""
        self._last = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _HEARD:
            return False
        self.used.emit()
        if kind in _TOUCH:
            self.mode = "touch"
        elif kind in _PEN:
            self.mode = "pen"
        elif kind in _MOUSE and isinstance(event, QMouseEvent):
            self._mouse(event)
        elif isinstance(event, QKeyEvent):
            return _meant_for(watched) and self._key(event)
        return False

    def forget(self) -> None:
        """Drop what a scanner may have typed."""
        self._burst = ""

    def _mouse(self, event: QMouseEvent) -> None:
        if event.source() == Qt.MouseEventSource.MouseEventNotSynthesized:
            touch = event.device().type() == QInputDevice.DeviceType.TouchScreen
            self.mode = "touch" if touch else "mouse"

    def _key(self, event: QKeyEvent) -> bool:
        key, text = event.key(), event.text()
        alone = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if key in _LEAVING or (key == Qt.Key.Key_F4 and not alone):
            return True
        now = self._clock()
        quick, self._last = now - self._last < BURST_S, now
        if key in _ENTER:
            burst, self._burst = self._burst if quick else "", ""
            if len(burst) >= BURST_KEYS:
                # A badge shown now must not press whatever button has the focus.
                self.scanned.emit(burst)
                return True
        elif text.isprintable() and text and alone and key != Qt.Key.Key_Space:
            self._burst = self._burst + text if quick else text
            self.mode = "keyboard"
            return self.keys is not None and self.keys(text)
        self.mode = "keyboard"
        return False


def _meant_for(watched: QObject) -> bool:
    """A key passes the window, what has the focus and, unused, everything around that; it counts once."""
    if not isinstance(watched, QWidget):
        return False
    window = watched.window()
    focus = cast("QWidget | None", window.focusWidget())  # the stubs forget that nothing may have it
    return watched is (window if focus is None else focus)
