"""Notes that somebody came: by their card at the desk or the signing screen, by a key, or because they are on set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.changes import Changes
from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.session import Session
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio


def mark_arrived(studio: OpenStudio, session: Session, subject: SubjectId) -> tuple[Attendance, Changes]:
    """Somebody of the session is here: they arrived now, unless they did before, and are not absent any more.

    Raises :class:`WrongUsage` for somebody who is not in the archive.
    """
    known = studio.archive.attendance.get(subject, session.id)
    if _is_here(known):
        return known, Changes.NONE
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.subjects.line(subject)
        arrive(studio, writing, session.id, [subject])
    return studio.archive.attendance.get(subject, session.id), Changes.SUBJECTS | Changes.ON_SET


def arrive(studio: OpenStudio, writing: Transaction, session: SessionId, people: Iterable[SubjectId]) -> bool:
    """As :func:`mark_arrived` within a transaction; whether anything was new."""
    changed = False
    for each in people:
        known = studio.archive.attendance.get(each, session)
        if not _is_here(known):
            here = replace(known, arrived_at=known.arrived_at or writing.now, state=Presence.EXPECTED)
            studio.archive.attendance.put(writing, each, session, here)
            changed = True
    return changed


def arrive_together(
    studio: OpenStudio, writing: Transaction, session: SessionId, keep: SubjectId, gone: SubjectId
) -> None:
    """Two entries become one (within a transaction): they came when the first of them did."""
    here, there = (studio.archive.attendance.get(each, session) for each in (keep, gone))
    came = min((each for each in (here.arrived_at, there.arrived_at) if each is not None), default=None)
    if came != here.arrived_at:
        state = Presence.EXPECTED if here.arrived_at is None else here.state
        studio.archive.attendance.put(writing, keep, session, Attendance(came, state))


def _is_here(known: Attendance) -> bool:
    return known.arrived_at is not None and known.state is Presence.EXPECTED
