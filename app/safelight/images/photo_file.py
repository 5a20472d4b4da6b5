"""A photo's container, opened far enough to exchange metadata around image data that is never copied or decoded.

Each kind of file (``photo_jpeg``, ``photo_png``, ``photo_webp``, ``photo_tiff``) is a frozen value of small buffers and
slices of the original. Every change gives a new value; :meth:`PhotoFile.parts` gives the bytes to hash and to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, Self

from safelight.domain.errors import Malformed

from .imagehash_source import Buffer

LOCATION, SERIALS, NAMES = "location", "serials", "names"
KEEPABLE = frozenset({LOCATION, SERIALS, NAMES})
"""What a profile may keep on request; everything else that :meth:`PhotoFile.private` names always goes."""


MOST_REMARK = 4 << 20


class Span(NamedTuple):
    """Where the C2PA manifest lies in the written file: the bytes its own hash leaves out."""

    start: int
    length: int


class PhotoFile(Protocol):
    """What all kinds of container can do."""

    def xmp(self) -> bytes | None:
        """The (main) XMP packet, unchecked."""

    def orientation(self) -> int | None:
        """How the picture is turned (1 to 8), apart from what XMP says; None if nothing says so."""

    def exif_blocks(self) -> Iterable[memoryview]:
        """EXIF, from its byte order mark on, in the order readers look for it; unchecked."""

    def remarks(self) -> Iterable[bytes]:
        """Everything that stands beside the picture, packed text unpacked, each part cut at :data:`MOST_REMARK`."""

    def private(self) -> frozenset[str]:
        """What :meth:`cleaned` would remove, apart from what XMP holds: words such as ``location``, ``thumbnail``."""

    def cleaned(self, keep: frozenset[str]) -> Self:
        """The same picture without anything that is not needed to show it, nor in ``keep``, nor XMP."""

    def with_xmp(self, packet: bytes | None) -> Self:
        """The same picture with this packet in place of any other."""

    def with_credentials(self, jumbf: bytes) -> Self:
        """The same picture with this C2PA manifest store; only its length moves other bytes."""

    def parts(self) -> list[Buffer]:
        """The whole file, in order; the manifest is always a part of its own."""

    def credentials_span(self) -> Span:
        """Where in :meth:`parts` the manifest lies; (0, 0) without one."""


def cut_off(why: str) -> Malformed:
    """The file ends too early or announces more than it has."""
    return Malformed(f"The picture is cut off: {why}.", "Copy it again from where it came from.")


def damaged(why: str) -> Malformed:
    """The file is not built as its format demands."""
    return Malformed(f"The picture is damaged: {why}.", "Copy it again from where it came from.")


def beyond(what: str) -> Malformed:
    """The file is larger than a limit of ours or of its format, which says nothing against the picture."""
    return Malformed(f"The picture is larger than a limit: {what}.", "Save it anew in a simpler form.")


def cannot_write(why: str) -> Malformed:
    """The file may be sound, but nothing can be written into it without a guess."""
    return Malformed(f"The picture cannot be written: {why}.", "Save it anew with another program.")


def size_of(parts: Sequence[Buffer]) -> int:
    """Bytes of all parts together."""
    return sum(len(each) for each in parts)


def runs(view: memoryview, pieces: Sequence[tuple[int, int]]) -> list[memoryview]:
    """Slices for (start, end) pieces, neighbours joined, so that a picture of 6,000 chunks is one slice."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        elif end > start:
            joined.append((start, end))
    return [view[start:end] for start, end in joined]
