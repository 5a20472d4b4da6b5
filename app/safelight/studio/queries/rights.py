"""One person's rights on one page: what they allow until when, who still holds their pictures, what is held back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from safelight.documents.acknowledgements import Pair, Reply
from safelight.domain.consent import Status
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.requests import RightsRequest
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.consents import UseRow, consent_rows
from safelight.studio.queries.open_notices import asked_notice, replies_of
from safelight.studio.queries.people import SubjectRow, rows_of, same_people
from safelight.studio.queries.sessions import session_of


@dataclass(frozen=True, slots=True)
class StandingUse:
    """A use the person allows now: the last day of it (None: until it is taken back) and whom the yes names."""

    scope: ScopeId
    last_day: date | None
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndedUse:
    """A use the person allowed once and does not now: how it ended, and when that was noted."""

    scope: ScopeId
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """A recipient that got pictures of the person: how many, and until when it may use one of them at the latest.

    ``standing`` are the uses a yes still stands for; ``last_day`` None is then until it is taken back.
    ``asked`` are the photos it was asked to stop using, by what it answered: ``open`` are without an answer, ``kept``
    those it says it keeps.
    """

    recipient: RecipientId
    name: str
    photos: int
    standing: frozenset[ScopeId]
    last_day: date | None
    asked: int
    open: int
    kept: int


@dataclass(frozen=True, slots=True)
class PersonRights:
    """Everything the desk shows of one person's rights; ``same`` are their entries in other sessions.

    ``restricted_since``: nothing of them is used for now, since then and for the reason that was noted.
    """

    subject: Subject
    session_name: str
    same: tuple[SubjectRow, ...]
    standing: tuple[StandingUse, ...]
    ended: tuple[EndedUse, ...]
    holders: tuple[Holder, ...]
    requests: tuple[RightsRequest, ...]
    restricted_since: datetime | None
    restricted_why: str


def person_rights(studio: OpenStudio, id: SubjectId) -> PersonRights:
    """The rights of one person, over all their entries; :class:`WrongUsage` if unknown, :class:`Refused` if erased.

    Raises :class:`Malformed` if rows about them are not as they were left.
    """
    studio.archive.rely_on((id,))
    subject = studio.archive.subjects.get(id)
    same = same_people(studio, id)
    uses = [use for each in (id, *same) for use in consent_rows(studio, each).uses]
    still = studio.archive.restrictions.of(id)
    return PersonRights(
        subject=subject,
        session_name=session_of(studio, id).name,
        same=rows_of(studio, same),
        standing=_standing(uses, studio.today()),
        ended=_ended(uses, studio.today()),
        holders=_holders(studio, (id, *same), uses),
        requests=tuple(one for each in (id, *same) for one in studio.archive.requests.of(each)),
        restricted_since=still.at if still is not None else None,
        restricted_why=still.why if still is not None else "",
    )


def _by_scope(uses: Iterable[UseRow]) -> Iterator[tuple[ScopeId, list[UseRow]]]:
    found: dict[ScopeId, list[UseRow]] = {}
    for each in uses:
        found.setdefault(each.scope, []).append(each)
    yield from found.items()


def _stands(use: UseRow, today: date) -> bool:
    return use.status is Status.GIVEN and (use.last_day is None or use.last_day >= today)


def _standing(uses: Sequence[UseRow], today: date) -> tuple[StandingUse, ...]:
    rows = []
    for scope, of_scope in _by_scope(each for each in uses if _stands(each, today)):
        named = dict.fromkeys(one.name for each in of_scope for one in each.recipients if one.name)
        rows.append(StandingUse(scope, _latest(each.last_day for each in of_scope), tuple(named)))
    return tuple(rows)


def _ended(uses: Sequence[UseRow], today: date) -> tuple[EndedUse, ...]:
    rows = []
    for scope, of_scope in _by_scope(uses):
        gone = [each for each in of_scope if each.status is not Status.REFUSED]
        if not gone or any(_stands(each, today) for each in of_scope):
            continue
        last = max(gone, key=lambda each: each.history[-1].at)
        status = Status.EXPIRED if last.status is Status.GIVEN else last.status
        rows.append(EndedUse(scope, status, last.history[-1].at))
    return tuple(rows)


def _latest(days: Iterable[date | None]) -> date | None:
    """The last of these days; None, which has no end, is later than any."""
    told = tuple(days)
    return None if None in told else max((each for each in told if each is not None), default=None)


def _holders(studio: OpenStudio, people: Sequence[SubjectId], uses: Sequence[UseRow]) -> tuple[Holder, ...]:
    mine = {photo.guid for each in people for photo in studio.archive.photos.of_subject(each)}
    records = {each.record: each for each in uses}
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    held: dict[RecipientId, list[DisclosedPhoto]] = {}
    for bundle in _bundles(studio, mine, records):
        rests = not records.keys().isdisjoint(bundle.records)
        for photo in bundle.photos:
            # Rows of before records were kept by photo: whatever left in that bundle may rest on any of them.
            under = photo.records or (bundle.records if rests else ())
            if photo.guid in mine or not records.keys().isdisjoint(under):
                held.setdefault(bundle.recipient, []).append(photo)
    rows = [
        _holder(studio, each, names.get(each, ""), photos, records, mine) for each, photos in held.items()
    ]
    return tuple(sorted(rows, key=lambda each: (not each.open, each.name.casefold())))


def _bundles(studio: OpenStudio, photos: set[PhotoGuid], records: Iterable[RecordId]) -> tuple[Disclosure, ...]:
    """Every bundle with something of the person, each once: the others stay sealed."""
    disclosures, wanted = studio.archive.disclosures, tuple(records)
    found = {each.bundle: each for each in disclosures.of_photos(tuple(photos))} if photos else {}
    if wanted:
        found |= {each.bundle: each for each in disclosures.of_records(wanted)}
        found |= {
            each.bundle: each for each in disclosures.not_indexed() if not set(each.records).isdisjoint(wanted)
        }
    return tuple(found.values())


def _holder(
    studio: OpenStudio,
    recipient: RecipientId,
    name: str,
    held: Sequence[DisclosedPhoto],
    records: dict[RecordId, UseRow],
    mine: set[PhotoGuid],
) -> Holder:
    under = [records[each] for photo in held for each in photo.records if each in records]
    standing = [each for each in under if _stands(each, studio.today())]
    replies = replies_of(studio, recipient)
    asked: set[PhotoGuid] = set()
    left: set[PhotoGuid] = set()
    kept: set[PhotoGuid] = set()
    for notice in map(asked_notice, studio.archive.outgoing_notices.of(recipient)):
        for pair in notice.pairs:
            if not _is_about(pair, records, mine):
                continue
            asked.add(pair[1])
            reply = replies.of(notice, pair)
            if reply is None:
                left.add(pair[1])
            elif reply is Reply.KEPT:
                kept.add(pair[1])
    return Holder(
        recipient=recipient,
        name=name,
        photos=len({each.guid for each in held}),
        standing=frozenset(each.scope for each in standing),
        last_day=_latest(each.last_day for each in standing),
        asked=len(asked),
        open=len(left),
        kept=len(kept),
    )


def _is_about(pair: Pair, records: dict[RecordId, UseRow], mine: set[PhotoGuid]) -> bool:
    record, photo = pair
    return photo in mine if record is None else record in records
