"""What goes into a bundle, as values: the manifest to be completed, the small members, and each photo's source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight.domain.ids import PhotoGuid, Sha256
from safelight.formats.manifest import Manifest, MemberRole

from .prepare import PreparedPhoto


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """One photo of the bundle. ``size`` of the original (bytes) lets the writer bound its memory.

    ``path`` and ``media_type`` are those of the manifest's entry with the same ``guid``. ``prepare`` is called once, in
    a worker thread (``prepare.prepare_photo`` does the work); what it raises stops the export unchanged.
    """

    guid: PhotoGuid
    path: str
    media_type: str
    size: int
    prepare: Callable[[], PreparedPhoto]


@dataclass(frozen=True, slots=True)
class SmallMember:
    """A member that is ready as bytes: status list, notice, record, policy, receipt, or the signature of one.

    ``media_type`` is the one ``formats.manifest.MEDIA_TYPES`` has for the role.
    """

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
