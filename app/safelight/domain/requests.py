"""What people ask of a studio under the law (access, erasure, …): until which day it is answered, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from .errors import Refused, WrongUsage
from .ids import PersonId, RequestId, SubjectId
from .jurisdiction import Jurisdiction
from .people import Role
from .term import add_months
from .withdrawal import Channel

EXTRA_MONTHS = 2
"""So much longer an answer may take where there is a reason, once (GDPR Art. 12(3))."""


class RequestKind(StrEnum):
    """What is asked for: the rights of GDPR Art. 7(3) and 15 to 21, and what other laws have of them."""

    ACCESS = "access"
    ERASURE = "erasure"
    CORRECTION = "correction"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    PORTABILITY = "portability"


class RequestState(StrEnum):
    """How far an answer is; ``extended`` is still to be answered."""

    OPEN = "open"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """One request as it is kept.

    ``received`` is the day the law counts from, ``due`` the last day for the answer. ``by`` is in which role somebody
    asked, ``entered_by`` who of the studio entered it. ``identity`` says how they showed who they are; empty while they
    did not. ``reason`` is why it took longer, or what the answer was; where it was refused, the ground.
    """

    id: RequestId
    subject: SubjectId
    kind: RequestKind
    received: date
    entered: datetime
    channel: Channel
    by: Role
    entered_by: PersonId | None
    due: date
    state: RequestState = RequestState.OPEN
    answered: datetime | None = None
    reason: str = ""
    extended_because: str = ""
    identity: str = ""

    @property
    def waiting(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in (RequestState.OPEN, RequestState.EXTENDED)

    def days_left(self, today: date) -> int:
        """Days until the last one: 0 on that day, below it once the day is past."""
        return (self.due - today).days


def due_day(received: date, places: Iterable[Jurisdiction]) -> date:
    """The last day for the answer to what came in on ``received``: the earliest that the law of any place asks for.

    A place with a number of days in the rules has that; one without has a month (GDPR Art. 12(3), Regulation 1182/71:
    the same day of the next month, or its last). Where the law itself says a month, thirty days are an approximation
    that ends later after a February: the earlier of the two counts. A last day on a weekend is not moved.
    """
    return min((_last_day(received, place) for place in places), default=add_months(received, 1))


def _last_day(received: date, place: Jurisdiction) -> date:
    month = add_months(received, 1)
    if place.access_days_told is None:
        return month
    days = received + timedelta(days=place.access_days_told)
    return min(month, days) if place.says_months else days


def extended(request: RightsRequest, today: date, why: str) -> RightsRequest:
    """``request`` with two months more; the person must be told of it, and why, before the first last day is past."""
    if not why.strip():
        raise WrongUsage("More time needs a reason.", "Nothing was changed; the person is told it.")
    if request.state is not RequestState.OPEN:
        raise Refused("This request was answered or given more time before.", "Nothing was changed.")
    if request.days_left(today) < 0:
        raise Refused(
            f"This request was due on {request.due}; more time must be told before that day is past.",
            "Nothing was changed. Answer it now.",
        )
    due = add_months(request.due, EXTRA_MONTHS)
    return replace(request, state=RequestState.EXTENDED, due=due, extended_because=why.strip())


def answered(request: RightsRequest, at: datetime, *, refused: bool, reason: str) -> RightsRequest:
    """``request`` with its answer; a refusal needs its ground (GDPR Art. 12(4))."""
    if not request.waiting:
        raise Refused("This request was answered before.", "Nothing was changed.")
    if refused and not reason.strip():
        raise WrongUsage("A refusal needs its ground.", "Nothing was changed; the person is told it.")
    state = RequestState.REFUSED if refused else RequestState.ANSWERED
    return replace(request, state=state, answered=at, reason=reason.strip())
