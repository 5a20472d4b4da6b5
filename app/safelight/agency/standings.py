"""What the catalogue says about a photo, in the shape ``may`` asks for; worked out once per photo, then remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice

from safelight.documents.withdrawal_notices import Ended, PhotoState
from safelight.domain.consent import STATUS_AFTER, ConsentState, Status
from safelight.domain.ids import PhotoGuid, RecordId, ScopeId, StudioId
from safelight.domain.seen import Seen
from safelight.domain.usage import ConsentSnapshot
from safelight.storage.catalogue import PhotoCatalogue
from safelight.storage.catalogue_rows import Delivery, KeptPhoto, KeptRecord, StandingOfStudio, TrustedStudio
from safelight.storage.digests import STUDIO, Difference, Untrue
from safelight.storage.watched import CATALOGUE

_MOST_KEPT = 50_000
"""So many photos are kept in memory (some 3 KB each), or as many as were asked for at once."""
RESTS_ON = ("pin", "status", "ended_record", "photo_notice")
"""The tables an answer rests on, beside the rows of its photo."""
PAGE = 10_000
"""So many photos are best asked for at once."""
_NOBODY = ConsentSnapshot({})


@dataclass(frozen=True, slots=True)
class DeliveredPhoto:
    """One delivery of a photo: per use, what everybody on it said; somebody without an answer holds nothing."""

    delivery: Delivery
    photo: KeptPhoto
    standing: StandingOfStudio | None
    records: Mapping[ScopeId, tuple[KeptRecord, ...]]
    known: dict[RecordId, ConsentSnapshot] = field(repr=False)
    """What the records say, worked out once for all photos of a person."""
    ended: Mapping[RecordId, Ended] = field(repr=False)
    """Which records the studio's notices ended, and why."""
    _asked: dict[ScopeId, tuple[ConsentSnapshot, ...]] = field(default_factory=dict, repr=False)

    def asked(self, use: ScopeId) -> tuple[ConsentSnapshot, ...]:
        """One snapshot per person on the photo; worked out when a use is first asked about, as most never are.

        Each record is one person's answer, and the people are as many as named. Fewer answers than people: the others
        hold nothing. More: every one of them must allow it.
        """
        found = self._asked.get(use)
        if found is None:
            answers = tuple(self._snapshot(each) for each in self.records.get(use, ()))
            people = len(set(self.delivery.subjects)) if answers else max(1, len(self.delivery.subjects))
            found = self._asked[use] = answers + (self._stopped(_NOBODY),) * (people - len(answers))
        return found

    @property
    def seen(self) -> Mapping[RecordId, Seen]:
        """How the signing behind each record is about the photo; empty in deliveries of before that was stated."""
        return dict(zip(self.delivery.records, self.delivery.seen or (), strict=self.delivery.seen is not None))

    def vouched_until(self, use: ScopeId | None = None) -> date | None:
        """The last day that the lists of its records (of ``use`` alone, if given) vouch for; None without a list."""
        if self.standing is None:
            return None
        rests_on = chain.from_iterable(self.records.values()) if use is None else self.records.get(use, ())
        return self.standing.vouched_until(each.status_position.list for each in rests_on)

    def _snapshot(self, record: KeptRecord) -> ConsentSnapshot:
        found = self.known.get(record.id)
        if found is None:
            found = self.known[record.id] = _snapshot(record, self.standing, self.ended.get(record.id))
        return self._stopped(found)

    def _stopped(self, person: ConsentSnapshot) -> ConsentSnapshot:
        return replace(person, withheld=frozenset({self.photo.guid})) if self.photo.withheld else person


@dataclass(frozen=True, slots=True)
class PhotoStanding:
    """A photo with the deliveries that count, newest first, and the ids other studios gave the same picture."""

    photo: KeptPhoto
    delivered: tuple[DeliveredPhoto, ...]
    twins: tuple[PhotoGuid, ...] = ()


class Standings:
    """Reads photos in batches and remembers them until something in the catalogue changes, whoever changes it."""

    def __init__(self, catalogue: PhotoCatalogue) -> None:
        self._catalogue = catalogue
        self._written = 0
        self._photos: dict[PhotoGuid, PhotoStanding | None] = {}
        self._studios: dict[StudioId, StandingOfStudio | None] = {}
        self._trusted: dict[StudioId, TrustedStudio | None] = {}
        self._known: dict[StudioId, dict[RecordId, ConsentSnapshot]] = {}

    def forget(self) -> None:
        """Read everything anew from now on."""
        self._photos.clear()
        self._studios.clear()
        self._trusted.clear()
        self._known.clear()

    def load(self, guids: Iterable[PhotoGuid]) -> None:
        """Read these photos at once, which is much faster than one by one; all of them are in memory afterwards."""
        written = self._catalogue.written_by_others()
        if written != self._written:
            self.forget()
            self._written = written
        asked = list(dict.fromkeys(guids))
        missing = [each for each in asked if each not in self._photos]
        if not missing:
            return
        # The same pictures from other studios are asked about together with these.
        found = self._catalogue.received.with_same_pictures(missing)
        photos = self._with_notices({kept.guid: kept for _, kept in found})
        self._catalogue.rely_on(RESTS_ON, {tag for tag, _ in found})
        if not photos.keys() >= set(missing):
            self._catalogue.rely_on_everything()
        self._make_room(len(photos), {*asked, *photos})
        wanted = dict.fromkeys(one for kept in photos.values() for made in kept.deliveries for one in made.records)
        records = self._catalogue.received.records(list(wanted))
        ended = self._ended(records)
        if len(records) < len(wanted):
            raise Untrue(Difference("record", STUDIO, len(records) - len(wanted), CATALOGUE))
        twins = _twins(found)
        for guid, kept in photos.items():
            standing = self.of_studio(kept.studio)
            known = self._known.setdefault(kept.studio, {})
            delivered = []
            for each in _counting(kept.deliveries):
                disclosed = _by_use(records[one] for one in each.records)
                delivered.append(DeliveredPhoto(each, kept, standing, disclosed, known, ended))
            self._photos[guid] = PhotoStanding(kept, tuple(delivered), twins[guid])
        for guid in missing:
            self._photos.setdefault(guid, None)

    def _with_notices(self, photos: Mapping[PhotoGuid, KeptPhoto]) -> dict[PhotoGuid, KeptPhoto]:
        """The photos, withheld where the notices of their studio say so."""
        found = dict(photos)
        for guid, said in self._catalogue.notices.photos.of(list(photos)).items():
            kept = photos[PhotoGuid(guid)]
            if any(each.studio == kept.studio and each.state is PhotoState.WITHHELD for each in said):
                found[kept.guid] = replace(kept, withheld=True)
        return found

    def _ended(self, records: Mapping[RecordId, KeptRecord]) -> dict[RecordId, Ended]:
        found: dict[RecordId, Ended] = {}
        for id, said in self._catalogue.notices.ended.of(list(records)).items():
            record = records[RecordId(id)]
            told = next((each for each in said if each.studio == record.studio), None)
            if told is not None:
                found[record.id] = told.ended
        return found

    def _make_room(self, wanted: int, asked: Collection[PhotoGuid]) -> None:
        """Forget those read longest ago, but none that is asked for now: that one would be read again at once."""
        too_many = len(self._photos) + wanted - _MOST_KEPT
        if too_many > 0:
            for guid in list(islice((each for each in self._photos if each not in asked), too_many)):
                del self._photos[guid]
            self._known.clear()

    def of_photo(self, guid: PhotoGuid) -> PhotoStanding | None:
        """The standing of a photo; None for one that is in no bundle."""
        if guid not in self._photos:
            self.load([guid])
        return self._photos[guid]

    def of_studio(self, studio: StudioId) -> StandingOfStudio | None:
        """What the studio's status lists say; None when there is none (then nothing may be used)."""
        if studio not in self._studios:
            self._studios[studio] = self._catalogue.trusted_studios.standing(studio)
        return self._studios[studio]

    def trusted_studio(self, studio: StudioId) -> TrustedStudio | None:
        """The studio as it is trusted."""
        if studio not in self._trusted:
            self._trusted[studio] = self._catalogue.trusted_studios.get(studio)
        return self._trusted[studio]


def _counting(deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    """The deliveries that count, newest first: those about the same people as the newest one.

    A studio that found out it was wrong about who is on a photo says so with its next bundle.
    """
    if len(deliveries) == 1:  # nearly always
        return deliveries
    by_age = sorted(deliveries, key=lambda each: each.order, reverse=True)
    people = set(by_age[0].subjects)
    return [each for each in by_age if set(each.subjects) == people]


def _twins(found: Iterable[tuple[str, KeptPhoto]]) -> dict[PhotoGuid, tuple[PhotoGuid, ...]]:
    """For each photo those of the same picture that came from another studio; ``found`` has one tag after the other."""
    twins: dict[PhotoGuid, tuple[PhotoGuid, ...]] = {}
    together: list[KeptPhoto] = []
    last = ""
    for tag, kept in found:
        together = [*together, kept] if tag == last else [kept]
        last = tag
        twins[kept.guid] = ()
        if len(together) > 1:  # hardly ever
            twins |= {each.guid: tuple(one.guid for one in together if one.studio != each.studio) for each in together}
    return twins


def _by_use(records: Iterable[KeptRecord]) -> dict[ScopeId, tuple[KeptRecord, ...]]:
    found: dict[ScopeId, tuple[KeptRecord, ...]] = {}
    for each in records:
        found[each.scope] = (*found.get(each.scope, ()), each)
    return found


_STATUS_OF = {Ended.EXPIRED: Status.EXPIRED, Ended.INVALIDATED: Status.INVALIDATED}
"""What a record is that a notice ended, where that is not as if it had been withdrawn."""


def _snapshot(record: KeptRecord, standing: StandingOfStudio | None, ended: Ended | None) -> ConsentSnapshot:
    status = STATUS_AFTER[record.kind]
    position = record.status_position
    known = standing.lists.get(position.list) if standing is not None else None
    if status is Status.GIVEN and ended is not None:
        status = _STATUS_OF.get(ended, Status.WITHDRAWN)
    elif status is Status.GIVEN and known is not None and known.ended(position.index):
        status = Status.WITHDRAWN
    state = ConsentState(
        record=record.id,
        subject=record.person,
        scope=record.scope,
        status=status,
        sequence=1,
        changed_at=record.at,
        grant=record.grant,
        last_day=record.last_day,
        review_due=record.review_due,
        sleeps_after=record.sleeps_after,
        day=record.day,
        signed_as_minor=record.signed_as_minor,
        adult_on=record.adult_on,
    )
    return ConsentSnapshot(
        states={record.scope: state},
        # A list that was never seen vouches for no day.
        fresh_until=known.valid_until.date() if known is not None else date.min,
    )
