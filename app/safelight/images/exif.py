"""EXIF rewritten from the few facts that say how a picture was taken; who, where and with which device stays behind.

The block is built anew from a list of tags that may stay, never by blanking bytes: what is not understood is not
carried. Gone are GPS, serial numbers, owner and artist, comments, maker notes (they hold all of these, and faces) and
the embedded thumbnail, which is a second picture of the person. Source: CIPA DC-008 (Exif 3.0), tables 4 to 9.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from safelight.domain.errors import Malformed

from .exif_values import harmless, orientation_in
from .photo_file import LOCATION, NAMES, SERIALS, damaged
from .tiff_directory import SHORT, TiffEntry, directory_bytes, header_of, number_entry, read_directory

EXIF_IFD, GPS_IFD = 34665, 34853
_LINKS = frozenset({EXIF_IFD, GPS_IFD, 40965, 513, 514, 330, 59932})  # pointers and padding, nothing by themselves

IMAGE = frozenset({
    271, 272, 274, 282, 283, 296, 301, 305, 306, 318, 319, 529, 531, 532,  # camera, orientation, resolution, colour
})  # fmt: skip
"""What may stay in the main directory."""
PHOTOGRAPH = frozenset({
    33434, 33437, 34850, 34855, 34864, 34865, 34866, 34867, 34868, 34869,  # exposure, sensitivity
    36864, 36867, 36868, 36880, 36881, 36882, 37121, 37122, 37520, 37521, 37522,  # version, times
    37377, 37378, 37379, 37380, 37381, 37382, 37383, 37384, 37385, 37386,  # shutter, aperture, distance, light
    40960, 40961, 40962, 40963, 41483, 41486, 41487, 41488, 41493, 41495, 41728, 41729, 41730,  # colour, size, sensor
    41985, 41986, 41987, 41988, 41989, 41990, 41991, 41992, 41993, 41994, 41996,  # rendering, white balance, zoom
    42034, 42035, 42036, 42240, 42080,  # lens (not its number), gamma, composite
})  # fmt: skip
"""What may stay in the Exif directory."""

OPTIONAL = {
    SERIALS: frozenset({42033, 42037, 42016, 50735}),
    NAMES: frozenset({269, 270, 285, 315, 316, 33432, 37510, *range(40091, 40096), 42032, 42038, 42039, 42040}),
}
"""What stays only on request: body, lens and camera serial number, image id; description, artist, owner, title ..."""

_WORDS = {37500: "maker notes", 50740: "maker notes", GPS_IFD: LOCATION, 33723: "IPTC-IIM", 34377: "Photoshop data"}


def rebuilt(untrusted_exif: memoryview, keep: frozenset[str]) -> bytes | None:
    """A new EXIF block (from ``II`` or ``MM`` on, without the six bytes before it) with what may stay, or None.

    One that cannot be read is dropped as a whole, as is any field that reaches outside: nothing unread is carried on.
    """
    try:
        order, main, sub = _directories(untrusted_exif)
    except Malformed:
        return None
    image = [plain_orientation(each, order) for each in main if stays(each, IMAGE, keep)]
    photograph = [each for each in sub if stays(each, PHOTOGRAPH, keep)]
    place = _read_place(untrusted_exif, order, main) if LOCATION in keep else []
    if not (image or photograph or place):
        return None
    links = [tag for tag, group in ((EXIF_IFD, photograph), (GPS_IFD, place)) if group]
    # The main directory comes first; its length does not depend on the offsets in it, so it is written twice.
    draft = directory_bytes([*image, *(number_entry(tag, order, 0) for tag in links)], order, 8)
    at = 8 + len(draft)
    blocks: list[bytes] = []
    offsets: list[TiffEntry] = []
    for tag, group in ((EXIF_IFD, photograph), (GPS_IFD, place)):
        if group:
            offsets.append(number_entry(tag, order, at))
            blocks.append(directory_bytes(group, order, at))
            at += len(blocks[-1])
    head = (b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08") + directory_bytes([*image, *offsets], order, 8)
    return head + b"".join(blocks)


def private_in(untrusted_exif: memoryview) -> frozenset[str]:
    """What :func:`rebuilt` would leave out, in words; an unreadable block is ``unreadable EXIF``."""
    try:
        order, main, sub = _directories(untrusted_exif)
        _, following = read_directory(untrusted_exif, header_of(untrusted_exif).first, order, strict=False)
    except Malformed:
        return frozenset({"unreadable EXIF"})
    words = words_of([*main, *sub]) | (frozenset({"thumbnail"}) if following else frozenset())
    lost = [each for each in main if not stays(each, IMAGE)] + [each for each in sub if not stays(each, PHOTOGRAPH)]
    return words | other_words(lost)


def from_camera(untrusted_exif: memoryview) -> bool:
    """Whether the block says what only a camera writes: maker, model, and the moment the picture was taken."""
    try:
        _, main, sub = _directories(untrusted_exif)
    except Malformed:
        return False
    there = {each.tag for each in (*main, *sub) if harmless(each) and bytes(each.value).strip(b"\0 :0")}
    return {271, 272, 36867} <= there


def orientation(untrusted_exif: memoryview) -> int | None:
    """How the picture is turned (1 to 8) by the first field that says so; None if none does."""
    try:
        _, main, _ = _directories(untrusted_exif)
    except Malformed:
        return None
    return next((turn for each in main if (turn := orientation_in(each)) is not None), None)


def first_orientation(untrusted_blocks: Iterable[memoryview]) -> int | None:
    """What the first block that says how the picture is turned says."""
    return next((turn for each in untrusted_blocks if (turn := orientation(each)) is not None), None)


def words_of(entries: list[TiffEntry]) -> frozenset[str]:
    """What private things these fields hold, in words."""
    words = {_WORDS[each.tag] for each in entries if each.tag in _WORDS}
    for word, tags in OPTIONAL.items():
        if any(each.tag in tags and bytes(each.value).strip(b"\0 ") for each in entries):
            words.add(word)
    return frozenset(words)


def other_words(lost: list[TiffEntry]) -> frozenset[str]:
    """A word for fields that go although nothing is known against them: only what is known is carried over."""
    named = _LINKS.union(_WORDS, *OPTIONAL.values())
    return frozenset({"other fields"}) if any(each.tag not in named for each in lost) else frozenset()


def stays(entry: TiffEntry, tags: frozenset[int], keep: frozenset[str] = frozenset()) -> bool:
    """Whether a field travels: its tag is one of ``tags`` and its value is what such a field says, or it is asked for.

    ``keep`` holds words of :data:`OPTIONAL`.
    """
    if any(entry.tag in OPTIONAL.get(word, ()) for word in keep):
        return True
    return entry.tag in tags and harmless(entry)


def plain_orientation(entry: TiffEntry, order: str) -> TiffEntry:
    """The same field; an orientation as the kind of number the standard wants, because some readers take no other."""
    turn = orientation_in(entry)
    return entry if turn is None else TiffEntry(entry.tag, SHORT, 1, struct.pack(order + "H", turn))


def _directories(view: memoryview) -> tuple[str, list[TiffEntry], list[TiffEntry]]:
    """The byte order, the main directory and the Exif directory below it (empty if it cannot be read)."""
    order, big, first = header_of(view)
    if big:
        raise damaged("EXIF is never a BigTIFF")
    main, _ = read_directory(view, first, order, strict=False)
    return order, main, linked_directory(view, order, main, EXIF_IFD)


def linked_directory(
    view: memoryview, order: str, main: list[TiffEntry], tag: int, big: bool = False
) -> list[TiffEntry]:
    """The directory that ``tag`` points at; empty if there is none or it cannot be read."""
    link = next((each for each in main if each.tag == tag), None)
    if link is None:
        return []
    try:
        return read_directory(view, link.numbers(order)[0], order, strict=False, big=big)[0]
    except Malformed:
        return []


def _read_place(view: memoryview, order: str, main: list[TiffEntry]) -> list[TiffEntry]:
    return linked_directory(view, order, main, GPS_IFD)
