"""How many signing places a day needs, so that signing is never slower than the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class SigningPlan:
    """What a day of ``per_hour`` people needs, ``share`` (0 to 1) of whom signed before: ``places``, of ``minutes``."""

    per_hour: float
    share: float
    minutes: float
    places: int

    @property
    def advised(self) -> int:
        """With the one that is ready when another fails or somebody takes long."""
        return self.places + 1 if self.places else 0


def plan_signing(
    people: int, signed: int, days: int = 1, hours: float = WORKING_HOURS, minutes: float = MINUTES_TO_SIGN
) -> SigningPlan:
    """The plan for ``people`` who come on ``days`` of ``hours`` each, of whom ``signed`` signed before.

    Raises WrongUsage for what is no number of people, days or hours.
    """
    if not (0 <= signed <= people and days > 0 and 0 < hours <= 24):
        raise WrongUsage("The numbers of people, days and hours do not make sense.", "A day has up to 24 hours.")
    per_hour = people / (days * hours)
    share = signed / people if people else 0.0
    return SigningPlan(per_hour, share, minutes, signing_places(per_hour, minutes, share))
