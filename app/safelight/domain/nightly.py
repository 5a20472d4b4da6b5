"""What the passing of time asks for: yeses that are over, letters that are due, and pictures whose time is up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .consent import ConsentState
from .ids import RecordId, ScopeId, SubjectId
from .term import add_months

REMINDED_DAYS = (60, 30, 7)
"""So many days before a yes ends the person hears of it; who was not reached in time gets the nearest one alone."""
ANNOUNCED_DAYS = 30
"""Pictures go no sooner than so many days after a run announced it: nobody finds them gone unasked."""


class LetterKind(StrEnum):
    """Why somebody is written to."""

    REMINDER = "reminder"
    """A yes ends soon."""
    REVIEW = "review"
    """The yearly question whether a yes shall go on; unanswered, it rests."""
    OF_AGE = "of-age"
    """A guardian signed, and the person is of age now: they are asked themselves."""


@dataclass(frozen=True, slots=True)
class DueLetter:
    """One letter to one person about some of their yeses. ``key`` is what it is known by, so that it is written once.

    ``day`` is the day a reminder or a review is about, or the day somebody came of age.
    """

    subject: SubjectId
    kind: LetterKind
    day: date
    uses: tuple[ScopeId, ...]
    key: str


def is_over(state: ConsentState, today: date) -> bool:
    """Whether a yes has run out by ``today`` and is to be ended; one without a known end counts for nothing anyway."""
    return state.given and state.last_day is not None and state.last_day < today


def letters_due(person: SubjectId, states: Iterable[ConsentState], today: date) -> tuple[DueLetter, ...]:
    """Every letter that is due to one person ``today``, whether it was written or not: one per kind and day."""
    reminded: dict[tuple[date, int], list[ConsentState]] = {}
    reviewed: dict[date, list[ConsentState]] = {}
    grown: dict[date, list[ConsentState]] = {}
    for state in states:
        if not state.given or is_over(state, today):
            continue
        if state.signed_as_minor and state.adult_on is not None and state.adult_on <= today:
            grown.setdefault(state.adult_on, []).append(state)
            continue  # it counts no longer, so its end and its review are no matter
        if state.review_due is not None and state.review_due <= today <= (state.sleeps_after or today):
            reviewed.setdefault(state.review_due, []).append(state)
        if state.last_day is not None:
            left = (state.last_day - today).days
            nearest = min((days for days in REMINDED_DAYS if left <= days), default=None)
            if nearest is not None:
                reminded.setdefault((state.last_day, nearest), []).append(state)
    made = [_letter(person, LetterKind.REMINDER, day, each, str(days)) for (day, days), each in reminded.items()]
    made += [_letter(person, LetterKind.REVIEW, day, each) for day, each in reviewed.items()]
    made += [_letter(person, LetterKind.OF_AGE, day, each) for day, each in grown.items()]
    return tuple(sorted(made, key=lambda each: (each.day, each.key)))


def _letter(
    person: SubjectId, kind: LetterKind, day: date, states: Iterable[ConsentState], which: str = ""
) -> DueLetter:
    ordered = sorted(states, key=lambda each: each.scope)
    records: list[RecordId] = [each.record for each in ordered]
    key = "/".join(each for each in (kind.value, day.isoformat(), which, *records) if each)
    return DueLetter(person, kind, day, tuple(each.scope for each in ordered), key)


def lasting(until: Mapping[SubjectId, date | None], shots: Iterable[Collection[SubjectId]]) -> dict[SubjectId, date]:
    """Until when the pictures of each person stay: nobody's go while somebody else on one of them may keep theirs.

    ``until`` is each person's own last day (None: no end is known, so theirs stay, and who is beside them with them);
    ``shots`` are the people on each shot. Who has no end is not among the result.
    """
    beside: dict[SubjectId, set[SubjectId]] = {person: {person} for person in until}
    for people in shots:
        for person in people:
            beside.setdefault(person, {person}).update(people)
    found = {}
    for person in until:
        days = [until.get(each) for each in beside[person]]
        known = [each for each in days if each is not None]
        if len(known) == len(days):
            found[person] = max(known)
    return found


def photos_until(ended: Iterable[date], delivered: Iterable[date], taken: date, months: int) -> date:
    """The last day the pictures of a person are kept.

    ``ended`` are the last days of their yeses, ended or to come; without one that lasts longer it is ``months`` after
    the last of ``delivered``, or after the day they were ``taken`` where nothing was delivered.
    """
    return max([add_months(max(delivered, default=taken), months), *ended])
