"""The demonstration as the desk knows it: a studio to look around in, which ``bootstrap`` hands in."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from safelight.domain.errors import SafelightError
from safelight.qt.jobs import Jobs

if TYPE_CHECKING:
    from safelight.domain.people import StaffMember
    from safelight.domain.progress import Report
    from safelight.domain.session import Session
    from safelight.studio.open_studio import OpenStudio


class DeskDemonstration(Protocol):
    """A studio made to be looked at, and a camera that goes on taking pictures."""

    @property
    def studio(self) -> OpenStudio: ...
    @property
    def session(self) -> Session: ...
    @property
    def by(self) -> StaffMember: ...
    @property
    def pin(self) -> str:
        """The PIN of ``by``."""
        ...

    @property
    def hot_folder(self) -> Path:
        """Where its camera writes."""
        ...

    def photograph(self, number: int) -> Path:
        """Write the frame ``number`` (from 1) into ``hot_folder``, as a camera does; gives the file."""
        ...


FoundDemonstration = Callable[[Path, "Report"], DeskDemonstration]
"""Makes it in a folder that is new or empty; takes some seconds."""

CAMERA_MS = 20_000
"""Its camera takes a picture this often."""


def camera_of(demo: DeskDemonstration, jobs: Jobs, failed: Callable[[SafelightError], None], parent: QObject) -> QTimer:
    """Has the camera take pictures from now on, drawn on a worker; stop the timer to have it rest."""
    timer = QTimer(parent, interval=CAMERA_MS)
    numbers = itertools.count(1)

    def take() -> None:
        number = next(numbers)
        jobs.read(lambda _: demo.photograph(number), lambda _: None, failed)

    timer.timeout.connect(take)
    timer.start()
    return timer
