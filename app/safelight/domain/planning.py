"""How many signing places a day needs, so that signing is never slower than the camera."""

from __future__ import annotations

import math

from .errors import WrongUsage

CHECK_IN = 0.8
"""Minutes somebody takes who signed before: they look at their answers and go on."""
LOADED = 0.85
"""How busy a place may be: fuller ones make queues grow, because people neither come nor read evenly."""
WORKING_HOURS = 7.0
"""A day of photography without its breaks."""
MINUTES_TO_SIGN = 4.0
"""What somebody takes who reads and signs on the day, put carefully: half of all people need three."""


def signing_places(per_hour: float, minutes: float, pre_signed: float) -> int:
    """How many places keep up with ``per_hour`` people; one more is wise, because one may fail or be held up.

    ``minutes`` is what somebody takes on average who signs on the day; ``pre_signed`` the share (0 to 1) of all who
    come that signed before. Nobody comes, no place. Raises WrongUsage for what is no number of people, time or share.
    """
    if not (0 <= per_hour < math.inf and 0 < minutes < math.inf and 0 <= pre_signed <= 1):
        raise WrongUsage("People an hour, minutes and the share of those who signed before do not make sense.")
    busy = per_hour * (minutes * (1 - pre_signed) + CHECK_IN * pre_signed) / 60
    return math.ceil(round(busy / LOADED, 9))
