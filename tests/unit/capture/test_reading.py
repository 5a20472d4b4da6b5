"""Sources are read and never touched; what is torn, growing or failing is said by name."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import unittest.mock
from pathlib import Path

import pytest

from safelight.capture.reading import Unread, read_source, read_sources, shown_name
from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.images.image_format import format_of
from safelight.images.media_type import MediaType

APP = Path(__file__).resolve().parents[3] / "app"


def test_a_source_is_described_and_read_again(portraits):
    path = portraits / "grace_hopper.jpg"
    data = path.read_bytes()
    source = read_source(path)
    assert (source.name, source.size, source.media_type) == ("grace_hopper.jpg", len(data), MediaType.JPEG)
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert source.image.kind == "jpeg-scans"
    assert source.mtime.tzinfo is not None
    assert source.read() == data
    with source.open() as stream:
        assert b"".join(iter(lambda: stream.read(1000), b"")) == data


def test_what_is_written_elsewhere_while_reading_is_not_blamed_on_the_card(portraits):
    source = read_source(portraits / "grace_hopper.jpg")
    with pytest.raises(OSError, match="full"), source.open() as stream:
        stream.read(10)
        raise OSError("full")


@pytest.mark.parametrize("kind", list(MediaType)[:6])
def test_torn_files_are_named(kind, encoded, tmp_path):
    data = encoded[kind]
    path = tmp_path / f"frame_7.{format_of(kind).extension}"
    for cut in range(40, len(data), max(1, len(data) // 12)):
        path.write_bytes(data[:cut])
        with pytest.raises(Malformed, match=r"^frame_7\.\w+ is (cut off|damaged)"):
            read_source(path)


def test_a_picture_by_name_only(tmp_path, crafted):
    path = tmp_path / "portrait.jpg"
    path.write_bytes(crafted.eps)
    with pytest.raises(Malformed, match="is not a picture we know"):
        read_source(path)
    path.write_bytes(b"")
    with pytest.raises(Malformed, match="is not a picture we know"):
        read_source(path)


def test_only_files_are_opened(tmp_path, portraits):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to(portraits / "grace_hopper.jpg")
    with pytest.raises(Malformed, match="is not a file"):
        read_source(tmp_path / "pipe.jpg")
    with pytest.raises(Malformed, match="is only a link"):
        read_source(tmp_path / "link.jpg")
    with pytest.raises(Malformed, match="is not a file"):
        read_source(tmp_path)
    with pytest.raises(WrongUsage, match="There is no file"):
        read_source(tmp_path / "gone.jpg")


def test_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(600 << 20)
    with pytest.raises(Malformed, match="larger than 512 MiB"):
        read_source(path)


def test_a_file_that_grows_while_read_is_refused(portraits, tmp_path):
    path = tmp_path / "a.jpg"
    shutil.copyfile(portraits / "grace_hopper.jpg", path)

    def grow(done: int, total: int, what: str) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(Malformed, match="changed while it was read"):
        read_source(path, report=grow)


def test_a_source_that_changed_since_is_refused(portraits, tmp_path):
    path = tmp_path / "a.jpg"
    shutil.copyfile(portraits / "grace_hopper.jpg", path)
    source = read_source(path)
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(Malformed, match="changed"):
        source.read()
    os.utime(path, ns=(source.mark[3], source.mark[3]))  # even if its time is put back
    with pytest.raises(Malformed, match="changed"):
        source.read()


def test_one_bad_file_does_not_hide_the_others(portraits, tmp_path):
    good = portraits / "grace_hopper.jpg"
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(good.read_bytes()[:5000])
    seen: list[tuple[int, int]] = []
    found = list(
        read_sources(
            [good, torn, tmp_path / "gone.png", good], report=lambda done, total, _: seen.append((done, total))
        )
    )
    assert [type(item) is Unread for item in found] == [False, True, True, False]
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert {item.path.name for item in found if isinstance(item, Unread)} == {"torn.jpg", "gone.png"}


def test_names_are_shown_without_tricks():
    assert shown_name(Path("a\u202egpj.exe\n\x1b[31m")) == "a\ufffdgpj.exe\ufffd\ufffd[31m"
    assert len(shown_name(Path("x" * 300 + ".jpg"))) == 80
    assert shown_name(Path(os.fsdecode(b"\xff.jpg"))) == "\ufffd.jpg"


def test_the_source_is_never_written(portraits, tmp_path):
    card = tmp_path / "card"
    shutil.copytree(portraits, card)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in card.iterdir()}
    for path in card.iterdir():
        path.chmod(0o444)
    card.chmod(0o555)
    try:
        for path in sorted(card.iterdir()):
            read_source(path).read()
        assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in card.iterdir()} == before
    finally:
        card.chmod(0o755)


def _traced(card: Path, tmp_path: Path, *inject: str) -> tuple[str, str]:
    code = (
        "import sys; from pathlib import Path\n"
        "from safelight.capture.folders import find_photos\n"
        "from safelight.capture.reading import Unread, read_sources\n"
        "for item in read_sources(find_photos([Path(sys.argv[1])])):\n"
        "    print(item.path.name, item.error.title if isinstance(item, Unread) else item.sha256)\n"
    )
    log = tmp_path / "trace"
    done = subprocess.run(
        ["strace", "-f", "-y", "-o", log, *inject, sys.executable, "-c", code, card],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(APP), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, log.read_text(errors="replace")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_sees_reading_only(portraits, tmp_path):
    card = tmp_path / "card"
    shutil.copytree(portraits, card)
    _, trace = _traced(card, tmp_path, "-e", "trace=%file,%desc")
    about = [line for line in trace.splitlines() if f"{card}/" in line and "readlink" not in line]
    opened = [line for line in about if "openat(" in line]
    assert len(opened) >= 3
    assert all("O_RDONLY" in line and "O_NOFOLLOW" in line for line in opened if ".jpg" in line or ".png" in line)
    allowed = (
        "openat",
        "read",
        "lseek",
        "fstat",
        "newfstatat",
        "close",
        "getdents",
        "ioctl",
        "lstat",
        "stat",
        "execve",
    )
    assert [line for line in about if not line.split(maxsplit=1)[1].startswith(allowed)] == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_card_that_fails_costs_the_file_it_failed_on(portraits, tmp_path):
    card = tmp_path / "card"
    card.mkdir()
    for number in range(4):
        shutil.copyfile(portraits / "grace_hopper.jpg", card / f"{number}.jpg")
    said, _ = _traced(
        card, tmp_path, "-P", str(card / "2.jpg"), "-e", "trace=read", "-e", "inject=read:error=EIO:when=1"
    )
    lines = said.splitlines()
    assert len(lines) == 4
    assert [line.split()[0] for line in lines if "could not be read: Input/output error" in line] == ["2.jpg"]
    whole = hashlib.sha256((portraits / "grace_hopper.jpg").read_bytes()).hexdigest()
    assert [line.split()[1] for line in lines if len(line.split()) == 2] == [whole] * 3


def test_errors_of_the_system_have_their_own_kind(portraits, monkeypatch):
    path = portraits / "grace_hopper.jpg"
    for number, kind in ((5, DeviceFailure), (13, CannotOpen), (2, WrongUsage)):
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", unittest.mock.Mock(side_effect=OSError(number, "x")))
            with pytest.raises(kind, match="grace_hopper"):
                read_source(path)
