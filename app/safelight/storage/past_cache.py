"""Reads files from the device, not from what the system still remembers of writing them, and says whether it could.

A checksum taken right after copying proves nothing about the disk: the pages it reads are the ones that were written.
Linux lets a program drop them, ask whether they are gone, and read past them (O_DIRECT). Where neither is possible
(file systems in memory, other systems) the bytes are read all the same and ``past_cache`` is False.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import sys
from pathlib import Path
from types import TracebackType

from safelight.domain.ids import Sha256

_PIECE = 1024 * 1024
"""Read at once: a multiple of every block size there is, into a mapping, which is aligned as O_DIRECT wants it."""

_MEMORY = ("tmpfs", "ramfs", "devtmpfs")


class PastCacheReader:
    """An open file that is read from the device where the system lets us; a context manager and a byte source."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`OSError` where the file cannot be opened."""
        flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags)
        remembered = True if _in_memory(self._handle) else _still_remembered(self._handle)
        self._direct = False
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # this file system does not offer it
                direct = os.open(path, flags | os.O_DIRECT)
                os.close(self._handle)
                self._handle, self._direct = direct, True
        self._buffer = mmap.mmap(-1, _PIECE)
        self._have = b""
        self._at = 0
        # Asked directly only memory itself still has it; asked the ordinary way it must be known to be gone.
        self.past_cache = remembered is not True if self._direct else remembered is False
        """Whether every byte so far came from the device."""

    def __enter__(self) -> PastCacheReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
        self._buffer.close()

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        if not self._have:
            self._have = self._next()
        piece, self._have = self._have[:size], self._have[size:]
        return piece

    def _next(self) -> bytes:
        if sys.platform == "linux" and self._direct and self._at % _PIECE == 0:
            count = os.preadv(self._handle, [self._buffer], self._at)
            self._at += count
            return self._buffer[:count]
        if self._direct:
            return b""  # the read before ended between two blocks: the file is over, and O_DIRECT cannot go on there
        piece = os.read(self._handle, _PIECE)
        self._at += len(piece)
        return piece


def hash_past_cache(path: Path) -> tuple[Sha256, int, bool]:
    """SHA-256 and size of the file at ``path`` as the device gives it, and whether it was really the device."""
    digest, size = hashlib.sha256(), 0
    with PastCacheReader(path) as reading:
        while piece := reading.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        return Sha256(digest.hexdigest()), size, reading.past_cache


def _in_memory(handle: int) -> bool:
    """Whether the file lies in a file system that has no device under it."""
    device = os.fstat(handle).st_dev
    number = f"{os.major(device)}:{os.minor(device)}" if sys.platform == "linux" else ""
    try:
        mounts = Path("/proc/self/mountinfo").read_text().splitlines() if number else []
    except OSError:
        return False
    # proc(5): the third field is the device, the first one after " - " the kind of file system.
    return any(each.split()[2] == number and each.split(" - ")[1].split()[0] in _MEMORY for each in mounts)


def _still_remembered(handle: int) -> bool | None:
    """Let the system drop what it remembers of a file; whether it still does, None where it does not say."""
    if sys.platform != "linux":
        return None
    size = os.fstat(handle).st_size
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    for at in {0, size // 2, size - 1} if size else ():
        try:
            os.preadv(handle, [bytearray(1)], at, os.RWF_NOWAIT)
        except BlockingIOError:
            continue  # it would have to ask the device: exactly what is wanted
        except OSError:
            return None
        return True
    return False
