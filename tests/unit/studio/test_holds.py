"""Legal holds: what they keep from every command that erases, how they end, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from safelight.domain.errors import Malformed, Refused, SafelightError, WrongUsage
from safelight.domain.holds import HoldClass, LegalHold, barring
from safelight.storage.repositories.legal_holds import UnderHold
from safelight.studio import assignments, holds, intake, subject_changes, upkeep
from safelight.studio.queries.holds import find_hold, hold_rows
from support.derived_keys import keys_derived_once
from support.without_key import edited


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with keys_derived_once():
        yield


def kept(shoot: Any, person: Any, what: str = "all", **more: Any) -> LegalHold:
    wanted = holds.NewHold(
        person.id, HoldClass(what), "a claim in court", shoot.studio.today() + timedelta(days=90),
        shoot.staff["Kim"].id,
    )  # fmt: skip
    return holds.add_hold(shoot.studio, replace(wanted, **more))[0]


def erase(shoot: Any, *people: Any, portrait: bool = True, evidence: bool = True) -> None:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase_all(writing, [each.id for each in people], portrait, evidence)


@pytest.mark.parametrize(
    ("what", "portrait", "evidence"),
    [("photos", False, True), ("templates", True, True), ("proof", True, False), ("all", False, False)],
)
def test_a_hold_keeps_its_class_and_no_other(what: str, portrait: bool, evidence: bool) -> None:
    hold = LegalHold("h", "s", HoldClass(what), "why", date(2027, 1, 1), "p", None)  # type: ignore[arg-type]
    assert (not barring([hold], True, False), not barring([hold], False, True)) == (portrait, evidence)


def test_the_eraser_itself_refuses_and_nothing_went(shoot: Any) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    shoot.ask(ada)
    shoot.photo(ada)
    hold = kept(shoot, ada, "photos")
    for people in ((ada,), (ben, ada)):
        with pytest.raises(UnderHold) as told:
            erase(shoot, *people)
        assert told.value.holds == (hold,)
    assert shoot.studio.archive.keys.gone() == {} and len(shoot.studio.archive.photos.of_subject(ada.id)) == 1
    holds.release_hold(shoot.studio, hold.id, shoot.staff["Sam"].id)
    erase(shoot, ada)
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_a_hold_on_the_proof_lets_the_pictures_go(shoot: Any) -> None:
    ada = shoot.person()
    shoot.ask(ada)
    shoot.photo(ada)
    kept(shoot, ada, "proof")
    erase(shoot, ada, evidence=False)
    with pytest.raises(UnderHold):
        erase(shoot, ada, portrait=False)
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_whoever_is_on_a_group_photo_keeps_it_for_all(shoot: Any) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    shoot.photo(ada, ben)
    kept(shoot, ada, "photos")
    with pytest.raises(UnderHold):
        erase(shoot, ben)


def test_no_other_command_erases_it(shoot: Any) -> None:
    ada, ben, kim = shoot.person(), shoot.person("Ben Ode"), shoot.staff["Kim"].id
    photo = shoot.photo(ada)
    kept(shoot, ada)
    for attempt in (
        lambda: assignments.remove_photos(shoot.studio, [photo.guid], kim),
        lambda: intake.assign_photo(shoot.studio, photo, (ben.id,)),
        lambda: subject_changes.remove_subject(shoot.studio, ada.id, kim, with_photos=True),
        lambda: subject_changes.merge_subjects(shoot.studio, ben.id, ada.id, kim),
    ):
        with pytest.raises(UnderHold):
            attempt()
    assert shoot.studio.archive.photos.get(photo.guid).subjects == (ada.id,)
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_what_is_refused(shoot: Any) -> None:
    ada = shoot.person()
    for wrong in ({"reason": "  "}, {"reason": "x" * 3000}, {"review": shoot.studio.today()}, {"by": "nobody"}):
        with pytest.raises(SafelightError):
            kept(shoot, ada, **wrong)
    hold = kept(shoot, ada, "photos")
    holds.release_hold(shoot.studio, hold.id, hold.by)
    with pytest.raises(WrongUsage, match="already"):
        holds.release_hold(shoot.studio, hold.id, hold.by)
    with pytest.raises(WrongUsage):
        find_hold(shoot.studio, "no such")
    erase(shoot, ada, evidence=False)
    with pytest.raises(Refused, match="erased"):
        kept(shoot, ada, "photos")


def test_the_list_tells_whose_review_day_has_come(shoot: Any) -> None:
    ada = shoot.person()
    hold = kept(shoot, ada, "proof")
    (row,) = hold_rows(shoot.studio)
    assert (row.hold, row.name, row.overdue) == (hold, "Ada Falk", False)
    assert find_hold(shoot.studio, hold.id[:8]) == hold
    shoot.clock.on(days=91)
    assert hold_rows(shoot.studio)[0].overdue
    with pytest.raises(UnderHold):  # a day that passed ends nothing
        holds.require_no_hold(shoot.studio, ada.id)


def test_a_hold_that_was_taken_away_or_changed_is_named_and_nothing_is_erased_by_it(shoot: Any) -> None:
    ada = shoot.person()
    kept(shoot, ada)
    shoot.studio.archive.close()
    with edited(shoot.folder / "archive.sqlite") as connection:
        connection.execute("UPDATE legal_hold SET version = version + 1")
    shoot.reopen()
    assert any("legal_hold" in each for each in upkeep.check_studio(shoot.studio)[0].problems)
    with pytest.raises(Malformed):
        erase(shoot, ada)
    assert shoot.studio.archive.keys.gone() == {}
