"""Whether somebody of the roster came: when they arrived, or that they are absent or not photographed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Presence(StrEnum):
    """What the studio said about somebody of whom there may be no photo; nobody asks why."""

    EXPECTED = ""
    """Nothing was said."""
    ABSENT = "absent"
    NOT_PHOTOGRAPHED = "not-photographed"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person in one session. ``arrived_at`` is when they were first seen there (UTC), None while they were not."""

    arrived_at: datetime | None = None
    state: Presence = Presence.EXPECTED
