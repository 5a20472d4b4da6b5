"""XMP in and out of picture files without touching the picture: JPEG, PNG, WebP, TIFF and DNG.

Nothing is copied: the answer is a list of small buffers and slices of the image that was handed in, to be written one
after the other. All other kinds of file keep their bytes and get a ``.xmp`` file beside them.
"""

from __future__ import annotations

from collections.abc import Callable

from safelight.domain.errors import WrongUsage

from .imagehash_source import Buffer
from .photo_file import PhotoFile
from .photo_jpeg import read_jpeg
from .photo_png import read_png
from .photo_tiff import read_tiff
from .photo_webp import read_webp

_READERS: dict[str, Callable[[memoryview], PhotoFile]] = {
    "image/jpeg": read_jpeg,
    "image/png": read_png,
    "image/webp": read_webp,
    "image/tiff": read_tiff,
    "image/x-adobe-dng": read_tiff,
}
_BEGINNINGS = (
    (b"\xff\xd8", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"RIFF", "image/webp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
)


def takes_xmp(media_type: str) -> bool:
    """Whether metadata can be written into such a file; for all others it goes into files beside it."""
    return media_type in _READERS


def read_photo(untrusted_image: Buffer, media_type: str) -> PhotoFile:
    """The container of a picture. Raises Malformed if it is torn or lies, WrongUsage for a kind without a reader."""
    if not takes_xmp(media_type):
        raise WrongUsage(f"Nothing can be written into a file of type {media_type[:60]}.", "Use files beside it.")
    return _READERS[media_type](memoryview(untrusted_image).cast("B"))


def guess_type(untrusted_image: Buffer) -> str:
    """The media type by the first bytes, among those that take metadata; empty for all others."""
    head = bytes(memoryview(untrusted_image)[:4])
    return next((kind for mark, kind in _BEGINNINGS if head.startswith(mark)), "")


def embed_xmp(untrusted_image: Buffer, media_type: str, packet: bytes) -> list[Buffer]:
    """The file with ``packet`` in place of its XMP; everything else stays, image data bit for bit.

    An extended packet (JPEG) goes with the main one it belongs to. Raises as :func:`read_photo`, and Malformed if
    ``packet`` is too long for one JPEG segment (``xmp_packet.merge`` never gives such a one).
    """
    return read_photo(untrusted_image, media_type).with_xmp(packet).parts()


def find_xmp(untrusted_image: Buffer, media_type: str = "") -> bytes | None:
    """The XMP packet inside a file, unchecked; None if it has none or is of a kind that takes none."""
    kind = media_type or guess_type(untrusted_image)
    return read_photo(untrusted_image, kind).xmp() if takes_xmp(kind) else None
