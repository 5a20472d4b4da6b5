"""Keeps the session as it stands at hand: read again whenever something changed, one reading at a time.

What somebody just did is laid over what is read, until a reading that began after it was durable: nothing flickers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from safelight.desk.desk import Desk
from safelight.desk.shoot.reading import EVERYTHING, Before, Day, read_day
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.domain.searching import NameIndex
from safelight.domain.session import Session
from safelight.studio.queries.people import name_index
from safelight.studio.queries.shots import OpenedRows

Change = Callable[[Day], Day]
REST_MS, MOST_REST_MS = 200, 1_000
"""Between two readings: frames that come in by the dozen are told together, and one that comes alone at once."""
REST_SHARE = 3
"""So many times as long as a reading took the next one waits: reading takes the window's thread its turns."""


@dataclass(slots=True, eq=False)
class Overlay:
    """What somebody did, as it looks; ``durable`` counts the readings that began before it was kept."""

    change: Change
    durable: int | None = None


class DayReader(QObject):
    """Reads in the background. Nothing is told after :meth:`forget` of what was asked before it."""

    came = Signal()
    """:attr:`day` is new."""
    names_came = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._session: Session | None = None
        self._read: Day | None = None
        self._opened, self._changes = OpenedRows(), EVERYTHING
        self._overlays: list[Overlay] = []
        self._began = self._generation = 0
        self._reading = self._stale = False
        self._since = 0.0
        self.index: NameIndex[SubjectId] | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._again)

    @property
    def day(self) -> Day | None:
        """The session with everything that was done to it; None before it was read."""
        day = self._read
        for each in self._overlays if day is not None else ():
            day = each.change(day) if day is not None else None
        return day

    @property
    def session(self) -> Session | None:
        """Whose day it is."""
        return self._session

    @property
    def is_busy(self) -> bool:
        """Whether it reads, or will at once."""
        return self._reading or (self._stale and self._rest.isActive())

    def follow(self, session: Session | None) -> None:
        """Read this session from now on."""
        if session is None or self._session is None or session.id != self._session.id:
            self.forget()
        self._session = session

    def ask(self, changes: Changes = EVERYTHING, *, names: bool = False) -> None:
        """Read it, now or as soon as the reading that is under way is done; not while the desk is covered.

        ``changes`` are all that happened since it was asked for last, where somebody knows.
        """
        self._changes |= changes
        if self._session is None or not self._desk.is_open or self._desk.is_covered:
            return
        if names or self.index is None:
            self._read_names(self._session)
        if self._reading or self._rest.isActive():
            self._stale = True
        else:
            self._begin()

    def lay_over(self, change: Change) -> Overlay:
        """Show the day as ``change`` makes it, from now on."""
        made = Overlay(change)
        self._overlays.append(made)
        self.came.emit()
        return made

    def kept(self, overlay: Overlay) -> None:
        """It is durable: the next reading tells it."""
        overlay.durable = self._began
        self.ask()

    def take_back(self, overlay: Overlay) -> None:
        """It did not happen."""
        if overlay in self._overlays:
            self._overlays.remove(overlay)
            self.came.emit()
        self.ask()

    def forget(self) -> None:
        """Drop everything that was read."""
        self._generation += 1
        self._read = self.index = None
        self._opened, self._changes = OpenedRows(), EVERYTHING
        self._overlays.clear()
        self._reading = self._stale = False
        self._rest.stop()

    # Inside.

    def _begin(self) -> None:
        session, studio = self._session, self._desk.studio
        if session is None:
            return
        before = Before(self._read, self._changes, self._opened)
        self._changes = Changes.NONE
        self._reading, self._stale = True, False
        self._began += 1
        self._since = time.monotonic()
        began, generation = self._began, self._generation
        self._desk.jobs.read(
            lambda _: read_day(studio, session, before),
            lambda day: self._take(day, began, generation),
            lambda error: self._failed(error, generation),
        )

    def _take(self, day: Day, began: int, generation: int) -> None:
        if generation != self._generation:
            return
        self._read = day
        self._overlays = [each for each in self._overlays if each.durable is None or each.durable >= began]
        self._reading = False
        took = round((time.monotonic() - self._since) * 1000)
        self._rest.start(min(MOST_REST_MS, max(REST_MS, REST_SHARE * took)))
        self.came.emit()

    def _failed(self, error: SafelightError, generation: int) -> None:
        if generation == self._generation:
            self._reading, self._changes = False, EVERYTHING
            self._desk.failed(error)

    def _again(self) -> None:
        if self._stale:
            self._begin()

    def _read_names(self, session: Session) -> None:
        studio, generation = self._desk.studio, self._generation

        def take(index: NameIndex[SubjectId]) -> None:
            if generation == self._generation:
                self.index = index
                self.names_came.emit()

        self._desk.jobs.read(lambda _: name_index(studio, session), take, self._desk.failed)
