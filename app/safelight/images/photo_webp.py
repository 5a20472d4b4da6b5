"""WebP: RIFF chunks around the image data (RFC 9649). XMP lies in ``XMP ``, C2PA in a last ``C2PA`` chunk."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import exif
from .imagehash_source import Buffer
from .photo_file import MOST_REMARK, Span, beyond, cut_off, damaged, size_of

_XMP, _EXIF, _ICC, _CREDENTIALS, _EXTENDED = b"XMP ", b"EXIF", b"ICCP", b"C2PA", b"VP8X"
_PICTURE = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_HAS_ICC, _HAS_ALPHA, _HAS_EXIF, _HAS_XMP = 0x20, 0x10, 0x08, 0x04
_MOST_CHUNKS = 100_000


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk's four letters and its payload, without length and padding."""

    kind: bytes
    payload: Buffer


@dataclass(frozen=True, slots=True)
class WebpFile:
    """A WebP file as chunks, without the extended header; ``canvas`` holds that header's ten bytes."""

    canvas: bytes
    chunks: tuple[_Chunk, ...]
    trailing: bool = False
    packet: bytes | None = None
    jumbf: bytes = b""

    def xmp(self) -> bytes | None:
        if self.packet is not None:
            return self.packet
        found = next((each for each in self.chunks if each.kind == _XMP), None)
        return bytes(found.payload) if found else None

    def private(self) -> frozenset[str]:
        words: set[str] = {"data after the picture"} if self.trailing else set()
        for each in self.chunks:
            if each.kind == _EXIF:
                words |= exif.private_in(_exif_block(each))
            elif each.kind == _CREDENTIALS:
                words.add("content credentials")
            elif each.kind not in _PICTURE | {_ICC, _XMP}:
                words.add("unknown data")
        return frozenset(words)

    def cleaned(self, keep: frozenset[str]) -> WebpFile:
        chunks: list[_Chunk] = []
        written = False
        for each in self.chunks:
            if each.kind == _EXIF and not written and (block := exif.rebuilt(_exif_block(each), keep)):
                chunks.append(_Chunk(_EXIF, block))
                written = True
            elif each.kind in _PICTURE | {_ICC}:
                chunks.append(each)
        return WebpFile(self.canvas, tuple(chunks))

    def orientation(self) -> int | None:
        return exif.first_orientation(self.exif_blocks())

    def exif_blocks(self) -> Iterator[memoryview]:
        return (_exif_block(each) for each in self.chunks if each.kind == _EXIF)

    def remarks(self) -> Iterator[bytes]:
        return (bytes(each.payload[:MOST_REMARK]) for each in self.chunks if each.kind not in _PICTURE | {_ICC})

    def with_xmp(self, packet: bytes | None) -> WebpFile:
        return replace(self, chunks=tuple(each for each in self.chunks if each.kind != _XMP), packet=packet)

    def with_credentials(self, jumbf: bytes) -> WebpFile:
        chunks = tuple(each for each in self.chunks if each.kind != _CREDENTIALS)
        return replace(self, chunks=chunks, jumbf=jumbf)

    def parts(self) -> list[Buffer]:
        body = self._body()
        middle: list[Buffer] = [_head(_CREDENTIALS, self.jumbf) + self.jumbf] if self.jumbf else []
        end: list[Buffer] = [b"\0"] if len(self.jumbf) & 1 else []
        size = 4 + size_of(body) + size_of(middle) + size_of(end)
        if size >= 1 << 32:
            raise beyond("it has more than the 4 GB a WebP can have")
        return [struct.pack("<4sI4s", b"RIFF", size, b"WEBP"), *body, *middle, *end]

    def credentials_span(self) -> Span:
        return Span(12 + size_of(self._body()), 8 + len(self.jumbf)) if self.jumbf else Span(0, 0)

    def _body(self) -> list[Buffer]:
        chunks = list(self.chunks)
        if self.packet is not None:
            chunks.append(_Chunk(_XMP, self.packet))
        kinds = {each.kind for each in chunks}
        flags = self.canvas[0] & ~(_HAS_ICC | _HAS_EXIF | _HAS_XMP)
        for kind, flag in ((_ICC, _HAS_ICC), (_EXIF, _HAS_EXIF), (_XMP, _HAS_XMP)):
            flags |= flag if kind in kinds else 0
        parts: list[Buffer] = [_head(_EXTENDED, self.canvas) + bytes([flags]) + self.canvas[1:]]
        for each in chunks:
            parts += [_head(each.kind, each.payload), each.payload]
            parts += [b"\0"] if len(each.payload) & 1 else []
        return parts


def read_webp(untrusted: memoryview) -> WebpFile:
    """The file's chunks. Raises Malformed if they do not add up to a picture."""
    if len(untrusted) < 12 or bytes(untrusted[:4]) != b"RIFF" or bytes(untrusted[8:12]) != b"WEBP":
        raise damaged("it does not begin as a WebP does")
    end = 8 + int.from_bytes(untrusted[4:8], "little")
    if end > len(untrusted):
        raise cut_off("a WebP must be as long as it says")
    at, chunks = 12, list[_Chunk]()
    while at + 8 <= end:
        length = int.from_bytes(untrusted[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise cut_off("a part of it is longer than the whole")
        if len(chunks) >= _MOST_CHUNKS:
            raise beyond(f"it has more than {_MOST_CHUNKS:,} parts")
        chunks.append(_Chunk(bytes(untrusted[at : at + 4]), untrusted[at + 8 : at + 8 + length]))
        at += 8 + length + (length & 1)
    if not any(each.kind in (b"VP8 ", b"VP8L", b"ANMF") for each in chunks):
        raise damaged("it holds no picture")
    canvas = next((bytes(each.payload) for each in chunks if each.kind == _EXTENDED), None) or _canvas(chunks[0])
    if len(canvas) != 10:
        raise damaged("its header is cut off")
    return WebpFile(canvas, tuple(each for each in chunks if each.kind != _EXTENDED), end < len(untrusted))


def _canvas(first: _Chunk) -> bytes:
    """The extended header a simple file lacks: flags, and the size that its one picture states (RFC 9649, 2.7)."""
    if first.kind == b"VP8 " and len(first.payload) >= 10:
        width, height = struct.unpack_from("<HH", first.payload, 6)
        width, height, flags = int(width) & 0x3FFF, int(height) & 0x3FFF, 0
    elif first.kind == b"VP8L" and len(first.payload) >= 5 and first.payload[0] == 0x2F:
        bits = int.from_bytes(first.payload[1:5], "little")
        width, height, flags = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, _HAS_ALPHA if bits >> 28 & 1 else 0
    else:
        raise damaged("its picture is cut off")
    if not width or not height:
        raise damaged("its picture is empty")
    return bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _exif_block(chunk: _Chunk) -> memoryview:
    view = memoryview(chunk.payload)
    return view[6:] if bytes(view[:6]) == b"Exif\0\0" else view  # some programs write the JPEG prefix here as well


def _head(kind: bytes, payload: Buffer) -> bytes:
    return kind + len(payload).to_bytes(4, "little")
