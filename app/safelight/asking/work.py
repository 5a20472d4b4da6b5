"""What the asking needs to be done elsewhere or later, as a protocol: a window, a server or a test keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from safelight.domain.errors import SafelightError

T = TypeVar("T")
Failed = Callable[[SafelightError, Callable[[], None]], None]
"""Hears of an error, with what tries the same again."""


class Work(Protocol):
    """Slow work beside the screen. What it calls comes one at a time, as the wishes do; so nothing here locks."""

    def run(
        self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Callable[[SafelightError], None]
    ) -> None:
        """Do ``work`` in the order it is handed in, then call one of the two, never before this has returned."""
        ...

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call ``call`` after so long; returns what calls it off, which may come too late and is then harmless."""
        ...
