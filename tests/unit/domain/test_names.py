"""Two names are one when a reader would take them for the same person."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.names import as_written, has_controls, name_key

UNSEEN = "\u200b\u200c\u200d\u200e\u202e\u2060\ufeff\u00ad\u034f\u3164\uffa0\u115f\u2800\ufe0f\U000e0101"
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robin", "ROBIN"),
        ("Robin Voss", " robin \t voss "),
        ("Straße", "STRASSE"),
        ("Zoë", "Zoe\u0308"),
        ("Ｒｏｂｉｎ", "Robin"),
        ("ﬁnn", "Finn"),
        ("İpek", "i\u0307pek"),
        ("Ro\u00a0bin", "Ro bin"),
        ("Ολύμπιος", "ΟΛΎΜΠΙΟΣ"),
        *(("Robin", f"Ro{each}bin") for each in UNSEEN),
        *(("Robin", f"{each}Robin{each}") for each in UNSEEN),
    ],
)
def test_written_another_way(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Robin", "Robyn"), ("Zoë", "Zoe"), ("Ro bin", "Robin"), ("Анна", "Anna")])
def test_other_people(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(NAMES, st.sampled_from(UNSEEN), st.integers(0, 20))
def test_a_key_is_settled_whatever_is_slipped_in(name: str, unseen: str, at: int) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key
    assert name_key(f" {name}\n") == key
    assert name_key(as_written(name)) == key
    # Between two letters that would otherwise combine it may change what they are, so only at a name's ends.
    assert name_key(f"{unseen}{name}") == name_key(f"{name}{unseen}") == key or unicodedata.combining(name[:1] or "a")


def test_what_shows_nothing_is_no_name() -> None:
    assert name_key(UNSEEN + " \t\u3000") == ""
    assert as_written("\ufeff Robin\u200e  Voss \u200f") == "Robin\u200e Voss"
    assert as_written("葛\U000e0101") == "葛\U000e0101", "which form of a character is meant belongs to the name"
    assert has_controls("Ro\x1bbin") and has_controls("caf\udce9") and not has_controls("José \u200e")


def test_a_hidden_character_between_a_letter_and_its_accent_makes_no_difference() -> None:
    assert name_key("Jose\u200e\u0301") == name_key("Jose\u0301") == name_key("Jos\u00e9")
