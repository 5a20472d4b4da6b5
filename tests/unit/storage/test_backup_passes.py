"""A backup stops nobody's work, is of one moment all the same, and is read back from the device."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, Malformed
from safelight.storage.archive import Archive
from safelight.storage.backup import back_up, read_back, restore, verify_backup
from safelight.storage.past_cache import PastCacheReader, hash_past_cache
from support import studio_maker as maker


def test_a_writer_commits_while_sealed_files_are_copied(full: Any, tmp_path: Path) -> None:
    """What came in meanwhile is in the backup, what was taken out is not, and everything fits together."""
    archive = full.open().archive
    session = archive.sessions.list()[0]
    added: list[Any] = []

    def busy(done: int, total: int, what: str) -> None:
        if not added:
            added.append(full.photo(session, [full.people[0]], b"came in during the backup"))
            with archive.transaction(full.now) as t:
                archive.photos.remove(t, full.photos[3].guid)

    count = back_up(archive, tmp_path / "backup", full.now, busy)
    assert len(verify_backup(tmp_path / "backup").members) == count
    on_disk = {path.stem for path in (tmp_path / "backup" / "files").rglob("*.age")}
    assert on_disk == {id for id, _ in archive.files.on_disk()}
    archive.close()
    back = maker.Made(tmp_path / "back", full.id)
    restore(tmp_path / "backup", back.path)
    with back.open().archive as restored:
        report = restored.check(signers=(maker.SIGNER.public_ssh,))
        assert report.problems == () and set(report.tidied.values()) == {0}
        assert restored.files.read_bytes(restored.photos.original(added[0].guid)) == b"came in during the backup"
        assert full.photos[3].guid not in restored.photos.guids()


def test_others_wait_only_for_rows_keys_and_what_is_new(
    full: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread writes all the time; while the many files are copied it never waits for the backup's lock."""
    archive = full.open().archive
    session = archive.sessions.list()[0]
    for number in range(12):
        full.photo(session, [full.people[0]], os.urandom(4_000_000) + bytes([number]))
    held: list[float] = []
    still = Archive.still

    @contextmanager
    def timed(self: Archive) -> Iterator[None]:
        with still(self):
            began = time.perf_counter()
            yield
            held.append(time.perf_counter() - began)

    monkeypatch.setattr(Archive, "still", timed)
    written, stop = [0], threading.Event()

    def write() -> None:
        while not stop.is_set():
            full.subject(session, f"Guest {written[0]}")
            written[0] += 1

    def copying(done: int, total: int, what: str) -> None:
        if done == total // 2 and not held:
            before, until = written[0], time.monotonic() + 20
            while written[0] < before + 2 and time.monotonic() < until:
                time.sleep(0.01)
            assert written[0] >= before + 2, "nobody could write while files were copied"

    writer = threading.Thread(target=write)
    writer.start()
    began = time.perf_counter()
    try:
        back_up(archive, tmp_path / "backup", full.now, copying)
    finally:
        took = time.perf_counter() - began
        stop.set()
        writer.join()
    assert len(held) == 1 and held[0] < took / 2, (held, took)
    verify_backup(tmp_path / "backup")


KILLED_AT_STEP = """
import os, signal, sys
from pathlib import Path
from support import studio_maker as maker
from safelight.storage.backup import back_up
folder, step = Path(sys.argv[1]), int(sys.argv[2])
made = maker.Made(folder / "studio", sys.argv[3]).open()
steps = [0]
def count(done, total, what):
    steps[0] += 1
    if steps[0] == step:
        os.kill(os.getpid(), signal.SIGKILL)
back_up(made.archive, folder / "second", made.now, count)
made.archive.close()
"""


@pytest.mark.parametrize("step", [1, 4])
def test_killed_in_the_middle_it_leaves_the_backup_before_it_whole(full: Any, tmp_path: Path, step: int) -> None:
    with full.open().archive as archive:
        count = back_up(archive, tmp_path / "first", full.now)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-c", KILLED_AT_STEP, str(tmp_path), str(step), full.id]
    done = subprocess.run(argv, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with pytest.raises(CannotOpen, match="no finished backup"):
        verify_backup(tmp_path / "second")
    assert len(verify_backup(tmp_path / "first").members) == count
    with full.open().archive as archive:
        assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()
        back_up(archive, tmp_path / "second", full.now)
    verify_backup(tmp_path / "second")


def test_it_is_read_back_and_says_whether_from_the_device(full: Any, tmp_path: Path) -> None:
    with full.open().archive as archive:
        back_up(archive, tmp_path / "backup", full.now)
    told: list[tuple[int, int, str]] = []
    assert read_back(tmp_path / "backup", lambda *step: told.append(step)) == hash_past_cache(beside(tmp_path))[2]
    assert told[-1][0] == told[-1][1] > 0
    sealed = next((tmp_path / "backup" / "files").rglob("*.age"))
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    with pytest.raises(Malformed, match="damaged"):
        read_back(tmp_path / "backup")


def beside(folder: Path) -> Path:
    """A small file beside, on the same device."""
    path = folder / "beside"
    with path.open("wb") as file:
        file.write(b"x" * 5000)
        file.flush()
        os.fsync(file.fileno())
    return path


@pytest.mark.parametrize("size", [0, 1, 511, 4096, 1 << 20, (1 << 20) + 7, (3 << 20) - 1])
def test_past_the_cache_the_bytes_are_the_same(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    path = tmp_path / "file"
    path.write_bytes(data)
    digest, length, _ = hash_past_cache(path)
    assert (digest, length) == (hashlib.sha256(data).hexdigest(), size)
    with PastCacheReader(path) as reading:
        pieces = []
        while piece := reading.read(70_001):
            pieces.append(piece)
    assert b"".join(pieces) == data and all(len(each) <= 70_001 for each in pieces)


@pytest.mark.skipif(not hasattr(os, "preadv"), reason="this system reads only the ordinary way")
def test_a_file_system_that_refuses_to_be_read_directly_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom((1 << 20) + 3)
    path = tmp_path / "file"
    path.write_bytes(data)

    def refused(*_: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "preadv", refused)
    assert hash_past_cache(path) == (hashlib.sha256(data).hexdigest(), len(data), False)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this machine has no file system in memory")
def test_what_lies_in_memory_is_not_said_to_come_from_a_device() -> None:
    path = Path("/dev/shm") / f"safelight-test-{os.getpid()}"
    path.write_bytes(b"in memory only")
    try:
        assert hash_past_cache(path) == (hashlib.sha256(b"in memory only").hexdigest(), 14, False)
    finally:
        path.unlink()
