"""PNG: chunks around the image data (PNG 3rd edition). XMP lies in an iTXt chunk, C2PA in a ``caBX`` chunk.

Only chunks that a decoder needs to show the picture rightly are carried over when cleaning; text of any kind is not.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import exif
from .imagehash_source import Buffer
from .photo_file import MOST_REMARK, Span, beyond, cannot_write, cut_off, damaged, runs, size_of

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp\0"
_CREDENTIALS = b"caBX"
_MOST_CHUNKS = 500_000
_MOST_XMP_BYTES = 4 << 20
_MOST_EXIF_TEXT = 1 << 18

_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_SHOWN = frozenset({
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"sBIT", b"pHYs", b"bKGD",
    b"hIST", b"acTL", b"fcTL", b"fdAT",
})  # fmt: skip
_WORDS = {b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"tIME": "text", _CREDENTIALS: "content credentials"}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A whole chunk, or the whole run of IDAT chunks, with lengths and checksums."""

    kind: bytes
    data: Buffer

    @property
    def is_xmp(self) -> bool:
        return self.kind == b"iTXt" and bytes(self.data[8 : 8 + len(_XMP)]) == _XMP


@dataclass(frozen=True, slots=True)
class PngFile:
    """A PNG file as chunks, header first, IEND last; ``rest`` is what somebody put after the end."""

    chunks: tuple[_Chunk, ...]
    rest: memoryview
    packet: bytes | None = None
    jumbf: bytes = b""

    def xmp(self) -> bytes | None:
        if self.packet is not None:
            return self.packet
        found = next((each for each in self.chunks if each.is_xmp), None)
        return _packet_of(bytes(found.data[8:-4])) if found else None

    def private(self) -> frozenset[str]:
        words: set[str] = {"data after the picture"} if len(self.rest) else set()
        for each in self.chunks:
            if each.kind == b"eXIf":
                words |= exif.private_in(next(self.exif_blocks()))
            elif each.kind not in _CRITICAL | _SHOWN and not each.is_xmp:
                words.add(_WORDS.get(each.kind, "unknown data"))
        return frozenset(words)

    def cleaned(self, keep: frozenset[str]) -> PngFile:
        chunks = [each for each in self.chunks if each.kind in _CRITICAL | _SHOWN]
        facts = next((block for each in self.exif_blocks() if (block := exif.rebuilt(each, keep))), None)
        if facts is not None:
            chunks.insert(1, _chunk(b"eXIf", facts))
        return PngFile(tuple(map(_unnamed, chunks)), self.rest[:0])

    def orientation(self) -> int | None:
        return exif.first_orientation(self.exif_blocks())

    def remarks(self) -> Iterator[bytes]:
        for each in self.chunks:
            if each.kind not in _CRITICAL | _SHOWN:
                body = bytes(each.data[8 : 8 + MOST_REMARK])
                yield body
                if each.kind in (b"zTXt", b"iTXt"):
                    yield _unpacked(body, each.kind == b"iTXt")

    def exif_blocks(self) -> Iterator[memoryview]:
        """EXIF where readers look for it: the chunk for it first, then the text older programs packed it into."""
        for each in self.chunks:
            if each.kind == b"eXIf":
                block = memoryview(each.data)[8:-4]
                yield block[6:] if bytes(block[:6]) == b"Exif\0\0" else block
        for each in self.chunks:
            if each.kind in (b"tEXt", b"zTXt"):
                found = _exif_in_text(bytes(each.data[8:-4]), each.kind == b"zTXt")
                if found is not None:
                    yield memoryview(found)

    def with_xmp(self, packet: bytes | None) -> PngFile:
        return replace(self, chunks=tuple(each for each in self.chunks if not each.is_xmp), packet=packet)

    def with_credentials(self, jumbf: bytes) -> PngFile:
        chunks = tuple(each for each in self.chunks if each.kind != _CREDENTIALS)
        return replace(self, chunks=chunks, jumbf=jumbf)

    def parts(self) -> list[Buffer]:
        first, rest = self._halves()
        middle: list[Buffer] = [_chunk(_CREDENTIALS, self.jumbf).data] if self.jumbf else []
        return [*first, *middle, *rest]

    def credentials_span(self) -> Span:
        return Span(size_of(self._halves()[0]), 12 + len(self.jumbf)) if self.jumbf else Span(0, 0)

    def _halves(self) -> tuple[list[Buffer], list[Buffer]]:
        """What stands before and after the manifest, which comes last so that the picture is hashed only once."""
        head: list[Buffer] = [_SIGNATURE, self.chunks[0].data]
        if self.packet is not None:
            head.append(_chunk(b"iTXt", _XMP + b"\0\0\0\0" + self.packet).data)
        return [*head, *(each.data for each in self.chunks[1:-1])], [self.chunks[-1].data, self.rest]


def read_png(untrusted: memoryview) -> PngFile:
    """The file's chunks up to IEND. Raises Malformed if they do not add up; checksums of image data are not read."""
    if bytes(untrusted[:8]) != _SIGNATURE:
        raise damaged("it does not begin as a PNG does")
    chunks: list[_Chunk] = []
    at, pictures = 8, list[tuple[int, int]]()
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(untrusted):
            raise cut_off("a PNG must end with its end mark")
        length, kind = int.from_bytes(untrusted[at : at + 4], "big"), bytes(untrusted[at + 4 : at + 8])
        end = at + 12 + length
        if end > len(untrusted):
            raise cut_off("a part of it reaches past its end")
        if not chunks and kind != b"IHDR":
            raise damaged("a PNG must begin with its header")
        if kind == b"IDAT":
            if pictures and pictures[-1][1] != at:
                raise damaged("the image data of a PNG must be in one run")
            pictures.append((at, end))
            if len(pictures) == 1:
                chunks.append(_Chunk(b"IDAT", untrusted[at:end]))
        elif not kind.isalpha():
            raise damaged("a part of it has a name that is none")
        elif kind[0] < 0x61 and kind not in _CRITICAL:
            raise cannot_write(f"it holds a part ({kind.decode('ascii')}) that only some programs know how to show")
        else:
            chunks.append(_Chunk(kind, untrusted[at:end]))
        at = end
        if kind == b"IEND":
            break
    else:
        raise beyond(f"it has more than {_MOST_CHUNKS:,} parts")
    if not pictures:
        raise damaged("it holds no picture")
    whole = runs(untrusted, pictures)[0]
    found = tuple(_Chunk(b"IDAT", whole) if each.kind == b"IDAT" else each for each in chunks)
    return PngFile(found, untrusted[at:])


def _packet_of(text: bytes) -> bytes | None:
    """The packet in an iTXt chunk: keyword, compression flag and method, language, translated keyword, text."""
    parts = text[len(_XMP) + 2 :].split(b"\0", 2)
    if len(parts) != 3:
        raise damaged("its XMP is cut off")
    if text[len(_XMP)] == 0:
        return parts[2]
    inflate = zlib.decompressobj()
    try:
        packet = inflate.decompress(parts[2], _MOST_XMP_BYTES)
    except zlib.error:
        raise damaged("its XMP does not unpack") from None
    if inflate.unconsumed_tail:
        raise beyond(f"its XMP is longer than {_MOST_XMP_BYTES >> 20} MB")
    if not inflate.eof:
        raise damaged("its XMP is cut off")
    return packet


def _exif_in_text(text: bytes, packed: bool) -> bytes | None:
    """EXIF as ImageMagick has long written it: a line with the word, one with the length, then digits of base 16."""
    keyword, _, body = text.partition(b"\0")
    if keyword not in (b"Raw profile type exif", b"Raw profile type APP1") or (packed and body[:1] != b"\0"):
        return None
    try:
        plain = zlib.decompressobj().decompress(body[1:], _MOST_EXIF_TEXT) if packed else body[:_MOST_EXIF_TEXT]
        block = bytes.fromhex(b"".join(plain.split()[2:]).decode("ascii"))
    except (zlib.error, ValueError):
        return None
    return block[6:] if block[:6] == b"Exif\0\0" else None


def _unpacked(text: bytes, international: bool) -> bytes:
    """The packed text of a chunk (zTXt, or iTXt); empty if it is not packed or does not unpack."""
    rest = text.partition(b"\0")[2]
    if international:
        rest = rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""
    try:
        return zlib.decompressobj().decompress(rest[0 if international else 1 :], MOST_REMARK)
    except zlib.error:
        return b""


def _unnamed(chunk: _Chunk) -> _Chunk:
    """A colour profile under a name that tells nothing: programs put the name of a person's screen there."""
    if chunk.kind != b"iCCP":
        return chunk
    body = bytes(chunk.data[8:-4])
    end = body.find(b"\0", 0, 80)
    return chunk if end < 0 else _chunk(b"iCCP", b"profile" + body[end:])


def _chunk(kind: bytes, data: bytes) -> _Chunk:
    body = kind + data
    return _Chunk(kind, len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big"))
