"""Does one thing after the other, each in a turn of the window of its own: keys are heard and painted in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

BETWEEN_MS = 5
"""A timer, and no posted event: several of those are taken in one turn."""


class Turns(QObject):
    """Steps that are to be done on the window's thread and take their time, each well below 50 ms."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: deque[Callable[[], None]] = deque()
        self._soon = QTimer(self, singleShot=True, interval=BETWEEN_MS)
        self._soon.timeout.connect(self._take)

    def add(self, *steps: Callable[[], None]) -> None:
        """Do ``steps`` after all that was added before."""
        self._steps.extend(steps)
        if self._steps and not self._soon.isActive():
            self._soon.start()

    def stop(self) -> None:
        """Do nothing of what was added and not done yet."""
        self._steps.clear()
        self._soon.stop()

    def _take(self) -> None:
        step = self._steps.popleft()
        if self._steps:
            self._soon.start()
        step()
