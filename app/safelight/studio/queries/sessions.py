"""Sessions with what was counted in them, and the session of somebody."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.ids import PersonId, SessionId, SubjectId
from safelight.domain.session import Session, SessionState
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as lists show it: how many people it has, how many are where, how many shots came in.

    ``signed`` is how many are ready (whatever they answered), ``waiting`` how many of those are on no photo yet, and
    ``photographed`` how many are on one. A raw file and its JPEG are one shot; what is in the bin counts nowhere.
    """

    session: Session
    people: int
    signed: int
    waiting: int
    photographed: int
    shots: int


def session_rows(studio: OpenStudio) -> tuple[SessionRow, ...]:
    """All sessions, oldest first; of people and photos nothing is opened."""
    archive = studio.archive
    people, signed = archive.subjects.counts(), archive.consents.people()
    hidden = archive.culling.hidden_shots()
    on_photos, shots = archive.shots.people(hidden), archive.shots.counts(hidden)
    rows = []
    for each in archive.sessions.list():
        ready, seen = signed.get(each.id, frozenset()), on_photos.get(each.id, frozenset())
        rows.append(
            SessionRow(
                each, people.get(each.id, 0), len(ready), len(ready - seen), len(seen), shots.get(each.id, 0)
            )
        )
    return tuple(rows)


def session_by_id(studio: OpenStudio, id: SessionId) -> Session:
    """The session with this id; raises :class:`WrongUsage` if there is none."""
    return studio.archive.sessions.get(id)


def anybody_answered(studio: OpenStudio, id: SessionId) -> bool:
    """Whether somebody of the session has answered, or answers right now: then uses are only added to it."""
    archive = studio.archive
    return bool(archive.consents.receipt_ids(id) or archive.held.people(id, studio.now()))


def session_of(studio: OpenStudio, subject: SubjectId) -> Session:
    """The session somebody is of; raises :class:`WrongUsage` for somebody unknown."""
    return studio.archive.sessions.get(studio.archive.subjects.line(subject).session)


def open_sessions_of(studio: OpenStudio, photographer: PersonId) -> tuple[Session, ...]:
    """The sessions that are open and photographed by this person."""
    found = studio.archive.sessions.list()
    return tuple(each for each in found if each.photographer == photographer and each.state is SessionState.OPEN)
