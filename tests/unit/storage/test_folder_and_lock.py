"""One studio, one folder, one program: made whole or not at all, and a second process is told to wait."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
from safelight.domain.ids import StudioId
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
        lock = FolderLock(Path(sys.argv[1]))
    except SafelightError as error:
        print(type(error).__name__, error.title)
        sys.exit(error.code)
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
    """
)


def held_by_another(path: Path, seconds: float) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-c", HOLDER, str(path), str(seconds)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)


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


def test_a_second_process_is_told_and_may_have_it_later(studio: Any) -> None:
    with held_by_another(studio.folder.lock, 0) as other:
        said, _ = other.communicate(timeout=60)
    assert other.returncode == 3 and said.strip() == "CannotOpen Another Safelight has this studio open."
    with pytest.raises(CannotOpen, match="Another Safelight"):  # nor twice in one process
        Archive.open(studio.folder, studio.id, maker.MASTER)
    studio.archive.close()
    with held_by_another(studio.folder.lock, 0) as other:
        said, _ = other.communicate(timeout=60)
    assert other.returncode == 0 and said == "held\n"


def test_a_lock_ends_with_a_killed_process(studio: Any) -> None:
    studio.archive.close()
    with held_by_another(studio.folder.lock, 600) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(CannotOpen, match="Another Safelight"):
            studio.open()
        other.send_signal(signal.SIGKILL)
        other.wait(60)
        studio.open()


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
