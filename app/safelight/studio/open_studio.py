"""The open studio: archive, keys, rules and clock in one value that every verb is given."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType

from safelight.documents.rules import Rules
from safelight.domain.clock import dated, is_believed, ratchet
from safelight.domain.days import NO_ZONE, PlaceTime
from safelight.domain.errors import Malformed
from safelight.domain.people import Studio
from safelight.domain.session import Session
from safelight.keys.certificates import DocumentSigner
from safelight.keys.master import MasterKey
from safelight.keys.secrets import StudioSecrets
from safelight.keys.signing import SigningKey
from safelight.settings.zones import is_zone, offset_minutes
from safelight.storage.archive import Archive
from safelight.storage.clock import Acknowledge as Acknowledge
from safelight.storage.clock import Clock as Clock
from safelight.storage.clock import acknowledge_nobody as acknowledge_nobody
from safelight.storage.clock import milliseconds
from safelight.storage.clock import new_id as new_id
from safelight.storage.clock import system_clock as system_clock
from safelight.storage.vault import ClockAhead
from safelight.studio.waiting_reads import WaitingReads

AUTHORITY = "authority"
"""Setting: the supervisory authority by name, or the code of a region that has its own (``DE-BE``)."""
TIME_AUTHORITY = "time-authority"
"""Setting: the address of an RFC 3161 authority that stamps receipts (PAdES B-T); without it nothing is contacted."""


class _Latest:
    """The latest time that was told; from several threads at once."""

    def __init__(self) -> None:
        self._ms, self._turn = 0, threading.Lock()

    def after(self, ms: int) -> int:
        """``ms``, or the latest time there was if that is later."""
        with self._turn:
            self._ms = max(self._ms, ms)
            return self._ms


@dataclass(frozen=True, slots=True)
class OpenStudio:
    """A studio unlocked in this process. Close it, or use it in a ``with`` statement; the lock goes with it."""

    identity: Studio
    archive: Archive
    master: MasterKey
    secrets: StudioSecrets
    rules: Rules
    signer: SigningKey
    documents: DocumentSigner = field(repr=False)
    clock: Clock = system_clock
    acknowledge: Acknowledge = acknowledge_nobody
    waiting_reads: WaitingReads = field(default_factory=WaitingReads, init=False, repr=False, compare=False)
    """Who looked at whom, as far as the journal does not say it yet (``read_audit``)."""
    _latest: _Latest = field(default_factory=_Latest, init=False, repr=False, compare=False)

    def now(self) -> datetime:
        """The time to decide and write by; it never runs behind what the archive has already seen."""
        return ratchet(self.clock(), self.archive.newest_seen()).at

    def now_believed(self) -> datetime:
        """As :meth:`now`, for what leaves with that date; :class:`ClockAhead` where nothing would be written by it."""
        now, newest = self.now(), self.archive.newest_seen()
        if not is_believed(now, newest):
            raise ClockAhead(now, newest, self.archive.folder.noun)
        return now

    def now_seen(self) -> datetime:
        """As :meth:`now`, but the newest time seen where the clock is not believed: for what must be written even then.

        That is what carries no date of its own for anybody: how often somebody guessed.
        """
        return dated(self.clock(), self.archive.newest_seen())

    def now_ms(self) -> int:
        """The time in milliseconds since 1970 (UTC), to say what was before what within a second.

        Like :meth:`now` it never runs back: a frame that came in after a switch must not seem to be of before it.
        """
        return self._latest.after(milliseconds(self.clock))

    def not_before(self, ms: int) -> None:
        """:meth:`now_ms` is no earlier than this from now on: so much was told before this program began."""
        self._latest.after(ms)

    def clock_set_back(self) -> bool:
        """Whether the machine's clock shows clearly less than what was already seen."""
        return ratchet(self.clock(), self.archive.newest_seen()).set_back

    def clock_ahead(self) -> bool:
        """Whether the machine's clock shows more than is believed: nothing is written then."""
        return ratchet(self.clock(), self.archive.newest_seen()).ahead

    def today(self) -> date:
        """The day of :meth:`now` (UTC)."""
        return self.now().date()

    def now_at(self, session: Session) -> PlaceTime:
        """:meth:`now` as the clocks at the place of ``session`` show it."""
        return self.place_time(self.now(), session)

    def place_time(self, at: datetime, session: Session) -> PlaceTime:
        """``at`` as the clocks at the place of ``session`` show it; without a zone they show UTC."""
        zone = session.zone or NO_ZONE
        if not is_zone(zone):
            raise Malformed(f"The session '{session.name}' is in a time zone nobody knows.", "Nothing was changed.")
        return PlaceTime(at, zone, offset_minutes(zone, at))

    def authority(self, language: str) -> str:
        """Whom people who read ``language`` can complain to about this studio; empty where the rules know nobody.

        As it was founded: a region's authority by code, another one by name; else the one of the studio's country.
        """
        named = self.archive.studio.setting(AUTHORITY) or ""
        places = self.rules.jurisdictions
        found = places.regions.get(named)
        if found is None and not named:
            found = places.of(self.identity.country).authority
        return found.told_in(language) if found is not None else named

    def __enter__(self) -> OpenStudio:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()
