"""A pipe between two threads, so that one may encrypt, decrypt or read while the other works on what came before."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from safelight.domain.errors import SafelightError

PORTION = 1024 * 1024
"""Bytes change hands in portions: for smaller ones the threads would wait for the interpreter rather than work."""
_FIRST = 64 * 1024
_AHEAD = 4


class Stopped(SafelightError):
    """Nobody reads this pipe any more; tells the writing thread to come home and is never shown."""


class Pipe:
    """Bytes that ``fill`` writes in a thread of its own, a few portions ahead of whoever reads them here.

    The portions are small and grow with each that is read, so that for a reader who wants only the beginning little is
    done in vain.

    What ``fill`` raises is raised by :meth:`read` once everything before it was read. Use as a context manager: leaving
    it stops the thread wherever it is (its next ``write`` raises :class:`Stopped`) and waits for it.
    """

    def __init__(self, fill: Callable[[Pipe], object], name: str) -> None:
        self._gathered = bytearray()
        self._portions: deque[memoryview] = deque()
        self._portion = _FIRST
        self._taken = 0
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
            self._portions.clear()
            self._changed.notify_all()
        self._thread.shutdown()

    def write(self, data: bytes | memoryview, /) -> int:
        """Called by ``fill``: hand over ``data``, which must not change any more; waits for a reader far behind."""
        if not self._gathered and len(data) >= self._portion:
            self._hand_over(memoryview(data))
            return len(data)
        self._gathered += data
        if len(self._gathered) >= self._portion:
            portion, self._gathered = memoryview(self._gathered), bytearray()
            self._hand_over(portion)
        return len(data)

    def read(self, size: int, /) -> bytes | memoryview:
        """At most ``size`` bytes, as they come; ``b""`` at the end. Raises what ``fill`` raised."""
        with self._changed:
            while not self._portions and not self._finished:
                self._changed.wait()
            if not self._portions:
                self._outcome.result()
                return b""
            portion, start = self._portions[0], self._taken
            self._taken += size
            if self._taken >= len(portion):
                self._portions.popleft()
                self._taken = 0
                self._portion = min(2 * self._portion, PORTION)
                self._waiting -= len(portion)
                self._changed.notify_all()
        return portion[start : start + size]

    def _hand_over(self, portion: memoryview) -> None:
        with self._changed:
            while self._waiting >= _AHEAD * self._portion and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped("Nobody reads this any more.")
            self._portions.append(portion)
            self._waiting += len(portion)
            self._changed.notify_all()

    def _run(self, fill: Callable[[Pipe], object]) -> None:
        try:
            try:
                fill(self)
            finally:
                # What came before an error is still owed to the reader.
                if self._gathered:
                    self._hand_over(memoryview(self._gathered))
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()
