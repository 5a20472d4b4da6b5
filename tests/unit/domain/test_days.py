"""Which day counts: at the place of signing, and the stricter of that day and UTC's for ages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.days import PlaceTime, first_day, local_day

INSTANTS = st.integers(100_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
OFFSETS = st.integers(-960, 960)


def slow_day(at: datetime, minutes: int) -> date:
    """Midnights counted one by one: how many had passed on those clocks since the first of January 1970."""
    seconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) + 60 * minutes
    return date.fromordinal(date(1970, 1, 1).toordinal() + seconds // 86_400)


@given(INSTANTS, OFFSETS)
def test_the_day_is_what_a_calendar_on_the_wall_shows(at: datetime, minutes: int) -> None:
    here = PlaceTime(at, "Etc/Test", minutes)
    assert here.day == local_day(at, minutes) == slow_day(at, minutes)
    assert here.age_day == first_day(at, here.day) == min(slow_day(at, minutes), slow_day(at, 0))
    assert local_day(at.astimezone(timezone(timedelta(hours=9))), minutes) == here.day, "whatever zone it came in"


@given(INSTANTS, OFFSETS)
def test_settled_is_the_first_instant_on_which_both_days_are_the_same(at: datetime, minutes: int) -> None:
    here = PlaceTime(at, "Etc/Test", minutes)
    settled = here.settled()
    assert settled.at <= at and (settled.day, settled.age_day) == (here.day, here.age_day)
    before = PlaceTime(settled.at - timedelta(seconds=1), "Etc/Test", minutes)
    assert before.day < here.day or slow_day(before.at, 0) < slow_day(at, 0)
    assert settled.settled() == settled


def test_without_a_zone_it_counts_by_utc() -> None:
    at = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    assert first_day(at, None) == PlaceTime(at).day == PlaceTime(at).age_day == date(2026, 11, 28)
    assert first_day(at, date(2026, 11, 27)) == date(2026, 11, 27)
    assert first_day(at, date(2026, 11, 29)) == date(2026, 11, 28), "not later than the moment it was given"
