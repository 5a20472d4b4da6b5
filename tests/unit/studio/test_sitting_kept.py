"""What is kept of a sitting: found again on any device, waiting for a guardian, erased when its time is over."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from safelight.documents.jcs import sha256_hex
from safelight.domain.ceremony import Step, begin, stop
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Language, ScopeId, SessionId, SubjectId
from safelight.domain.people import Guardian, Role
from safelight.domain.sitting import Visit
from safelight.storage.repositories.held import HeldRepository
from safelight.studio.badges import badge_code
from safelight.studio.held import erase_expired, find_held
from safelight.studio.sitting import StudioSitting
from safelight.studio.upkeep import check_studio
from support.guests import Guest, desk_of, hand
from support.shoot import Shoot

TEEN = date(2010, 6, 1)
SOLE = Guardian("Olga Lind", "mother", sole=True)


def sit(shoot: Shoot, person: Any) -> StudioSitting:
    found = desk_of(shoot).admit(badge_code(shoot.studio, shoot.session.id, person.id))
    assert found is not None
    return found


def kinds(shoot: Shoot) -> list[str]:
    return [each.kind for each in shoot.studio.archive.journal.entries()]


def test_what_was_answered_is_found_again_on_another_device_and_after_a_crash(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio", "use.advertising"]).answer()
    guest.sitting.attend("Wim Witness", "Ines Interpreter")
    held = shoot.studio.archive.held.find(ada.id, shoot.session.id)
    assert held is not None and (ada.id, sha256_hex(held.content)) in shoot.acks
    other = sit(shoot, ada)  # nothing of the first sitting is used from here on
    assert other.person().visit is Visit.RESUMED and other.person().ceremony == guest.now
    shoot.reopen()
    resumed = Guest(sit(shoot, ada), guest.yes)
    assert resumed.now == guest.now and len(resumed.now.marks) == 1
    resumed.review().sign().finish()
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    assert len([each for each in file.exhibits if each.scope == "use.advertising"]) == 1
    assert (file.witness, file.interpreter) == ("Wim Witness", "Ines Interpreter")
    assert file.receipt.signing.witnessed and file.receipt.signing.interpreted
    assert shoot.studio.archive.held.everything() == ()


def test_a_screen_left_behind_brings_nothing_back_after_the_signature(shoot: Shoot) -> None:
    ada = shoot.person()
    left = Guest(sit(shoot, ada), ["use.portfolio", "use.social"]).answer()
    Guest(sit(shoot, ada), ["use.social"], number=50).answer().review().sign().finish()
    for attempt in (lambda: left.sitting.keep(left.now), lambda: left.turn().finish()):
        with pytest.raises(Refused, match="another screen"):
            attempt()
    assert shoot.studio.archive.held.everything() == ()
    assert len(shoot.studio.archive.consents.receipts_of(ada.id)) == 1
    assert sit(shoot, ada).person().visit is Visit.PRESIGNED


def test_only_the_newest_is_kept_and_only_what_it_names(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.advertising"]).answer()
    guest.sitting.mark(ScopeId("use.advertising"), Role.SUBJECT, hand(71))
    guest.sitting.mark(ScopeId("use.advertising"), Role.SUBJECT, hand(72))
    held = find_held(shoot.studio, ada.id, shoot.session.id)
    assert held is not None and held.ceremony == guest.now
    assert {each.sha256 for each in held.exhibits} == {
        guest.now.marks[0].evidence_sha256, sha256_hex(hand(72).data)
    }  # fmt: skip
    assert len(shoot.studio.archive.held.everything()) == 1


def test_who_leaves_undecided_leaves_nothing(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    guest.sitting.left_undecided()
    guest.sitting.keep(guest.now)  # a write that was still under way comes too late
    assert shoot.studio.archive.held.everything() == ()
    assert kinds(shoot)[-1] == "ceremony-left"
    assert sit(shoot, ada).person().visit is Visit.FIRST
    before = len(kinds(shoot))
    sit(shoot, ada).left_undecided()
    assert len(kinds(shoot)) == before


def alone(shoot: Shoot, mia: Any) -> Guest:
    """A minor who answers and signs before any guardian has come."""
    guest = Guest(sit(shoot, mia), ["use.portfolio", "use.advertising"])
    old = guest.now
    guest.now = begin(old.offered, old.ai, 1, old.photos, dict(old.needs), True, eea=old.eea)
    return guest.turn()


def test_a_minor_waits_for_a_guardian_who_comes_another_day(shoot: Shoot) -> None:
    mia = shoot.person("Mia Lind", SOLE, born=TEEN)
    guest = alone(shoot, mia)
    until = guest.sitting.wait_for_guardian(guest.now)
    assert until == shoot.studio.now() + timedelta(days=14)
    assert "ceremony-held" in kinds(shoot)
    shoot.clock.on(days=13)
    shoot.reopen()
    olga = Guest(sit(shoot, mia), ["use.portfolio"], number=40)
    person = olga.sitting.person()
    assert person.visit is Visit.RESUMED and olga.now.whose_turn is Role.GUARDIAN
    olga.finish()
    (file,) = shoot.studio.archive.consents.receipts_of(mia.id)
    assert file.receipt.signing.signed_by == (Role.SUBJECT, Role.GUARDIAN)
    assert {each.scope for each in file.receipt.records if each.grant} == {"use.portfolio"}
    assert file.evidence == olga.evidence[-1].data
    signature = next(each for each in file.exhibits if each.what.value == "signature")
    assert (signature.by, signature.sha256) == (Role.SUBJECT, sha256_hex(guest.evidence[0].data))
    assert check_studio(shoot.studio)[0].problems == ()


def test_looking_at_what_waits_does_not_make_it_wait_longer(shoot: Shoot) -> None:
    mia = shoot.person("Mia Lind", SOLE, born=TEEN)
    guest = alone(shoot, mia)
    until = guest.sitting.wait_for_guardian(guest.now)
    shoot.clock.on(days=10)
    olga = Guest(sit(shoot, mia))
    olga.answer()
    kept = shoot.studio.archive.held.find(mia.id, shoot.session.id)
    assert kept is not None and kept.erase_at == until
    shoot.clock.on(days=4)
    assert sit(shoot, mia).person().visit is Visit.FIRST
    assert shoot.studio.archive.held.everything() == () and "held-ceremony-erased" in kinds(shoot)


@pytest.mark.parametrize("by", ["desk", "check"])
def test_what_nobody_came_back_for_is_erased_without_a_word_of_it(by: str, shoot: Shoot) -> None:
    guest = Guest(sit(shoot, shoot.person()), ["use.portfolio"]).answer()
    assert erase_expired(shoot.studio)[0] == 0
    shoot.clock.on(days=14)
    if by == "desk":
        desk_of(shoot)
    else:
        assert check_studio(shoot.studio)[0].problems == ()
    assert shoot.studio.archive.held.everything() == ()
    entry = shoot.studio.archive.journal.entries()[-1]
    assert entry.kind == "held-ceremony-erased" and entry.reference == guest.sitting.person().id
    assert shoot.studio.archive.journal.payload(entry.number) == b""


def test_who_comes_back_while_the_old_answers_are_being_erased_keeps_the_new_ones(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person()
    Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    shoot.clock.on(days=14)
    looked = HeldRepository.expired
    back: list[Guest] = []

    def slowly(held: HeldRepository, now: datetime) -> tuple[tuple[SubjectId, SessionId], ...]:
        found = looked(held, now)
        if not back:  # between the look and the turn to write
            back.append(Guest(StudioSitting(shoot.studio, shoot.session, ada.id, "Tablet 3"), ["use.social"]).answer())
        return found

    monkeypatch.setattr(HeldRepository, "expired", slowly)
    assert erase_expired(shoot.studio) == (0, Changes.NONE)
    held = find_held(shoot.studio, ada.id, shoot.session.id)
    assert held is not None and held.ceremony == back[0].now
    assert "held-ceremony-erased" not in kinds(shoot)


def test_the_check_names_a_held_ceremony_that_was_changed_and_exhibits_that_are_gone(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    Guest(sit(shoot, ada), ["use.advertising"]).finish()
    Guest(sit(shoot, ben), ["use.portfolio"]).answer()
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    page = file.exhibits[0]
    found = next(each for id, each in shoot.studio.archive.files.on_disk() if id == page.file)
    found.unlink()
    with sqlite3.connect(shoot.studio.archive.folder.database) as connection:
        connection.execute("UPDATE held SET version = version + 1")
    connection.close()
    problems = check_studio(shoot.studio)[0].problems
    assert any("table held" in each or "held" in each for each in problems), problems
    assert any(file.receipt.id in each and "page" in each for each in problems), problems


def test_many_threads_leave_one_newest_state(shoot: Shoot) -> None:
    people = [shoot.person(f"Person {number}") for number in range(3)]
    guests = [Guest(sit(shoot, each), ["use.portfolio"]).answer() for each in people]

    def busy(guest: Guest) -> set[str]:
        pages: set[str] = set()
        for _ in range(4):
            guest.sitting.keep(guest.now)
            guest.sitting.person()
            pages.add(guest.sitting.page(guest.now)[1])
            guest.sitting.notice(Language("de"))
        return pages

    with ThreadPoolExecutor(6) as pool:
        pages = [one.result() for one in [pool.submit(busy, each) for each in guests for _ in range(2)]]
    assert all(len(each) == 1 for each in pages) and len(set.union(*pages)) == len(people)
    assert sorted(who for who, _ in shoot.studio.archive.held.everything()) == sorted(each.id for each in people)
    assert check_studio(shoot.studio)[0].problems == ()


def test_a_paused_ceremony_comes_back_paused(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).answer()
    guest.keep(stop(guest.now, guest.moment()))
    assert sit(shoot, ada).person().ceremony.stopped
    held = shoot.studio.archive.held.find(ada.id, shoot.session.id)
    assert held is not None and json.loads(held.content)["ceremony"]["stopped"]
    assert guest.now.step is Step.REVIEW


def test_somebody_erased_meanwhile_is_a_sentence(shoot: Shoot) -> None:
    ada = shoot.person()
    guest = Guest(sit(shoot, ada), ["use.portfolio"]).turn()
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, SubjectId(ada.id), portrait=True, evidence=True)
    for attempt in (lambda: guest.sitting.keep(guest.now), lambda: guest.sitting.finish(guest.now, guest.evidence)):
        with pytest.raises(SafelightError):
            attempt()
