"""The journal says of every frame who bound it to whom, and how, from the moment it came in."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from safelight.capture.slates import slate_text
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.photo import Photo
from safelight.studio import intake
from safelight.studio.assignments import move_photos
from safelight.studio.frame_binding import ByArrival, BySwitchLog, FrameBinder
from safelight.studio.hot_intake import IntakeListener, watch_folder
from safelight.studio.on_set import How, put_on_set
from safelight.studio.upkeep import check_studio
from support.shoot import START, Shoot


def said(shoot: Shoot, photo: Photo) -> dict[str, Any]:
    ((entry, told),) = shoot.studio.archive.journal.told_about("photo-added", photo.guid)
    assert entry.number <= shoot.studio.archive.journal.signed_head()[0]  # type: ignore[index]
    found: dict[str, Any] = json.loads(told)
    return found


def drawn(shoot: Shoot, name: str, second: int, slate: str | None = None, folder: Path | None = None) -> Path:
    path = (folder or shoot.scratch) / name
    taken = START + timedelta(seconds=second)
    path.write_bytes(drawn_portrait(second, (800, 1000), camera_time=taken, slate=slate, frame=second))
    return path


def watched(shoot: Shoot, folder: Path, binder: FrameBinder) -> Photo:
    """A frame that a camera writes into a folder while it is watched."""
    came: list[Photo] = []
    asked = count()

    class Listening(IntakeListener):
        def took_in(self, done: intake.Intake, _changes: object, /) -> None:
            came.extend(done.added)

    def stop() -> bool:
        if next(asked) == 2:
            drawn(shoot, "tethered.jpg", 40, folder=folder)
        return bool(came)

    watch_folder(shoot.studio, shoot.session, folder, shoot.decoders, binder, stop, Listening())
    return came[0]


@pytest.mark.parametrize("named", [True, False])
def test_files_given_by_hand(shoot: Shoot, named: bool) -> None:
    ada, kim = shoot.person(), shoot.staff["Kim"].id
    photo = shoot.photo(*([ada] if named else []))
    how = "named" if named else "nobody"
    assert said(shoot, photo) == {"by": kim, "came": "lay-there", "how": how, "to": [ada.id] if named else []}


def test_a_card_with_slates_is_told_twice(shoot: Shoot) -> None:
    """As it came in, and as the slates of the card said once all of them were read."""
    ada, kim = shoot.person(), shoot.staff["Kim"].id
    slate = drawn(shoot, "a.jpg", 10, slate_text(shoot.session.id, ada.id))
    before = drawn(shoot, "b.jpg", 2)
    after = drawn(shoot, "c.jpg", 30)
    taken = intake.capture_photos(shoot.studio, shoot.session, [slate, before, after], None, shoot.decoders)[0]
    early, late = sorted(taken.added, key=lambda each: each.name)
    assert said(shoot, late) == {"by": kim, "came": "lay-there", "how": "slate", "to": [ada.id]}
    assert early.subjects == () and said(shoot, early)["how"] == "slate"
    ((_, moved),) = shoot.studio.archive.journal.told_about("photo-assigned", early.guid)
    assert json.loads(moved) == {"by": kim, "from": [ada.id], "how": "slate", "to": []}


def test_a_hot_folder_by_the_switch_log(shoot: Shoot, tmp_path: Path) -> None:
    ada, sam = shoot.person(), shoot.staff["Sam"].id
    put_on_set(shoot.studio, shoot.session, [ada.id], sam, How.ENTER)
    photo = watched(shoot, tmp_path, BySwitchLog(shoot.studio, shoot.session, sam))
    told = said(shoot, photo)
    assert (told["by"], told["came"], told["how"], told["to"]) == (sam, "seen-arriving", "switch", [ada.id])
    assert told.get("asked", False) is photo.flagged


def test_a_hot_folder_by_arrival(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person()
    photo = watched(shoot, tmp_path, ByArrival(shoot.studio, shoot.session, ada.id))
    told = said(shoot, photo)
    assert (told["came"], told["how"], told["to"]) == ("seen-arriving", "named", [ada.id])


def test_by_hand_afterwards_is_an_entry_of_its_own(shoot: Shoot) -> None:
    ada, ben, sam = shoot.person(), shoot.person("Ben Ode"), shoot.staff["Sam"].id
    photo = shoot.photo(ada)
    move_photos(shoot.studio, [photo.guid], [ben.id], sam)
    ((_, moved),) = shoot.studio.archive.journal.told_about("photo-assigned", photo.guid)
    assert json.loads(moved) == {"by": sam, "from": [ada.id], "how": "hand", "to": [ben.id]}
    assert said(shoot, photo)["to"] == [ada.id]


def test_the_check_holds_photos_that_were_never_moved_against_it(shoot: Shoot) -> None:
    """Whoever has the key and puts a photo on somebody else leaves the signed entry of its coming in behind."""
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    photo, other = shoot.photo(ada), shoot.photo(ada, ben)
    assert check_studio(shoot.studio)[0].problems == ()
    archive = shoot.studio.archive
    file = archive.files.reseal(archive.photos.original(photo.guid), (ben.id,))
    with archive.transaction(shoot.studio.now()) as writing:
        archive.photos.rebind(writing, photo.guid, (ben.id,), file)
    problems = check_studio(shoot.studio)[0].problems
    assert problems == (
        f"The people on photo {photo.guid} are not those it was given last (table photo or photo_owner).",
    ), other
