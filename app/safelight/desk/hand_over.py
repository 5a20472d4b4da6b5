"""Hands the signing screen to somebody and takes it back; who hands over is recorded as who took the consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from safelight.desk.signing_screen import SigningScreens
from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.domain.people import StaffMember
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.qt.jobs import Jobs

if TYPE_CHECKING:
    from safelight.studio.open_studio import OpenStudio
    from safelight.studio.signing_point import StudioSigningPoint
    from safelight.studio.sitting import StudioSitting

Ready = tuple["StudioSigningPoint", "StudioSitting | None"]


class AtDesk(Protocol):
    """What it needs to know of the desk."""

    @property
    def studio(self) -> OpenStudio: ...
    @property
    def session(self) -> Session | None: ...
    @property
    def by(self) -> StaffMember: ...

    def failed(self, error: SafelightError) -> None: ...


class HandOver(QObject):
    """The desk's hold on the signing screen; ``desk.signing``."""

    given = Signal(object)
    """It is on screen, for this :class:`SubjectId`; None when it waits for a card."""
    taken_back = Signal(object)
    """It is closed again, after having been given for this :class:`SubjectId` (or None)."""

    def __init__(self, desk: AtDesk, jobs: Jobs, screens: SigningScreens) -> None:
        super().__init__(desk if isinstance(desk, QObject) else None)
        self._desk, self._jobs, self._screens = desk, jobs, screens
        self._subject: SubjectId | None = None
        self._opening = False

    @property
    def is_open(self) -> bool:
        """Whether the signing screen is there, or on its way."""
        return self._opening or self._screens.is_open

    @property
    def busy(self) -> bool:
        """Whether somebody sits at it."""
        return self._screens.busy

    @property
    def subject(self) -> SubjectId | None:
        """Whom it was handed to last; others may have followed by their cards."""
        return self._subject

    def give(self, subject: SubjectId | None, screen: int | None = None) -> None:
        """Open it for ``subject`` of the session, or for whoever comes with a card (None).

        On screen number ``screen``, the second one when left out, and the desk's own where there is only one. Nothing
        happens while it is open.
        """
        session = self._desk.session
        if self.is_open or session is None:
            return
        self._opening, self._subject = True, subject
        studio, by, jobs = self._desk.studio, self._desk.by, self._jobs

        def prepare(_: Report) -> Ready:
            from safelight.studio.badges import badge_code
            from safelight.studio.signing_point import StudioSigningPoint

            point = StudioSigningPoint(studio, session, by=by.id, changed=jobs.tell)
            first = None if subject is None else point.admit(badge_code(studio, session.id, subject))
            return point, first

        def ready(made: Ready) -> None:
            self._opening = False
            self._screens.open(*made, self._left, screen)
            self.given.emit(subject)

        self._jobs.read(prepare, ready, self._failed)

    def take_back(self) -> None:
        """Close it; what is being kept there is kept first, and who sat there goes on by their card."""
        if self._screens.is_open:
            self._screens.close()
            self._left()

    def _left(self) -> None:
        subject, self._subject = self._subject, None
        self.taken_back.emit(subject)

    def _failed(self, error: SafelightError) -> None:
        self._opening, self._subject = False, None
        self._desk.failed(error)
