"""What goes into a bundle, as values: the manifest to be completed, the small members, and where each photo comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from safelight.domain.ids import PhotoGuid, Sha256
from safelight.formats.manifest import Manifest, MemberRole

Buffer = bytes | bytearray | memoryview


class PreparedPhoto(Protocol):
    """A photo as it leaves: the buffers in ``parts``, joined, are the file; ``prepare.py`` makes these.

    ``sidecars`` are (ending, content) of the files beside a photo that cannot carry metadata itself: ``xmp``, ``c2pa``.
    """

    @property
    def parts(self) -> Sequence[Buffer]:
        """The file's content, in pieces that may point into the original."""
        ...

    @property
    def size(self) -> int:
        """The length of all parts together."""
        ...

    @property
    def sha256(self) -> Sha256:
        """SHA-256 of all parts together."""
        ...

    @property
    def sidecars(self) -> Sequence[tuple[str, bytes]]:
        """(ending without a dot, content), in the order they are to lie behind the photo."""
        ...


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """One photo of the bundle. ``size`` of the original (bytes) lets the writer bound its memory.

    ``path`` and ``media_type`` are those of the manifest's entry with the same ``guid``. ``prepare`` is called once, in
    a worker thread; what it raises stops the export unchanged.
    """

    guid: PhotoGuid
    path: str
    media_type: str
    size: int
    prepare: Callable[[], PreparedPhoto]


@dataclass(frozen=True, slots=True)
class SmallMember:
    """A member that is ready as bytes: status list, notice, record, policy, receipt, or the signature of one."""

    path: str
    role: MemberRole
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BundlePlan:
    """A bundle to be written.

    ``manifest`` has neither members nor sidecars yet: the writer fills in both. ``photos`` gives the photos in the
    order of ``manifest.photos`` and is gone through once. README.txt, SHA256SUMS and the manifest are made by the
    writer; ``small`` holds the rest, in any order.
    """

    manifest: Manifest
    small: Sequence[SmallMember]
    photos: Iterable[PhotoSource]


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """A finished bundle file: its place, SHA-256 and size in bytes, and the manifest with all members."""

    path: Path
    sha256: Sha256
    size: int
    manifest: Manifest
    manifest_sha256: Sha256
