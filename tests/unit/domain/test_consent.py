"""A record's life: what may follow what, and what never does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from safelight.domain.choice import Grant
from safelight.domain.consent import ConsentEvent, EventKind, Limits, Status, apply, fold, limits_of_yes
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country, EventId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.scope import Scope, read_catalogue
from safelight.domain.term import ONE_YEAR, UNTIL_WITHDRAWN, Term, TermKind, Territory, TerritoryKind
from safelight.settings.resources import read_json

CATALOGUE = read_catalogue(read_json("rules/scopes.json"))
SCOPE = CATALOGUE.scope("use.portfolio")
GRANT = Grant(ONE_YEAR, Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")})))


def event(kind: EventKind, sequence: int, grant: Grant | None = None, day: int = 1, record: str = "r") -> ConsentEvent:
    needs = kind in (EventKind.GIVEN, EventKind.RENEWED, EventKind.CHANGED)
    at = dt.datetime(2026, 1, day, tzinfo=dt.UTC)
    said = grant or (GRANT if needs else None)
    return ConsentEvent(
        EventId(f"e{sequence}"),
        RecordId(record),
        SubjectId("s"),
        ScopeId(SCOPE.id),
        kind,
        sequence,
        at,
        Role.SUBJECT,
        said,
        limits=limits_of_yes(SCOPE, said, at.date()) if said else None,
    )


ALLOWED = {
    (None, "requested"),
    (None, "given"),
    (None, "refused"),
    ("requested", "given"),
    ("requested", "refused"),
    ("requested", "invalidated"),
    ("given", "renewed"),
    ("given", "changed"),
    ("given", "withdrawn"),
    ("given", "expired"),
    ("given", "invalidated"),
}
REACH = {
    None: [],
    "requested": [EventKind.REQUESTED],
    "given": [EventKind.GIVEN],
    "refused": [EventKind.REFUSED],
    "withdrawn": [EventKind.GIVEN, EventKind.WITHDRAWN],
    "expired": [EventKind.GIVEN, EventKind.EXPIRED],
    "invalidated": [EventKind.GIVEN, EventKind.INVALIDATED],
}


@pytest.mark.parametrize(("before", "kind"), list(itertools.product(REACH, EventKind)))
def test_every_transition(before: str | None, kind: EventKind) -> None:
    path = [*REACH[before], kind]
    events = [event(each, number, day=number) for number, each in enumerate(path, 1)]
    if (before, kind.value) in ALLOWED:
        assert fold(events).sequence == len(path)
    else:
        with pytest.raises(Malformed, match="cannot follow"):
            fold(events)


def test_order_of_arrival_does_not_matter_but_gaps_do() -> None:
    events = [event(EventKind.GIVEN, 1), event(EventKind.CHANGED, 2, day=2), event(EventKind.WITHDRAWN, 3, day=3)]
    states = [fold(each) for each in itertools.permutations(events)]
    assert all(state == states[0] for state in states)
    assert states[0].status is Status.WITHDRAWN
    with pytest.raises(Malformed, match="out of order"):
        fold([events[0], events[2]])
    with pytest.raises(Malformed, match="out of order"):
        fold([events[0], events[0]])
    with pytest.raises(Malformed, match="without events"):
        fold([])


def test_an_event_of_another_record_or_from_before_is_refused() -> None:
    first = apply(None, event(EventKind.GIVEN, 1, day=5))
    with pytest.raises(Malformed, match="another record"):
        apply(first, event(EventKind.WITHDRAWN, 2, record="other", day=6))
    for other in ({"scope": ScopeId("use.social")}, {"subject": SubjectId("somebody")}):
        with pytest.raises(Malformed, match="another record"):
            apply(first, dataclasses.replace(event(EventKind.WITHDRAWN, 2, day=6), **other))
    with pytest.raises(Malformed, match="dated before"):
        apply(first, event(EventKind.WITHDRAWN, 2, day=4))


def test_a_yes_without_limits_is_refused() -> None:
    bare = ConsentEvent(
        EventId("e"),
        RecordId("r"),
        SubjectId("s"),
        ScopeId(SCOPE.id),
        EventKind.GIVEN,
        1,
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        Role.SUBJECT,
    )
    with pytest.raises(Malformed, match="no limits"):
        fold([bare])
    with pytest.raises(Malformed, match="no limits"):
        fold([dataclasses.replace(event(EventKind.GIVEN, 1), limits=None)])


def test_the_signed_limits_are_taken_as_they_are() -> None:
    """Whatever the term and today's caps would give: the state says what was signed, and nothing else."""
    signed = Limits(dt.date(2029, 5, 4), dt.date(2027, 5, 4), dt.date(2027, 6, 3), True, dt.date(2028, 1, 1))
    state = fold([dataclasses.replace(event(EventKind.GIVEN, 1), limits=signed)])
    found = (state.last_day, state.review_due, state.sleeps_after, state.signed_as_minor, state.adult_on)
    assert found == dataclasses.astuple(signed)


def test_caps_and_reviews() -> None:
    open_ended = fold([event(EventKind.GIVEN, 1, Grant(UNTIL_WITHDRAWN, GRANT.territory))])
    assert open_ended.last_day == dt.date(2031, 1, 1), "60 months is the cap of the portfolio"
    assert open_ended.review_due == dt.date(2027, 1, 1)
    assert open_ended.sleeps_after == dt.date(2027, 1, 31)
    yearly = fold([event(EventKind.GIVEN, 1)])
    assert (yearly.last_day, yearly.review_due) == (dt.date(2027, 1, 1), None)


@pytest.mark.parametrize("scope", [each for each in CATALOGUE.scopes if each.asked], ids=lambda each: each.id)
def test_every_ai_use_is_put_to_the_person_again_after_a_year(scope: Scope) -> None:
    """However long it may last by its term; another use only where its term is open."""
    day = dt.date(2026, 1, 1)
    for term, again in ((Term(TermKind.MONTHS, months=12), scope.ai), (UNTIL_WITHDRAWN, True)):
        limits = limits_of_yes(scope, Grant(term, GRANT.territory), day)
        due = (dt.date(2027, 1, 1), dt.date(2027, 1, 31)) if again else (None, None)
        assert (limits.review_due, limits.sleeps_after) == due
    renewed = fold([event(EventKind.GIVEN, 1), event(EventKind.RENEWED, 2, day=20)])
    assert renewed.last_day == dt.date(2027, 1, 20)
