"""What comes in by hand: with which tool somebody acts, when nobody does, and a scanner that types like a keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QWindow

from safelight.qt.bursts import BurstReader, character

_TOUCH = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd})
_PEN = frozenset({QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease})
_MOUSE = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})
_MOVED = frozenset({QEvent.Type.MouseMove, QEvent.Type.Wheel})
_HEARD = _TOUCH | _PEN | _MOUSE | _MOVED | {QEvent.Type.KeyPress}
_LEAVING = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Back, Qt.Key.Key_Close, Qt.Key.Key_Menu, Qt.Key.Key_F11})
"""Keys that leave a screen elsewhere; here they do nothing (Alt-F4 arrives as a close event as well)."""


class InputWatch(QObject):
    """Listens to every input of one window before anything in it does; other windows of the program go unheard.

    ``keys`` may take a character: True swallows it. Set it to send a scanner's keys to the waiting screen whatever has
    the focus, and to nobody while the screen is covered.
    """

    used = Signal()
    """Somebody is here."""
    scanned = Signal(str)
    """A burst of keys that ended in Enter."""

    def __init__(self) -> None:
        super().__init__()
        self.mode = "touch"
        self.keys: Callable[[str], bool] | None = None
        self._bursts = BurstReader()
        self._window: QWindow | None = None

    def listen(self, window: QWindow) -> None:
        """Hear what the system sends to ``window``: there each input passes once, whatever it is meant for inside."""
        self._window = window
        window.installEventFilter(self)

    def stop(self) -> None:
        """Hear nothing any more."""
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - there is but one
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
            return self._key(event)
        return False

    def forget(self) -> None:
        """Drop what a scanner may have typed."""
        self._bursts.forget()

    def _mouse(self, event: QMouseEvent) -> None:
        if event.source() == Qt.MouseEventSource.MouseEventNotSynthesized:
            touch = event.device().type() == QInputDevice.DeviceType.TouchScreen
            self.mode = "touch" if touch else "mouse"

    def _key(self, event: QKeyEvent) -> bool:
        commands = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in _LEAVING or (event.key() == Qt.Key.Key_F4 and commands):
            return True
        if burst := self._bursts.take(event):
            # A badge shown now must not press whatever button has the focus.
            self.scanned.emit(burst)
            return True
        self.mode = "keyboard"
        typed = character(event)
        return bool(typed) and self.keys is not None and self.keys(typed)
