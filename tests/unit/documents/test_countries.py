"""Real countries only: what enters is a code of the ISO list; the EU and the EEA are their members."""

from __future__ import annotations

import json
from typing import Any

import pytest

from safelight.documents.answers import read_answers
from safelight.documents.countries import country_code, read_territory
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import Country
from safelight.domain.term import TerritoryKind
from safelight.settings.countries import codes, members
from safelight.settings.locales import country_name
from safelight.settings.texts import LANGUAGES, texts


def test_there_are_249_and_every_language_has_a_name_for_each() -> None:
    assert len(codes()) == 249 and {"DE", "GB", "TW", "AX"} <= codes()
    assert codes().isdisjoint({"UK", "EU", "XK", "XX", "ZZ", "AA"})
    for language in LANGUAGES:
        nameless = {code for code in codes() if texts(language).country(code) in ("", code)}
        assert not nameless, (language, nameless)


def test_the_members_are_those_of_the_transfer_rules() -> None:
    assert len(members("EU")) == 27 and members("EEA") - members("EU") == {"IS", "LI", "NO"}
    assert not members("DE") and not members("") and not members("eu")
    assert all(country_name("de", group) for group in ("EU",))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("UK", "'UK' is not a country code; write GB."),
        ("de", "'de' is not a country code; write DE."),
        ("XX", "'XX' is not a country code."),
        ("Germany", "'Germany' is not a country code."),
        ("EU", "'EU' is a group of countries, not one."),
        ("", "'' is not a country code."),
    ],
)
def test_what_is_no_country_is_refused_with_what_to_write(written: str, told: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        country_code(written, "Nothing was added.")
    assert caught.value.title == told and caught.value.hint.endswith("like DE. Nothing was added.")
    assert country_code("GB") == "GB"


def test_a_territory_is_a_country_a_list_with_groups_or_a_word() -> None:
    assert read_territory("DE").kind is TerritoryKind.COUNTRY
    assert read_territory("EEA").kind is TerritoryKind.EEA
    assert read_territory("worldwide").kind is TerritoryKind.WORLDWIDE
    assert read_territory("EU").countries == members("EU")
    assert read_territory(["EU", "CH", "DE"]).countries == members("EU") | {"CH"}
    assert read_territory(["EEA", "GB"]).countries == members("EEA") | {"GB"}
    assert read_territory(["DE", "DE"]).kind is TerritoryKind.COUNTRY
    for wrong, told in (
        ("UK", "write GB"), (["DE", "UK"], "write GB"), ([], "empty"), (["worldwide", "DE"], "stands alone"),
        ("world", "not a country code"),
    ):  # fmt: skip
        with pytest.raises(WrongUsage, match=told) as caught:
            read_territory(wrong)
        assert "worldwide" in caught.value.hint and "EEA" in caught.value.hint


def test_answers_name_real_countries_and_are_told_the_words_there_are() -> None:
    raw: dict[str, Any] = {
        "format": "safelight-answers/1",
        "choices": {"use.portfolio": {"answer": "yes", "territory": ["DE", "UK"]}},
        "modifiers": {"cross_border": ["US", "XX", "EU"]},
    }
    with pytest.raises(Malformed) as caught:
        read_answers(json.dumps(raw).encode(), Country("DE"), lambda _: None)
    said = f"{caught.value.title} {caught.value.hint} {caught.value.faults}"
    assert "/choices/use.portfolio/territory: 'UK' is not a country code; write GB" in said and "worldwide" in said
    assert "/modifiers/cross_border/1: 'XX' is not a country code" in said
    raw["choices"], raw["modifiers"]["cross_border"] = {"use.portfolio": "yes"}, ["US", "EU"]
    read = read_answers(json.dumps(raw).encode(), Country("DE"), lambda _: None)
    assert read.modifiers.cross_border == members("EU") | {"US"}
