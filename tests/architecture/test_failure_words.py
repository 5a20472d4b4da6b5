"""What people at the desk are told when something fails has its wording in every language the desk speaks."""

from __future__ import annotations

import ast
import json
import re
from itertools import product
from pathlib import Path

import pytest

from safelight.desk.failures import told, told_as_one, told_reason
from safelight.domain.errors import Malformed, Refused
from safelight.settings.desk_texts import DESK_LANGUAGES, desk_texts
from safelight.settings.failure_texts import failure_texts
from safelight.storage.digests import SCHEMA, Difference, Untrue
from support.error_sentences import told_sentences

CHECKOUT = Path(__file__).parents[2]
WORDS, DESK = CHECKOUT / "resources" / "failures", CHECKOUT / "app" / "safelight" / "desk"
OTHERS = DESK_LANGUAGES[1:]
PLACES = re.compile(r"{(\d)}")
COMMAND = re.compile(r"\bsafelight [a-z]|--[a-z]|'(?:session|studio|staff|subject|photo|recipient|consent) [a-z]")


def wording(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WORDS / f"{language}.json").read_bytes())
    return found


def test_there_is_a_file_for_each_language() -> None:
    assert sorted(path.stem for path in WORDS.glob("*.json")) == sorted(DESK_LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_an_error_has_its_wording(language: str) -> None:
    known = wording(language)
    assert [f"{where}: {each}" for each, where in told_sentences().items() if each not in known] == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_wording_keeps_the_values(language: str) -> None:
    shown = wording("en")
    wrong = []
    for english, own in wording(language).items():
        meant = shown.get(english, english)
        if not own.strip() or sorted(PLACES.findall(own)) != sorted(PLACES.findall(meant)):
            wrong.append(english)
    assert wrong == []


def test_all_languages_know_the_same() -> None:
    for language in OTHERS:
        assert wording(language).keys() == wording(OTHERS[0]).keys(), language
    assert wording("en").keys() <= wording(OTHERS[0]).keys()


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_nobody_at_the_desk_is_told_to_type_a_command(language: str) -> None:
    known = wording(language)
    assert [each for each in told_sentences() if COMMAND.search(known.get(each, each))] == []


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_each_pattern_finds_itself(language: str) -> None:
    texts = failure_texts(language)
    for english, own in wording(language).items():
        values = [f"Ü{number}" for number in PLACES.findall(english)]
        said = texts.told(PLACES.sub(lambda place: f"Ü{place[1]}", english))
        for value in PLACES.findall(own):
            assert f"Ü{value}" in said, english
        if not values:
            assert said == own, english


def test_a_cause_is_told_in_the_language_of_its_sentence() -> None:
    error = Refused("A photo could not be made ready: this PDF is damaged (and 2 more).", "No bundle was written.")
    assert told(desk_texts("de"), error) == (
        "Ein Foto ließ sich nicht vorbereiten: Dieses PDF ist beschädigt (und 2 weitere).",
        "Es wurde kein Paket geschrieben.",
    )
    assert told(desk_texts("fr"), error)[0].endswith(": ce PDF est endommagé (et 2 de plus).")


def test_sentences_put_together_are_told_one_by_one() -> None:
    error = Malformed("This PDF is damaged.", "Nothing was taken out of it.")
    for language in OTHERS:
        words = desk_texts(language)
        assert told_reason(words, str(error)) == told_as_one(words, error) != str(error)


def test_a_name_keeps_its_direction_and_is_never_taken_for_words() -> None:
    said, _ = told(desk_texts("ar"), Refused("“{2} שרה” is already there and not an empty folder."))
    assert "\u2068{2} שרה\u2069" in said


def test_what_another_program_did_to_rows_is_told_in_each_language() -> None:
    """These sentences are put together, so no pattern of them stands in the source."""
    person = "0a1b2c3d-0000-4000-8000-00000000000a"
    found = [Difference(*each) for each in (("subject", person, -1), ("photo", person, 3), ("status", "studio", 0))]
    for language, (each, name) in product(OTHERS, product((*found, Difference(SCHEMA, "studio", 0)), ("", "Ada"))):
        error = Untrue(each, name)
        said, hint = told(desk_texts(language), error)
        assert "program (" not in said and said != error.title and hint != error.hint, said
        assert each.part != person or (name or person) in said


def test_what_is_not_known_is_told_as_it_came() -> None:
    assert told(desk_texts("de"), Refused("Quite another thing.", "")) == ("Quite another thing.", "")


def test_the_desk_shows_no_sentence_of_an_error_without_asking_for_its_wording() -> None:
    wrong = []
    for path in DESK.rglob("*.py"):
        if path == DESK / "failures.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("title", "hint", "phrase"):
                compared = path.name == "second_copies.py" or path.name == "intake_source.py"
                if isinstance(node.value, ast.Name) and node.value.id == "error" and not compared:
                    wrong.append(f"{path.relative_to(DESK)}:{node.lineno}")
    assert wrong == []
