"""Stops use without ending a yes: a restriction of everything (GDPR Art. 18), an objection to photos (Art. 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safelight.documents.jcs import canonical
from safelight.documents.withdrawal_notices import PhotoReason, PhotoState
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, RequestId, SubjectId
from safelight.domain.photo import Photo, shot_of
from safelight.domain.requests import RequestKind
from safelight.storage.repositories.restrictions import Restriction
from safelight.storage.rows import SignedMessage
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.outgoing_notices import StoppedPhoto, tell_recipients
from safelight.studio.queries.ledger import sent_of
from safelight.studio.queries.people import same_people
from safelight.studio.requests import close_request, waiting_of


@dataclass(frozen=True, slots=True)
class Stopped:
    """What was stopped, or let go on: the entries of the person, their photos, who is told, and requests answered."""

    people: tuple[SubjectId, ...]
    photos: tuple[PhotoGuid, ...]
    notices: tuple[SignedMessage, ...]
    answered: tuple[RequestId, ...]


def restrict(studio: OpenStudio, subject: SubjectId, reason: str, by: PersonId) -> tuple[Stopped, Changes]:
    """From now on nothing of the person is used; everything stays, and whoever has a photo of them is told.

    Every yes stays as it is and counts again once the restriction is lifted. Raises :class:`Refused` when nothing of
    them is used already.
    """
    _needs(reason)
    with studio.archive.transaction(studio.now()) as writing:
        people = _everybody(studio, subject)
        restricted = studio.archive.restrictions.people()
        new = [each for each in people if each not in restricted]
        if not new:
            raise Refused("Nothing of this person is used already.", "Nothing was changed.")
        for each in new:
            studio.archive.restrictions.put(writing, Restriction(each, writing.now, reason.strip(), by))
        photos = _photos(studio, people)
        guids = [*(each.guid for each in photos), *_gone(studio, people)]
        done = _tell(studio, writing, guids, PhotoState.WITHHELD, PhotoReason.RESTRICTED)
        answered = _answer(studio, writing, people, RequestKind.RESTRICTION, reason, by)
        entry = _note(studio, writing, "person-restricted", subject, reason, by, done)
    return _done(studio, subject, entry, people, done, answered)


def lift_restriction(studio: OpenStudio, subject: SubjectId, reason: str, by: PersonId) -> tuple[Stopped, Changes]:
    """End a restriction; the person is told before (Art. 18(3)), and whoever has their photos is told now.

    A photo that somebody on it struck out, or of whom another person is still restricted, stays held back.
    """
    _needs(reason)
    with studio.archive.transaction(studio.now()) as writing:
        people = _everybody(studio, subject)
        lifted = [each for each in people if studio.archive.restrictions.remove(writing, each)]
        if not lifted:
            raise Refused("Nothing of this person is restricted.", "Nothing was changed.")
        still = studio.archive.restrictions.people()
        photos = [each for each in _photos(studio, people) if not each.vetoed_by and not still & {*each.subjects}]
        guids = [*(each.guid for each in photos), *_gone(studio, lifted)]
        done = _tell(studio, writing, guids, PhotoState.RELEASED, PhotoReason.RESTRICTED)
        entry = _note(studio, writing, "restriction-lifted", subject, reason, by, done)
    return _done(studio, subject, entry, people, done, ())


def object_to(
    studio: OpenStudio, subject: SubjectId, photo: PhotoGuid | None, reason: str, by: PersonId
) -> tuple[Stopped, Changes]:
    """Hold back one shot of the person, or all of theirs (None), from every use: they object to it (GDPR Art. 21).

    It is struck out as a person strikes out a photo while being asked, and let stand again by them in the same way.
    What others on it allowed does not count for it any more. Raises :class:`WrongUsage` for a photo that does not show
    them, :class:`Refused` when there is nothing left to hold back.
    """
    _needs(reason)
    with studio.archive.transaction(studio.now()) as writing:
        people = _everybody(studio, subject)
        photos = _photos(studio, people)
        if photo is not None:
            wanted = studio.archive.photos.get(photo)
            photos = [each for each in photos if shot_of(each) == shot_of(wanted)]
            if photo not in {each.guid for each in photos}:
                raise WrongUsage(
                    "This photo does not show the person.", "Nothing was changed. The person's page shows their photos."
                )
        new = [each for each in photos if not {*people} & {*each.vetoed_by}]
        if not new:
            raise Refused("Every photo this is about is held back already.", "Nothing was changed.")
        for each in new:
            mine = next(one for one in people if one in each.subjects)
            studio.archive.photos.put(writing, replace(each, vetoed_by=(*each.vetoed_by, mine)))
            studio.archive.journal.append(writing, "photo-struck-out", each.guid, mine.encode(), mine)
        done = _tell(studio, writing, [each.guid for each in new], PhotoState.WITHHELD, PhotoReason.OBJECTION)
        answered = _answer(studio, writing, people, RequestKind.OBJECTION, reason, by)
        entry = _note(studio, writing, "photos-objected", subject, reason, by, done)
    result, changes = _done(studio, subject, entry, people, done, answered)
    return result, changes | Changes.PHOTOS | Changes.JOURNAL


_Told = tuple[tuple[PhotoGuid, ...], tuple[SignedMessage, ...]]


def _needs(reason: str) -> None:
    if not reason.strip():
        raise WrongUsage("This needs a reason.", "Nothing was changed; the person and whoever asks later is told it.")


def _everybody(studio: OpenStudio, subject: SubjectId) -> tuple[SubjectId, ...]:
    people = (subject, *same_people(studio, subject))
    studio.archive.rely_on(people)
    return people


def _photos(studio: OpenStudio, people: Sequence[SubjectId]) -> list[Photo]:
    return [*{one.guid: one for each in people for one in studio.archive.photos.of_subject(each)}.values()]


def _gone(studio: OpenStudio, people: Sequence[SubjectId]) -> tuple[PhotoGuid, ...]:
    """Photos that left under a record of theirs and were taken out of the archive since: others still have them."""
    sent = (one.photo for each in people for left in sent_of(studio, each) for one in left.photos)
    there = {*studio.archive.photos.guids()}
    return tuple(each for each in dict.fromkeys(sent) if each not in there)


def _tell(
    studio: OpenStudio, writing: Transaction, photos: Sequence[PhotoGuid], state: PhotoState, why: PhotoReason
) -> _Told:
    stopped = [StoppedPhoto(each, state, why, writing.now) for each in photos]
    return tuple(photos), tell_recipients(studio, writing, (), stopped)


def _answer(
    studio: OpenStudio, writing: Transaction, people: Sequence[SubjectId], kind: RequestKind, reason: str, by: PersonId
) -> tuple[RequestId, ...]:
    asked = [one.id for each in people for one in waiting_of(studio, each, kind)]
    for each in asked:
        close_request(studio, writing, each, refused=False, reason=reason, by=by)
    return tuple(asked)


def _note(
    studio: OpenStudio, writing: Transaction, kind: str, subject: SubjectId, reason: str, by: PersonId, done: _Told
) -> str:
    told = {"by": by, "reason": reason.strip(), "photos": list(done[0]), "notices": [each.id for each in done[1]]}
    return studio.archive.journal.append(writing, kind, subject, canonical(told), subject).hash


def _done(
    studio: OpenStudio, subject: SubjectId, entry: str, people: tuple[SubjectId, ...], done: _Told,
    answered: tuple[RequestId, ...],
) -> tuple[Stopped, Changes]:  # fmt: skip
    studio.acknowledge(subject, entry)
    changes = Changes.CONSENTS | Changes.REQUESTS | Changes.JOURNAL
    changes |= Changes.BUNDLES if done[1] else Changes.NONE
    return Stopped(people, done[0], done[1], answered), changes
