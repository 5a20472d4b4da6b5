"""Ends what an earlier receipt said about a use that was asked again: the newest word counts."""

from __future__ import annotations

from safelight.domain.consent import ConsentState, EventKind
from safelight.domain.days import PlaceTime
from safelight.domain.ids import ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import ConsentReceipt
from safelight.storage.transaction import Transaction
from safelight.studio.ending import Actor, EndedUse, end_yeses
from safelight.studio.open_studio import OpenStudio


def end_earlier(
    studio: OpenStudio,
    writing: Transaction,
    subject: SubjectId,
    asked_again: set[ScopeId],
    receipt: ConsentReceipt,
    here: PlaceTime,
) -> tuple[EndedUse, ...]:
    """Close every older record of a use asked again: the newest word counts, and its status bit tells agencies."""
    new = {each.id for each in receipt.records}

    def kind_of(state: ConsentState) -> EventKind | None:
        if state.record in new or state.scope not in asked_again:
            return None
        still = receipt.record_for(state.scope)
        return EventKind.INVALIDATED if still is not None and still.grant is not None else EventKind.WITHDRAWN

    by = Role.GUARDIAN if receipt.signed_as_minor else Role.SUBJECT
    return end_yeses(studio, writing, subject, kind_of, Actor(by), here)
