"""Reads one thing after the other off the window's thread, the most urgent first, and keeps what was read last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from safelight.domain.errors import SafelightError
from safelight.domain.progress import Report
from safelight.qt.jobs import Jobs

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Came(Generic[K, V]):
    generation: int
    key: K
    value: V


class LatestFirst(Generic[K, V]):
    """A cache in front of slow reads. What was asked for before :meth:`forget` never arrives after it."""

    def __init__(
        self, jobs: Jobs, read: Callable[[K], V], weight: Callable[[V], int], limit: int, arrived: Callable[[K], None]
    ) -> None:
        """``read`` runs on a worker's thread; ``weight`` is in bytes, of which ``limit`` are kept.

        ``arrived`` is called on the window's thread, also when a thing could not be read (:meth:`is_gone`).
        """
        self._jobs, self._read, self._weight, self._limit, self._arrived = jobs, read, weight, limit, arrived
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._gone: set[K] = set()
        self._held = 0
        self._busy = False
        self._lock = threading.Lock()
        self._wishes: tuple[K, ...] = ()
        self._generation = 0

    @property
    def held_bytes(self) -> int:
        """What is kept, in bytes."""
        return self._held

    @property
    def keys(self) -> tuple[K, ...]:
        """What is at hand, the newest last."""
        return tuple(self._kept)

    def get(self, key: K) -> V | None:
        """What is at hand; None where it would have to be read."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def is_gone(self, key: K) -> bool:
        """Whether it could not be read."""
        return key in self._gone

    def wish(self, keys: Sequence[K]) -> None:
        """Read these, the most urgent first, and nothing else any more."""
        missing = tuple(each for each in dict.fromkeys(keys) if each not in self._kept and each not in self._gone)
        with self._lock:
            self._wishes = missing
        self._next()

    def again(self, those: Callable[[K], bool]) -> bool:
        """Try once more what could not be read, of ``those``; whether there was any."""
        left = {each for each in self._gone if not those(each)}
        found, self._gone = len(left) < len(self._gone), left
        return found

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._generation += 1
            self._wishes = ()
        self._kept.clear()
        self._gone.clear()
        self._held = 0

    def _next(self) -> None:
        if self._wishes and not self._busy:
            self._busy = True
            generation = self._generation
            self._jobs.read(self._work, self._take, lambda error: self._failed(generation, error))

    def _work(self, _: Report) -> _Came[K, V | SafelightError] | None:
        with self._lock:  # what is wished for now, not when this was handed in
            if not self._wishes:
                return None
            key, generation = self._wishes[0], self._generation
        try:
            return _Came(generation, key, self._read(key))
        except SafelightError as error:
            error.__cause__ = error.__context__ = None  # they hold frames of the work, and what it was about
            return _Came(generation, key, error.with_traceback(None))

    def _take(self, came: _Came[K, V | SafelightError] | None) -> None:
        self._busy = False
        if came is not None and came.generation == self._generation:
            with self._lock:
                self._wishes = tuple(each for each in self._wishes if each != came.key)
            if isinstance(came.value, SafelightError):
                self._gone.add(came.key)
            else:
                self._keep(came.key, came.value)
            self._arrived(came.key)
        self._next()

    def _failed(self, generation: int, error: SafelightError) -> None:  # noqa: ARG002 - the lane has logged it
        self._busy = False
        if generation == self._generation:
            with self._lock:
                self._wishes = ()

    def _keep(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._held += self._weight(value)
        while self._held > self._limit and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._held -= self._weight(dropped)
