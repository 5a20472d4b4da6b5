"""The tar form inside a bundle (POSIX.1-1988 ustar), one way to write it and a reader that takes nothing else.

A file is a header block of 512 bytes, the content, and zeros up to the next block; two zero blocks end the archive.
The writer knows one header for a name, a size and a time, so the reader builds that header again and compares: links,
devices, folders, extended headers, base-256 numbers and whatever a tar reader may be tricked with have no place to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safelight.documents.manifest import MAX_MEMBERS, MAX_PHOTO, README_PATH, SUMS_PATH
from safelight.documents.reading import printable
from safelight.domain.errors import Malformed, WrongUsage
from safelight.keys.sealing import ByteSource

BLOCK = 512
END = bytes(2 * BLOCK)
_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]{0,99}")
_LAST_TIME = 8**11 - 1
_OCTAL = re.compile(rb"[0-7]{11}\x00")
_PIECE = 1024 * 1024
_KINDS = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a device",
    b"4": "a device",
    b"5": "a folder",
    b"6": "a pipe",
    b"7": "a contiguous file",
    b"K": "a GNU long name",
    b"L": "a GNU long name",
    b"S": "a sparse file",
    b"g": "an extended header",
    b"x": "an extended header",
}


def is_name(text: str) -> bool:
    """Whether ``text`` may name a file in a bundle: lower-case ASCII, at most 100 characters, no step up or empty."""
    if text in (README_PATH, SUMS_PATH):
        return True
    return _NAME.fullmatch(text) is not None and not any(part in ("", ".", "..") for part in text.split("/"))


def header(name: str, size: int, mtime: int) -> bytes:
    """The one header block for a regular file: mode 0644, owner 0, no names of people or machines."""
    if not is_name(name) or not 0 <= size <= MAX_PHOTO or not 0 <= mtime <= _LAST_TIME:
        raise WrongUsage(f"“{printable(name)}” cannot be put into a bundle.", "Its name, size or time is at fault.")
    fields = (
        name.encode("ascii").ljust(100, b"\0"),
        b"0000644\x000000000\x000000000\x00",
        b"%011o\x00%011o\x00" % (size, mtime),
        b" " * 8,  # the checksum is taken with itself as spaces
        b"0",
        bytes(100),
        b"ustar\x0000",
        bytes(64),
        b"0000000\x000000000\x00",
        bytes(155 + 12),
    )
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padding(size: int) -> bytes:
    """The zeros between the end of a content of ``size`` bytes and the next block."""
    return bytes(-size % BLOCK)


@dataclass(frozen=True, slots=True)
class TarEntry:
    """A file announced by its header; nothing of its content was read yet."""

    name: str
    size: int
    mtime: int


class UstarReader:
    """Reads an archive of the form above from its beginning to its end, holding one piece at a time.

    Ask :meth:`next_entry`, then :meth:`pieces` or :meth:`content`, again and again; everything not of the form raises
    :class:`Malformed`. Names are checked and never repeat, whatever the case; sizes are at most ``MAX_PHOTO``.
    """

    def __init__(self, untrusted: ByteSource) -> None:
        self._source = untrusted
        self._piece = memoryview(b"")
        self._left = 0
        self._padding = 0
        self._seen: set[str] = set()
        self._folders: set[str] = set()

    def next_entry(self) -> TarEntry | None:
        """The next file, or None after the last; content not asked for is passed over."""
        for _ in self.pieces():
            pass
        if any(self._exactly(self._padding)):
            raise _refused("the space after a file is not empty")
        self._padding = 0
        block = self._exactly(BLOCK)
        if not any(block):
            self._end()
            return None
        entry = _entry(block)
        self._take_name(entry.name)
        self._left, self._padding = entry.size, -entry.size % BLOCK
        return entry

    def pieces(self) -> Iterator[memoryview]:
        """What was not read yet of the current file, piece by piece."""
        while self._left:
            piece = self._some(self._left)
            self._left -= len(piece)
            yield piece

    def content(self, most: int) -> bytes:
        """All of the current file, which may have at most ``most`` bytes."""
        if self._left > most:
            raise _refused(f"a file is larger than the {most} bytes it may have")
        return b"".join(self.pieces())

    def _take_name(self, name: str) -> None:
        low = name.lower()
        steps = low.split("/")
        above = {"/".join(steps[:count]) for count in range(1, len(steps))}
        if low in self._seen or low in self._folders or not above.isdisjoint(self._seen):
            raise _refused(f"{name} is there twice")
        self._seen.add(low)
        self._folders |= above
        if len(self._seen) > MAX_MEMBERS:
            raise _refused(f"it holds more than {MAX_MEMBERS} files")

    def _end(self) -> None:
        if any(self._exactly(BLOCK)):
            raise _refused("it does not end with two empty blocks")
        if self._piece or self._source.read(1):
            raise _refused("something follows its end")

    def _some(self, most: int) -> memoryview:
        if not self._piece:
            self._piece = memoryview(self._source.read(_PIECE))
            if not self._piece:
                raise _refused("it was cut short")
        taken, self._piece = self._piece[:most], self._piece[most:]
        return taken

    def _exactly(self, size: int) -> bytes:
        taken = bytearray()
        while len(taken) < size:
            taken += self._some(size - len(taken))
        return bytes(taken)


def _refused(why: str) -> Malformed:
    return Malformed(f"The bundle is not packed as one must be: {why}.", "Nothing was kept. Ask for a fresh copy.")


def _entry(block: bytes) -> TarEntry:
    """What a header says, if it is the one header that says so."""
    if block[148:156] != b"%06o\0 " % (sum(block[:148]) + 256 + sum(block[156:])):
        raise _refused("a header is damaged")
    if block[257:265] != b"ustar\x0000":
        raise _refused("a header is not in the ustar form")
    if block[156:157] != b"0":
        raise _refused(f"it holds {_KINDS.get(block[156:157], 'something that is no regular file')}")
    raw_name = block[:100].rstrip(b"\0")
    name = raw_name.decode("ascii", "backslashreplace")
    if not is_name(name):
        raise _refused(f"“{printable(name)}” is no name for a file in a bundle")
    if not _OCTAL.fullmatch(block[124:136]) or not _OCTAL.fullmatch(block[136:148]):
        raise _refused(f"the size or time of {name} is not written as a number must be")
    size, mtime = int(block[124:135], 8), int(block[136:147], 8)
    if size > MAX_PHOTO:
        raise _refused(f"{name} is larger than {MAX_PHOTO} bytes")
    if header(name, size, mtime) != block:
        raise _refused(f"the header of {name} says more than name, size and time")
    return TarEntry(name, size, mtime)
