"""The pipe between threads: everything arrives in order, errors arrive too, and no thread is left waiting."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.bundle.pipe import PORTION, Pipe
from safelight.domain.errors import Refused


def _read_all(pipe: Pipe, size: int) -> bytes:
    found = bytearray()
    while piece := pipe.read(size):
        assert len(piece) <= size
        found += piece
    return bytes(found)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 3 * PORTION), max_size=6), st.sampled_from((1000, 65536, PORTION, 5 * PORTION)))
def test_everything_arrives_in_order(sizes: list[int], size: int) -> None:
    pieces = [bytes([number + 1]) * length for number, length in enumerate(sizes)]
    with Pipe(lambda pipe: [pipe.write(memoryview(each)) for each in pieces], "test") as pipe:
        assert _read_all(pipe, size) == b"".join(pieces)
        assert pipe.read(1) == b""


@pytest.mark.parametrize("sizes", [[PORTION], [10], [PORTION, 10]], ids=str)
def test_what_the_writer_raises_is_raised_where_it_is_read_after_what_it_wrote_in_full(sizes: list[int]) -> None:
    def fill(pipe: Pipe) -> None:
        for size in sizes:
            pipe.write(b"x" * size)
        raise Refused("Enough.")

    with Pipe(fill, "test") as pipe:
        found = 0
        while found < sum(sizes):
            found += len(pipe.read(2 * PORTION))
        for _ in range(2):
            with pytest.raises(Refused, match="Enough"):
                pipe.read(1)


def test_a_reader_who_leaves_early_stops_the_writer_after_little() -> None:
    written = []

    def fill(pipe: Pipe) -> None:
        while True:
            pipe.write(b"x" * 65536)
            written.append(65536)

    before = threading.active_count()
    with Pipe(fill, "test") as pipe:
        assert pipe.read(100) == b"x" * 100
        time.sleep(0.05)
    assert threading.active_count() == before
    assert sum(written) < PORTION
