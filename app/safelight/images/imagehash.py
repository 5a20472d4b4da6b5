"""The hash of a picture itself: of its coded image data, so that metadata may change and the hash does not.

A photograph is named by this hash from the card to the agency. XMP, EXIF, IPTC, ICC and C2PA may be added, edited or
stripped in between; anything that changes a stored sample changes the hash. Nothing is decoded, so an agency can
recompute it for a hostile file at the price of reading it. Each kind is SHA-256 over
``b"safelight-image-data/1 " + kind + bytes([0])`` followed by, in file order:

- ``jpeg-scans`` (ITU-T T.81 B.1): the bytes from marker to end of every SOF, DHT, DAC, DQT, DRI, DNL, DHP, EXP and SOS
  segment, the entropy-coded data with its restart markers, and an APP14 segment that begins with ``Adobe`` (without its
  transform flag the samples mean other colours). Other APPn, COM, fill bytes and all after the first EOI are left out.
- ``png-chunks`` (PNG 3rd edition 5.3): type, length (4 bytes, big-endian) and data of IHDR, PLTE, tRNS, acTL, fcTL and
  fdAT; the data of the IDAT chunks joined, however they were cut; at the end the joined length (8 bytes, big-endian).
- ``webp-chunks`` (RFC 9649): fourcc, length (4 bytes, little-endian) and payload of VP8, VP8L, ALPH, ANIM and ANMF.
- ``tiff-strips`` (TIFF 6.0, BigTIFF, and DNG): see ``imagehash_tiff.py``. ``heif-items``: see ``imagehash_heif.py``.
- ``file`` (all other raw formats, whose bytes are never altered): SHA-256 of the whole file, without any prefix.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

from safelight.domain.ids import Sha256

from .image_format import WHOLE_FILE, format_of
from .imagehash_source import Buffer, ImageSource


class ImageHash(NamedTuple):
    """How the image data was taken out of the file, and its SHA-256 as 64 lower-case hexadecimal digits."""

    kind: str
    sha256: Sha256


def image_data_sha256(untrusted_data: Buffer | BinaryIO, media_type: str) -> ImageHash:
    """SHA-256 over what a decoder needs to rebuild the stored samples, and nothing else; see the top of this file.

    ``untrusted_data`` is the whole file or a seekable binary stream of it, which is read in pieces. Raises
    :class:`safelight.domain.errors.Malformed` when the file is torn, its structure lies about itself or the format is
    not in the table, and leaves errors of reading the stream to the caller.
    """
    known = format_of(media_type)
    source = ImageSource(untrusted_data)
    kind = known.hash_kind
    digest = hashlib.sha256(b"" if kind == WHOLE_FILE else b"safelight-image-data/1 " + kind.encode() + b"\0")
    for part in known.image_data(source):
        digest.update(part)
    return ImageHash(kind, Sha256(digest.hexdigest()))
