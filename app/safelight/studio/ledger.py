"""Who was sent what: the ledger of bundles asked by photo and by person, also after the photo itself was removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import BundleId, Country, PhotoGuid, RecipientId, RecordId, ScopeId, Sha256, SubjectId
from safelight.domain.jurisdiction import TransferAnswer
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio.open_studio import OpenStudio


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
    """A photo in a bundle: ``name`` as it came in (empty once it was removed), and the records it left under."""

    photo: PhotoGuid
    name: str
    records: tuple[RecordId, ...]


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
    found = []
    for each in studio.archive.disclosures.list():
        matching = [one.guid for one in each.photos if one.image_sha256 == image_sha256]
        found += [(guid, sent) for guid in matching for sent in _rows(studio, [each], _only(guid))]
    return tuple(found)


def _only(photo: PhotoGuid) -> Callable[[DisclosedPhoto], bool]:
    return lambda each: each.guid == photo


def _rows(
    studio: OpenStudio, disclosures: Iterable[Disclosure], asked: Callable[[DisclosedPhoto], bool]
) -> tuple[Sent, ...]:
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    return tuple(
        Sent(
            each.bundle,
            each.recipient,
            names.get(each.recipient, ""),
            each.at,
            each.uses,
            each.territory,
            each.transfer,
            tuple(SentPhoto(one.guid, _name(studio, one.guid), one.records) for one in each.photos if asked(one)),
        )
        for each in disclosures
    )


def _name(studio: OpenStudio, photo: PhotoGuid) -> str:
    try:
        return studio.archive.photos.get(photo).name
    except (WrongUsage, Refused):  # removed, or somebody on it was erased
        return ""
