"""TIFF and DNG: directories and image data (TIFF 6.0, DNG 1.6). XMP is tag 700, C2PA tag 52545, both at the end.

Adding metadata to a file leaves all its bytes in place and writes a new first directory behind them. Cleaning builds
the file anew: header, image data as slices of the original, directories with the tags that may stay.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from . import exif
from .imagehash_source import Buffer
from .photo_file import Span, damaged, size_of
from .tiff_directory import (
    BYTE,
    UNDEFINED,
    Entry,
    directory_bytes,
    first_offset,
    order_of,
    read_directory,
)
from .tiff_rebuild import XMP_TAG, rebuilt

_CREDENTIALS_TAG = 52545  # 0xCD41, C2PA technical specification, "Embedding manifests into TIFF-based assets"
_MOST_BYTES = 1 << 32


@dataclass(frozen=True, slots=True)
class TiffFile:
    """``base`` is everything after the eight bytes of header that stays where it is; the first directory follows it.

    Values of ``entries`` that are longer than four bytes are written again behind ``base``. ``original`` is empty once
    the file has been cleaned.
    """

    order: str
    base: tuple[Buffer, ...]
    entries: tuple[Entry, ...]
    following: int
    original: memoryview = field(repr=False)
    packet: bytes | None = None
    jumbf: bytes = b""

    def xmp(self) -> bytes | None:
        if self.packet is not None:
            return self.packet
        found = next((each for each in self.entries if each.tag == XMP_TAG), None)
        return bytes(found.value) if found else None

    def private(self) -> frozenset[str]:
        words = set(exif.words_of(list(self.entries)))
        words |= exif.words_of(exif.linked_directory(self.original, self.order, list(self.entries), exif.EXIF_IFD))
        if any(each.tag == _CREDENTIALS_TAG for each in self.entries):
            words.add("content credentials")
        return frozenset(words)

    def cleaned(self, keep: frozenset[str]) -> TiffFile:
        if not len(self.original):
            return self
        fresh = rebuilt(self.original, self.order, keep)
        return TiffFile(self.order, fresh.base, fresh.entries, fresh.following, memoryview(b""))

    def with_xmp(self, packet: bytes | None) -> TiffFile:
        return replace(self, entries=self._without(XMP_TAG), packet=packet)

    def with_credentials(self, jumbf: bytes) -> TiffFile:
        return replace(self, entries=self._without(_CREDENTIALS_TAG), jumbf=jumbf)

    def parts(self) -> list[Buffer]:
        first = self._before()
        return [*first, self.jumbf] if self.jumbf else first

    def credentials_span(self) -> Span:
        return Span(size_of(self._before()), len(self.jumbf)) if self.jumbf else Span(0, 0)

    def _without(self, tag: int) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.tag != tag)

    def _before(self) -> list[Buffer]:
        at = 8 + size_of(self.base)
        pad = bytes(at & 1)
        at += len(pad)
        entries = list(self.entries)
        if self.packet is not None:
            entries.append(Entry(XMP_TAG, BYTE, len(self.packet), self.packet))
        block = directory_bytes(entries, self.order, at, self.following)
        if self.jumbf:
            # The manifest follows the directory, whose length one more entry decides but not where that points.
            end = at + len(block) + 12
            link = Entry(_CREDENTIALS_TAG, UNDEFINED, len(self.jumbf), struct.pack(self.order + "I", end))
            block = directory_bytes([*entries, link], self.order, at, self.following)
        if at + len(block) + len(self.jumbf) >= _MOST_BYTES:
            raise damaged("with its metadata it would be longer than a TIFF can be")
        mark = b"II" if self.order == "<" else b"MM"
        return [mark + struct.pack(self.order + "HI", 42, at), *self.base, pad, block]


def read_tiff(untrusted: memoryview) -> TiffFile:
    """The file's first directory. Raises Malformed for BigTIFF and for directories that reach past the end."""
    order = order_of(untrusted)
    entries, following = read_directory(untrusted, first_offset(untrusted, order), order)
    if not any(each.tag in (256, 257) for each in entries):
        raise damaged("its first directory describes no picture")
    return TiffFile(order, (untrusted[8:],), tuple(entries), following, untrusted)
