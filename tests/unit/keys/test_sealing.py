"""Rows open only in their place; files open with stock age and ours, damaged ones never, memory stays flat."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import tracemalloc
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.errors import Cancelled, CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import StudioId
from safelight.keys.durable import DurableFile
from safelight.keys.sealing import (
    RowAddress,
    age_recipient,
    file_identity,
    identity_in_file,
    new_age_identity,
    open_file,
    open_row,
    seal_file,
    seal_row,
)

from .conftest import Run

KEY = bytes(range(32))
PLACE = RowAddress(StudioId("studio"), "subjects", "42", 3)
VECTORS = Path(__file__).parent / "vectors" / "cctv-age-0.2.0.zip"


@given(st.binary(max_size=2000), st.binary(min_size=32, max_size=32))
def test_rows_come_back(plaintext: bytes, key: bytes) -> None:
    sealed = seal_row(key, plaintext, PLACE)
    assert open_row(key, sealed, PLACE) == plaintext
    assert len(sealed) == len(plaintext) + 28
    assert seal_row(key, plaintext, PLACE) != sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        RowAddress(StudioId("other"), "subjects", "42", 3),
        RowAddress(StudioId("studio"), "photos", "42", 3),
        RowAddress(StudioId("studio"), "subjects", "43", 3),
        RowAddress(StudioId("studio"), "subjects", "42", 2),
        RowAddress(StudioId("studi"), "osubjects", "42", 3),
        RowAddress(StudioId("studio"), "subjects4", "2", 3),
        RowAddress(StudioId("studio"), "subjects", "423", 0),
    ],
)
def test_a_moved_row_is_named_and_refused(elsewhere: RowAddress) -> None:
    with pytest.raises(Malformed, match=f"table {elsewhere.table}, row {elsewhere.row}"):
        open_row(KEY, seal_row(KEY, b"Anna", PLACE), elsewhere)


def test_a_changed_row_is_refused() -> None:
    sealed = seal_row(KEY, b"Anna", PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 0x80
        with pytest.raises(Malformed):
            open_row(KEY, bytes(changed), PLACE)
    for cut in range(len(sealed)):
        with pytest.raises(Malformed):
            open_row(KEY, sealed[:cut], PLACE)
    with pytest.raises(Malformed):
        open_row(bytes(32), sealed, PLACE)


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_a_weaker_cipher_is_never_chosen_by_key_size(size: int) -> None:
    with pytest.raises(ValueError):
        seal_row(bytes(size), b"", PLACE)


def sealed(data: bytes, *recipients: str) -> bytes:
    out = io.BytesIO()
    seal_file(io.BytesIO(data), out, recipients)
    return out.getvalue()


def opened(data: bytes, *identities: Any) -> bytes:
    out = io.BytesIO()
    open_file(io.BytesIO(data), out, identities)
    return out.getvalue()


@settings(max_examples=30)
@given(st.binary(max_size=200), st.sampled_from([0, 1, 65535, 65536, 65537, 262144, 400000]))
def test_files_come_back(seed: bytes, size: int) -> None:
    data = (seed or b"x") * (size // len(seed or b"x") + 1)
    identity = file_identity(KEY)
    assert opened(sealed(data[:size], identity.recipient), identity) == data[:size]


@given(st.binary(min_size=32, max_size=32))
def test_the_derived_identity_is_one_the_library_takes(key: bytes) -> None:
    identity = file_identity(key)
    assert identity == file_identity(key)
    assert str(pyrage.x25519.Identity.from_str(identity.exposed_secret)) == identity.exposed_secret
    assert identity.exposed_secret not in repr(identity)
    assert file_identity(bytes(32)).recipient != identity.recipient or key == bytes(32)


def test_stock_age_opens_ours_and_we_open_its(run: Run, tmp_path: Path) -> None:
    ours, other = file_identity(KEY), new_age_identity()
    (tmp_path / "ours.key").write_text(f"# a comment\n{ours.exposed_secret}\n")
    assert run(["age-keygen", "-y", tmp_path / "ours.key"]).stdout.decode().strip() == ours.recipient
    data = bytes(range(256)) * 1000
    bundle = tmp_path / "ours.age"
    bundle.write_bytes(sealed(data, age_recipient(other), ours.recipient))
    assert run(["age", "-d", "-i", tmp_path / "ours.key", bundle]).stdout == data
    theirs = run(["age", "-r", ours.recipient, "-r", age_recipient(other)], stdin=data).stdout
    assert opened(theirs, ours) == opened(theirs, other) == data
    run(["age-keygen", "-o", tmp_path / "new.key"])
    identity = identity_in_file((tmp_path / "new.key").read_bytes())
    assert opened(run(["age", "-r", age_recipient(identity)], stdin=b"x").stdout, identity) == b"x"
    armored = run(["age", "-a", "-r", ours.recipient], stdin=data).stdout
    with pytest.raises(Malformed, match="armor"):
        opened(armored, ours)


def test_the_published_vectors_of_the_format() -> None:
    """C2SP/CCTV: what must fail never opens; every binary X25519 file that must open does."""
    seen: dict[str, int] = defaultdict(int)
    with zipfile.ZipFile(VECTORS) as archive:
        for name in archive.namelist():
            head, _, body = archive.read(name).partition(b"\n\n")
            fields: dict[str, list[str]] = defaultdict(list)
            for line in head.decode().split("\n"):
                key, _, value = line.partition(": ")
                fields[key].append(value)
            if fields["compressed"]:
                body = zlib.decompress(body)
            x25519 = [key for key in fields["identity"] if not key.startswith("AGE-SECRET-KEY-PQ")]
            may_open = fields["expect"] == ["success"] and x25519 and not fields["armored"] and not fields["passphrase"]
            out = io.BytesIO()
            start = time.process_time()
            if may_open:
                open_file(io.BytesIO(body), out, x25519)
                assert [hashlib.sha256(out.getvalue()).hexdigest()] == fields["payload"], name
            else:
                with pytest.raises((Malformed, CannotOpen)):
                    open_file(io.BytesIO(body), out, x25519 or [new_age_identity()])
            assert time.process_time() - start < 1, name
            seen["opened" if may_open else "refused"] += 1
    assert seen == {"opened": 14, "refused": 129}


def test_every_damage_is_refused() -> None:
    identity = file_identity(KEY)
    data = bytes(100_000)
    good = sealed(data, identity.recipient)
    body = good.index(b"\n--- ") + 49
    broken = [good[:cut] for cut in (0, 1, 21, 22, 60, body - 1, body, body + 1, body + 15, body + 16, body + 17)]
    broken += [good[:-1], good[: body + 16 + 65552], good[: body + 16 + 65551], good + b"\0", good + good]
    for place in [*range(body + 40), len(good) - 1, body + 16 + 65552]:
        changed = bytearray(good)
        changed[place] ^= 1
        broken.append(bytes(changed))
    for bad in broken:
        with pytest.raises((Malformed, CannotOpen)):
            opened(bad, identity)
    with pytest.raises(CannotOpen, match="another key"):
        opened(good, new_age_identity())


def test_keys_that_are_none() -> None:
    for bad in ("", "age1", "AGE-SECRET-KEY-1", file_identity(KEY).recipient, "AGE-SECRET-KEY-PQ-1QQ"):
        with pytest.raises(CannotOpen, match="not an age identity"):
            opened(b"", bad)
    for bad in ("", "age1", "ssh-ed25519 AAAA", new_age_identity()):
        with pytest.raises(Malformed):
            sealed(b"", bad)
    for text in ("", "# nothing\n", f"{new_age_identity()}\n{new_age_identity()}\n", "hello"):
        with pytest.raises(CannotOpen):
            identity_in_file(text.encode())
    with pytest.raises(WrongUsage):
        sealed(b"")
    with pytest.raises(WrongUsage):
        sealed(b"", *[file_identity(KEY).recipient] * 65)
    with pytest.raises(ValueError):
        file_identity(b"short")


class Source:
    """64 MiB that are nowhere as a whole."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


def test_memory_stays_flat_and_other_threads_run(tmp_path: Path) -> None:
    identity, size = file_identity(KEY), 64 * 1024 * 1024
    gaps, stop = [0.0], threading.Event()

    def beat() -> None:
        last = time.perf_counter()
        while not stop.wait(0.002):
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    heart = threading.Thread(target=beat)
    heart.start()
    tracemalloc.start()
    try:
        with DurableFile(tmp_path / "x.age") as out:
            seal_file(Source(size), out, [identity.recipient])
        with (tmp_path / "x.age").open("rb") as sealed_file, DurableFile(tmp_path / "x") as plain:
            open_file(sealed_file, plain, [identity])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        stop.set()
        heart.join()
    assert plain.size == size
    assert peak < 4 * 1024 * 1024
    assert len(gaps) > 10 and max(gaps) < 0.5


class Breaks:
    """A stream that fails in the middle."""

    def __init__(self, error: BaseException, after: int) -> None:
        self.error, self.after = error, after

    def read(self, size: int) -> bytes:
        self.after -= 1
        if self.after < 0:
            raise self.error
        return bytes(size)

    def write(self, data: bytes | memoryview, /) -> int:
        self.read(0)
        return len(data)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_failing_device_is_no_malformed_file(after: int) -> None:
    identity = file_identity(KEY)
    good = sealed(bytes(2_000_000), identity.recipient)
    with pytest.raises(DeviceFailure, match="read"):
        seal_file(Breaks(OSError(5, "Input/output error"), after), io.BytesIO(), [identity.recipient])
    with pytest.raises(DeviceFailure, match=r"written .*No space"):
        seal_file(Source(2_000_000), Breaks(OSError(28, "No space left"), after), [identity.recipient])
    with pytest.raises(DeviceFailure, match=r"written .*No space"):
        open_file(io.BytesIO(good), Breaks(OSError(28, "No space left"), after), [identity])
    with pytest.raises(DeviceFailure, match="read"):
        open_file(Breaks(OSError(5, "Input/output error"), 0), io.BytesIO(), [identity])
    for error in (Cancelled(), DeviceFailure("The disk is full."), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            open_file(io.BytesIO(good), Breaks(error, after), [identity])
        with pytest.raises(type(error)):
            seal_file(Breaks(error, after), io.BytesIO(), [identity.recipient])


class Slow(io.RawIOBase):
    """Gives and takes a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes = b"") -> None:
        self.data, self.taken = io.BytesIO(data), b""

    def read(self, size: int = -1) -> bytes:
        return self.data.read(min(size, 777))

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:1000])
        return min(1000, len(data))


def test_short_reads_and_writes_lose_nothing() -> None:
    identity, data = file_identity(KEY), bytes(range(256)) * 1200
    out, back = Slow(), Slow()
    seal_file(Slow(data), out, [identity.recipient])
    open_file(Slow(out.taken), back, [identity])
    assert back.taken == data
