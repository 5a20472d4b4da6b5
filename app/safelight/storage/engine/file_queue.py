"""The queue of those who write, where the rows lie in a file on a local disk: in order of coming, without a server.

Each draws the next number from a file, holds the byte of its number, and waits until nobody holds a lower one; then it
holds the byte of the one who writes, as soon as that is free. Who is killed holds nothing any more, so nobody waits for
the dead. The database keeps two writers apart by itself; without the queue it would let in whoever happens to ask at
the right moment, and somebody could wait for ever.

Who was let in may write again without a number for :data:`GOES_ON`: handing the turn to another process costs as much
as a commit, because that one has to wake up and to read what was written meanwhile. After that it is the others' turn.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from safelight.domain.errors import DeviceFailure
from safelight.storage.engine.lock_file import LockFile
from safelight.storage.engine.several import Queue

GOES_ON = 0.05
"""For how many seconds after it was let in a process may write again before those who wait, who wait that longer."""
_DRAWING = 0
_WRITING = 1
_NUMBERS = 1  # the first number is 1
_SIZE = 8
_FURTHEST = 4096
"""So far back somebody may still be writing: there are not more programs at a time than that."""
_LARGEST = 1 << 40
_LOOK_AGAIN = 0.0004
_NEXT, _NEXT_AT_MOST = 0.1, 0.001
_BEHIND, _BEHIND_AT_MOST = 0.25, 0.01
"""After which part of the time waited so far it is looked again whose turn it is, and after how many seconds at most.

Looking is cheap, waking up is not: each costs as much as a hundredth of a commit.
"""
_GUARD = threading.Lock()
_HERE: dict[str, _Place] = {}
# One handle for each file of this process, whoever asks: see lock_file.py.


class _Place:
    """What this process has of one queue: the handle, and the lock that lets one of its threads stand in it."""

    def __init__(self, path: Path) -> None:
        self.file = LockFile(path)
        self.turn = threading.Lock()
        self.users = 0
        self._writing = False
        self._goes_on_until = 0.0

    def take(self, until: float) -> bool:
        """Go on where this process was let in a moment ago, or else draw a number and wait; False if that is late."""
        if time.monotonic() < self._goes_on_until and self.file.hold(_WRITING):
            self._writing = True
            return True
        number = _drawn(self.file, until)
        if number:
            try:
                self._writing = _waited(self.file, number, until)
            finally:
                self.file.give_back(_NUMBERS + number)
        if self._writing:
            self._goes_on_until = time.monotonic() + GOES_ON
        return self._writing

    def give_back(self) -> None:
        """Let the next one write, if this process does."""
        if self._writing:
            self._writing = False
            self.file.give_back(_WRITING)


class FileQueue(Queue):
    """As :class:`Queue` wants it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = str(path.resolve())
        self._place: _Place | None = None
        self._turn = threading.Lock()

    def take(self, seconds: float) -> bool:
        place = self._joined()
        self._turn.acquire()
        until = time.monotonic() + seconds
        if not place.turn.acquire(timeout=seconds):
            self._turn.release()
            return False
        taken = False
        try:
            taken = place.take(until)
        except DeviceFailure:
            # On a disk that takes no more notes the database alone keeps writers apart, and says what is wrong.
            taken = True
        finally:
            if not taken:
                self._give_back(place)
        return taken

    def give_back(self) -> None:
        if self._place is not None:
            self._give_back(self._place)

    def close(self) -> None:
        with _GUARD:
            place, self._place = self._place, None
            if place is not None:
                place.users -= 1
                if not place.users:
                    del _HERE[self._name]
                    place.file.close()

    def _joined(self) -> _Place:
        with _GUARD:
            if self._place is None:
                place = _HERE.get(self._name) or _Place(self._path)
                place.users += 1
                self._place = _HERE[self._name] = place
            return self._place

    def _give_back(self, place: _Place) -> None:
        try:
            place.give_back()
        finally:
            place.turn.release()
            self._turn.release()


def _drawn(file: LockFile, until: float) -> int:
    """The next number, its byte held; 0 when none could be drawn in time."""
    while not file.hold(_DRAWING):
        if time.monotonic() >= until:
            return 0
        time.sleep(_LOOK_AGAIN)
    try:
        number = int.from_bytes(file.read(0, _SIZE), "big") + 1
        # What is written there is only as good as the disk: a number somebody holds already is passed over.
        number = number if number < _LARGEST else _FURTHEST
        while not file.hold(_NUMBERS + number):
            number += 1
        try:
            file.write(0, number.to_bytes(_SIZE, "big"))
        except DeviceFailure:
            file.give_back(_NUMBERS + number)
            raise
        return number
    finally:
        file.give_back(_DRAWING)


def _waited(file: LockFile, number: int, until: float) -> bool:
    """Wait until nobody holds a lower number, then until nobody writes; who is next looks more often than those behind.

    Those who come draw higher numbers, so whoever is next stays it; and were it not so, one byte lets one in at a time.
    """
    first = max(1, number - _FURTHEST)
    is_next, since = False, time.monotonic()
    while True:
        if not is_next and _is_free(file, first, number):
            is_next, since = True, time.monotonic()
        if is_next and file.hold(_WRITING):
            return True
        now = time.monotonic()
        if now >= until:
            return False
        patience, at_most = (_NEXT, _NEXT_AT_MOST) if is_next else (_BEHIND, _BEHIND_AT_MOST)
        time.sleep(min(max(_LOOK_AGAIN, (now - since) * patience), at_most))


def _is_free(file: LockFile, first: int, end: int) -> bool:
    """Whether nobody holds a number from ``first`` on and below ``end``."""
    free = file.hold(_NUMBERS + first, max(0, end - first))
    if free:
        file.give_back(_NUMBERS + first, max(0, end - first))
    return free


if hasattr(os, "register_at_fork"):
    # A copy of a process holds no lock of the one it was copied from.
    os.register_at_fork(after_in_child=_HERE.clear)
