"""JPEG: segments before the scans, the scans themselves as slices of the original (ITU-T T.81 annex B).

XMP lies in one APP1 segment (XMP part 3, 1.1.3), C2PA in APP11 segments (ISO/IEC 19566-5 annex D).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from safelight.domain.errors import Malformed

from . import exif
from .imagehash_source import Buffer
from .photo_file import MOST_REMARK, Span, beyond, cut_off, damaged, runs, size_of

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_EXIF = b"Exif\0"
_ICC = b"ICC_PROFILE\0"
_SOI, _SOS, _EOI, _APP0, _APP1, _APP2, _APP11, _APP14, _COM = 0xD8, 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEB, 0xEE, 0xFE
_METADATA = frozenset(range(0xE0, 0xF0)) | {_COM}
_STANDALONE = frozenset({0x01, _SOI})
_CODING = frozenset(range(0xC0, 0xD0)) | frozenset({_SOS, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
"""Segments that say how the picture is coded; beside them a cleaned file has JFIF, EXIF, XMP and what sets colours."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# FF followed by neither stuffing (00) nor a restart (D0-D7) nor a fill byte (FF).
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_MOST_SEGMENTS = 20_000
_MOST_PAYLOAD = 65_533
_JUMBF_PIECE = 65_000

_WORDS = {_COM: "comment", _APP2: "second picture", _APP11: "content credentials", 0xED: "IPTC-IIM"}


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment before the first scan; ``data`` begins with its marker."""

    marker: int
    data: Buffer

    def holds(self, marker: int, name: bytes) -> bool:
        return self.marker == marker and bytes(self.data[4 : 4 + len(name)]) == name


@dataclass(frozen=True, slots=True)
class JpegFile:
    """A JPEG file as segments and a tail of scans."""

    head: tuple[_Segment, ...]
    tail: tuple[memoryview, ...]
    packet: bytes | None = None
    jumbf: bytes = b""

    def xmp(self) -> bytes | None:
        if self.packet is not None:
            return self.packet
        found = next((each for each in self.head if each.holds(_APP1, _XMP)), None)
        return bytes(found.data[4 + len(_XMP) :]) if found else None

    def private(self) -> frozenset[str]:
        words: set[str] = set()
        for each in self.head:
            if each.holds(_APP1, _EXIF):
                words |= exif.private_in(memoryview(each.data)[10:])
            elif each.marker == _APP0:
                plain = each.holds(_APP0, b"JFIF\0") and _jfif(each).data == each.data
                words |= set() if plain else {"thumbnail"}
            elif not _stays(each) and not each.holds(_APP1, _XMP) and not each.holds(_APP1, _EXTENDED):
                words.add(_word(each.marker))
        if len(self.tail) == 1:
            scans = _scans(self.tail[0])
            words |= {_word(marker) for marker in scans.dropped}
            if scans.end < len(self.tail[0]):
                words.add("data after the picture")
        return frozenset(words)

    def cleaned(self, keep: frozenset[str]) -> JpegFile:
        head: list[_Segment] = []
        written = False
        for each in self.head:
            if each.holds(_APP1, _EXIF):
                block = None if written else exif.rebuilt(memoryview(each.data)[10:], keep)
                if block and len(block) + 6 <= _MOST_PAYLOAD:
                    head.append(_segment(_APP1, b"Exif\0\0" + block))
                    written = True
            elif each.holds(_APP0, b"JFIF\0"):
                head.append(_jfif(each))
            elif _stays(each):
                head.append(each)
        tail = tuple(_scans(self.tail[0]).pieces) if len(self.tail) == 1 else self.tail
        return JpegFile(tuple(head), tail)

    def exif_blocks(self) -> Iterator[memoryview]:
        return (memoryview(each.data)[10:] for each in self.head if each.holds(_APP1, _EXIF))

    def orientation(self) -> int | None:
        return exif.first_orientation(self.exif_blocks())

    def remarks(self) -> Iterator[bytes]:
        beside = [each for each in self.head if not _stays(each)]
        yield from (bytes(each.data[4:]) for each in beside if each.marker != _APP11)
        # Cut into segments, each with a head of its own of sixteen bytes.
        yield b"".join(bytes(each.data[20:]) for each in beside if each.marker == _APP11)[:MOST_REMARK]

    def with_xmp(self, packet: bytes | None) -> JpegFile:
        if packet is not None and len(_XMP) + len(packet) > _MOST_PAYLOAD:
            raise Malformed("The rights statement is too long for a photo.", "The photo was left as it was.")
        head = tuple(each for each in self.head if not (each.holds(_APP1, _XMP) or each.holds(_APP1, _EXTENDED)))
        return replace(self, head=head, packet=packet)

    def with_credentials(self, jumbf: bytes) -> JpegFile:
        head = tuple(each for each in self.head if not each.holds(_APP11, b"JP"))
        return replace(self, head=head, jumbf=jumbf)

    def parts(self) -> list[Buffer]:
        first, rest = self._halves()
        middle: list[Buffer] = [_jumbf_segments(self.jumbf)] if self.jumbf else []
        return [*first, *middle, *rest]

    def credentials_span(self) -> Span:
        return Span(size_of(self._halves()[0]), len(_jumbf_segments(self.jumbf))) if self.jumbf else Span(0, 0)

    def _halves(self) -> tuple[list[Buffer], list[Buffer]]:
        """What stands before the manifest (JFIF and EXIF must come first, then XMP) and what after it."""
        early = 0
        while early < len(self.head) and self.head[early].marker in (_APP0, _APP1):
            early += 1
        first: list[Buffer] = [b"\xff\xd8", *(each.data for each in self.head[:early])]
        if self.packet is not None:
            first.append(_segment(_APP1, _XMP + self.packet).data)
        return first, [*(each.data for each in self.head[early:]), *self.tail]


def read_jpeg(untrusted: memoryview) -> JpegFile:
    """The file's segments up to the first scan. Raises Malformed if they do not add up to a picture.

    Bytes between segments that belong to none are passed over, as decoders do (T.81 B.1.1.2 forbids them, libjpeg
    warns); a file that is written again has them no more.
    """
    if bytes(untrusted[:2]) != b"\xff\xd8":
        raise damaged("it does not begin as a JPEG does")
    at, segments, frames = 2, list[_Segment](), 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(untrusted, at)
        if found is None:
            raise cut_off("a segment is expected")
        begin = found.start()
        marker, at = untrusted[begin + 1], begin + 2
        if marker in _STANDALONE:
            continue
        if marker == _EOI:
            raise damaged("it ends before its picture")
        at = _segment_end(untrusted, at)
        if marker == _SOS:
            if not frames:
                raise damaged("it has no frame")
            return JpegFile(tuple(segments), (untrusted[begin:],))
        frames += marker in _FRAMES
        segments.append(_Segment(marker, untrusted[begin:at]))
    raise beyond(f"it has more than {_MOST_SEGMENTS:,} segments")


def _segment_end(view: memoryview, at: int) -> int:
    """Where the segment ends whose length field lies at ``at``."""
    length = int.from_bytes(view[at : at + 2], "big")
    if at + 2 > len(view) or at + length > len(view):
        raise cut_off("a segment reaches past its end")
    if length < 2:
        raise damaged("a segment says it is shorter than its own length field")
    return at + length


class _Scans(NamedTuple):
    pieces: list[memoryview]
    dropped: list[int]
    end: int


def _scans(tail: memoryview) -> _Scans:
    """The scans with their tables, the markers of what else was found between them, and where the end mark ends."""
    pieces: list[tuple[int, int]] = []
    dropped: list[int] = []
    at, coded = 0, False
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(tail, at)
        if found is None:
            raise cut_off("a JPEG must end with its end-of-image mark")
        start = found.start()
        marker = tail[start + 1]
        if coded:
            pieces.append((at, start))  # what follows any other segment than the head of a scan belongs to nothing
        if marker == _EOI:
            pieces.append((start, start + 2))
            return _Scans(runs(tail, pieces), dropped, start + 2)
        at = start + 2 if marker in _STANDALONE else _segment_end(tail, start + 2)
        coded = marker == _SOS
        if marker in _CODING:
            pieces.append((start, at))
        elif marker not in _STANDALONE:
            dropped.append(marker)
    raise beyond(f"it has more than {_MOST_SEGMENTS:,} segments")


def _word(marker: int) -> str:
    return _WORDS.get(marker, "camera data" if marker in _METADATA else "unknown data")


def _stays(segment: _Segment) -> bool:
    """What the picture would look different without: how it is coded, the colour profile, Adobe's colour transform."""
    return segment.marker in _CODING or segment.holds(_APP2, _ICC) or segment.holds(_APP14, b"Adobe")


def _jfif(segment: _Segment) -> _Segment:
    """The JFIF segment without its thumbnail (JFIF 1.02: the two last bytes of sixteen say its size)."""
    payload = bytes(segment.data[4:16])
    return _segment(_APP0, payload + b"\0\0") if len(payload) == 12 else _segment(_APP0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def _segment(marker: int, payload: bytes) -> _Segment:
    return _Segment(marker, b"\xff" + bytes([marker]) + struct.pack(">H", len(payload) + 2) + payload)


def _jumbf_segments(jumbf: bytes) -> bytes:
    """The box cut into APP11 segments: each repeats the box header (length and type) and counts from one."""
    head, rest = jumbf[:8], jumbf[8:]
    pieces = [rest[at : at + _JUMBF_PIECE] for at in range(0, max(len(rest), 1), _JUMBF_PIECE)]
    return b"".join(
        bytes(_segment(_APP11, b"JP" + struct.pack(">HI", 1, number) + head + piece).data)
        for number, piece in enumerate(pieces, 1)
    )
