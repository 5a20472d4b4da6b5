"""Who may leave, who stays and why; and that an export is whole, listed and acknowledged, or never was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from safelight.domain.choice import Modifiers
from safelight.domain.clearance import ReasonToStay
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Country
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Subject
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind
from safelight.domain.usage import Blocker
from safelight.studio import exports, intake
from safelight.studio.exports import export_bundle
from safelight.studio.staying import words_for
from support.shoot import GUARDIAN, YEAR, Shoot, country, said_yes

TEEN = date(2010, 6, 1)
TO = "Prenzel"


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Each reason ------------------------------------------------------------------------------------------------------


def nobody_assigned(shoot: Shoot) -> str:
    shoot.photo()
    return "use.portfolio"


def never_asked(shoot: Shoot) -> str:
    shoot.photo(shoot.person())
    return "use.portfolio"


def refused(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada)
    shoot.photo(ada)
    return "use.portfolio"


def over(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO], term=Term(TermKind.MONTHS, months=1)))
    shoot.photo(ada)
    shoot.clock.on(days=32)
    return "use.portfolio"


def asleep(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO], term=Term(TermKind.WITHDRAWN)))
    shoot.photo(ada)
    shoot.clock.on(days=365 + 31)
    return "use.portfolio"


def grown_up(shoot: Shoot) -> str:
    child = shoot.person("Mia", GUARDIAN, born=date(2008, 5, 10))
    shoot.ask(child, said_yes("use.portfolio", shoot.agencies[TO]))
    shoot.photo(child)
    shoot.clock.on(days=6)
    return "use.portfolio"


def elsewhere(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO], where=country("FR")))
    shoot.photo(ada)
    return "use.portfolio"


def not_named(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Lumiere"]))
    shoot.photo(ada)
    return "use.portfolio"


def withdrawn(shoot: Shoot) -> str:
    """Within one second the yes and the no that ends it begin together; the yes must not survive by its order."""
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO]))
    shoot.ask(ada)
    shoot.photo(ada)
    return "use.portfolio"


def not_checked(shoot: Shoot) -> str:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.stock", shoot.agencies[TO]))
    shoot.photo(ada)
    return "use.stock"


REASONS: dict[Callable[[Shoot], str], set[object]] = {
    nobody_assigned: {(ReasonToStay.UNBOUND, "no subject is assigned to this photo")},
    never_asked: {(ReasonToStay.CONSENT, Blocker.NOT_ASKED)},
    refused: {(ReasonToStay.CONSENT, Blocker.REFUSED)},
    over: {(ReasonToStay.CONSENT, Blocker.OVER)},
    asleep: {(ReasonToStay.CONSENT, Blocker.ASLEEP)},
    grown_up: {(ReasonToStay.CONSENT, Blocker.GROWN_UP)},
    elsewhere: {(ReasonToStay.CONSENT, Blocker.TERRITORY)},
    not_named: {(ReasonToStay.CONSENT, Blocker.RECIPIENT)},
    not_checked: {(ReasonToStay.NOT_VALIDATED, "a second person has not checked this consent")},
}


@pytest.mark.parametrize("reason", REASONS, ids=lambda each: each.__name__)
def test_each_reason_is_found_and_said(shoot: Shoot, reason: Callable[[Shoot], str]) -> None:
    use = reason(shoot)
    assert shoot.why(TO, use) == REASONS[reason]
    assert shoot.preview(TO, use).cleared == ()
    target = shoot.scratch / "out.age"
    before = left_over(shoot.scratch)
    with pytest.raises(exports.NothingLeaves, match="Nothing may leave for Prenzel") as caught:
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, use), target)
    ((row, held),) = zip(caught.value.preview.staying, caught.value.preview.held, strict=True)
    assert words_for(held) in caught.value.title and {each.words for each in row.reasons} == {words_for(held)}
    assert left_over(shoot.scratch) == before
    assert shoot.studio.archive.disclosures.list() == ()


def test_a_yes_and_the_no_after_it_in_the_same_second(shoot: Shoot) -> None:
    stays = {(ReasonToStay.CONSENT, Blocker.REFUSED), (ReasonToStay.CONSENT, Blocker.WITHDRAWN)}
    assert shoot.why(TO, withdrawn(shoot)) <= stays


def test_an_empty_session_says_so(shoot: Shoot) -> None:
    with pytest.raises(Refused, match="the session has no photos"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")


def test_the_check_of_one_receipt_says_nothing_about_another(shoot: Shoot) -> None:
    """Stock was allowed to Kim and never looked at; what Robin checked is a later receipt about something else."""
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.stock", shoot.agencies[TO]))
    shoot.photo(ada)
    shoot.clock.on(days=1)
    other = shoot.new_session("use.portfolio")
    shoot.ask(ada, said_yes("use.portfolio"), session=other, by="Sam")
    assert shoot.why(TO, "use.stock") == {(ReasonToStay.NOT_VALIDATED, "a second person has not checked this consent")}
    shoot.check(ada)  # Robin looks at both
    assert shoot.why(TO, "use.stock") == set()


def test_who_took_the_older_receipt_cannot_wave_it_through_with_the_newer(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.stock", shoot.agencies[TO]), by="Sam")
    shoot.photo(ada)
    shoot.clock.on(days=1)
    shoot.ask(ada, said_yes("use.portfolio"), session=shoot.new_session("use.portfolio"), by="Kim")
    shoot.check(ada, by="Sam")
    assert shoot.why(TO, "use.stock") == {(ReasonToStay.NOT_VALIDATED, "a second person has not checked this consent")}


def test_on_a_group_photo_everybody_must_allow_it(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO]), said_yes("use.social", shoot.agencies[TO]))
    shoot.ask(ben, said_yes("use.portfolio", shoot.agencies[TO], term=Term(TermKind.MONTHS, months=1)))
    both, alone = shoot.photo(ada, ben), shoot.photo(ada)
    assert set(shoot.preview(TO, "use.portfolio").cleared) == {both.guid, alone.guid}
    assert shoot.preview(TO, "use.social").cleared == (alone.guid,)
    assert shoot.preview(TO, "use.portfolio", "use.social").cleared == (alone.guid,)
    shoot.clock.on(days=40)
    assert shoot.preview(TO, "use.portfolio").cleared == (alone.guid,)
    intake.assign_photo(shoot.studio, shoot.studio.archive.photos.get(both.guid), (ada.id,))
    assert set(shoot.preview(TO, "use.portfolio").cleared) == {both.guid, alone.guid}


# Borders ----------------------------------------------------------------------------------------------------------


def allowed_everywhere(shoot: Shoot, *countries: str) -> Subject:
    ada = shoot.person()
    named = tuple(shoot.agencies.values())
    modifiers = Modifiers(cross_border=frozenset(map(Country, countries)))
    shoot.ask(ada, said_yes("use.portfolio", *named), modifiers=modifiers)
    shoot.photo(ada)
    return ada


def test_inside_the_union_and_with_an_adequacy_decision_nothing_more_is_needed(shoot: Shoot) -> None:
    allowed_everywhere(shoot)
    for name in ("Prenzel", "Lumiere", "Akari"):
        assert shoot.why(name, "use.portfolio") == set()


@pytest.mark.parametrize(
    ("cover", "allowed"),
    [
        (None, False),
        (Cover(Mechanism.DPF, date(2026, 5, 4)), True),
        (Cover(Mechanism.DPF, date(2026, 4, 3)), True),
        (Cover(Mechanism.DPF, date(2026, 4, 2)), False),
        (Cover(Mechanism.DPF, date(2026, 5, 5)), False),
        (Cover(Mechanism.SCC, date(2026, 1, 1)), True),
        (Cover(Mechanism.UK_IDTA, date(2026, 1, 1)), False),
        (Cover(Mechanism.CONSENT, date(2026, 1, 1)), False),
    ],
)
def test_to_the_united_states_only_with_a_ground(shoot: Shoot, cover: Cover | None, allowed: bool) -> None:
    allowed_everywhere(shoot)
    held = shoot.why("Gotham", "use.portfolio", cover=cover)
    assert held == (set() if allowed else {(ReasonToStay.TRANSFER, "no adequacy decision or safeguard for US")})


def test_explicit_consent_to_a_transfer_counts_only_where_the_person_gave_it(shoot: Shoot) -> None:
    cover = Cover(Mechanism.CONSENT, date(2026, 1, 1))
    ada = allowed_everywhere(shoot, "US")
    assert shoot.why("Gotham", "use.portfolio") == {(ReasonToStay.TRANSFER, "no adequacy decision or safeguard for US")}
    assert shoot.why("Gotham", "use.portfolio", cover=cover) == set()
    shoot.photo(ada, allowed_nowhere := shoot.person("Ben"))
    shoot.ask(allowed_nowhere, said_yes("use.portfolio", shoot.agencies["Gotham"]))
    assert len(shoot.preview("Gotham", "use.portfolio", cover=cover).cleared) == 1


def test_agreeing_to_a_border_in_one_signing_says_nothing_about_another(shoot: Shoot) -> None:
    cover = Cover(Mechanism.CONSENT, date(2026, 1, 1))
    ada = allowed_everywhere(shoot)
    shoot.clock.on(days=1)
    agreed = Modifiers(cross_border=frozenset({Country("US")}))
    shoot.ask(ada, said_yes("use.social"), session=shoot.new_session("use.social"), modifiers=agreed)
    assert shoot.why("Gotham", "use.portfolio", cover=cover) != set()


# A wish that makes no sense ----------------------------------------------------------------------------------------


def test_what_stays_inside_is_not_handed_on(shoot: Shoot) -> None:
    inside = {each.id for each in shoot.studio.rules.catalogue.scopes if not each.handed_on}
    assert inside >= {"session.archive", "bio.template", "data.demographics", "session.deliver"}
    for use in inside:
        with pytest.raises(WrongUsage, match="stays inside the studio"):
            shoot.preview(TO, use)
    with pytest.raises(WrongUsage, match="no use called"):
        shoot.preview(TO, "use.nonsense")
    with pytest.raises(WrongUsage, match="at least one use"):
        shoot.preview(TO)


def test_a_territory_narrower_than_a_country_list_and_wider_than_one(shoot: Shoot) -> None:
    ada = shoot.person()
    listed = Territory(TerritoryKind.LISTED, frozenset({Country("DE"), Country("CH")}))
    union = Territory(TerritoryKind.EEA)
    to = shoot.agencies[TO]
    shoot.ask(ada, said_yes("use.portfolio", to, where=listed), said_yes("use.social", to, where=union, term=YEAR))
    shoot.photo(ada)
    places = {place: {use for use in ("use.portfolio", "use.social") if shoot.preview(TO, use, place=place).cleared}
              for place in ("DE", "CH", "FR", "NO", "GB")}  # fmt: skip
    assert places == {
        "DE": {"use.portfolio", "use.social"}, "CH": {"use.portfolio"}, "FR": {"use.social"}, "NO": {"use.social"},
        "GB": set(),
    }  # fmt: skip


def test_every_use_that_is_asked_for_must_be_allowed(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO]))
    assert shoot.preview(TO, "use.portfolio").cleared == (photo.guid,)
    for uses in (("use.portfolio", "use.social"), ("use.social", "use.portfolio")):
        preview = shoot.preview(TO, *uses)
        assert preview.cleared == () and [each.use for each in preview.held] == ["use.social"]
        with pytest.raises(exports.NothingLeaves):
            export_bundle(shoot.studio, shoot.session, shoot.wish(TO, *uses), tmp_path / "b.age")


def test_a_preview_of_a_group_names_each_photo_once_for_each_use_it_is_kept_from(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo = shoot.photo(ada, ben)
    held = exports.preview_export(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio", "use.social")).held
    assert [(each.photo, each.use) for each in held] == [(photo.guid, "use.portfolio"), (photo.guid, "use.social")]


def test_the_last_day_still_counts_and_the_day_after_does_not(shoot: Shoot) -> None:
    ada = shoot.person()
    until = Term(TermKind.UNTIL, until=date(2026, 5, 14))
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO], term=until))
    shoot.photo(ada)
    shoot.clock.on(days=10)
    assert shoot.why(TO, "use.portfolio") == set()
    shoot.clock.on(days=1)
    assert shoot.why(TO, "use.portfolio") == {(ReasonToStay.CONSENT, Blocker.OVER)}
