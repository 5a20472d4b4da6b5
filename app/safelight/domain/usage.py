"""``may``: the only place that decides whether a picture may be used for this, there, on that day, by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from .consent import ConsentState, Status
from .ids import Country, PhotoGuid, RecipientId, RecordId, ScopeId
from .scope import Catalogue, Scope
from .seen import SEEN_WORDS, Seen


class Blocker(StrEnum):
    """Why the answer is no; one word a pipeline can rely on."""

    NOBODY = "nobody-known"
    NOT_ASKED = "not-granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    UNANSWERED = "unanswered"
    NO_LIMIT = "limit-unknown"
    OVER = "over"
    NOT_YET = "not-yet"
    ASLEEP = "review-unanswered"
    GROWN_UP = "of-age-ask-again"
    MINOR = "not-for-minors"
    TERRITORY = "territory"
    RECIPIENT = "recipient"
    STALE = "status-list-too-old"
    NOT_A_USE = "not-a-use"
    RESTRICTED = "restricted"
    VETOED = "photo-vetoed"
    WITHHELD = "photo-withheld"


@dataclass(frozen=True, slots=True)
class ConsentSnapshot:
    """What is known of one person on the picture: their states per use, each with the limits it was signed with.

    ``fresh_until`` is the last day the status of these records is vouched for; None means it comes straight from the
    studio's own journal. ``restricted`` stops every use while a restriction (GDPR Art. 18) runs. ``vetoed`` are the
    photos struck out by somebody on them; ``withheld`` those that were kept back after they had been handed on.
    """

    states: Mapping[ScopeId, ConsentState]
    fresh_until: date | None = None
    restricted: bool = False
    vetoed: frozenset[PhotoGuid] = frozenset()
    withheld: frozenset[PhotoGuid] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """May this photo be used for that, there, on that day, by this organisation (None: by the studio itself)?"""

    photo: PhotoGuid
    use: ScopeId
    place: Country
    day: date
    recipient: RecipientId | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. ``clause`` names what it rests on; ``expires`` is the last day a yes holds; a no has a blocker.

    ``seen`` says of each of ``records``, in their order, how its signing is about the photo (None: not stated); it is
    empty where nobody looked, as for a question that is not about a certain photo.
    """

    allowed: bool
    clause: str
    blocker: Blocker | None = None
    expires: date | None = None
    records: tuple[RecordId, ...] = ()
    seen: tuple[Seen | None, ...] = ()

    def resting_on(self, seen: Mapping[RecordId, Seen]) -> Decision:
        """The same answer, its clause saying whether everybody saw the photo before they signed; a no as it is."""
        if not self.allowed:
            return self
        found = tuple(seen.get(each) for each in self.records)
        told = found if len(set(found)) > 1 else found[:1]
        return replace(self, clause=f"{self.clause}; photo {' + '.join(SEEN_WORDS[each] for each in told)}", seen=found)


def may(
    question: Question, snapshots: Sequence[ConsentSnapshot], catalogue: Catalogue, eea: frozenset[Country]
) -> Decision:
    """The decision for every person on the picture together: one no is a no, the earliest end counts.

    Nobody known, an unknown use, an unknown limit: no. A refusal is a value, never an exception; the only error
    raised is :class:`WrongUsage` for a use the catalogue does not know.
    """
    scope = catalogue.scope(question.use)
    if not scope.asked:
        return Decision(False, f"{scope.id} is a notice", Blocker.NOT_A_USE)
    if not snapshots:
        return Decision(False, f"{scope.id}: nobody on the photo is known", Blocker.NOBODY)
    expires: list[date] = []
    records: list[RecordId] = []
    for snapshot in snapshots:
        blocker = _blocker(question, snapshot, scope, eea)
        state = snapshot.states.get(scope.id)
        if blocker is not None or state is None:
            return Decision(False, _clause(scope, state, blocker), blocker or Blocker.NOT_ASKED)
        records.append(state.record)
        expires.append(_last_day(state, snapshot))
    clause = f"{scope.id}, {scope.basis.value}, record " + " + ".join(records)
    return Decision(True, clause, None, min(expires), tuple(records))


def last_day_of(state: ConsentState, snapshot: ConsentSnapshot) -> date | None:
    """The last day a yes of this person counts, whatever it is asked about; None when it does not count at all."""
    of_age_unknown = state.signed_as_minor and state.adult_on is None
    if not state.given or state.last_day is None or of_age_unknown:
        return None
    return _last_day(state, snapshot)


def may_if_vouched(
    question: Question, snapshots: Sequence[ConsentSnapshot], catalogue: Catalogue, eea: frozenset[Country]
) -> Decision:
    """What :func:`may` would say if the status of every record were vouched for on that day; nobody may act on it."""
    return may(question, [replace(each, fresh_until=None) for each in snapshots], catalogue, eea)


_PHOTO_OUT = {
    Blocker.VETOED: "somebody on this photo struck it out, so it stays whatever was allowed",
    Blocker.WITHHELD: "this photo is withheld, whatever the records allow",
}


def _clause(scope: Scope, state: ConsentState | None, blocker: Blocker | None) -> str:
    if blocker in _PHOTO_OUT:
        return f"{scope.id}: {_PHOTO_OUT[blocker]}"
    return f"{scope.id}" if state is None else f"{scope.id}, record {state.record}"


_ENDED = {
    Status.REFUSED: Blocker.REFUSED,
    Status.WITHDRAWN: Blocker.WITHDRAWN,
    Status.EXPIRED: Blocker.EXPIRED,
    Status.INVALIDATED: Blocker.INVALIDATED,
    Status.REQUESTED: Blocker.UNANSWERED,
}


def _blocker(question: Question, snapshot: ConsentSnapshot, scope: Scope, eea: frozenset[Country]) -> Blocker | None:
    """The first reason against, in a fixed order so that the same question always gets the same answer."""
    state = snapshot.states.get(scope.id)
    day = question.day
    stopped = _stopped(question.photo, snapshot)
    if stopped is not None:
        return stopped
    if state is None:
        return Blocker.NOT_ASKED
    if state.status is not Status.GIVEN:
        return _ENDED[state.status]
    if state.signed_as_minor and not scope.open_to_minors:
        return Blocker.MINOR
    grant = state.grant
    if grant is None or state.last_day is None:
        return Blocker.NO_LIMIT
    if day < state.first_day:
        return Blocker.NOT_YET
    if day > state.last_day:
        return Blocker.OVER
    if state.sleeps_after is not None and day > state.sleeps_after:
        return Blocker.ASLEEP
    if state.signed_as_minor and (state.adult_on is None or day >= state.adult_on):
        return Blocker.GROWN_UP
    if not grant.territory.covers(question.place, eea):
        return Blocker.TERRITORY
    if question.recipient is None and scope.needs_recipient and not grant.recipients:
        return Blocker.RECIPIENT
    if question.recipient is not None and question.recipient not in grant.recipients:
        return Blocker.RECIPIENT
    if snapshot.fresh_until is not None and day > snapshot.fresh_until:
        return Blocker.STALE
    return None


def _stopped(photo: PhotoGuid, snapshot: ConsentSnapshot) -> Blocker | None:
    """What stops every use of this photo, whatever the records say."""
    if photo in snapshot.vetoed:
        return Blocker.VETOED
    if photo in snapshot.withheld:
        return Blocker.WITHHELD
    return Blocker.RESTRICTED if snapshot.restricted else None


def _last_day(state: ConsentState, snapshot: ConsentSnapshot) -> date:
    ends = [state.last_day, state.sleeps_after, snapshot.fresh_until]
    if state.signed_as_minor and state.adult_on is not None:
        ends.append(date.fromordinal(state.adult_on.toordinal() - 1))
    return min(end for end in ends if end is not None)
