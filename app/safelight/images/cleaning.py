"""Takes out of a picture file what would give people, places and devices away, and leaves the picture as it is.

Gone are GPS, serial numbers, owner and artist names, maker notes, embedded thumbnails and second pictures (each a face
of its own), comments, IPTC-IIM, text chunks, older content credentials, and data behind the end. Kept are image data
bit for bit, orientation, colour profile, camera, lens and exposure. What is not known is not carried over. Raw formats
other than DNG, and HEIC, are not rewritten: :func:`can_clean` says so, and whoever exports must tell.
"""

from __future__ import annotations

from safelight.domain.errors import Malformed

from . import exif, tiff_rebuild, xmp_packet
from .imagehash_source import Buffer
from .photo_file import PhotoFile
from .rights_marks import RightsMarks
from .xmp import read_photo, sniffed, takes_xmp

_OF_EXIF = frozenset({
    "location", "serials", "names", "maker notes", "thumbnail", "other fields", "unreadable EXIF",
    "data after the picture",
})  # fmt: skip
_CREDENTIALS = 1 << 18
"""More bytes than a manifest store of ours ever has."""


def can_clean(media_type: str) -> bool:
    """Whether :func:`clean` can do its work on files of this type."""
    return takes_xmp(media_type)


def carried_tags() -> frozenset[int]:
    """The tags of EXIF, TIFF and DNG that may stay, for whoever lists what goes from files that are not rewritten."""
    return exif.IMAGE | exif.PHOTOGRAPH | tiff_rebuild.TABLES | tiff_rebuild.WORDED


def clean(untrusted_image: Buffer, media_type: str, keep: frozenset[str] = frozenset()) -> list[Buffer]:
    """The cleaned file as buffers and slices. ``keep``: any of ``location``, ``serials``, ``names``.

    XMP stays as far as it gives nothing away; if it cannot be read it goes. Raises Malformed if the file is torn, and
    WrongUsage for a type that :func:`can_clean` says no to.
    """
    photo = read_photo(untrusted_image, media_type)
    return photo.cleaned(keep).with_xmp(_cleaned_xmp(photo, keep)).parts()


def unwritable(untrusted_image: Buffer, media_type: str) -> str:
    """Why a photo cannot be written with our marks in it, as part of a sentence; empty if it can.

    The whole way is gone on a packet and credentials of the largest size, without copying or decoding the picture.
    Files of a type that :func:`can_clean` says no to keep their bytes: nothing stands in their way.
    """
    if not can_clean(media_type):
        return ""
    try:
        photo = read_photo(untrusted_image, media_type).cleaned(frozenset())
        photo.with_xmp(bytes(xmp_packet.MOST_PACKET_BYTES)).with_credentials(bytes(_CREDENTIALS)).parts()
    except Malformed as error:
        return error.phrase
    return ""


def listed(untrusted_image: Buffer, media_type: str = "") -> tuple[str, ...]:
    """What :func:`clean` would take out, in words, sorted: ``location``, ``serials``, ``names``, ``thumbnail`` ...

    Empty for a type that cannot be cleaned. Raises Malformed if the file is torn.
    """
    kind = media_type or sniffed(untrusted_image)
    if kind is None or not can_clean(kind):
        return ()
    photo = read_photo(untrusted_image, kind)
    words = set(photo.private())
    try:
        packet = photo.xmp()
        words |= xmp_packet.private_in(packet) if packet else frozenset()
    except Malformed:
        words.add("unreadable XMP")
    return tuple(sorted(words))


def listed_beside(untrusted_image: Buffer, media_type: str) -> tuple[str, ...]:
    """As :func:`listed`, without what EXIF and XMP hold: ``comment``, ``text``, ``IPTC-IIM``, ``second picture`` ..."""
    if not can_clean(media_type):
        return ()
    return tuple(sorted(read_photo(untrusted_image, media_type).private() - _OF_EXIF))


def orientation_of(untrusted_image: Buffer, media_type: str) -> int | None:
    """How the picture is turned (1 to 8), where an exported photo will say it: EXIF first, then XMP; None: unknown.

    Raises Malformed if the file is torn or its XMP does not unpack.
    """
    if not can_clean(media_type):
        return None
    photo = read_photo(untrusted_image, media_type)
    turn = photo.orientation()
    packet = photo.xmp() if turn is None else None
    return xmp_packet.turned_by(packet) if packet else turn


def _cleaned_xmp(photo: PhotoFile, keep: frozenset[str]) -> bytes | None:
    packet: bytes | None = None
    try:
        packet = photo.xmp()
        return xmp_packet.without_private(packet, keep) if packet else None
    except Malformed:
        return xmp_packet.turning(xmp_packet.turned_by(packet) if packet else None)


def merged_xmp(photo: PhotoFile, marks: RightsMarks, keep: frozenset[str] = frozenset()) -> bytes:
    """Our marks beside what may stay of the photo's own XMP; one that cannot be read is replaced.

    How the picture is turned is kept even then, where readers find it.
    """
    packet: bytes | None = None
    try:
        packet = photo.xmp()
        return xmp_packet.merge(packet, marks, keep)
    except Malformed:
        return xmp_packet.merge(None, marks, turned=xmp_packet.turned_by(packet) if packet else None)
