"""Reads a picture file whole or not at all, and never writes where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from safelight.capture.sniff import MediaType
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Sha256
from safelight.domain.progress import Report, silent


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file on a card, in a folder or in a hot folder, as it was when it was read.

    ``sha256`` is over the whole file; ``mtime`` is the file's own time, aware UTC; ``mark`` is what the file system
    said about it (device, inode, size, time in ns), by which a later change is noticed.
    """

    path: Path
    name: str
    size: int
    sha256: Sha256
    media_type: MediaType
    mtime: datetime
    mark: tuple[int, int, int, int]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The same bytes again, for reading only; raises Malformed if the file is no longer the one that was read."""
        raise NotImplementedError
        yield

    def read(self) -> bytes:
        """The whole file in memory, checked against ``sha256``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be taken in, with the error a person is shown."""

    path: Path
    error: SafelightError


def read_source(path: Path, *, report: Report = silent) -> SourceFile:
    """Hash and check one file; the file is opened for reading only.

    Raises Malformed (named file, one sentence) if it is no picture, torn, or growing while it is read, and
    DeviceFailure if the card or disk cannot be read. ``report`` counts bytes.
    """
    raise NotImplementedError


def read_sources(paths: Iterable[Path], *, report: Report = silent) -> Iterator[SourceFile | Unread]:
    """Each file in turn; one that cannot be read is handed on as :class:`Unread`, the others still come."""
    raise NotImplementedError
