"""What the command line asks for when a window is wanted; ``bootstrap`` hands it in, so this room needs no windows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from safelight.studio.signing_point import StudioSigningPoint
    from safelight.studio.sitting import StudioSitting


class Windows(Protocol):
    """Opens the signing screen and returns its exit code once the team has left it."""

    def __call__(
        self,
        desk: StudioSigningPoint,
        first: StudioSitting | None,
        *,
        screen: int | None,
        windowed: bool,
        letters: Path | None,
        camera: bool,
    ) -> int:
        """``screen`` from 0, None for the second one where there is one; ``letters`` is where e-mails are saved.

        ``camera``: cards are read by the camera, too.
        """
        ...
