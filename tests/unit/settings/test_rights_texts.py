"""The wording of papers about people's rights: whole in every language, and none of it unused."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

import safelight.rights
from safelight.settings.resources import folder, read_json
from safelight.settings.rights_texts import OFFICE_LANGUAGES, Audience, rights_texts
from safelight.settings.texts import LANGUAGES
from unit.settings.test_texts import SCRIPTS

WORDED: dict[Audience, tuple[str, ...]] = {"person": LANGUAGES, "office": OFFICE_LANGUAGES}
FOUND: list[tuple[Audience, str]] = [(audience, code) for audience, codes in WORDED.items() for code in codes]


def english(audience: Audience) -> dict[str, str]:
    words: dict[str, str] = read_json(f"rights/{audience}/en.json")["words"]
    return words


def places(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


@pytest.mark.parametrize(("audience", "language"), FOUND)
def test_each_language_says_everything_with_the_same_values(audience: Audience, language: str) -> None:
    words = rights_texts(audience, language).words
    assert words.keys() == english(audience).keys() and rights_texts(audience, language).language == language
    assert {key: places(text) for key, text in words.items()} == {
        key: places(text) for key, text in english(audience).items()
    }
    assert all(text.strip() == text and text for text in words.values())
    same = [key for key, text in words.items() if language != "en" and text == english(audience)[key]]
    # A word or two may be the same in two languages; a whole sentence is one that nobody translated.
    assert [key for key in same if len(words[key]) > 24] == []


def test_every_file_is_a_language_and_every_phrase_is_used() -> None:
    room = Path(safelight.rights.__file__).parent
    code = "".join(path.read_text("utf-8") for path in room.glob("*.py"))
    families = re.findall(r"f\"(\w+?_)\{", code)
    for audience in {audience for audience, _ in FOUND}:
        assert {path.stem for path in (folder() / "rights" / audience).glob("*.json")} == {*WORDED[audience]}
        unused = [key for key in english(audience) if not re.search(f"[\"']{key}[\"']", code)]
        assert [key for key in unused if not key.startswith(tuple(families))] == []


def test_another_language_is_told_in_english_and_a_region_in_its_language() -> None:
    assert rights_texts("person", "sw").language == "en" and rights_texts("person", "de-AT").language == "de"
    with pytest.raises(KeyError):
        rights_texts("person", "en").say("nothing of that name")


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_no_phrase_is_left_in_another_script(language: str) -> None:
    for audience in (each for each, code in FOUND if code == language):
        for key, text in rights_texts(audience, language).words.items():
            own = any(unicodedata.name(each, "").startswith(SCRIPTS[language]) for each in text)
            assert own or not any(map(str.isalpha, re.sub(r"\{\w+\}|№", "", text))), (audience, key)
            assert read_json(f"rights/{audience}/{language}.json")["review"] == "machine-drafted, needs native review"
