"""Seals photos anew for other people: the long part first, then all rows of one call in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.storage.rows import FileId
from safelight.storage.transaction import Transaction
from safelight.studio.journal_kinds import PHOTO_ASSIGNED
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import Sent, sent_with
from safelight.studio.sessions import still_open
from safelight.studio.wrong_person import tell_of_moves

Owners = Callable[[Photo], tuple[SubjectId, ...]]
"""Who is to be on a photo, given how it is."""
_TRIES = 5
BY_HAND, BY_SLATE, SETTLED, BACK = "hand", "slate", "settled", "back"
"""By what somebody was put on a photo: said, photographed, left as it was when asked, or taken back."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A photo as it is now, who was on it before, and who was sent it under that assignment."""

    photo: Photo
    before: tuple[SubjectId, ...]
    sent: tuple[Sent, ...]


class OutOfDateError(Exception):
    """Something changed between the sealing and the transaction."""


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
                others = [each for each in done if each.sent and set(each.before) != set(each.photo.subjects)]
                tell_of_moves(studio, writing, [each.photo for each in others])
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
        if seen.flagged:
            told["asked"] = True  # somebody had to look at it
        note(studio, writing, PHOTO_ASSIGNED, seen, told)
    return Assigned(after, seen.subjects, sent_with(studio, seen.guid))


def _check_people(studio: OpenStudio, photo: Photo, to: Sequence[SubjectId]) -> None:
    session = still_open(studio, photo.session)
    if strangers := set(to) - set(studio.archive.subjects.ids(session.id)):
        raise WrongUsage(
            f"{len(strangers)} of these people are not of the session '{session.name}', to which the photo belongs.",
            "Nothing was changed. 'subject list --session' shows who is of it; 'subject add' adds somebody.",
        )


def note(studio: OpenStudio, writing: Transaction, kind: str, photo: Photo, told: dict[str, Any]) -> None:
    """Write down what was done with a photo, within a transaction."""
    # Ids alone, under the studio's own key: it stays readable when one of the people is erased, and names nobody.
    studio.archive.journal.append(writing, kind, photo.guid, canonical(told))
