"""The clock code: the time it was shown at survives a photograph, and nothing else is taken for a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safelight.capture.clock_codes import clock_matrix, clock_text, read_clock_text
from safelight.capture.slates import read_slate_text, slate_matrix
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.errors import WrongUsage
from safelight.images.media_type import MediaType

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SHOWN = datetime(2026, 11, 27, 18, 50, 1, 234_000, UTC)
moments = st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).flatmap(  # noqa: DTZ001 - the zone is put on below
    lambda at: st.integers(-840, 840).map(lambda off: at.replace(tzinfo=timezone(timedelta(minutes=off))))
)


@given(moments)
def test_the_time_is_read_to_the_millisecond(at):
    text = clock_text(at)
    assert re.fullmatch(r"CLOCK1:[A-Z2-7]{14}", text)
    read = read_clock_text(text)
    assert read is not None and read.utcoffset() == timedelta(0)
    assert timedelta(0) <= at - read < timedelta(milliseconds=1)


def test_the_form_is_fixed():
    """What one version of the program shows, another one reads."""
    assert clock_text(SHOWN) == "CLOCK1:ADIQ6K7IJEMSH5"
    assert read_clock_text("CLOCK1:ADIQ6K7IJEMSH5") == SHOWN


@given(moments, st.integers(7, 20), st.sampled_from(LETTERS))
def test_a_changed_letter_is_noticed(at, place, letter):
    text = clock_text(at)
    assume(text[place] != letter)
    assert read_clock_text(text[:place] + letter + text[place + 1 :]) is None


@given(st.one_of(st.text(), st.text(alphabet=LETTERS, min_size=14, max_size=14).map("CLOCK1:".__add__)))
def test_foreign_text_says_no_time(text):
    read = read_clock_text(text)
    assert read is None or clock_text(read) == text
    assert read_slate_text(text) is None or read is None


@pytest.mark.parametrize("at", [SHOWN.replace(tzinfo=None), SHOWN.replace(year=1999), SHOWN.replace(year=2200)])
def test_a_time_without_zone_or_out_of_reach_is_refused(at):
    with pytest.raises(WrongUsage):
        clock_text(at)


def test_the_code_is_small_enough_to_be_read_across_a_room():
    assert len(clock_matrix(SHOWN)) == 25 == len(clock_matrix(SHOWN)[0])
    assert clock_matrix(SHOWN) == slate_matrix(clock_text(SHOWN))


def test_a_photographed_code_tells_the_time_and_is_no_slate(decoders):
    taken = drawn_portrait(5, (2000, 3000), camera_time=SHOWN, slate=clock_text(SHOWN))
    seen = decoders.develop(taken, MediaType.JPEG)
    assert (seen.clock, seen.slate) == (SHOWN, None)


def test_a_portrait_tells_no_time(decoders):
    assert decoders.develop(drawn_portrait(5, (400, 600), camera_time=SHOWN), MediaType.JPEG).clock is None
