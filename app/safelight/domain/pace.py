"""How a day of many people goes: how many an hour, when it will be done, how long the queue to sign is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
"""The pace is that of the last hour: a lunch before it does not count."""
FEWEST, SHORTEST = 3, timedelta(minutes=5)
"""With fewer people behind it, or less time, a pace says nothing."""
SIGNING = timedelta(minutes=3)
"""What one person takes at a signing screen."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``per_hour`` people at the pace of the last hour, done at ``ready_at``; None while nobody can say."""

    per_hour: float | None
    ready_at: datetime | None
    wait_to_sign: timedelta


def pace(finished: Sequence[datetime], left: int, signing: int, places: int, now: datetime) -> Pace:
    """The pace at ``now``.

    ``finished`` are the times at which somebody's pictures were done, in any order; ``left`` people still come,
    ``signing`` of those who are here have not signed, at ``places`` signing screens.
    """
    recent = sorted(each for each in finished if now - WINDOW <= each <= now)
    queue = SIGNING * -(-signing // max(1, places))
    if len(recent) < FEWEST or now - recent[0] < SHORTEST:
        return Pace(None, None, queue)
    per_hour = len(recent) / ((now - recent[0]) / timedelta(hours=1))
    return Pace(per_hour, now + timedelta(hours=left / per_hour) if left else now, queue)
