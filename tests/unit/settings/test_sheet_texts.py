"""The wording of cards and recovery sheets: whole in every language, and none of it unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import safelight.receipt
from safelight.settings.resources import folder, read_json
from safelight.settings.sheet_texts import SHEET_LANGUAGES, sheet_texts

ENGLISH = read_json("sheets/en.json")["words"]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", SHEET_LANGUAGES)
def test_each_language_says_everything_with_the_same_values(language: str) -> None:
    words = sheet_texts(language).words
    assert words.keys() == ENGLISH.keys()
    assert {key: places(text) for key, text in words.items()} == {key: places(text) for key, text in ENGLISH.items()}
    assert all(text.strip() == text and text for text in words.values())


def test_every_file_is_a_language_and_every_phrase_is_used() -> None:
    assert {path.stem for path in (folder() / "sheets").glob("*.json")} == {*SHEET_LANGUAGES}
    room = Path(safelight.receipt.__file__).parent
    code = "".join((room / f"{each}.py").read_text("utf-8") for each in ("cards", "recovery_sheets", "closing"))
    assert [key for key in ENGLISH if not re.search(f"[\"']{key}[\"']", code)] == []


def test_another_language_is_printed_in_english_and_a_region_in_its_language() -> None:
    assert sheet_texts("ja").language == "en" and sheet_texts("de-AT").language == "de"
    assert sheet_texts("ar").rtl and not sheet_texts("fr").rtl
    with pytest.raises(KeyError):
        sheet_texts("en").say("nothing of that name")
