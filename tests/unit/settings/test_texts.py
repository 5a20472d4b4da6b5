"""Wording: complete in every language, the same facts, nothing left in English; the law's items all there."""

from __future__ import annotations

import hashlib
import os
import re
import string
import subprocess
import sys
import unicodedata
from typing import Any

import pytest

from safelight.domain.ids import Language, NoticeId
from safelight.domain.notice import ALWAYS, BY_PLACE, FOR_FACE_DATA, assemble, items_for
from safelight.settings.countries import codes
from safelight.settings.resources import folder, read_json
from safelight.settings.texts import FACTS, LANGUAGES, main_language, native_names, nearest, texts

SCOPES = read_json("rules/scopes.json")
ENGLISH = read_json("texts/en.json")
SCRIPTS: dict[str, str | tuple[str, ...]] = {
    "uk": "CYRILLIC",
    "ar": "ARABIC",
    "hi": "DEVANAGARI",
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "zh-Hans": "CJK",
}
"""How the names of letters begin, for languages not written in Latin letters."""
SAME_WORD = {
    "AI", "Contrast", "In: {media}", "No", "Mode", "Photos", "Signature", "crime", "mouse", "pen", "social media",
}  # fmt: skip
"""Words that are the same in English and in one of the languages."""


def leaves(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {key: each for name, inner in value.items() for key, each in leaves(inner, f"{path}/{name}").items()}
    if isinstance(value, list):
        return {key: each for at, inner in enumerate(value) for key, each in leaves(inner, f"{path}/{at}").items()}
    return {path: str(value)}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def prose(sentence: str) -> str:
    """What is left to be translated: no places to fill in, no names of formats, no figures."""
    return re.sub(r"\{\w+\}|\b(?:PDF|SHA-256|QR|PIN|AI|consent\.jsonld)\b", "", sentence)


WORDING = {path: sentence for path, sentence in leaves(ENGLISH).items() if path.count("/") > 1}
"""Every phrase in English by its path; what is said about the file itself (language, version) is none."""


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


def test_the_fourteen_languages() -> None:
    assert LANGUAGES == ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "tr", "ar", "hi", "ja", "zh-Hans")
    assert tuple(native_names()) == LANGUAGES and len(set(native_names().values())) == 14
    for language in LANGUAGES:
        assert read_json(f"texts/{language}.json")["language"] == language
        assert tuple(texts(language).languages) == LANGUAGES, "every language names all the others"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_calls_itself_by_its_own_name(language: str) -> None:
    alphabet = SCRIPTS.get(language, "LATIN")
    assert all(unicodedata.name(each).startswith(alphabet) for each in native_names()[language] if each.isalpha())


def test_own_names_are_known_without_reading_any_wording() -> None:
    ask = "import safelight.settings.resources as r; from safelight.settings.texts import native_names as n; n()\n"
    tell = "print(r.read_json.cache_info().currsize, n()['ja'])"
    said = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", ask + tell],
        capture_output=True, text=True, encoding="utf-8", check=True, env={**os.environ, "PYTHONPATH": "app"},
    )  # fmt: skip
    assert said.stdout.split() == ["1", "日本語"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("de-AT", "de"), ("pt-BR", "pt"), ("fi", "en"), ("", "en"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"), ("zh-TW", "en"), ("zh-Hant-HK", "en"), ("ar-EG", "ar"), ("uk-UA", "uk"),
    ],
)  # fmt: skip
def test_another_language_falls_back(asked: str, found: str) -> None:
    assert nearest(asked) == found and texts(asked) == texts(found) and texts(asked).language == found


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each in SCRIPTS])
def test_wording_is_written_in_the_script_of_its_language(language: str) -> None:
    """In another script, English left behind shows: a phrase without one letter of that script was forgotten."""
    own = leaves(read_json(f"texts/{language}.json"))
    forgotten = {
        path: sentence
        for path, sentence in own.items()
        if path in WORDING
        and (sentence == WORDING[path] or any(map(str.isalpha, prose(sentence))))
        and any(map(str.isalpha, prose(WORDING[path])))
        and not any(unicodedata.name(each, "").startswith(SCRIPTS[language]) for each in sentence)
    }
    assert forgotten == {}
    for path, sentence in own.items():
        assert not re.search(r"\b(?:the|your|you|and|with|this|from)\b", prose(sentence)), (path, sentence)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each not in SCRIPTS and each != "en"])
def test_no_english_is_left_behind(language: str) -> None:
    own = leaves(read_json(f"texts/{language}.json"))
    same = {own[p] for p, each in WORDING.items() if own.get(p) == each and any(map(str.isalpha, prose(each)))}
    names = {own[path] for path in own if path.startswith(("/countries/", "/languages/"))}
    assert same - names <= SAME_WORD
    english = r"\b(?:the|your|you|and|with|this|from|are|will|their|what)\b"
    assert {p: each for p, each in own.items() if p in WORDING and re.search(english, prose(each).lower())} == {}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each not in SCRIPTS and each != "en"])
def test_screens_have_room_for_every_language(language: str) -> None:
    """A third longer than English at most; a label of few letters may have a word more than that."""
    own = leaves(read_json(f"texts/{language}.json")["ceremony"])
    english = leaves(ENGLISH["ceremony"])
    long = {path: own[path] for path in own if len(own[path]) > max(1.35 * len(english[path]), len(english[path]) + 14)}
    assert long == {}
    assert sum(map(len, own.values())) <= 1.35 * sum(map(len, english.values()))


@pytest.mark.parametrize(
    ("country", "first"),
    [("DE", "de"), ("CH", "de"), ("BE", "nl"), ("US", "en"), ("BR", "pt"), ("CN", "zh-Hans"), ("TW", "en"),
     ("EG", "ar"), ("FI", "en"), ("IN", "hi"), ("UA", "uk"), ("XX", "en")],
)  # fmt: skip
def test_a_screen_starts_in_the_language_of_the_country(country: str, first: str) -> None:
    assert main_language(country) == first


def test_a_file_changed_is_another_text() -> None:
    hashes = {language: texts(language).sha256 for language in LANGUAGES}
    assert len(set(hashes.values())) == 14
    for language, said in hashes.items():
        assert said == hashlib.sha256((folder() / f"texts/{language}.json").read_bytes()).hexdigest()
        assert re.fullmatch(r"20\d\d-\d\d\.\d+", texts(language).version)


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_place_in_the_order_of_the_language(language: str) -> None:
    order = read_json("texts/country_order.json")[language].split()
    assert len(order) == len(codes())
    assert set(order) == codes()
    assert texts(language).in_order(codes()) == order
