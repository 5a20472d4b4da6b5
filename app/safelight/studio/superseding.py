"""Ends what an earlier receipt said about a use that was asked again: the newest word counts."""

from __future__ import annotations

from safelight.domain.consent import ConsentEvent, EventKind, Status, fold
from safelight.domain.days import PlaceTime
from safelight.domain.errors import Refused
from safelight.domain.ids import EventId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import ConsentReceipt, StatusPosition
from safelight.storage.transaction import Transaction
from safelight.studio.consent_snapshots import histories_of, signed_limits
from safelight.studio.open_studio import OpenStudio, new_id


def end_earlier(
    studio: OpenStudio,
    writing: Transaction,
    subject: SubjectId,
    asked_again: set[ScopeId],
    receipt: ConsentReceipt,
    here: PlaceTime,
) -> None:
    """Close every older record of a use asked again: the newest word counts, and its status bit tells agencies."""
    new = {each.id for each in receipt.records}
    earlier = [
        event
        for event in studio.archive.consents.events_of(subject)
        if event.record not in new and event.scope in asked_again
    ]
    signed = signed_limits(file.receipt for file in studio.archive.consents.receipts_of(subject))
    for record, events in histories_of(earlier, signed).items():
        state = fold(events)
        if state.status is not Status.GIVEN:
            continue
        still = receipt.record_for(state.scope)
        kind = EventKind.INVALIDATED if still is not None and still.grant is not None else EventKind.WITHDRAWN
        end = ConsentEvent(
            EventId(new_id()), record, subject, state.scope, kind, state.sequence + 1, here.at, Role.SUBJECT,
            day=here.day,
        )
        studio.archive.consents.add_event(writing, end)
        studio.archive.statuses.revoke(writing, _position(studio, subject, record), here.at)


def _position(studio: OpenStudio, subject: SubjectId, record: RecordId) -> StatusPosition:
    for file in studio.archive.consents.receipts_of(subject):
        for each in file.receipt.records:
            if each.id == record:
                return each.status_position
    raise Refused(f"The record {record} belongs to no receipt.", "Run 'studio check'.")
