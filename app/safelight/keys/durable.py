"""Writes files that are either there whole after a power cut or not there at all."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import BinaryIO

from safelight.domain.errors import DeviceFailure

TEMPORARY_PREFIX = ".unfinished-"
"""How the name of a file that is still being written begins; the station that writes it comes next."""
_RUN = token_hex(4)

_BUFFER = 256 * 1024
_STRETCH = 8 * 1024 * 1024
"""After so many bytes the system is asked to begin carrying them to the device."""
_SENTENCES = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "The disk space allowed to this account is used up.",
    errno.EROFS: "The disk can only be read.",
    errno.EACCES: "This account may not write there.",
    errno.EPERM: "This account may not write there.",
    errno.ENOENT: "The folder to write to does not exist.",
    errno.EIO: "The disk reported an error.",
}


def station() -> str:
    """What this process is called in the names of what it has not finished; no other process is ever called so.

    With its number alone a process that was killed would be taken for one that has the number later.
    """
    return f"{os.getpid()}x{_RUN}"


def unfinished_name() -> str:
    """A name for a file that is still being written, which no other file has."""
    return f"{TEMPORARY_PREFIX}{station()}-{token_hex(8)}"


def device_failure(error: OSError, path: Path) -> DeviceFailure:
    """The two sentences a person hears when the system refused to read or write ``path``."""
    reason = _SENTENCES.get(error.errno or 0, f"The system said: {error.strerror or error}.")
    return DeviceFailure(
        f"“{path.name}” could not be written or read. {reason}",
        "What was acknowledged before is kept; make room or use another disk, then try again.",
    )


def durable_write(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` so that a crash leaves the old bytes or the new ones, never a mixture.

    Returns only when the bytes and the name are on the device. Raises :class:`DeviceFailure` for any refusal of the
    system; a failed fsync is never tried again, because the kernel may already have dropped the pages it failed on.
    """
    with DurableFile(path) as file:
        file.write(data)


def fsync_folder(path: Path) -> None:
    """Make the names in the folder ``path`` durable (a rename is lost on power failure without it)."""
    if os.name == "nt":
        return  # Windows has no handle for this; NTFS journals the rename itself.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise device_failure(error, path) from error


def remove_unfinished(folder: Path, at_work: Callable[[], Collection[str] | None] = tuple) -> int:
    """Delete what interrupted writes left in ``folder``, but nothing of this process or of the stations ``at_work``.

    These are asked for after the folder was listed: who is at work when a file is made is so when it is asked, or has
    ended, and then the file is a leftover. None says that it is not known, and nothing is removed. Returns how many
    were.
    """
    removed = 0
    try:
        found = [each for each in folder.iterdir() if each.name.startswith(TEMPORARY_PREFIX)]
        working = at_work() if found else None
        living = {station(), *(working or ())}
        for entry in found if working is not None else ():
            writer = entry.name.removeprefix(TEMPORARY_PREFIX).partition("-")[0]
            if writer not in living and entry.is_file() and not entry.is_symlink():
                entry.unlink(missing_ok=True)
                removed += 1
    except OSError as error:
        raise device_failure(error, folder) from error
    return removed


def _flush_to_device(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl  # absent on Windows, so not at the top

        # macOS: fsync leaves the bytes in the drive's cache; only this call empties it (fcntl(2)).
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


class DurableFile:
    """A file written piece by piece that takes its name only when it is complete and on the device.

    Use as a context manager. Leaving it normally: fsync, rename over ``path``, fsync of the folder. Leaving it by an
    exception: the unfinished file is removed and ``path`` is as it was. Writes are buffered (256 KiB).
    """

    def __init__(self, path: Path, unfinished: Path | None = None) -> None:
        """``unfinished``: what it is called until then, in the same folder; a name of its own when left out.

        Whoever has the file written by another process gives the name, and removes it when that process was killed.
        """
        self.path = path
        self.size = 0
        self._temporary = unfinished or path.with_name(unfinished_name())
        self._begun = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> DurableFile:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        try:
            # 0600: everything this program keeps is for its own account only.
            self._file = os.fdopen(os.open(self._temporary, flags, 0o600), "wb", buffering=_BUFFER)
        except OSError as error:
            raise device_failure(error, self.path) from error
        return self

    def write(self, data: bytes | memoryview) -> int:
        """Append all of ``data``; returns its length."""
        if self._file is None:
            raise ValueError("the file is not open")
        try:
            self._file.write(data)
            self.size += len(data)
            if self.size - self._begun >= _STRETCH:
                self._begin_carrying(self._file.fileno())
        except OSError as error:
            raise device_failure(error, self.path) from error
        return len(data)

    def _begin_carrying(self, handle: int) -> None:
        """Start what fsync would otherwise do all at the end: it proves nothing and waits for nothing."""
        if sys.platform == "linux":
            # Linux writes the pages out before it may forget them; other systems have no word for this.
            os.posix_fadvise(handle, self._begun, self.size - self._begun, os.POSIX_FADV_DONTNEED)
        self._begun = self.size

    def flush(self) -> None:
        """Nothing: the bytes reach the device when the block is left, all at once."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if kind is None:
                file.flush()
                _flush_to_device(file.fileno())
                file.close()
                os.replace(self._temporary, self.path)
            else:
                self._abandon(file)
                return
        except BaseException as failure:
            self._abandon(file)
            if isinstance(failure, OSError):
                raise device_failure(failure, self.path) from failure
            raise
        fsync_folder(self.path.parent)

    def _abandon(self, file: BinaryIO) -> None:
        # Closing flushes what is buffered and may fail again on a full disk; the file is thrown away either way.
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)
