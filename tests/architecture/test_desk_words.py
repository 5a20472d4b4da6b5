"""The wording of the desk is whole: the same keys and places in every language, each used, none made up in code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from safelight.capture.roster_faults import SENTENCES, FaultKind
from safelight.settings.desk_texts import DESK_LANGUAGES, PLURALS, desk_texts

CHECKOUT = Path(__file__).parents[2]
WORDS, DESK = CHECKOUT / "resources" / "desk", CHECKOUT / "app" / "safelight" / "desk"
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")
SCREENS = sorted(path.stem for path in (WORDS / "en").glob("*.json"))


def phrases(language: str, screen: str) -> Mapping[str, str | Mapping[str, str]]:
    found: Mapping[str, str | Mapping[str, str]] = json.loads((WORDS / language / f"{screen}.json").read_bytes())
    return found


def places(phrase: str | Mapping[str, str]) -> set[str]:
    texts = [phrase] if isinstance(phrase, str) else phrase.values()
    return {name for text in texts for name in re.findall(r"{(\w+)}", text)}


def named_in_code() -> Iterator[re.Pattern[str]]:
    """What the desk's code asks for: keys as they stand, and those it puts together from a beginning and an end."""
    for path in DESK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                said = [each.value if isinstance(each, ast.Constant) else None for each in node.values]
                parts = ["[^.]+" if each is None else re.escape(str(each)) for each in said]
                if str(getattr(node.values[0], "value", "")).split(".")[0] in SCREENS:
                    yield re.compile("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield re.compile(re.escape(node.value))


def test_every_language_has_the_same_files() -> None:
    for language in DESK_LANGUAGES:
        assert sorted(path.stem for path in (WORDS / language).glob("*.json")) == SCREENS, language
    assert sorted(path.name for path in WORDS.iterdir() if path.is_dir()) == sorted(DESK_LANGUAGES)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_a_file_has_the_keys_and_places_of_the_english_one(language: str, screen: str) -> None:
    english, own = phrases("en", screen), phrases(language, screen)
    assert own.keys() == english.keys()
    for key, phrase in own.items():
        assert key.startswith(f"{screen}."), key
        assert isinstance(phrase, str) == isinstance(english[key], str), key
        if isinstance(phrase, str):
            assert phrase.strip(), key
            assert places(phrase) == places(english[key]), key
        else:
            assert tuple(phrase) == PLURALS[language], key
            # "one frame" may say its number in a word; no form names anything the others do not know.
            assert places(phrase) | {"n"} == places(english[key]) | {"n"}, key


def test_every_key_is_used() -> None:
    asked = list(named_in_code())
    known = desk_texts("en").phrases
    assert [key for key in known if not any(each.fullmatch(key) for each in asked)] == []


def test_every_key_that_is_asked_for_is_there() -> None:
    known = desk_texts("en").phrases
    missing = []
    for path in DESK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "get":
                continue
            key = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            if isinstance(key, str) and KEY.fullmatch(key) and key not in known:
                missing.append(f"{path.name}: {key}")
    assert missing == []


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_every_reason_a_row_of_a_list_is_left_out_for_has_its_wording(language: str) -> None:
    own = phrases(language, "sessions")
    for kind in FaultKind:
        assert places(own[f"sessions.fault_{kind}"]) == places(SENTENCES[kind]), kind


COUNTED = re.compile(r"{\w+} (?:frame|shot|photo|picture|file|job|row|line|page|card|session|entr|minor|consent)\w*s\b")


def test_what_is_counted_has_a_form_for_one() -> None:
    known = desk_texts("en").phrases
    assert [key for key, phrase in known.items() if isinstance(phrase, str) and COUNTED.search(phrase)] == []
