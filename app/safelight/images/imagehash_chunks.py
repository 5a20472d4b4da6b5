"""The coded image data of PNG and WebP, for the hash of image data (kinds ``png-chunks`` and ``webp-chunks``)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from .imagehash_source import Buffer, ImageSource

_MOST_CHUNKS = 500_000
_PNG_CODING = frozenset({b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT"})


def png_parts(source: ImageSource) -> Iterator[Buffer]:
    """The parts to hash, in file order. Raises Malformed if a checksum is wrong or the end is missing."""
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


_WEBP_CODING = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_WEBP_PICTURE = frozenset({b"VP8 ", b"VP8L", b"ANMF"})


def webp_parts(source: ImageSource) -> Iterator[Buffer]:
    """The parts to hash, in file order. Raises Malformed if a part is longer than the whole."""
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
