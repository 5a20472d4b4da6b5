"""A restriction and an objection stop every use at once, tell whoever has the photos, and end no yes."""

from __future__ import annotations

import json

import pytest

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.requests import RequestKind, RequestState
from safelight.studio import requests, upkeep
from safelight.studio.assignments import remove_photos
from safelight.studio.exports import NothingLeaves, export_bundle
from safelight.studio.restricting import lift_restriction, object_to, restrict
from safelight.studio.subject_changes import link_subjects
from support.shoot import Shoot, said_yes

USE = "use.portfolio"


def told(message: object) -> list[tuple[str, str, str, tuple[str, ...]]]:
    photos = json.loads(message.text)["photos"]  # type: ignore[attr-defined]
    return [(each["photo"]["guid"], each["state"], each["why"], tuple(each.get("asked", ()))) for each in photos]


def leaves(shoot: Shoot, name: str) -> int:
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish("Prenzel", USE), shoot.scratch / name)
    return len(done.bundle.manifest.photos)


def test_nothing_of_a_restricted_person_is_used_until_it_is_lifted(shoot: Shoot) -> None:
    studio, kim, to = shoot.studio, shoot.staff["Kim"].id, shoot.agencies["Prenzel"]
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    again = shoot.person("Ada", session=shoot.new_session())
    link_subjects(studio, ada.id, again.id, kim)
    for each in (ada, ben):
        shoot.ask(each, said_yes(USE, to))
    hers, both, his = shoot.photo(ada), shoot.photo(ada, ben), shoot.photo(ben)
    assert leaves(shoot, "first.age") == 3
    asked, _ = requests.new_request(studio, requests.NewRequest(again.id, RequestKind.RESTRICTION))
    with pytest.raises(WrongUsage):
        restrict(studio, ada.id, " ", kim)
    done, _ = restrict(studio, ada.id, "she says the yes is not hers", kim)
    assert {*done.photos} == {hers.guid, both.guid} and done.answered == (asked.id,)
    (notice,) = done.notices
    assert {each[1:] for each in told(notice)} == {("withheld", "restricted", ("stop",))} and len(told(notice)) == 2
    assert studio.archive.restrictions.people() == {ada.id, again.id}
    assert leaves(shoot, "second.age") == 1
    with pytest.raises(Refused, match="used already"):
        restrict(studio, again.id, "again", kim)
    restrict(studio, ben.id, "as well", kim)
    with pytest.raises(NothingLeaves):
        leaves(shoot, "third.age")
    lifted, _ = lift_restriction(studio, again.id, "it was hers after all", kim)
    assert lifted.photos == (hers.guid,), "the other one is held back for whom it also shows"
    (notice,) = lifted.notices
    assert told(notice) == [(hers.guid, "released", "restricted", ())]
    with pytest.raises(Refused, match="is restricted"):
        lift_restriction(studio, ada.id, "again", kim)
    assert leaves(shoot, "fourth.age") == 1 and his.guid not in lifted.photos
    kinds = [each.kind for each in studio.archive.journal.newest(50, reference=ada.id)]
    assert "person-restricted" in kinds and upkeep.check_studio(studio)[0].problems == ()


def test_an_objection_holds_photos_back_for_good(shoot: Shoot) -> None:
    studio, kim, to = shoot.studio, shoot.staff["Kim"].id, shoot.agencies["Prenzel"]
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    for each in (ada, ben):
        shoot.ask(each, said_yes(USE, to))
    one, two, his = shoot.photo(ada), shoot.photo(ada), shoot.photo(ben)
    assert leaves(shoot, "first.age") == 3
    asked, _ = requests.new_request(studio, requests.NewRequest(ada.id, RequestKind.OBJECTION))
    with pytest.raises(WrongUsage, match="does not show"):
        object_to(studio, ada.id, his.guid, "why", kim)
    done, _ = object_to(studio, ada.id, one.guid, "it hurts me", kim)
    (notice,) = done.notices
    assert told(notice) == [(one.guid, "withheld", "objection", ("stop", "delete"))]
    assert studio.archive.requests.get(asked.id).state is RequestState.ANSWERED
    assert leaves(shoot, "second.age") == 2
    done, _ = object_to(studio, ada.id, None, "all of them", kim)
    assert done.photos == (two.guid,) and leaves(shoot, "third.age") == 1
    for photo in (one.guid, None):
        with pytest.raises(Refused, match="held back already"):
            object_to(studio, ada.id, photo, "again", kim)
    restrict(studio, ada.id, "why", kim)
    assert lift_restriction(studio, ada.id, "why", kim)[0].notices == (), "what she objects to is not released"
    assert upkeep.check_studio(studio)[0].problems == ()


def test_who_has_a_photo_that_was_taken_out_here_is_told_too(shoot: Shoot) -> None:
    studio, kim, to = shoot.studio, shoot.staff["Kim"].id, shoot.agencies["Prenzel"]
    ada = shoot.person("Ada")
    shoot.ask(ada, said_yes(USE, to))
    gone = shoot.photo(ada)
    leaves(shoot, "first.age")
    remove_photos(studio, [gone.guid], kim, although_sent=True)
    done, _ = restrict(studio, ada.id, "why", kim)
    assert [each[:3] for each in told(done.notices[0])] == [(gone.guid, "withheld", "restricted")]
