"""A pipe between two threads, so that one may encrypt, decrypt or read while the other works on what came before."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from safelight.domain.errors import SafelightError

_AHEAD = 4 * 1024 * 1024
_LARGEST = 256 * 1024


class Stopped(SafelightError):
    """Nobody reads this pipe any more; tells the writing thread to come home and is never shown."""


class Pipe:
    """Bytes that ``fill`` writes in a thread of its own, at most 4 MiB ahead of whoever reads them here.

    What ``fill`` raises is raised by :meth:`read` once everything before it was read. Use as a context manager: leaving
    it stops the thread wherever it is (its next ``write`` raises :class:`Stopped`) and waits for it.
    """

    def __init__(self, fill: Callable[[Pipe], object], name: str) -> None:
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._finished = self._stopped = False
        self._changed = threading.Condition()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._outcome: Future[None] = self._thread.submit(self._run, fill)

    def __enter__(self) -> Pipe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._stopped = True
            self._pieces.clear()
            self._changed.notify_all()
        self._thread.shutdown()

    def write(self, data: bytes) -> int:
        """Called by ``fill``: hand ``data`` over, waiting while the reader is far behind."""
        with self._changed:
            while self._waiting >= _AHEAD and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped("Nobody reads this any more.")
            self._pieces.append(data)
            self._waiting += len(data)
            self._changed.notify_all()
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, as they come; ``b""`` at the end. Raises what ``fill`` raised."""
        with self._changed:
            while not self._pieces and not self._finished:
                self._changed.wait()
            if not self._pieces:
                self._outcome.result()
                return b""
            piece = self._pieces.popleft()
            if len(piece) > size:
                self._pieces.appendleft(piece[size:])
                piece = piece[:size]
            self._waiting -= len(piece)
            self._changed.notify_all()
        return piece

    def _run(self, fill: Callable[[Pipe], object]) -> None:
        try:
            fill(self)
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()


def gathered(pieces: Iterable[bytes | memoryview]) -> Callable[[Pipe], None]:
    """A ``fill`` that writes ``pieces`` in portions of a size worth handing over."""

    def fill(pipe: Pipe) -> None:
        portion = bytearray()
        for piece in pieces:
            if portion or len(piece) < _LARGEST:
                portion += piece
            else:
                pipe.write(bytes(piece))
            if len(portion) >= _LARGEST:
                pipe.write(bytes(portion))
                portion = bytearray()
        if portion:
            pipe.write(bytes(portion))

    return fill
