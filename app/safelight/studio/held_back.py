"""What keeps a photo that was handed on from being used by one recipient, whatever its records allow."""

from __future__ import annotations

from safelight.documents.withdrawal_notices import PhotoReason
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid, RecipientId
from safelight.domain.photo import Photo
from safelight.storage.rows import Disclosure
from safelight.studio.open_studio import OpenStudio


def why_held_back(studio: OpenStudio, guid: PhotoGuid, recipient: RecipientId) -> PhotoReason | None:
    """The first thing that holds a photo back from ``recipient`` now; None where nothing does, or it is gone here."""
    try:
        photo = studio.archive.photos.get(guid)
    except SafelightError:
        return None
    if photo.vetoed_by:
        return PhotoReason.STRUCK_OUT
    if studio.archive.restrictions.people() & set(photo.subjects):
        return PhotoReason.RESTRICTED
    sent = [each for each in studio.archive.disclosures.of_photo(guid) if each.recipient == recipient]
    return None if not sent or is_about_them(studio, photo, sent[-1]) else PhotoReason.WRONG_PERSON


def is_about_them(studio: OpenStudio, photo: Photo, made: Disclosure) -> bool:
    """Whether the bundle rests on the answers of those who are on the photo now: of everybody, and of nobody else."""
    left = {one for each in made.photos if each.guid == photo.guid for one in each.records or made.records}
    mine = []
    for person in photo.subjects:
        files = studio.archive.consents.receipts_of(person)
        mine.append(left & {record.id for file in files for record in file.receipt.records})
    return bool(mine) and all(mine) and left == set().union(*mine)
