"""The one piece of work somebody waits for: nothing else is accepted meanwhile, and after a while it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from safelight.domain.errors import SafelightError

from .work import Failed, Work

BUSY_AFTER_S = 0.3
"""Work that lasts longer than this shows that it goes on."""
T = TypeVar("T")


class PendingWork:
    """Does one thing at a time; ``changed`` is called when it has taken so long that people should see it."""

    def __init__(self, work: Work, changed: Callable[[], None], failed: Failed) -> None:
        self.working = self.busy = False
        self._work, self._changed, self._failed = work, changed, failed
        self._over = False
        self._call_off: Callable[[], None] = _nothing

    def run(self, work: Callable[[], T], succeeded: Callable[[T], None]) -> None:
        """Do ``work`` on a worker, then ``succeeded``; a second one is not accepted until then."""
        if self.working:
            return
        self.working = True
        self._call_off = self._work.later(BUSY_AFTER_S, self._show)

        def came(result: T) -> None:
            if not self._over:
                self._rest()
                succeeded(result)

        def lost(error: SafelightError) -> None:
            if not self._over:
                self._rest()
                self._failed(error, lambda: self.run(work, succeeded))

        self._work.run(work, came, lost)

    def forget(self) -> None:
        """Let go of everything; a job that is still under way speaks to nobody."""
        self._over = True
        self._rest()

    def _rest(self) -> None:
        self.working = self.busy = False
        call_off, self._call_off = self._call_off, _nothing
        call_off()

    def _show(self) -> None:
        self._call_off = _nothing
        if self.working:
            self.busy = True
            self._changed()


def _nothing() -> None:
    """There is nothing to call off."""
