"""Puts right what is known of people: changes, merges two entries of one, takes somebody out, links across sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from safelight.documents.jcs import canonical
from safelight.documents.plain import to_plain
from safelight.domain.changes import Changes
from safelight.domain.corrections import differing
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Country, Language, PersonId, PhotoGuid, SubjectId
from safelight.domain.people import Guardian, Subject
from safelight.domain.photo import Photo
from safelight.domain.plurals import counted
from safelight.domain.progress import Report, silent
from safelight.domain.requests import RequestKind
from safelight.storage.transaction import Transaction
from safelight.studio.arrivals import arrive_together
from safelight.studio.assignments import OutOfDateError, reassign, take_out
from safelight.studio.holds import require_no_hold
from safelight.studio.journal_kinds import SUBJECT_CHANGED
from safelight.studio.on_set import leave_set
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import sent_with
from safelight.studio.queries.people import same_people
from safelight.studio.requests import close_request, waiting_of
from safelight.studio.subjects import check_subject

_FILLED = ("born", "email", "phone", "reference", "department")


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What is to be different; None leaves a field as it is. ``without_guardians`` are names."""

    name: str | None = None
    language: Language | None = None
    country: Country | None = None
    born: date | None = None
    email: str | None = None
    phone: str | None = None
    reference: str | None = None
    department: str | None = None
    guardians: tuple[Guardian, ...] = ()
    without_guardians: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The person who stays, how many photos came over, and the fields that were empty before."""

    subject: Subject
    photos: int
    filled: tuple[str, ...]


def change_subject(
    studio: OpenStudio, id: SubjectId, change: SubjectChange, by: PersonId, reason: str = ""
) -> tuple[tuple[Subject, tuple[str, ...]], Changes]:
    """Change what is known of a person; returns them and the fields that differ now.

    What was known before is not lost: the journal keeps what changed from what to what, why and by whom, under the
    person's own key, so that it goes when they go. What was signed stays as it was signed. A request of theirs for a
    correction that waits is answered by one with a ``reason``.
    """
    with studio.archive.transaction(studio.now()) as writing:
        before = studio.archive.subjects.get(id)
        after = _changed(before, change)
        session = studio.archive.sessions.get(studio.archive.subjects.line(id).session)
        check_subject(after, studio.now_at(session).day)
        was, now = to_plain(before), to_plain(after)
        fields_changed = differing(was, now)
        if not fields_changed:
            return (before, ()), Changes.NONE
        studio.archive.subjects.put(writing, after)
        told = {
            "by": by, "fields": list(fields_changed), "reason": reason.strip(),
            "before": {each: was[each] for each in fields_changed},
            "after": {each: now[each] for each in fields_changed},
        }  # fmt: skip
        entry = studio.archive.journal.append(writing, SUBJECT_CHANGED, id, canonical(told), id).hash
        asked = waiting_of(studio, id, RequestKind.CORRECTION) if reason.strip() else ()
        for each in asked:
            close_request(studio, writing, each.id, refused=False, reason=reason, by=by)
    studio.acknowledge(id, entry)
    changes = Changes.SUBJECTS | Changes.JOURNAL | (Changes.REQUESTS if asked else Changes.NONE)
    return (after, fields_changed), changes


def correct_subject(
    studio: OpenStudio, id: SubjectId, change: SubjectChange, reason: str, by: PersonId
) -> tuple[tuple[Subject, tuple[str, ...]], Changes]:
    """As :func:`change_subject`, at the person's own wish (GDPR Art. 16): it says why."""
    if not reason.strip():
        raise WrongUsage("A correction needs a reason.", "Nothing was changed; it stays beside what was known before.")
    return change_subject(studio, id, change, by, reason)


def merge_subjects(
    studio: OpenStudio, keep: SubjectId, gone: SubjectId, by: PersonId, report: Report = silent
) -> tuple[Merged, Changes]:
    """One person was entered twice: everything of ``gone`` goes to ``keep``, all at once, and the entry disappears.

    Photos are sealed anew for ``keep``; fields ``keep`` lacks are filled. Raises :class:`WrongUsage` for people of two
    sessions, :class:`Refused` when ``gone`` signed something or is being asked: a signed record belongs to the entry
    it was signed under and cannot move.
    """
    filled: list[str] = []
    if keep == gone:
        raise WrongUsage("That is one entry, not two.", "Nothing was changed.")

    def owners(photo: Photo) -> tuple[SubjectId, ...]:
        return tuple(dict.fromkeys(keep if each == gone else each for each in photo.subjects))

    def finish(writing: Transaction) -> None:
        studio.archive.rely_on((keep, gone))
        _check_merge(studio, keep, gone)
        if studio.archive.photos.count(subject=gone):
            raise OutOfDateError
        stays, goes = studio.archive.subjects.get(keep), studio.archive.subjects.get(gone)
        session = studio.archive.subjects.line(gone).session
        _unlink(studio, writing, goes)
        after = _filled(studio.archive.subjects.get(keep), goes)
        filled[:] = [each for each in _FILLED if getattr(after, each) != getattr(stays, each)]
        studio.archive.subjects.put(writing, after)
        leave_set(studio, writing, gone, by, keep)
        arrive_together(studio, writing, session, keep, gone)
        studio.archive.subjects.remove(writing, gone)
        for other in goes.same_as:
            if other != keep:
                _link(studio, writing, keep, other)
        _note(studio, writing, "subject-merged", keep, {"by": by, "fields": list(filled), "gone": gone})
        _note(studio, writing, "subject-removed", gone, {"by": by, "into": keep})

    _check_merge(studio, keep, gone)
    moved, changes = reassign(studio, lambda: _photos(studio, gone), owners, by, "merge", report=report, then=finish)
    studio.acknowledge(gone, "")
    done = Merged(studio.archive.subjects.get(keep), len(moved), tuple(filled))
    return done, changes | Changes.SUBJECTS | Changes.JOURNAL


def remove_subject(
    studio: OpenStudio, id: SubjectId, by: PersonId, *, with_photos: bool = False, report: Report = silent
) -> tuple[int, Changes]:
    """Take somebody out who never signed and of whom nothing left; returns how many photos went with them.

    ``with_photos`` removes the photos that show them alone and takes them off the others; without it a person with
    photos is refused. Raises :class:`Refused` saying what stands in the way; nothing is changed then.
    """
    alone: list[PhotoGuid] = []

    def finish(writing: Transaction) -> None:
        studio.archive.rely_on((id,), ("disclosed_photo", "disclosure"))
        _check_removal(studio, id, with_photos)
        alone.clear()
        for guid in _photos(studio, id):
            photo = studio.archive.photos.get(guid)
            if photo.subjects != (id,):
                raise OutOfDateError
            take_out(studio, writing, photo, by)
            alone.append(guid)
        studio.archive.held.remove(writing, id, studio.archive.subjects.line(id).session)
        leave_set(studio, writing, id, by)
        _unlink(studio, writing, studio.archive.subjects.get(id))
        studio.archive.subjects.remove(writing, id)
        _note(studio, writing, "subject-removed", id, {"by": by})

    def shared() -> Sequence[PhotoGuid]:
        return [each.guid for each in studio.archive.photos.of_subject(id) if len(each.subjects) > 1]

    def owners(photo: Photo) -> tuple[SubjectId, ...]:
        return tuple(each for each in photo.subjects if each != id)

    _check_removal(studio, id, with_photos)
    _, changes = reassign(studio, shared, owners, by, "removal", report=report, then=finish)
    studio.acknowledge(id, "")
    if alone:
        changes |= Changes.PHOTOS
    return len(alone), changes | Changes.SUBJECTS | Changes.JOURNAL


def link_subjects(
    studio: OpenStudio, one: SubjectId, other: SubjectId, by: PersonId, *, undo: bool = False
) -> tuple[tuple[SubjectId, ...], Changes]:
    """Say that two entries of different sessions are one person (with ``undo``: that they are not).

    Nothing is moved and no consent of one counts for the other. Returns everybody ``one`` is the same as now.
    """
    lines = [studio.archive.subjects.line(each) for each in (one, other)]
    if lines[0].session == lines[1].session:
        raise WrongUsage("These two are of one session.", "Nothing was linked; 'subject merge' makes them one entry.")
    with studio.archive.transaction(studio.now()) as writing:
        _link(studio, writing, one, other, undo=undo)
        kind = "subject-unlinked" if undo else "subject-linked"
        entry = _note(studio, writing, kind, one, {"by": by, "with": other})
    studio.acknowledge(one, entry)
    return same_people(studio, one), Changes.SUBJECTS | Changes.JOURNAL


def _changed(before: Subject, change: SubjectChange) -> Subject:
    names = {each.casefold() for each in change.without_guardians}
    names |= {each.name.casefold() for each in change.guardians}
    known = {each.name.casefold() for each in before.guardians}
    if missing := [each for each in change.without_guardians if each.casefold() not in known]:
        raise WrongUsage(f"'{missing[0][:60]}' is not among the guardians.", "Nothing was changed.")
    kept = tuple(each for each in before.guardians if each.name.casefold() not in names)
    told: dict[str, Any] = {
        each.name: getattr(change, each.name)
        for each in fields(SubjectChange)
        if "guardian" not in each.name and getattr(change, each.name) is not None
    }
    return replace(before, **told, guardians=kept + change.guardians)


def _filled(keep: Subject, gone: Subject) -> Subject:
    told: dict[str, Any] = {each: getattr(keep, each) or getattr(gone, each) for each in _FILLED}
    known = {each.name.casefold() for each in keep.guardians}
    more = tuple(each for each in gone.guardians if each.name.casefold() not in known)
    return replace(keep, **told, guardians=keep.guardians + more)


def _check_merge(studio: OpenStudio, keep: SubjectId, gone: SubjectId) -> None:
    stays, goes = (studio.archive.subjects.line(each) for each in (keep, gone))
    if stays.session != goes.session:
        raise WrongUsage(
            "These two are of different sessions.",
            "Nothing was merged; 'subject same' says that they are one person and keeps both entries.",
        )
    if _signed(studio, gone):
        hint = (
            "Both signed, and a signed record stays with the entry it was signed under. Keep both entries."
            if _signed(studio, keep)
            else "Merge the other way round: keep the entry that signed."
        )
        raise Refused("The entry that would go has signed something.", f"Nothing was merged. {hint}")
    require_no_hold(studio, gone)
    if studio.archive.held.find(gone, goes.session) is not None:
        raise Refused(
            "The entry that would go has answers under way at a signing screen.",
            "Nothing was merged. Let them be finished, or merge the other way round.",
        )


def _check_removal(studio: OpenStudio, id: SubjectId, with_photos: bool) -> None:
    studio.archive.subjects.line(id)
    require_no_hold(studio, id)
    if _signed(studio, id):
        raise Refused(
            "This person signed something; the proof of it cannot be dropped.",
            "Nobody was removed. A mistaken entry can be told apart by its name: 'subject change'.",
        )
    photos = studio.archive.photos.of_subject(id)
    if sent := sorted({one.name or one.recipient for each in photos for one in sent_with(studio, each.guid)}):
        raise Refused(
            f"Photos of this person were sent to {', '.join(sent)}.",
            "Nobody was removed. 'photo assign' says who is really on them.",
        )
    if photos and not with_photos:
        raise Refused(
            f"This person is on {counted(len(photos), 'photo')}.",
            "Nobody was removed. --with-photos removes those that show them alone and takes them off the others; "
            "'photo assign' gives them to somebody else first.",
        )


def _signed(studio: OpenStudio, id: SubjectId) -> bool:
    return bool(studio.archive.consents.receipts_of(id) or studio.archive.consents.events_of(id))


def _photos(studio: OpenStudio, id: SubjectId) -> Sequence[PhotoGuid]:
    return [each.guid for each in studio.archive.photos.of_subject(id)]


def _link(studio: OpenStudio, writing: Transaction, one: SubjectId, other: SubjectId, *, undo: bool = False) -> None:
    for here, there in ((one, other), (other, one)):
        person = studio.archive.subjects.get(here)
        links = tuple(each for each in person.same_as if each != there)
        links = links if undo else (*links, there)
        if set(links) != set(person.same_as):
            studio.archive.subjects.put(writing, replace(person, same_as=links))


def _unlink(studio: OpenStudio, writing: Transaction, person: Subject) -> None:
    there = set(studio.archive.subjects.ids())
    for other in person.same_as:
        if other in there:
            _link(studio, writing, person.id, other, undo=True)


def _note(studio: OpenStudio, writing: Transaction, kind: str, id: SubjectId, told: dict[str, Any]) -> str:
    # Ids and names of fields alone, under the studio's own key.
    return studio.archive.journal.append(writing, kind, id, canonical(told)).hash
