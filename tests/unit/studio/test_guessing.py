"""Guessing at codes and at the screen's PIN: counted per screen, over a restart, and nobody else ever waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from safelight.capture.slates import slate_text
from safelight.domain.sitting import TooManyGuesses
from safelight.storage.repositories.journal import JournalRepository
from safelight.studio import staff, staff_pins
from safelight.studio.badges import badge_code, is_typed
from safelight.studio.rate_limiter import CARD_CODE, FREE, LONGEST, SCREEN_PIN, RateLimiter, wait_after
from safelight.studio.screen_pin import set_screen_pin
from support.guests import Guest, desk_of
from support.shoot import Shoot, said_yes

PIN = "2468"


@pytest.fixture(autouse=True)
def only_the_screen_has_a_pin(shoot: Shoot) -> None:
    """PINs of the team do as well, and each is compared slowly, which dozens of guesses need not wait for."""
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        for each in staff_pins.people_with_pin(shoot.studio):
            staff_pins.forget_pin(shoot.studio, writing, each)


def code_of(shoot: Shoot, name: str = "Ada Falk") -> str:
    return badge_code(shoot.studio, shoot.session.id, shoot.person(name).id)


def guess(check: Callable[[], bool]) -> str:
    """What became of a guess: right, wrong, or not looked at."""
    try:
        return "right" if check() else "wrong"
    except TooManyGuesses:
        return "waits"


def test_eight_wrong_pins_delay_nobody(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    here, there = desk_of(shoot), desk_of(shoot, "Tablet 3")
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    started = time.monotonic()
    assert [guess(lambda: here.leave("1111")) for _ in range(8)] == ["wrong"] * FREE + ["waits"] * 5
    assert here.admit(badge_code(shoot.studio, shoot.session.id, ada.id)) is not None
    assert here.admit(slate_text(shoot.session.id, ben.id)) is not None
    assert there.leave(PIN), "another screen has its own count"
    assert time.monotonic() - started < 5, "nothing slept: it was 31 seconds of waiting once"
    assert guess(lambda: here.leave(PIN)) == "waits", "or it could be guessed"
    shoot.clock.on(seconds=1)
    assert here.leave(PIN)


def seconds_told(check: Callable[[], bool]) -> int:
    """How many seconds a guess has to wait, as the error says; 0 for one that was looked at."""
    try:
        check()
    except TooManyGuesses as error:
        return error.seconds if f"Wait {error.seconds} s" in error.hint else -1
    return 0


def test_the_waiting_for_a_pin_gets_longer_has_an_end_and_only_guesses_that_were_judged_count(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    desk, waited = desk_of(shoot), []
    for _ in range(12):
        told = []
        while seconds := seconds_told(lambda: desk.leave("1111")):  # who keeps trying makes it no longer
            told.append(seconds)
            shoot.clock.on(seconds=1)
        assert told == list(range(len(told), 0, -1))
        waited.append(len(told))
    assert waited == [int(wait_after(number)) for number in range(12)] == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]
    shoot.clock.on(seconds=LONGEST)
    assert desk.leave(PIN), "the right one ends the count"
    assert [guess(lambda: desk.leave("1111")) for _ in range(FREE)] == ["wrong"] * FREE


def test_a_restart_starts_nothing_over(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    for wrong in range(1, 8):
        assert guess(lambda: desk_of(shoot).leave("1111")) == "wrong"
        shoot.reopen()
        waits = int(wait_after(wrong))
        assert seconds_told(lambda: desk_of(shoot).leave("1111") if waits else False) == waits  # noqa: B023
        shoot.clock.on(seconds=waits)
    shoot.reopen()
    assert desk_of(shoot).leave(PIN)


def test_a_clock_that_was_set_back_locks_nobody_out(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    desk = desk_of(shoot)
    assert [guess(lambda: desk.leave("1111")) for _ in range(4)][-1] == "waits"
    shoot.clock.on(days=-1)
    assert desk.leave(PIN)


def test_a_right_code_is_let_in_whatever_others_typed_before(shoot: Shoot) -> None:
    desk = desk_of(shoot)
    right, own = code_of(shoot), code_of(shoot, "Mallory")
    for _ in range(8):
        assert desk.admit("WRONG2") is None
    assert desk.admit(right) is not None
    for number in range(CARD_CODE.free - 8):
        assert desk.admit("WRONG2") is None
        if number % 10 == 0 and number < 40:
            assert desk.admit(own) is not None, "and a code of one's own does not start the count over"
    assert guess(lambda: desk.admit("WRONG2") is not None) == "waits"
    assert guess(lambda: desk.admit(right) is not None) == "waits", "more than slips explain"
    assert guess(lambda: desk.recognise(right) is not None) == "waits"
    assert desk.admit(slate_text(shoot.session.id, shoot.person("Ben").id)) is not None, "a card is let in always"
    assert desk_of(shoot, "Tablet 3").admit(right) is not None
    shoot.reopen()
    assert guess(lambda: desk_of(shoot).admit(right) is not None) == "waits"
    shoot.clock.on(seconds=1)
    desk = desk_of(shoot)
    assert desk.admit(right) is not None and desk.admit("WRONG2") is None
    assert guess(lambda: desk.admit(right) is not None) == "waits"
    shoot.clock.on(hours=1)
    assert all(desk.admit("WRONG2") is None for _ in range(8)) and desk.admit(right) is not None


def test_a_code_is_counted_however_it_is_padded_and_a_poster_is_not(shoot: Shoot) -> None:
    padded = "AB" + " " * 40 + "-C-D-E-F"
    assert is_typed(padded) and is_typed(" ab-cdef ") and is_typed("")
    assert not is_typed("https://example.org/some/poster/on/the/wall")
    assert not is_typed(slate_text(shoot.session.id, shoot.person().id))
    desk = desk_of(shoot)
    assert all(desk.admit(padded) is None for _ in range(CARD_CODE.free))
    assert guess(lambda: desk.admit(padded) is not None) == "waits"


def test_many_hands_at_one_screen_get_no_more_guesses_than_one(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    desks = [desk_of(shoot) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        became = list(pool.map(lambda n: guess(lambda: desks[n % 2].leave(f"{n:04d}")), range(40)))
    assert sorted(became) == ["waits"] * (40 - FREE) + ["wrong"] * FREE


def test_guesses_disturb_no_export_and_name_no_screen(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, PIN)
    desk = desk_of(shoot, "Yolanda's tablet")
    before = shoot.studio.archive.changes()
    tried = "975310864297"  # four digits stand in some id or hash by chance
    assert not desk.leave(tried) and desk.admit("WRONG2") is None
    assert shoot.studio.archive.changes() == before
    shoot.studio.archive.close()
    on_disk = b"".join(each.read_bytes() for each in shoot.folder.iterdir() if each.is_file())
    assert not any(each in on_disk for each in (b"Yolanda", tried.encode(), b"WRONG2"))
    shoot.reopen()


def test_the_right_digits_of_a_receipt_wait_for_nobody_else_s(shoot: Shoot) -> None:
    desk = desk_of(shoot)
    sittings = []
    for name in ("Ada", "Ben"):
        sitting = desk.admit(code_of(shoot, name))
        assert sitting is not None
        Guest(sitting, ["use.portfolio"]).finish()
        sittings.append(sitting)
    ada, ben = sittings
    assert [guess(lambda: ada.opened("x")) for _ in range(4)][-1] == "waits"
    (file,) = shoot.studio.archive.consents.receipts_of(ben.person().id)
    assert ben.opened(file.opening_code)


def test_a_receipt_opened_at_two_screens_at_once_is_written_down_once(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"))
    sittings = []
    for screen in ("Tablet 2", "Tablet 3"):
        sitting = desk_of(shoot, screen).admit(slate_text(shoot.session.id, ada.id))
        assert sitting is not None
        sitting.confirm()
        sittings.append(sitting)
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    looked = JournalRepository.has

    def slowly(journal: JournalRepository, kind: str, reference: str) -> bool:
        found = looked(journal, kind, reference)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(JournalRepository, "has", slowly)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda each: each.opened(file.opening_code), sittings)) == [True, True]
    kinds = [each.kind for each in shoot.studio.archive.journal.entries()]
    assert kinds.count("receipt-opened") == 1


def test_two_secrets_and_two_screens_are_counted_apart(shoot: Shoot) -> None:
    limits = [RateLimiter(shoot.studio, secret, screen) for secret in (SCREEN_PIN, CARD_CODE) for screen in "ab"]
    assert len({each._id for each in limits}) == 4
    assert CARD_CODE.forgotten_after == timedelta(hours=1) and SCREEN_PIN.forgotten_after is None


def test_who_has_to_wait_costs_no_slow_comparison(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    staff.set_staff_pin(shoot.studio, "Robin", "2718")
    desk = desk_of(shoot)
    assert [guess(lambda: desk.leave("1111")) for _ in range(FREE + 1)][-1] == "waits"
    monkeypatch.setattr("safelight.studio.presence._whose", lambda *_: pytest.fail("it was looked at"))
    assert [guess(lambda: desk.leave("1111")) for _ in range(5)] == ["waits"] * 5
    shoot.clock.on(hours=1)
    with pytest.raises(pytest.fail.Exception):
        desk.leave("1111")
