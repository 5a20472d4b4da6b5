"""TIFF directories read entry by entry within strict bounds, and written again: the ground of TIFF, DNG and EXIF.

Source: TIFF 6.0 section 2 (classic, offsets of 32 bits).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

from .imagehash_source import Buffer
from .photo_file import cut_off, damaged

MOST_ENTRIES = 4096
TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
BYTE, SHORT, LONG, UNDEFINED, IFD = 1, 3, 4, 7, 13


class Entry(NamedTuple):
    """One field: its tag, type, number of values, and the values' bytes in the file's own order."""

    tag: int
    kind: int
    amount: int
    value: Buffer

    def numbers(self, order: str) -> tuple[int, ...]:
        """Its values as whole numbers; Malformed if it holds something else."""
        code = {BYTE: "B", SHORT: "H", LONG: "I", IFD: "I"}.get(self.kind)
        if code is None:
            raise damaged(f"tag {self.tag} of it holds no numbers")
        return struct.unpack(f"{order}{self.amount}{code}", self.value)


def order_of(view: memoryview) -> str:
    """``<`` or ``>``, from the first eight bytes. BigTIFF and everything else is refused."""
    if len(view) < 8:
        raise cut_off("not even its header is there")
    order = {b"II": "<", b"MM": ">"}.get(bytes(view[:2]))
    magic = struct.unpack_from(f"{order}H", view, 2)[0] if order else 0
    if magic == 43:
        raise damaged("it is a BigTIFF, into which nothing is written; save it as an ordinary TIFF (under 4 GB)")
    if order is None or magic != 42:
        raise damaged("it does not begin as a TIFF does")
    return order


def first_offset(view: memoryview, order: str) -> int:
    """Where the first directory lies."""
    return int(struct.unpack_from(order + "I", view, 4)[0])


def read_directory(view: memoryview, at: int, order: str, strict: bool = True) -> tuple[list[Entry], int]:
    """The entries of the directory at ``at`` and where the next one is (0: nowhere).

    Raises Malformed if it does not fit the file. An entry of unknown type is left out; one whose values lie outside
    the file is left out too, unless ``strict``.
    """
    if at < 8 or at + 2 > len(view):
        raise cut_off(f"a directory is announced at byte {at} of {len(view)}")
    (count,) = struct.unpack_from(order + "H", view, at)
    end = at + 2 + 12 * count
    if not 0 < count <= MOST_ENTRIES or end > len(view):
        raise damaged("a directory of it is empty, too long or cut off")
    entries: list[Entry] = []
    for place in range(at + 2, end, 12):
        tag, kind, number = struct.unpack_from(order + "HHI", view, place)
        size = number * TYPE_SIZES.get(kind, 0)
        if not size:
            continue
        start = place + 8 if size <= 4 else struct.unpack_from(order + "I", view, place + 8)[0]
        if start + size > len(view):
            if strict:
                raise cut_off(f"the values of tag {tag} lie outside the file")
            continue
        entries.append(Entry(tag, kind, number, view[start : start + size]))
    if len({each.tag for each in entries}) != len(entries):
        raise damaged("a directory of it names a tag twice")
    # Some cameras end the file right after the last entry: no next directory then.
    following = struct.unpack_from(order + "I", view, end)[0] if end + 4 <= len(view) else 0
    return entries, following


def directory_bytes(entries: Iterable[Entry], order: str, at: int, following: int = 0) -> bytes:
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


def number_entry(tag: int, order: str, *values: int) -> Entry:
    """An entry of LONG values."""
    return Entry(tag, LONG, len(values), struct.pack(f"{order}{len(values)}I", *values))
