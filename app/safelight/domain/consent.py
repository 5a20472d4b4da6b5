"""The life of one consent record: signed events folded to the state that decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .choice import Grant
from .days import first_day
from .errors import Malformed
from .ids import EventId, PersonId, RecordId, ScopeId, SubjectId
from .later import ADDED_LATER
from .people import Role
from .scope import Scope
from .term import TermKind, review_due, sleeps_after
from .withdrawal import Channel


class EventKind(StrEnum):
    """What can happen to a record; the names map one to one to DPV's consent status terms."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    RENEWED = "renewed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


class Status(StrEnum):
    """Where a record stands after its events."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


FOLLOWS: dict[Status | None, frozenset[EventKind]] = {
    None: frozenset({EventKind.REQUESTED, EventKind.GIVEN, EventKind.REFUSED}),
    Status.REQUESTED: frozenset({EventKind.GIVEN, EventKind.REFUSED, EventKind.INVALIDATED}),
    Status.GIVEN: frozenset(
        {EventKind.RENEWED, EventKind.CHANGED, EventKind.WITHDRAWN, EventKind.EXPIRED, EventKind.INVALIDATED}
    ),
    # Once ended, a record never comes back: a new yes is a new record (a status bit is never reset).
    Status.REFUSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.INVALIDATED: frozenset(),
}
STATUS_AFTER = {
    EventKind.REQUESTED: Status.REQUESTED,
    EventKind.GIVEN: Status.GIVEN,
    EventKind.REFUSED: Status.REFUSED,
    EventKind.RENEWED: Status.GIVEN,
    EventKind.CHANGED: Status.GIVEN,
    EventKind.WITHDRAWN: Status.WITHDRAWN,
    EventKind.EXPIRED: Status.EXPIRED,
    EventKind.INVALIDATED: Status.INVALIDATED,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """When a yes ends, as it was signed; rules that came later move none of these days.

    ``last_day`` is inclusive. ``signed_as_minor``: a guardian signed for it, so it ends on ``adult_on``, the day the
    person comes of age and is asked again (None: that day is not known, so it counts no longer).
    """

    last_day: date | None = None
    review_due: date | None = None
    sleeps_after: date | None = None
    signed_as_minor: bool = False
    adult_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One thing that happened to one record. ``sequence`` counts from 1 within the record without gaps.

    ``day`` is the day of ``at`` at the place of signing, from which terms count; None counts by UTC. ``limits`` are
    those signed with it: those of the first event are told by the signed record, which is read beside it.
    ``channel`` is how an end reached the studio and ``entered_by`` who there entered it; None where none was noted.
    """

    id: EventId
    record: RecordId
    subject: SubjectId
    scope: ScopeId
    kind: EventKind
    sequence: int
    at: datetime
    by: Role
    grant: Grant | None = None
    day: date | None = None
    limits: Limits | None = field(default=None, metadata=ADDED_LATER)
    channel: Channel | None = field(default=None, metadata=ADDED_LATER)
    entered_by: PersonId | None = field(default=None, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What a record means now; ``last_day`` is inclusive, the days of the review and of age as in :class:`Limits`.

    ``day`` is the day of ``changed_at`` at the place of signing; None counts by UTC.
    """

    record: RecordId
    subject: SubjectId
    scope: ScopeId
    status: Status
    sequence: int
    changed_at: datetime
    grant: Grant | None = None
    last_day: date | None = None
    review_due: date | None = None
    sleeps_after: date | None = None
    day: date | None = None
    signed_as_minor: bool = False
    adult_on: date | None = None

    @property
    def first_day(self) -> date:
        """The first day on which this state counts: the earlier of the day there and UTC's."""
        return first_day(self.changed_at, self.day)

    @property
    def given(self) -> bool:
        """Whether the latest word is a yes; terms, places and recipients are for ``may`` to judge."""
        return self.status is Status.GIVEN


def reviewed_yearly(scope: Scope, grant: Grant) -> bool:
    """Whether a yes is put to the person again after a year: every AI use, and every open-ended term."""
    return scope.ai or grant.term.kind is TermKind.WITHDRAWN


def limits_of_yes(scope: Scope, grant: Grant, day: date) -> Limits:
    """The limits that a yes signed on ``day`` under today's rules states; from then on only the record is asked."""
    yearly = reviewed_yearly(scope, grant)
    return Limits(
        grant.term.last_day(day, scope.cap_months),
        review_due(day) if yearly else None,
        sleeps_after(day) if yearly else None,
    )


def apply(state: ConsentState | None, event: ConsentEvent) -> ConsentState:
    """The state after ``event``; raises :class:`Malformed` when the event cannot follow, naming why.

    No rules are asked: what a yes may be used for, and until when, is what was signed with it.
    """
    expected = 1 if state is None else state.sequence + 1
    if event.sequence != expected:
        raise Malformed(f"Event {event.sequence} of record {event.record} is out of order (expected {expected}).")
    if event.kind not in FOLLOWS[None if state is None else state.status]:
        before = "nothing" if state is None else state.status.value
        raise Malformed(f"In record {event.record}, '{event.kind.value}' cannot follow '{before}'.")
    if state is not None and (state.record, state.subject, state.scope) != (event.record, event.subject, event.scope):
        raise Malformed(f"Event {event.sequence} belongs to another record than {state.record}.")
    if state is not None and event.at < state.changed_at:
        raise Malformed(f"Event {event.sequence} of record {event.record} is dated before the one it follows.")
    status = STATUS_AFTER[event.kind]
    grant = event.grant if event.grant is not None else (state.grant if state is not None else None)
    if status is not Status.GIVEN:
        return ConsentState(
            event.record,
            event.subject,
            event.scope,
            status,
            event.sequence,
            event.at,
            grant,
            None if state is None else state.last_day,
            day=event.day,
        )
    limits = event.limits
    if grant is None or limits is None or event.grant is None and event.kind is not EventKind.RENEWED:
        raise Malformed(f"In record {event.record}, a yes carries no limits.")
    return ConsentState(
        record=event.record,
        subject=event.subject,
        scope=event.scope,
        status=status,
        sequence=event.sequence,
        changed_at=event.at,
        grant=grant,
        last_day=limits.last_day,
        review_due=limits.review_due,
        sleeps_after=limits.sleeps_after,
        day=event.day,
        signed_as_minor=limits.signed_as_minor,
        adult_on=limits.adult_on,
    )


def fold(events: Iterable[ConsentEvent]) -> ConsentState:
    """The state of one record after all its events, given in any order; an empty history is refused."""
    state: ConsentState | None = None
    for event in sorted(events, key=lambda each: each.sequence):
        state = apply(state, event)
    if state is None:
        raise Malformed("A record without events says nothing.")
    return state
