"""The open agency: catalogue, keys, rules and clock in one value that every verb is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType

from safelight.agency.standings import Standings
from safelight.documents.rules import Rules
from safelight.domain.clock import dated, ratchet
from safelight.domain.ids import RecipientId
from safelight.keys.secrets import OrganisationSecrets
from safelight.keys.signing import SigningKey
from safelight.storage.catalogue import PhotoCatalogue
from safelight.storage.catalogue_rows import Agency
from safelight.storage.clock import Acknowledge, Clock, acknowledge_nobody, system_clock


@dataclass(frozen=True, slots=True)
class OpenAgency:
    """An agency unlocked in this process. Close it, or use it in a ``with`` statement; the lock goes with it."""

    identity: Agency
    catalogue: PhotoCatalogue
    secrets: OrganisationSecrets
    rules: Rules
    signer: SigningKey
    recipient: RecipientId
    standings: Standings = field(repr=False)
    clock: Clock = system_clock
    acknowledge: Acknowledge = acknowledge_nobody

    def now(self) -> datetime:
        """The time to decide and write by; it never runs behind what was already seen, in bundles or here."""
        return ratchet(self.clock(), self.catalogue.newest_seen()).at

    def dated(self, *told: datetime) -> datetime:
        """The time to write down, after what trusted studios have ``told``: a clock that is not believed moves nothing.

        Questions are answered all the same, by what the clock shows: too early a no is safe.
        """
        return dated(self.clock(), self.catalogue.newest_seen(), *told)

    def clock_ahead(self) -> bool:
        """Whether the machine's clock shows more than is believed."""
        return ratchet(self.clock(), self.catalogue.newest_seen()).ahead

    def clock_set_back(self) -> bool:
        """Whether the machine's clock shows clearly less than what was already seen."""
        return ratchet(self.clock(), self.catalogue.newest_seen()).set_back

    def today(self) -> date:
        """The day of :meth:`now` (UTC)."""
        return self.now().date()

    def __enter__(self) -> OpenAgency:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.catalogue.close()
