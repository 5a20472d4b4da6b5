"""A TIFF or DNG written anew with nothing but its picture: image data as it is, and the tags that describe it.

All directories of the chain and the SubIFDs below them are carried over, because each may hold image data that the
photo's hash covers; of their tags only those that say how to decode, develop and place the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from . import exif
from .imagehash_source import Buffer
from .photo_file import LOCATION, cut_off, damaged
from .tiff_directory import Entry, directory_bytes, first_offset, number_entry, read_directory

XMP_TAG, _SUB_IFDS = 700, 330
_DATA = ((273, 279), (324, 325), (513, 514))
_MOST_DIRECTORIES, _MOST_DEPTH, _MOST_RUNS = 64, 4, 1 << 20

_BASELINE = frozenset({
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 271, 272, 274, 277, 278, 280, 281, 282, 283, 284, 290, 291,
    292, 293, 296, 297, 301, 305, 306, 317, 318, 319, 320, 321, 322, 323, 332, 334, 336, 338, 339, 340, 341, 342, 347,
    512, 515, 517, 518, 529, 530, 531, 532, 34675,  # 34675: ICC profile
    33421, 33422, 37398, 50341,  # colour filter array, TIFF/EP id
})  # fmt: skip
# Camera serial number, local data of the maker, raw data id, name and bytes of the original raw file: not carried over.
_NOT_OF_DNG = frozenset({50735, 50740, 50781, 50827, 50828, 50972, 50973})
_DNG = frozenset(range(50706, 50740)) | frozenset(range(50741, 51190)) | frozenset(range(52525, 52560))
_KEPT = _BASELINE | (_DNG - _NOT_OF_DNG - {52545})


class Rebuilt(NamedTuple):
    """Everything after the header, the entries of the first directory, and the place of the second."""

    base: tuple[Buffer, ...]
    entries: tuple[Entry, ...]
    following: int


@dataclass(slots=True)
class _Directory:
    """One directory of the original, with its image data, on its way to the new file."""

    entries: list[Entry]
    runs: dict[int, list[tuple[int, int]]]
    children: list[_Directory]
    linked: dict[int, list[Entry]]


def rebuilt(untrusted: memoryview, order: str, keep: frozenset[str]) -> Rebuilt:
    """The parts of the new file. Raises Malformed if directories circle, or image data overlaps or is not there."""
    seen: set[int] = set()
    chain: list[_Directory] = []
    at = first_offset(untrusted, order)
    while at:
        directory, at = _read(untrusted, at, order, keep, seen, 0)
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
    view: memoryview, at: int, order: str, keep: frozenset[str], seen: set[int], depth: int
) -> tuple[_Directory, int]:
    if at in seen or len(seen) >= _MOST_DIRECTORIES or depth > _MOST_DEPTH:
        raise damaged("its directories run in a circle or are too many")
    seen.add(at)
    entries, following = read_directory(view, at, order)
    by_tag = {each.tag: each for each in entries}
    runs: dict[int, list[tuple[int, int]]] = {}
    for starts, lengths in _DATA:
        if (starts in by_tag) != (lengths in by_tag):
            raise damaged("it names more strips than it places")
        if starts in by_tag:
            places, sizes = by_tag[starts].numbers(order), by_tag[lengths].numbers(order)
            if len(places) != len(sizes) or len(places) > _MOST_RUNS:
                raise damaged("it names more strips than it places")
            runs[starts] = [(place, place + size) for place, size in zip(places, sizes, strict=True)]
            if any(end > len(view) for _, end in runs[starts]):
                raise cut_off("its image data lies outside the file")
    if by_tag.get(259) is not None and by_tag[259].numbers(order)[:1] == (6,) and 513 not in by_tag:
        raise damaged("its old kind of JPEG compression cannot be carried over")
    children = []
    if _SUB_IFDS in by_tag:
        for place in by_tag[_SUB_IFDS].numbers(order):
            child, beside = _read(view, place, order, keep, seen, depth + 1)
            if beside:
                raise damaged("a directory below another has one beside it")
            children.append(child)
    kept = [each for each in entries if each.tag in exif.kept_tags(_KEPT, keep) or each.tag in (279, 325, 514)]
    linked = {exif.EXIF_IFD: exif.kept_tags(exif.PHOTOGRAPH, keep)}
    if LOCATION in keep:
        linked[exif.GPS_IFD] = frozenset(range(1 << 16))
    found = {tag: exif.linked_directory(view, order, entries, tag) for tag in linked}
    photograph = {tag: [each for each in found[tag] if each.tag in linked[tag]] for tag in linked}
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

    def finished_entries(self, directory: _Directory) -> list[Entry]:
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
