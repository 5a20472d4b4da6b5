"""Takes bundles in: checks everything, seals the pictures as they come, and publishes all of it at once or nothing."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from safelight.agency.open_agency import OpenAgency
from safelight.bundle.contents import OpenedBundle
from safelight.bundle.reader import extract, read_metadata
from safelight.bundle.ustar import END, header, padding
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.ids import BundleId, PhotoGuid, RecordId
from safelight.domain.progress import Report, silent
from safelight.formats.manifest import Manifest, ManifestPhoto, Member, MemberRole
from safelight.formats.reading import printable
from safelight.formats.times import rfc3339
from safelight.keys.secrets import content_tag
from safelight.keys.signing import fingerprint_words
from safelight.storage.catalogue import Incoming
from safelight.storage.catalogue_rows import Delivery, KeptBundle, KeptPhoto, KeptRecord, Pin, StandingOfStudio
from safelight.storage.rows import FileId
from safelight.storage.transaction import Transaction

FROM_THE_FUTURE = timedelta(days=1)
"""A bundle dated further ahead than this is refused: time seen once is never unseen, and every yes would be over."""
_KEPT_NOTHING = "Nothing of the bundle was kept."


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
    identity = agency.secrets.age()
    opened = read_metadata(path, [identity], None)
    pin = _trusted(agency, opened)
    known = agency.catalogue.received.bundle(opened.manifest.id)
    if known is not None:
        if known.manifest_sha256 != opened.manifest_sha256:
            raise Refused("Another bundle with the same id was taken in before.", f"{_KEPT_NOTHING} Ask the studio.")
        told = _told(opened.manifest, pin, 0, 0, True, opened.warnings(agency.now()))
        return told, Changes.NONE
    now = agency.now()
    _check_time(opened, now)
    before = _check_agrees(agency, opened)
    fresh = [each.guid for each in opened.manifest.photos if each.guid not in before]
    with agency.catalogue.importing(now, fresh) as incoming:
        taking = _Taking(agency, opened.manifest, incoming)
        whole = extract(path, [identity], pin.ssh_public_key, taking, report, agency.catalogue.folder.path)
        if whole.manifest_sha256 != opened.manifest_sha256:
            raise Refused("The file was exchanged while it was read.", f"{_KEPT_NOTHING} Import it again.")
        front = incoming.evidence(_front(whole))
        with agency.catalogue.transaction(_newest(whole, now)) as writing:
            records = _publish(agency, writing, whole, taking, front)
            entry = agency.catalogue.journal.append(
                writing, "bundle-imported", whole.manifest.id, _account(whole, len(fresh), records)
            )
    agency.standings.forget()
    agency.acknowledge(whole.manifest.id, entry.hash)
    warnings = (*whole.warnings(now), *_gaps(agency, whole.manifest))
    return _told(whole.manifest, pin, len(fresh), records, False, warnings), Changes.BUNDLES | Changes.PHOTOS


def _told(
    manifest: Manifest, pin: Pin, fresh: int, records: int, already: bool, warnings: tuple[str, ...]
) -> ImportedBundle:
    # That the signer is trusted was found out after the reader had its say.
    heard = tuple(each for each in warnings if not each.startswith("Nobody has vouched"))
    return ImportedBundle(
        manifest.id, pin.name, manifest.sequence, len(manifest.photos), fresh, records, already, heard
    )


# What is checked before the first picture ------------------------------------------------------------------------


def _trusted(agency: OpenAgency, opened: OpenedBundle) -> Pin:
    """The pin of the studio the bundle says it is from, if that studio's trusted key signed it."""
    studio = opened.manifest.studio
    words = " ".join(fingerprint_words(opened.signed_by))
    pin = agency.catalogue.pins.get(studio.id)
    if pin is None:
        raise Refused(
            f"Nobody here trusts the studio this bundle is from ({printable(studio.name, 80)}; its key: {words}).",
            f"{_KEPT_NOTHING} Get the studio's card, trust it ('agency trust CARD'), and compare the six words with "
            "what the studio says over the phone.",
        )
    if pin.ssh_public_key != opened.signed_by:
        raise Refused(
            f"This bundle is signed by another key ({words}) than the one {pin.name} is trusted by "
            f"({' '.join(fingerprint_words(pin.ssh_public_key))}).",
            f"{_KEPT_NOTHING} Call the studio; if it renewed its key, ask for its new card and trust that.",
        )
    return pin


def _check_time(opened: OpenedBundle, now: datetime) -> None:
    if _newest(opened, now) > now + FROM_THE_FUTURE:
        raise Refused(
            f"The bundle says it was made on {rfc3339(opened.manifest.created_at)}, which has not come yet.",
            f"{_KEPT_NOTHING} Set this computer's clock; if it is right, the studio's is wrong.",
        )


def _newest(opened: OpenedBundle, now: datetime) -> datetime:
    """The newest time that is known once this bundle was seen."""
    return max(now, opened.manifest.created_at, opened.status.valid_from)


def _check_agrees(agency: OpenAgency, opened: OpenedBundle) -> dict[PhotoGuid, KeptPhoto]:
    """The photos of the bundle that are known already; no photo or record may change hands or content."""
    manifest = opened.manifest
    before = agency.catalogue.received.photos([each.guid for each in manifest.photos])
    for each in manifest.photos:
        held = before.get(each.guid)
        if held is None:
            continue
        if held.studio != manifest.studio.id:
            raise Refused(f"Photo {each.guid} came from another studio before.", f"{_KEPT_NOTHING} Ask both studios.")
        if (held.image_hash_kind, held.image_sha256) != (each.image_hash_kind, each.image_sha256):
            raise Refused(f"Photo {each.guid} showed another picture before.", f"{_KEPT_NOTHING} Ask the studio.")
    wanted = _records(opened)
    for id, held_record in agency.catalogue.received.records(list(wanted)).items():
        if held_record != wanted[id]:
            raise Refused(
                f"The consent record {id} said something else before.", f"{_KEPT_NOTHING} Ask the studio which holds."
            )
    return before


# Taking in -------------------------------------------------------------------------------------------------------


class _Taking:
    """Seals what the reader hands on, unless a newer bundle has brought the same photo already."""

    def __init__(self, agency: OpenAgency, manifest: Manifest, incoming: Incoming) -> None:
        self._incoming = incoming
        self._by_path: dict[str, ManifestPhoto] = {}
        self.files: dict[str, FileId] = {}
        self.before = agency.catalogue.received.facts([each.guid for each in manifest.photos])
        order = (manifest.sequence, manifest.created_at)
        for each in manifest.photos:
            facts = self.before.get(each.guid)
            if facts is None or all(one.order < order for one in facts.deliveries):
                self._by_path |= dict.fromkeys((each.path, *each.sidecars), each)

    def __call__(self, member: Member, stream: BinaryIO, /) -> None:
        photo = self._by_path.get(member.path)
        if photo is not None:
            self.files[member.path] = self._incoming.picture(photo.guid, stream)


def _publish(agency: OpenAgency, t: Transaction, opened: OpenedBundle, taking: _Taking, front: FileId) -> int:
    """Write every row of the bundle in one transaction; returns how many records were new."""
    manifest, received, files = opened.manifest, agency.catalogue.received, agency.catalogue.files
    for id in (front, *taking.files.values()):
        files.register(t, id)
    received.add_bundle(
        t,
        KeptBundle(
            manifest.id, manifest.studio.id, manifest.sequence, manifest.created_at, t.now, opened.manifest_sha256,
            manifest.uses, manifest.rules, len(manifest.photos),
        ),
        front,
    )  # fmt: skip
    digests = {each.path: each.sha256 for each in manifest.members}
    for each in manifest.photos:
        if each.path not in taking.files:
            continue
        facts = taking.before.get(each.guid)
        kept = KeptPhoto(
            guid=each.guid,
            studio=manifest.studio.id,
            bundle=manifest.id,
            media_type=each.media_type,
            image_hash_kind=each.image_hash_kind,
            image_sha256=each.image_sha256,
            path=each.path,
            member_sha256=digests[each.path],
            file=taking.files[each.path],
            sidecars=tuple((path, taking.files[path]) for path in each.sidecars),
        )
        if facts is not None:
            kept = replace(kept, withheld=facts.photo.withheld)
            for old in (facts.photo.file, *(FileId(file) for _, file in facts.photo.sidecars)):
                files.remove(t, old)
        received.put_photo(t, kept, content_tag(agency.secrets, each.image_sha256))
    received.add_deliveries(t, [_delivery(manifest, each) for each in manifest.photos])
    wanted = _records(opened)
    held = received.records(list(wanted))
    new = [each for id, each in wanted.items() if id not in held]
    received.add_records(t, new)
    status = opened.status
    agency.catalogue.pins.learn(
        t, StandingOfStudio(status.studio, status.valid_from, status.valid_until, status.bits)
    )  # fmt: skip
    return len(new)


def _delivery(manifest: Manifest, photo: ManifestPhoto) -> Delivery:
    return Delivery(
        photo.guid, manifest.id, manifest.studio.id, manifest.sequence, manifest.created_at, photo.subjects,
        photo.records, manifest.territory,
    )  # fmt: skip


def _records(opened: OpenedBundle) -> dict[RecordId, KeptRecord]:
    """Every disclosed record of the bundle, with what of its receipt decides."""
    found: dict[RecordId, KeptRecord] = {}
    for each in _each_record(opened):
        if found.setdefault(each.id, each) != each:
            raise Refused(f"The consent record {each.id} is in two receipts.", f"{_KEPT_NOTHING} Ask the studio.")
    return found


def _each_record(opened: OpenedBundle) -> Iterator[KeptRecord]:
    for receipt in (signed.receipt for signed in opened.receipts.values()):
        for each in receipt.records:
            yield KeptRecord(
                id=each.id,
                receipt=receipt.id,
                studio=opened.manifest.studio.id,
                person=receipt.subject,
                scope=each.scope,
                kind=each.kind,
                at=each.at,
                grant=each.grant,
                last_day=each.last_day,
                review_due=each.review_due,
                sleeps_after=each.sleeps_after,
                status_index=each.status_index,
                signed_as_minor=receipt.signed_as_minor,
                adult_on=receipt.adult_on,
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


def _gaps(agency: OpenAgency, manifest: Manifest) -> tuple[str, ...]:
    """What the studio's own count of its bundles says about the others."""
    others = [each for each in agency.catalogue.received.bundles(manifest.studio.id) if each.id != manifest.id]
    numbers = {each.sequence for each in others} | {manifest.sequence}
    found = []
    if missing := [str(each) for each in range(1, max(numbers)) if each not in numbers]:
        few = ", ".join(missing[:5]) + (" and more" if len(missing) > 5 else "")
        found.append(f"Of this studio's bundles for you, number {few} is not here yet: a withdrawal may be in it.")
    if any(each.sequence == manifest.sequence for each in others):
        found.append(f"The studio has given number {manifest.sequence} to two different bundles: ask it why.")
    if manifest.rules != agency.rules.version:
        found.append("The studio works by another version of the rules; a use not known here is a no.")
    return tuple(found)
