"""Who has a studio's folder open: several programs at a time, or one alone; the system lets go when one ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safelight.domain.errors import CannotOpen
from safelight.keys.process import command_name
from safelight.storage import engine as engines
from safelight.storage.engine.several import Guest

_LOOK_AGAIN = 0.03
"""After how many seconds, at least, it is tried again to come in."""


class FolderLock:
    """Taken when made, given back by :meth:`release` or by the end of the process, ``kill -9`` as well.

    Whoever works on a studio shares its folder with others; with ``alone`` nobody else is in. ``lock_timeout`` is for
    how many seconds other processes are waited for. Raises :class:`CannotOpen`, which says who is in, or that the disk
    cannot lock.
    """

    def __init__(self, path: Path, alone: bool = False, lock_timeout: float = 0) -> None:
        self._stations = engines.ENGINE.stations(path, command_name())
        until = time.monotonic() + lock_timeout
        while not self._stations.enter(alone):
            if time.monotonic() >= until:
                raise self.refused(alone)
            pause(_LOOK_AGAIN)

    def release(self) -> None:
        """Let go; a second call does nothing."""
        self._stations.leave()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep all others out while the block runs; False, and nobody is kept out, if there are others."""
        cleared = self._stations.clear_the_room()
        try:
            yield cleared
        finally:
            if cleared:
                self._stations.let_in()

    def others(self) -> tuple[str, ...]:
        """The other programs that are in, as people know them."""
        return tuple(_told(each) for each in self._stations.others())

    def at_work(self) -> tuple[str, ...] | None:
        """What they are called in the names of their unfinished files; None if one of them does not say."""
        names = tuple(each.station for each in self._stations.others())
        return names if all(names) else None

    def refused(self, alone: bool) -> CannotOpen:
        """The error for whoever cannot come in, or not alone."""
        who = "; ".join(self.others())
        if alone:
            return CannotOpen(
                f"Another Safelight has this studio open ({who})."
                if who
                else "Another Safelight has this studio open.",
                "Nothing was changed. Close the other window or wait until the other command is done, then try again.",
            )
        return CannotOpen(
            f"Another Safelight has this studio for itself ({who})."
            if who
            else "Another Safelight has this studio for itself.",
            "Nothing was changed. Wait until it is done, then try again.",
        )


def pause(seconds: float) -> None:
    """Wait a little; several may be waiting, and not all of them look again at the same moment."""
    time.sleep(seconds * (1 + os.getpid() % 8 / 8))


def _told(guest: Guest) -> str:
    what = guest.command or "Safelight"
    return f"{what}, process {guest.process}" if guest.process else what
