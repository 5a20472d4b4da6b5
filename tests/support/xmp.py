"""Puts an XMP packet into a picture, the way the program does it where it marks what leaves."""

from __future__ import annotations

from safelight.images.imagehash_source import Buffer
from safelight.images.xmp import read_photo


def embed_xmp(image: Buffer, media_type: str, packet: bytes) -> list[Buffer]:
    """The file with ``packet`` in place of its XMP."""
    return read_photo(image, media_type).with_xmp(packet).parts()
