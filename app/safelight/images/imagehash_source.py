"""Bounded reading of a picture file, in memory or as a stream, for the hashes of image data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from safelight.domain.errors import Malformed

Buffer = bytes | bytearray | memoryview

_PIECE = 1 << 20


class CutOff(Malformed):
    """The file ends before the picture does: it was cut, or is still being written."""


class ImageSource:
    """A file of known size; reading past its end is a fault of the file, never a short answer."""

    def __init__(self, untrusted_data: Buffer | BinaryIO) -> None:
        if isinstance(untrusted_data, bytes | bytearray | memoryview):
            self._view: memoryview | None = memoryview(untrusted_data).cast("B")
            self._stream: BinaryIO | None = None
            self.size = len(self._view)
        else:
            self._view, self._stream = None, untrusted_data
            self.size = untrusted_data.seek(0, 2)
        self._near_at, self._near = 0, memoryview(b"")

    def at(self, offset: int, length: int) -> memoryview:
        """Exactly ``length`` bytes from ``offset``, copied only if they come from a stream."""
        if length < 0 or offset < 0 or offset + length > self.size:
            raise self.torn(f"something is announced at byte {offset} of {self.size}")
        if self._view is not None:
            return self._view[offset : offset + length]
        start = offset - self._near_at
        if start < 0 or start + length > len(self._near):
            self._near_at, self._near = offset, self._read(offset, max(length, min(4096, self.size - offset)))
            start = 0
        return self._near[start : start + length]

    def some(self, offset: int) -> memoryview:
        """A piece from ``offset`` on, as long as is handy, never past the end."""
        length = self.size - offset
        if self._view is not None:
            return self._view[offset:]
        return self._read(offset, min(length, _PIECE))

    def pieces(self, offset: int, length: int) -> Iterator[memoryview]:
        """``length`` bytes from ``offset``, in pieces of bounded size."""
        if length:
            self.at(offset + length - 1, 1)
        if self._view is not None:
            yield self._view[offset : offset + length]
            return
        while length > 0:
            piece = self._read(offset, min(length, _PIECE))
            yield piece
            offset, length = offset + len(piece), length - len(piece)

    def _read(self, offset: int, length: int) -> memoryview:
        assert self._stream is not None  # noqa: S101 - for the type checker: one of the two is always set
        self._stream.seek(offset)
        got = self._stream.read(length)
        if len(got) != length:
            raise self.torn("it became shorter while it was read")
        return memoryview(got)

    def torn(self, why: str) -> CutOff:
        """The file ends before the picture does."""
        return CutOff(f"The picture is cut off: {why}.", "Copy it again from where it came from.")

    def beyond(self, what: str) -> Malformed:
        """The file is larger than a limit of ours, which says nothing against the picture."""
        return Malformed(f"The picture is larger than a limit: {what}.", "Save it anew in a simpler form.")

    def wrong(self, why: str) -> Malformed:
        """The file is not built as its format demands."""
        return Malformed(f"The picture is damaged: {why}.", "Copy it again from where it came from.")


def whole_file(source: ImageSource) -> Iterator[Buffer]:
    """All of a file that is never altered (kind ``file``). Raises Malformed if it is empty."""
    if source.size == 0:
        raise source.torn("it is empty")
    return source.pieces(0, source.size)
