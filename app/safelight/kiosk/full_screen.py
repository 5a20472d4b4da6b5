"""Brings the signing screen back when it was minimised, by a gesture or by "show desktop", or made smaller."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

BACK_MS = 300
"""So long after it went; a window manager that insists is not argued with more often."""


class FullScreen(QObject):
    """Keeps one window full screen for as long as ``wanted`` says so; a window that was closed stays closed."""

    def __init__(self, window: QWidget, wanted: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._wanted = window, wanted
        self._soon = QTimer(self, singleShot=True, interval=BACK_MS)
        self._soon.timeout.connect(self._bring_back)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - there is but one
        if event.type() == QEvent.Type.WindowStateChange and self._is_away():
            self._soon.start()
        return False

    def _is_away(self) -> bool:
        return self._window.isMinimized() or not self._window.isFullScreen()

    def _bring_back(self) -> None:
        if not self._is_away() or not self._wanted():
            return
        self._window.setWindowState(Qt.WindowState.WindowFullScreen)
        if QApplication.activeWindow() is None:  # whoever works in another window of the program goes on typing there
            self._window.activateWindow()
