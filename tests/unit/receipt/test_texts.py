"""Wording: complete in every language, the same facts, short words; the law's items all there."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest

from safelight.domain.ids import Language, NoticeId
from safelight.domain.notice import ALWAYS, BY_PLACE, FOR_FACE_DATA, assemble, items_for
from safelight.settings.resources import read_json
from safelight.settings.texts import FACTS, LANGUAGES, texts

SCOPES = read_json("rules/scopes.json")
ENGLISH = read_json("texts/en.json")


def leaves(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {key: each for name, inner in value.items() for key, each in leaves(inner, f"{path}/{name}").items()}
    if isinstance(value, list):
        return {key: each for at, inner in enumerate(value) for key, each in leaves(inner, f"{path}/{at}").items()}
    return {path: str(value)}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    own, english = leaves(read_json(f"texts/{language}.json")), leaves(ENGLISH)
    assert own.keys() == english.keys()
    for path, sentence in own.items():
        assert sentence.strip() and places(sentence) == places(english[path]), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_drafts_say_that_they_are_drafts(language: str) -> None:
    # Nobody who speaks the language has read it yet; a review is entered in the file together with who made it.
    assert not texts(language).reviewed and texts(language).review == "machine-drafted, needs native review"
    assert texts(language).version and len(texts(language).sha256) == 64
    assert texts(language).rtl == (language == "ar")


def test_the_notice_has_all_items_of_the_rules() -> None:
    due = {item["id"] for item in read_json("rules/notice_items.json")["items"]}
    assert due == set(texts("en").notice_items)
    assert set(ALWAYS) | {each for several in BY_PLACE.values() for each in several} | set(FOR_FACE_DATA) == due


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_can_be_filled_from_the_listed_facts_alone(language: str) -> None:
    known = texts(language)
    facts = {name: f"<{name}>" for name in FACTS} | known.default_facts("hej@example.org")
    everywhere = items_for(("US-IL", "IN", "KR", "CN", "CH", "GB", "CA-QC"), face_data=True)
    notice = assemble(
        NoticeId("n"), Language(language), known.version, known.notice_title, known.notice_items, facts, everywhere
    )
    assert len(notice.items) == 27 and b"{" not in notice.text
    assert set().union(*(places(sentence) for _, sentence in known.notice_items.values())) <= FACTS.keys()


def test_another_language_falls_back() -> None:
    assert texts("de-AT") is not texts("de") and texts("de-AT") == texts("de")
    assert texts("fi").language == "en"


def test_countries_without_a_name_keep_their_code() -> None:
    assert texts("fr").country("DE") == "Allemagne" and texts("fr").country("XX") == "XX"


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_questions_and_five_cards(language: str) -> None:
    known = texts(language)
    assert len(known.cards) == 5 and len(known.questions) == 2 and len(known.ownership) == 3
    for question in known.questions:
        assert 0 <= question.right < len(question.answers) and question.again
    assert not any(re.search(r"\d", line) for line in known.rights_card), "rights are told in words, not figures"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_use_is_told_in_every_language(language: str) -> None:
    for group in SCOPES["groups"]:
        assert group["title"][language]
    for scope in SCOPES["scopes"]:
        for field in ("title", "text", "withdrawal_can", "withdrawal_cannot"):
            assert scope[field][language].strip(), (scope["id"], field)
    for each in [*SCOPES["fixed_statements"], *(mod for mod in SCOPES["modifiers"] if "text" in mod)]:
        assert each["text"][language]


def test_the_whole_list_can_be_read_in_two_minutes() -> None:
    told = [group["title"]["en"] for group in SCOPES["groups"]]
    told += [scope[field]["en"] for scope in SCOPES["scopes"] for field in ("title", "text")]
    told += [each["text"]["en"] for each in SCOPES["fixed_statements"]]
    told += [each["text"]["en"] for each in SCOPES["modifiers"] if "text" in each]
    assert len(" ".join(told).split()) <= 400


def syllables(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^td])ed$|(?<=[^scxz])es$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(sentences: list[str]) -> float:
    """Flesch-Kincaid grade level."""
    words = " ".join(sentences).split()
    count = sum(len(re.findall(r"[.!?:;](?:\s|$)", each)) or 1 for each in sentences)
    return 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_english_reads_at_grade_eight_or_below() -> None:
    en = texts("en")
    filled = re.compile(r"\{\w+\}")
    parts = {
        "receipt": [s for k, s in en.receipt.items() if s.endswith(".") and not k.startswith(("c_", "verify"))],
        "notice": [filled.sub("Anna", sentence) for _, sentence in en.notice_items.values() if len(sentence) > 30],
        "cards": [filled.sub("Anna", sentence) for _, sentence in en.cards],
        "rights": list(en.rights_card),
        "ownership": list(en.ownership),
        "scopes": [scope["text"]["en"] for scope in SCOPES["scopes"]],
        "withdrawal": [s[f]["en"] for s in SCOPES["scopes"] for f in ("withdrawal_can", "withdrawal_cannot")],
    }
    assert {name: round(grade(lines), 1) for name, lines in parts.items() if grade(lines) > 8} == {}
