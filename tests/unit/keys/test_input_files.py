"""The files people name: a pipe, device, socket or folder is one sentence and never a wait, and no name is too odd."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from safelight.domain.errors import WrongUsage
from safelight.keys.input_files import legible, open_input, read_input_file
from safelight.keys.passphrases import read_passphrase_file


def odd(kind: str, folder: Path) -> Path:
    path = folder / kind
    if kind == "named pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "socket":
        # A socket's address is at most 107 bytes long, so it is bound by its bare name.
        here = Path.cwd()
        os.chdir(folder)
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(kind)
        finally:
            os.chdir(here)
    return path


@pytest.mark.parametrize("kind", ["named pipe", "folder", "device", "socket"])
@pytest.mark.parametrize("linked", [False, True])
def test_what_is_no_file_is_said_at_once(kind: str, linked: bool, tmp_path: Path) -> None:
    path = odd(kind, tmp_path)
    if linked:
        (tmp_path / "link").symlink_to(path)
        path = tmp_path / "link"
    for read in (lambda: read_input_file(path, 100), lambda: read_passphrase_file(path), lambda: open_input(path)):
        with pytest.raises(WrongUsage, match=f"is a {kind}, not a file"):
            read()


def test_never_more_than_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"x" * 100)
    assert read_input_file(path, 100) == b"x" * 100
    with pytest.raises(WrongUsage, match="larger than 99 bytes") as raised:
        read_input_file(path, 99, kept="Nothing was imported.")
    assert raised.value.hint == "Nothing was imported."
    with pytest.raises(WrongUsage, match="cannot be read: No such file"):
        read_input_file(tmp_path / "none", 5)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="files whose size is not what they hold")
def test_the_size_a_system_tells_is_not_believed() -> None:
    assert len(read_input_file(Path("/proc/self/status"), 1 << 20)) > 100
    with pytest.raises(WrongUsage, match="larger"):
        read_input_file(Path("/proc/self/status"), 100)


def test_names_that_are_no_utf8_can_be_shown_and_stored(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    assert legible(name) == "caf\ufffd.csv" and legible("Zoë 🙂") == "Zoë 🙂"
    with pytest.raises(WrongUsage, match=r"'caf\ufffd\.csv' cannot be read"):
        read_input_file(tmp_path / name, 5)
