"""How long and where a yes holds: terms with caps, yearly review, and territories."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .errors import WrongUsage
from .ids import Country

REVIEW_MONTHS = 12
"""A yes "until withdrawn" and every AI yes is put to the person again after a year (design rule 7)."""
SILENCE_DAYS = 30
"""So long after a review falls due without an answer the use sleeps."""


OFFERED_MONTHS = (6, 12, 24, 36, 60, 120)
"""The lengths a person chooses among, on the screen and on paper."""
LONGEST_WITHOUT_CAP = 60
"""Where nothing caps a use, the longest length in months beside "until I say stop"."""


def offered_months(cap: int | None) -> tuple[int, ...]:
    """The lengths offered for a use whose yes may last ``cap`` months at most; the cap itself is always among them."""
    longest = LONGEST_WITHOUT_CAP if cap is None else cap
    offered = tuple(each for each in OFFERED_MONTHS if each <= longest)
    return offered if longest in offered else (*offered, longest)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class TermKind(StrEnum):
    """The three ways a duration is chosen; "forever" is not among them."""

    MONTHS = "months"
    UNTIL = "until"
    WITHDRAWN = "until-withdrawn"


@dataclass(frozen=True, slots=True)
class Term:
    """A chosen duration: ``months`` for MONTHS, ``until`` (the last day) for UNTIL, neither for WITHDRAWN."""

    kind: TermKind
    months: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        fits = {
            TermKind.MONTHS: self.months is not None and 1 <= self.months <= 1200 and self.until is None,
            TermKind.UNTIL: self.until is not None and self.months is None,
            TermKind.WITHDRAWN: self.months is None and self.until is None,
        }
        if not fits[self.kind]:
            raise WrongUsage("This duration makes no sense.", "Give a number of months, a last day, or 'withdrawn'.")

    def last_day(self, given_on: date, cap_months: int | None) -> date | None:
        """The last day of a yes given on ``given_on``: what was chosen or the cap, whichever is earlier."""
        chosen = self.until if self.months is None else add_months(given_on, self.months)
        cap = None if cap_months is None else add_months(given_on, cap_months)
        return min((day for day in (chosen, cap) if day is not None), default=None)


ONE_YEAR = Term(TermKind.MONTHS, months=12)
UNTIL_WITHDRAWN = Term(TermKind.WITHDRAWN)


def review_due(given_on: date) -> date:
    """The day on which a yes that is reviewed yearly is put to the person again."""
    return add_months(given_on, REVIEW_MONTHS)


def sleeps_after(given_on: date) -> date:
    """The last day such a yes still counts when nobody answers the review."""
    return review_due(given_on) + timedelta(days=SILENCE_DAYS)


class TerritoryKind(StrEnum):
    """The four choices of where."""

    COUNTRY = "country"
    EEA = "EEA"
    LISTED = "listed"
    WORLDWIDE = "worldwide"


@dataclass(frozen=True, slots=True)
class Territory:
    """Where a yes holds; ``countries`` has one entry for COUNTRY, one or more for LISTED, none otherwise."""

    kind: TerritoryKind
    countries: frozenset[Country] = frozenset()

    def __post_init__(self) -> None:
        count = len(self.countries)
        fits = {TerritoryKind.COUNTRY: count == 1, TerritoryKind.LISTED: count >= 1}
        if not fits.get(self.kind, count == 0):
            raise WrongUsage(
                "This territory makes no sense.", "Name one country, a list of countries, EEA or worldwide."
            )

    def covers(self, place: Country, eea: frozenset[Country]) -> bool:
        """Whether ``place`` lies inside; ``eea`` are the members as the rules file lists them."""
        if self.kind is TerritoryKind.WORLDWIDE:
            return True
        return place in (eea if self.kind is TerritoryKind.EEA else self.countries)
