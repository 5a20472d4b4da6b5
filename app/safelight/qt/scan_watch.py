"""Keeps a scanner that types like a keyboard apart from people: what it types reaches no field, list or button.

Every character is held back until 60 ms have passed without another one. A burst that ends in Enter is a scan; all else
goes on to where it was meant for, in its order.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from .bursts import BURST_KEYS, BURST_S, character, is_quick, pressed_at

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_TOUCHES = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin, *_KEYS}
)
WITHOUT_ENTER = 12
"""So many characters at a scanner's pace are a scan although no Enter ends them: some scanners send none."""


class ScanWatch(QObject):
    """Listens to the windows it is given, and to no other window of the program."""

    scanned = Signal(str)
    """What a scanner typed, without its Enter."""
    used = Signal()
    """A key, the mouse or a finger: somebody is here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held: list[tuple[QWindow, QKeyEvent]] = []
        self._text = ""
        self._last = float("-inf")
        self._due = 0.0
        self._sends = False
        self._swallow_release = False
        self._pause = QTimer(self, singleShot=True, interval=round(BURST_S * 1000))
        self._pause.timeout.connect(self._paused)

    def listen(self, window: QWindow) -> None:
        """Hear ``window`` too: there each key passes once, whatever it is meant for inside."""
        window.installEventFilter(self)

    def forget(self) -> None:
        """Drop what may have been typed so far."""
        self._held.clear()
        self._text = ""
        self._pause.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._sends or kind not in _TOUCHES:
            return False
        self.used.emit()
        if isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            return self._pressed(watched, event) if kind == QEvent.Type.KeyPress else self._released(watched, event)
        return False

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        now = pressed_at(event)
        quick, self._last = is_quick(self._last, now), now
        if event.key() in _ENTER:
            burst = self._text if quick else ""
            if len(burst) >= BURST_KEYS:
                self._scan(burst)
                self._swallow_release = True
                return True
            self._let_go()
            return False
        if event.key() == Qt.Key.Key_Shift:
            return False  # part of a capital, on its own it says nothing
        typed = "" if event.isAutoRepeat() else character(event)
        if not typed:
            self._let_go()
            return False
        if not quick:
            self._let_go()
        self._text += typed
        self._held.append((window, event.clone()))
        self._pause.start()
        self._due = time.monotonic() + BURST_S
        return True

    def _released(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _ENTER:
            swallow, self._swallow_release = self._swallow_release, False
            return swallow
        if any(held.key() == event.key() for _, held in self._held):
            self._held.append((window, event.clone()))
            return True
        return False

    def _paused(self) -> None:
        if time.monotonic() - self._due > BURST_S / 2:
            # The window was busy: the rest of a burst may stand in line behind this timer. It is waited for once.
            self._pause.start()
            self._due = float("inf")
        elif len(self._text) >= WITHOUT_ENTER:
            self._scan(self._text)
        else:
            self._let_go()

    def _scan(self, text: str) -> None:
        self.forget()
        self.scanned.emit(text)

    def _let_go(self) -> None:
        """It was a person: what they typed arrives, in its order."""
        held, self._held, self._text = self._held, [], ""
        self._pause.stop()
        self._sends = True
        try:
            for window, event in held:
                QCoreApplication.sendEvent(window, event)
        finally:
            self._sends = False
