"""Until when a request is answered: never later than the law of any place says, one extension, one answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.documents.rules import shipped_rules
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import RequestId, SubjectId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RequestState, RightsRequest, answered, due_day, extended
from safelight.domain.term import add_months
from safelight.domain.withdrawal import Channel
from support.sampling import examples

PLACES = shipped_rules().jurisdictions
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
SOME = st.lists(st.sampled_from([*PLACES.places, "XX", "US"]), max_size=4)
AT = datetime(2027, 1, 5, 9, tzinfo=UTC)


def request_due(received: date, due: date) -> RightsRequest:
    return RightsRequest(
        RequestId("r"), SubjectId("s"), RequestKind.ACCESS, received, AT, Channel.MAIL, Role.SUBJECT, None, due
    )


@settings(max_examples=examples(200, 5000), deadline=None)
@given(DAYS, SOME)
def test_the_last_day_is_the_earliest_any_law_asks_for(received: date, countries: list[str]) -> None:
    places = [PLACES.of(each) for each in countries]
    due = due_day(received, places)
    assert received < due <= received + timedelta(days=90)
    for place in places:
        assert due <= due_day(received, [place])
        assert place.access_days_told is None or due <= received + timedelta(days=place.access_days_told)
        assert not place.says_months or due <= add_months(received, 1)
    assert due_day(received + timedelta(days=1), places) >= due, "who asks later is not answered sooner"
    assert due_day(received, reversed(places)) == due


@pytest.mark.parametrize(
    ("country", "received", "due"),
    [
        ("DE", "2027-01-31", "2027-02-28"),
        ("DE", "2027-03-05", "2027-04-04"),
        ("GB", "2028-01-31", "2028-02-29"),
        ("BR", "2027-01-31", "2027-02-15"),
        ("US-CA", "2027-01-31", "2027-03-17"),
        ("US-IL", "2027-01-31", "2027-02-28"),
        ("XX", "2027-12-31", "2028-01-31"),
    ],
)
def test_each_place_has_its_own(country: str, received: str, due: str) -> None:
    assert due_day(date.fromisoformat(received), [PLACES.of(country)]) == date.fromisoformat(due)


@settings(max_examples=examples(100, 3000), deadline=None)
@given(DAYS, SOME, st.integers(-5, 40))
def test_more_time_is_told_while_there_is_some(received: date, countries: list[str], days: int) -> None:
    asked = request_due(received, due_day(received, map(PLACES.of, countries)))
    today = received + timedelta(days=days)
    if asked.days_left(today) < 0:
        with pytest.raises(Refused):
            extended(asked, today, "many photos")
        return
    longer = extended(asked, today, "many photos")
    assert longer.due == add_months(asked.due, 2) and longer.waiting and longer.extended_because == "many photos"
    assert longer.due <= add_months(received, 3) or not any(PLACES.of(each).says_months for each in countries)
    with pytest.raises(Refused):
        extended(longer, today, "again")


def test_one_answer_and_a_refusal_says_on_which_ground() -> None:
    asked = request_due(date(2027, 1, 1), date(2027, 1, 31))
    done = answered(asked, AT, refused=False, reason="")
    assert (done.state, done.answered, done.waiting) == (RequestState.ANSWERED, AT, False)
    with pytest.raises(WrongUsage):
        answered(asked, AT, refused=True, reason=" ")
    with pytest.raises(WrongUsage):
        extended(asked, date(2027, 1, 2), " ")
    refused = answered(extended(asked, date(2027, 1, 31), "why"), AT, refused=True, reason="a duty to keep it")
    assert (refused.state, refused.reason) == (RequestState.REFUSED, "a duty to keep it")
    for closed in (done, refused):
        with pytest.raises(Refused):
            answered(closed, AT, refused=False, reason="")
        with pytest.raises(Refused):
            extended(closed, date(2027, 1, 2), "why")
