"""The door and the way out: who is let in, who may change their mind, and that a sitting is about one person only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.capture.slates import slate_text
from safelight.domain.choice import Answer
from safelight.domain.errors import ExitCode, Refused, WrongUsage
from safelight.domain.ids import Language, ScopeId
from safelight.domain.people import Guardian
from safelight.domain.receipt_codes import ALPHABET
from safelight.domain.sitting import Person, Visit
from safelight.domain.term import TermKind
from safelight.studio import receipts, staff, staff_pins, subjects
from safelight.studio.badges import CODE_LENGTH, badge_code, whose_badge
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.sitting import StudioSitting
from safelight.studio.upkeep import check_studio
from support.guests import Guest, desk_of
from support.shoot import Shoot, said_yes

TEEN = date(2010, 6, 1)


def sit(shoot: Shoot, person: Any) -> StudioSitting:
    found = desk_of(shoot).admit(badge_code(shoot.studio, shoot.session.id, person.id))
    assert found is not None
    return found


def kinds(shoot: Shoot) -> list[str]:
    return [each.kind for each in shoot.studio.archive.journal.entries()]


def test_badge_slate_and_code_lead_to_the_same_person(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    desk = desk_of(shoot)
    code = badge_code(shoot.studio, shoot.session.id, ada.id)
    assert len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)
    assert code != badge_code(shoot.studio, shoot.session.id, ben.id)
    text = slate_text(shoot.session.id, ada.id)
    for typed in (code, f"  {code.lower()} ", f"{code[:3]}-{code[3:]}", f"{code[:3]} {code[3:]}", text, f"{text}\n"):
        sitting = desk.admit(typed)
        assert sitting is not None and sitting.person().id == ada.id
    shoot.reopen()
    assert badge_code(shoot.studio, shoot.session.id, ada.id) == code


def test_nobody_else_is_let_in(shoot: Shoot) -> None:
    other = shoot.new_session("use.portfolio")
    stranger = shoot.person("Stranger", session=other)
    gone = shoot.person("Gone")
    code = badge_code(shoot.studio, shoot.session.id, gone.id)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, gone.id, portrait=True, evidence=True)
    desk = desk_of(shoot)
    for text in (
        slate_text(other.id, stranger.id),
        slate_text(shoot.session.id, stranger.id),
        badge_code(shoot.studio, other.id, stranger.id),
        badge_code(shoot.studio, shoot.session.id, stranger.id),
        slate_text(shoot.session.id, gone.id), code, "", " ", "AAAAAA", "Stranger", "\u0660\u0661", stranger.id,
    ):  # fmt: skip
        assert desk.admit(text) is None


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_an_error_at_the_door(shoot: Shoot, text: str) -> None:
    assert whose_badge(shoot.studio, shoot.session, text) is None


def test_a_walk_in_needs_a_name_and_is_somebody_like_any_other(shoot: Shoot) -> None:
    desk = desk_of(shoot)
    before = shoot.studio.archive.subjects.count()
    for name in ("", "  ", "\n"):
        with pytest.raises(WrongUsage, match="name"):
            desk.walk_in(name, "", Language("en"))
    assert shoot.studio.archive.subjects.count() == before
    person = desk.walk_in("Bo Holm", "bo@holm.example", Language("xx")).person()
    assert (person.name, person.language, person.visit) == ("Bo Holm", "en", Visit.FIRST)
    assert subjects.find_subject(shoot.studio, person.id).email == "bo@holm.example"
    again = desk.admit(badge_code(shoot.studio, shoot.session.id, person.id))
    assert again is not None and again.person().name == "Bo Holm"


def test_the_way_out_needs_the_pin(shoot: Shoot) -> None:
    desk = desk_of(shoot)
    for each in staff_pins.people_with_pin(shoot.studio):
        staff.retire_staff(shoot.studio, each)  # anybody's of the team would do as well
    with pytest.raises(WrongUsage, match="No PIN is set") as caught:
        desk.leave("1234")
    assert "studio pin" in caught.value.hint
    for bad in ("", "123", "12a4", "1" * 13, "12 ", "-1234"):
        with pytest.raises(WrongUsage):
            set_screen_pin(shoot.studio, bad)
    set_screen_pin(shoot.studio, "2468")
    assert desk.leave("2468") and desk.leave("٢٤٦٨")
    for bad in ("1111", "", "24680", "2468x", "1112"):
        assert not desk.leave(bad)
        shoot.clock.on(seconds=4)
    assert desk.leave("2468")
    set_screen_pin(shoot.studio, "13579")
    assert not desk.leave("2468") and desk.leave("13579")
    files = [each for each in shoot.folder.rglob("*") if each.is_file()]
    assert not any(b"13579" in each.read_bytes() for each in files)


def test_who_answered_beforehand_confirms(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"), said_yes("ai.retouch", shoot.agencies["Prenzel"]))
    pdf, _ = receipts.issue_receipt(shoot.studio, ada.id)
    sitting = sit(shoot, ada)
    person = sitting.person()
    before = {each.scope for each in person.ceremony.choices if each.answer is Answer.YES}
    assert person.visit is Visit.PRESIGNED and before == {"use.portfolio", "ai.retouch"}
    assert not person.ceremony.yes, "to be confirmed: nothing was asked again yet"
    finished = sitting.confirm()
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    assert finished.pdf == pdf and finished.withdrawal_code == file.withdrawal_code
    assert sitting.opened(file.opening_code)
    entries = [each for each in shoot.studio.archive.journal.entries() if each.kind == "consent-confirmed"]
    assert [each.reference for each in entries] == [file.receipt.id]
    assert shoot.studio.archive.journal.payload(entries[0].number) == file.statement
    assert check_studio(shoot.studio, tuple(shoot.acks))[0].problems == ()


def test_who_answered_beforehand_may_change_their_mind(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"), said_yes("use.social"))
    Guest(sit(shoot, ada), ["use.social"]).finish()
    states = standing_of(shoot.studio, ada.id).snapshot.states
    assert {scope for scope, state in states.items() if state.given} == {"use.social"}
    shoot.clock.on(days=400)
    assert sit(shoot, ada).person().ceremony.yes == ()


def test_nothing_is_confirmed_that_was_never_signed(shoot: Shoot) -> None:
    with pytest.raises(Refused) as caught:
        sit(shoot, shoot.person()).confirm()
    assert caught.value.code is ExitCode.NO and "consent-confirmed" not in kinds(shoot)


def test_from_which_age_people_answer_for_themselves_is_the_place_s(shoot: Shoot) -> None:
    of = shoot.studio.rules.jurisdictions.of
    assert desk_of(shoot).of_age == of(shoot.session.country).guardian_under == 18


def test_the_ordinary_yes_is_the_narrowest_and_can_be_signed_as_it_is(shoot: Shoot) -> None:
    person = sit(shoot, shoot.person()).person()
    catalogue = shoot.studio.rules.catalogue
    assert len(person.main) == 5 and person.main == person.ceremony.offered[:5]
    assert set(person.grants) == set(person.longest) == set(shoot.session.offered)
    for scope, grant in person.grants.items():
        assert grant.term.kind is TermKind.MONTHS and grant.term.months == 12
        assert grant.territory.countries == {"DE"} and bool(grant.recipients) is catalogue.scope(scope).needs_recipient
        longest = person.longest[scope]
        assert longest is None or longest >= 12
    relied_on = {who for each in person.grants.values() for who in each.recipients}
    assert {each.id for each in person.recipients} >= relied_on
    assert {"DE", "FR", "US"} <= set(person.places)
    assert not person.blocked and not person.minor
    with_agency = shoot.new_session("use.directory", recipients=("Prenzel",))
    ben = shoot.person("Ben", session=with_agency)
    ben_sits = desk_of(shoot, session=with_agency).admit(slate_text(with_agency.id, ben.id))
    assert ben_sits is not None
    assert ben_sits.person().grants[ScopeId("use.directory")].recipients == (shoot.agencies["Prenzel"].id,)
    assert "Prenzel" in ben_sits.notice(Language("en")).text.decode()


def texts_in(value: Any) -> Iterator[str]:
    """Everything readable in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("latin-1")
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from texts_in(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(key)
            yield from texts_in(each)
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from texts_in(each)


def test_everything_a_sitting_shows_is_about_this_person_alone(shoot: Shoot) -> None:
    others = [
        shoot.person("Xaver Geheim", Guardian("Gunda Geheim", "mother", "gunda@geheim.example"), born=TEEN),
        shoot.person("Yolanda Fremd"),
    ]
    ada = shoot.person("Ada Falk")
    mine, theirs = shoot.photo(ada), shoot.photo(others[1])
    both = shoot.photo(ada, others[1])
    Guest(sit(shoot, others[1]), ["use.portfolio", "use.advertising"]).finish()
    guest = Guest(sit(shoot, ada), ["use.portfolio"])
    person: Person = guest.sitting.person()
    assert [each.guid for each in person.photos] == [mine.guid, both.guid]
    finished = guest.finish()
    shown = [person, guest.sitting.person(), finished, *guest.pages, guest.sitting.notice(Language("en"))]
    foreign = {"Geheim", "Fremd", theirs.guid, *(each.id for each in others), "geheim.example"}
    foreign |= {each.receipt.id for each in shoot.studio.archive.consents.receipts_of(others[1].id)}
    for said in (each for value in shown for each in texts_in(value)):
        assert not any(each in said for each in foreign)
    for name in dir(guest.sitting):
        assert name.startswith("_") or name in {
            "person", "now", "keep", "attend", "notice", "page", "mark", "finish", "confirm", "opened",
            "wait_for_guardian", "left_undecided",
        }  # fmt: skip
