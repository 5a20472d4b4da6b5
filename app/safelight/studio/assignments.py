"""Says who is on a photo, or takes photos out: sealed anew, in the journal, all of one call or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.storage.rows import FileId
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import Sent, sent_with
from safelight.studio.sessions import must_be_open

Owners = Callable[[Photo], tuple[SubjectId, ...]]
"""Who is to be on a photo, given how it is."""
_TRIES = 5
BY_HAND, BY_SLATE, SETTLED, BACK = "hand", "slate", "settled", "back"
"""By what somebody was put on a photo: said, photographed, left as it was when asked, or taken back."""
PHOTO_ASSIGNED = "photo-assigned"


@dataclass(frozen=True, slots=True)
class Assigned:
    """A photo as it is now, who was on it before, and who was sent it under that assignment."""

    photo: Photo
    before: tuple[SubjectId, ...]
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A photo that was taken out, and who still has it."""

    photo: Photo
    sent: tuple[Sent, ...]


class OutOfDateError(Exception):
    """Something changed between the sealing and the transaction."""


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
    _note(studio, writing, "photo-removed", photo, told)


def reassign(
    studio: OpenStudio,
    pick: Callable[[], Sequence[PhotoGuid]],
    owners: Owners,
    by: PersonId,
    how: str,
    *,
    flagged: Callable[[Photo], bool] | None = None,
    report: Report = silent,
    then: Callable[[Transaction], None] | None = None,
) -> tuple[tuple[Assigned, ...], Changes]:
    """Put ``owners`` on every photo ``pick`` names: sealed first, which takes long, then written in one transaction.

    A photo that changed meanwhile, or :class:`OutOfDateError` out of ``then`` (run in the same transaction), begins it
    anew. ``flagged`` says whether somebody has to look at it then; None leaves the flags as they are.
    """
    for _ in range(_TRIES):
        sealed: dict[PhotoGuid, FileId] = {}
        seen: list[Photo] = []
        try:
            guids = tuple(dict.fromkeys(pick()))
            for number, guid in enumerate(guids):
                report(number, len(guids), "sealing anew")
                photo = studio.archive.photos.get(guid)
                _check_people(studio, photo, owners(photo))
                seen.append(photo)
                if owners(photo) != photo.subjects:
                    original = studio.archive.photos.original(guid)
                    sealed[guid] = studio.archive.files.reseal(original, owners(photo) or None)
            with studio.archive.transaction(studio.now()) as writing:
                done = tuple(
                    _write(studio, writing, each, owners(each), sealed, by, how, flagged(each) if flagged else None)
                    for each in seen
                )
                if then is not None:
                    then(writing)
            return done, Changes.PHOTOS | Changes.JOURNAL if done else Changes.NONE
        except OutOfDateError:
            continue
        finally:
            for file in sealed.values():  # those a durable row names are no longer pending, and stay
                studio.archive.files.discard(file)
    raise Refused("Somebody else keeps changing these photos.", "Nothing was changed; try again.")


def _write(
    studio: OpenStudio,
    writing: Transaction,
    seen: Photo,
    to: tuple[SubjectId, ...],
    sealed: dict[PhotoGuid, FileId],
    by: PersonId,
    how: str,
    flagged: bool | None,
) -> Assigned:
    if studio.archive.photos.get(seen.guid) != seen:
        raise OutOfDateError
    _check_people(studio, seen, to)
    after = studio.archive.photos.rebind(writing, seen.guid, to, sealed[seen.guid]) if seen.guid in sealed else seen
    if flagged is not None and flagged != after.flagged:
        after = replace(after, flagged=flagged)
        studio.archive.photos.put(writing, after)
    if after != seen:
        told: dict[str, Any] = {"by": by, "from": list(seen.subjects), "how": how, "to": list(to)}
        _note(studio, writing, PHOTO_ASSIGNED, seen, told)
    return Assigned(after, seen.subjects, sent_with(studio, seen.guid))


def _check_people(studio: OpenStudio, photo: Photo, to: Sequence[SubjectId]) -> None:
    session = must_be_open(studio.archive.sessions.get(photo.session))
    if strangers := set(to) - set(studio.archive.subjects.ids(session.id)):
        raise WrongUsage(
            f"{len(strangers)} of these people are not of the session '{session.name}', to which the photo belongs.",
            "Nothing was changed. 'subject list --session' shows who is of it; 'subject add' adds somebody.",
        )


def _note(studio: OpenStudio, writing: Transaction, kind: str, photo: Photo, told: dict[str, Any]) -> None:
    # Ids alone, under the studio's own key: it stays readable when one of the people is erased, and names nobody.
    studio.archive.journal.append(writing, kind, photo.guid, canonical(told))
