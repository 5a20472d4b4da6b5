"""What is left to do in a session: photos of nobody, people without answers, photos or guardians, checks to be made."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import OpenPoint, session_board
from safelight.studio.queries.people import PersonRow
from safelight.studio.queries.photos import PhotoPages, PhotoRow


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """Each list in the order people and photos were added; all empty when nothing is left."""

    unassigned: tuple[PhotoRow, ...]
    flagged: tuple[PhotoRow, ...]
    unanswered: tuple[PersonRow, ...]
    without_photos: tuple[PersonRow, ...]
    without_guardian: tuple[PersonRow, ...]
    unchecked: tuple[PersonRow, ...]
    """People who allowed something that needs a second person's check, which has not been made."""
    hidden: tuple[PhotoRow, ...] = ()
    """What lies in the bin; it may stay there, so it is nothing that is left to do."""

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return any((self.unassigned, self.flagged, self.unanswered, self.without_photos, self.without_guardian,
                    self.unchecked))  # fmt: skip


def open_points(studio: OpenStudio, session: Session) -> OpenPoints:
    """Look through a session; nothing is changed. Of whoever is absent or not photographed nothing is waited for."""
    board = session_board(studio, session)
    photos = PhotoPages(studio, session, unassigned=True)
    came = studio.archive.attendance.all(session.id)
    expected = [each for each in board.people if came.get(each.id, Attendance()).state is Presence.EXPECTED]

    def people(point: OpenPoint) -> tuple[PersonRow, ...]:
        return tuple(PersonRow(each.id, each.short, each.name) for each in expected if point in each.open)

    return OpenPoints(
        unassigned=tuple(photos),
        flagged=tuple(photos.only(flagged=True)),
        unanswered=people(OpenPoint.UNANSWERED),
        without_photos=people(OpenPoint.WITHOUT_PHOTOS),
        without_guardian=people(OpenPoint.WITHOUT_GUARDIAN),
        unchecked=people(OpenPoint.UNCHECKED),
        hidden=tuple(photos.only(hidden=True)),
    )
