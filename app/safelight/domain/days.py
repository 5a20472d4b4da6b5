"""Which day it is: at the place of signing, by UTC, and which of the two counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

NO_ZONE = "UTC"
"""The zone of what was recorded before zones were: it counts by UTC."""


def local_day(at: datetime, offset_minutes: int) -> date:
    """The day of ``at`` (aware) where clocks are ``offset_minutes`` ahead of UTC."""
    return (at.astimezone(UTC) + timedelta(minutes=offset_minutes)).date()


def first_day(at: datetime, day: date | None) -> date:
    """The first day on which what was said at ``at`` counts: the earlier of the day there and UTC's.

    Whoever asks on either of them, right after the signature, gets the yes that was just given. ``day`` is the day at
    the place of signing; without one it counts by UTC.
    """
    utc = at.astimezone(UTC).date()
    return utc if day is None else min(day, utc)


@dataclass(frozen=True, slots=True)
class PlaceTime:
    """An instant as the clocks of one place show it.

    ``zone`` is the IANA name of the place's time zone, ``offset_minutes`` how far its clocks were ahead of UTC then.
    ``signed_on`` is the day on a sheet of paper that was signed before this instant, at which it is entered.
    """

    at: datetime
    zone: str = NO_ZONE
    offset_minutes: int = 0
    signed_on: date | None = None

    @property
    def day(self) -> date:
        """The day at the place: what terms, reviews and the date on paper count from."""
        return self.signed_on or local_day(self.at, self.offset_minutes)

    @property
    def age_day(self) -> date:
        """The day ages are counted on: the earlier of the place's and UTC's, so that nobody is of age too soon."""
        return first_day(self.at, self.day)

    def settled(self) -> PlaceTime:
        """The earliest instant with the same day here, the same day by UTC and the same clocks."""
        ahead = timedelta(minutes=self.offset_minutes)
        midnights = (datetime.combine(local_day(self.at, self.offset_minutes), time(), UTC) - ahead,
                     datetime.combine(self.at.astimezone(UTC).date(), time(), UTC))  # fmt: skip
        return replace(self, at=max(midnights))
