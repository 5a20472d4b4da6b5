"""What the export screen shows, as frozen rows: who can be chosen, what would leave, what stays and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight.domain.ids import Country, PhotoGuid, RecipientId, ScopeId


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """Somebody pictures can go to; without a card (``keyed`` is false) nothing can be encrypted to them."""

    id: RecipientId
    name: str
    country: Country
    told: str
    keyed: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be asked for: recipients, the newest business first; uses and countries with what they are called."""

    recipients: tuple[RecipientRow, ...]
    uses: tuple[tuple[ScopeId, str], ...]
    countries: tuple[tuple[Country, str], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen; nothing can be looked at before a recipient and a use are."""

    recipient: RecipientId | None = None
    uses: tuple[ScopeId, ...] = ()
    place: Country | None = None

    @property
    def whole(self) -> bool:
        """Whether an export could be asked for it."""
        return self.recipient is not None and bool(self.uses) and self.place is not None


@dataclass(frozen=True, slots=True)
class StayGroup:
    """Photos that stay for one reason: how many, whose, and the screen on which it can be mended (empty: nowhere)."""

    key: str
    title: str
    people: tuple[str, ...]
    mend: str
    screen: str = ""
    mend_words: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the export would do: photos that leave with the names on them, groups that stay, and what to know before."""

    leaving: tuple[PhotoGuid, ...] = ()
    names: Mapping[PhotoGuid, str] = field(default_factory=dict)
    staying: int = 0
    groups: tuple[StayGroup, ...] = ()
    warnings: tuple[str, ...] = ()
    size: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A bundle that was written: what the ledger says of it, and six words to compare with the agency."""

    told: str
    file: str
    words: str
