"""Who says whose a frame is while frames come in, and hears of the slates and clock codes among them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from safelight.capture.slates import SlateRef
from safelight.domain.changes import Changes
from safelight.domain.ids import SubjectId
from safelight.domain.session import Session
from safelight.studio.incoming import Taking
from safelight.studio.open_studio import OpenStudio


class FrameBinder(Protocol):
    """What intake asks for each frame; asked from several threads at once."""

    def owners(self, taking: Taking, /) -> tuple[tuple[SubjectId, ...], bool]:
        """Who is on a frame taken so, and whether somebody has to look."""

    def slate(self, slate: SlateRef, taking: Taking, /) -> Changes:
        """A slate was photographed (of any session: whoever hears of it decides); what that changed."""

    def clock(self, shown: datetime, taking: Taking, /) -> Changes:
        """A clock code, shown at this time (UTC), was photographed; what that changed."""


class ByArrival:
    """Gives frames to whoever was named at the start, from each slate on to its person: in the order files arrive.

    A slate of another session, or of somebody who is not of this one any more, makes the frames after it nobody's.
    """

    def __init__(self, studio: OpenStudio, session: Session, on_set: SubjectId | None) -> None:
        self._studio, self._session, self.on_set = studio, session, on_set

    def owners(self, _taking: Taking) -> tuple[tuple[SubjectId, ...], bool]:
        return ((self.on_set,) if self.on_set else ()), False

    def slate(self, slate: SlateRef, _taking: Taking) -> Changes:
        people = self._studio.archive.subjects.ids(self._session.id) if slate.session == self._session.id else ()
        self.on_set = slate.subject if slate.subject in people else None
        return Changes.NONE

    def clock(self, _shown: datetime, _taking: Taking) -> Changes:
        return Changes.NONE
