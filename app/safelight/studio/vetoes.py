"""Photos a person struck out while being asked: noted with the signing, and let stand again only by the same person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from safelight.documents.withdrawal_notices import PhotoReason, PhotoState
from safelight.domain.culling import UNCULLED
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.photo import Photo, shot_of
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.outgoing_notices import StoppedPhoto


@dataclass(frozen=True, slots=True)
class NotedVetoes:
    """What a signing did about photos: those its receipt may name, and those that are stopped, or stand again, now."""

    standing: tuple[Photo, ...]
    changed: tuple[StoppedPhoto, ...]


def note_vetoes(
    studio: OpenStudio,
    writing: Transaction,
    subject: SubjectId,
    vetoed: Collection[PhotoGuid],
    shown: Collection[PhotoGuid] = (),
) -> NotedVetoes:
    """Write down, with the signing itself, which photos ``subject`` struck out.

    ``shown`` are the photos the ceremony put before the person (``Ceremony.photos``): one of them that is not struck
    out any more stands again as far as this person goes. What was not shown stays as it was, so a ceremony without
    photos takes no veto back. The standing photos are the person's own that nobody struck out, in order; the changed
    ones are for ``tell_recipients``: who was sent one must hear of it.
    """
    standing, changed = [], []
    mine = {each.guid: each for each in studio.archive.photos.of_subject(subject)}
    # Taken off the photo meanwhile, perhaps to be put back: the no they said to it is kept all the same.
    elsewhere = _still_there(studio, [guid for guid in vetoed if guid not in mine])
    for photo in (*mine.values(), *elsewhere):
        others = tuple(each for each in photo.vetoed_by if each != subject)
        if photo.guid in vetoed:
            after = replace(photo, vetoed_by=(*others, subject))
        else:
            after = replace(photo, vetoed_by=others) if photo.guid in shown else photo
        if set(after.vetoed_by) != set(photo.vetoed_by):
            studio.archive.photos.put(writing, after)
            kind = "photo-struck-out" if photo.guid in vetoed else "photo-stands-again"
            studio.archive.journal.append(writing, kind, photo.guid, subject.encode(), subject)
            if bool(after.vetoed_by) != bool(photo.vetoed_by):
                state = PhotoState.WITHHELD if after.vetoed_by else PhotoState.RELEASED
                changed.append(StoppedPhoto(photo.guid, state, PhotoReason.STRUCK_OUT, writing.now))
        if photo.guid in mine and not after.vetoed_by:
            standing.append(after)
    return NotedVetoes(settled(studio, standing), tuple(changed))


def settled(studio: OpenStudio, photos: Sequence[Photo]) -> tuple[Photo, ...]:
    """Those of a person's photos that they are shown and that a receipt may name.

    Not what lies in the bin, nor shots of which nobody settled yet who is on them: they may show somebody else.
    """
    unsettled = {shot_of(each) for each in photos if each.flagged}
    culled = studio.archive.culling.of_shots({shot_of(each) for each in photos} - unsettled)
    return tuple(
        each
        for each in photos
        if shot_of(each) not in unsettled and not culled.get(shot_of(each), UNCULLED).hidden
    )


def struck_out(studio: OpenStudio, subject: SubjectId) -> frozenset[PhotoGuid]:
    """The photos ``subject`` struck out before: a new ceremony starts with them (``begin(vetoed=…)``)."""
    return frozenset(each.guid for each in studio.archive.photos.of_subject(subject) if subject in each.vetoed_by)


def _still_there(studio: OpenStudio, guids: Collection[PhotoGuid]) -> list[Photo]:
    found = []
    for guid in guids:
        try:
            found.append(studio.archive.photos.get(guid))
        except WrongUsage:  # taken out of the archive while the person was being asked
            continue
    return found
