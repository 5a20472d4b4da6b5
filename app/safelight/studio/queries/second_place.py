"""How far the second place is behind: frames of a session that lie on two drives, and how long the others wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from safelight.domain.session import Session
from safelight.storage.second_place import is_place
from safelight.studio.open_studio import OpenStudio
from safelight.studio.second_place import SecondPlace, second_place

_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """``done`` of ``total`` frames are in the second place; ``oldest`` is how long the others wait at most.

    ``set`` is False while the studio has no second place: then nothing is done and nothing waits. ``attached`` says
    whether its drive is there now.
    """

    set: bool
    done: int
    total: int
    oldest: timedelta | None = None
    attached: bool = True


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """The second place, and how many of all ``total`` sealed files of the studio lie there: ``done``.

    ``attached`` says whether its drive is there now.
    """

    place: SecondPlace
    attached: bool
    done: int
    total: int


def second_copy(studio: OpenStudio) -> SecondCopy | None:
    """How far the second place is, whatever the session; None while there is none."""
    place = second_place(studio)
    if place is None:
        return None
    total, waiting = len(studio.archive.copies.files()), len(studio.archive.copies.waiting(place.id))
    return SecondCopy(place, is_place(place.folder, studio.identity.id, place.id), max(0, total - waiting), total)


def in_two_places(studio: OpenStudio, session: Session) -> TwoPlaces:
    """Count a session's frames in a few queries, however many there are; of the drive one small file is read."""
    place = second_place(studio)
    if place is None:
        return TwoPlaces(False, 0, studio.archive.photos.count(session.id))
    attached = is_place(place.folder, studio.identity.id, place.id)
    done, total = studio.archive.copies.counts(place.id, session.id)
    if done == total:
        return TwoPlaces(True, done, total, attached=attached)
    waiting = studio.archive.copies.photos_waiting(place.id, session.id)[:_LOOKED_AT]
    since = studio.archive.journal.last_about([guid for guid, _ in waiting])
    now = studio.now()
    oldest = max((now - at for at in since.values()), default=timedelta())
    return TwoPlaces(True, done, total, oldest, attached)
