"""Disks that are full, broken or held by others: one sentence, nothing lost, and work goes on once there is room."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, Refused, WrongUsage
from safelight.domain.ids import Country, Language, SubjectId
from safelight.storage.database import Database
from safelight.storage.engine import sqlite
from safelight.storage.piping import through_memory
from support import studio_maker as maker


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], check=False)
    if done.returncode != 0:
        pytest.skip("this machine does not let root mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_keeps_what_was_acknowledged(small_disk: Path) -> None:
    room = small_disk / "room"
    room.write_bytes(bytes(600_000))  # taken away at the end, so that there is enough for a transaction again
    made = maker.Made(small_disk / "studio").create()
    shoot = made.session()
    person = made.subject(shoot)
    kept = []
    with pytest.raises(DeviceFailure, match="full"):
        while True:
            kept.append(made.photo(shoot, [person], os.urandom(90_000)))
    assert len(kept) > 3
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(b"x" * 4096)
    refused = []
    with pytest.raises(DeviceFailure):
        while True:
            made.subject(shoot)
            refused.append(1)
    assert made.archive.photos.count() == len(kept)
    filler.unlink()
    room.unlink()
    made.archive.close()
    made.open()
    made.subject(shoot, "after there was room")
    report = made.archive.check(signers=(maker.SIGNER.public_ssh,))
    assert report.problems == () and report.counts["photo"] == len(kept)
    for taken in kept:
        assert len(made.archive.files.read_bytes(made.archive.photos.original(taken.guid))) == 90_000
    made.archive.close()


class _FailingConnection(sqlite3.Connection):
    code = sqlite3.SQLITE_IOERR

    def commit(self) -> None:
        if self.in_transaction and _FailingConnection.armed:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = self.code
            raise error
        super().commit()

    armed = False


def test_after_a_broken_commit_nothing_more_is_written(
    studio: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A failed fsync is not tried again: the kernel may have dropped what it could not write (fsyncgate)."""
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=_FailingConnection))
    studio.archive.close()
    studio.open()
    before = len(studio.archive.sessions.list())
    monkeypatch.setattr(_FailingConnection, "armed", True)
    with pytest.raises(DeviceFailure, match="disk reported an error"):
        studio.session()
    monkeypatch.setattr(_FailingConnection, "armed", False)
    with pytest.raises(DeviceFailure, match="nothing more is written"):
        studio.session()
    assert len(studio.archive.sessions.list()) == before
    studio.archive.close()
    studio.open()
    studio.session()
    assert len(studio.archive.sessions.list()) == before + 1


def test_a_database_held_by_another_program(studio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.archive.close()
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 50)
    studio.open()
    other = sqlite3.connect(studio.folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CannotOpen, match="Another program holds"):
        studio.session()
    other.execute("ROLLBACK")
    other.close()
    studio.session()


@pytest.mark.parametrize("content", [b"", b"not a database at all, only text" * 40])
def test_something_else_in_the_place_of_the_database(content: bytes, studio: Any) -> None:
    studio.archive.close()
    studio.folder.database.write_bytes(content)
    with pytest.raises((Malformed, CannotOpen)):
        studio.open()


def test_a_missing_archive_and_an_unwritable_one(studio: Any) -> None:
    studio.archive.close()
    studio.folder.key_store.rename(studio.path / "aside")
    with pytest.raises(CannotOpen, match="not in its folder"):
        studio.open()
    with pytest.raises(DeviceFailure):
        Database(studio.path / "nowhere" / "x.sqlite")


def test_a_file_the_disk_does_not_take_is_not_there(studio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("safelight.keys.durable._flush_to_device", refuse)
    with pytest.raises(DeviceFailure, match="full"):
        studio.archive.files.store([grace.id], io.BytesIO(b"x" * 1000))
    monkeypatch.undo()
    assert not list(studio.archive.files.on_disk()) and not list(studio.folder.files.glob(".unfinished*"))
    report = studio.archive.check()
    assert report.problems == ()


def test_a_source_that_fails_leaves_no_file(studio: Any) -> None:
    class Card:
        def read(self, size: int) -> bytes:
            raise Refused("The card was pulled out.")

    grace = studio.subject(studio.session())
    with pytest.raises(Refused, match="pulled"):
        studio.archive.files.store([grace.id], Card())
    assert not list(studio.archive.files.on_disk()) and not list(studio.folder.files.glob(".unfinished*"))


def test_what_can_wait_does_not_undo_what_is_durable(studio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    archive = studio.archive
    taken = studio.photo(shoot, [])

    def refuse(*_: Any) -> None:
        raise DeviceFailure("The disk is full.")

    def refuse_unlink(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    sealed = archive.files.reseal(archive.photos.original(taken.guid), [grace.id])
    with monkeypatch.context() as patched:
        patched.setattr(archive.keys, "forget", refuse)
        patched.setattr("safelight.storage.files.os.unlink", refuse_unlink)
        with archive.transaction(studio.now) as t:
            archive.photos.rebind(t, taken.guid, [grace.id], sealed)
    assert archive.photos.get(taken.guid).subjects == (grace.id,)
    archive.close()
    report = studio.open().archive.check()
    assert report.problems == ()
    assert report.tidied == {"erasures finished": 0, "files nobody names": 1, "keys nobody uses": 1}


def test_an_erasure_on_a_disk_that_fails_is_a_sentence_and_is_finished_later(
    studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(sqlite3.Connection):
        armed = False

        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            if sql == "VACUUM" and Failing.armed:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error
            return super().execute(sql, *rest)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=Failing))
    grace = studio.subject(studio.session())
    studio.archive.close()
    studio.open()
    Failing.armed = True
    with pytest.raises(DeviceFailure, match="disk reported an error"), studio.archive.transaction(studio.now) as t:
        studio.archive.erase(t, grace.id, portrait=True, evidence=True)
    Failing.armed = False
    studio.archive.close()
    with pytest.raises(Refused, match="erased"):
        studio.open().archive.subjects.get(grace.id)
    report = studio.archive.check()
    assert report.problems == () and report.tidied["erasures finished"] == 1


def test_caps_and_unknown_files(studio: Any) -> None:
    grace = studio.subject(studio.session())
    files = studio.archive.files
    id = files.store_bytes([grace.id], b"12345")
    assert files.size(id) == 5 and files.read_bytes(id, 5) == b"12345"
    with pytest.raises(WrongUsage, match="more than"):
        files.read_bytes(id, 4)
    for unknown in ("ab" * 32, "../../etc/passwd", ""):
        with pytest.raises(WrongUsage):
            files.read_bytes(unknown)
    with pytest.raises(WrongUsage, match="Only pictures"):
        files.reseal(files.store_bytes([grace.id], b"pdf", evidence=True), None)


def test_bytes_pass_through_memory_in_order_and_errors_come_out() -> None:
    def produce(sink: Any) -> None:
        for number in range(200):
            sink.write(bytes([number]) * 1000)

    def consume(source: Any) -> bytes:
        gathered = b""
        while piece := source.read(777):
            gathered += piece
        return gathered

    assert through_memory(produce, consume) == b"".join(bytes([number]) * 1000 for number in range(200))

    def fail(sink: Any) -> None:
        produce(sink)
        raise Refused("no more")

    with pytest.raises(Refused, match="no more"):
        through_memory(fail, consume)
    with pytest.raises(ZeroDivisionError):  # the producer is stopped, not left hanging
        through_memory(produce, lambda source: 1 // len(source.read(5)[:0]))
    assert not [each for each in threading.enumerate() if each.name == "safelight-piping"]


def test_threads_write_in_turn_and_readers_are_not_shut_out(studio: Any) -> None:
    shoot = studio.session()
    people: list[str] = []
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(6):
                person = maker.Subject(SubjectId(maker.new_id()), f"{name}{number}", Language("en"), Country("DE"))
                with studio.archive.transaction(maker.START) as t:
                    studio.archive.subjects.add(t, person, shoot.id, "new")
                    studio.archive.journal.append(t, "subject-added", person.id, b"", person.id)
                people.append(person.id)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    def read() -> None:
        try:
            for _ in range(30):
                assert all(not line.damaged for line in studio.archive.subjects.names())
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    threads += [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and set(studio.archive.subjects.ids()) == set(people) and len(people) == 12
    assert studio.archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()
