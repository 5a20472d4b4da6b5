"""The lock that keeps a second Safelight out of a studio's folder: held by the system, so it ends with the process."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from pathlib import Path

from safelight.domain.errors import CannotOpen
from safelight.keys.durable import device_failure

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_HELD: set[str] = set()
_GUARD = threading.Lock()
# POSIX record locks do not stop the process that holds them from taking them again, hence the set.

_LOOK_AGAIN = 0.03
"""After how many seconds, at least, a lock that is waited for is tried again."""
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_UNLOCKABLE = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class FolderLock:
    """An exclusive lock on one file; taken when made, given back by :meth:`release` or by the end of the process.

    ``lock_timeout`` is for how many seconds another process that holds it is waited for. Not a file with a process
    number in it: after a crash or ``kill -9`` the system has already let go, so nobody has to guess. Raises
    :class:`CannotOpen` when another process (or this one) holds it or the disk cannot lock.
    """

    def __init__(self, path: Path, lock_timeout: float = 0) -> None:
        self._name = str(path.resolve())
        self._handle = -1
        with _GUARD:
            if self._name in _HELD:
                raise _held_elsewhere()
            # Within one process nobody waits: whoever holds it may be the one who asks.
            _HELD.add(self._name)
        try:
            self._handle = self._awaited(path, lock_timeout)
        except BaseException:
            with _GUARD:
                _HELD.discard(self._name)
            raise

    def release(self) -> None:
        """Let go; a second call does nothing."""
        with _GUARD:
            if self._handle >= 0:
                os.close(self._handle)  # closing gives the lock back
                self._handle = -1
                _HELD.discard(self._name)

    def _awaited(self, path: Path, lock_timeout: float) -> int:
        until = time.monotonic() + lock_timeout
        while True:
            try:
                return self._taken(path)
            except CannotOpen as error:
                if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _BUSY:
                    raise
                if time.monotonic() >= until:
                    raise
            # Several may be waiting: not all of them look again at the same moment.
            time.sleep(_LOOK_AGAIN * (1 + os.getpid() % 8 / 8))

    @staticmethod
    def _taken(path: Path) -> int:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise device_failure(error, path) from error
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno in _BUSY:
                raise _held_elsewhere() from error
            if error.errno in _UNLOCKABLE:
                raise CannotOpen(
                    "The disk this studio lies on cannot keep two programs apart (it offers no file locks).",
                    "Nothing was changed. Move the studio's folder to a local disk of this computer.",
                ) from error
            raise device_failure(error, path) from error
        return handle


def _held_elsewhere() -> CannotOpen:
    return CannotOpen(
        "Another Safelight has this studio open.",
        "Nothing was changed. Close the other window or wait until the other command is done, then try again.",
    )
