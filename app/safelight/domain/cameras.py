"""A camera of a session: what it is called, and what is known of its clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .binding import CameraClock


class ClockSource(StrEnum):
    """By what a camera's clock is known."""

    NOTHING = ""
    ARRIVALS = "arrivals"
    """Inferred: how long after its frames their files arrived at least."""
    CODE = "code"
    """A photographed code that says when it was shown."""
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as it is kept for one session.

    ``contradicted`` while its clock and the arrivals of its frames do not fit together; ``jumped`` once they ever did
    not, so that what nobody saw arrive cannot be placed any more.
    """

    name: str
    clock: CameraClock | None = None
    source: ClockSource = ClockSource.NOTHING
    contradicted: bool = False
    jumped: bool = False


UNNAMED = Camera("")
"""One of which nothing is known yet."""
