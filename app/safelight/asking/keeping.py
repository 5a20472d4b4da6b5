"""How an act of the ceremony is made, kept and followed by its page, with slow work off the GUI thread.

Nothing here outlives the person: ``Flow`` drops the object when they leave, and answers of jobs that come later are
thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from safelight.domain.ceremony import Ceremony, Moment, Step, show_page
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Sha256
from safelight.domain.sitting import Person

from .listeners import Listeners
from .signing_point import Sitting
from .work import Work

BUSY_AFTER_S = 0.3
"""Work that lasts longer than this shows that it goes on."""
Act = Callable[[Ceremony, Moment], Ceremony]
T = TypeVar("T")


class Keeping:
    """The ceremony of one person: every act is kept, the latest wins; every review gets the page of its answers."""

    def __init__(self, sitting: Sitting, person: Person, work: Work, mode: Callable[[], str]) -> None:
        self.changed = Listeners[()]()
        """Show the state again."""
        self.failed = Listeners[SafelightError, Callable[[], None]]()
        """The error, and what tries the same again."""
        self.sitting, self.person, self.ceremony = sitting, person, person.ceremony
        self.busy = self.working = self.paging = False
        self._work, self._mode = work, mode
        self._shown: tuple[bytes, Sha256 | None] = (b"", None)
        self._unkept: Ceremony | None = None
        self._keeping = self._over = False
        self._call_off: Callable[[], None] = _nothing

    @property
    def page(self) -> bytes:
        """The PDF that was shown for exactly these answers; empty until it is made."""
        pdf, sha256 = self._shown
        return pdf if sha256 is not None and sha256 == self.ceremony.page else b""

    def act(self, act: Act) -> None:
        """Do one act, keep the result and show it; an act that does not fit here (a second tap) changes nothing."""
        acted = None if self.working else self.acted(act)
        if acted is not None:
            self.take(acted)
        self.changed.emit()

    def acted(self, act: Act) -> Ceremony | None:
        """What the ceremony would be after ``act`` by whoever's turn it is; None where it is not possible."""
        moment = Moment(self.sitting.now(), self.ceremony.whose_turn, self._mode())
        try:
            return act(self.ceremony, moment)
        except Refused:
            return None

    def take(self, acted: Ceremony) -> None:
        """Go on with ``acted`` and keep it."""
        self.ceremony = acted
        self.keep()
        self.ask_page()

    def keep(self) -> None:
        """Have the ceremony sealed as it is now; of several waiting only the latest is written."""
        self._unkept = self.ceremony
        if not self._keeping:
            self._keep_latest()

    def ask_page(self) -> None:
        """At the review: have the page made that will be signed, and show that very one."""
        due = self.ceremony.step is Step.REVIEW and not self.ceremony.stopped and not self.page
        if self.paging or self._over or not due:
            return  # one under way is compared with the answers as they are when it arrives
        self.paging = True
        asked = self.ceremony

        def made(page: tuple[bytes, Sha256]) -> None:
            self.paging = False
            if self._over:
                return
            if self.ceremony is asked:
                shown = self.acted(lambda now, moment: show_page(now, page[1], moment))
                if shown is not None:
                    self._shown = page
                    self.take(shown)
            else:
                self.ask_page()
            self.changed.emit()

        def lost(error: SafelightError) -> None:
            self.paging = False
            self._lost(error, self.ask_page)

        self._work.run(lambda: self.sitting.page(asked), made, lost)

    def work(self, work: Callable[[], T], succeeded: Callable[[T], None]) -> None:
        """Do ``work`` on a worker; nothing else is accepted until it is done, and after a while that is shown."""
        if self.working:
            return
        self.working = True
        self._call_off = self._work.later(BUSY_AFTER_S, self._show_work)

        def came(result: T) -> None:
            if not self._over:
                self._rest()
                succeeded(result)

        def lost(error: SafelightError) -> None:
            self._rest()
            self._lost(error, lambda: self.work(work, succeeded))

        self._work.run(work, came, lost)

    def drop_unkept(self) -> None:
        """What waits to be kept is out of date: the studio records (or erases) the whole instead."""
        self._unkept = None

    def forget(self) -> None:
        """Let go of everything; jobs that are still under way speak to nobody."""
        self._over = True
        self._call_off()
        for listeners in (self.changed, self.failed):
            listeners.disconnect()
        self._shown = (b"", None)
        self._unkept = None

    def _keep_latest(self) -> None:
        latest, self._unkept = self._unkept, None
        if latest is None or self._over:
            return
        self._keeping = True

        def kept(_: None) -> None:
            self._keeping = False
            self._keep_latest()

        def lost(error: SafelightError) -> None:
            self._keeping = False
            self._lost(error, self.keep)

        self._work.run(lambda: self.sitting.keep(latest), kept, lost)

    def _lost(self, error: SafelightError, again: Callable[[], None]) -> None:
        if not self._over:
            self.failed.emit(error, again)

    def _rest(self) -> None:
        self.working = self.busy = False
        self._call_off()

    def _show_work(self) -> None:
        if self.working and not self._over:
            self.busy = True
            self.changed.emit()


def _nothing() -> None:
    """There is nothing to call off."""
