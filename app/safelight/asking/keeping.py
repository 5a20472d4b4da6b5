"""Seals what somebody has answered so far, in order: of several answers that wait only the latest is written."""

from __future__ import annotations

from collections.abc import Callable

from safelight.domain.ceremony import Ceremony
from safelight.domain.errors import SafelightError

from .work import Failed, Work


class Keeper:
    """Keeps the ceremony of one person. What was not written because of an error waits until it is tried again."""

    def __init__(self, work: Work, seal: Callable[[Ceremony], None], failed: Failed) -> None:
        self._work, self._seal, self._failed = work, seal, failed
        self._unkept: Ceremony | None = None
        self._sealing = self._dropped = self._over = False

    def keep(self, ceremony: Ceremony) -> None:
        """Have ``ceremony`` sealed instead of whatever still waits."""
        self._unkept, self._dropped = ceremony, False
        self._seal_latest()

    def drop(self) -> None:
        """What waits is out of date: the studio records (or erases) the whole instead.

        What is being sealed now may fail then: nobody would try it again, or an old draft would come back.
        """
        self._unkept, self._dropped = None, True

    def forget(self) -> None:
        """Let go of everything; a job that is still under way speaks to nobody."""
        self._over = True
        self._unkept = None

    def _seal_latest(self) -> None:
        latest = self._unkept
        if latest is None or self._sealing or self._over:
            return
        self._unkept, self._sealing = None, True

        def kept(_: None) -> None:
            self._sealing = False
            self._seal_latest()

        def lost(error: SafelightError) -> None:
            self._sealing = False
            if not (self._dropped or self._over):
                self._unkept = self._unkept or latest
                self._failed(error, self._seal_latest)

        self._work.run(lambda: self._seal(latest), kept, lost)
