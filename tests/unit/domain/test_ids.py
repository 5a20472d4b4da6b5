"""Short ids: the beginning of an id that means no other, and what can be one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.ids import SHORTEST_ID, may_begin_id, short_ids


@given(st.lists(st.text("0123456789abcdef", min_size=12, max_size=12), max_size=30) | st.lists(st.uuids().map(str)))
def test_a_short_id_means_one_thing(ids: list[str]) -> None:
    short = short_ids(ids)
    assert set(short) == set(ids)
    for id, beginning in short.items():
        assert len(beginning) >= SHORTEST_ID and [each for each in short if each.startswith(beginning)] == [id]


def test_ids_that_begin_alike_are_told_apart() -> None:
    assert short_ids(["123456789abc", "123456789abd", "0"]) == {
        "123456789abc": "123456789abc",
        "123456789abd": "123456789abd",
        "0": "0",
    }


def test_what_may_be_the_beginning_of_an_id() -> None:
    assert may_begin_id("1a2b") and may_begin_id("1a2b3c4d-5e6f")
    assert not may_begin_id("1a2") and not may_begin_id("ada falk") and not may_begin_id("1A2B")


def test_an_id_that_came_since_has_a_short_form_too() -> None:
    short = short_ids(["123456789abc", "123456789abd"])
    assert short["fedcba987654"] == "fedcba98" and "fedcba987654" not in short
