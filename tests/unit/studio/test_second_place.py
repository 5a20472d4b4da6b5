"""Every frame lies on a second drive, which a studio can be restored from; a drive that fails stops nothing here."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import StudioId
from safelight.keys.durable import durable_write
from safelight.keys.passphrases import FLOOR_COST
from safelight.storage import second_place as places
from safelight.storage.backup import restore, verify_backup
from safelight.storage.backup_manifest import copied
from safelight.studio import assignments, upkeep
from safelight.studio.founding import open_studio, set_passphrase
from safelight.studio.queries.second_place import TwoPlaces, in_two_places
from safelight.studio.second_place import copy_waiting, forget_second_place, second_place, set_second_place
from support import shoot as shoot_module


@pytest.fixture
def drive(shoot: Any, tmp_path: Path) -> Path:
    """A second place that was just set."""
    set_second_place(shoot.studio, tmp_path / "drive" / "copies")
    return tmp_path / "drive" / "copies"


def sealed_in(drive: Path) -> set[str]:
    return {each.stem for each in (drive / "files").rglob("*.age")}


def sealed_here(shoot: Any) -> set[str]:
    return {id for id, _ in shoot.studio.archive.files.on_disk()}


def test_a_studio_is_restored_from_its_second_place(shoot: Any, drive: Path, tmp_path: Path) -> None:
    ada = shoot.person()
    frames = [shoot.photo(ada) for _ in range(3)]
    shoot.ask(ada)
    copied, changes = copy_waiting(shoot.studio)
    assert (copied.files, copied.waiting, copied.rows, copied.damaged) == (len(sealed_here(shoot)), 0, True, ())
    assert changes == Changes.COPIES and sealed_in(drive) == sealed_here(shoot)
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 3, 3)
    assert restore(drive, tmp_path / "restored") == len(verify_backup(drive).members)
    with open_studio(tmp_path / "restored", shoot_module.PASSPHRASE, clock=shoot.clock) as back:
        report, _ = upkeep.check_studio(back)
        assert report.problems == () and set(report.tidied.values()) == {0}
        for each in frames:
            assert back.archive.files.read_bytes(back.archive.photos.original(each.guid))


def test_only_what_is_new_is_copied_and_rows_once_a_minute(shoot: Any, drive: Path) -> None:
    shoot.photo(shoot.person())
    copy_waiting(shoot.studio)
    first = (drive / "backup.json").read_bytes()
    assert copy_waiting(shoot.studio)[0].files == 0 and (drive / "backup.json").read_bytes() == first
    shoot.photo()
    shoot.clock.on(seconds=20)
    copied, _ = copy_waiting(shoot.studio)
    assert (copied.files, copied.rows) == (1, False), "the frame at once, rows not before a minute has passed"
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 2, 2)
    shoot.clock.on(seconds=45)
    copied, _ = copy_waiting(shoot.studio)
    assert (copied.files, copied.rows) == (0, True)
    verify_backup(drive)
    shoot.clock.on(hours=1)
    assert not copy_waiting(shoot.studio)[0].rows, "nothing was written since, so there is nothing to copy"


def test_a_new_passphrase_goes_there_too(shoot: Any, drive: Path) -> None:
    copy_waiting(shoot.studio)
    before = next(drive.rglob("master.json")).read_bytes()
    shoot.studio.archive.close()
    set_passphrase(shoot.folder, shoot_module.PASSPHRASE, "another long enough passphrase", FLOOR_COST)
    shoot.reopen("another long enough passphrase")
    shoot.clock.on(minutes=2)
    assert copy_waiting(shoot.studio)[0].rows
    (now,) = drive.rglob("master.json")
    assert now.read_bytes() == (shoot.folder / "keys" / "master.json").read_bytes() != before


def test_how_far_it_is_behind_is_counted(shoot: Any, tmp_path: Path) -> None:
    shoot.photo()
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(False, 0, 1)
    set_second_place(shoot.studio, tmp_path / "copies")
    copy_waiting(shoot.studio)
    shoot.clock.on(minutes=5)
    shoot.photo()
    shoot.clock.on(seconds=70)
    shoot.photo()
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 1, 3, timedelta(seconds=70))
    assert copy_waiting(shoot.studio)[0].files == 2
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 3, 3)
    assert forget_second_place(shoot.studio) and not forget_second_place(shoot.studio)
    assert in_two_places(shoot.studio, shoot.session).set is False and second_place(shoot.studio) is None


def test_nobody_waits_for_a_slow_drive(shoot: Any, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and keys are set aside beside the studio, which takes moments; then others write while they are carried."""
    shoot.photo()
    real, waited = copied, list[bool]()

    def slowly(source: Path, target: Path, path: str) -> Any:
        writer = threading.Thread(target=shoot.person, args=(f"Guest {path}",))
        writer.start()
        writer.join(20)
        waited.append(writer.is_alive())
        return real(source, target, path)

    monkeypatch.setattr(places, "copied", slowly)
    done, _ = copy_waiting(shoot.studio)
    assert done.rows and len(waited) > 4 and not any(waited)
    verify_backup(drive)
    assert not list(shoot.folder.glob(".unfinished-*")), "the copies beside the studio are gone"


def test_what_is_removed_or_sealed_anew_leaves_the_second_place(shoot: Any, drive: Path) -> None:
    ada, eve = shoot.person(), shoot.person("Eve Holm")
    moved, removed = shoot.photo(ada), shoot.photo(ada)
    copy_waiting(shoot.studio)
    assignments.assign_photos(shoot.studio, [moved.guid], [eve.id], shoot.staff["Kim"].id)
    assignments.remove_photos(shoot.studio, [removed.guid], shoot.staff["Kim"].id)
    shoot.clock.on(minutes=2)
    copy_waiting(shoot.studio)
    assert sealed_in(drive) == sealed_here(shoot)
    verify_backup(drive)


def wrapped_keys(path: Path, owner: str) -> list[bytes]:
    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("SELECT wrapped FROM subject_key WHERE owner = ?", (owner,))]
    connection.close()
    return found


def test_whoever_is_erased_is_erased_there_too(shoot: Any, drive: Path) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    copy_waiting(shoot.studio)
    (store,) = drive.rglob("subjects.sqlite")
    keys = wrapped_keys(store, ada.id)
    assert len(keys) == 2 and all(each in store.read_bytes() for each in keys)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    shoot.clock.on(minutes=2)
    copy_waiting(shoot.studio)
    everything = b"".join(each.read_bytes() for each in drive.rglob("*") if each.is_file())
    assert not any(each in everything for each in keys) and sealed_in(drive) == sealed_here(shoot) == set()


def test_a_drive_that_was_pulled_is_waited_for(shoot: Any, drive: Path, tmp_path: Path) -> None:
    shoot.photo()
    copy_waiting(shoot.studio)
    shutil.move(drive, tmp_path / "pulled")
    drive.mkdir()  # where it was mounted
    shoot.photo()
    with pytest.raises(DeviceFailure, match="“copies” is not there") as failed:
        copy_waiting(shoot.studio)
    assert "goes on where it was" in failed.value.hint and not any(drive.iterdir())
    assert not in_two_places(shoot.studio, shoot.session).attached
    drive.rmdir()
    shutil.move(tmp_path / "pulled", drive)
    assert copy_waiting(shoot.studio)[0].files == 1
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 2, 2)


@pytest.mark.parametrize("left", ["no folder", "an empty folder"])
def test_a_drive_that_is_pulled_meanwhile_gets_no_folder_in_its_stead(
    shoot: Any, drive: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    ada, aside = shoot.person(), drive.with_name("aside")
    for _ in range(4):
        shoot.photo(ada)
    real, number = places.put_file, [0]

    def pulled(source: Path, folder: Path, id: Any) -> bool:
        number[0] += 1
        if number[0] == 3:
            drive.rename(aside)
            if left == "an empty folder":
                drive.mkdir()
        return real(source, folder, id)

    monkeypatch.setattr(places, "put_file", pulled)
    with pytest.raises(DeviceFailure, match="is not there"):
        copy_waiting(shoot.studio)
    assert list(drive.rglob("*")) == []
    assert in_two_places(shoot.studio, shoot.session).done == 0, "nobody can say now that anything lies there"
    if drive.exists():
        drive.rmdir()
    aside.rename(drive)
    copied, _ = copy_waiting(shoot.studio)
    assert copied.waiting == 0 and sealed_in(drive) == sealed_here(shoot)
    assert verify_backup(drive).members


def test_a_file_that_went_missing_there_is_copied_again(shoot: Any, drive: Path) -> None:
    shoot.photo()
    copy_waiting(shoot.studio)
    (lost,) = (drive / "files").rglob("*.age")
    lost.unlink()
    shoot.clock.on(minutes=2)
    shoot.photo()
    copy_waiting(shoot.studio)
    assert sealed_in(drive) == sealed_here(shoot)
    verify_backup(drive)


def test_what_does_not_come_back_as_it_was_written_is_not_counted(
    shoot: Any, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot.photo()
    monkeypatch.setattr(places, "hash_past_cache", lambda path: ("0" * 64, path.stat().st_size, True))
    with pytest.raises(DeviceFailure, match="does not give back what was written"):
        copy_waiting(shoot.studio)
    monkeypatch.undo()
    assert in_two_places(shoot.studio, shoot.session).done == 0 and sealed_in(drive) == set()
    assert copy_waiting(shoot.studio)[0].files == 1


def test_a_damaged_frame_is_named_and_the_others_are_copied(shoot: Any, drive: Path) -> None:
    frames = [shoot.photo() for _ in range(3)]
    bad = shoot.studio.archive.photos.original(frames[1].guid)
    path = dict(shoot.studio.archive.files.on_disk())[bad]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    copied, _ = copy_waiting(shoot.studio)
    assert copied.damaged == (bad,) and copied.files == 2 and bad not in sealed_in(drive)
    path.write_bytes(whole)
    assert copy_waiting(shoot.studio)[0].files == 1


def test_a_list_that_bears_its_name_keeps_its_rows(
    shoot: Any, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rename was done, and only making it durable failed: the list is the new one, and must not point nowhere."""
    shoot.photo()
    copy_waiting(shoot.studio)
    shoot.clock.on(minutes=2)
    shoot.photo()
    real = durable_write

    def fails_after(path: Path, data: bytes) -> None:
        real(path, data)
        if path.name == "backup.json":
            raise DeviceFailure("The disk is full.")

    monkeypatch.setattr(places, "durable_write", fails_after)
    with pytest.raises(DeviceFailure):
        copy_waiting(shoot.studio)
    monkeypatch.undo()
    verify_backup(drive)
    shoot.clock.on(minutes=2)
    copy_waiting(shoot.studio)
    verify_backup(drive)
    assert len(list((drive / "rows").iterdir())) == 1


@pytest.fixture
def small_drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of 1 MiB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], check=False).returncode != 0:
        pytest.skip("this machine does not let root mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_drive_says_so_and_goes_on_when_there_is_room(shoot: Any, small_drive: Path) -> None:
    set_second_place(shoot.studio, small_drive)
    copied, _ = copy_waiting(shoot.studio)
    assert not copied.past_cache or copied.files == 0
    room = small_drive / "holiday.mov"
    room.write_bytes(bytes(shutil.disk_usage(small_drive).free - 30_000))
    frames = [shoot.photo() for _ in range(4)]
    with pytest.raises(DeviceFailure, match=r"takes nothing more.*full") as failed:
        copy_waiting(shoot.studio)
    assert "Everything is in the studio" in failed.value.hint
    verify_backup(small_drive)  # what it had is whole
    behind = in_two_places(shoot.studio, shoot.session)
    assert behind.done < behind.total == 4
    room.unlink()
    copy_waiting(shoot.studio)
    assert in_two_places(shoot.studio, shoot.session) == TwoPlaces(True, 4, 4)
    assert len(frames) == 4 and not list(small_drive.rglob(".unfinished-*"))


def test_a_folder_with_other_things_is_refused(shoot: Any, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "holiday.jpg").write_bytes(b"mine")
    inside = shoot.folder / "copies"
    for each in (full, inside, shoot.folder, shoot.folder.parent):
        with pytest.raises(WrongUsage):
            set_second_place(shoot.studio, each)
    assert second_place(shoot.studio) is None and not inside.exists()
    with pytest.raises(WrongUsage, match="no second place"):
        copy_waiting(shoot.studio)
    (tmp_path / "other").mkdir()
    stranger = StudioId("5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e10")
    places.prepare_place(tmp_path / "other", stranger, "5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e11")
    with pytest.raises(WrongUsage, match="another studio"):
        set_second_place(shoot.studio, tmp_path / "other")


def test_the_same_drive_attached_again_is_known(shoot: Any, drive: Path) -> None:
    shoot.photo()
    copy_waiting(shoot.studio)
    known = second_place(shoot.studio)
    again, _ = set_second_place(shoot.studio, drive)
    assert known is not None and again.id == known.id and again.same_disk
    assert copy_waiting(shoot.studio)[0].files == 0


KILLED_AT_FSYNC = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from safelight.keys import durable
from safelight.storage import second_place
from safelight.studio.founding import open_studio
from safelight.studio.second_place import copy_waiting
from support.shoot import PASSPHRASE
steps = [0]
real = durable.fsync_folder
def count(path):
    real(path)
    if "drive" in path.parts:
        steps[0] += 1
        if steps[0] == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
durable.fsync_folder = second_place.fsync_folder = count
with open_studio(Path(sys.argv[1]), PASSPHRASE, clock=lambda: datetime(2026, 5, 4, 12, tzinfo=UTC)) as studio:
    copy_waiting(studio)
"""


def test_killed_anywhere_it_can_be_restored_and_goes_on(shoot: Any, drive: Path) -> None:
    shoot.photo(shoot.person())
    copy_waiting(shoot.studio)
    shoot.photo()
    shoot.studio.archive.close()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    died = 0
    for step in (1, 3, 5, 7, 9, 11, 13):
        argv = [sys.executable, "-c", KILLED_AT_FSYNC, str(shoot.folder), str(step)]
        done = subprocess.run(argv, env=environment, capture_output=True, check=False, text=True)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        died += done.returncode != 0
        verify_backup(drive)
        if done.returncode == 0:
            break
    assert died >= 2
    shoot.reopen()
    shoot.clock.on(days=1)
    copy_waiting(shoot.studio)
    assert sealed_in(drive) == sealed_here(shoot) and len(list((drive / "rows").iterdir())) == 1
    with pytest.raises(Malformed):
        next((drive / "rows").rglob("archive.sqlite")).write_bytes(b"x")
        verify_backup(drive)
