"""What time is believed, and the way back after a wrong clock: it never revives what time has ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.clock import (
    CONFIRMED,
    MOST_AHEAD,
    SET_BACK,
    TOLERANCE,
    Dated,
    check_confirmed,
    dated,
    is_believed,
    ratchet,
    way_back,
)
from safelight.domain.errors import WrongUsage
from support.sampling import examples

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
WRONG = datetime(2099, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 50 * 365 * 24 * 60).map(lambda each: START + timedelta(minutes=each))
steps = st.timedeltas(timedelta(0), MOST_AHEAD)


def lived(gaps: list[timedelta], kind: str = "asked", start: datetime = START) -> list[Dated]:
    """Entries of a journal whose time went on by these ``gaps``."""
    found, at = [Dated(1, start, "founded")], start
    for gap in gaps:
        at += gap
        found.append(Dated(len(found) + 1, at, kind))
    return found


@given(minutes, minutes)
@settings(max_examples=examples(200, 5_000))
def test_time_never_runs_back_and_never_far_ahead_unasked(clock: datetime, newest: datetime) -> None:
    now = ratchet(clock, newest)
    assert now.at == max(clock, newest) and not (now.ahead and now.set_back)
    assert now.ahead is (clock > newest + MOST_AHEAD)
    written = dated(clock, newest)
    assert newest <= written <= newest + MOST_AHEAD and written in (clock, newest)


@given(minutes, minutes, minutes)
@settings(max_examples=examples(200, 5_000))
def test_what_a_studio_has_signed_is_time_too(clock: datetime, newest: datetime, told: datetime) -> None:
    written = dated(clock, newest, told)
    assert max(newest, told) <= written and is_believed(written, newest, told)


@given(st.lists(steps, max_size=12), minutes)
@settings(max_examples=examples(300, 10_000))
def test_where_time_went_on_by_itself_there_is_no_way_back(gaps: list[timedelta], clock: datetime) -> None:
    """However the clock is set, no entry of an honest history is taken for a wrong clock's."""
    assert way_back(lived(gaps), clock) is None


@given(st.lists(steps, max_size=6), st.lists(steps, max_size=6), minutes)
@settings(max_examples=examples(300, 10_000))
def test_nor_behind_a_time_that_somebody_confirmed(
    before: list[timedelta], after: list[timedelta], clock: datetime
) -> None:
    first = lived(before)
    confirmed = Dated(len(first) + 1, first[-1].at + 3 * MOST_AHEAD, CONFIRMED)
    entries = [*first, confirmed, *lived(after, start=confirmed.at)[1:]]
    assert way_back(entries, clock) is None


@given(st.lists(steps, max_size=6), st.lists(steps, max_size=6), st.timedeltas(timedelta(0), MOST_AHEAD))
@settings(max_examples=examples(300, 10_000))
def test_the_way_back_leads_to_the_newest_time_before_the_wrong_clock(
    before: list[timedelta], wrong: list[timedelta], since: timedelta
) -> None:
    """Never further: whatever had ended by then stays ended."""
    entries = lived(before)
    newest = max(each.at for each in entries)
    jump = Dated(len(entries) + 1, newest + timedelta(days=60 * 365), "asked")
    found = way_back([*entries, jump, *lived(wrong, start=jump.at)[1:]], newest + since)
    assert found == (jump, newest)


def test_a_wrong_clock_is_known_only_once_it_is_right_again() -> None:
    entries = [*lived([timedelta(days=1)]), Dated(3, WRONG, "asked")]
    assert way_back(entries, WRONG) is None
    assert way_back(entries, START) is None, "the clock shows less than was honestly seen"
    assert way_back(entries, START + timedelta(days=2)) == (entries[2], START + timedelta(days=1))


def test_after_the_way_back_time_counts_anew() -> None:
    back = START + timedelta(days=2)
    entries = [Dated(1, START, "founded"), Dated(2, WRONG, "asked"), Dated(3, back, SET_BACK)]
    assert way_back(entries, back) is None
    again = [*entries, Dated(4, back + timedelta(days=1), "asked"), Dated(5, WRONG, "asked")]
    assert way_back(again, back + timedelta(days=1)) == (again[4], back + timedelta(days=1))


def test_an_empty_journal_and_one_that_was_founded_by_a_wrong_clock_have_none() -> None:
    assert way_back([], START) is None
    assert way_back([Dated(1, WRONG, "founded")], START) is None


def test_the_day_is_typed_by_whoever_confirms_it() -> None:
    check_confirmed(True, WRONG, date(2099, 1, 1))
    for ahead, day in ((False, date(2099, 1, 1)), (True, date(2026, 5, 4))):
        with pytest.raises(WrongUsage):
            check_confirmed(ahead, WRONG, day)


def test_a_clock_a_little_behind_is_not_set_back() -> None:
    assert not ratchet(START - TOLERANCE, START).set_back
    assert ratchet(START - TOLERANCE - timedelta(seconds=1), START).set_back
