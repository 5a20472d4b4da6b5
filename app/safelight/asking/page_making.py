"""Has the page made that will be signed: it counts only while the answers are still those it was made from."""

from __future__ import annotations

from collections.abc import Callable

from safelight.domain.ceremony import Ceremony, Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Sha256

from .work import Failed, Work

MadePage = tuple[bytes, Sha256]
"""A PDF and its hash."""


class PageMaker:
    """One page at a time. ``now`` tells the ceremony, ``made`` takes a page that fits it, ``changed`` hears of any."""

    def __init__(
        self,
        work: Work,
        make: Callable[[Ceremony], MadePage],
        now: Callable[[], Ceremony],
        made: Callable[[MadePage], None],
        changed: Callable[[], None],
        failed: Failed,
    ) -> None:
        self.making = False
        self._work, self._make, self._now, self._made = work, make, now, made
        self._changed, self._failed = changed, failed
        self._shown: tuple[bytes, Sha256 | None] = (b"", None)
        self._over = False

    @property
    def page(self) -> bytes:
        """The PDF that was shown for exactly the answers of now; empty until it is made."""
        pdf, sha256 = self._shown
        return pdf if sha256 is not None and sha256 == self._now().page else b""

    def keep(self, page: MadePage) -> None:
        """``page`` is the one that is shown."""
        self._shown = page

    def ask(self) -> None:
        """At the review: have the page made that will be signed, unless it is there or under way."""
        asked = self._now()
        due = asked.step is Step.REVIEW and not asked.stopped and not self.page
        if self.making or self._over or not due:
            return  # one under way is compared with the answers as they are when it arrives
        self.making = True

        def came(page: MadePage) -> None:
            self.making = False
            if self._over:
                return
            if self._now() is asked:
                self._made(page)
            else:
                self.ask()
            self._changed()

        def lost(error: SafelightError) -> None:
            self.making = False
            if not self._over:
                self._failed(error, self.ask)

        self._work.run(lambda: self._make(asked), came, lost)

    def forget(self) -> None:
        """Let go of the page; a job that is still under way speaks to nobody."""
        self._over = True
        self._shown = (b"", None)
