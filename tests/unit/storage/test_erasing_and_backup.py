"""Erasing reaches every copy; a backup brings everything back but the erased, and not one flipped bit."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, Refused, SafelightError, WrongUsage
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.keys.durable import durable_write
from safelight.keys.master import MasterKey, new_master
from safelight.storage import backup
from safelight.storage.archive import Archive
from safelight.storage.backup import back_up, read_backup, restore, verify_backup
from safelight.storage.backup_manifest import MANIFEST
from safelight.storage.database import Database
from safelight.storage.engine import sqlite
from safelight.storage.folder import StudioFolder, read_identity
from safelight.storage.key_store import KeyStore
from support import studio_maker as maker

SIGNERS = (maker.SIGNER.public_ssh,)


def wrapped_keys(path: Path, owner: str) -> list[bytes]:
    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("SELECT wrapped FROM subject_key WHERE owner = ?", (owner,))]
    connection.close()
    return found


def test_erasing_portrait_then_evidence(full: Any) -> None:
    grace, ana = full.people
    archive = full.open().archive
    keys = wrapped_keys(full.folder.key_store, grace.id)
    assert len(keys) == 2
    signed = full.signings[0]
    with pytest.raises(WrongUsage, match="not before"), archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=False, evidence=True)
    with archive.transaction(full.now) as t:
        gone = archive.erase(t, grace.id, portrait=True, evidence=False)
    assert (gone.keys, gone.files) == (1, 2)  # alone and group
    assert archive.photos.count() == 2 and archive.photos.of_subject(grace.id) == ()
    with pytest.raises(Refused, match="pictures were erased"):
        archive.keys.portrait(grace.id)
    kept = archive.consents.receipt(signed.receipt.id)
    assert kept.evidence == b"" and kept.evidence_erased and kept.statement == signed.statement
    with archive._database.reading() as connection:
        ink = dict(connection.exec_driver_sql("SELECT subject, length(ink) FROM receipt").all())
    assert ink[grace.id] == 0 and ink[ana.id] > 0, "not only its key is gone"
    assert archive.subjects.get(grace.id) == grace and archive.files.read_bytes(kept.pdf).startswith(b"%PDF")
    assert archive.check(signers=SIGNERS).problems == ()
    with archive.transaction(full.now) as t:
        gone = archive.erase(t, grace.id, portrait=False, evidence=True)
    assert gone.keys == 1 and gone.files == 1
    assert archive.consents.receipts_of(grace.id) == () and archive.subjects.ids() == (ana.id,)
    for lookup in (archive.subjects.get, archive.consents.events_of):
        with pytest.raises(Refused, match="records were erased"):
            lookup(grace.id)
    assert set(archive.consents.events_of_all()) == {ana.id}
    numbers = [entry.number for entry in archive.journal.entries() if entry.reference == grace.id]
    with pytest.raises(Refused):
        archive.journal.payload(numbers[0])
    assert archive.subjects.names()[0].name == "Ana" and archive.photos.of_subject(ana.id) == (full.photos[1],)
    assert len(archive.disclosures.of_photo(full.photos[0].guid)) == 2  # who holds the file is still known
    report = archive.check(signers=SIGNERS)
    assert report.problems == () and set(report.tidied.values()) == {0}
    archive.close()
    store = full.folder.key_store.read_bytes()
    assert not any(key in store for key in keys)
    assert not full.folder.key_store.with_name("subjects.sqlite-journal").exists()


def test_many_people_are_erased_with_one_rewriting_of_the_key_store(
    full: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = full.open().archive
    rewritten: list[Path] = []
    compact = Database.compact
    monkeypatch.setattr(Database, "compact", lambda self: (rewritten.append(self.path), compact(self)))
    keys = [each for person in full.people for each in wrapped_keys(full.folder.key_store, person.id)]
    people = [each.id for each in full.people]
    assert len(people) == 2 and len(keys) == 4
    with archive.transaction(full.now) as t:
        gone = archive.erase_all(t, people, portrait=True, evidence=True)
    assert gone.keys == 4 and rewritten == [full.folder.key_store]
    assert archive.keys.gone() == dict.fromkeys(people, frozenset({"portrait", "evidence"}))
    assert archive.subjects.ids() == () and all(archive.photos.of_subject(each) == () for each in people)
    with archive.transaction(full.now) as t:
        assert archive.erase_all(t, [], portrait=True, evidence=True).keys == 0
    assert len(rewritten) == 1
    report = archive.check(signers=SIGNERS)
    assert report.problems == () and set(report.tidied.values()) == {0}
    archive.close()
    store = full.folder.key_store.read_bytes()
    assert not any(key in store for key in keys)


def test_a_destroyed_key_is_overwritten_before_it_is_deleted(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself, without what the engine does with deleted rows and without the file being rewritten."""
    monkeypatch.setattr(sqlite, "_PRAGMAS", [each.replace("delete=ON", "delete=OFF") for each in sqlite._PRAGMAS])
    monkeypatch.setattr(Database, "compact", lambda _: None)
    archive = full.open().archive
    keys = wrapped_keys(full.folder.key_store, full.people[0].id)
    assert len(keys) == 2 and all(key in full.folder.key_store.read_bytes() for key in keys)
    archive.keys.destroy([full.people[0].id], ["portrait", "evidence"], full.now)
    assert not any(key in full.folder.key_store.read_bytes() for key in keys)


def test_an_erasure_whose_transaction_fails_is_finished_by_the_check(full: Any) -> None:
    grace = full.people[0]
    archive = full.open().archive
    with pytest.raises(ZeroDivisionError), archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
        _ = 1 / 0
    assert archive.subjects.line(grace.id).damaged  # the key is gone, whatever became of the rows
    report = archive.check(signers=SIGNERS)
    assert report.problems == () and report.tidied["erasures finished"] > 0
    assert archive.subjects.ids() == (full.people[1].id,)


def test_the_check_removes_what_nobody_names(full: Any) -> None:
    archive = full.open().archive
    stray = archive.files.store_bytes([full.people[0].id], b"never named", "photo")
    nobody = archive.files.store_bytes(None, b"never named", "photo")
    assert set(archive.check().tidied.values()) == {0}  # somebody may be about to name them
    archive.files.discard(nobody)
    archive.close()
    (full.folder.files / ".unfinished-0123").write_bytes(b"half")
    archive = full.open().archive
    assert not (full.folder.files / ".unfinished-0123").exists()
    with pytest.raises(RuntimeError), archive.transaction(full.now) as t:
        person = Subject(SubjectId("11111111-1111-4111-8111-111111111111"), "X", Language("en"), Country("DE"))
        archive.subjects.add(t, person, archive.sessions.list()[0].id, "new")
        raise RuntimeError("before it was durable")
    with archive.transaction(full.now):
        pass
    report = archive.check(signers=SIGNERS)
    assert report.tidied == {"erasures finished": 0, "files nobody names": 1, "keys nobody uses": 1}
    assert report.problems == () and stray not in {id for id, _ in archive.files.on_disk()}
    assert report.counts["subject"] == 2 and report.sound


def test_a_backup_opens_and_is_the_same(full: Any, tmp_path: Path) -> None:
    archive = full.open().archive
    target = tmp_path / "backups" / "monday"
    told: list[tuple[int, int, str]] = []
    count = back_up(archive, target, full.now, lambda *step: told.append(step))
    made = verify_backup(target)
    assert (made.studio, len(made.members)) == (full.id, count) and told[-1][0] == told[-1][1]
    assert archive.check().problems == ()
    names, photos = archive.subjects.names(), archive.photos.page(None)
    archive.close()
    back = maker.Made(tmp_path / "other machine" / "studio", full.id)
    assert restore(target, back.path) == count
    assert read_identity(back.path)[0] == full.id
    archive = back.open().archive
    full.archive = archive  # closed by the fixture
    assert archive.subjects.names() == names and archive.photos.page(None) == photos
    assert archive.consents.receipt(full.signings[0].receipt.id) == full.signings[0]
    assert archive.check(signers=SIGNERS).problems == ()
    assert not list(back.path.parent.glob(".unfinished-*"))
    with pytest.raises(WrongUsage, match="not empty"):
        restore(target, back.path)
    with pytest.raises(WrongUsage, match="not empty"):
        back_up(archive, target, full.now)


def test_no_old_backup_brings_the_erased_back(full: Any, tmp_path: Path) -> None:
    grace, ana = full.people
    archive = full.open().archive
    with archive.transaction(full.now):
        pass
    back_up(archive, tmp_path / "old", full.now)
    session = archive.sessions.list()[0]
    later = full.subject(session, "Later")
    # A photo of nobody, backed up, then bound to Grace: its old copy must not open either.
    nobody = full.photos[3]
    sealed = archive.files.reseal(archive.photos.original(nobody.guid), [grace.id])
    with archive.transaction(full.now) as t:
        archive.photos.rebind(t, nobody.guid, [grace.id], sealed)
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
    archive.close()
    restore(tmp_path / "old", full.path, keep_keys=True)
    assert (tmp_path / "studio.before-restore" / "archive.sqlite").exists()
    archive = full.open().archive
    assert [line.damaged for line in archive.subjects.names()] == [True, False]
    for taken in (full.photos[0], full.photos[2], nobody):
        with pytest.raises(SafelightError):
            archive.photos.get(taken.guid)
        with pytest.raises(SafelightError):
            archive.files.read_bytes(archive.photos.original(taken.guid))
    with pytest.raises(Refused):
        archive.consents.receipt(full.signings[0].receipt.id)
    assert archive.subjects.get(ana.id) == ana and archive.photos.get(full.photos[1].guid) == full.photos[1]
    report = archive.check(signers=SIGNERS)
    assert report.tidied["erasures finished"] > 0 and archive.subjects.ids() == (ana.id,)
    # The person added after the backup has keys but no row here; a newer backup may still need them.
    assert archive.keys.portrait(later.id)
    assert [each for each in report.problems if nobody.guid not in each] == []
    archive.close()
    shutil.rmtree(tmp_path / "studio.before-restore")
    stranger = maker.Made(tmp_path / "stranger").create()
    stranger.archive.close()
    with pytest.raises(CannotOpen, match="another studio"):
        restore(tmp_path / "old", stranger.path, keep_keys=True)


def test_one_flipped_byte_and_nothing_is_restored(full: Any, tmp_path: Path) -> None:
    back_up(full.open().archive, tmp_path / "backup", full.now)
    members = [each.path for each in read_backup(tmp_path / "backup").members]
    assert len(members) > 7
    keys = next(tmp_path.glob("safelight-keys-*/*/"))
    places = [(member, tmp_path / "backup" / member) for member in members]
    for member, path in (*places, *((f"keys/{each.name}", each) for each in keys.iterdir())):
        before = path.read_bytes()
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 4]) + before[middle + 1 :])
        with pytest.raises(Malformed, match=member):
            restore(tmp_path / "backup", tmp_path / "new")
        path.unlink()
        with pytest.raises(Malformed, match=member):
            restore(tmp_path / "backup", tmp_path / "new")
        path.write_bytes(before)
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".unfinished*"))
    restore(tmp_path / "backup", tmp_path / "new")


LISTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "escape": lambda content: content["members"].append({"path": "../x", "size": 1, "sha256": "ab" * 32}),
    "absolute": lambda content: content["members"].append({"path": "/etc/passwd", "size": 1, "sha256": "ab" * 32}),
    "number": lambda content: content["members"].append({"path": 7, "size": 1, "sha256": "ab" * 32}),
    "twice": lambda content: content["members"].append(content["members"][0]),
    "without rows": lambda content: content["members"].pop(0),
    "hash": lambda content: content["members"][0].update(sha256="zz"),
    "studio": lambda content: content.update(studio="x"),
    "time": lambda content: content.update(made_at="now"),
    "shape": lambda content: content.update(members=3),
}


@pytest.mark.parametrize("change", LISTS.values(), ids=LISTS.keys())
def test_a_hostile_list_of_members_is_refused(change: Callable[[Any], object], studio: Any, tmp_path: Path) -> None:
    back_up(studio.archive, tmp_path / "backup", studio.now)
    path = tmp_path / "backup" / MANIFEST
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(Malformed):
        restore(tmp_path / "backup", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_that_was_interrupted_is_none(studio: Any, tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(studio.archive, tmp_path / "backup", studio.now, stop)
    with pytest.raises(CannotOpen, match="no finished backup"):
        restore(tmp_path / "backup", tmp_path / "new")
    studio.subject(studio.session())  # and the archive is free again
    assert not (tmp_path / "backup").exists() and not list(tmp_path.glob(".*")), "half a backup stayed"


@pytest.mark.parametrize("there_already", [False, True])
def test_a_full_disk_leaves_no_half_backup(
    full: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_already: bool
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    target = place / "monday"
    if there_already:
        target.mkdir()
    real = durable_write
    written: list[Any] = []

    def full_at_last(path: Path, data: bytes) -> None:
        written.append(path.name)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "durable_write", full_at_last)
    with pytest.raises(DeviceFailure, match="disk is full"):
        back_up(full.archive, target, full.now)
    assert written == [MANIFEST], "everything else had been copied by then"
    left = [each for each in place.iterdir() if not each.name.startswith("safelight-keys-")]
    assert left == ([target] if there_already else []) and not list(target.glob("*"))
    monkeypatch.setattr(backup, "durable_write", real)
    back_up(full.archive, target, full.now)
    verify_backup(target)


def test_the_master_is_rotated_without_touching_a_row(full: Any) -> None:
    rows = full.folder.database.read_bytes()
    old, new = maker.MASTER, new_master()
    both = MasterKey(new.exposed_bytes, predecessor=old)
    store = KeyStore(full.folder.key_store, full.id, both)  # as it is found after a crash in between
    store.rewrap(old, both)
    store.rewrap(old, both)
    assert store.many("portrait", [full.people[0].id])
    store.close()
    with pytest.raises(CannotOpen):
        Archive.open(full.folder, full.id, old)
    with Archive.open(full.folder, full.id, new) as archive:
        assert [line.name for line in archive.subjects.names()] == ["Grace", "Ana"]
        assert rows == full.folder.database.read_bytes() and archive.check().problems == ()
    full.archive = archive


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_backup_from_what_cannot_be_read(studio: Any, tmp_path: Path) -> None:
    studio.folder.identity.chmod(0)
    with pytest.raises(DeviceFailure):
        back_up(studio.archive, tmp_path / "backup", studio.now)
    assert StudioFolder(studio.path).identity.exists()
