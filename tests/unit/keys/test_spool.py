"""The sealed spool: what goes in comes out from anywhere, and on the disk there is only noise without a name."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.domain.errors import DeviceFailure
from safelight.keys.spool import CHUNK, SealedSpool

MARK = b"a face nobody should find on this disk "


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 2 * CHUNK + 7), max_size=5), st.data())
def test_any_part_comes_back(tmp_path: Path, sizes: list[int], data: st.DataObject) -> None:
    pieces = [os.urandom(size) for size in sizes]
    whole = b"".join(pieces)
    with SealedSpool(tmp_path) as spool:
        for piece in pieces:
            spool.append(memoryview(piece))
        assert spool.size == len(whole)
        start = data.draw(st.integers(0, len(whole)))
        length = data.draw(st.integers(0, len(whole) - start))
        assert b"".join(spool.pieces(start, length)) == whole[start : start + length]
        with spool.open(start, length) as stream:
            assert stream.read() == whole[start : start + length]
            middle = data.draw(st.integers(0, length))
            assert stream.seek(middle) == middle
            assert stream.read(1000) == whole[start : start + length][middle : middle + 1000]
            assert stream.seek(0, os.SEEK_END) == length
            assert stream.read(1) == b""
        with pytest.raises(ValueError):
            next(spool.pieces(start, len(whole) - start + 1))


def test_the_disk_holds_noise_and_no_name(tmp_path: Path) -> None:
    with SealedSpool(tmp_path) as spool:
        spool.append(MARK * (3 * CHUNK // len(MARK)))
        if os.name == "posix":
            assert list(tmp_path.iterdir()) == []
        spool._file.seek(0)
        on_disk = spool._file.read()
        assert len(on_disk) >= 2 * CHUNK
        assert MARK not in on_disk
        assert len(set(on_disk)) == 256
        # What is not yet a whole chunk stays in memory.
        assert len(on_disk) % (CHUNK + 16) == 0
    assert list(tmp_path.iterdir()) == []


def test_two_threads_may_read_at_once(tmp_path: Path) -> None:
    whole = os.urandom(5 * CHUNK)
    with SealedSpool(tmp_path) as spool, ThreadPoolExecutor(2) as pool:
        spool.append(whole)
        parts = pool.map(lambda at: b"".join(spool.pieces(at, CHUNK)), range(0, 4 * CHUNK, CHUNK // 2))
        assert list(parts) == [whole[at : at + CHUNK] for at in range(0, 4 * CHUNK, CHUNK // 2)]


def test_what_the_disk_changed_is_noticed(tmp_path: Path) -> None:
    with SealedSpool(tmp_path) as spool:
        spool.append(bytes(2 * CHUNK))
        spool._file.seek(100)
        spool._file.write(b"\x00\x01")
        with pytest.raises(DeviceFailure, match="something else"):
            b"".join(spool.pieces(0, 10))
        assert b"".join(spool.pieces(CHUNK, CHUNK)) == bytes(CHUNK)


def test_a_full_disk_and_a_missing_folder_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeviceFailure):
        SealedSpool(tmp_path / "nowhere")
    with SealedSpool(tmp_path) as spool, spool._file:

        class Full:
            def write(self, data: object) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

            def close(self) -> None:
                """Nothing to give back."""

        monkeypatch.setattr(spool, "_file", Full())
        with pytest.raises(DeviceFailure, match="full"):
            spool.append(bytes(2 * CHUNK))
