"""A durable file is there whole or not at all, and a refusal of the disk is two sentences."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import DeviceFailure
from safelight.keys import durable
from safelight.keys.durable import DurableFile, durable_write, fsync_folder, remove_unfinished


def test_writes_replaces_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "a"
    durable_write(path, b"old")
    durable_write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_every_step_happens_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def record(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any) -> Any:
            where = "folder" if name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode) else ""
            size = os.fstat(args[0]).st_size if name == "fsync" and not where else ""
            steps.append(f"{name}{where}{size}")
            return original(*args)

        return step

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, record(name, getattr(os, name)))
    durable_write(tmp_path / "a", b"12345")
    # The file's bytes are all there when it is synced, and the name is synced after it was given.
    assert steps == ["fsync5", "replace", "fsyncfolder"]


@pytest.mark.parametrize("name", ["fsync", "replace", "open"])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES, 4242])
def test_a_refusal_keeps_the_old_bytes_and_is_not_retried(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    durable_write(path, b"old")
    calls = []

    def refuse(*args: Any, **_: Any) -> Any:
        calls.append(args)
        raise OSError(code, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, name, refuse)
        with pytest.raises(DeviceFailure) as caught:
            durable_write(path, b"new")
    assert len(calls) == 1
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert caught.value.title.endswith(".") and "kept" in caught.value.hint


def test_a_folder_that_cannot_be_synced_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def refuse(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, "no")
        real(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DeviceFailure):
        durable_write(tmp_path / "a", b"x")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
def test_a_full_disk_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def full(path: Any, flags: int, mode: int = 0o777) -> int:
        handle = real(path, flags, mode)
        device = real("/dev/full", os.O_WRONLY)
        os.dup2(device, handle)
        os.close(device)
        return handle

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        with pytest.raises(DeviceFailure, match="full"), DurableFile(tmp_path / "a") as file:
            for _ in range(64):
                file.write(bytes(64 * 1024))
    assert list(tmp_path.iterdir()) == []


def test_streaming_counts_and_vanishes_on_an_exception(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with DurableFile(path) as file:
        assert file.write(b"12") == 2
        assert file.write(b"345") == 3
        assert not path.exists()
    assert (path.read_bytes(), file.size) == (b"12345", 5)
    with pytest.raises(KeyboardInterrupt), DurableFile(path) as file:
        file.write(b"new")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"12345"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    durable_write(tmp_path / "kept", b"x")
    (tmp_path / f"{durable.TEMPORARY_PREFIX}0123").write_bytes(b"half")
    (tmp_path / f"{durable.TEMPORARY_PREFIX}link").symlink_to(tmp_path / "kept")
    assert remove_unfinished(tmp_path) == 1
    assert (tmp_path / "kept").read_bytes() == b"x"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    for act in (
        lambda: durable_write(tmp_path / "no" / "a", b""),
        lambda: fsync_folder(tmp_path / "no"),
        lambda: remove_unfinished(tmp_path / "no"),
    ):
        with pytest.raises(DeviceFailure, match="does not exist"):
            act()


def test_a_symbolic_link_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    durable_write(tmp_path / "a", b"ours")
    assert (tmp_path / "elsewhere").read_bytes() == b"theirs"
    assert not (tmp_path / "a").is_symlink()


def test_the_name_until_it_is_whole_may_be_given(tmp_path: Path) -> None:
    """So that whoever had it written by a process that was killed can remove it."""
    named = tmp_path / ".unfinished-mine"
    with DurableFile(tmp_path / "a", named) as file:
        file.write(b"one")
        assert [each.name for each in tmp_path.iterdir()] == [named.name]
    assert [each.name for each in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_bytes() == b"one"
    with pytest.raises(KeyboardInterrupt), DurableFile(tmp_path / "a", named):
        raise KeyboardInterrupt
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
