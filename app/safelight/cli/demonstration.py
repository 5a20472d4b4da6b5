"""What the command line asks for when something is to be played; ``bootstrap`` hands it in, as doors see no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from safelight.domain.progress import Report
    from safelight.studio.open_studio import OpenStudio
    from safelight.studio.signing_point import StudioSigningPoint


class BadgeCard(Protocol):
    """What one of the people carries: the code to type, and what is to be tried with it."""

    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def story(self) -> str: ...


class SigningStudio(Protocol):
    """A studio to try the signing screen with; whoever got it closes ``studio``."""

    @property
    def studio(self) -> OpenStudio: ...
    @property
    def desk(self) -> StudioSigningPoint: ...
    @property
    def cards(self) -> Sequence[BadgeCard]: ...
    @property
    def pin(self) -> str: ...


class Demonstration(Protocol):
    """A whole day without a screen, and a studio for the signing screen."""

    def play_day(
        self, out: Path, people: int, photos: Path | None, seed: int, report: Report
    ) -> tuple[dict[str, Any], Iterable[str]]:
        """Leave a day in the new or empty folder ``out``: its summary, and the lines that say what to look at."""
        ...

    def found_signing_studio(self, folder: Path) -> SigningStudio:
        """Found a studio in ``folder`` with one person for each of ``parser.DEMO_GUESTS``, in that order."""
        ...
