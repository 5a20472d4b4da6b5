"""The wording of the desk: which language is found, numbers in their forms, names that keep their direction."""

from __future__ import annotations

import pytest

from safelight.settings.desk_texts import DeskTexts, desk_texts


@pytest.mark.parametrize(
    ("asked", "found"), [("de_AT", "de"), ("de-AT", "de"), ("AR", "ar"), ("pl", "en"), ("C", "en"), ("", "en")]
)
def test_the_nearest_language_is_found(asked: str, found: str) -> None:
    assert desk_texts(asked).language == found


def test_a_missing_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        desk_texts("en").get("window.nothing_of_that_name")


@pytest.mark.parametrize(
    ("n", "said"), [(0, "z"), (1, "1"), (2, "2"), (3, "few"), (10, "few"), (11, "many"), (100, "other"), (103, "few")]
)
def test_arabic_counts_in_six_forms(n: int, said: str) -> None:
    forms = {"zero": "z", "one": "1", "two": "2", "few": "few", "many": "many", "other": "other"}
    assert DeskTexts("ar", {"a.b": forms}).get("a.b", n=n) == said


def test_french_says_none_in_the_singular() -> None:
    forms = {"one": "{n} photo", "other": "{n} photos"}
    assert DeskTexts("fr", {"a.b": forms}).get("a.b", n=0) == "0 photo"
    assert DeskTexts("en", {"a.b": forms}).get("a.b", n=0) == "0 photos"


def test_a_name_keeps_its_own_direction() -> None:
    said = DeskTexts("en", {"a.b": "Next: {name}"}).get("a.b", name="أمينة")
    assert said == "Next: \u2068أمينة\u2069"
    assert DeskTexts("en", {"a.b": "Next: {name}"}).get("a.b", name="Ana {x}") == "Next: Ana {x}"
