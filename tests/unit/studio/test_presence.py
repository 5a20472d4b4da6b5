"""Who of the team stands here, told by a PIN alone; and whether somebody knows the studio's passphrase."""

from __future__ import annotations

import pytest

from safelight.domain.errors import WrongUsage
from safelight.domain.sitting import TooManyGuesses
from safelight.studio.founding import is_passphrase
from safelight.studio.presence import is_team_pin, who_works
from safelight.studio.rate_limiter import FREE
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.signing_point import StudioSigningPoint
from safelight.studio.staff import retire_staff, set_staff_pin
from support.shoot import PASSPHRASE, PINS, Shoot


def pin_of(name: str) -> str:
    pin = PINS[name]
    assert pin is not None
    return pin


def test_a_pin_says_who_it_is(shoot: Shoot) -> None:
    found = who_works(shoot.studio, pin_of("Sam"))
    assert found is not None and found.name == "Sam"
    assert who_works(shoot.studio, "0000") is None
    assert who_works(shoot.studio, "") is None
    set_staff_pin(shoot.studio, "Kim", "7777")
    found = who_works(shoot.studio, "7777")
    assert found is not None and found.name == "Kim"


def test_who_retired_does_not_work_here(shoot: Shoot) -> None:
    retire_staff(shoot.studio, "Sam")
    assert who_works(shoot.studio, pin_of("Sam")) is None


def test_guessing_gets_slower_and_the_right_one_gets_no_answer_either(shoot: Shoot) -> None:
    for _ in range(FREE):
        assert who_works(shoot.studio, "0000") is None
    with pytest.raises(TooManyGuesses):
        who_works(shoot.studio, pin_of("Sam"))
    assert who_works(shoot.studio, pin_of("Sam"), "another desk") is not None


def test_any_pin_of_the_team_leaves_a_signing_screen(shoot: Shoot) -> None:
    point = StudioSigningPoint(shoot.studio, shoot.session)
    assert point.leave(pin_of("Robin"))
    assert not point.leave("0000")
    set_screen_pin(shoot.studio, "8642")
    assert point.leave("8642") and is_team_pin(shoot.studio, "8642") and not is_team_pin(shoot.studio, "8643")


def test_without_any_pin_it_is_said_how_to_set_one(shoot: Shoot) -> None:
    for name in ("Robin", "Sam"):
        retire_staff(shoot.studio, name)
    with pytest.raises(WrongUsage):
        who_works(shoot.studio, "0000")
    with pytest.raises(WrongUsage):
        is_team_pin(shoot.studio, "0000")


def test_the_passphrase_is_known_by_who_knows_it(shoot: Shoot) -> None:
    assert is_passphrase(shoot.studio, PASSPHRASE)
    assert not is_passphrase(shoot.studio, PASSPHRASE + " ")
    assert not is_passphrase(shoot.studio, "")
