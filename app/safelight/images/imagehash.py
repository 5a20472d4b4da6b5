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
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from safelight.domain.ids import Sha256

from .imagehash_heif import heif_parts
from .imagehash_source import Buffer, ImageSource
from .imagehash_tiff import tiff_parts

_MOST_JPEG_SEGMENTS = 20_000
_MOST_CHUNKS = 500_000


class ImageHash(NamedTuple):
    """How the image data was taken out of the file, and its SHA-256 as 64 lower-case hexadecimal digits."""

    kind: str
    sha256: Sha256


def image_data_sha256(untrusted_data: Buffer | BinaryIO, media_type: str) -> ImageHash:
    """SHA-256 over what a decoder needs to rebuild the stored samples, and nothing else; see the top of this file.

    ``untrusted_data`` is the whole file or a seekable binary stream of it, which is read in pieces. Raises
    :class:`safelight.domain.errors.Malformed` when the file is torn or its structure lies about itself, and leaves
    errors of reading the stream to the caller.
    """
    source = ImageSource(untrusted_data)
    kind, parts = _KINDS.get(media_type, ("file", _whole))
    digest = hashlib.sha256(b"" if kind == "file" else b"safelight-image-data/1 " + kind.encode() + b"\0")
    for part in parts(source):
        digest.update(part)
    return ImageHash(kind, Sha256(digest.hexdigest()))


class JpegOutline(NamedTuple):
    """How many scans a JPEG holds, and where in the file its first picture ends (the byte after EOI)."""

    scans: int
    end: int


def jpeg_outline(untrusted_data: Buffer | BinaryIO) -> JpegOutline:
    """The outline of a JPEG without decoding it: a decoder's work is scans times pixels, so scans are counted first.

    Raises Malformed as :func:`image_data_sha256` does.
    """
    segments = [(marker, end) for marker, _, end in _jpeg_segments(ImageSource(untrusted_data))]
    return JpegOutline(sum(marker == _SOS for marker, _ in segments), segments[-1][1])


def _whole(source: ImageSource) -> Iterator[Buffer]:
    if source.size == 0:
        raise source.torn("it is empty")
    return source.pieces(0, source.size)


# JPEG ------------------------------------------------------------------------------------------------------------

_SOS: Final = 0xDA
_SCAN: Final = -1
# FF and a byte that is neither stuffing (00), restart (D0-D7) nor another fill byte (FF): T.81 B.1.1.2 to B.1.1.5.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_STANDALONE = frozenset({0x01, 0xD8})
_CODING = frozenset(range(0xC0, 0xD0)) | frozenset({_SOS, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})


def _next_marker(source: ImageSource, start: int) -> int:
    """Where the next marker begins at or after ``start``."""
    at = start
    while at < source.size:
        piece = source.some(at)
        if found := _MARKER.search(piece):
            return at + found.start()
        at += max(len(piece) - 1, 1)  # a marker may begin with the last byte of this piece
    raise source.torn("a JPEG must end with its end-of-image mark")


def _jpeg_segments(source: ImageSource) -> Iterator[tuple[int, int, int]]:
    """(marker code, start, end) of each segment, EOI the last; the data of a scan follows its SOS as ``_SCAN``."""
    if bytes(source.at(0, 2)) != b"\xff\xd8":
        raise source.wrong("it does not begin as a JPEG does")
    at, frames, scans = 2, 0, 0
    for _ in range(_MOST_JPEG_SEGMENTS):
        start = _next_marker(source, at)
        marker = source.at(start, 2)[1]
        if marker == 0xD9:
            if not frames or not scans:
                raise source.wrong("it holds no picture")
            yield marker, start, start + 2
            return
        if marker in _STANDALONE:
            at = start + 2
            continue
        length = int.from_bytes(source.at(start + 2, 2), "big")
        if length < 2:
            raise source.wrong("a JPEG segment says it is shorter than its own length field")
        at = start + 2 + length
        source.at(at - 1, 1)
        yield marker, start, at
        frames += 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        if marker == _SOS:
            scans += 1
            end = _next_marker(source, at)
            yield _SCAN, at, end
            at = end
    raise source.beyond(f"it has more than {_MOST_JPEG_SEGMENTS:,} segments")


def _jpeg_parts(source: ImageSource) -> Iterator[Buffer]:
    for marker, start, end in _jpeg_segments(source):
        adobe = marker == 0xEE and bytes(source.at(start, min(9, end - start)))[4:] == b"Adobe"
        if adobe or marker == _SCAN or marker in _CODING:
            yield from source.pieces(start, end - start)


# PNG -------------------------------------------------------------------------------------------------------------

_PNG_CODING = frozenset({b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT"})


def _png_parts(source: ImageSource) -> Iterator[Buffer]:
    if bytes(source.at(0, 8)) != b"\x89PNG\r\n\x1a\n":
        raise source.wrong("it does not begin as a PNG does")
    at, joined, previous = 8, 0, b""
    for _ in range(_MOST_CHUNKS):
        length, kind = int.from_bytes(source.at(at, 4), "big"), bytes(source.at(at + 4, 4))
        end = at + 8 + length
        stated = int.from_bytes(source.at(end, 4), "big")
        if not previous and kind != b"IHDR":
            raise source.wrong("a PNG must begin with its header")
        if kind == b"IDAT" or kind in _PNG_CODING:
            if kind == b"IDAT" and joined and previous != b"IDAT":
                raise source.wrong("the image data of a PNG must be in one run")
            if kind != b"IDAT":
                yield kind + length.to_bytes(4, "big")
            check = zlib.crc32(kind)
            for piece in source.pieces(at + 8, length):
                check = zlib.crc32(piece, check)
                yield piece
            if check != stated:
                raise source.wrong(f"the checksum of its {kind.decode('ascii')} part does not match")
            joined += length if kind == b"IDAT" else 0
        if kind == b"IEND":
            if not joined:
                raise source.wrong("it holds no picture")
            yield joined.to_bytes(8, "big")
            return
        at, previous = end + 4, kind
    raise source.beyond(f"it has more than {_MOST_CHUNKS:,} parts")


# WebP ------------------------------------------------------------------------------------------------------------

_WEBP_CODING = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_WEBP_PICTURE = frozenset({b"VP8 ", b"VP8L", b"ANMF"})


def _webp_parts(source: ImageSource) -> Iterator[Buffer]:
    head = bytes(source.at(0, 12))
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise source.wrong("it does not begin as a WebP does")
    end = 8 + int.from_bytes(head[4:8], "little")
    if end > source.size:
        raise source.torn("a WebP must be as long as it says")
    at, found = 12, False
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            break
        kind, size = bytes(source.at(at, 4)), bytes(source.at(at + 4, 4))
        length = int.from_bytes(size, "little")
        if at + 8 + length > end:
            raise source.torn("a part of it is longer than the whole")
        if kind in _WEBP_CODING:
            yield kind + size
            yield from source.pieces(at + 8, length)
            found = found or kind in _WEBP_PICTURE
        at += 8 + length + (length & 1)
    else:
        raise source.beyond(f"it has more than {_MOST_CHUNKS:,} parts")
    if not found:
        raise source.wrong("it holds no picture")


_KINDS: dict[str, tuple[str, Callable[[ImageSource], Iterator[Buffer]]]] = {
    "image/jpeg": ("jpeg-scans", _jpeg_parts),
    "image/png": ("png-chunks", _png_parts),
    "image/webp": ("webp-chunks", _webp_parts),
    "image/tiff": ("tiff-strips", tiff_parts),
    "image/x-adobe-dng": ("tiff-strips", tiff_parts),
    "image/heic": ("heif-items", heif_parts),
}
