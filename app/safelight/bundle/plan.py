"""What goes into a bundle, as values: the manifest to be completed, the small members, and each photo's source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight.documents.manifest import Manifest, MemberRole
from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid, Sha256

from .prepare import PreparedPhoto


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """One photo of the bundle. ``size`` of the original (bytes) lets the writer bound its memory.

    ``path`` and ``media_type`` are those of the manifest's entry with the same ``guid``. ``prepare`` is called once, in
    a worker thread (``prepare.prepare_photo`` does the work). A :class:`SafelightError` it raises is about this photo:
    the writer goes on to learn of all such photos, then gives up with :class:`Unprepared`. A full or broken disk, being
    stopped, and anything else ends the export at once.
    """

    guid: PhotoGuid
    path: str
    media_type: str
    size: int
    prepare: Callable[[], PreparedPhoto]


class Unprepared(Malformed):
    """Some photos of the plan could not be made ready, each with the reason; no bundle was written.

    Whoever made the plan may make another one without them.
    """

    def __init__(self, reasons: Mapping[PhotoGuid, str]) -> None:
        first = next(iter(reasons.values()))
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        super().__init__(f"A photo could not be made ready: {first}{more}.", "No bundle was written.")
        self.reasons = dict(reasons)


@dataclass(frozen=True, slots=True)
class SmallMember:
    """A member that is ready as bytes: status list, notice, record, policy, receipt, or the signature of one.

    ``media_type`` is the one ``documents.manifest.MEDIA_TYPES`` has for the role.
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
