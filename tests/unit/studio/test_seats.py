"""One seat for each person: a second admission takes the sitting over, whatever the first screen still wishes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.domain.ceremony import Ceremony
from safelight.domain.errors import Refused
from safelight.domain.ids import Language, ScopeId
from safelight.domain.people import Guardian, Role
from safelight.domain.sitting import Ended, SittingEnded, Visit
from safelight.studio import consents
from safelight.studio.badges import badge_code
from safelight.studio.exhibits import store_exhibits
from safelight.studio.held import erase_expired, find_held
from safelight.studio.rate_limiter import FREE
from safelight.studio.screen_pin import set_screen_pin
from safelight.studio.sitting import StudioSitting
from safelight.studio.subject_changes import SubjectChange, change_subject
from safelight.studio.upkeep import check_studio
from support.guests import Guest, desk_of, hand
from support.shoot import PASSPHRASE, Shoot, said_yes

DRIVER = Path(__file__).with_name("seat_driver.py")
SOLE = Guardian("Olga Lind", "mother", sole=True)


def sit(shoot: Shoot, person: Any, screen: str = "Tablet 2") -> StudioSitting:
    found = desk_of(shoot, screen).admit(badge_code(shoot.studio, shoot.session.id, person.id))
    assert found is not None
    return found


class Late(Guest):
    """Somebody whose screen keeps nothing until the receipt: the writes are still to come."""

    def keep(self, ceremony: Ceremony) -> None:
        self.now = ceremony


def wishes(guest: Guest) -> dict[str, Callable[[], object]]:
    """Everything a screen can ask for that writes."""
    sitting = guest.sitting
    return {
        "keep": lambda: sitting.keep(guest.now),
        "attend": lambda: sitting.attend("Wim Witness", ""),
        "mark": lambda: sitting.mark(ScopeId("use.advertising"), Role.SUBJECT, hand(9)),
        "finish": lambda: sitting.finish(guest.now, guest.evidence),
        "confirm": sitting.confirm,
        "wait_for_guardian": lambda: sitting.wait_for_guardian(guest.now),
        "left_undecided": sitting.left_undecided,
    }


def outcome(wish: Callable[[], object]) -> str:
    """What became of a wish."""
    try:
        wish()
    except SittingEnded as error:
        return error.why.value
    return "done"


def written(shoot: Shoot, person: Any) -> tuple[object, ...]:
    """Everything a sitting can leave in the archive."""
    archive = shoot.studio.archive
    held = find_held(shoot.studio, person.id, shoot.session.id)
    head = archive.journal.head()
    return held, len(archive.consents.receipts_of(person.id)), head and head.hash


@pytest.mark.parametrize("screen", ["Tablet 2", "Tablet 3"])
@pytest.mark.parametrize("signed_before", [False, True], ids=["first time", "signed beforehand"])
def test_whoever_is_admitted_last_has_the_seat_and_every_late_wish_is_refused(
    screen: str, signed_before: bool, shoot: Shoot
) -> None:
    ada = shoot.person()
    if signed_before:
        shoot.ask(ada, said_yes("use.portfolio"))
    first = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    second = Guest(sit(shoot, ada, screen), ["use.social"], number=40)
    assert second.sitting.person().visit is Visit.RESUMED and second.now == first.now, "it goes on where the first was"
    before = written(shoot, ada)
    first = Late(first.sitting)  # its screen goes on with what it has
    first.review().sign()
    for name, wish in wishes(first).items():
        with pytest.raises(SittingEnded, match="another screen") as caught:
            wish()
        assert caught.value.why is Ended.TAKEN_OVER and caught.value.hint, name
        assert isinstance(caught.value, Refused) and written(shoot, ada) == before, name
    second.review().sign().finish()
    (*_, file) = shoot.studio.archive.consents.receipts_of(ada.id)
    assert {each.scope for each in file.receipt.records if each.grant} == {"use.portfolio"}
    assert {outcome(wish) for wish in wishes(first).values()} == {"signed_elsewhere"}
    assert check_studio(shoot.studio, tuple(shoot.acks))[0].problems == ()


def test_a_late_keep_does_not_take_a_yes_away(shoot: Shoot) -> None:
    ada = shoot.person()
    one, two = Late(sit(shoot, ada)).answer(), Guest(sit(shoot, ada, "Tablet 3"), ["use.portfolio"]).answer()
    with pytest.raises(SittingEnded):
        one.sitting.keep(one.now)
    assert sit(shoot, ada).person().ceremony == two.now and two.now.yes == ("use.portfolio",)


def test_a_card_that_is_only_recognised_takes_nothing_over(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    code = badge_code(shoot.studio, shoot.session.id, ada.id)
    assert desk_of(shoot, "Tablet 3").recognise(code) == ada.id and desk_of(shoot).recognise("WRONG2") is None
    assert guest.review().sign().finish().pdf


def test_two_who_finish_at_once_leave_one_receipt(shoot: Shoot) -> None:
    for number in range(3):
        ada = shoot.person(f"Ada {number}")
        guests = [Late(sit(shoot, ada, f"Tablet {n}"), [use]) for n, use in enumerate(("use.portfolio", "use.social"))]
        for each in guests:
            each.turn()
        gate = threading.Barrier(2)

        def finished(guest: Guest, gate: threading.Barrier = gate) -> str:
            gate.wait()
            return outcome(guest.finish)

        with ThreadPoolExecutor(2) as pool:
            became = list(pool.map(finished, guests))
        assert became[1] == "done" and became[0] in ("taken_over", "signed_elsewhere")
        (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
        assert {each.scope for each in file.receipt.records if each.grant} == {"use.social"}
    assert check_studio(shoot.studio, tuple(shoot.acks))[0].problems == ()


def test_the_look_and_the_writing_are_one(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is admitted elsewhere at the last moment: after the screen was let through, before anything is kept."""
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).turn()
    seal = store_exhibits

    def meanwhile(*given: Any) -> Any:
        sit(shoot, ada, "Tablet 3")
        return seal(*given)

    with monkeypatch.context() as patched:
        patched.setattr(consents, "store_exhibits", meanwhile)
        assert outcome(guest.finish) == "taken_over"
    assert shoot.studio.archive.consents.receipts_of(ada.id) == ()
    assert sit(shoot, ada).person().ceremony.yes == ("use.portfolio",)


def test_nothing_is_written_from_the_first_screen_once_the_second_was_let_in(shoot: Shoot) -> None:
    ada = shoot.person()
    first = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    kept = 0

    def busy() -> str:
        nonlocal kept
        until = time.monotonic() + 60
        while (became := outcome(lambda: first.sitting.keep(first.now))) == "done" and time.monotonic() < until:
            kept += 1
        return became

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(busy)
        while not kept and not running.done():
            time.sleep(0.001)
        second = sit(shoot, ada, "Tablet 3")
        held = shoot.studio.archive.held.find(ada.id, shoot.session.id)
        assert running.result() == "taken_over"
    assert held is not None and shoot.studio.archive.held.find(ada.id, shoot.session.id) == held
    assert second.person().ceremony == first.now


@given(
    story=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["admit", "admit", "keep", "attend", "leave", "sign"])),
        min_size=4,
        max_size=10,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_three_screens_take_turns_only_the_last_admitted_writes(
    shoot: Shoot, story: list[tuple[int, str]]
) -> None:
    ada = shoot.person(f"Person {next(shoot.numbers)}")
    uses = ("use.portfolio", "use.social", "use.directory")
    seated: dict[int, Guest] = {}
    holder, receipts = -1, 0
    for screen, what in story:
        guest = seated.get(screen)
        if what == "admit":
            seated[screen] = Late(sit(shoot, ada, f"Tablet {screen}"), [uses[screen]], number=10 * screen)
            holder = screen
            continue
        if guest is None:
            continue
        if what == "sign" and guest.now.step.value != "receipt":
            guest.now = Late(guest.sitting, guest.yes, number=guest.number).now
            if guest.now.acts:
                continue  # it was taken up where another screen left it
            guest.turn()
        wish = {
            "keep": lambda: guest.sitting.keep(guest.now),  # noqa: B023
            "attend": lambda: guest.sitting.attend("Wim", ""),  # noqa: B023
            "leave": guest.sitting.left_undecided,
            "sign": guest.finish,
        }[what]
        before = written(shoot, ada)
        became = outcome(wish)
        assert (became == "done") == (screen == holder), (screen, what, holder)
        if became != "done":
            assert written(shoot, ada) == before
        if became == "done" and what in ("leave", "sign"):
            receipts += what == "sign"
            del seated[screen]
            holder = -1
    assert len(shoot.studio.archive.consents.receipts_of(ada.id)) == receipts


def test_a_guardian_goes_on_at_another_screen(shoot: Shoot) -> None:
    mia = shoot.person("Mia Lind", SOLE, born=date(2010, 6, 1))
    here = Guest(sit(shoot, mia), ["use.portfolio", "use.advertising"]).turn()
    there = Guest(sit(shoot, mia, "Tablet 3"), here.yes, number=60)
    assert there.now == here.now and there.now.whose_turn is Role.SUBJECT
    assert outcome(lambda: here.sitting.keep(here.now)) == "taken_over"
    there.finish()
    (file,) = shoot.studio.archive.consents.receipts_of(mia.id)
    assert file.receipt.signing.signed_by == (Role.GUARDIAN, Role.SUBJECT)
    assert check_studio(shoot.studio, tuple(shoot.acks))[0].problems == ()


def test_a_sheet_of_paper_ends_the_sitting_and_says_so(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).turn()
    shoot.ask(ada, said_yes("use.social"))
    assert {outcome(wish) for wish in wishes(guest).values()} == {"signed_elsewhere"}
    assert len(shoot.studio.archive.consents.receipts_of(ada.id)) == 1


@pytest.mark.parametrize("evidence", [False, True])
def test_nothing_is_written_of_somebody_whose_pictures_were_erased_meanwhile(evidence: bool, shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=evidence)
    assert {outcome(wish) for name, wish in wishes(guest).items() if name != "finish"} == {"erased"}
    assert shoot.studio.archive.held.everything() == ()
    assert check_studio(shoot.studio, tuple(shoot.acks))[0].problems == ()


@pytest.mark.parametrize("grown_up", [True, False])
def test_what_the_desk_puts_right_while_a_receipt_is_recorded_stays_and_counts(
    grown_up: bool, shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, kim = shoot.person(), shoot.staff["Kim"].id
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).turn()
    change = SubjectChange(email="ada@new.example") if grown_up else SubjectChange(born=date(2012, 1, 1))

    def slowly(*given: Any) -> Any:
        change_subject(shoot.studio, ada.id, change, kim)
        return store_exhibits(*given)

    monkeypatch.setattr(consents, "store_exhibits", slowly)
    if grown_up:
        guest.finish()
        assert len(shoot.studio.archive.consents.receipts_of(ada.id)) == 1
    else:
        with pytest.raises(Refused, match="guardian"):
            guest.finish()
        assert shoot.studio.archive.consents.receipts_of(ada.id) == ()
    now = shoot.studio.archive.subjects.get(ada.id)
    assert (now.email == "ada@new.example", now.born) == ((True, ada.born) if grown_up else (False, date(2012, 1, 1)))


def test_what_a_screen_confirmed_or_gave_up_is_not_done_twice(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"))
    sitting = sit(shoot, ada)
    assert sitting.confirm().pdf == sitting.confirm().pdf
    kinds = [each.kind for each in shoot.studio.archive.journal.entries()]
    assert kinds.count("consent-confirmed") == 1
    gone = sit(shoot, ada)
    gone.left_undecided()
    gone.left_undecided()
    for wish in (gone.confirm, lambda: gone.wait_for_guardian(gone.person().ceremony)):
        with pytest.raises(Refused, match="over"):
            wish()
    assert erase_expired(shoot.studio)[0] == 0
    assert gone.notice(Language("en")).text


def test_a_confirmation_that_could_not_be_told_is_not_written_twice(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"))
    deaf = [True]

    def nobody_listens(_id: str, _sha256: str) -> None:
        if deaf:
            deaf.clear()
            raise BrokenPipeError

    sitting = sit(replace(shoot, studio=replace(shoot.studio, acknowledge=nobody_listens)), ada)
    with pytest.raises(BrokenPipeError):
        sitting.confirm()
    assert sitting.confirm().pdf
    kinds = [each.kind for each in shoot.studio.archive.journal.entries()]
    assert kinds.count("consent-confirmed") == 1


@contextmanager
def program(shoot: Shoot, use: str = "use.portfolio") -> Iterator[Callable[[str], Callable[[], str]]]:
    """Another process on the same studio: sends it a command, gives what waits for the answer."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, str(DRIVER), str(shoot.folder), PASSPHRASE, shoot.clock.at.isoformat(), use]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as other:
        assert other.stdin is not None and other.stdout is not None

        def answer() -> str:
            assert other.stdout is not None
            return str(json.loads(other.stdout.readline()))

        def send(command: str) -> Callable[[], str]:
            assert other.stdin is not None
            other.stdin.write(command + "\n")
            other.stdin.flush()
            return answer

        assert answer() == "ready"
        try:
            yield send
        finally:
            other.stdin.close()


def test_two_programs_on_one_studio_see_each_other_s_seats(shoot: Shoot) -> None:
    people = [shoot.person(f"Person {number}") for number in range(4)]
    codes = [badge_code(shoot.studio, shoot.session.id, each.id) for each in people]
    shoot.studio.archive.close()
    with ExitStack() as running:
        uses = ("use.portfolio", "use.social")
        send = [running.enter_context(program(shoot, use)) for use in uses]
        first, second = send
        # One after the other: the second has the seat, and the first is told.
        assert [each(f"admit {codes[0]}")() for each in send] == ["seated", "seated"]
        assert first("keep")() == first("finish")() == "SittingEnded taken_over"
        assert second("keep")() == "kept" and second("finish")().startswith("signed")
        assert first("keep")() == "SittingEnded signed_elsewhere"
        # At the same time: whoever sat down last, and nobody else.
        for code in codes[1:]:
            assert [each() for each in [each(f"admit {code}") for each in send]] == ["seated", "seated"]
            became = sorted(each() for each in [each("finish") for each in send])
            assert became[0] in ("SittingEnded taken_over", "SittingEnded signed_elsewhere"), became
            assert became[1].startswith("signed"), became
    shoot.reopen()
    for person in people:
        assert len(shoot.studio.archive.consents.receipts_of(person.id)) == 1
    assert check_studio(shoot.studio)[0].problems == ()


def test_two_programs_at_one_screen_get_no_more_guesses_than_one(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, "2468")
    shoot.studio.archive.close()
    with program(shoot) as first, program(shoot) as second:
        became = [each() for number in range(5) for each in [send(f"leave {number:04d}") for send in (first, second)]]
    assert sorted(became) == ["False"] * FREE + ["TooManyGuesses"] * (10 - FREE)
    shoot.reopen()
