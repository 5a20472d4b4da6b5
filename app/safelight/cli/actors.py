"""Who of the studio does what a command says: the one named, else the photographer of the person's session."""

from __future__ import annotations

from safelight.domain.ids import PersonId, SubjectId
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.sessions import session_of
from safelight.studio.staff import find_staff


def actor(studio: OpenStudio, named: str | None, subject: SubjectId) -> PersonId:
    """The id of ``named``; without a name, of who photographs the session ``subject`` is in."""
    return find_staff(studio, named).id if named else session_of(studio, subject).photographer
