"""Extraction to plain files: all of them at once in a new folder, or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.bundle.folder import extract_to_folder
from safelight.domain.errors import Cancelled, DeviceFailure, WrongUsage
from support import bundle_parts as parts


@pytest.mark.parametrize("there", [False, True])
def test_the_files_are_those_of_age_and_tar(
    honest: Any, corpus: Any, run: Callable[..., Any], tmp_path: Path, there: bool
) -> None:
    out = tmp_path / "out"
    if there:
        out.mkdir()
    opened = extract_to_folder(honest.path, [parts.IDENTITY], out, parts.SIGNER.public_ssh)
    assert opened.complete
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert found == corpus.by_name
    run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=out)
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o700
        assert all(path.stat().st_mode & 0o077 == 0 for path in out.rglob("*"))


def test_nothing_is_written_over_what_is_there(honest: Any, tmp_path: Path) -> None:
    full, file, link = tmp_path / "full", tmp_path / "file", tmp_path / "link"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    file.write_text("mine")
    link.symlink_to(tmp_path / "elsewhere")
    for place in (full, file, link):
        with pytest.raises(WrongUsage, match="already there"):
            extract_to_folder(honest.path, [parts.IDENTITY], place, None)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["file", "full", "link", "mine.txt"]
    with pytest.raises(DeviceFailure):
        extract_to_folder(honest.path, [parts.IDENTITY], tmp_path / "no" / "parent", None)


def test_what_came_in_the_way_meanwhile_stays(honest: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def report(done: int, total: int, what: str) -> None:
        out.mkdir(exist_ok=True)
        (out / "mine.txt").write_text("mine")

    with pytest.raises(DeviceFailure):
        extract_to_folder(honest.path, [parts.IDENTITY], out, None, report)
    assert [each.name for each in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_stopping_leaves_nothing(honest: Any, tmp_path: Path) -> None:
    def report(done: int, total: int, what: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        extract_to_folder(honest.path, [parts.IDENTITY], tmp_path / "out", None, report)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_is_said(honest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(DeviceFailure, match="full"):
        extract_to_folder(honest.path, [parts.IDENTITY], tmp_path / "out", None)
    assert list(tmp_path.iterdir()) == []
    assert shutil.copyfileobj is full
