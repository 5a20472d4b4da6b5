"""TIFF directories read entry by entry within strict bounds, and written again: the ground of TIFF, DNG and EXIF.

Sources: TIFF 6.0 section 2 (offsets of 32 bits), the BigTIFF layout of libtiff 4 (64 bits; read, never written).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

from .imagehash_source import Buffer
from .photo_file import beyond, cannot_write, cut_off, damaged

MOST_ENTRIES = 4096
TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_BIG_SIZES = {16: 8, 17: 8, 18: 8}
BYTE, SHORT, LONG, UNDEFINED, IFD = 1, 3, 4, 7, 13
_SLONG8, _IFD8 = 17, 18
_NUMBERS = {BYTE: "B", SHORT: "H", LONG: "I", IFD: "I"}
_DECODING = frozenset({
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 330, 332, 338, 339,
    347, 512, 513, 514, 530, 33421, 33422,
})  # fmt: skip
"""Tags that decide which picture a decoder shows."""


class TiffEntry(NamedTuple):
    """One field: its tag, type, number of values, and the values' bytes in the file's own order."""

    tag: int
    kind: int
    amount: int
    value: Buffer

    def numbers(self, order: str) -> tuple[int, ...]:
        """Its values as whole numbers; Malformed if it holds something else."""
        code = _NUMBERS.get(self.kind)
        if code is None:
            raise damaged(f"tag {self.tag} of it holds no numbers")
        return struct.unpack(f"{order}{self.amount}{code}", self.value)

    def same(self, other: TiffEntry, order: str) -> bool:
        """Whether another entry of this tag says the same."""
        if self.kind in _NUMBERS and other.kind in _NUMBERS:
            return self.numbers(order) == other.numbers(order)
        return (self.kind, bytes(self.value)) == (other.kind, bytes(other.value))


class Header(NamedTuple):
    """How a TIFF is to be read: byte order (``<`` or ``>``), whether offsets have 64 bits, the first directory."""

    order: str
    big: bool
    first: int


def header_of(view: memoryview) -> Header:
    """The header of a TIFF or BigTIFF; everything else is refused."""
    if len(view) < 8:
        raise cut_off("not even its header is there")
    order = {b"II": "<", b"MM": ">"}.get(bytes(view[:2]))
    magic = struct.unpack_from(f"{order}H", view, 2)[0] if order else 0
    if order is None or magic not in (42, 43):
        raise damaged("it does not begin as a TIFF does")
    if magic == 42:
        return Header(order, False, int(struct.unpack_from(order + "I", view, 4)[0]))
    if len(view) < 16 or struct.unpack_from(order + "HH", view, 4) != (8, 0):
        raise damaged("it does not begin as a BigTIFF does")
    return Header(order, True, int(struct.unpack_from(order + "Q", view, 8)[0]))


def read_directory(
    view: memoryview, at: int, order: str, strict: bool = True, big: bool = False
) -> tuple[list[TiffEntry], int]:
    """The entries of the directory at ``at`` and where the next one is (0: nowhere).

    Of a tag that is named twice the first counts, as for other readers. Raises Malformed if the directory does not fit
    the file, or gives two answers about where or how image data lies. An entry of unknown type is left out. Unless
    ``strict``, what fits is read of a directory that is cut off, and an entry whose values lie outside is left out.
    """
    head, size, offset = (8, 20, "Q") if big else (2, 12, "I")
    if at < 8 or at + head > len(view):
        raise cut_off(f"a directory is announced at byte {at} of {len(view)}")
    count = int(struct.unpack_from(order + ("Q" if big else "H"), view, at)[0])
    if not strict:
        count = min(count, (len(view) - at - head) // size)
    if count > MOST_ENTRIES:
        raise beyond(f"a directory of it has more than {MOST_ENTRIES:,} entries")
    end = at + head + size * count
    if end > len(view) or (strict and not count):
        raise damaged("a directory of it is empty or cut off")
    entries: dict[int, TiffEntry] = {}
    for place in range(at + head, end, size):
        entry = _entry(view, place, order, big, strict)
        if entry is None:
            continue
        known = entries.setdefault(entry.tag, entry)
        if strict and known is not entry and entry.tag in _DECODING and not known.same(entry, order):
            raise cannot_write(f"a directory of it says two things about tag {entry.tag}")
    # Some cameras end the file right after the last entry: no next directory then.
    room = struct.calcsize(offset)
    following = int(struct.unpack_from(order + offset, view, end)[0]) if end + room <= len(view) else 0
    return list(entries.values()), following


def _entry(view: memoryview, place: int, order: str, big: bool, strict: bool) -> TiffEntry | None:
    tag, kind, number = struct.unpack_from(order + ("HHQ" if big else "HHI"), view, place)
    room = 8 if big else 4
    size = number * (TYPE_SIZES | _BIG_SIZES if big else TYPE_SIZES).get(kind, 0)
    if not size:
        return None
    start = place + 4 + room
    if size > room:
        (start,) = struct.unpack_from(order + ("Q" if big else "I"), view, start)
    if start + size > len(view):
        if strict:
            raise cut_off(f"the values of tag {tag} lie outside the file")
        return None
    return _narrowed(TiffEntry(tag, kind, number, view[start : start + size]), order)


def _narrowed(entry: TiffEntry, order: str) -> TiffEntry | None:
    """An entry as an ordinary TIFF has it: numbers of 64 bits become such of 32."""
    if entry.kind not in _BIG_SIZES:
        return entry
    if entry.kind == _SLONG8:
        return None  # no tag that describes a picture has signed numbers of this size
    values = struct.unpack(f"{order}{entry.amount}Q", entry.value)
    if max(values) >> 32:
        raise beyond("a file of 4 GB, which is as long as an ordinary TIFF can be")
    kind = IFD if entry.kind == _IFD8 else LONG
    return TiffEntry(entry.tag, kind, entry.amount, struct.pack(f"{order}{entry.amount}I", *values))


def directory_bytes(entries: Iterable[TiffEntry], order: str, at: int, following: int = 0) -> bytes:
    """The directory, and after it its values, as they are written at the even position ``at``."""
    ordered = sorted(entries, key=lambda each: each.tag)
    table = bytearray(struct.pack(order + "H", len(ordered)))
    values = bytearray()
    place = at + 2 + 12 * len(ordered) + 4
    for tag, kind, count, value in ordered:
        table += struct.pack(order + "HHI", tag, kind, count)
        if len(value) <= 4:
            table += bytes(value).ljust(4, b"\0")
            continue
        table += struct.pack(order + "I", place + len(values))
        values += value
        values += bytes(len(value) & 1)
    return bytes(table + struct.pack(order + "I", following) + values)


def number_entry(tag: int, order: str, *values: int) -> TiffEntry:
    """An entry of LONG values."""
    return TiffEntry(tag, LONG, len(values), struct.pack(f"{order}{len(values)}I", *values))
