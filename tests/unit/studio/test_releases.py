"""What agencies' forms would lack of a person is found from the receipt, and only where a form asks for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safelight.documents.rules import shipped_release_rules
from safelight.domain.choice import Compensation, Modifiers
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country
from safelight.domain.release_check import Release, findings
from safelight.studio.queries.releases import check_releases
from support.counting import counting
from support.shoot import GUARDIAN, SECOND, Shoot, said_yes

STOCK = "use.stock"
NEVER_KEPT = {"subject.address"}
BY_HAND = {"photographer.signature"}


def lacks(shoot: Shoot, profile: str, session: object = None) -> dict[str, set[str]]:
    found = check_releases(shoot.studio, session or shoot.session, profile)  # type: ignore[arg-type]
    return {each.person.name: {one.field for one in each.findings} for each in found.rows}


def test_each_agency_asks_for_its_own(shoot: Shoot) -> None:
    agencies = shoot.agencies.values()
    ada, ben, eva = shoot.person("Ada"), shoot.person("Ben"), shoot.person("Eva", born=date(1980, 5, 1))
    shoot.person("Zoe")
    shoot.ask(ada, said_yes(STOCK, *agencies))
    shoot.ask(ben, said_yes("use.portfolio"))
    shoot.ask(eva, said_yes("use.editorial", *agencies))
    assert lacks(shoot, "shutterstock") == {"Ada": NEVER_KEPT, "Eva": NEVER_KEPT | {"grant.assigns"}}
    assert lacks(shoot, "getty")["Ada"] == NEVER_KEPT | {"subject.date_of_birth"}
    assert lacks(shoot, "getty")["Eva"] == NEVER_KEPT | {"grant.assigns"}
    assert lacks(shoot, "istock")["Ada"] == NEVER_KEPT | {"witness.name"}
    assert lacks(shoot, "adobe")["Ada"] == NEVER_KEPT | BY_HAND
    everything = check_releases(shoot.studio, shoot.session, language="de")
    assert {each.profile for each in everything.rows} == set(shipped_release_rules().profiles)
    assert everything.rows[0].findings[0].title == "Geburtsdatum"
    with pytest.raises(WrongUsage, match="Nothing is known"):
        check_releases(shoot.studio, shoot.session, "nobody")


def test_a_minor_needs_guardians_and_both_where_the_law_says_so(shoot: Shoot) -> None:
    born = shoot.studio.today() - timedelta(days=365 * 15)
    child = shoot.person("Nils", GUARDIAN, SECOND, born=born)
    shoot.ask(child, said_yes("use.editorial", *shoot.agencies.values()))
    both = shoot.studio.rules.jurisdictions.of(Country("DE")).all_guardians
    found = lacks(shoot, "shutterstock")["Nils"]
    assert found == NEVER_KEPT | {"grant.assigns"} | ({"guardian2.signature"} if both else set())


def test_what_was_given_in_return_is_asked_where_contracts_need_it(shoot: Shoot) -> None:
    there = shoot.new_session(STOCK, where="US")
    ada, ben = (shoot.person(name, session=there) for name in ("Ada", "Ben"))
    agencies = shoot.agencies.values()
    shoot.ask(ada, said_yes(STOCK, *agencies), session=there)
    shoot.ask(ben, said_yes(STOCK, *agencies), session=there, modifiers=Modifiers(compensation=Compensation("prints")))
    found = lacks(shoot, "shutterstock", there)
    assert found == {"Ada": NEVER_KEPT | {"consideration.kind"}, "Ben": NEVER_KEPT}


def test_a_full_release_lacks_nothing_and_an_empty_one_what_the_form_needs() -> None:
    rules = shipped_release_rules()
    everything = frozenset(each.id for each in rules.fields)
    for profile in rules.profiles:
        assert findings(rules, profile, Release(everything, Country("US"), True, True)) == ()
        grown_up = findings(rules, profile, Release(frozenset(), Country("DE")))
        assert not any(each.id.startswith("guardian") for each in grown_up)
        assert not any(each.id == "consideration.kind" for each in grown_up)
        one = {each.id for each in findings(rules, profile, Release(frozenset(), Country("DE"), True))}
        assert "guardian.name" in one and "guardian2.signature" not in one


def test_every_field_that_is_needed_has_a_name_in_every_language_of_the_desk() -> None:
    rules = shipped_release_rules()
    for each in rules.fields:
        assert set(each.title) == {"en", "de", "fr", "es", "ar"} and all(map(str.strip, each.title.values()))
        assert each.needed_by <= set(rules.profiles)


def test_it_asks_the_databases_no_more_when_there_are_more_people(shoot: Shoot) -> None:
    asked = []
    for number in range(4):
        shoot.ask(shoot.person(f"Person {number}"), said_yes(STOCK, *shoot.agencies.values()))
        with counting() as statements:
            check_releases(shoot.studio, shoot.session)
        asked.append(len(statements))
    assert len(set(asked[1:])) == 1
