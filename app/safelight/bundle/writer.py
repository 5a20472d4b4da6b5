"""Writes a bundle in two passes: photos are prepared and sealed away in pieces, then everything is encrypted in order.

Whoever opens a bundle reads first what it allows, so the hashes of all photos must be known before the first photo is
written. Preparing a photo twice would cost twice and a content credential never comes out the same, so the prepared
bytes wait on disk, sealed under a key that only this process knows.
"""

from __future__ import annotations

import calendar
import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from safelight.documents.manifest import (
    MANIFEST_PATH,
    MEDIA_TYPES,
    README_PATH,
    SIGNATURE_PATH,
    SUMS_PATH,
    Manifest,
    Member,
    MemberRole,
    order_of,
    write_manifest,
)
from safelight.domain.document_type import DocumentType
from safelight.domain.errors import Cancelled, DeviceFailure, SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid, Sha256
from safelight.domain.progress import Report, silent
from safelight.keys.durable import DurableFile
from safelight.keys.sealing import seal_file
from safelight.keys.spool import SealedSpool

from .contents import manifest_hash, open_contents
from .pipe import PORTION, Pipe
from .plan import BundlePlan, PhotoSource, SmallMember, Unprepared, WrittenBundle
from .prepare import PreparedPhoto
from .readme import readme, sums
from .ustar import END, header, padding

ENCRYPTING = "encrypting"
"""What the report calls the part that counts bytes; the one before it counts photos."""
_WORKERS = 2
_IN_FLIGHT = 96 * 1024 * 1024
"""So many bytes of originals are being prepared at once (a single larger one is prepared alone)."""

_SIDECARS = {"xmp": DocumentType.XMP.value, "c2pa": DocumentType.CREDENTIALS.value}


class ManifestSigner(Protocol):
    """What is needed of ``keys.signing.SigningKey``, which may be in another process."""

    @property
    def public_ssh(self) -> str:
        """The public half as OpenSSH writes it."""

    def sign(self, message: bytes, namespace: Literal["safelight-bundle"]) -> str:
        """The armored signature over ``message``."""


def write_bundle(
    plan: BundlePlan,
    destination: Path,
    *,
    recipients: Sequence[str],
    signer: ManifestSigner,
    report: Report = silent,
    unfinished: Path | None = None,
) -> WrittenBundle:
    """Write ``plan`` as one encrypted file at ``destination`` and sign its manifest with ``signer``.

    ``recipients`` are age recipients and include ``plan.manifest.recipient.id``. ``destination`` appears complete and
    durable or not at all. The folder needs room for the bundle twice while it is written. Raises
    :class:`WrongUsage` or :class:`Malformed` for a plan that makes no sense, :class:`Unprepared` with every photo that
    could not be made ready, :class:`DeviceFailure` for a full disk, and what ``report`` raises. ``unfinished`` is what
    the file is called until it is whole, as in :class:`~safelight.keys.durable.DurableFile`.
    """
    if plan.manifest.recipient.id not in recipients:
        raise WrongUsage("The bundle is not encrypted for the recipient it names.", "Nothing was written.")
    if plan.manifest.studio.ssh_public_key != signer.public_ssh:
        raise WrongUsage("The bundle names another key than the one that signs it.", "Nothing was written.")
    with SealedSpool(destination.parent) as spool:
        kept = _prepare_all(plan, spool, report)
        small = _small_members(plan)
        manifest, manifest_bytes = _completed(plan.manifest, small, kept)
        signature = signer.sign(manifest_bytes, "safelight-bundle").encode("ascii")
        front = {MANIFEST_PATH: manifest_bytes, SIGNATURE_PATH: signature}
        front[SUMS_PATH] = sums(front, manifest.members)
        front |= {each.path: each.data for each in small}
        # What this program would refuse to read it does not write.
        open_contents(manifest, front, signer.public_ssh, True, manifest_hash(manifest_bytes))
        archive = _archive(manifest, front, spool, kept)
        with DurableFile(destination, unfinished) as file:
            sha256 = _encrypt(archive, file, recipients, spool.size, report)
    return WrittenBundle(destination, sha256, file.size, manifest, manifest_hash(manifest_bytes))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A photo or sidecar that lies in the spool."""

    member: Member
    offset: int
    belongs_to: int
    """Index of the photo in the manifest."""


def _prepare_all(plan: BundlePlan, spool: SealedSpool, report: Report) -> list[_Kept]:
    """Prepare the photos two at a time, in order, and lay them into the spool."""
    kept: list[_Kept] = []
    failed: dict[PhotoGuid, str] = {}
    expected = () if plan.manifest.records_only else plan.manifest.photos
    total = len(expected)
    running: deque[tuple[PhotoSource, Future[PreparedPhoto]]] = deque()
    sources = iter(plan.photos)
    upcoming = next(sources, None)
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="safelight-prepare")
    try:
        for index in range(total):
            report(index, total, "preparing photos")
            while upcoming is not None and _has_room(running, upcoming):
                running.append((upcoming, pool.submit(upcoming.prepare)))
                upcoming = next(sources, None)
            if not running:
                raise WrongUsage("The bundle lists more photos than were given.", "Nothing was written.")
            source, future = running.popleft()
            entry = expected[index]
            if (source.guid, source.path, source.media_type) != (entry.guid, entry.path, entry.media_type):
                raise WrongUsage("The photos given are not those the bundle lists.", "Nothing was written.")
            try:
                prepared = future.result()
            except (Cancelled, DeviceFailure):
                raise
            except SafelightError as error:  # the others are looked at too, so that all are known after one run
                failed[source.guid] = error.phrase
            else:
                _lay_down(source, prepared, index, spool, kept)
                del prepared
            del future  # and with it the picture, before the next one is waited for
        if upcoming is not None or running:
            raise WrongUsage("More photos were given than the bundle lists.", "Nothing was written.")
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        raise Unprepared(failed)
    report(total, total, "preparing photos")
    return kept


def _has_room(running: deque[tuple[PhotoSource, Future[PreparedPhoto]]], upcoming: PhotoSource) -> bool:
    if not running:
        return True
    in_flight = sum(source.size for source, _ in running)
    return len(running) <= _WORKERS and in_flight + upcoming.size <= _IN_FLIGHT


def _lay_down(source: PhotoSource, photo: PreparedPhoto, index: int, spool: SealedSpool, kept: list[_Kept]) -> None:
    offset = spool.size
    for part in photo.parts:
        spool.append(part)
    if spool.size - offset != photo.size:
        raise WrongUsage("A prepared photo is not as long as it says.", "Nothing was written.")
    member = Member(source.path, photo.size, photo.sha256, source.media_type, MemberRole.PHOTO)
    kept.append(_Kept(member, offset, index))
    for ending, data in photo.sidecars:
        path = f"photos/{source.guid}.{ending}"
        kept.append(_Kept(_member(path, data, _SIDECARS[ending], MemberRole.SIDECAR), spool.size, index))
        spool.append(data)


def _member(path: str, data: bytes, media_type: str, role: MemberRole) -> Member:
    return Member(path, len(data), Sha256(hashlib.sha256(data).hexdigest()), media_type, role)


def _small_members(plan: BundlePlan) -> list[SmallMember]:
    """README.txt and what the plan gives, in the order of the file; the same for any order of the plan."""
    first = SmallMember(README_PATH, MemberRole.README, MEDIA_TYPES[MemberRole.README], readme(plan.manifest))
    return sorted((first, *plan.small), key=_place)


def _place(member: SmallMember) -> tuple[int, int, str]:
    """Where it lies: by role, then by path; of the status lists the number counts (list.json, list-2, list-10)."""
    listed = member.role in (MemberRole.STATUS, MemberRole.STATUS_SIGNATURE)
    return order_of(member.role), len(member.path.removesuffix(".sig")) if listed else 0, member.path


def _completed(manifest: Manifest, small: Sequence[SmallMember], kept: Sequence[_Kept]) -> tuple[Manifest, bytes]:
    sidecars: dict[int, list[str]] = {}
    for each in kept:
        if each.member.role is MemberRole.SIDECAR:
            sidecars.setdefault(each.belongs_to, []).append(each.member.path)
    photos = tuple(replace(photo, sidecars=tuple(sidecars.get(i, ()))) for i, photo in enumerate(manifest.photos))
    members = [_member(each.path, each.data, each.media_type, each.role) for each in small]
    members += [each.member for each in kept]
    done = replace(manifest, photos=photos, members=tuple(members))
    return done, write_manifest(done)


def _archive(
    manifest: Manifest, front: dict[str, bytes], spool: SealedSpool, kept: Sequence[_Kept]
) -> Iterator[bytes | memoryview]:
    """The tar archive, piece by piece; the same bytes for the same parts."""
    mtime = calendar.timegm(manifest.created_at.utctimetuple())
    for path, data in front.items():
        yield header(path, len(data), mtime) + data + padding(len(data))
    for each in kept:
        yield header(each.member.path, each.member.size, mtime)
        yield from spool.pieces(each.offset, each.member.size)
        yield padding(each.member.size)
    yield END


class _Pieces:
    """Pieces of any length, read as a stream."""

    def __init__(self, pieces: Iterator[bytes | memoryview]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes | memoryview:
        """At most ``size`` bytes; ``b""`` at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _encrypt(
    archive: Iterator[bytes | memoryview], file: DurableFile, recipients: Sequence[str], expected: int, report: Report
) -> Sha256:
    """Encrypt ``archive`` into ``file``: one thread reads and encrypts, this one writes and hashes."""
    digest = hashlib.sha256()
    with Pipe(lambda pipe: seal_file(_Pieces(archive), pipe, recipients), "safelight-encrypt") as sealed:
        while portion := sealed.read(PORTION):
            file.write(portion)
            digest.update(portion)
            report(min(file.size, expected), expected, ENCRYPTING)
    return Sha256(digest.hexdigest())
