"""A TIFF or DNG written anew with nothing but its picture: image data as it is, and the tags that describe it.

All directories of the chain and the SubIFDs below them are carried over, because each may hold image data that the
photo's hash covers; of their tags only those that say how to decode, develop and place the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from . import exif
from .imagehash_source import Buffer
from .photo_file import LOCATION, beyond, cannot_write, cut_off, damaged
from .tiff_directory import Header, TiffEntry, directory_bytes, number_entry, read_directory

XMP_TAG, _SUB_IFDS = 700, 330
_DATA = ((273, 279), (324, 325), (513, 514))
_ASCII = 2
_MOST_DIRECTORIES, _MOST_DEPTH, _MOST_RUNS = 64, 4, 1 << 20

TABLES = frozenset({
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 277, 278, 279, 280, 281, 284, 290, 291, 292, 293, 297, 301,
    317, 318, 319, 320, 321, 322, 323, 325, 332, 334, 336, 338, 339, 340, 341, 342, 347, 512, 514, 515, 517, 518, 529,
    530, 531, 532, 34675, 33421, 33422, 37398,  # 34675: ICC profile; then colour filter array, TIFF/EP id
    50706, 50707, *range(50710, 50735), *range(50736, 50740),  # DNG: versions, sensor, matrices, lens, no serial number
    50778, 50779, 50780, *range(50829, 50835), 50879, *range(50937, 50942), 50964, 50965, 50970, 50974, 50975, 50981,
    50982, 51008, 51009, 51022, 51041, 51089, 51090, 51091, *range(51107, 51111), 51112, 51125, 52525,
    *range(52529, 52539), 52543, 52544, 52547, 52551, 52553, 52554, 52555,  # colour profiles, opcodes, gain maps, crops
})  # fmt: skip
"""What decodes, develops and places a picture: numbers and tables, of any length, but no words."""

WORDED = frozenset({271, 272, 274, 282, 283, 296, 305, 306, 50708})
"""Camera, orientation, resolution, program, time, model for DNG: looked at by value, as in EXIF."""


class Rebuilt(NamedTuple):
    """Everything after the header, the entries of the first directory, and the place of the second."""

    base: tuple[Buffer, ...]
    entries: tuple[TiffEntry, ...]
    following: int


@dataclass(slots=True)
class _Directory:
    """One directory of the original, with its image data, on its way to the new file."""

    entries: list[TiffEntry]
    runs: dict[int, list[tuple[int, int]]]
    children: list[_Directory]
    linked: dict[int, list[TiffEntry]]


def carried(entry: TiffEntry, keep: frozenset[str] = frozenset()) -> bool:
    """Whether a field of a directory with a picture travels."""
    if entry.tag in TABLES:
        return entry.kind != _ASCII
    return exif.stays(entry, WORDED, keep)


def rebuilt(untrusted: memoryview, header: Header, keep: frozenset[str]) -> Rebuilt:
    """The parts of the new file, an ordinary TIFF. Raises Malformed if directories circle, or image data overlaps or is
    not there.
    """
    seen: set[int] = set()
    chain: list[_Directory] = []
    order, at = header.order, header.first
    while at:
        directory, at = _read(untrusted, at, header, keep, seen, 0)
        chain.append(directory)
    writer = _Writer(untrusted, order)
    for directory in chain:
        writer.place_data(directory)
    following = 0
    for directory in reversed(chain[1:]):
        following = writer.write(directory, following)
    first = writer.finished_entries(chain[0])
    return Rebuilt(writer.base(), tuple(first), following)


def _read(
    view: memoryview, at: int, header: Header, keep: frozenset[str], seen: set[int], depth: int
) -> tuple[_Directory, int]:
    if at in seen:
        raise damaged("its directories run in a circle")
    if len(seen) >= _MOST_DIRECTORIES or depth > _MOST_DEPTH:
        raise beyond(f"it has more than {_MOST_DIRECTORIES} directories, or more than {_MOST_DEPTH} below each other")
    seen.add(at)
    order, big, _ = header
    entries, following = read_directory(view, at, order, big=big)
    by_tag = {each.tag: each for each in entries}
    runs: dict[int, list[tuple[int, int]]] = {}
    for starts, lengths in _DATA:
        if (starts in by_tag) != (lengths in by_tag):
            raise damaged("it names more strips than it places")
        if starts in by_tag:
            places, sizes = by_tag[starts].numbers(order), by_tag[lengths].numbers(order)
            if len(places) != len(sizes):
                raise damaged("it names more strips than it places")
            if len(places) > _MOST_RUNS:
                raise beyond(f"it has more than {_MOST_RUNS:,} strips")
            runs[starts] = [(place, place + size) for place, size in zip(places, sizes, strict=True)]
            if any(end > len(view) for _, end in runs[starts]):
                raise cut_off("its image data lies outside the file")
    if by_tag.get(259) is not None and by_tag[259].numbers(order)[:1] == (6,) and 513 not in by_tag:
        raise cannot_write("its old kind of JPEG compression cannot be carried over")
    children = []
    if _SUB_IFDS in by_tag:
        for place in by_tag[_SUB_IFDS].numbers(order):
            child, beside = _read(view, place, header, keep, seen, depth + 1)
            if beside:
                raise cannot_write("a directory below another has one beside it")
            children.append(child)
    kept = [exif.plain_orientation(each, order) for each in entries if carried(each, keep)]
    found = {tag: exif.linked_directory(view, order, entries, tag, big) for tag in (exif.EXIF_IFD, exif.GPS_IFD)}
    photograph = {
        exif.EXIF_IFD: [each for each in found[exif.EXIF_IFD] if exif.stays(each, exif.PHOTOGRAPH, keep)],
        exif.GPS_IFD: found[exif.GPS_IFD] if LOCATION in keep else [],
    }
    return _Directory(kept, runs, children, {tag: each for tag, each in photograph.items() if each}), following


class _Writer:
    """Lays out the new file behind its header of eight bytes: image data first, then directories."""

    def __init__(self, view: memoryview, order: str) -> None:
        self._view, self._order = view, order
        self._pieces: list[tuple[int, int] | bytes] = []
        self._at = 8
        self._left = len(view)

    def base(self) -> tuple[Buffer, ...]:
        """What was laid out so far."""
        return tuple(each if isinstance(each, bytes) else self._view[each[0] : each[1]] for each in self._pieces)

    def place_data(self, directory: _Directory) -> None:
        """Lay out the image data of a directory and those below it; from now on its runs say where that is."""
        for tag, places in directory.runs.items():
            directory.runs[tag] = [self._place(start, end) for start, end in places]
        for child in directory.children:
            self.place_data(child)

    def write(self, directory: _Directory, following: int) -> int:
        """Lay out a directory whose image data is placed, and those below it; returns where it lies."""
        block_entries = self.finished_entries(directory)
        return self._add(directory_bytes(block_entries, self._order, self._even(), following))

    def finished_entries(self, directory: _Directory) -> list[TiffEntry]:
        """The entries of a directory with their new offsets; what they point at is laid out."""
        entries = list(directory.entries)
        if directory.children:
            places = [self.write(child, 0) for child in directory.children]
            entries.append(number_entry(_SUB_IFDS, self._order, *places))
        for tag, group in directory.linked.items():
            place = self._add(directory_bytes(group, self._order, self._even()))
            entries.append(number_entry(tag, self._order, place))
        for tag, data in directory.runs.items():
            entries.append(number_entry(tag, self._order, *(start for start, _ in data)))
        return entries

    def _place(self, start: int, end: int) -> tuple[int, int]:
        self._left -= end - start
        if self._left < 0:
            raise damaged("its strips overlap")
        last = self._pieces[-1] if self._pieces else b""
        if isinstance(last, tuple) and last[1] == start:  # neighbours stay neighbours: one slice for a whole picture
            self._pieces[-1] = (last[0], end)
            place = self._at
        else:
            place = self._even()
            self._pieces.append((start, end))
        self._at = place + end - start
        return place, self._at

    def _add(self, block: bytes) -> int:
        place = self._even()
        self._pieces.append(block)
        self._at += len(block)
        return place

    def _even(self) -> int:
        """Offsets are even (TIFF 6.0 section 2)."""
        if self._at & 1:
            self._pieces.append(b"\0")
            self._at += 1
        return self._at
