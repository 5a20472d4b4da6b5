"""Who says whose a frame is while frames come in, and hears of the slates and clock codes among them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from safelight.capture.slates import SlateRef
from safelight.domain.changes import Changes
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.session import Session
from safelight.storage.transaction import Transaction
from safelight.studio.binding import BY_SWITCH, Binder
from safelight.studio.cameras import catch_up, clock_photographed, slate_photographed
from safelight.studio.open_studio import OpenStudio
from safelight.studio.reassignment import BY_SLATE
from safelight.studio.switch_log import read_switches

NAMED, NO_ONE, BY_SHOT = "named", "nobody", "shot"
"""By what a frame was bound when it came in: somebody said beforehand whose the frames are, nobody did, or as the other
photo of the same shutter. Else by a photographed slate (``BY_SLATE``) or the switch log (``BY_SWITCH``)."""
ARRIVED, LAY_THERE = "seen-arriving", "lay-there"
"""How its file came: seen arriving in a hot folder, or read from where it lay (a card, a folder, a file)."""


@dataclass(frozen=True, slots=True)
class Taking:
    """By which camera a frame was taken, at which time of its clock, and when its file was first seen here.

    ``camera`` is a keyed tag, ``name`` the camera's name for people. ``first_seen_ms`` counts from 1970 (UTC); None for
    a file that was not seen arriving.
    """

    camera: str = ""
    name: str = ""
    time: CameraTime | None = None
    first_seen_ms: int | None = None


class FrameBinder(Protocol):
    """What intake asks for each frame; :meth:`owners` from several threads at once.

    ``by`` is who of the studio stands behind what it says, ``how`` by what it says it now (:data:`NAMED`, …).
    """

    @property
    def by(self) -> PersonId:
        """Who of the studio it is."""

    @property
    def how(self) -> str:
        """By what, now."""

    def begin(self) -> Changes:
        """Intake begins: what an earlier run left undone is done now."""

    def owners(self, taking: Taking, /) -> tuple[tuple[SubjectId, ...], bool]:
        """Who is on a frame taken so, and whether somebody has to look."""

    def noted(self, writing: Transaction, taking: Taking, /) -> None:
        """A frame taken so is written, in this transaction."""

    def slate(self, slate: SlateRef, taking: Taking, /) -> Changes:
        """A slate was photographed (of any session: whoever hears of it decides); what that changed."""

    def clock(self, shown: datetime, taking: Taking, /) -> Changes:
        """A clock code, shown at this time (UTC), was photographed; what that changed."""


def bound_at_intake(binder: FrameBinder, photo: Photo, *, by_shot: bool) -> dict[str, Any]:
    """What the journal says of a photo that comes in: who bound it and how. Ids alone, as when it is moved later."""
    told: dict[str, Any] = {
        "by": binder.by,
        "came": ARRIVED if photo.first_seen_ms is not None else LAY_THERE,
        "how": BY_SHOT if by_shot else binder.how,
        "to": list(photo.subjects),
    }
    if photo.flagged:
        told["asked"] = True  # somebody has to look at it
    return told


class ByArrival:
    """Gives frames to whoever was named at the start, from each slate on to its person: in the order files arrive.

    A slate of another session, or of somebody who is not of this one any more, makes the frames after it nobody's.
    """

    def __init__(self, studio: OpenStudio, session: Session, on_set: SubjectId | None) -> None:
        self._studio, self._session, self.on_set = studio, session, on_set
        self.by, self._by_slate = session.photographer, False

    @property
    def how(self) -> str:
        if self._by_slate:
            return BY_SLATE
        return NAMED if self.on_set else NO_ONE

    def begin(self) -> Changes:
        return Changes.NONE

    def owners(self, _taking: Taking) -> tuple[tuple[SubjectId, ...], bool]:
        people = self._studio.archive.subjects.ids(self._session.id) if self.on_set else ()
        return ((self.on_set,) if self.on_set and self.on_set in people else ()), False

    def noted(self, writing: Transaction, taking: Taking) -> None:
        binder = Binder(self._studio, self._session.id)
        binder.noted(writing, taking.camera, taking.name, taking.time, taking.first_seen_ms)

    def slate(self, slate: SlateRef, _taking: Taking) -> Changes:
        self.on_set, self._by_slate = next(iter(_shown(self._studio, self._session, slate)), None), True
        return Changes.NONE

    def clock(self, shown: datetime, taking: Taking) -> Changes:
        frame, by = (taking.camera, taking.name, taking.time), self._session.photographer
        return clock_photographed(self._studio, self._session, *frame, shown, by)[1]


class BySwitchLog:
    """Gives frames to whoever was on set when they were taken, by the switch log and the cameras' clocks.

    ``by`` is who of the studio stands behind what a photographed slate or clock code changes.
    """

    def __init__(self, studio: OpenStudio, session: Session, by: PersonId) -> None:
        self._studio, self._session, self.by, self.how = studio, session, by, BY_SWITCH
        self._own = threading.local()

    @property
    def is_used(self) -> bool:
        """Whether anybody was ever put on set in this session."""
        return self._binder.has_switches()

    @property
    def _binder(self) -> Binder:
        """One for each thread: each keeps what it has read of the log."""
        if not hasattr(self._own, "binder"):
            self._own.binder = Binder(self._studio, self._session.id)
        binder: Binder = self._own.binder
        return binder

    def begin(self) -> Changes:
        # The machine's clock may have been set back since: what comes in now came after those switches.
        switches = read_switches(self._studio, self._session.id)
        self._studio.not_before(max((each.at_ms for each in switches), default=0))
        return catch_up(self._studio, self._session, self.by)[1]

    def owners(self, taking: Taking) -> tuple[tuple[SubjectId, ...], bool]:
        bound = self._binder.owner(taking.camera, taking.time, taking.first_seen_ms)
        return bound.subjects, bound.check

    def noted(self, writing: Transaction, taking: Taking) -> None:
        self._binder.noted(writing, taking.camera, taking.name, taking.time, taking.first_seen_ms)

    def slate(self, slate: SlateRef, taking: Taking) -> Changes:
        shown = _shown(self._studio, self._session, slate)
        photographed = taking.camera, taking.time, taking.first_seen_ms
        return slate_photographed(self._studio, self._session, shown, *photographed, self.by)[1]

    def clock(self, shown: datetime, taking: Taking) -> Changes:
        frame = taking.camera, taking.name, taking.time
        return clock_photographed(self._studio, self._session, *frame, shown, self.by)[1]


def _shown(studio: OpenStudio, session: Session, slate: SlateRef) -> tuple[SubjectId, ...]:
    """Who a slate puts on set: nobody, if it is of another session or of somebody who is not of this one."""
    people = studio.archive.subjects.ids(session.id) if slate.session == session.id else ()
    return (slate.subject,) if slate.subject in people else ()
