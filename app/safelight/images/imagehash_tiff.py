"""The coded image data of TIFF, BigTIFF and DNG, for the hash of image data (kind ``tiff-strips``).

Every image file directory is visited: the chain from the header, and below each its SubIFDs (tag 330), breadth first.
A directory that holds image data gives ``IFD``; then each of the tags below that it has, by number, as tag (2 bytes),
count (4 bytes) and its values (8 bytes each), all big-endian whatever the file's order; then each strip, tile or old
JPEG stream as its length (8 bytes, big-endian) and its bytes. Offsets, and all other tags, are left out.
Sources: TIFF 6.0 sections 2, 3 and 15; the BigTIFF layout of libtiff 4; DNG 1.6 for SubIFDs and the CFA tags.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator

from .imagehash_source import Buffer, ImageSource

_MOST_DIRECTORIES = 64
_MOST_ENTRIES = 4096
_MOST_VALUES = 1 << 20

# BYTE, SHORT, LONG, SBYTE, UNDEFINED, SSHORT, SLONG, IFD, LONG8, SLONG8, IFD8; read as unsigned, which loses nothing.
_TYPES = {1: "B", 3: "H", 4: "I", 6: "B", 7: "B", 8: "H", 9: "I", 13: "I", 16: "Q", 17: "Q", 18: "Q"}

# Bytes of one value of every type, to see that even what is not hashed is there.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

_SUB_IFDS = 330
_DATA = ((273, 279), (324, 325), (513, 514))
"""(offsets, byte counts) of strips, tiles, and the one stream of an old JPEG-in-TIFF."""
_CODING = frozenset({
    256, 257, 258, 259, 262, 266, 277, 278, 284, 292, 293, 317,  # size, depth, compression, layout, predictor
    320, 322, 323, 332, 338, 339, 347, 512, 530,  # palette, tiles, inks, alpha, sample format, JPEG tables, subsampling
    33421, 33422,  # the colour filter pattern of a raw picture
})  # fmt: skip


def tiff_parts(source: ImageSource) -> Iterator[Buffer]:
    """The parts to hash, in order. Raises Malformed if directories loop, overlap past the file, or hold no picture."""
    mark = bytes(source.at(0, 2))
    if mark not in (b"II", b"MM"):
        raise source.wrong("it does not begin as a TIFF does")
    order = "<" if mark == b"II" else ">"
    (magic,) = struct.unpack(order + "H", source.at(2, 2))
    if magic not in (42, 43):
        raise source.wrong("it does not begin as a TIFF does")
    big = magic == 43
    (first,) = struct.unpack(order + ("Q" if big else "I"), source.at(8 if big else 4, 8 if big else 4))
    waiting, seen, left, found = deque([first]), set[int](), source.size, False
    while waiting:
        at = waiting.popleft()
        if at in seen:
            raise source.wrong("its directories run in a circle")
        if len(seen) >= _MOST_DIRECTORIES:
            raise source.beyond(f"it has more than {_MOST_DIRECTORIES} directories")
        seen.add(at)
        tags, following = _directory(source, at, order, big)
        if following:
            waiting.append(following)
        waiting.extend(tags.get(_SUB_IFDS, ()))
        runs = list(_runs(source, tags))
        if not runs:
            continue
        found = True
        yield b"IFD"
        for tag in sorted(_CODING & tags.keys()):
            values = tags[tag]
            yield struct.pack(f">HI{len(values)}Q", tag, len(values), *values)
        for offset, length in runs:
            left -= length
            if left < 0:  # the same bytes named again and again would make a small file slow
                raise source.wrong("its strips overlap")
            yield length.to_bytes(8, "big")
            yield from source.pieces(offset, length)
    if not found:
        raise source.wrong("it holds no picture")


def _runs(source: ImageSource, tags: dict[int, tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    for starts, lengths in _DATA:
        if starts in tags or lengths in tags:
            if len(tags.get(starts, ())) != len(tags.get(lengths, ())):
                raise source.wrong("it names more strips than it places")
            yield from zip(tags[starts], tags[lengths], strict=True)


def _directory(source: ImageSource, at: int, order: str, big: bool) -> tuple[dict[int, tuple[int, ...]], int]:
    """The numeric tags we need of one directory, and where the next one is (0 if nowhere)."""
    head, entry, offset = (8, 20, "Q") if big else (2, 12, "I")
    (count,) = struct.unpack(order + ("Q" if big else "H"), source.at(at, head))
    if not count:
        raise source.wrong("a directory of it is empty")
    if count > _MOST_ENTRIES:
        raise source.beyond(f"a directory of it has more than {_MOST_ENTRIES:,} entries")
    table = source.at(at + head, count * entry)
    tags: dict[int, tuple[int, ...]] = {}
    wanted = _CODING | {_SUB_IFDS} | {tag for pair in _DATA for tag in pair}
    for line in range(0, count * entry, entry):
        tag, kind, values = struct.unpack_from(order + "HH" + offset, table, line)
        size, room = _SIZES.get(kind, 0) * values, 8 if big else 4
        where = line + entry - room
        if size <= room:
            untrusted = table[where : where + size]
        else:
            (far,) = struct.unpack_from(order + offset, table, where)
            untrusted = source.at(far, size)
        if tag in wanted and kind in _TYPES:
            if values > _MOST_VALUES:
                raise source.beyond(f"tag {tag} of it has more than {_MOST_VALUES:,} values")
            tags[tag] = struct.unpack(f"{order}{values}{_TYPES[kind]}", untrusted)
    (following,) = struct.unpack(order + offset, source.at(at + head + count * entry, 8 if big else 4))
    return tags, following
