"""Gathers everything the archive holds about one person, in all their entries, for the access file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from safelight.domain.consent import ConsentEvent, fold
from safelight.domain.ids import RecordId, SubjectId
from safelight.domain.people import Subject
from safelight.rights.held import AccessContent, HandedOn, HeldAnswer, HeldEntry, HeldEvent, HeldPhoto, HeldSigning
from safelight.rights.words import Reader
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.consent_snapshots import histories_of, signed_limits
from safelight.studio.corrections import corrections_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import Sent, deliveries_to, sent_of
from safelight.studio.queries.people import same_people
from safelight.studio.queries.sessions import session_of
from safelight.studio.read_audit import reads_of
from safelight.studio.retired_uses import reading_catalogue, worded
from safelight.studio.rules import catalogue_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is read of a person before anything is written: everything but their pictures."""

    person: Subject
    entries: tuple[SubjectId, ...]
    files: tuple[SignedReceiptFile, ...]
    events: Mapping[RecordId, Sequence[ConsentEvent]]


def known_of(studio: OpenStudio, person: Subject) -> Known:
    """Raises :class:`Malformed` where rows about them are not as they were left: then nothing of it is handed out."""
    entries = (person.id, *same_people(studio, person.id))
    studio.archive.rely_on(entries, ("disclosure", "disclosed_photo", "journal_entry", "erasure"))
    files = tuple(one for each in entries for one in studio.archive.consents.receipts_of(each))
    limits = signed_limits([each.receipt for each in files])
    events: dict[RecordId, Sequence[ConsentEvent]] = {}
    for each in entries:
        events |= histories_of(studio.archive.consents.events_of(each), limits)
    return Known(person, entries, files, events)


def access_content(
    studio: OpenStudio, id: str, at: datetime, known: Known, photos: Sequence[HeldPhoto],
    files: Mapping[str, Sequence[str]], notices: Sequence[str],
) -> AccessContent:  # fmt: skip
    """Everything as values; ``photos``, ``files`` by receipt and ``notices`` are what was written beside it."""
    archive, person, entries = studio.archive, known.person, known.entries
    session = session_of(studio, person.id)
    offset = timezone(timedelta(minutes=studio.place_time(at, session).offset_minutes))
    authority = studio.authority(person.language)
    restricted = [each for each in map(archive.restrictions.of, entries) if each is not None]
    erased = [each for each in map(archive.erasures.of, entries) if each is not None]
    return AccessContent(
        id=id,
        studio=studio.identity,
        reader=Reader(person.name, person.language, session.country, offset, person.email, authority),
        at=at,
        entries=tuple(_entry(studio, each) for each in entries),
        signings=tuple(_signing(studio, each, known, files.get(each.receipt.id, ())) for each in known.files),
        photos=tuple(photos),
        handed_on=_handed_on(studio, known),
        deliveries=tuple(one.at for each in entries for one in deliveries_to(studio, each)),
        notices=tuple(notices),
        reads=tuple(one for each in entries for one in reads_of(studio, each)),
        requests=tuple(one for each in entries for one in archive.requests.of(each)),
        corrections=tuple(one for each in entries for one in corrections_of(studio, each)),
        holds=tuple(archive.holds.of(entries)),
        restricted=tuple((each.at, each.why) for each in restricted),
        erased=tuple((each.asked_at, each.evidence_due) for each in erased),
    )


def _entry(studio: OpenStudio, id: SubjectId) -> HeldEntry:
    session = session_of(studio, id)
    arrived = studio.archive.attendance.get(id, session.id).arrived_at
    return HeldEntry(studio.archive.subjects.get(id), session.name, tuple(session.days), arrived)


def _signing(studio: OpenStudio, file: SignedReceiptFile, known: Known, files: Sequence[str]) -> HeldSigning:
    receipt = file.receipt
    catalogue = worded(catalogue_of(studio, receipt), file, reversed(known.files))
    names = {each.id: each.name for each in receipt.recipients}
    answers = []
    for record in receipt.records:
        events = known.events.get(record.id, ())
        if not events:
            continue
        state = fold(events)
        given = state.grant.recipients if state.grant else ()
        past = tuple(HeldEvent(each.kind, each.at, each.by, each.channel) for each in events)
        answers.append(
            HeldAnswer(
                record.id, catalogue.scope(record.scope), state.status, state.last_day,
                tuple(names.get(each, each) for each in given), past,
            )
        )  # fmt: skip
    signed = receipt.signing
    return HeldSigning(receipt.id, signed.signed_at, signed.signed_by, tuple(answers), tuple(files))


def _handed_on(studio: OpenStudio, known: Known) -> tuple[HandedOn, ...]:
    bundles: dict[str, Sent] = {one.bundle: one for each in known.entries for one in sent_of(studio, each)}
    last = {record: fold(events).last_day for record, events in known.events.items() if events}
    return tuple(
        HandedOn(
            each.name or each.recipient, each.at,
            tuple(reading_catalogue(studio, use).scope(use) for use in each.uses),
            len(each.photos), _until(each, last),
        )
        for each in sorted(bundles.values(), key=lambda one: (one.at, one.bundle))
    )  # fmt: skip


def _until(sent: Sent, last: Mapping[RecordId, date | None]) -> date | None:
    days = [day for photo in sent.photos for record in photo.records if (day := last.get(record)) is not None]
    return max(days, default=None)


def at_utc(at: datetime) -> datetime:
    """``at`` in whole seconds, as every document has it."""
    return at.astimezone(UTC).replace(microsecond=0)
