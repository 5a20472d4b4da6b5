"""The coded image data of JPEG, for the hash of image data (kind ``jpeg-scans``), and the outline of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from .imagehash_source import Buffer, ImageSource

_MOST_SEGMENTS = 20_000
_SOS: Final = 0xDA
_SCAN: Final = -1
# FF and a byte that is neither stuffing (00), restart (D0-D7) nor another fill byte (FF): T.81 B.1.1.2 to B.1.1.5.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_STANDALONE = frozenset({0x01, 0xD8})
_CODING = frozenset(range(0xC0, 0xD0)) | frozenset({_SOS, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})



class JpegOutline(NamedTuple):
    """How many scans a JPEG holds, and where in the file its first picture ends (the byte after EOI)."""

    scans: int
    end: int


def jpeg_outline(untrusted_data: Buffer | BinaryIO) -> JpegOutline:
    """The outline of a JPEG without decoding it: a decoder's work is scans times pixels, so scans are counted first.

    Raises Malformed as :func:`imagehash.image_data_sha256` does.
    """
    segments = [(marker, end) for marker, _, end in _jpeg_segments(ImageSource(untrusted_data))]
    return JpegOutline(sum(marker == _SOS for marker, _ in segments), segments[-1][1])


def jpeg_parts(source: ImageSource) -> Iterator[Buffer]:
    """The parts to hash, in file order. Raises Malformed if a segment lies or the end is missing."""
    for marker, start, end in _jpeg_segments(source):
        adobe = marker == 0xEE and bytes(source.at(start, min(9, end - start)))[4:] == b"Adobe"
        if adobe or marker == _SCAN or marker in _CODING:
            yield from source.pieces(start, end - start)


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
    for _ in range(_MOST_SEGMENTS):
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
    raise source.beyond(f"it has more than {_MOST_SEGMENTS:,} segments")
