"""How many signing places a day needs: the rule agrees with a simulated day of 120 people."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import WrongUsage
from safelight.domain.planning import signing_places

PER_HOUR = 60 / 3.49
"""108 people booked and 12 walk-ins in 450 minutes with a break of 45."""


@pytest.mark.parametrize(
    ("minutes", "pre_signed", "places"),
    [  # places that ended the simulated day on time; with fewer, more than a third of the days ended late
        (2.5, 0.0, 1), (3.5, 0.0, 2), (4.0, 0.0, 2), (5.0, 0.0, 2), (5.0, 0.5, 1), (5.0, 0.8, 1), (7.0, 0.0, 3),
    ],
)  # fmt: skip
def test_the_places_are_those_of_the_simulated_day(minutes, pre_signed, places):
    assert signing_places(PER_HOUR, minutes, pre_signed) == places


shares = st.floats(0, 1)
people = st.floats(0, 500)
times = st.floats(0.1, 60)


@given(people, times, shares, shares)
def test_who_signs_before_never_needs_more_places(per_hour, minutes, few, many):
    few, many = sorted((few, many))
    if minutes >= 0.8:
        assert signing_places(per_hour, minutes, many) <= signing_places(per_hour, minutes, few)


@given(people, times, shares)
def test_the_places_carry_the_work_and_one_less_would_not(per_hour, minutes, pre_signed):
    places = signing_places(per_hour, minutes, pre_signed)
    work = per_hour * (minutes * (1 - pre_signed) + 0.8 * pre_signed) / 60
    assert work <= places * 0.85 + 1e-6
    assert places == 0 or work > (places - 1) * 0.85 - 1e-6


def test_nobody_needs_no_place():
    assert signing_places(0, 4, 0) == 0


@pytest.mark.parametrize("given", [(-1, 4, 0), (10, 0, 0), (10, 4, 1.1), (math.inf, 4, 0), (math.nan, 4, 0)])
def test_what_is_no_plan_is_refused(given):
    with pytest.raises(WrongUsage):
        signing_places(*given)
