"""The meter of a new passphrase: what is easy to guess is never called good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.passphrase_strength import Strength, strength


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", Strength.SHORT),
        ("1234567", Strength.SHORT),
        ("aaaaaaaaaaaaaaaaaaaa", Strength.WEAK),
        ("12345678901234567890", Strength.WEAK),
        ("abcdefghijklmnop", Strength.WEAK),
        ("password", Strength.WEAK),
        ("Fotostudio2026", Strength.WEAK),
        ("dog dog dog dog dog", Strength.WEAK),
        ("correct horse battery staple", Strength.GOOD),
        ("قطة تحب المطر والشاي الأخضر دائما", Strength.STRONG),
        ("anker wolke siebzig teppich mond lampe ruder", Strength.STRONG),
        ("kX9#mQ2$vL7!pR4&", Strength.STRONG),
    ],
)
def test_the_meter_says(passphrase: str, said: Strength) -> None:
    assert strength(passphrase) is said


@given(st.text(max_size=60))
def test_any_text_has_a_word(text: str) -> None:
    assert strength(text) in Strength
