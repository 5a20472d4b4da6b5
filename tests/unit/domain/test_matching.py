"""Whether a row of a list is somebody who is there already, and on which days nobody was born."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.matching import differences, means_the_same
from safelight.domain.people import Guardian, Subject, birth_date_fault

ADA = Subject(SubjectId("1"), "Ada Falk", Language("en"), Country("DE"))
DAY = date(2000, 2, 29)


@pytest.mark.parametrize(
    ("known", "told", "same"),
    [
        ({}, {}, True),
        ({}, {"name": " ada  FALK"}, True),
        ({}, {"name": "Bea Falk"}, False),
        ({}, {"name": "Ada\u200b Falk"}, True),  # copied from a page, with a character nobody sees
        ({"reference": "\u200b"}, {"reference": "\u2060", "name": "Bea Falk"}, False),
        ({"reference": "8"}, {"reference": "8", "name": "Ada Berg"}, True),
        ({"reference": "8"}, {"reference": "9"}, False),
        ({"reference": "8"}, {}, True),
        ({"email": "a@x.example"}, {"email": "A@x.example"}, True),
        ({"email": "a@x.example"}, {"email": "b@x.example"}, False),
        ({"email": "a@x.example", "born": DAY}, {"email": "b@x.example", "born": DAY}, True),
        ({"email": "family@x.example", "born": DAY}, {"email": "family@x.example", "born": date(1970, 1, 1)}, False),
        ({}, {"born": DAY, "email": "a@x.example"}, True),
    ],
)
def test_who_is_known_already(known: dict[str, object], told: dict[str, object], same: bool) -> None:
    one, other = replace(ADA, **known), replace(ADA, **told)  # type: ignore[arg-type]
    assert means_the_same(one, other) is means_the_same(other, one) is same


def test_what_differs_is_what_the_list_says_and_we_do_not() -> None:
    known = replace(ADA, email="a@x.example", phone="1", guardians=(Guardian("Olga", "mother"),))
    told = replace(ADA, name="Ada  Falk", phone="2", born=DAY, department="B", guardians=(Guardian("Per", "guardian"),))
    assert differences(known, told) == ("phone", "department", "born", "guardian")
    assert differences(known, replace(ADA, guardians=(Guardian("OLGA", "guardian"),))) == ()
    assert differences(known, known) == ()


@given(st.dates(), st.dates(), st.dates())
def test_who_may_be_born_on_a_day_may_be_younger(born: date, later: date, today: date) -> None:
    assert birth_date_fault(None, today) == "" == birth_date_fault(today, today)
    assert bool(birth_date_fault(born, today)) or born <= today
    if not birth_date_fault(born, today) and born <= later <= today:
        assert not birth_date_fault(later, today)


def test_the_bounds_are_exact() -> None:
    today = date(2026, 11, 27)
    assert not birth_date_fault(date(1905, 11, 28), today)
    assert "more than 120 years ago" in birth_date_fault(date(1905, 11, 27), today)
    assert "in the future" in birth_date_fault(today + timedelta(days=1), today)
