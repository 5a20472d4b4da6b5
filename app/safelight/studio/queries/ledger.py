"""Who was sent what: the ledger of bundles, also after a photo was removed, and what people were handed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from safelight.domain.ids import BundleId, Country, PhotoGuid, RecipientId, RecordId, ScopeId, Sha256, SubjectId
from safelight.domain.jurisdiction import TransferAnswer
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio.open_studio import OpenStudio

DELIVERED = "photos-delivered"
"""The kind of journal entry that says a person was handed their own pictures."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One bundle that left: the ``sequence``-th for ``recipient``; ``name`` is empty for one not listed any more."""

    bundle: BundleId
    recipient: RecipientId
    name: str
    sequence: int
    at: datetime
    uses: tuple[ScopeId, ...]
    territory: Country | None
    photos: int


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """A folder that was handed out before: when, and which photos were in it."""

    at: datetime
    photos: tuple[PhotoGuid, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """One bundle that left: to whom, when, for which uses, and what allowed it.

    ``photos`` are those that were asked about, with the records each left under; ``transfer`` is what the way over
    the border stood on. Bundles of before these were kept have neither records by photo nor a transfer.
    """

    bundle: BundleId
    recipient: RecipientId
    name: str
    at: datetime
    uses: tuple[ScopeId, ...]
    territory: Country | None = None
    transfer: TransferAnswer | None = None
    photos: tuple[SentPhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo in a bundle: ``name`` as it came in, and the records it left under.

    The name is empty once the photo was removed or somebody on it was erased, and where its row does not open.
    """

    photo: PhotoGuid
    name: str
    records: tuple[RecordId, ...]


def export_rows(studio: OpenStudio, recipient: RecipientId | None = None) -> tuple[ExportRow, ...]:
    """Every bundle that left (to one recipient), oldest first."""
    names = _recipient_names(studio)
    return tuple(
        ExportRow(
            each.bundle, each.recipient, names.get(each.recipient, ""), each.sequence, each.at, each.uses,
            each.territory, len(each.photos),
        )
        for each in studio.archive.disclosures.list(recipient)
    )  # fmt: skip


def deliveries_to(studio: OpenStudio, subject: SubjectId) -> tuple[PastDelivery, ...]:
    """What a person was handed before, oldest first."""
    return tuple(
        PastDelivery(entry.at, tuple(json.loads(told)["photos"]))
        for entry, told in studio.archive.journal.told_about(DELIVERED, subject)
    )


def sent_with(studio: OpenStudio, photo: PhotoGuid) -> tuple[Sent, ...]:
    """The bundles a photo was in, oldest first."""
    return _rows(studio, studio.archive.disclosures.of_photo(photo), _only(photo))


def sent_of(studio: OpenStudio, subject: SubjectId) -> tuple[Sent, ...]:
    """The bundles that hold something of a person, oldest first.

    Counted are photos they are on now and photos that left under a record of theirs, even if these were removed or
    turned out to show somebody else.
    """
    photos = {each.guid for each in studio.archive.photos.of_subject(subject)}
    receipts = studio.archive.consents.receipts_of(subject)
    records = {one.id for each in receipts for one in each.receipt.records}
    found = (
        each
        for each in studio.archive.disclosures.list()
        if records & set(each.records) or any(one.guid in photos for one in each.photos)
    )
    return _rows(studio, found, lambda each: each.guid in photos or bool(records & set(each.records)))


def sent_pictures(studio: OpenStudio, image_sha256: Sha256) -> tuple[tuple[PhotoGuid, Sent], ...]:
    """The photos that left with this image data, each with the bundle it left in."""
    left = [each for each in studio.archive.disclosures.list()
            if any(one.image_sha256 == image_sha256 for one in each.photos)]  # fmt: skip
    rows = _rows(studio, left, lambda each: each.image_sha256 == image_sha256)
    return tuple((one.photo, replace(each, photos=(one,))) for each in rows for one in each.photos)


def _only(photo: PhotoGuid) -> Callable[[DisclosedPhoto], bool]:
    return lambda each: each.guid == photo


def _rows(
    studio: OpenStudio, disclosures: Iterable[Disclosure], asked: Callable[[DisclosedPhoto], bool]
) -> tuple[Sent, ...]:
    names, found = _recipient_names(studio), tuple(disclosures)
    lines = studio.archive.photos.lines([one.guid for each in found for one in each.photos if asked(one)])
    photos = {guid: line.name for guid, line in lines.items()}
    return tuple(
        Sent(
            each.bundle,
            each.recipient,
            names.get(each.recipient, ""),
            each.at,
            each.uses,
            each.territory,
            each.transfer,
            tuple(SentPhoto(one.guid, photos.get(one.guid, ""), one.records) for one in each.photos if asked(one)),
        )
        for each in found
    )


def _recipient_names(studio: OpenStudio) -> dict[RecipientId, str]:
    return {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
