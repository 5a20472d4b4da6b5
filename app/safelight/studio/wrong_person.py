"""Photos that left under the answers of somebody who is not on them: held back, until they are handed on anew."""

from __future__ import annotations

from collections.abc import Iterable

from safelight.documents.withdrawal_notices import PhotoReason, PhotoState, read_notice
from safelight.domain.ids import PhotoGuid, RecipientId
from safelight.domain.photo import Photo
from safelight.storage.transaction import Transaction
from safelight.studio.held_back import is_about_them
from safelight.studio.open_studio import OpenStudio
from safelight.studio.outgoing_notices import StoppedPhoto, tell_recipients


def tell_of_moves(studio: OpenStudio, writing: Transaction, photos: Iterable[Photo]) -> None:
    """Tell every recipient of these photos, which others are on now, whether they rest on the right people."""
    changed: dict[RecipientId, list[StoppedPhoto]] = {}
    for photo in photos:
        newest = {each.recipient: each for each in studio.archive.disclosures.of_photo(photo.guid)}
        for recipient, made in newest.items():
            right = is_about_them(studio, photo, made)
            changed.setdefault(recipient, []).append(_stopped(writing, photo.guid, right))
    for recipient, stopped in changed.items():
        tell_recipients(studio, writing, (), stopped, only=recipient)


def tell_of_new_bundle(
    studio: OpenStudio, writing: Transaction, recipient: RecipientId, photos: Iterable[PhotoGuid]
) -> None:
    """Release those of ``photos``, which have just left for ``recipient``, that were held back as of somebody else."""
    held = _held_back(studio, recipient)
    again = [_stopped(writing, each, True) for each in photos if each in held]
    if again:
        tell_recipients(studio, writing, (), again, only=recipient)


def _stopped(writing: Transaction, photo: PhotoGuid, right: bool) -> StoppedPhoto:
    state = PhotoState.RELEASED if right else PhotoState.WITHHELD
    return StoppedPhoto(photo, state, PhotoReason.WRONG_PERSON, writing.now)


def _held_back(studio: OpenStudio, recipient: RecipientId) -> frozenset[PhotoGuid]:
    """The photos that the newest word to ``recipient`` holds back."""
    found: dict[PhotoGuid, PhotoState] = {}
    for message in studio.archive.outgoing_notices.of(recipient):
        notice = read_notice(message.text.encode())
        found |= {each.photo.guid: each.state for each in notice.photos}
    return frozenset(guid for guid, state in found.items() if state is PhotoState.WITHHELD)
