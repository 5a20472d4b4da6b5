"""The people of the studio: nobody is mistaken for somebody else, nobody who left acts, nobody guesses a PIN."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.errors import Refused, SafelightError, WrongUsage
from safelight.domain.people import Role
from safelight.studio import sessions, staff, validations
from safelight.studio.queries.sessions import open_sessions_of
from safelight.studio.receipts import staff_name
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.staff_pins import check_pin, has_pin
from support import shoot as shoot_module

Shoot = shoot_module.Shoot
said_yes = shoot_module.said_yes
REVIEWER = frozenset({Role.REVIEWER})


@pytest.mark.parametrize("name", ["Kim", " kim ", "KIM", "Ｋｉｍ", "K\u200bim", "Kim\ufeff", "\u202eKim"])
def test_a_name_belongs_to_one_person(name: str, shoot: Shoot) -> None:
    with pytest.raises(WrongUsage, match="somebody called 'Kim' in this studio already"):
        staff.add_staff(shoot.studio, name, REVIEWER)
    with pytest.raises(WrongUsage, match="'Kim' is in this studio already"):
        staff.rename_staff(shoot.studio, "Robin", name)
    assert len(shoot.studio.archive.staff.list()) == 3


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164", "Ro\x1bbin", "caf\udce9"])
def test_what_is_no_name(name: str, shoot: Shoot) -> None:
    with pytest.raises(WrongUsage):
        staff.add_staff(shoot.studio, name, REVIEWER)


def test_who_is_renamed_retired_and_taken_back_stays_who_they_were(shoot: Shoot) -> None:
    robin = shoot.staff["Robin"]
    voss, _ = staff.rename_staff(shoot.studio, "robin", "Robin  Voss")
    assert (voss.id, voss.name) == (robin.id, "Robin Voss")
    assert staff.rename_staff(shoot.studio, "Robin Voss", "ROBIN VOSS")[0].id == robin.id, "only the letters changed"
    retired, _ = staff.retire_staff(shoot.studio, robin.id)
    assert retired.id == robin.id and retired.retired and not has_pin(shoot.studio, robin.id)
    for act in (staff.find_staff, staff.retire_staff):
        with pytest.raises(WrongUsage, match="has retired"):
            act(shoot.studio, "Robin Voss")
    with pytest.raises(WrongUsage, match="is retired, but stays known"):
        staff.rename_staff(shoot.studio, "Kim", "Robin Voss")
    back, _ = staff.add_staff(shoot.studio, "robin voss", frozenset({Role.PHOTOGRAPHER}), "4711")
    assert (back.id, back.roles, back.retired) == (robin.id, frozenset({Role.PHOTOGRAPHER}), False)
    check_pin(shoot.studio, back, "4711")
    said = [each.kind for each in shoot.studio.archive.journal.entries() if each.reference == robin.id]
    assert said == ["staff-added", "staff-pin-set", "staff-renamed", "staff-renamed", "staff-retired",
                    "staff-returned", "staff-pin-set"]  # fmt: skip


def test_two_of_one_name_from_earlier_are_told_apart_by_id(shoot: Shoot) -> None:
    first = shoot.staff["Kim"]
    twin = replace(first, id=type(first.id)("0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a10"))
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.staff.add(writing, twin)
    with pytest.raises(WrongUsage, match=r"no single person called 'Kim'.*Give the id"):
        staff.find_staff(shoot.studio, "Kim")
    assert staff.rename_staff(shoot.studio, twin.id, "Kim the second")[0].id == twin.id
    assert staff.find_staff(shoot.studio, "Kim") == first


def test_who_retired_takes_nothing_checks_nothing_and_opens_no_session(shoot: Shoot) -> None:
    ada = shoot.person()
    recorded = shoot.ask(ada, said_yes("use.portfolio"))
    kim, robin = shoot.staff["Kim"], shoot.staff["Robin"]
    staff.retire_staff(shoot.studio, "Kim")
    staff.retire_staff(shoot.studio, "Robin")
    assert open_sessions_of(shoot.studio, kim.id) == (shoot.session,)
    with pytest.raises(WrongUsage, match="Kim has retired"):
        shoot.ask(ada, said_yes("use.portfolio"))
    with pytest.raises(WrongUsage, match="Kim has retired"):
        shoot.new_session("use.portfolio")
    with pytest.raises(WrongUsage, match="Robin has retired"):
        validations.validate_consent(shoot.studio, ada.id, robin, "2718", CHECK_POINTS)
    shoot.ask(ada, said_yes("use.portfolio"), by="Sam")
    assert staff.usual_photographer(shoot.studio).name == "Sam"
    file = shoot.studio.archive.consents.receipt(recorded.receipt.id)
    assert staff_name(shoot.studio.archive.staff.list(), file.taken_by) == "Kim", "an old receipt keeps the name"


def test_no_two_share_a_pin(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, "777777")
    kept = shoot.studio.archive.studio.settings()
    for pin in ("2718", "2 7 1 8", "３１４１", "777777"):
        with pytest.raises(Refused, match="in use already"):
            staff.set_staff_pin(shoot.studio, "Kim", pin)
        with pytest.raises(Refused, match="in use already"):
            staff.add_staff(shoot.studio, "Pat", REVIEWER, pin)
    for pin in ("", "123", "1234567890123", "12a4"):
        with pytest.raises(WrongUsage, match="4 to 12 digits"):
            staff.set_staff_pin(shoot.studio, "Kim", pin)
    assert shoot.studio.archive.studio.settings() == kept and "Pat" not in shoot.staff
    staff.set_staff_pin(shoot.studio, "Robin", "2718")
    staff.set_staff_pin(shoot.studio, "Robin", "9999")
    staff.set_staff_pin(shoot.studio, "Kim", "2718")
    check_pin(shoot.studio, shoot.staff["Kim"], "2718")


def test_a_guesser_waits_longer_each_time_even_after_a_restart(shoot: Shoot) -> None:
    robin, sam = shoot.staff["Robin"], shoot.staff["Sam"]
    waited: list[float] = []

    def guess(pin: str, member=robin) -> bool:
        try:
            check_pin(shoot.studio, member, pin, waited.append)
        except Refused:
            return False
        return True

    assert not any(guess(pin) for pin in ("0000", "1111", "", "2222"))
    shoot.reopen()
    assert not guess("3333") and not guess("4444")
    assert waited == [0, 0, 0, 1, 2, 4]
    assert guess("3141", sam) and waited[-1] == 0, "each person has a count of their own"
    assert guess("2718") and waited[-1] == 8, "the right one waits too: the wait comes before the answer"
    assert guess("2718") and waited[-1] == 0


def test_the_attempt_is_counted_before_it_is_answered(shoot: Shoot) -> None:
    """Whoever kills the program while it waits, or before it looks, has used an attempt up and learned nothing."""

    class Killed(Exception):
        pass

    def kill(_: float) -> None:
        raise Killed

    robin = shoot.staff["Robin"]
    for _ in range(5):
        with pytest.raises(Killed):
            check_pin(shoot.studio, robin, "2718", kill)
        shoot.reopen()
    waited: list[float] = []
    with pytest.raises(Refused):
        check_pin(shoot.studio, robin, "0000", waited.append)
    assert waited == [4]


def test_without_a_pin_nobody_checks(shoot: Shoot) -> None:
    pat, _ = staff.add_staff(shoot.studio, "Pat", REVIEWER)
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"))
    with pytest.raises(WrongUsage, match="Pat has no PIN yet"):
        validations.validate_consent(shoot.studio, ada.id, pat, "", CHECK_POINTS)


def test_a_photographer_that_is_not_there(shoot: Shoot) -> None:
    with pytest.raises(SafelightError, match="no member of the staff"):
        sessions.new_session(
            shoot.studio,
            sessions.NewSession("S", "", "", "DE", shoot.studio.today(), "nobody", ("use.portfolio",)),  # type: ignore[arg-type]
        )
