"""Whom people can complain to: the authority of the studio's own country or region, in the person's language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from safelight.documents.rules import shipped_rules
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language
from safelight.keys.passphrases import FLOOR_COST
from safelight.settings.resources import read_json
from safelight.settings.texts import LANGUAGES, texts
from safelight.studio import founding
from safelight.studio.notices import make_notice
from safelight.studio.open_studio import AUTHORITY
from support.shoot import Shoot, said_yes

PLACES = shipped_rules().jurisdictions


def test_names_are_names_and_each_place_has_one_in_english() -> None:
    for each in read_json("rules/jurisdictions.json")["jurisdictions"]:
        told = each["supervisory_authority"]
        for name in (told["name"], *told["names"].values()):
            assert name == name.strip() and not set(name) & set(";()0123456789"), name
        assert set(told["names"]) <= set(LANGUAGES) and "en" in told["names"], each["id"]
    assert len(PLACES.regions) == 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_germany_has_no_english_phrase_on_a_page_of_another_language(language: str) -> None:
    authority = PLACES.of("DE").authority
    assert authority is not None
    told = authority.told_in(language)
    assert "bfdi.bund.de" in told
    assert ("authority" in told) == (language == "en")


def test_ones_own_language_then_letters_one_can_copy_then_english() -> None:
    def told(place: str, language: str) -> str:
        authority = PLACES.of(place).authority
        assert authority is not None
        return authority.told_in(language)

    assert told("CH", "fr") == "Préposé fédéral à la protection des données et à la transparence (edoeb.admin.ch)"
    assert told("CH", "ar").startswith("Eidgenössischer"), "an Arabic reader can copy Latin letters"
    assert told("PL", "en") == "President of the Personal Data Protection Office (uodo.gov.pl)"
    assert told("JP", "ja").startswith("個人情報保護委員会") and told("JP", "de").startswith("Personal Information")
    assert PLACES.of("US").authority is None


def test_it_is_the_studios_own_wherever_it_works(shoot: Shoot) -> None:
    abroad = shoot.new_session(where="FR")
    receipt = shoot.ask(shoot.person(session=abroad), said_yes("use.portfolio"), session=abroad).receipt
    assert receipt.authority == "the data protection authority of the studio's federal state (bfdi.bund.de)"
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.studio.set_setting(writing, AUTHORITY, "DE-BE")
    assert shoot.studio.authority("ar").startswith("Berliner Beauftragte")
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.studio.set_setting(writing, AUTHORITY, "The bishop's privacy officer")
    assert shoot.studio.authority("ar") == "The bishop's privacy officer"


def test_where_nobody_is_known_the_notice_says_so_in_words_and_the_receipt_says_nothing(shoot: Shoot) -> None:
    elsewhere = replace(shoot.studio, identity=replace(shoot.studio.identity, country=Country("UY")))
    assert elsewhere.authority("de") == ""
    notice = make_notice(elsewhere, shoot.session, (), {}, Language("de"), shoot.person())
    assert any(texts("de").ceremony["authority"] in item.text for item in notice.items)
    assert all(" ()" not in item.text for item in notice.items)


def test_a_region_nobody_knows_is_refused_before_anything_is_founded(tmp_path: Path) -> None:
    wanted = founding.Founding("A", "DE", "a@b.example", "", "DE-XX")
    with pytest.raises(WrongUsage, match="region 'DE-XX'"):
        founding.found_studio(tmp_path / "studio", wanted, "a passphrase for tests alone", cost=FLOOR_COST)
    assert not (tmp_path / "studio").exists()
