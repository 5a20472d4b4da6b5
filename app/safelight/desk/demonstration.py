"""The demonstration as the desk knows it: a studio to look around in, which ``bootstrap`` hands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

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
