"""The signing screen as the desk knows it: ``bootstrap`` hands it in, because doors cannot see each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from safelight.studio.signing_point import StudioSigningPoint
    from safelight.studio.sitting import StudioSitting


class SigningScreens(Protocol):
    """Opens the signing screen in a window beside the desk; one at a time."""

    @property
    def is_open(self) -> bool:
        """Whether its window is there."""
        ...

    @property
    def busy(self) -> bool:
        """Whether somebody sits at it."""
        ...

    def open(
        self, point: StudioSigningPoint, first: StudioSitting | None, left: Callable[[], None], screen: int | None
    ) -> None:
        """Show it, with ``first`` at it already; on screen number ``screen`` (None: the second where there is one).

        ``left`` is called, on the window's thread, when the team has left it by PIN or its screen is gone; the window
        is closed by then and what somebody answered is kept.
        """
        ...

    def close(self) -> None:
        """Take it back: what is being kept is kept first. Nothing happens where none is open."""
        ...
