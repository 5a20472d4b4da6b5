"""Notices that nobody is at the desk any more, that the machine slept, or that its clock was moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from safelight.qt.sleep_watch import SleepWatch

IDLE_MS = 300_000
BEAT_MS = 1_000
JUMP_S = 60.0
"""Wall-clock time ran ahead of the steady clock by so much: the machine slept, or somebody moved its clock."""

Clock = Callable[[], float]


class Absence(QObject):
    """Runs from :meth:`start` on; keys, frames and scans say :meth:`used`."""

    due = Signal()
    """Cover now: five idle minutes, or the system locks."""
    slept = Signal()
    """Cover now, and ask for the passphrase: the machine slept, or its clock jumped."""

    def __init__(self, parent: QObject | None = None, wall: Clock = time.time, steady: Clock = time.monotonic) -> None:
        super().__init__(parent)
        self._wall, self._steady = wall, steady
        self._ahead = 0.0
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.due)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)
        self._bedtime: SleepWatch | None = None

    def start(self) -> None:
        """Somebody is here."""
        if self._bedtime is None:
            from safelight.qt.sleep_watch import SleepWatch  # D-Bus, which a first window need not wait for

            self._bedtime = SleepWatch()
            self._bedtime.due.connect(self._locked)
            self._bedtime.sleeps.connect(self._asleep)
        self._ahead = self._wall() - self._steady()
        self._beat.start()
        self._idle.start()

    def used(self) -> None:
        """Something was done."""
        if self._idle.isActive():
            self._idle.start()

    def rest(self) -> None:
        """The desk is covered: only sleep and the clock are watched."""
        self._idle.stop()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._idle.stop()
        self._beat.stop()

    def look(self) -> None:
        """Compare the two clocks; done every second. A clock that is set back or slewed is taken as it is."""
        ahead = self._wall() - self._steady()
        jumped, self._ahead = ahead - self._ahead > JUMP_S, ahead
        if jumped:
            self.slept.emit()

    def _locked(self) -> None:
        if self._beat.isActive():
            self.due.emit()

    def _asleep(self) -> None:
        if self._beat.isActive():
            self.slept.emit()
