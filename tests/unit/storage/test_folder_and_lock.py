"""One studio, one folder: made whole or not at all; several programs share it, or one has it for itself."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
from safelight.domain.ids import StudioId
from safelight.keys.durable import TEMPORARY_PREFIX, unfinished_name
from safelight.keys.master import MasterKey
from safelight.storage.archive import Archive
from safelight.storage.folder import StudioFolder, create_folder, read_identity
from safelight.storage.lock import FolderLock
from support import studio_maker as maker

HOLDER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from safelight.domain.errors import SafelightError
    from safelight.storage.lock import FolderLock
    try:
        lock = FolderLock(Path(sys.argv[1]), alone=sys.argv[3] == "alone")
    except SafelightError as error:
        print(type(error).__name__, error.title)
        sys.exit(error.code)
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
    """
)


@contextmanager
def held_by_another(path: Path, seconds: float, how: str = "alone") -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-c", HOLDER, str(path), str(seconds), how]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment) as other:
        try:
            yield other
        finally:
            other.kill()


def test_identity_is_public_and_read_back(studio: Any) -> None:
    assert read_identity(studio.path) == (studio.id, maker.START.replace(second=1))
    content = json.loads((studio.path / "studio.json").read_text())
    assert content == {"format": "safelight-studio/1", "id": studio.id, "created_at": "2026-05-01T09:00:01Z"}
    assert studio.path.stat().st_mode & 0o077 == 0


def test_a_second_studio_does_not_replace_the_first(studio: Any, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="is a studio already"):
        create_folder(studio.path, studio.id, maker.START)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(WrongUsage, match="not empty"):
        create_folder(tmp_path / "full", studio.id, maker.START)
    assert (tmp_path / "full" / "letter.txt").read_text() == "dear"


def test_an_unfinished_studio_is_no_studio_and_is_made_anew(tmp_path: Path) -> None:
    made = maker.Made(tmp_path / "deep" / "er" / "studio")
    folder = create_folder(made.path, made.id, maker.START)
    with pytest.raises(CannotOpen, match="never finished"):
        read_identity(made.path)
    Archive.create(folder, made.id, maker.MASTER, maker.START).close()
    with pytest.raises(CannotOpen, match="never finished"):
        read_identity(made.path)
    made = made.create()
    assert read_identity(made.path)[0] == made.id
    made.archive.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format":"safelight-studio/1"}',
                                  '{"format":"safelight-studio/1","id":"../x","created_at":"2026-05-01T09:00:01Z"}'])
def test_a_broken_identity_is_one_sentence(text: str, studio: Any) -> None:
    (studio.path / "studio.json").write_text(text)
    with pytest.raises(Malformed):
        read_identity(studio.path)


def test_other_folders_are_refused(tmp_path: Path, studio: Any) -> None:
    with pytest.raises(CannotOpen, match="no studio"):
        read_identity(tmp_path)
    with pytest.raises(CannotOpen):
        Archive.open(StudioFolder(tmp_path), studio.id, maker.MASTER)
    (studio.path / "studio.json").write_text('{"format":"safelight-studio/2"}')
    with pytest.raises(CannotOpen, match="version"):
        read_identity(studio.path)


def test_the_wrong_key_and_the_wrong_studio_do_not_open(studio: Any) -> None:
    studio.archive.close()
    for id, master in ((studio.id, MasterKey(b"\x01" * 32)), (StudioId(maker.new_id()), maker.MASTER)):
        with pytest.raises(CannotOpen):
            Archive.open(studio.folder, id, master)
    studio.open()  # and the failures gave the lock back
    assert studio.archive.studio.get().name == "Lampe & Söhne"


def test_who_needs_it_alone_is_told_who_is_in_and_may_have_it_later(studio: Any) -> None:
    with held_by_another(studio.folder.lock, 0) as other:
        said, _ = other.communicate(timeout=60)
    told = f"CannotOpen Another Safelight has this studio open (Safelight, process {os.getpid()})."
    assert other.returncode == 3 and said.strip() == told
    with pytest.raises(CannotOpen, match="Another Safelight"):  # nor twice in one process
        FolderLock(studio.folder.lock, alone=True)
    studio.archive.close()
    with held_by_another(studio.folder.lock, 0) as other:
        said, _ = other.communicate(timeout=60)
    assert other.returncode == 0 and said == "held\n"


def test_several_share_it(studio: Any) -> None:
    second = Archive.open(studio.folder, studio.id, maker.MASTER)
    with held_by_another(studio.folder.lock, 600, "shared") as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        second.close()
        with pytest.raises(CannotOpen, match=rf"open \(Safelight, process {other.pid}\)"):
            FolderLock(studio.folder.lock, alone=True)
        assert studio.archive._lock.others() == (f"Safelight, process {other.pid}",)
        with studio.archive._lock.alone() as alone:
            assert not alone
        other.kill()
        other.wait(60)
        assert studio.archive._lock.others() == ()
        with studio.archive._lock.alone() as alone:
            assert alone
            with held_by_another(studio.folder.lock, 0, "shared") as late:
                said, _ = late.communicate(timeout=60)
            assert late.returncode == 3 and "has this studio for itself" in said
        with held_by_another(studio.folder.lock, 0, "shared") as late:
            assert late.wait(60) == 0


def test_who_is_alone_is_so_in_its_own_process_too(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    with first.alone() as alone:
        assert not alone
    second.release()
    second.release()
    with first.alone() as alone:
        assert alone
        with pytest.raises(CannotOpen, match="for itself"):
            FolderLock(tmp_path / "lock")
    FolderLock(tmp_path / "lock").release()
    first.release()
    FolderLock(tmp_path / "lock", alone=True).release()


def test_a_lock_ends_with_a_killed_process(studio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.archive.close()
    monkeypatch.setattr(Archive, "lock_timeout", 0.1)
    with held_by_another(studio.folder.lock, 600) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(CannotOpen, match="Another Safelight has this studio for itself"):
            studio.open()
        other.send_signal(signal.SIGKILL)
        other.wait(60)
        studio.open()


def test_what_others_have_not_finished_is_left_alone(studio: Any) -> None:
    with held_by_another(studio.folder.lock, 600, "shared") as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        theirs, of_the_dead = (f"{TEMPORARY_PREFIX}{each}-0123" for each in (_station(studio, other.pid), "1x2"))
        places = (studio.folder.path, studio.folder.keys, studio.folder.files)
        ours = studio.folder.files / unfinished_name()
        for place in places:
            (place / theirs).write_bytes(b"half")
            (place / of_the_dead).write_bytes(b"half")
        ours.write_bytes(b"half")
        Archive.open(studio.folder, studio.id, maker.MASTER).close()
        assert [(place / theirs).exists() for place in places] == [True] * 3 and ours.exists()
        assert not any((place / of_the_dead).exists() for place in places)
        other.kill()
        other.wait(60)
        Archive.open(studio.folder, studio.id, maker.MASTER).close()
        assert not any((place / theirs).exists() for place in places) and ours.exists()


def test_nothing_unfinished_is_removed_when_somebody_does_not_say_who_they_are(studio: Any) -> None:
    with held_by_another(studio.folder.lock, 600, "shared") as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        studio.folder.lock.write_bytes(b"\n" * 512)
        (studio.folder.files / f"{TEMPORARY_PREFIX}1x2-0123").write_bytes(b"half")
        Archive.open(studio.folder, studio.id, maker.MASTER).close()
        assert (studio.folder.files / f"{TEMPORARY_PREFIX}1x2-0123").exists()
        other.kill()


def _station(studio: Any, process: int) -> str:
    found: dict[str, str] = {each.process: each.station for each in studio.archive._lock._stations.others()}
    return found[str(process)]


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOLCK, CannotOpen), (errno.EOPNOTSUPP, CannotOpen), (errno.EIO, DeviceFailure)]
)
def test_a_disk_without_locks_is_refused(
    number: int, error: type[SafelightError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.lockf", refuse)
    with pytest.raises(error) as caught:
        FolderLock(tmp_path / "lock")
    assert number == errno.EIO or "local disk" in caught.value.hint
