"""Bytes on their way: counted, hashed, or carried from a writer to a reader in memory, never over a disk."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from safelight.domain.errors import Cancelled
from safelight.keys.sealing import ByteSink, ByteSource

T = TypeVar("T")
Piece = bytes | memoryview
_PIECES = 8


def through_memory(produce: Callable[[ByteSink], None], consume: Callable[[ByteSource], T]) -> T:
    """Run ``produce`` in a thread and ``consume`` here, joined by a small buffer; returns what ``consume`` returned.

    If ``produce`` fails, its error comes out here, out of ``consume``'s next read; whatever ``consume`` had begun must
    undo itself on an exception. If ``consume`` fails, ``produce`` is stopped at its next write.
    """
    pipe = _Pipe()
    thread = threading.Thread(target=pipe.run, args=(produce,), name="safelight-piping")
    thread.start()
    try:
        return consume(pipe)
    finally:
        pipe.stop()
        thread.join()


class _Pipe:
    def __init__(self) -> None:
        self._pieces: queue.Queue[Piece | BaseException] = queue.Queue(_PIECES)
        self._kept: Piece = b""
        self._ended = False
        self._stopped = threading.Event()

    def run(self, produce: Callable[[ByteSink], None]) -> None:
        try:
            produce(self)
        except BaseException as error:  # noqa: BLE001 - carried to the other thread, not swallowed
            self._put(error)
        else:
            self._put(b"")

    def write(self, data: Piece, /) -> int:
        if data:
            self._put(data)
        if self._stopped.is_set():
            raise Cancelled
        return len(data)

    def read(self, size: int, /) -> Piece:
        if not self._kept and not self._ended:
            piece = self._pieces.get()
            if isinstance(piece, BaseException):
                self._ended = True
                raise piece
            self._kept, self._ended = piece, not piece
        taken, self._kept = self._kept[:size], self._kept[size:]
        return taken

    def stop(self) -> None:
        self._stopped.set()

    def _put(self, piece: Piece | BaseException) -> None:
        while not self._stopped.is_set():
            try:
                self._pieces.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return


class Counting:
    """Counts what is read through it."""

    def __init__(self, reader: ByteSource) -> None:
        self._reader = reader
        self.count = 0

    def read(self, size: int, /) -> Piece:
        piece = self._reader.read(size)
        self.count += len(piece)
        return piece


class HashingSink:
    """Hashes what is written through it."""

    def __init__(self, writer: ByteSink, digest: hashlib._Hash) -> None:
        self._writer, self._digest = writer, digest

    def write(self, data: Piece, /) -> int:
        self._writer.write(data)
        self._digest.update(data)
        return len(data)
