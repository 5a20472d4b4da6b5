"""Takes bundles in: checks everything, seals the pictures as they come, and publishes all of it at once or nothing."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from safelight.agency.acceptance import (
    KEPT_NOTHING,
    check_agrees,
    check_known,
    check_time,
    heard_of,
    records_of,
    told_by_numbers,
    told_times,
    trusted_signer,
)
from safelight.agency.open_agency import OpenAgency
from safelight.bundle.contents import OpenedBundle
from safelight.bundle.reader import SignedManifest, extract, read_metadata, read_signed_manifest
from safelight.bundle.ustar import END, header, padding
from safelight.documents.manifest import Manifest, ManifestPhoto, Member, MemberRole
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, Refused
from safelight.domain.ids import BundleId, PhotoGuid
from safelight.domain.progress import Report, silent
from safelight.keys.secrets import content_tag
from safelight.storage.catalogue import ANSWERS, Incoming
from safelight.storage.catalogue_rows import Delivery, KeptBundle, KeptPhoto
from safelight.storage.rows import FileId
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ImportedBundle:
    """What an import did. ``already``: the very bundle was taken in before and nothing was changed.

    ``photos`` counts those in the bundle, ``new_photos`` those that were not in the catalogue. ``warnings`` are
    sentences the owner should hear although all is in order.
    """

    id: BundleId
    studio: str
    sequence: int
    photos: int
    new_photos: int
    records: int
    already: bool
    warnings: tuple[str, ...]


def import_bundle(agency: OpenAgency, path: Path, report: Report = silent) -> tuple[ImportedBundle, Changes]:
    """Check the bundle at ``path`` to the last byte and take it into the catalogue, everything or nothing.

    Bundles may come in any order and more than once: the answers afterwards are the same. Raises :class:`Refused` for
    a studio nobody trusts, a bundle for somebody else, or one that contradicts what is known; :class:`Malformed` for a
    damaged one; :class:`CannotOpen` when it is not encrypted to this agency.
    """
    with agency.catalogue.one_import():
        return _import(agency, path, report)


def _import(agency: OpenAgency, path: Path, report: Report) -> tuple[ImportedBundle, Changes]:
    identity = agency.secrets.age()
    agency.catalogue.rely_on(ANSWERS)
    signed = read_signed_manifest(path, [identity], lambda key: check_known(agency, key))
    known = agency.catalogue.received.bundle(signed.manifest.id)
    if known is not None and known.manifest_sha256 == signed.sha256:
        return _again(agency, path, signed, known, report), Changes.NONE
    trusted = trusted_signer(agency, signed)
    if known is not None:
        raise Refused("Another bundle with the same id was taken in before.", f"{KEPT_NOTHING} Ask the studio.")
    opened = read_metadata(path, [identity], trusted.ssh_public_key)
    now = agency.now()
    check_time(opened, now)
    agency.catalogue.rely_on(tags=[content_tag(agency.secrets, each.image_sha256) for each in opened.manifest.photos])
    before = check_agrees(agency, opened)
    _check_here(opened.manifest, before)
    fresh = [each.guid for each in opened.manifest.photos if each.guid not in before]
    taken = _taken(opened.manifest, before)
    with agency.catalogue.importing(now, [each.guid for each in taken]) as incoming:
        sink = _PhotoSink(taken, incoming)
        whole = extract(path, [identity], trusted.ssh_public_key, sink, report, agency.catalogue.folder.path)
        if not whole.manifest_sha256 == opened.manifest_sha256 == signed.sha256:
            raise Refused("The file was exchanged while it was read.", f"{KEPT_NOTHING} Import it again.")
        pictures, front = incoming.durable(), incoming.evidence(_front(whole))
        times = told_times(whole)
        with agency.catalogue.transaction(agency.dated(*times), *times) as writing:
            # Once more: the studio's key may have been followed meanwhile, or a photo withheld.
            trusted_signer(agency, signed)
            before = check_agrees(agency, whole)
            records = _publish(agency, writing, whole, before, pictures, front)
            entry = agency.catalogue.journal.append(
                writing, "bundle-imported", whole.manifest.id, _account(whole, len(fresh), records)
            )
    agency.standings.forget()
    agency.acknowledge(whole.manifest.id, entry.hash)
    warnings = (*whole.warnings(now), *told_by_numbers(agency, whole.manifest), *_gone(whole.manifest, before))
    done = _told(whole.manifest, trusted.name, len(fresh), records, False, warnings)
    return done, Changes.BUNDLES | Changes.PHOTOS | Changes.JOURNAL


def _again(agency: OpenAgency, path: Path, signed: SignedManifest, known: KeptBundle, report: Report) -> ImportedBundle:
    """What to say of a copy of a bundle that was taken in before; a damaged copy is told from what is held."""
    try:
        whole = extract(path, [agency.secrets.age()], signed.signed_by, _ignore, report, agency.catalogue.folder.path)
    except (Malformed, Refused) as error:
        held = "is intact" if _intact(agency, signed.manifest) else "is damaged as well: 'agency check' tells what"
        raise Malformed(
            f"This copy is damaged: {error.title}",
            f"The bundle was imported on {known.imported_at.date()} and what you hold of it {held}. "
            "Nothing was changed.",
            error.faults if isinstance(error, Malformed) else (),
        ) from error
    trusted = agency.catalogue.trusted_studios.get(known.studio)
    name = trusted.name if trusted is not None else signed.manifest.studio.name
    return _told(signed.manifest, name, 0, 0, True, whole.warnings(agency.now()))


def _ignore(member: Member, stream: BinaryIO, /) -> None:
    """A copy is looked through, not kept."""


def _intact(agency: OpenAgency, manifest: Manifest) -> bool:
    """Whether every photo of the bundle is in the catalogue and opens."""
    held = agency.catalogue.received.photos([each.guid for each in manifest.photos])
    there = [kept for kept in held.values() if kept.deleted_at is None]
    files = [file for kept in there for file in (kept.file, *(FileId(each) for _, each in kept.sidecars))]
    return len(held) == len(manifest.photos) and not any(agency.catalogue.files.fault(each) for each in files)


def _gone(manifest: Manifest, before: Mapping[PhotoGuid, KeptPhoto]) -> tuple[str, ...]:
    gone = [guid for guid, kept in before.items() if manifest.records_only and kept.deleted_at is not None]
    if not gone:
        return ()
    return (f"Of these photos {len(gone)} were deleted here: ask the studio for a bundle with the pictures.",)


def _check_here(manifest: Manifest, before: Mapping[PhotoGuid, KeptPhoto]) -> None:
    """Return unless a bundle without photos is about one that was never delivered here."""
    missing = [each.guid for each in manifest.photos if each.guid not in before] if manifest.records_only else []
    if missing:
        raise Refused(
            f"The bundle renews what may be done with photo {missing[0]}, which is not here.",
            f"{KEPT_NOTHING} Import the bundle with the photo first, or ask the studio for one.",
        )


def _taken(manifest: Manifest, before: Mapping[PhotoGuid, KeptPhoto]) -> list[ManifestPhoto]:
    """The photos whose pictures are kept: all but those that a newer bundle has brought already."""
    order = (manifest.sequence, manifest.created_at)
    if manifest.records_only:
        return []
    return [
        each
        for each in manifest.photos
        if each.guid not in before or all(one.order < order for one in before[each.guid].deliveries)
    ]


def _told(
    manifest: Manifest, studio: str, fresh: int, records: int, already: bool, warnings: tuple[str, ...]
) -> ImportedBundle:
    return ImportedBundle(
        manifest.id, studio, manifest.sequence, len(manifest.photos), fresh, records, already, warnings
    )


class _PhotoSink:
    """Seals what the reader hands on of the photos that are taken."""

    def __init__(self, taken: Sequence[ManifestPhoto], incoming: Incoming) -> None:
        self._incoming = incoming
        self._by_path = {path: each for each in taken for path in (each.path, *each.sidecars)}

    def __call__(self, member: Member, stream: BinaryIO, /) -> None:
        photo = self._by_path.get(member.path)
        if photo is not None:
            self._incoming.picture(member.path, photo.guid, stream)


def _publish(
    agency: OpenAgency,
    t: Transaction,
    opened: OpenedBundle,
    before: Mapping[PhotoGuid, KeptPhoto],
    stored: Mapping[str, FileId],
    front: FileId,
) -> int:
    """Write every row of the bundle in one transaction; returns how many records were new."""
    manifest, received, files = opened.manifest, agency.catalogue.received, agency.catalogue.files
    for id in (front, *stored.values()):
        files.register(t, id)
    bundle = KeptBundle(
        manifest.id, manifest.studio.id, manifest.sequence, manifest.created_at, t.now, opened.manifest_sha256,
        manifest.uses, manifest.rules, len(manifest.photos),
    )  # fmt: skip
    received.add_bundle(t, bundle, front)
    digests = {each.path: each.sha256 for each in manifest.members}
    for each in manifest.photos:
        held = before.get(each.guid)
        if held is not None and each.path not in stored:
            kept = replace(held, deliveries=(*held.deliveries, _delivery(opened, each)))
        else:
            kept = KeptPhoto(
                guid=each.guid,
                studio=manifest.studio.id,
                bundle=manifest.id,
                media_type=each.media_type,
                image_hash_kind=each.image_hash_kind,
                image_sha256=each.image_sha256,
                path=each.path,
                member_sha256=digests[each.path],
                file=stored[each.path],
                sidecars=tuple((path, stored[path]) for path in each.sidecars),
                deliveries=(*(held.deliveries if held else ()), _delivery(opened, each)),
                withheld=held is not None and held.withheld,
            )
            for old in (held.file, *(FileId(file) for _, file in held.sidecars)) if held else ():
                files.remove(t, old)
        received.put_photo(t, kept, content_tag(agency.secrets, each.image_sha256))
    wanted = records_of(opened)
    known = received.records(list(wanted))
    new = [each for id, each in wanted.items() if id not in known]
    received.add_records(t, new)
    agency.catalogue.trusted_studios.learn(t, [heard_of(each) for each in opened.status_lists])
    return len(new)


def _delivery(opened: OpenedBundle, photo: ManifestPhoto) -> Delivery:
    manifest, seen = opened.manifest, None
    if photo.seen is not None:
        by_record = {
            record.id: said
            for receipt, said in zip(photo.receipts, photo.seen, strict=True)
            for record in opened.receipts[receipt].receipt.records
        }
        seen = tuple(by_record[each] for each in photo.records)
    return Delivery(
        manifest.id, manifest.sequence, manifest.created_at, photo.subjects, photo.records, manifest.territory, seen
    )


def _front(opened: OpenedBundle) -> bytes:
    """Everything before the photos as a tar archive: the signed originals, for whoever must be shown them later."""
    mtime = calendar.timegm(opened.manifest.created_at.utctimetuple())
    parts = [header(name, len(data), mtime) + data + padding(len(data)) for name, data in opened.files.items()]
    return b"".join(parts) + END


def _account(opened: OpenedBundle, fresh: int, records: int) -> bytes:
    manifest = opened.manifest
    told = {
        "studio": manifest.studio.id,
        "sequence": manifest.sequence,
        "manifest_sha256": opened.manifest_sha256,
        "photos": len(manifest.photos),
        "new_photos": fresh,
        "new_records": records,
        "receipts_with_names": sum(each.role is MemberRole.RECEIPT for each in manifest.members),
    }
    return json.dumps(told, sort_keys=True).encode()
