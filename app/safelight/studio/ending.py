"""Ends standing yeses: an event in each record and its bit in the status list, within the transaction of a verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from safelight.documents.withdrawal_notices import Ended
from safelight.domain.consent import ConsentEvent, ConsentState, EventKind, Status, fold
from safelight.domain.days import PlaceTime
from safelight.domain.ids import EventId, PersonId, ReceiptId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel
from safelight.storage.transaction import Transaction
from safelight.studio.consent_snapshots import histories_of, signed_limits
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.outgoing_notices import EndedRecord

TOLD = {
    EventKind.WITHDRAWN: Ended.WITHDRAWN,
    EventKind.EXPIRED: Ended.EXPIRED,
    EventKind.INVALIDATED: Ended.INVALIDATED,
}
"""What recipients are told of an event that ends a record."""


@dataclass(frozen=True, slots=True)
class Actor:
    """In which role somebody ended something, by which way it came in, and who of the studio entered it."""

    by: Role
    channel: Channel | None = None
    entered_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class EndedUse:
    """One yes that ended: of which person's entry, for which use, under which record of which receipt."""

    subject: SubjectId
    scope: ScopeId
    record: RecordId
    receipt: ReceiptId
    told: EndedRecord


def end_yeses(
    studio: OpenStudio,
    writing: Transaction,
    person: SubjectId,
    kind_of: Callable[[ConsentState], EventKind | None],
    actor: Actor,
    here: PlaceTime,
    told: Ended | None = None,
) -> tuple[EndedUse, ...]:
    """End each standing yes of one entry that ``kind_of`` names a kind for, in the order they were given.

    ``here`` dates it. The caller hands ``told`` of each to ``tell_recipients``, in the same transaction; ``told`` (for
    all of them) is what recipients hear, where that is not what the event says.
    """
    files = studio.archive.consents.receipts_of(person)
    held = {record.id: (file, record) for file in files for record in file.receipt.records}
    signed = signed_limits(each.receipt for each in files)
    histories = histories_of(studio.archive.consents.events_of(person), signed)
    done = []
    for state in map(fold, histories.values()):
        kind = kind_of(state) if state.status is Status.GIVEN else None
        if kind is None:
            continue
        file, record = held[state.record]
        event = ConsentEvent(
            EventId(new_id()), state.record, person, state.scope, kind, state.sequence + 1, here.at, actor.by,
            day=here.day, channel=actor.channel, entered_by=actor.entered_by,
        )  # fmt: skip
        studio.archive.consents.add_event(writing, event)
        studio.archive.statuses.revoke(writing, record.status_position, here.at)
        ended = EndedRecord(file.receipt.id, record, told or TOLD[kind], here.at)
        done.append(EndedUse(person, state.scope, state.record, file.receipt.id, ended))
    return tuple(done)
