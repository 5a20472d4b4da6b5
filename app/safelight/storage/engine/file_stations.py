"""Which programs have a folder open, where the rows lie in files on a local disk: each holds a byte of a lock file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from safelight.domain.errors import SafelightError
from safelight.keys.durable import station
from safelight.storage.engine.lock_file import LockFile
from safelight.storage.engine.several import Guest, Stations

SEATS = 512
"""So many programs at most have one folder open at a time."""
_NOTE = 128
_GUARD = threading.RLock()
_HERE: dict[str, _Seat] = {}
# One handle for each lock file of this process, whoever asks: see lock_file.py.


class _Seat:
    """The byte this process holds of one lock file, or all of them, and for how many who asked."""

    def __init__(self, path: Path) -> None:
        self.file = LockFile(path)
        self.number = -1
        self.users = 0
        self.alone = False

    def sit_down(self) -> bool:
        """Take the first byte that is free."""
        for number in range(SEATS):
            if self.file.hold(number):
                self.number = number
                return True
            if not number and not self._is_shared():
                return False
        return False

    def _is_shared(self) -> bool:
        """Whether it is worth trying on: who is alone holds the last byte too, which nobody is given."""
        free = self.file.hold(SEATS)
        if free:
            self.file.give_back(SEATS)
        return free

    def clear_the_room(self) -> bool:
        """Take all the other bytes as well."""
        before, after = (0, self.number), (self.number + 1, SEATS - self.number)
        if not self.file.hold(*before):
            return False
        if not self.file.hold(*after):
            self.file.give_back(*before)
            return False
        self.alone = True
        return True

    def let_in(self) -> None:
        self.file.give_back(0, self.number)
        self.file.give_back(self.number + 1, SEATS - self.number)
        self.alone = False

    def note(self, text: str) -> None:
        content = text.encode()[: _NOTE - 1]
        try:
            self.file.write(self.number * _NOTE, content.ljust(_NOTE, b"\n"))
        except SafelightError:
            return  # it helps the others, and a seat without a note is taken for somebody at work

    def neighbours(self) -> Iterator[str]:
        """What the others who hold a byte have noted."""
        written = self.file.read(0, SEATS * _NOTE)
        for number in range(-(-len(written) // _NOTE)):
            text = written[number * _NOTE :][:_NOTE].decode(errors="replace").strip("\n\0")
            # A byte that can be held is nobody's: what is noted there is from a program that was killed.
            if number == self.number:
                continue
            if self.file.hold(number):
                self.file.give_back(number)
            else:
                yield text


class FileStations(Stations):
    """As :class:`Stations` wants it; the notes in the file help people and are never relied on."""

    def __init__(self, path: Path, command: str) -> None:
        self._name = str(path.resolve())
        self._path = path
        self._command = command
        self._seat: _Seat | None = None

    def enter(self, alone: bool) -> bool:
        with _GUARD:
            seat = _HERE.get(self._name)
            if seat is not None:
                # Within one process nobody waits: whoever is alone may be the one who asks.
                if alone or seat.alone:
                    return False
            else:
                seat = _Seat(self._path)
                try:
                    if not seat.sit_down() or (alone and not seat.clear_the_room()):
                        seat.file.close()
                        return False
                except BaseException:
                    seat.file.close()
                    raise
                seat.note(f"{station()} {os.getpid()} {self._command}")
                _HERE[self._name] = seat
            seat.users += 1
            self._seat = seat
            return True

    def leave(self) -> None:
        with _GUARD:
            seat, self._seat = self._seat, None
            if seat is None:
                return
            seat.users -= 1
            if not seat.users:
                del _HERE[self._name]
                seat.note("")
                seat.file.close()  # which gives everything back

    def clear_the_room(self) -> bool:
        with _GUARD:
            seat = self._seat
            return seat is not None and seat.users == 1 and (seat.alone or seat.clear_the_room())

    def let_in(self) -> None:
        with _GUARD:
            if self._seat is not None and self._seat.alone:
                self._seat.let_in()

    def others(self) -> tuple[Guest, ...]:
        with _GUARD:
            seat = self._seat or _HERE.get(self._name)
            if seat is not None:
                return tuple(_guest(text) for text in seat.neighbours())
            seat = _Seat(self._path)
            try:
                return tuple(_guest(text) for text in seat.neighbours())
            finally:
                seat.file.close()


def _guest(text: str) -> Guest:
    name, _, rest = text.partition(" ")
    process, _, command = rest.partition(" ")
    return Guest(name, process if process.isdecimal() else "", command if command.isprintable() else "")


if hasattr(os, "register_at_fork"):
    # A copy of a process holds no lock of the one it was copied from.
    os.register_at_fork(after_in_child=_HERE.clear)
