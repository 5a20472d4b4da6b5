"""Says who is on a photo, or takes photos out: sealed anew, in the journal, all of one call or nothing of it.

People act on shots: a raw file and its JPEG move together. What programs do photo by photo is :func:`reassign`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.ids import PersonId, PhotoGuid, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.storage.transaction import Transaction
from safelight.studio.journal_kinds import PHOTO_ASSIGNED
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import Sent, sent_with
from safelight.studio.queries.naming import NamingReceipt, receipts_naming
from safelight.studio.reassignment import BACK, BY_HAND, BY_SLATE, SETTLED, Owners, note
from safelight.studio.reassignment import Assigned as Assigned
from safelight.studio.reassignment import OutOfDateError as OutOfDateError
from safelight.studio.reassignment import reassign as reassign


@dataclass(frozen=True, slots=True)
class Removed:
    """A photo that was taken out, and who still has it."""

    photo: Photo
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo was: on whom, and whether somebody had to look at it."""

    guid: PhotoGuid
    subjects: tuple[SubjectId, ...]
    flagged: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What :func:`move_photos` or :func:`settle` did, enough to undo it (:func:`move_back`).

    ``assigned`` are all photos of the shots as they are now, ``places`` where each was, ``receipts`` those that were
    signed and name one of them: what somebody signed about a picture stays as they signed it. ``how`` it was done at
    first; ``taken_back`` when this is the taking back of it, so that undoing this does it again.
    """

    assigned: tuple[Assigned, ...]
    places: tuple[Place, ...]
    receipts: tuple[NamingReceipt, ...]
    how: str = BY_HAND
    taken_back: bool = False


def assign_photos(
    studio: OpenStudio,
    guids: Sequence[PhotoGuid],
    to: Sequence[SubjectId],
    by: PersonId,
    *,
    also: bool = False,
    report: Report = silent,
) -> tuple[tuple[Assigned, ...], Changes]:
    """Put these people on each photo, in place of (or with ``also``, beside) who is on it; nobody when ``to`` is empty.

    Every photo is sealed anew for them. The journal keeps from, to and ``by``. What a person struck out stays struck
    out, and what was sent stays in the ledger. Raises :class:`WrongUsage` when a person is not of the photo's session
    or the session is not open; nothing is changed then.
    """
    wanted = tuple(dict.fromkeys(to))

    def owners(photo: Photo) -> tuple[SubjectId, ...]:
        return tuple(dict.fromkeys((*photo.subjects, *wanted))) if also else wanted

    sure = partial(_same, False)
    assigned, changes = reassign(studio, lambda: guids, owners, by, BY_HAND, flagged=sure, report=report)
    for each in assigned:
        studio.acknowledge(each.photo.guid, each.photo.sha256)
    return assigned, changes


def _same(flagged: bool, _: Photo) -> bool:
    return flagged


def move_photos(
    studio: OpenStudio,
    guids: Sequence[PhotoGuid],
    to: Sequence[SubjectId],
    by: PersonId,
    *,
    also: bool = False,
    report: Report = silent,
) -> tuple[Moved, Changes]:
    """As :func:`assign_photos` for whole shots: every photo of the same shutter goes along, and what is named is told.

    Nobody has to look at them any more.
    """
    wanted = tuple(dict.fromkeys(to))

    def owners(photo: Photo) -> tuple[SubjectId, ...]:
        return tuple(dict.fromkeys((*photo.subjects, *wanted))) if also else wanted

    return _moved(studio, guids, owners, by, BY_HAND, report)


def settle(
    studio: OpenStudio,
    guids: Sequence[PhotoGuid],
    by: PersonId,
    report: Report = silent,
    to: Sequence[SubjectId] | None = None,
) -> tuple[Moved, Changes]:
    """Somebody looked: these shots belong to whom they were given to. Photos about which nobody asked stay as they are.

    One call answers all the questions about a switch (``studio.checks``). ``to`` says whom they were seen with: a photo
    that was bound anew between the look and the answer goes to them, not to whoever has it by now.
    """

    def owners(photo: Photo) -> tuple[SubjectId, ...]:
        return photo.subjects if to is None or set(photo.subjects) == set(to) else tuple(dict.fromkeys(to))

    return _moved(studio, guids, owners, by, SETTLED, report)


def move_back(studio: OpenStudio, moved: Moved, by: PersonId, report: Report = silent) -> tuple[Moved, Changes]:
    """Undo a move exactly: each photo goes where it was, and is asked about if it was asked about. Journalled as such.

    Undoing that does the move again, and it counts as it did at first.

    Raises :class:`Refused` when one of the photos was moved, or taken out, since; nothing is changed then.
    """
    places = {each.guid: each for each in moved.places}
    left = {each.photo.guid: (each.photo.subjects, each.photo.flagged) for each in moved.assigned}

    def before(photo: Photo) -> Place:
        if (photo.subjects, photo.flagged) != left[photo.guid]:
            raise _changed_since()
        return places[photo.guid]

    def there() -> Sequence[PhotoGuid]:
        if len(studio.archive.photos.lines(tuple(places))) != len(places):
            raise _changed_since()
        return tuple(places)

    assigned, changes = reassign(
        studio, there, lambda photo: before(photo).subjects, by, moved.how if moved.taken_back else BACK,
        flagged=lambda photo: before(photo).flagged, report=report,
    )  # fmt: skip
    for each in assigned:
        studio.acknowledge(each.photo.guid, each.photo.sha256)
    back = tuple(Place(guid, *place) for guid, place in left.items())
    receipts = receipts_naming(studio, tuple(places))
    return Moved(assigned, back, receipts, moved.how, not moved.taken_back), changes


def last_move(studio: OpenStudio, guids: Sequence[PhotoGuid]) -> Moved:
    """What was done last with these shots, as the journal has it, for :func:`move_back`.

    Raises :class:`Refused` when nobody was ever put on one of them but at its coming in.
    """
    assigned, places, hows = [], [], [BY_HAND]
    for photo in map(studio.archive.photos.get, studio.archive.photos.shots_of(guids)):
        told = studio.archive.journal.told_about(PHOTO_ASSIGNED, photo.guid)
        if not told:
            raise Refused(f"Photo {photo.guid} was never moved.", "Nothing was taken back.")
        last = json.loads(told[-1][1])
        if last["to"] != list(photo.subjects):
            raise _changed_since()
        before = tuple(map(SubjectId, last["from"]))
        assigned.append(Assigned(photo, before, ()))
        places.append(Place(photo.guid, before, last.get("asked", False)))
        hows = [json.loads(said)["how"] for _, said in told]
    done = next((how for how in reversed(hows) if how != BACK), BY_HAND)
    return Moved(tuple(assigned), tuple(places), (), done, hows[-1] == BACK)


def _changed_since() -> Refused:
    return Refused("These photos were changed since.", "Nothing was taken back; say anew who is on them.")


def _moved(
    studio: OpenStudio, guids: Sequence[PhotoGuid], owners: Owners, by: PersonId, how: str, report: Report
) -> tuple[Moved, Changes]:
    places: dict[PhotoGuid, Place] = {}

    def sure(photo: Photo) -> bool:
        places[photo.guid] = Place(photo.guid, photo.subjects, photo.flagged)
        return False

    def shots() -> Sequence[PhotoGuid]:
        places.clear()
        return studio.archive.photos.shots_of(guids)

    assigned, changes = reassign(studio, shots, owners, by, how, flagged=sure, report=report)
    for each in assigned:
        studio.acknowledge(each.photo.guid, each.photo.sha256)
    return Moved(assigned, tuple(places.values()), receipts_naming(studio, tuple(places)), how), changes


def assign_photo(
    studio: OpenStudio,
    photo: Photo,
    subjects: tuple[SubjectId, ...],
    *,
    flagged: bool = False,
    by: PersonId | None = None,
) -> tuple[Photo, Changes]:
    """Say who is on one photo, as a slate told; ``flagged`` asks somebody to look at it."""
    actor = by or studio.archive.sessions.get(photo.session).photographer
    look = partial(_same, flagged)
    done, changes = reassign(studio, lambda: [photo.guid], lambda _: subjects, actor, BY_SLATE, flagged=look)
    return done[0].photo, changes


def remove_photos(
    studio: OpenStudio, guids: Sequence[PhotoGuid], by: PersonId, *, although_sent: bool = False
) -> tuple[tuple[Removed, ...], Changes]:
    """Take photos out of the archive: rows at once, sealed files once that is durable.

    Raises :class:`Refused` for a photo that left in a bundle, unless ``although_sent``: nobody gets it back by that,
    and the ledger keeps saying who has it. The journal keeps who was on it, and ``by``.
    """
    removed = []
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.rely_on(own=("disclosed_photo", "disclosure"))
        for guid in dict.fromkeys(guids):
            photo = studio.archive.photos.get(guid)
            sent = sent_with(studio, guid)
            if sent and not although_sent:
                told = ", ".join(sorted({each.name or each.recipient for each in sent}))
                raise Refused(
                    f"Photo {guid} was sent to {told}; removing it here does not take it back.",
                    "Nothing was removed. With --although-sent it is removed here; the ledger still says who has it.",
                )
            take_out(studio, writing, photo, by, sent)
            removed.append(Removed(photo, sent))
    for each in removed:
        studio.acknowledge(each.photo.guid, "")
    return tuple(removed), Changes.PHOTOS | Changes.JOURNAL


def take_out(studio: OpenStudio, writing: Transaction, photo: Photo, by: PersonId, sent: Sequence[Sent] = ()) -> None:
    """Remove one photo within a transaction, and note who was on it and what it was ``sent`` with."""
    studio.archive.photos.remove(writing, photo.guid)
    told = {"by": by, "from": list(photo.subjects), "sent": [each.bundle for each in sent]}
    note(studio, writing, "photo-removed", photo, told)
