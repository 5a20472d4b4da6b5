"""Who was sent what: the ledger of bundles asked by photo and by person, also after the photo itself was removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.ids import BundleId, PhotoGuid, RecipientId, ScopeId, Sha256, SubjectId
from safelight.storage.rows import Disclosure
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class Sent:
    """One bundle that left: to whom, when, for which uses."""

    bundle: BundleId
    recipient: RecipientId
    name: str
    at: datetime
    uses: tuple[ScopeId, ...]


def sent_with(studio: OpenStudio, photo: PhotoGuid) -> tuple[Sent, ...]:
    """The bundles a photo was in, oldest first."""
    return _rows(studio, studio.archive.disclosures.of_photo(photo))


def sent_of(studio: OpenStudio, subject: SubjectId) -> tuple[Sent, ...]:
    """The bundles that hold something of a person, oldest first.

    Counted are photos they are on now and photos that left under a record of theirs, even if these were removed or
    turned out to show somebody else.
    """
    photos = {each.guid for each in studio.archive.photos.of_subject(subject)}
    receipts = studio.archive.consents.receipts_of(subject)
    records = {one.id for each in receipts for one in each.receipt.records}
    return _rows(
        studio,
        (
            each
            for each in studio.archive.disclosures.list()
            if records & set(each.records) or any(one.guid in photos for one in each.photos)
        ),
    )


def sent_pictures(studio: OpenStudio, image_sha256: Sha256) -> tuple[tuple[PhotoGuid, Sent], ...]:
    """The photos that left with this image data, each with the bundle it left in."""
    found = []
    for each in studio.archive.disclosures.list():
        matching = [one.guid for one in each.photos if one.image_sha256 == image_sha256]
        found += [(guid, sent) for guid in matching for sent in _rows(studio, [each])]
    return tuple(found)


def _rows(studio: OpenStudio, disclosures: Iterable[Disclosure]) -> tuple[Sent, ...]:
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    return tuple(
        Sent(each.bundle, each.recipient, names.get(each.recipient, ""), each.at, each.uses) for each in disclosures
    )
