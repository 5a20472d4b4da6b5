"""The coded image data of HEIC, for the hash of image data (kind ``heif-items``).

From the one ``meta`` box: each ``hvcC``, ``av1C``, ``ispe``, ``irot``, ``imir`` and ``clap`` property in ``iprp/ipco``,
as the whole box; then each item that is not ``Exif``, ``mime`` or ``uri `` in order of its id, as id (4 bytes), type
(4 bytes), length (8 bytes), all big-endian, and its data. Where the data lies is left out, so metadata may move it.
Sources: ISO/IEC 14496-12:2022 8.11 (meta, iloc, iinf), ISO/IEC 23008-12:2022 6 and 9.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from .imagehash_source import Buffer, ImageSource

_MOST_BOXES = 20_000
_PROPERTIES = frozenset({b"hvcC", b"av1C", b"ispe", b"irot", b"imir", b"clap"})
_METADATA = frozenset({b"Exif", b"mime", b"uri "})

_Box = tuple[bytes, int, int, int]
"""Type, start, start of content, end."""
_Extent = tuple[int, int]


def heif_parts(source: ImageSource) -> Iterator[Buffer]:
    """The parts to hash, in order. Raises Malformed if a box is cut off or an item has no place."""
    top = list(_boxes(source, 0, source.size))
    if not top or top[0][0] != b"ftyp":
        raise source.wrong("it does not begin as a HEIC does")
    meta = _only(source, top, b"meta")
    inner = list(_boxes(source, meta[2] + 4, meta[3]))  # 4: version and flags of a full box
    shared = [box for box in inner if box[0] == b"iprp"]
    for box in (part for iprp in shared for part in _boxes(source, iprp[2], iprp[3]) if part[0] == b"ipco"):
        for kind, start, _, end in _boxes(source, box[2], box[3]):
            if kind in _PROPERTIES:
                yield from source.pieces(start, end - start)
    kinds = _item_types(source, _only(source, inner, b"iinf"))
    inside = next((box for box in inner if box[0] == b"idat"), None)
    places = _places(source, _only(source, inner, b"iloc"), inside)
    left, found = source.size, False
    for item in sorted(kinds):
        if kinds[item] in _METADATA:
            continue
        if item not in places:
            raise source.wrong(f"item {item} of it has no place")
        length = sum(size for _, size in places[item])
        left -= length
        if left < 0:
            raise source.wrong("its items overlap")
        found = found or length > 0
        yield item.to_bytes(4, "big") + kinds[item] + length.to_bytes(8, "big")
        for offset, size in places[item]:
            yield from source.pieces(offset, size)
    if not found:
        raise source.wrong("it holds no picture")


_PICTURE_BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip"})
_NAMES = {b"Exif": "EXIF", b"mime": "XMP", b"uri ": "other data"}


def unread_beside(untrusted_data: Buffer, read: Collection[bytes]) -> frozenset[str]:
    """What else a HEIC holds than its pictures and one metadata item of each kind in ``read``: ``EXIF``, ``XMP`` ...

    A decoder gives the metadata of the first picture only; such a file leaves whole, with all that is in it. Raises
    Malformed as :func:`heif_parts` does.
    """
    source = ImageSource(untrusted_data)
    top = list(_boxes(source, 0, source.size))
    meta = _only(source, top, b"meta")
    inner = list(_boxes(source, meta[2] + 4, meta[3]))
    inside = next((box for box in inner if box[0] == b"idat"), None)
    places = _places(source, _only(source, inner, b"iloc"), inside)
    kinds = _item_types(source, _only(source, inner, b"iinf"))
    # Programs that take metadata out may leave its item behind, empty.
    items = Counter(kind for item, kind in kinds.items() if any(size for _, size in places.get(item, ())))
    names = {name for kind, name in _NAMES.items() if items[kind] > (kind in read)}
    return frozenset(names | {"other data" for box in top if box[0] not in _PICTURE_BOXES})


def _boxes(source: ImageSource, at: int, end: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, kind, head = _number(source, at, 4), bytes(source.at(at + 4, 4)), 8
        if size == 1:
            size, head = _number(source, at + 8, 8), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise source.torn("a box of it reaches past its end")
        yield kind, at, at + head, at + size
        at += size
    raise source.beyond(f"it has more than {_MOST_BOXES:,} boxes")


def _only(source: ImageSource, boxes: list[_Box], kind: bytes) -> _Box:
    found = [box for box in boxes if box[0] == kind]
    if len(found) != 1:
        raise source.wrong(f"it must have one {kind.decode('ascii')} box")
    return found[0]


def _number(source: ImageSource, at: int, size: int) -> int:
    return int.from_bytes(source.at(at, size), "big")


def _item_types(source: ImageSource, box: _Box) -> dict[int, bytes]:
    _, _, at, end = box
    wide = 2 if source.at(at, 1)[0] == 0 else 4
    kinds: dict[int, bytes] = {}
    for kind, _, inner, _ in _boxes(source, at + 4 + wide, end):
        version = source.at(inner, 1)[0]
        if kind != b"infe" or version not in (2, 3):
            raise source.wrong("its list of items is of an unknown version")
        size = 2 if version == 2 else 4
        item = _number(source, inner + 4, size)
        if item in kinds:
            raise source.wrong(f"it lists item {item} twice")
        kinds[item] = bytes(source.at(inner + 4 + size + 2, 4))
    return kinds


def _places(source: ImageSource, box: _Box, inside: _Box | None) -> dict[int, list[_Extent]]:
    """Where the data of each item lies in the file (14496-12, 8.11.3)."""
    _, _, at, _ = box
    version = source.at(at, 1)[0]
    if version > 2:
        raise source.wrong("its list of places is of an unknown version")
    sizes = bytes(source.at(at + 4, 2))
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    if {offset_size, length_size, base_size, index_size} - {0, 4, 8}:
        raise source.wrong("its list of places has odd numbers")
    wide = 2 if version < 2 else 4
    at += 6
    count = _number(source, at, wide)
    at += wide
    places: dict[int, list[_Extent]] = {}
    budget = _MOST_BOXES
    for _ in range(count):
        item = _number(source, at, wide)
        at += wide
        method = _number(source, at, 2) & 15 if version else 0
        at += (2 if version else 0) + 2  # 2: data reference index, always this file
        base, extents = _number(source, at, base_size), _number(source, at + base_size, 2)
        at += base_size + 2
        if method > 1 or (method == 1 and inside is None):
            raise source.wrong(f"item {item} of it lies in a place we do not read")
        begin = base + (inside[2] if method == 1 and inside is not None else 0)
        budget -= 1 + extents
        if budget < 0:
            raise source.beyond(f"it has more than {_MOST_BOXES:,} items")
        runs = places.setdefault(item, [])
        for _ in range(extents):
            start = begin + _number(source, at + index_size, offset_size)
            length = _number(source, at + index_size + offset_size, length_size)
            runs.append((start, length if length_size else source.size - start))
            at += index_size + offset_size + length_size
    return places
