"""The workers of the signing screen as the asking wants them: slow work, and something called later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from safelight.domain.errors import SafelightError
from safelight.qt.jobs import Jobs

T = TypeVar("T")


class Workers(QObject):
    """Hands work to ``Jobs``; what is due later comes from the event loop of the same thread."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._jobs = jobs

    def run(
        self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Callable[[SafelightError], None]
    ) -> None:
        """Do ``work`` on a worker, then call one of the two on this thread."""
        self._jobs.run(work, succeeded, failed)

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call ``call`` after so long; returns what calls it off."""
        waiting = [QTimer(self, singleShot=True, interval=round(seconds * 1000))]

        def call_off() -> None:
            while waiting:
                timer = waiting.pop()
                timer.stop()
                timer.deleteLater()

        def due() -> None:
            call_off()
            call()

        waiting[0].timeout.connect(due)
        waiting[0].start()
        return call_off
