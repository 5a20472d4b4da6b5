"""Reads a picture file whole or not at all, and never writes where it came from."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from safelight.capture.completeness import check_whole
from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
from safelight.domain.ids import Sha256
from safelight.domain.progress import Report, silent
from safelight.images.image_format import HEAD, sniff
from safelight.images.imagehash import ImageHash
from safelight.images.media_type import MediaType
from safelight.keys.input_files import legible, open_input

MOST_BYTES = 512 << 20
"""A photograph larger than this is refused: it is no portrait, and would fill the memory of who opens it."""

_PIECE = 1 << 20
# A link on somebody's card must not lead into this machine.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
FileMark = tuple[int, int, int, int]
"""What the file system says about a file: device, inode, size in bytes, time of the last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file on a card, in a folder or in a hot folder, as it was when it was read.

    ``sha256`` is over the whole file; ``image`` is the hash of its image data, equal for copies whose metadata
    differs; ``mtime`` is the file's own time, aware UTC; ``mark`` is what the file system said about it, by which a
    later change is noticed.
    """

    path: Path
    name: str
    size: int
    sha256: Sha256
    image: ImageHash
    media_type: MediaType
    mtime: datetime
    mark: FileMark

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The same bytes again, in order, for reading only.

        Raises Malformed at the start if the file is no longer the one that was read, and at the end of the ``with``
        if what was read to the end differs from ``sha256``: whatever was made of it must then be thrown away.
        """
        with _speaking(self.path):
            file = _opened(self.path)
        with file:  # errors of what is done with the bytes are not errors of the card, and pass through unchanged
            if _mark(file) != self.mark:
                raise _changed(self.path)
            reader = _HashingReader(file, self.path)
            yield cast(BinaryIO, reader)
            if _mark(file) != self.mark or (reader.count >= self.size and reader.hexdigest() != self.sha256):
                raise _changed(self.path)

    def read(self) -> bytes:
        """The whole file in memory, checked against ``sha256``."""
        with self.open() as stream:
            return stream.read()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be taken in, with the error a person is shown."""

    path: Path
    error: SafelightError


def read_source(path: Path, *, report: Report = silent) -> SourceFile:
    """Hash and check one file, which is opened for reading only and read in pieces.

    Raises Malformed (naming the file, one sentence) if it is no picture, torn, or changes while it is read;
    DeviceFailure if the card or disk cannot be read; CannotOpen or WrongUsage if it may not be read or is not there.
    ``report`` counts bytes.
    """
    shown = shown_name(path)
    with _speaking(path), _opened(path) as file:
        before = _mark(file)
        size = before[2]
        if size > MOST_BYTES:
            raise Malformed(
                f"{shown} is larger than {MOST_BYTES >> 20} MiB.", "It was not taken in; nothing else is touched."
            )
        digest, head, done = hashlib.sha256(), b"", 0
        while piece := file.read(_PIECE):
            head = head or piece[:HEAD]
            digest.update(piece)
            done += len(piece)
            if done > size:  # somebody writes as fast as we read
                raise _changed(path)
            report(done, size, shown)
        media_type = sniff(head, path.name)
        if media_type is None:
            raise Malformed(
                f"{shown} is not a picture we know, whatever its name says.",
                "It was left where it is. We take JPEG, PNG, TIFF, WebP, HEIC and raw files.",
            )
        sha256 = Sha256(digest.hexdigest())
        try:
            image = check_whole(file, media_type, sha256)
        except Malformed as error:
            if _mark(file) != before:
                raise _changed(path) from error
            raise named(error, shown) from error
        if _mark(file) != before or done != size:
            raise _changed(path)
    mtime = datetime.fromtimestamp(before[3] // 1_000_000_000, UTC)
    return SourceFile(path, legible(path.name), size, sha256, image, media_type, mtime, before)


def read_sources(paths: Iterable[Path], *, report: Report = silent) -> Iterator[SourceFile | Unread]:
    """Each file in turn; one that cannot be read is handed on as :class:`Unread`, the others still come.

    ``report`` counts files; what it raises ends the reading.
    """
    listed = list(paths)
    for done, path in enumerate(listed):
        report(done, len(listed), shown_name(path))
        try:
            yield read_source(path)
        except SafelightError as error:
            yield Unread(path, error)
    report(len(listed), len(listed), "")


def shown_name(path: Path) -> str:
    """The file's name as it can be shown: no control, bidirectional or broken characters, at most 80 of them."""
    name = "".join(c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in path.name)
    return name if len(name) <= 80 else f"{name[:50]}\N{HORIZONTAL ELLIPSIS}{name[-29:]}"


def named(error: Malformed, shown: str) -> Malformed:
    """The same error about ``shown`` instead of "the picture"."""
    return type(error)(error.title.replace("The picture", shown, 1), error.hint, error.faults)


class _HashingReader(io.RawIOBase):
    """Hands bytes through, counting and hashing them."""

    def __init__(self, file: io.FileIO, path: Path) -> None:
        super().__init__()
        self._file, self._path = file, path
        self._digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer in the stubs
        with _speaking(self._path):
            got = self._file.readinto(buffer)
        self._digest.update(memoryview(buffer)[:got])
        self.count += got
        return got

    def readall(self) -> bytes:
        pieces = []
        while piece := self.read(_PIECE):
            pieces.append(piece)
        return b"".join(pieces)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Turns what the operating system says about reading ``path`` into a sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise WrongUsage(f"There is no file {shown_name(path)}.", "It may have been moved while we looked.") from error
    except PermissionError as error:
        raise CannotOpen(f"{shown_name(path)} may not be read.", "Allow reading it, then take it in again.") from error
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise Malformed(f"{shown_name(path)} is only a link.", "Name the file it leads to instead.") from error
        raise DeviceFailure(
            f"{shown_name(path)} could not be read: {os.strerror(error.errno or errno.EIO)}.",
            "The card or disk may be failing or was pulled; files taken in before are kept.",
        ) from error


def _opened(path: Path) -> io.FileIO:
    """The regular file at ``path``, opened so that it cannot be changed through it."""
    # Reading should not even leave its time on the card; the kernel grants that to the owner of the file only.
    quiet = getattr(os, "O_NOATIME", 0)
    try:
        return open_input(path, flags=_NO_LINKS | quiet)
    except PermissionError:
        if not quiet:
            raise
        return open_input(path, flags=_NO_LINKS)
    except WrongUsage as error:
        raise Malformed(f"{shown_name(path)} is not a file.", "It was left where it is.") from error


def _mark(file: io.FileIO) -> FileMark:
    seen = os.fstat(file.fileno())
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns


def _changed(path: Path) -> Malformed:
    return Malformed(
        f"{shown_name(path)} changed while it was read.",
        "It is probably still being written; take it in again when that is done.",
    )
