"""How a day goes: by the last hour, and silent where nobody can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safelight.domain.pace import pace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_twenty_an_hour_leave_forty_done_in_two_hours() -> None:
    done = [NOW - 3 * MINUTE * number for number in range(1, 21)]
    found = pace(done, left=40, signing=4, places=2, now=NOW)
    assert found.per_hour == pytest.approx(20)
    assert found.ready_at == NOW + timedelta(hours=2)
    assert found.wait_to_sign == 6 * MINUTE


def test_what_was_before_the_last_hour_does_not_count() -> None:
    early = [NOW - timedelta(hours=3, minutes=number) for number in range(60)]
    late = [NOW - MINUTE * number for number in (10, 20, 30)]
    assert pace(early + late, 6, 0, 1, NOW).per_hour == pytest.approx(6)


def test_two_people_say_nothing_about_a_day() -> None:
    found = pace([NOW - MINUTE, NOW - 2 * MINUTE], 100, 0, 0, NOW)
    assert (found.per_hour, found.ready_at, found.wait_to_sign) == (None, None, timedelta())
    assert pace([NOW - MINUTE] * 5, 1, 0, 1, NOW).per_hour is None, "nor do the first minutes"
    assert pace([NOW + MINUTE] * 5, 1, 0, 1, NOW).per_hour is None


def test_nobody_left_is_done_now() -> None:
    assert pace([NOW - MINUTE * number for number in (2, 4, 6)], 0, 0, 1, NOW).ready_at == NOW
