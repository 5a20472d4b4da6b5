"""What an agency's catalogue takes and gives: trusted studios, bundles, photos, and the records they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from safelight.domain.choice import Grant
from safelight.domain.consent import EventKind
from safelight.domain.ids import (
    AgencyId,
    BundleId,
    Country,
    PhotoGuid,
    ReceiptId,
    RecordId,
    ScopeId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.later import ADDED_LATER
from safelight.domain.record import FIRST_LIST, StatusPosition
from safelight.domain.seen import Seen
from safelight.domain.term import Territory
from safelight.storage.rows import FileId


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency itself, as its card shows it."""

    id: AgencyId
    name: str
    country: Country
    contact: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class TrustedStudio:
    """A studio that is trusted: the key its bundles must be signed with, and the card it came from (exact bytes).

    ``former_keys`` are the keys it was trusted by before, or that vouched for its card: what they signed in their time
    stays signed, but no bundle comes in by them any more.
    """

    studio: StudioId
    name: str
    ssh_public_key: str
    card_issued_at: datetime
    card: bytes = field(repr=False)
    former_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingOfList:
    """All that one status list of a studio ever said: each bit once set stays set, and the newest period counts.

    ``bits`` holds entry 0 in the leftmost bit of its first byte; ``number`` counts the studio's lists from 1.
    """

    studio: StudioId
    valid_from: datetime
    valid_until: datetime
    bits: bytes = field(repr=False)
    number: int = FIRST_LIST

    def ended(self, index: int) -> bool:
        """Whether the record with this index has ended; an index outside the list counts as ended."""
        if not 0 <= index < len(self.bits) * 8:
            return True
        return bool(self.bits[index // 8] & (0x80 >> (index % 8)))

    def count(self) -> int:
        """How many bits are set."""
        return int.from_bytes(self.bits, "big").bit_count()

    def joined(self, other: StandingOfList) -> StandingOfList:
        """Both together, the same in whichever order lists arrive; of two made at once the sooner end counts."""
        newer = max(self, other, key=lambda each: (each.valid_from, -each.valid_until.timestamp()))
        longest = max(len(self.bits), len(other.bits))
        mine, theirs = (int.from_bytes(each.bits.ljust(longest, b"\0"), "big") for each in (self, other))
        bits = (mine | theirs).to_bytes(longest, "big")
        return StandingOfList(self.studio, newer.valid_from, newer.valid_until, bits, self.number)


@dataclass(frozen=True, slots=True)
class StandingOfStudio:
    """What all status lists of one studio said, by their number; each vouches for its own records and its own period.

    There is at least one.
    """

    lists: Mapping[int, StandingOfList]

    @property
    def valid_until(self) -> datetime:
        """Until when every list vouches."""
        return min(each.valid_until for each in self.lists.values())

    def vouched_until(self, numbers: Iterable[int] = ()) -> date | None:
        """The last day these lists (none named: all) vouch for; None when one of them was never seen."""
        named = set(numbers)
        if not named <= self.lists.keys():
            return None
        return min(self.lists[each].valid_until for each in named or self.lists).date()

    def count(self) -> int:
        """How many bits are set."""
        return sum(each.count() for each in self.lists.values())


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """A bundle that was taken in; ``sequence`` is the studio's own count of its bundles for this agency."""

    id: BundleId
    studio: StudioId
    sequence: int
    created_at: datetime
    imported_at: datetime
    manifest_sha256: Sha256
    uses: tuple[ScopeId, ...]
    rules: str
    photos: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One photo in one bundle: everybody on it, the records it came under, and how the bundle narrows them.

    ``seen`` says of each of ``records``, in their order, how its signing is about the photo; None in bundles of before
    that was stated.
    """

    bundle: BundleId
    sequence: int
    created_at: datetime
    subjects: tuple[SubjectId, ...]
    records: tuple[RecordId, ...]
    territory: Territory | None
    seen: tuple[Seen, ...] | None = field(default=None, metadata=ADDED_LATER)

    @property
    def order(self) -> tuple[int, datetime]:
        """Deliveries by age: the later is the greater."""
        return self.sequence, self.created_at


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo as the newest bundle brought it; ``sidecars`` are the files beside it by their place in the bundle.

    ``image_sha256`` covers the image data alone. ``deliveries`` are all bundles it came in, in the order they were
    imported. ``withheld`` stops every use, whatever records say. ``deleted_at``: picture and keys were destroyed then;
    row, records and proof stay.
    """

    guid: PhotoGuid
    studio: StudioId
    bundle: BundleId
    media_type: str
    image_hash_kind: str
    image_sha256: Sha256
    path: str
    member_sha256: Sha256
    file: FileId
    sidecars: tuple[tuple[str, ...], ...]
    deliveries: tuple[Delivery, ...]
    withheld: bool = False
    deleted_at: datetime | None = field(default=None, metadata=ADDED_LATER)

    @property
    def files(self) -> tuple[str, ...]:
        """The picture and what lies beside it."""
        return (self.file, *(file for _, file in self.sidecars))


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One disclosed answer of one person, with what of its receipt decides.

    ``status_index`` is its place in the studio's list ``status_list`` (None: the first one).
    ``person`` is the pseudonym of its receipt, ``subject_key`` the fingerprint of the one-time key that signed it in
    the person's name: it cannot sign again, so a receipt that comes back under another key was made anew.
    """

    id: RecordId
    receipt: ReceiptId
    studio: StudioId
    person: SubjectId
    subject_key: str
    scope: ScopeId
    kind: EventKind
    at: datetime
    grant: Grant | None
    last_day: date | None
    review_due: date | None
    sleeps_after: date | None
    status_index: int
    signed_as_minor: bool
    adult_on: date | None
    day: date | None = None
    """The day of ``at`` at the place of signing; None counts by UTC."""
    status_list: int | None = field(default=None, metadata=ADDED_LATER)

    @property
    def status_position(self) -> StatusPosition:
        """Where the studio's lists say whether the record has ended."""
        return StatusPosition(self.status_list or FIRST_LIST, self.status_index)
