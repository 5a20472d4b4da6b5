"""A studio whose clock was wrong: nothing is written by it, it locks nothing for good, and no ended yes comes back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from safelight.capture.slates import slate_text
from safelight.domain.clock import MOST_AHEAD
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Country, Language, ScopeId
from safelight.domain.term import Term, TermKind
from safelight.storage.rows import HeldCeremony
from safelight.storage.vault import ClockAhead
from safelight.studio import upkeep
from safelight.studio.clock import confirm_clock, set_clock_back, studio_clock
from safelight.studio.deliveries import deliver
from safelight.studio.exports import export_bundle
from safelight.studio.founding import open_studio, renew_keys, studio_card
from safelight.studio.held import erase_expired
from safelight.studio.queries.permissions import who_allows
from safelight.studio.restoring import restore_studio
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.signing_point import StudioSigningPoint
from safelight.studio.status_lists import write_status
from support.shoot import PASSPHRASE, START, Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"
WRONG = datetime.fromisoformat("2099-01-01T00:00:00+00:00")
QUARTER = Term(TermKind.MONTHS, months=3)


def allowed(shoot: Shoot) -> list[bool]:
    return [each.allowed for each in who_allows(shoot.studio, ScopeId(USE), Country("DE"))]


def problems(shoot: Shoot) -> tuple[str, ...]:
    return upkeep.check_studio(shoot.studio)[0].problems


def written_by_an_earlier_program(shoot: Shoot, at: datetime) -> None:
    """What a program left that believed any clock."""
    with shoot.studio.archive.transaction(at, at) as writing:
        shoot.studio.archive.journal.append(writing, "x", "y", b"")


def test_one_run_with_a_clock_in_2099_leaves_nothing_behind(shoot: Shoot) -> None:
    person = shoot.person()
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    shoot.photo(person)
    with shoot.studio.archive.transaction(shoot.studio.now()) as t:
        until = t.now + timedelta(days=14)
        shoot.studio.archive.held.put(t, HeldCeremony(person.id, shoot.session.id, t.now, until, b"so far"))
    right, head = shoot.clock.at, shoot.studio.archive.journal.head()
    shoot.clock.at = WRONG
    shoot.reopen()
    assert studio_clock(shoot.studio).ahead and not shoot.studio.clock_set_back()
    assert allowed(shoot) == [False], "too early a no is safe"
    for act in (
        lambda: shoot.person("Next"), lambda: shoot.ask(person), lambda: write_status(shoot.studio),
        lambda: erase_expired(shoot.studio), lambda: studio_card(shoot.studio), lambda: renew_keys(shoot.studio),
        lambda: export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age"),
        lambda: deliver(shoot.studio, person, shoot.scratch / "hers"), lambda: shoot.photo(person),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act()
    with pytest.raises(ClockAhead, match="shows 2099-01-01, but the newest time seen here is 2026-05-04"):
        shoot.person("Next")
    assert sorted(each.name for each in shoot.scratch.iterdir() if each.suffix != ".jpg") == []
    assert problems(shoot) == ()
    assert shoot.studio.archive.journal.head() == head
    shoot.clock.at = right
    shoot.reopen()
    assert not shoot.studio.clock_set_back() and allowed(shoot) == [True]
    assert shoot.studio.archive.held.find(person.id, shoot.session.id)
    assert export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    assert problems(shoot) == ()


def test_the_signing_screen_lets_the_team_out_and_nobody_sign(shoot: Shoot) -> None:
    """Whoever is to set the clock right must leave the screen first; wrong PINs count as ever."""
    set_screen_pin(shoot.studio, "2468")
    person = shoot.person()
    point = StudioSigningPoint(shoot.studio, shoot.session, by=shoot.staff["Kim"].id)
    right, shoot.clock.at = shoot.clock.at, WRONG
    with pytest.raises(ClockAhead):
        point.admit(slate_text(shoot.session.id, person.id))
    with pytest.raises(ClockAhead):
        point.walk_in("Next", "", Language("en"))
    assert not point.leave("1111") and point.leave("2468")
    assert shoot.studio.archive.newest_seen() == right
    shoot.clock.at = right + timedelta(minutes=1)
    assert point.admit(slate_text(shoot.session.id, person.id)) and point.leave("2468")


def test_the_clock_is_set_right_while_the_studio_is_open(shoot: Shoot) -> None:
    shoot.clock.at = WRONG
    with pytest.raises(ClockAhead):
        shoot.person("Next")
    shoot.clock.at = START + timedelta(hours=1)
    assert shoot.person("Next").name == "Next"


def test_a_studio_that_rested_for_a_year_goes_on(shoot: Shoot) -> None:
    shoot.clock.on(days=MOST_AHEAD.days)
    assert shoot.person("Next")


def test_a_studio_that_rested_for_three_years_is_asked_once(shoot: Shoot) -> None:
    kim = shoot.staff["Kim"].id
    with pytest.raises(WrongUsage):
        confirm_clock(shoot.studio, START.date(), kim)
    shoot.clock.on(days=3 * 365)
    day = shoot.clock.at.date()
    with pytest.raises(ClockAhead):
        shoot.person("Next")
    with pytest.raises(WrongUsage, match="does not show"):
        confirm_clock(shoot.studio, day - timedelta(days=1), kim)
    confirm_clock(shoot.studio, day, kim)
    assert shoot.person("Next") and not studio_clock(shoot.studio).ahead
    head = shoot.studio.archive.journal.told_about("clock-confirmed", shoot.studio.identity.id)
    assert json.loads(head[0][1])["by"] == kim
    shoot.clock.at = START + timedelta(days=1)
    with pytest.raises(Refused):  # those three years have passed
        set_clock_back(shoot.studio, kim)


def test_a_backup_of_years_ago_is_opened_and_its_restore_noted_once_the_clock_is_confirmed(shoot: Shoot) -> None:
    upkeep.back_up_studio(shoot.studio, shoot.scratch / "backup")
    restore_studio(shoot.scratch / "backup", back := shoot.scratch / "back")
    later = START + 2 * MOST_AHEAD
    with open_studio(back, PASSPHRASE, clock=lambda: later) as studio:
        assert studio_clock(studio).ahead
        confirm_clock(studio, later.date(), shoot.staff["Robin"].id)
    with open_studio(back, PASSPHRASE, clock=lambda: later) as studio:
        kinds = [each.kind for each in studio.archive.journal.entries()]
    assert kinds[-2:] == ["clock-confirmed", "studio-restored"]


def test_a_studio_that_a_wrong_clock_locked_finds_its_way_back(shoot: Shoot) -> None:
    """What a program before this one left: everything is over, for good."""
    kim = shoot.staff["Kim"].id
    short, long = shoot.person("Short"), shoot.person("Long")
    shoot.ask(short, said_yes(USE, shoot.agencies[TO], term=QUARTER))
    shoot.clock.on(days=120)
    shoot.ask(long, said_yes(USE, shoot.agencies[TO]))
    assert allowed(shoot) == [False, True]
    right = shoot.clock.at
    shoot.clock.at = WRONG
    written_by_an_earlier_program(shoot, WRONG)
    shoot.clock.at = right + timedelta(days=1)
    shoot.reopen()
    assert shoot.studio.clock_set_back() and allowed(shoot) == [False, False]
    at, _ = set_clock_back(shoot.studio, kim)
    assert at == shoot.clock.at and not shoot.studio.clock_set_back()
    assert allowed(shoot) == [False, True], "what time had ended stays ended"
    shoot.clock.at = START
    assert allowed(shoot) == [False, True], "whatever the clock shows afterwards"
    shoot.clock.at = right + timedelta(days=1)
    assert shoot.person("Next") and problems(shoot) == ()
    shoot.reopen()
    assert problems(shoot) == ()
    with pytest.raises(Refused):
        set_clock_back(shoot.studio, kim)


def test_what_was_withdrawn_by_a_wrong_clock_stays_withdrawn(shoot: Shoot) -> None:
    person = shoot.person()
    recorded = shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    (record,) = (each for each in recorded.receipt.records if each.scope == USE)
    shoot.clock.on(days=1)
    with shoot.studio.archive.transaction(WRONG, WRONG) as t:
        shoot.studio.archive.statuses.revoke(t, record.status_position, t.now)
        shoot.studio.archive.journal.append(t, "x", "y", b"")
    set_clock_back(shoot.studio, shoot.staff["Kim"].id)
    assert record.status_position in shoot.studio.archive.statuses.revoked()


def test_whoever_signed_by_a_wrong_clock_is_not_forgotten(shoot: Shoot) -> None:
    person = shoot.person()
    written_by_an_earlier_program(shoot, WRONG)
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    with pytest.raises(Refused, match="1 consents were signed by that clock"):
        set_clock_back(shoot.studio, shoot.staff["Kim"].id)
