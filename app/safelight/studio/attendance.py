"""Says of somebody that they are absent or not photographed, so that everybody of a session is accounted for."""

from __future__ import annotations

from dataclasses import replace

from safelight.documents.jcs import canonical
from safelight.domain.attendance import Attendance, Presence
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.sessions import still_open
from safelight.studio.staff import working_member

MARKED = "attendance-marked"


def mark_attendance(
    studio: OpenStudio, session: Session, subject: SubjectId, state: Presence, by: PersonId
) -> tuple[Attendance, Changes]:
    """Keep that somebody is absent or not photographed, or (``EXPECTED``) that neither is said any more.

    Nobody is asked why. The journal keeps from, to and ``by``, sealed for the person. Raises :class:`Refused` while
    photos that are not in the bin show them, :class:`WrongUsage` for somebody who is not of the session, or when it
    is closed.
    """
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
        working_member(studio, by)
        line = studio.archive.subjects.line(subject)
        if line.session != session.id:
            raise WrongUsage("This person is not of the session.", "Nothing was changed; name somebody of it.")
        before = studio.archive.attendance.get(subject, session.id)
        if before.state is state:
            return before, Changes.NONE
        if state is not Presence.EXPECTED and _is_shown(studio, session, subject):
            raise Refused(
                f"Photos show this person, so they are not {'absent' if state is Presence.ABSENT else 'left out'}.",
                "Nothing was changed. Give the photos to whom they show, or to nobody, first.",
            )
        after = replace(before, state=state)
        studio.archive.attendance.put(writing, subject, session.id, after)
        told = {"session": session.id, "from": before.state.value, "to": state.value, "by": by}
        entry = studio.archive.journal.append(writing, MARKED, subject, canonical(told), subject)
    studio.acknowledge(subject, entry.hash)
    return after, Changes.SUBJECTS | Changes.ON_SET | Changes.JOURNAL


def _is_shown(studio: OpenStudio, session: Session, subject: SubjectId) -> bool:
    shots = studio.archive.shots.by_age(session.id, subject)
    return not studio.archive.culling.hidden_shots(session.id).issuperset(shots)
