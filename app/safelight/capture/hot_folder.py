"""Waits beside a hot folder until each file that software writes there is whole, and hands it on once.

The file is long because it is one idea: what is known of each file from one look to the next.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from safelight.capture.folders import DEEPEST, natural_order, passed_over
from safelight.capture.reading import MOST_BYTES, FileMark, SourceFile, read_source, shown_name
from safelight.domain.errors import Malformed, SafelightError, WrongUsage
from safelight.images.image_format import PICTURE_NAMES

BRISK, CALM = 0.1, 1.0
"""Seconds between two looks: while a file is on its way, and otherwise (shares send no word of what comes)."""
READING = 0.5
"""Seconds of one look that are given to reading; what is left is read at the next one."""
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 30.0
_STATS = 256
"""So many settled files, at least, are asked at each look whether somebody wrote into them."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_Look = tuple[int, int, int, int, int]
"""A :data:`FileMark`, and the time of the last change of anything (ns): that moves when a file becomes readable."""
_NO_FRAME: _Look = (-1, -1, -1, -1, -1)
"""Of a link, a pipe, a film, a sidecar."""

Known = Callable[[Sequence[tuple[Path, FileMark]]], Iterable[FileMark]]
"""Which of these files were dealt with before (in an earlier run)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A whole file and when it was first seen: aware UTC, None for one that was there before anybody looked."""

    source: SourceFile
    first_seen: datetime | None


@dataclass(slots=True)
class _Watched:
    """One file of the folder: how it looked last, how often since, and whether it is dealt with."""

    serial: int
    inode: int
    first_seen: datetime | None
    since: float
    changed: float
    is_file: bool = True
    look: _Look | None = None
    steady: int = 0
    settled: bool = False
    wait: float = 0.0
    next_read: float = 0.0
    told: bool = False
    turn: int = 0


class Listener:
    """Hears of a hot folder what is worth telling a person; override what matters. Called in the thread that looks."""

    def aside(self, path: Path, why: str, /) -> None:
        """A file is no frame, or is given up until it changes."""

    def waits(self, path: Path, why: str, /) -> None:
        """A file is not whole, cannot be read yet, or grows and grows; it is still waited for. Once for each."""

    def gone(self) -> None:
        """The folder is not there; it is looked for until it is back."""

    def back(self) -> None:
        """The folder is there again."""

    def looks_into(self, folder: Path, /) -> None:
        """The folder, or one in it, is looked into from now on: for whoever has the system watch them."""


class HotFolder:
    """Watches a folder, and those in it, by looking at them again and again; it never writes there.

    A file is handed on once it looked the same at ``polls`` further looks and reading it finds it whole; if it changes
    later, it is handed on again. What ``known`` names, and what only moved to another place in the folder, is not even
    read. A file that cannot be read yet is tried ever more rarely; one that does not become whole is given up after
    ``patience`` seconds, until it changes. Looking costs little however many files were there before: only the names
    are listed, and a few settled files each time are asked for a change of their content.

    ``wake`` is set by whoever hears that something happened in the folder; without it, a look each second notices.
    """

    def __init__(
        self,
        folder: Path,
        *,
        known: Known | None = None,
        listener: Listener | None = None,
        wake: threading.Event | None = None,
        polls: int = 2,
        patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises WrongUsage if there is no such folder."""
        if not folder.is_dir():
            raise WrongUsage(
                f"{shown_name(folder)} is not a folder.", "Name the folder your camera software writes to."
            )
        self.folder = Path(os.path.realpath(folder))
        self.wake = wake or threading.Event()
        self._known, self._listener = known, listener or Listener()
        self._polls, self._patience = max(1, polls), patience
        self._clock, self._wall = clock, wall
        self._folders: dict[str, dict[str, _Watched]] = {}
        self._marks: set[FileMark] = set()
        self._unlisted: set[str] = set()
        self._again: set[FileMark] = set()
        self._device = os.stat(self.folder).st_dev  # noqa: PTH116
        self._turn = self._serials = 0
        self._fresh, self._there, self._unread, self._brisk = True, True, False, False

    @property
    def is_there(self) -> bool:
        """Whether the folder was there at the last look."""
        return self._there

    @property
    def looks(self) -> int:
        """How often the folder was looked at while it was there."""
        return self._turn

    @property
    def pause(self) -> float:
        """In how many seconds the next look is due."""
        return 0.0 if self._unread else BRISK if self._brisk else CALM

    def again(self, mark: FileMark) -> None:
        """Hand this file on once more wherever it lies by now, although it did not change. From any thread."""
        self._again.add(mark)
        self.wake.set()

    @staticmethod
    def changed(path: Path, mark: FileMark) -> bool:
        """Whether a file that is still there is not as it was when it was handed on: then it is handed on again."""
        try:
            seen = path.lstat()
        except OSError:
            return False
        return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns) != mark

    def watch(self, stop: Callable[[], bool]) -> Iterator[Arrival]:
        """Look, hand on, wait, until ``stop()`` says so; ``wake`` ends a calm wait at once."""
        while not stop():
            began = self._clock()
            self.wake.clear()
            yield from self.look()
            if self.pause == CALM:
                self.wake.wait(CALM)
            elif self.pause:
                # A wake-up must not shorten this: looks at one moment say nothing about a file that is being written.
                time.sleep(max(BRISK / 4, BRISK - (self._clock() - began)))

    def look(self) -> tuple[Arrival, ...]:
        """Look once; the files that became ready, in the order they were seen and cameras count.

        Of those that were there before anybody looked the name decides, whichever folder somebody moved them to: a
        frame must not come in ahead of the slate that was photographed before it.

        A folder that is gone is told once, and looked for again at the next look.
        """
        if not self._is_there():
            self._brisk = self._unread = False
            return ()
        self._turn += 1
        self._take_up_again()
        listing = _Listing(self._clock(), self._wall() if not self._fresh else None)
        self._list(str(self.folder), 0, listing)
        self._drop_what_left(listing)
        self._recognise(listing.new)
        ready = [each for each in listing.moving if self._is_due(each[1], listing.now)]
        ready.sort(key=_in_order)
        arrived = self._read(ready)
        self._brisk = any(self._is_brisk(each, listing.now) for _, each in listing.moving)
        self._fresh = False
        return arrived

    def _is_there(self) -> bool:
        try:
            device = os.stat(self.folder).st_dev  # noqa: PTH116
            there = device == self._device
            if not there:  # an unmounted disk leaves an empty folder behind
                with os.scandir(self.folder) as found:
                    there = any(found)
        except OSError:
            there, device = False, self._device
        if there:
            self._device = device
        if there is not self._there:
            self._there = there
            self._fresh = there
            (self._listener.back if there else self._listener.gone)()
        return there

    def _take_up_again(self) -> None:
        wanted = set(self._again)
        self._again -= wanted
        self._marks -= wanted
        for watched in self._folders.values() if wanted else ():
            for each in watched.values():
                if each.look is not None and each.look[:4] in wanted:
                    each.settled, each.steady = False, self._polls

    def _list(self, folder: str, depth: int, listing: _Listing) -> None:
        """One folder: new names are looked at, moving files again, settled ones only where a change shows or is due."""
        try:
            with os.scandir(folder) as found:
                entries = [(entry, entry.inode(), entry.is_dir(follow_symlinks=False)) for entry in found]
        except OSError as error:
            listing.unlisted.append(folder)
            if folder not in self._unlisted:
                self._unlisted.add(folder)
                self._listener.aside(Path(folder), f"The folder cannot be listed: {os.strerror(error.errno or 0)}.")
            return
        self._unlisted.discard(folder)
        if folder not in self._folders:
            self._folders[folder] = {}
            self._listener.looks_into(Path(folder))
        listing.listed.add(folder)
        watched, turn, stride = self._folders[folder], self._turn, max(1, len(entries) // _STATS)
        for entry, inode, is_folder in entries:
            each = watched.get(entry.name)
            if each is None or (each.look is _NO_FRAME and each.is_file is not entry.is_file(follow_symlinks=False)):
                if is_folder:
                    if depth < DEEPEST and not passed_over(entry.name):
                        self._list(entry.path, depth + 1, listing)
                    continue
                self._serials += 1
                each = _Watched(self._serials, inode, listing.first_seen, listing.now, listing.now)
                watched[entry.name] = each
                if not self._may_be_frame(entry):
                    each.settled, each.look, each.is_file = True, _NO_FRAME, entry.is_file(follow_symlinks=False)
            each.turn = turn
            if each.look is not _NO_FRAME and (
                not each.settled or each.inode != inode or each.serial % stride == turn % stride
            ):
                self._see(entry.path, each, listing)

    def _may_be_frame(self, entry: os.DirEntry[str]) -> bool:
        why = ""
        if passed_over(entry.name):
            return False
        if entry.is_symlink():
            why = "is only a link"
        elif not entry.is_file(follow_symlinks=False):
            why = "is not a file"
        elif os.path.splitext(entry.name)[1].lower() not in PICTURE_NAMES:  # noqa: PTH122 - for thousands of names
            why = "is not called like a picture"
        if why:
            path = Path(entry.path)
            self._listener.aside(path, f"{shown_name(path)} {why}.")
        return not why

    def _see(self, path: str, each: _Watched, listing: _Listing) -> None:
        """Ask the file system how a file looks now."""
        try:
            seen = os.lstat(path)
        except OSError:
            return
        look = (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        if each.settled and each.look is not None and each.look[:4] == look[:4] and not each.told:
            return
        if each.look == look:
            each.steady += 1
            if not each.settled:
                listing.moving.append((path, each))
            return
        if each.settled:  # somebody wrote into it: another file as far as time goes
            each.first_seen, each.since = listing.first_seen, listing.now
        elif each.look is None:
            listing.new.append((path, each))
        self._begin(path, each, look, listing)

    def _begin(self, path: str, each: _Watched, look: _Look, listing: _Listing) -> None:
        """Wait for a file from now on, as if it had just come."""
        grows = each.look is not None and not each.settled
        each.changed = listing.now
        each.look, each.inode, each.steady, each.settled, each.wait, each.next_read = look, look[1], 0, False, 0.0, 0.0
        shown = shown_name(Path(path))
        if look[2] > MOST_BYTES:
            each.settled = True
            if not each.told:
                self._listener.aside(Path(path), f"{shown} is larger than {MOST_BYTES >> 20} MiB.")
            each.told = True
            return
        if grows and not each.told and listing.now - each.since > self._patience:
            each.told = True
            self._listener.waits(Path(path), f"{shown} is being written for more than {self._patience:.0f} s.")
        elif not grows:
            each.told = False
        listing.moving.append((path, each))

    def _recognise(self, new: list[tuple[str, _Watched]]) -> None:
        """What was dealt with before, or lay elsewhere in the folder a moment ago, is not looked at again."""
        marks = {each.look[:4]: Path(path) for path, each in new if each.look is not None}
        asked = [(path, mark) for mark, path in marks.items() if mark not in self._marks]
        known = set(self._known(asked)) if asked and self._known is not None else set()
        for _, each in new:
            if each.look is not None and (each.look[:4] in self._marks or each.look[:4] in known):
                each.settled = True
                self._marks.add(each.look[:4])

    def _is_due(self, each: _Watched, now: float) -> bool:
        return not each.settled and each.steady >= self._polls and now >= each.next_read

    def _is_brisk(self, each: _Watched, now: float) -> bool:
        """Whether a file may be ready within moments: it came or changed a short while ago."""
        return not each.settled and each.wait < CALM and now - each.since <= self._patience

    def _read(self, ready: list[tuple[str, _Watched]]) -> tuple[Arrival, ...]:
        arrived: list[Arrival] = []
        began = self._clock()
        self._unread = False
        for path, each in ready:
            if arrived and self._clock() - began > READING:
                self._unread = True
                break
            try:
                source = read_source(Path(path))
            except SafelightError as error:
                self._could_not(Path(path), each, error)
                continue
            each.look = (*source.mark, each.look[4] if each.look else 0)
            each.settled, each.told = True, False
            self._marks.add(source.mark)
            arrived.append(Arrival(source, each.first_seen))
        return tuple(arrived)

    def _could_not(self, path: Path, each: _Watched, error: SafelightError) -> None:
        now = self._clock()
        each.wait = min(_LONGEST_WAIT, 2 * each.wait or _FIRST_WAIT)
        each.next_read = now + each.wait
        if not each.told:
            each.told = True
            self._listener.waits(path, error.title)
        if isinstance(error, Malformed) and now - each.changed > self._patience:
            # What the disk or a lock keeps back is tried for ever; what is torn, until somebody writes into it.
            each.settled = True
            self._listener.aside(path, error.title)

    def _drop_what_left(self, listing: _Listing) -> None:
        for folder in list(self._folders):
            if folder in listing.listed:
                watched = self._folders[folder]
                for name in [name for name, each in watched.items() if each.turn != self._turn]:
                    del watched[name]
            elif not any(folder == each or folder.startswith(each + os.sep) for each in listing.unlisted):
                del self._folders[folder]


@dataclass(slots=True)
class _Listing:
    """What one look gathers."""

    now: float
    first_seen: datetime | None
    new: list[tuple[str, _Watched]] = field(default_factory=list)
    moving: list[tuple[str, _Watched]] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    unlisted: list[str] = field(default_factory=list)


def _in_order(ready: tuple[str, _Watched]) -> tuple[bool, datetime, object, str]:
    path, each = ready
    return each.first_seen is not None, each.first_seen or _LONG_AGO, natural_order(os.path.basename(path)), path  # noqa: PTH119
