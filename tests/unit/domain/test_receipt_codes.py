"""The code of a receipt is found however it was typed, pasted or scanned, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.receipt_codes import ALPHABET, LENGTH, in_groups, receipt_code, typed_letters

CODE = "K7QM-2XWP-9ABC-DEFG"


@pytest.mark.parametrize(
    "text",
    [
        CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), f"  {CODE}\n", CODE.replace("-", " – "),
        "Ｋ７ＱＭ-２ＸＷＰ-９ＡＢＣ-ＤＥＦＧ", f"\u200e{CODE}\u200f",
        f"mailto:studio@lamp.example?subject=Withdraw%20{CODE}", f"MAILTO:A@B.EXAMPLE?SUBJECT=W%20{CODE.lower()}",
        f"+49 30 123 456 {CODE}", f"+4930123456{CODE}", f"Withdraw {CODE}, please",
    ],
)  # fmt: skip
def test_it_is_found_in(text: str) -> None:
    assert receipt_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    ["", "K7QM", "AB12CD", CODE[:-1], CODE.replace("K", "O"), CODE.replace("7", "1"),
     pytest.param("SLATE1:" + "A" * 53, id="slate"),
     "https://example.com/k7qm2xwp9abcdefg", "K7QM2XWP9ABCDEFGH"],
)  # fmt: skip
def test_it_is_not_found_in(text: str) -> None:
    assert receipt_code(text) is None


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_typed_letter_by_letter_stands_as_on_the_receipt(letters: str) -> None:
    typed = ""
    for letter in letters.lower():
        typed = in_groups(typed_letters(typed + letter))
    assert typed == in_groups(letters) == receipt_code(typed)


@given(st.text())
def test_no_letter_that_no_code_has_is_ever_typed(text: str) -> None:
    assert set(typed_letters(text)) <= set(ALPHABET) and len(typed_letters(text)) <= LENGTH


def test_letters_that_are_mixed_up_are_left_out_and_other_text_is_left_alone() -> None:
    assert typed_letters("o0K1i7lLu") == "K7"
    assert typed_letters("mailto:a@b.example") == ""
