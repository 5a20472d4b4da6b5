"""Canonical JSON against the examples of RFC 8785, and times as text."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from safelight.documents.jcs import canonical, sha256_hex
from safelight.documents.times import (
    end_of_day,
    parse_day,
    parse_time,
    rfc3339,
    whole_seconds,
)
from safelight.domain.errors import Malformed, WrongUsage


def test_the_sample_of_rfc_8785_section_3_2_2() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
        "literals": [None, True, False],
    }
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf_16_as_in_rfc_8785_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical(dict.fromkeys(keys, 0)).decode()
    order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert [part.split('"')[1] for part in written.strip("{}").split(",")] == order


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("aZ0_\x00\x1f\x7f\"\\\\é\ufb33😀", max_size=3), inner),
    max_leaves=15,
)  # fmt: skip


@given(ANY)
@example([1.1, 0.1, 1e-4, 0.00012345678901234567, 123456789012345.67, -5e-5, 1e15, 1e16, 2.0, -0.0, 1e21, 5e-324])
def test_the_fast_way_writes_what_the_reference_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.lists(st.characters(exclude_categories=["Cs"])))
@example([chr(code) for code in range(0x2100)])
def test_text_is_escaped_as_the_reference_does(value: list[str]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(Malformed):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), math.nan, math.inf, "\ud800", {1: 2}, {"a": b"x"}])
def test_what_json_cannot_say_everywhere_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        canonical(value)


def test_sha256_is_that_of_fips_180() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS))
def test_a_time_is_read_back_to_the_second(moment: datetime) -> None:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return
    assert parse_time(rfc3339(moment)) == whole_seconds(moment)


def test_times_are_utc_with_z() -> None:
    assert rfc3339(datetime(2026, 5, 1, 12, 14, 32, 999, timezone(timedelta(hours=2)))) == "2026-05-01T10:14:32Z"
    assert rfc3339(end_of_day(date(2028, 5, 1))) == "2028-05-01T23:59:59Z"
    with pytest.raises(WrongUsage):
        rfc3339(datetime(2026, 5, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["2026-05-01T10:14:32+00:00", "2026-05-01T10:14:32", "2026-05-01 10:14:32Z", "2026-05-01T10:14:32.5Z", "2026-13-01T"
     "10:14:32Z", "2026-05-01T24:00:00Z", "2026-05-01t10:14:32z", "2026-05-01T10:14:32Z\n", "٢026-05-01T10:14:32Z", ""],
)  # fmt: skip
def test_another_form_of_time_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_time(text)


@pytest.mark.parametrize("text", ["2026-02-30", "20260501", "2026-5-1", "2026-05-01T00:00:00Z", "2026-W01-1"])
def test_another_form_of_day_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_day(text)
