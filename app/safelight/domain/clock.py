"""Time that does not run backwards: the later of the clock and the newest time already seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Now:
    """The time to decide by; ``set_back`` when the clock shows clearly less than what was already seen."""

    at: datetime
    set_back: bool


def ratchet(clock: datetime, newest_seen: datetime | None) -> Now:
    """The time to decide by, so that setting a clock back never revives what has ended."""
    if newest_seen is None or clock >= newest_seen:
        return Now(clock, False)
    return Now(newest_seen, clock < newest_seen - TOLERANCE)
