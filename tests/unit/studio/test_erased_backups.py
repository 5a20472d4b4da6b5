"""Backups and the second place after an erasure: no copy brings anybody back, and a place alone is enough."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed
from safelight.storage.backup import read_backup, verify_backup
from safelight.storage.backup_manifest import KEYS, MANIFEST
from safelight.storage.key_copy import LIST, NewerKeys, folder_in, read_key_copy
from safelight.storage.restore_keys import OlderKeys
from safelight.studio import erasing, upkeep
from safelight.studio.exports import export_bundle
from safelight.studio.founding import open_studio
from safelight.studio.key_places import backups_of_before, behind, forget_key_place, key_places
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.erasing import erasure_plan
from safelight.studio.restoring import restore_studio
from safelight.studio.second_place import copy_waiting, set_second_place
from support.derived_keys import keys_derived_once
from support.shoot import PASSPHRASE, said_yes

TO, USE = "Prenzel", "use.portfolio"
LEAKSCAN = Path(__file__).parents[2] / "tools" / "leakscan.py"


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with keys_derived_once():
        yield


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "drive"
    made.mkdir()
    return made


def came(shoot: Any, name: str) -> Any:
    person = shoot.person(name)
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    shoot.photo(person)
    return person


def backed_up(shoot: Any, place: Path, name: str) -> Path:
    shoot.clock.on(minutes=5)
    upkeep.back_up_studio(shoot.studio, place / name)
    assert upkeep.read_back_backup(place / name) in (True, False)
    return place / name


def erased(shoot: Any, person: Any) -> None:
    shoot.clock.on(minutes=5)
    erasing.erase(shoot.studio, [person.id])


def opened(shoot: Any, folder: Path) -> OpenStudio:
    return open_studio(folder, PASSPHRASE, clock=shoot.clock)


def absent(shoot: Any, folder: Path, *people: Any, stays: Any = None) -> None:
    """Nothing of the pictures of these people is in a folder that was just restored, and the lists say no."""
    with opened(shoot, folder) as studio:
        for each in people:
            assert "portrait" in studio.archive.keys.gone()[each.id] and not studio.archive.photos.of_subject(each.id)
            made, revoked = studio.archive.erasures.of(each.id), studio.archive.statuses.revoked()
            assert made is not None and made.portrait_at and set(made.positions) <= set(revoked)
            assert made.positions and not [
                id for id in made.files if studio.archive.files.lies_at(id).exists()  # type: ignore[arg-type]
                and id not in {one.id for one in studio.archive.files.owned_by(each.id)}
            ]  # fmt: skip
        if stays is not None:
            (photo,) = studio.archive.photos.of_subject(stays.id)
            assert studio.archive.files.read_bytes(studio.archive.photos.original(photo.guid))
        assert upkeep.check_studio(studio)[0].problems == ()
        assert not list(folder.glob("erased.json"))


def test_backups_have_no_keys_and_their_place_has_one_copy(shoot: Any, place: Path) -> None:
    came(shoot, "Ada Falk")
    folders = [backed_up(shoot, place, name) for name in ("monday", "tuesday")]
    for each in folders:
        made = read_backup(each)
        assert not made.has_keys and not {one.path for one in made.members} & set(KEYS)
        assert not [*each.rglob("*subjects*"), *each.rglob("master*")]
        assert json.loads((each / MANIFEST).read_bytes())["format"] == "safelight-backup/3"
    kept = folder_in(place, shoot.studio.identity.id)
    assert sorted(each.name for each in kept.iterdir()) == sorted(
        [LIST, read_key_copy(place, shoot.studio.identity.id).turn]
    )
    (known,) = key_places(shoot.studio)
    assert (known.folder, known.behind) == (place.resolve(), False)


def test_a_studio_comes_back_from_nothing_but_the_place(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada = came(shoot, "Ada Falk")
    backed_up(shoot, place, "monday")
    shoot.studio.archive.close()
    shutil.rmtree(shoot.folder)
    restore_studio(place / "monday", tmp_path / "new")
    with opened(shoot, tmp_path / "new") as studio:
        assert len(studio.archive.photos.of_subject(ada.id)) == 1 and upkeep.check_studio(studio)[0].problems == ()


def test_each_older_backup_is_restored_without_who_was_erased_since(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada, ben, eve = (came(shoot, name) for name in ("Ada Falk", "Ben Ode", "Eve Holm"))
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    monday = backed_up(shoot, place, "monday")
    erased(shoot, ada)
    tuesday = backed_up(shoot, place, "tuesday")
    erased(shoot, ben)
    for source, name in ((monday, "from-monday"), (tuesday, "from-tuesday")):
        restore_studio(source, tmp_path / name)
        absent(shoot, tmp_path / name, ada, ben, stays=eve)
    scanned = subprocess.run(
        [sys.executable, str(LEAKSCAN), "disk", str(words(tmp_path)), str(shoot.folder), str(place),
         str(tmp_path / "from-monday")], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert scanned.returncode == 0, scanned.stdout


def words(folder: Path) -> Path:
    path = folder / "markers.txt"
    path.write_text("Ada Falk\nada@falk.example\nBen Ode - \n")
    return path


def test_a_place_that_was_not_reached_is_named_until_it_is(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    place.rename(tmp_path / "pulled")
    place.mkdir()  # what a drive leaves that was pulled
    erased(shoot, ada)
    (missed,) = behind(shoot.studio)
    assert missed.folder == place.resolve()
    assert upkeep.check_studio(shoot.studio)[0].old_key_copies == (str(place.resolve()),)
    assert not list(place.iterdir()), "nothing is written where the drive was"
    assert not forget_key_place(shoot.studio, tmp_path)[0]
    place.rmdir()
    (tmp_path / "pulled").rename(place)
    found = upkeep.check_studio(shoot.studio)[0]
    assert found.old_key_copies == () and found.problems == ()
    restore_studio(monday, tmp_path / "new")
    absent(shoot, tmp_path / "new", ada)


def test_a_studio_restored_to_look_at_it_does_not_take_the_keys_of_the_one_that_goes_on(
    shoot: Any, place: Path, tmp_path: Path
) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    restore_studio(monday, tmp_path / "looked at")
    ben = came(shoot, "Ben Ode")
    backed_up(shoot, place, "tuesday")
    shoot.studio.archive.close()
    with opened(shoot, tmp_path / "looked at") as studio:
        erasing.erase(studio, [ada.id])
        assert [each.folder for each in behind(studio)] == [place.resolve()]
        with pytest.raises(NewerKeys):
            upkeep.back_up_studio(studio, place / "wednesday")
    restore_studio(place / "tuesday", tmp_path / "new")
    with opened(shoot, tmp_path / "new") as studio:
        assert studio.archive.photos.of_subject(ben.id)
    with opened(shoot, tmp_path / "looked at") as studio:
        upkeep.back_up_studio(studio, place / "thursday", i_know=True)
        assert behind(studio) == ()
    shoot.reopen()


def test_a_restored_studio_knows_the_place_it_came_from(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    shoot.studio.archive.close()
    restore_studio(monday, tmp_path / "new")
    with opened(shoot, tmp_path / "new") as studio:
        erasing.erase(studio, [ada.id])
        assert [each.folder for each in key_places(studio)] == [place.resolve()] and behind(studio) == ()
    restore_studio(monday, tmp_path / "again")
    absent(shoot, tmp_path / "again", ada)
    shoot.reopen()


def test_a_backup_that_failed_leaves_no_place_to_wait_for(
    shoot: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot.clock.on(days=4000)  # a backup is made whatever the clock shows
    upkeep.back_up_studio(shoot.studio, place / "monday")
    assert len(key_places(shoot.studio)) == 1
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "back_up", lambda *_: (_ for _ in ()).throw(DeviceFailure("full")))
        with pytest.raises(DeviceFailure):
            upkeep.back_up_studio(shoot.studio, place / "other" / "tuesday")
    assert [each.folder for each in key_places(shoot.studio)] == [place.resolve()]


def test_a_place_that_is_no_more_is_forgotten_by_somebody(shoot: Any, place: Path) -> None:
    ada = came(shoot, "Ada Falk")
    backed_up(shoot, place, "monday")
    shutil.rmtree(place)
    erased(shoot, ada)
    assert behind(shoot.studio) and forget_key_place(shoot.studio, place)[0]
    assert key_places(shoot.studio) == () and upkeep.check_studio(shoot.studio)[0].old_key_copies == ()


def test_keys_older_than_an_erasure_that_is_known_are_refused(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada, ben = came(shoot, "Ada Falk"), came(shoot, "Ben Ode")
    monday, mine = backed_up(shoot, place, "monday"), folder_in(place, shoot.studio.identity.id)
    shutil.copytree(mine, tmp_path / "keys of monday")
    erased(shoot, ada)
    backed_up(shoot, place, "tuesday")
    shutil.rmtree(mine)
    (tmp_path / "keys of monday").rename(mine)
    with pytest.raises(OlderKeys, match="1 of its keys"):
        restore_studio(monday, tmp_path / "new")
    with pytest.raises(OlderKeys):
        restore_studio(place / "tuesday", tmp_path / "new")
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".unfinished*"))
    restore_studio(monday, tmp_path / "new", i_know=True)
    absent(shoot, tmp_path / "new", ada, stays=ben)
    shutil.rmtree(place / "tuesday")
    restore_studio(monday, tmp_path / "none knows")  # what nobody tells cannot be known
    with pytest.raises(CannotOpen, match="not beside this backup"):
        shutil.move(monday, tmp_path / "alone" / "monday")
        restore_studio(tmp_path / "alone" / "monday", tmp_path / "without")


def test_keys_of_before_the_backup_are_refused(shoot: Any, place: Path, tmp_path: Path) -> None:
    backed_up(shoot, place, "monday")
    mine = folder_in(place, shoot.studio.identity.id)
    shutil.copytree(mine, tmp_path / "keys of monday")
    came(shoot, "Ada Falk")
    backed_up(shoot, place, "tuesday")
    shutil.rmtree(mine)
    (tmp_path / "keys of monday").rename(mine)
    with pytest.raises(OlderKeys, match="after it"):
        restore_studio(place / "tuesday", tmp_path / "new")


def test_in_place_of_the_present_studio_its_keys_and_erasures_stay(shoot: Any, place: Path) -> None:
    ada, ben = came(shoot, "Ada Falk"), came(shoot, "Ben Ode")
    monday = backed_up(shoot, place, "monday")
    erased(shoot, ada)
    shutil.rmtree(folder_in(place, shoot.studio.identity.id))
    shoot.studio.archive.close()
    restore_studio(monday, shoot.folder, keep_keys=True)
    absent(shoot, shoot.folder, ada, stays=ben)
    shoot.reopen()


def test_the_second_place_is_written_anew_at_an_erasure(shoot: Any, tmp_path: Path) -> None:
    ada, ben = came(shoot, "Ada Falk"), came(shoot, "Ben Ode")
    drive = tmp_path / "drive"
    set_second_place(shoot.studio, drive)
    copy_waiting(shoot.studio)
    older = tmp_path / "older"
    shutil.copytree(drive, older / "copies")
    erased(shoot, ada)
    assert behind(shoot.studio) == () and len(list(drive.rglob("subjects.sqlite"))) == 1
    verify_backup(drive)
    restore_studio(drive, tmp_path / "new")
    absent(shoot, tmp_path / "new", ada, stays=ben)
    # An older copy with keys of its own, put where newer keys lie: the newer ones count.
    backed_up(shoot, older, "tuesday")
    restore_studio(older / "copies", tmp_path / "newer")
    absent(shoot, tmp_path / "newer", ada, stays=ben)
    shutil.rmtree(folder_in(older, shoot.studio.identity.id))
    with pytest.raises(OlderKeys):
        restore_studio(older / "copies", tmp_path / "refused")
    drive.rename(tmp_path / "pulled")
    erased(shoot, ben)
    assert [each.second for each in behind(shoot.studio)] == [False, True]
    (tmp_path / "pulled").rename(drive)
    shoot.clock.on(minutes=5)
    copy_waiting(shoot.studio)
    assert [each.second for each in behind(shoot.studio)] == [False]


def test_a_backup_of_before_with_keys_of_its_own_is_named(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    content = json.loads((monday / MANIFEST).read_bytes())
    content["format"] = "safelight-backup/1"
    (monday / "keys").mkdir()
    copy = read_key_copy(place, shoot.studio.identity.id)
    for each in copy.members:
        shutil.copyfile(copy.lies(each), monday / each.path)
        content["members"].append({"path": each.path, "size": each.size, "sha256": each.sha256})
    (monday / MANIFEST).write_text(json.dumps(content))
    verify_backup(monday)
    assert backups_of_before(shoot.studio) == ()
    erased(shoot, ada)
    assert backups_of_before(shoot.studio) == (place.resolve() / "monday",)
    assert upkeep.check_studio(shoot.studio)[0].old_backups == (str(place.resolve() / "monday"),)
    assert erasure_plan(shoot.studio, ada.id).facts.key_places == (str(place.resolve()),)
    restore_studio(monday, tmp_path / "new")  # the key copy beside it counts, not its own keys
    absent(shoot, tmp_path / "new", ada)


@pytest.mark.parametrize("change", ["cut", "place", "turn", "destroyed", "members", "studio"])
def test_a_hostile_list_of_a_key_copy_is_refused(shoot: Any, place: Path, tmp_path: Path, change: str) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    erased(shoot, ada)
    path = folder_in(place, shoot.studio.identity.id) / LIST
    content = json.loads(path.read_bytes())
    match change:
        case "members":
            content["members"][0]["path"] = "../../outside"
        case "destroyed":
            content["destroyed"][0]["proof"] = 7
        case "cut":
            content = None
        case _:
            content[change] = "../outside"
    path.write_text(json.dumps(content))
    with pytest.raises(Malformed):
        restore_studio(monday, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_notes_that_somebody_made_up_erase_nobody(shoot: Any, place: Path, tmp_path: Path) -> None:
    ada = came(shoot, "Ada Falk")
    monday = backed_up(shoot, place, "monday")
    path = monday / MANIFEST
    content = json.loads(path.read_bytes())
    content["destroyed"] = [
        {"owner": ada.id, "purpose": "portrait", "at": "2026-05-04T09:00:00Z", "proof": "ab" * 32}
    ]
    content["erasures"] = [
        {"id": ada.id, "person": ada.id, "at": "2026-05-04T09:00:00Z", "version": 1, "sealed": "ab" * 60}
    ]
    path.write_text(json.dumps(content))
    with pytest.raises(OlderKeys):
        restore_studio(monday, tmp_path / "new")
    restore_studio(monday, tmp_path / "new", i_know=True)
    with opened(shoot, tmp_path / "new") as studio:
        assert studio.archive.keys.gone() == {} and len(studio.archive.photos.of_subject(ada.id)) == 1
        assert upkeep.check_studio(studio)[0].problems == ()
