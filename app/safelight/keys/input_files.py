"""Reads the files people name: regular ones only, never more than asked for, never waiting for what may not come."""

from __future__ import annotations

import io
import os
import re
import stat
from pathlib import Path

from safelight.domain.errors import WrongUsage

# O_NONBLOCK: opening a named pipe that nobody writes to would wait for ever.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def open_input(path: Path, *, flags: int = 0) -> io.FileIO:
    """The regular file at ``path``, for reading; ``flags`` of ``os.open`` are added (``O_NOFOLLOW``).

    Raises :class:`WrongUsage` for a folder, pipe, socket or device, and :class:`OSError` as the system says it.
    """
    if flags & getattr(os, "O_NOFOLLOW", 0) == 0 or not path.is_symlink():
        _must_be_regular(path, path.stat().st_mode)  # before opening: that alone can make a device do something
    descriptor = os.open(path, _FLAGS | flags)
    try:
        _must_be_regular(path, os.fstat(descriptor).st_mode)
    except WrongUsage:
        os.close(descriptor)
        raise
    return io.FileIO(descriptor, "r")


def read_input_file(path: Path, most: int, *, kept: str = "Nothing was done.") -> bytes:
    """The bytes of the file at ``path``, ``most`` of them at most.

    Raises :class:`WrongUsage` when it is no regular file, cannot be read, or is larger; ``kept`` is the second
    sentence.
    """
    shown = legible(path.name)
    try:
        with open_input(path) as file:
            data = _upto(file, most + 1)
    except OSError as error:
        why = error.strerror or "it failed"
        raise WrongUsage(f"'{shown}' cannot be read: {why}.", kept) from error
    if len(data) > most:
        size = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most:,} bytes"
        raise WrongUsage(f"'{shown}' is larger than {size}.", kept)
    return data


def legible(text: str) -> str:
    """``text`` as it can be stored and shown: bytes of a name that are no UTF-8 become the replacement character."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _upto(file: io.FileIO, most: int) -> bytes:
    gathered = io.BytesIO()
    # The size the system tells is not believed: a file may grow, and those of /proc say 0.
    while gathered.tell() < most and (piece := file.read(min(1 << 20, most - gathered.tell()))):
        gathered.write(piece)
    return gathered.getvalue()


def _must_be_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
        raise WrongUsage(f"'{legible(path.name) or path}' is {kind}, not a file.", "It was not read. Name a file.")
