"""The hash of a picture itself: of its coded image data, so that metadata may change and the hash does not."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple


class ImageHash(NamedTuple):
    """How the image data was taken out of the file, and its SHA-256 as 64 lower-case hexadecimal digits."""

    kind: str
    sha256: str


def image_data_sha256(untrusted_data: bytes | bytearray | memoryview | BinaryIO, media_type: str) -> ImageHash:
    """SHA-256 over what a decoder needs to rebuild the stored samples, and nothing else; see the page's top.

    ``untrusted_data`` is the whole file or a seekable binary stream of it. Nothing is decoded. Raises
    :class:`safelight.domain.errors.Malformed` when the file is torn or its structure lies about itself.
    """
    raise NotImplementedError(media_type)


def jpeg_scans(untrusted_data: bytes | bytearray | memoryview | BinaryIO) -> int:
    """How many scans a JPEG holds: a decoder's work is scans times pixels, so this is asked before decoding."""
    raise NotImplementedError
