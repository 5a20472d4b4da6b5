"""Erases people: their yeses end and recipients are told first, then the keys are destroyed, then rows and files go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safelight.documents.jcs import canonical
from safelight.documents.withdrawal_notices import Ended, PhotoReason, PhotoState
from safelight.domain.changes import Changes
from safelight.domain.consent import EventKind, Status, fold
from safelight.domain.erasure import Erasure, ErasurePlan, key_due, plan_erasure
from safelight.domain.ids import NoticeId, PersonId, PhotoGuid, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import StatusPosition
from safelight.domain.withdrawal import Channel
from safelight.storage.rows import SignedMessage
from safelight.storage.transaction import Transaction
from safelight.studio.consent_snapshots import histories_of, signed_limits
from safelight.studio.ending import Actor, EndedUse, end_yeses
from safelight.studio.key_places import rewrite_key_copies
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.outgoing_notices import StoppedPhoto, tell_recipients
from safelight.studio.queries.erasing import facts_of
from safelight.studio.queries.sessions import session_of
from safelight.studio.staff import working_member

_ALL = Changes.CONSENTS | Changes.PHOTOS | Changes.SUBJECTS | Changes.RECEIPTS


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """What an erasure did for one person: the row that is kept, the plan it followed, and the yeses it ended."""

    row: Erasure
    plan: ErasurePlan
    ended: tuple[EndedUse, ...]


@dataclass(frozen=True, slots=True)
class ErasedPeople:
    """The people in the order they were named, and the notices that were issued."""

    people: tuple[ErasedPerson, ...]
    notices: tuple[SignedMessage, ...]


def erase(studio: OpenStudio, people: Sequence[SubjectId], by: PersonId | None = None) -> tuple[ErasedPeople, Changes]:
    """Erase these people: end what stands, tell everybody who got pictures, then destroy the keys that are due.

    What a hold keeps waits for it; the proof waits for its day. Asked for again, what is not whole goes on. Raises
    :class:`Malformed` when rows about them are not as they were left: then nothing is erased.
    """
    people = tuple(dict.fromkeys(people))
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.rely_on((*people, *studio.archive.photos.beside(people)), ("status", "erasure"))
        if by is not None:
            working_member(studio, by)
        decided = [_end(studio, writing, each, by) for each in people]
        stopped = dict.fromkeys(photo for each in decided for photo in _not_told(each.plan))
        told = tell_recipients(
            studio,
            writing,
            [each.told for one in decided for each in one.ended],
            [StoppedPhoto(each, PhotoState.WITHHELD, PhotoReason.ERASED, writing.now) for each in stopped],
        )
        ids = tuple(NoticeId(each.id) for each in told)
        decided = [replace(each, row=replace(each.row, notices=(*each.row.notices, *ids))) for each in decided]
        for each in decided:
            studio.archive.erasures.put(writing, each.row)
            said = canonical({"person": each.row.person, "by": by, "notices": list(ids)})
            studio.archive.journal.append(writing, "erasure-begun", each.row.id, said)
    for each in decided:
        studio.acknowledge(each.row.id, "")
    _, changes = carry_out(studio, proof=False)
    done = tuple(replace(each, row=studio.archive.erasures.of(each.row.person) or each.row) for each in decided)
    return ErasedPeople(done, told), changes | _ALL | Changes.JOURNAL | (Changes.BUNDLES if told else Changes.NONE)


def erase_due(studio: OpenStudio) -> tuple[tuple[Erasure, ...], Changes]:
    """Destroy every key whose day has come: photos of an erasure that was interrupted, or proof that stayed its time.

    Idempotent. What a hold keeps is passed over. Returns the rows as they are now of those something went of.
    """
    return carry_out(studio, proof=True)


def carry_out(studio: OpenStudio, proof: bool) -> tuple[tuple[Erasure, ...], Changes]:
    """As :func:`erase_due`; without ``proof`` only what belongs to the portrait keys, and people who never signed."""
    waiting = [each for each in studio.archive.erasures.list() if not each.whole]
    if not waiting:
        return (), rewrite_key_copies(studio)[1]
    done: list[Erasure] = []
    with studio.archive.transaction(studio.now()) as writing:
        for row in waiting:
            if (gone := _destroy(studio, writing, row.person, proof)) is not None:
                done.append(gone)
    for each in done:
        studio.acknowledge(each.id, "")
    _, changes = rewrite_key_copies(studio)
    return tuple(done), changes | (_ALL | Changes.JOURNAL if done else Changes.NONE)


def end_again(studio: OpenStudio, writing: Transaction, made: Sequence[Erasure]) -> None:
    """End the yeses of people who were erased since these rows were copied, as recipients were told then."""
    known = set(studio.archive.statuses.all())
    for row in made:
        if studio.archive.subjects.is_there(row.person) and row.evidence_at is None:
            here = studio.place_time(writing.now, session_of(studio, row.person))
            actor = Actor(Role.SUBJECT, Channel.STUDIO, row.by)
            end_yeses(studio, writing, row.person, lambda _: EventKind.WITHDRAWN, actor, here)
        else:
            for position in known.intersection(row.positions):
                studio.archive.statuses.revoke(writing, position, row.asked_at)


def _end(studio: OpenStudio, writing: Transaction, person: SubjectId, by: PersonId | None) -> ErasedPerson:
    """End what stands of one person, and write down what is to go; the notices are still to be named."""
    plan = plan_erasure(facts_of(studio, person), writing.now.date())
    here = studio.place_time(writing.now, session_of(studio, person))
    actor = Actor(Role.SUBJECT, Channel.STUDIO, by)
    ended = end_yeses(studio, writing, person, lambda _: EventKind.WITHDRAWN, actor, here, Ended.ERASED)
    before = plan.facts.waiting
    photos = [guid for guid, _ in plan.facts.photos]
    files = [each.id for each in studio.archive.files.owned_by(person)]
    row = before or Erasure(
        new_id(), person, writing.now, by, plan.proof_until or writing.now.date(), (), (), (), ()
    )
    row = replace(
        row,
        positions=_positions(studio, person),
        photos=tuple(dict.fromkeys((*row.photos, *photos))),
        files=tuple(dict.fromkeys((*row.files, *files))),
        evidence_due=max(row.evidence_due, plan.proof_until or row.evidence_due),
    )
    return ErasedPerson(row, plan, ended)


def _not_told(plan: ErasurePlan) -> tuple[PhotoGuid, ...]:
    """The photos that recipients were not told of when the erasure was asked for before."""
    before = () if plan.facts.waiting is None else plan.facts.waiting.photos
    return tuple(guid for guid, _ in plan.facts.photos if guid not in before)


def _positions(studio: OpenStudio, person: SubjectId) -> tuple[StatusPosition, ...]:
    """The places in the status lists of every yes that was ended."""
    files = studio.archive.consents.receipts_of(person)
    records = {record.id: record for file in files for record in file.receipt.records}
    histories = histories_of(
        studio.archive.consents.events_of(person), signed_limits(each.receipt for each in files)
    )
    ended = (Status.WITHDRAWN, Status.INVALIDATED)
    return tuple(records[each].status_position for each, events in histories.items() if fold(events).status in ended)


def _destroy(studio: OpenStudio, writing: Transaction, person: SubjectId, proof: bool) -> Erasure | None:
    """Destroy the keys of one person that are due, with everything under them; None where none is."""
    archive = studio.archive
    row = archive.erasures.of(person)
    if row is None or row.whole:
        return None
    beside = archive.photos.beside([person]) if row.portrait_at is None else ()
    due = key_due(row, writing.now.date(), archive.holds.of([person]), archive.holds.of(beside))
    if not due.evidence and not due.portrait:
        return None
    signed = bool(row.positions) or bool(archive.consents.receipts_of(person))
    evidence = due.evidence and (proof or not signed)
    if not due.portrait and not evidence:
        return None
    archive.rely_on((person,), ("erasure",))
    if due.portrait and not evidence and archive.subjects.is_there(person):
        # How to reach somebody proves nothing, so it goes with the pictures.
        known = archive.subjects.get(person)
        archive.subjects.put(writing, replace(known, email="", phone="", reference="", department=""))
    archive.erase(writing, person, portrait=due.portrait, evidence=evidence)
    row = replace(
        row,
        portrait_at=writing.now if due.portrait else row.portrait_at,
        evidence_at=writing.now if evidence else None,
    )
    archive.erasures.put(writing, row)
    what = [each for each, gone in (("portrait", due.portrait), ("evidence", evidence)) if gone]
    archive.journal.append(writing, "person-erased", row.id, canonical({"person": person, "keys": what}))
    return row
