"""Names on cards: as large as the box allows, whole where it can be, with an ellipsis where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.plain_text import clean
from safelight.receipt.fitting import fitted
from support.sampling import examples

SIZES = (16, 12, 8)


def bare(text: str) -> str:
    return text.strip("\u2066\u2067\u2068\u2069")


def test_a_short_name_has_the_largest_letters() -> None:
    assert fitted("Ada Falk", 200, 60, SIZES).style.size == 16


def test_a_word_is_rather_smaller_than_cut_in_two() -> None:
    found = fitted("Maximiliane Schwarzensteiner", 112, 60, SIZES)
    assert found.style.size == 12 and len(found.lines) == 2


@pytest.mark.parametrize("name", ["W" * 500, "Ab " * 170, "ا" * 500, "山" * 500, "e\u0301" * 250])
def test_what_is_too_long_ends_in_an_ellipsis_inside_its_box(name: str) -> None:
    found = fitted(name, 100, 40, SIZES)
    assert found.height <= 40 and found.style.size == 8
    assert bare(found.text).endswith("…")
    assert clean(name).startswith(bare(found.text)[:-1].rstrip())


@settings(max_examples=examples(150, 4000), deadline=None)
@given(st.text(max_size=300), st.floats(40, 300), st.floats(24, 120))
def test_no_name_runs_out_of_its_box(name: str, width: float, height: float) -> None:
    found = fitted(name, width, height, SIZES)
    assert found.height <= height or len(found.lines) == 1
    assert all(line.width <= width + 0.5 for line in found.lines)
