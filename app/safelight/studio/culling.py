"""Rates, picks, rejects and hides photos: whole shots at once, in the journal, and every act can be put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.culling import UNCULLED, Culled, Culling, Pick, culled
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, SessionId
from safelight.domain.people import Role
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.sessions import still_open

Change = Callable[[Culling], Culling]
"""What becomes of one photo."""


def rate_photos(
    studio: OpenStudio, guids: Sequence[PhotoGuid], rating: int, by: PersonId
) -> tuple[Culled, Changes]:
    """Give these photos 0 to 5; like every verb here for the whole shot, so a raw file and its JPEG stay alike.

    Raises :class:`WrongUsage` for another number or an unknown photo; nothing is changed then.
    """
    UNCULLED.rated(rating)
    return _cull(studio, guids, lambda each: each.rated(rating), "photos-rated", by)


def mark_photos(studio: OpenStudio, guids: Sequence[PhotoGuid], mark: Pick, by: PersonId) -> tuple[Culled, Changes]:
    """Pick these photos, reject them, or take either back. A reject never leaves the studio until it is taken back."""
    return _cull(studio, guids, lambda each: each.marked(mark), "photos-marked", by)


def pick_by_subject(
    studio: OpenStudio, guids: Sequence[PhotoGuid], by: Role = Role.SUBJECT, *, wanted: bool = True
) -> tuple[Culled, Changes]:
    """Keep that the person on these photos wants them (or, with ``wanted`` False, no longer); ``by`` whom it was said.

    It is a wish of theirs beside what the photographer picks, and changes nothing about what may leave.
    """
    return _cull(studio, guids, lambda each: each.wanted(wanted), "photos-wanted", by)


def hide_photos(studio: OpenStudio, guids: Sequence[PhotoGuid], by: PersonId) -> tuple[Culled, Changes]:
    """Put these photos in the bin: they are listed and counted nowhere else and never leave, and nothing is lost yet.

    Raises :class:`WrongUsage` when a session is not open.
    """
    now = studio.now()
    return _cull(studio, guids, lambda each: each.put_in_bin(now), "photos-hidden", by, while_open=True)


def unhide_photos(studio: OpenStudio, guids: Sequence[PhotoGuid], by: PersonId) -> tuple[Culled, Changes]:
    """Take these photos out of the bin, as they were before; raises :class:`WrongUsage` when a session is not open."""
    return _cull(studio, guids, Culling.taken_out_of_bin, "photos-unhidden", by, while_open=True)


def put_back(studio: OpenStudio, done: Culled, by: PersonId) -> tuple[Culled, Changes]:
    """Undo ``done``, exactly; what is returned undoes the undoing.

    Raises :class:`Refused` when one of the photos was changed since or is not there any more, and
    :class:`WrongUsage` when it is about the bin and the session is not open; nothing is changed then.
    """
    binned = any(done.before[guid].hidden is not done.after[guid].hidden for guid in done.after)
    with studio.archive.transaction(studio.now()) as writing:
        there = {guid: session for guid, _, session in studio.archive.culling.whole_shots(done.photos)}
        now = studio.archive.culling.of(done.photos)
        if any(guid not in there or now[guid] != done.after[guid] for guid in done.after):
            raise Refused(
                "Some of these photos were changed since, or are gone.", "Nothing was changed; look at them again."
            )
        if binned:
            _must_be_open(studio, set(there.values()))
        back = culled(done.after, done.before)
        _write(studio, writing, back, there, "photos-put-back", by)
    return back, _changes(back)


def _cull(
    studio: OpenStudio,
    guids: Sequence[PhotoGuid],
    change: Change,
    kind: str,
    by: PersonId | Role,
    *,
    while_open: bool = False,
) -> tuple[Culled, Changes]:
    with studio.archive.transaction(studio.now()) as writing:
        shots = studio.archive.culling.whole_shots(guids)
        sessions = {guid: session for guid, _, session in shots}
        if missing := next((guid for guid in guids if guid not in sessions), None):
            raise WrongUsage(f"There is no photo {missing} in this studio.", "Nothing was changed.")
        if while_open:
            _must_be_open(studio, set(sessions.values()))
        before = studio.archive.culling.of(tuple(sessions))
        counts = studio.archive.culling.of_shots({shot for _, shot, _ in shots})
        # From what counts for the shot, so that one that came in later takes over what its shot was given.
        after = {guid: change(counts.get(shot, UNCULLED)) for guid, shot, _ in shots}
        done = culled(before, after)
        _write(studio, writing, done, sessions, kind, by)
    return done, _changes(done)


def _write(
    studio: OpenStudio,
    writing: Transaction,
    done: Culled,
    sessions: Mapping[PhotoGuid, SessionId],
    kind: str,
    by: PersonId | Role,
) -> None:
    """The rows, and one entry of the journal for each session: by whom, and what each photo was and is."""
    for guid in done.after:
        studio.archive.culling.put(writing, guid, done.after[guid])
    for session in dict.fromkeys(sessions[guid] for guid in done.after):
        mine = [guid for guid in done.after if sessions[guid] == session]
        told = [{"photo": guid, "from": _told(done.before[guid]), "to": _told(done.after[guid])} for guid in mine]
        # Ids alone, under the studio's own key: it stays readable when one of the people is erased, and names nobody.
        studio.archive.journal.append(writing, kind, session, canonical({"by": by, "photos": told}))


def _told(culling: Culling) -> dict[str, object]:
    return {
        "rating": culling.rating,
        "mark": culling.mark.value,
        "wanted": culling.picked_by_subject,
        "hidden": culling.hidden,
    }


def _must_be_open(studio: OpenStudio, sessions: set[SessionId]) -> None:
    for each in sessions:
        still_open(studio, each)


def _changes(done: Culled) -> Changes:
    return Changes.PHOTOS | Changes.JOURNAL if done.after else Changes.NONE
