"""A file whose bytes stand for what one program may hold at a time; the system lets go of them when the program ends.

Locks of the system, not notes in a file: after a crash or ``kill -9`` nobody has to guess. Both systems lock ranges of
bytes for a process, so the same code serves both. What POSIX adds is a trap: closing any handle of a file gives back
every lock of the process on it. So a process opens such a file once, however many ask for it.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

from safelight.domain.errors import CannotOpen
from safelight.keys.durable import device_failure

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_UNLOCKABLE = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
FIRST = 1 << 30
"""Bytes from here on are locked. They need not exist; Windows lets nobody read what another program locked."""


class LockFile:
    """Ranges of bytes of one file, held for this process: a second time by whoever asks in it, so keep count above."""

    def __init__(self, path: Path) -> None:
        """Open it, made if it is missing; raises :class:`DeviceFailure` where the system refuses."""
        self.path = path
        self._guard = threading.Lock()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        try:
            self._handle = os.open(path, flags, 0o600)
        except OSError as error:
            raise device_failure(error, path) from error

    def close(self) -> None:
        """Give everything back."""
        os.close(self._handle)

    def hold(self, first: int, count: int = 1) -> bool:
        """Hold ``count`` bytes from ``first`` on, unless another process holds one of them.

        Raises :class:`CannotOpen` when the disk cannot lock.
        """
        if not count:
            return True
        try:
            self._lock(first, count)
        except OSError as error:
            if error.errno in _BUSY:
                return False
            if error.errno in _UNLOCKABLE:
                raise CannotOpen(
                    "The disk this studio lies on cannot keep two programs apart (it offers no file locks).",
                    "Nothing was changed. Move the studio's folder to a local disk of this computer.",
                ) from error
            raise device_failure(error, self.path) from error
        return True

    def give_back(self, first: int, count: int = 1) -> None:
        """The other way; it must be just what was held at once."""
        if count:
            with self._guard:
                if sys.platform == "win32":
                    os.lseek(self._handle, FIRST + first, os.SEEK_SET)
                    msvcrt.locking(self._handle, msvcrt.LK_UNLCK, count)
                else:
                    fcntl.lockf(self._handle, fcntl.LOCK_UN, count, FIRST + first)

    def read(self, at: int, size: int) -> bytes:
        """What was written there; shorter at the end of the file."""
        with self._guard:
            os.lseek(self._handle, at, os.SEEK_SET)
            return os.read(self._handle, size)

    def write(self, at: int, content: bytes) -> None:
        """Leave a note for the others, which no disk need keep."""
        try:
            with self._guard:
                os.lseek(self._handle, at, os.SEEK_SET)
                os.write(self._handle, content)
        except OSError as error:
            raise device_failure(error, self.path) from error

    def _lock(self, first: int, count: int) -> None:
        with self._guard:
            if sys.platform == "win32":
                os.lseek(self._handle, FIRST + first, os.SEEK_SET)
                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, count)
            else:
                fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, count, FIRST + first)
