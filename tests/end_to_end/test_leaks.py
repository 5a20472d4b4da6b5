"""Nothing of a person lies anywhere in clear, nor was ever written, except what somebody asked for by name."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LEAKSCAN = HERE.parent / "tools" / "leakscan.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
WORDS = [
    "Grace Hopper", "Eileen Collins", "Dorothy Hodgkin", "grace@navy.example", "eileen@nasa.example",
    "GRACE  Hopper", "dorothy HODGKIN", "grace_hopper.jpg", "astronaut.png", "rights@lumiere.example",
    "Agence Lumière", "Nordwind", "credit_name", "taught_back", "signed_by", "safelight-record",
]  # fmt: skip
"""Names, addresses, typed signatures, names of files, clients, and words that stand in every record and statement."""
NEW = ["Rosalind Franklin", "r.franklin@kings.example", "grace HOPPER", "kings-77-franklin"]
MAGIC = {
    b"%PDF-": "PDF", b"\xff\xd8\xff\xe0\x00\x10JFIF": "JPEG", b"Exif\0\0": "Exif", b"\x89PNG\r\n\x1a\n": "PNG",
    b"PK\x03\x04\x14\x00": "ZIP", b"<?xml": "XML", b"<ink": "InkML", b"<x:xmpmeta": "XMP", b"\x1f\x8b\x08\x00": "gzip",
}  # fmt: skip


@pytest.fixture(scope="session")
def secrets(day: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything personal of the day as markers for leakscan: words, pictures, ink, documents, receipts, codes."""
    from safelight.studio.founding import open_studio

    folder = tmp_path_factory.mktemp("secrets")
    lines = [*WORDS, *(f"@{path}" for path in sorted(day.folder.glob("cards/*/*")))]
    with open_studio(day.folder / "studio", (day.folder / "passphrase").read_text().strip()) as studio:
        for receipt, _ in studio.archive.consents.receipt_ids():
            file = studio.archive.consents.receipt(receipt)
            lines.append(file.withdrawal_code)
            kept = {"document": file.document, "statement": file.statement, "acts": file.acts, "ink": file.evidence}
            if file.pdf is not None:
                kept["pdf"] = studio.archive.files.read_bytes(file.pdf)
            for name, data in kept.items():
                if len(data) > 100:
                    (folder / f"{name}-{receipt}").write_bytes(data)
                    lines.append(f"@{folder / f'{name}-{receipt}'}")
        for photo in studio.archive.photos.of_session(studio.archive.sessions.list()[0].id):
            small = studio.archive.photos.thumbnail(photo.guid)
            (folder / f"small-{photo.guid}").write_bytes(small)
            lines.append(f"@{folder / f'small-{photo.guid}'}")
    assert len(lines) > 30
    markers = folder / "markers.txt"
    markers.write_text("\n".join(lines))
    return markers


def leakscan(*argv: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(LEAKSCAN), *map(str, argv)], capture_output=True, text=True, check=False, **more
    )


def test_the_scanner_finds_what_is_planted(secrets: Path, tmp_path: Path) -> None:
    planted = [line for line in secrets.read_text().splitlines() if line.startswith("@")]
    (tmp_path / "a").write_bytes(b"x" * 70000 + Path(planted[-1][1:]).read_bytes())
    (tmp_path / "b").write_text("GRACE  Hopper".encode("utf-16-le").hex())
    done = leakscan("disk", secrets, tmp_path)
    assert done.returncode == 1 and done.stdout.count(str(tmp_path / "a")) > 1, done.stdout


def test_nothing_lies_in_clear(day: Any, secrets: Path) -> None:
    done = leakscan("disk", secrets, day.folder / "studio", day.folder / "before", Path.home())
    assert done.returncode == 0 and "0 findings" in done.stdout, done.stdout


def test_what_is_sealed_looks_like_noise(day: Any) -> None:
    sealed = 0
    for path in (day.folder / "studio").rglob("*"):
        if not path.is_file() or path.name in ("lock", "studio.json", "master.json"):
            continue
        data = path.read_bytes()
        assert not [name for magic, name in MAGIC.items() if magic in data], path
        if path.suffix == ".sqlite":
            assert data.startswith(b"SQLite format 3\0")
            continue
        assert b"SQLite format 3" not in data
        if path.is_relative_to(day.folder / "studio" / "files"):
            assert data.startswith(b"age-encryption.org/v1\n"), path
            body = data[data.index(b"\n--- ") :]
            if len(body) > 50_000:
                sealed += 1
                assert entropy(body) > 7.9, path
    assert sealed >= 3


def entropy(data: bytes) -> float:
    """Bits in a byte."""
    return -sum(count / len(data) * math.log2(count / len(data)) for count in Counter(data).values())


COMMANDS = {
    "subject": ["subject", "add", "Spring", NEW[0], "--email", NEW[1], "--reference", NEW[3]],
    "capture": ["capture", "add", "Spring", "{day}/cards/eileen", "--subject", "Eileen"],
    "consent": ["consent", "record", "Grace", "--choices", "{day}/grace.json", "--typed", NEW[2], "--method", "paper"],
    "receipt": ["receipt", "Grace", "-o", "{out}/receipt.pdf"],
    "export": ["export", "Spring", "--to", "Agence Lumière", "--use", "use.editorial", "--names", "-o", "{out}/b.age"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_byte_of_it_is_ever_written(
    command: str, day: Any, secrets: Path, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    """Every byte handed to the system, temporary files and names included; a receipt may be where it was asked for."""
    stock_tool("strace")
    import shutil

    shutil.copytree(day.before[command] / "studio", tmp_path / "studio")
    for name in ("out", "tmp", "cwd"):
        (tmp_path / name).mkdir()
    markers = tmp_path / "markers.txt"
    markers.write_text("\n".join([secrets.read_text(), *NEW]))
    place = ["--studio", tmp_path / "studio", "--passphrase-file", day.folder / "passphrase", "-v"]
    asked = [each.format(day=day.folder, out=tmp_path / "out") for each in COMMANDS[command]]
    allowed = "^(pipe|socket):" + (f"|^{tmp_path}/out/" if command == "receipt" else "")
    done = leakscan(
        "trace", markers, "--allow", allowed, "--", sys.executable, "-m", "safelight", *place, *asked,
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path / "tmp"), "TMP": str(tmp_path / "tmp")}, cwd=tmp_path / "cwd",
    )  # fmt: skip
    assert "command exit 0" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0 and "0 findings" in done.stdout, done.stdout
    assert int(done.stdout.split(" targets written")[0].split()[-1]) >= 3
    assert not list((tmp_path / "tmp").iterdir()) and not list((tmp_path / "cwd").iterdir())
    for word in (*WORDS, *NEW):
        assert word not in done.stderr, (word, "in the log of -v")


def test_a_crash_leaves_no_core(day: Any, tmp_path: Path) -> None:
    program = (
        "import os, resource, sys; from safelight.studio.founding import open_studio\n"
        "studio = open_studio(__import__('pathlib').Path(sys.argv[1]), sys.argv[2])\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "os.kill(os.getpid(), 11)\n"
    )
    words = (day.folder / "passphrase").read_text().strip()
    process = subprocess.Popen(
        ["sh", "-c", 'ulimit -c unlimited 2>/dev/null; exec "$@"', "sh", sys.executable, "-X", "faulthandler=0", "-c",
         program, str(day.before["export"] / "studio"), words],
        cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == -signal.SIGSEGV and not os.WCOREDUMP(status)
    assert not list(tmp_path.iterdir())
