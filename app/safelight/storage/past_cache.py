"""Reads files from the device, not from what the system still remembers of writing them, and says whether it could.

A checksum taken right after copying proves nothing about the disk: the pages it reads are the ones that were written.
Linux lets a program drop them, ask whether they are gone, and read past them (O_DIRECT). Where neither is possible
(file systems in memory, other systems) the bytes are read all the same and ``past_cache`` is False.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import mmap
import os
import sys
from pathlib import Path
from types import TracebackType

from safelight.domain.ids import Sha256

_PIECE = 1024 * 1024
"""Read at once: a multiple of every block size there is, into a mapping, which is aligned as O_DIRECT wants it."""

_OWN_CACHE = ("tmpfs", "ramfs", "devtmpfs", "zfs", "9p", "virtiofs", "ecryptfs", "vboxsf")


class PastCacheReader:
    """An open file that is read from the device where the system lets us; a context manager and a byte source."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`OSError` where the file cannot be opened."""
        flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags)
        kept_elsewhere = _kept_elsewhere(self._handle)
        self._dropped = not kept_elsewhere and _dropped(self._handle)
        self._direct = False
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # this file system does not offer it
                direct = os.open(path, flags | os.O_DIRECT)
                os.close(self._handle)
                self._handle, self._direct = direct, True
        self._buffer = mmap.mmap(-1, _PIECE)
        self._have = b""
        self._at = 0
        # Read directly, what the system remembers is passed by; else it must be known to be gone.
        self.past_cache = not kept_elsewhere and (self._direct or self._dropped)
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
        if sys.platform == "linux" and self._direct:
            if self._at % _PIECE:
                return b""  # the read before ended between two blocks: the file is over, O_DIRECT cannot go on there
            try:
                count = os.preadv(self._handle, [self._buffer], self._at)
            except OSError as error:
                if self._at or error.errno != errno.EINVAL:
                    raise
                self._ordinarily()  # this file system takes the flag and then refuses
            else:
                self._at += count
                return self._buffer[:count]
        piece = os.read(self._handle, _PIECE)
        self._at += len(piece)
        return piece


    def _ordinarily(self) -> None:
        """Go on without O_DIRECT."""
        import fcntl  # absent on Windows, so not at the top

        fcntl.fcntl(self._handle, fcntl.F_SETFL, fcntl.fcntl(self._handle, fcntl.F_GETFL) & ~os.O_DIRECT)
        self._direct, self.past_cache = False, self.past_cache and self._dropped


def hash_past_cache(path: Path) -> tuple[Sha256, int, bool]:
    """SHA-256 and size of the file at ``path`` as the device gives it, and whether it was really the device."""
    digest, size = hashlib.sha256(), 0
    with PastCacheReader(path) as reading:
        while piece := reading.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        return Sha256(digest.hexdigest()), size, reading.past_cache


def _kept_elsewhere(handle: int) -> bool:
    """Whether the file system holds files in memory, or in a cache of its own that no flag passes by."""
    if sys.platform != "linux":
        return True
    device = os.fstat(handle).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return True
    # proc(5): the third field is the device, the first one after " - " the kind of file system.
    kinds = {each.split(" - ")[1].split()[0] for each in mounts if each.split()[2] == number}
    return any(kind in _OWN_CACHE or kind.startswith("fuse") for kind in kinds)


def _dropped(handle: int) -> bool:
    """Let the system drop what it remembers of a file; whether it is known to have done so."""
    if sys.platform != "linux":
        return False
    size = os.fstat(handle).st_size
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    for at in {0, size // 2, size - 1} if size else ():
        try:
            os.preadv(handle, [bytearray(1)], at, os.RWF_NOWAIT)
        except BlockingIOError:
            continue  # it would have to ask the device: exactly what is wanted
        except OSError:
            return False
        return False
    return True
