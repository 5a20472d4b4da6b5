"""Finds photographs in files, folders and memory cards, and waits beside a hot folder until each file is whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight.capture.ordering import natural_order as natural_order
from safelight.capture.reading import read_source, shown_name
from safelight.domain.errors import DeviceFailure, SafelightError, WrongUsage
from safelight.images.image_format import PICTURE_NAMES

Aside = Callable[[Path, str], None]
"""``aside(path, why)`` hears of a file that was not taken, with the reason in a few words."""

_SYSTEM = frozenset({"system volume information", "$recycle.bin", "lost.dir", "lost+found", "@eadir", "__macosx"})
_DEEPEST = 32


def find_photos(paths: Sequence[Path], *, aside: Aside | None = None) -> Iterator[Path]:
    """Every picture at or below ``paths``, each once, in the order cameras count (IMG_9 before IMG_10).

    A file named outright is always handed on: reading it will tell what it is. Of a folder, what is called like a
    picture is taken, hidden and system files are passed over, links are not followed, and all else is told to
    ``aside``. Of a memory card (a folder with ``DCIM`` in it) only ``DCIM`` is looked at. Nothing is opened. Raises
    WrongUsage if a path does not exist.
    """
    given: set[Path] = set()
    tell = aside or _nobody
    for path in paths:
        start = Path(os.path.realpath(path))  # a link named outright is meant; links found below are not followed
        if not start.exists():
            raise WrongUsage(f"There is nothing at {shown_name(path)}.", "Check the path; nothing was taken in.")
        found = _below(start, tell, 0) if start.is_dir() else iter((start,))
        for photo in found:
            if photo not in given:
                given.add(photo)
                yield photo


def _nobody(path: Path, why: str) -> None:
    """Tell nobody."""


def _below(folder: Path, tell: Aside, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: (natural_order(entry.name), entry.name))
    except OSError as error:
        tell(folder, f"the folder cannot be listed: {os.strerror(error.errno or 0)}")
        return
    card = [entry for entry in entries if entry.name.upper() == "DCIM" and entry.is_dir(follow_symlinks=False)]
    for entry in card if card and depth == 0 else entries:
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name.lower() in _SYSTEM:
            continue
        try:
            if entry.is_symlink():
                tell(path, "a link")
            elif entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST:
                    yield from _below(path, tell, depth + 1)
                else:
                    tell(path, "too deep")
            elif not entry.is_file(follow_symlinks=False):
                tell(path, "not a file")
            elif path.suffix.lower() in PICTURE_NAMES:
                yield path
            else:
                tell(path, "not a picture")
        except OSError as error:
            tell(path, os.strerror(error.errno or 0))


@dataclass(slots=True)
class _Watched:
    """One file of a hot folder: how it looked last, how often it looked so, and whether it was handed out."""

    mark: tuple[int, int, int]
    steady: int = 0
    next_check: int = 0
    settled: bool = False
    waits: bool = False


class HotFolder:
    """Watches a folder that tether software writes to, by looking at it again and again.

    A file is handed out once its size and time stayed the same over ``polls`` further looks and reading it finds it
    whole; if it changes later, it is handed out again. A file that stays still but is not whole is told to ``waits``
    the first time, looked into ever more rarely, and told to ``aside`` when it has not become whole after
    ``give_up_after`` looks. Polling works on network shares and every system alike. ``sleep`` is handed in so that
    tests need not wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        polls: int = 2,
        interval: float = 0.5,
        give_up_after: int = 120,
        sleep: Callable[[float], None] = time.sleep,
        seen: Sequence[Path] = (),
        aside: Aside | None = None,
        waits: Aside | None = None,
    ) -> None:
        if not folder.is_dir():
            raise WrongUsage(
                f"{shown_name(folder)} is not a folder.", "Name the folder your camera software writes to."
            )
        self._folder, self._polls, self._interval, self._give_up_after = folder, max(1, polls), interval, give_up_after
        self._sleep, self._tell, self._waits = sleep, aside or _nobody, waits or _nobody
        self._watched: dict[Path, _Watched] = {}
        for path in map(Path, map(os.path.realpath, seen)):
            if (mark := _mark(path)) is not None:
                self._watched[path] = _Watched(mark, settled=True)

    def look(self) -> tuple[Path, ...]:
        """Look once; the files that became ready since the last look, in the order cameras count.

        Raises DeviceFailure if the folder itself is gone.
        """
        if not self._folder.is_dir():
            raise DeviceFailure(
                f"The hot folder {shown_name(self._folder)} is gone.", "Photos taken in before are kept; bring it back."
            )
        ready: list[Path] = []
        present: set[Path] = set()
        for path in find_photos([self._folder]):
            mark = _mark(path)
            if mark is None:
                continue
            present.add(path)
            if self._is_ready(path, mark):
                ready.append(path)
        for gone in self._watched.keys() - present:
            del self._watched[gone]
        return tuple(ready)

    def watch(self, stop: Callable[[], bool]) -> Iterator[Path]:
        """Look, hand out, sleep, until ``stop()`` says so."""
        while not stop():
            yield from self.look()
            self._sleep(self._interval)

    def _is_ready(self, path: Path, mark: tuple[int, int, int]) -> bool:
        known = self._watched.get(path)
        if known is None or known.mark != mark:
            self._watched[path] = _Watched(mark, next_check=self._polls)
            return False
        if known.settled:
            return False
        known.steady += 1
        if known.steady < known.next_check:
            return False
        try:
            source = read_source(path)
        except SafelightError as error:
            known.next_check *= 2
            if not known.waits:
                known.waits = True
                self._waits(path, error.title)
            if known.steady >= self._give_up_after:
                known.settled = True
                self._tell(path, error.title)
            known.next_check = min(known.next_check, max(self._give_up_after, known.steady + 1))
            return False
        known.settled = source.mark[1:] == mark
        return known.settled


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Inode, size and time of a file, None where it just went away."""
    try:
        seen = path.lstat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
