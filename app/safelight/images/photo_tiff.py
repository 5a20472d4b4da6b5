"""TIFF, BigTIFF and DNG: directories and image data. XMP is tag 700, C2PA tag 52545, both at the end.

Adding metadata to a file leaves all its bytes in place and writes a new first directory behind them. Cleaning builds
the file anew: header, image data as slices of the original, directories with the tags that may stay; what was a
BigTIFF becomes an ordinary TIFF. Sources: TIFF 6.0, DNG 1.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from . import exif
from .exif_values import orientation_in
from .imagehash_source import Buffer
from .photo_file import MOST_REMARK, Span, beyond, cannot_write, damaged, size_of
from .tiff_directory import BYTE, UNDEFINED, Header, TiffEntry, directory_bytes, header_of, read_directory
from .tiff_rebuild import TABLES, XMP_TAG, carried, rebuilt

_CREDENTIALS_TAG = 52545  # 0xCD41, C2PA technical specification, "Embedding manifests into TIFF-based assets"
_OURS = frozenset({XMP_TAG, _CREDENTIALS_TAG, 273, 324, 513})  # and the places of image data, which are written anew
_MOST_BYTES = 1 << 32


@dataclass(frozen=True, slots=True)
class TiffFile:
    """``base`` is everything after the eight bytes of header that stays where it is; the first directory follows it.

    Values of ``entries`` that are longer than four bytes are written again behind ``base``. ``original`` is empty once
    the file has been cleaned.
    """

    header: Header
    base: tuple[Buffer, ...]
    entries: tuple[TiffEntry, ...]
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
        entries = list(self.entries)
        photograph = exif.linked_directory(self.original, self.order, entries, exif.EXIF_IFD, self.header.big)
        words = set(exif.words_of([*entries, *photograph]))
        lost = [each for each in entries if not carried(each) and each.tag not in _OURS]
        words |= exif.other_words([*lost, *(each for each in photograph if not exif.stays(each, exif.PHOTOGRAPH))])
        if any(each.tag == _CREDENTIALS_TAG for each in self.entries):
            words.add("content credentials")
        return frozenset(words)

    def cleaned(self, keep: frozenset[str]) -> TiffFile:
        if not len(self.original):
            return self
        fresh = rebuilt(self.original, self.header, keep)
        header = self.header._replace(big=False)
        return TiffFile(header, fresh.base, fresh.entries, fresh.following, memoryview(b""))

    def orientation(self) -> int | None:
        return next((turn for each in self.entries if (turn := orientation_in(each)) is not None), None)

    def exif_blocks(self) -> Iterator[memoryview]:
        if len(self.original) and not self.header.big:
            yield self.original

    def remarks(self) -> Iterator[bytes]:
        entries = list(self.entries)
        entries += exif.linked_directory(self.original, self.order, entries, exif.EXIF_IFD, self.header.big)
        return (bytes(each.value[:MOST_REMARK]) for each in entries if each.tag not in TABLES)

    def with_xmp(self, packet: bytes | None) -> TiffFile:
        return replace(self, entries=self._without(XMP_TAG), packet=packet)

    def with_credentials(self, jumbf: bytes) -> TiffFile:
        return replace(self, entries=self._without(_CREDENTIALS_TAG), jumbf=jumbf)

    def parts(self) -> list[Buffer]:
        first = self._before()
        return [*first, self.jumbf] if self.jumbf else first

    def credentials_span(self) -> Span:
        return Span(size_of(self._before()), len(self.jumbf)) if self.jumbf else Span(0, 0)

    def _without(self, tag: int) -> tuple[TiffEntry, ...]:
        return tuple(each for each in self.entries if each.tag != tag)

    @property
    def order(self) -> str:
        """``<`` or ``>``."""
        return self.header.order

    def _before(self) -> list[Buffer]:
        if self.header.big:
            raise cannot_write("it is a BigTIFF, which is written anew as an ordinary TIFF and never changed in place")
        at = 8 + size_of(self.base)
        pad = bytes(at & 1)
        at += len(pad)
        entries = list(self.entries)
        if self.packet is not None:
            entries.append(TiffEntry(XMP_TAG, BYTE, len(self.packet), self.packet))
        block = directory_bytes(entries, self.order, at, self.following)
        if self.jumbf:
            # The manifest follows the directory, whose length one more entry decides but not where that points.
            end = at + len(block) + 12
            link = TiffEntry(_CREDENTIALS_TAG, UNDEFINED, len(self.jumbf), struct.pack(self.order + "I", end))
            block = directory_bytes([*entries, link], self.order, at, self.following)
        if at + len(block) + len(self.jumbf) >= _MOST_BYTES:
            raise beyond("with its metadata it has more than the 4 GB a TIFF can have")
        mark = b"II" if self.order == "<" else b"MM"
        return [mark + struct.pack(self.order + "HI", 42, at), *self.base, pad, block]


def read_tiff(untrusted: memoryview) -> TiffFile:
    """The file's first directory. Raises Malformed for directories that reach past the end."""
    header = header_of(untrusted)
    entries, following = read_directory(untrusted, header.first, header.order, big=header.big)
    if not any(each.tag in (256, 257) for each in entries):
        raise damaged("its first directory describes no picture")
    return TiffFile(header, (untrusted[8:],), tuple(entries), following, untrusted)
