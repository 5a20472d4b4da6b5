"""XMP in and out of picture files without touching the picture: JPEG, PNG, WebP, TIFF and DNG.

Nothing is copied: the answer is a list of small buffers and slices of the image that was handed in, to be written one
after the other. All other kinds of file keep their bytes and get a ``.xmp`` file beside them.
"""

from __future__ import annotations

from safelight.domain.errors import WrongUsage

from .image_format import HEAD, format_of, sniff
from .imagehash_source import Buffer
from .media_type import MediaType
from .photo_file import PhotoFile


def takes_xmp(media_type: str) -> bool:
    """Whether metadata can be written into such a file; for all others it goes into files beside it."""
    return format_of(media_type).container is not None


def read_photo(untrusted_image: Buffer, media_type: str) -> PhotoFile:
    """The container of a picture. Raises Malformed if it is torn or lies, WrongUsage for a kind without a reader."""
    read = format_of(media_type).container
    if read is None:
        raise WrongUsage(f"Nothing can be written into a file of type {media_type}.", "Use files beside it.")
    return read(memoryview(untrusted_image).cast("B"))


def find_xmp(untrusted_image: Buffer, media_type: str = "") -> bytes | None:
    """The XMP packet inside a file, unchecked; None if it has none or is of a kind that takes none."""
    kind = media_type or sniffed(untrusted_image)
    return read_photo(untrusted_image, kind).xmp() if kind and takes_xmp(kind) else None


def sniffed(untrusted_image: Buffer) -> MediaType | None:
    """What a file is by its first bytes alone, without a name."""
    return sniff(bytes(memoryview(untrusted_image).cast("B")[:HEAD]))
