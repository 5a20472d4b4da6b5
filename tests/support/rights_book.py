"""What people said and took back, kept in a few plain values: a second opinion on who allows what, of nothing of ours.

Rules, each once: a photo may be used when everybody on it said yes to that use for that agency, the yes has begun, is
not over and was not ended, nobody on it struck it out, and nobody on it was erased.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field

from support.slow_rules import months_later


@dataclass
class Yes:
    """One yes as it was signed; ``number`` tells it from every other."""

    number: int
    first: dt.date
    last: dt.date
    for_agency: bool
    ended: bool = False


@dataclass(frozen=True)
class Left:
    """What left in one bundle: its uses, and for each photo the yeses it left under."""

    uses: frozenset[str]
    under: dict[str, frozenset[int]]


@dataclass
class Book:
    """Everybody of one session."""

    said: dict[str, dict[str, Yes]] = field(default_factory=dict)
    on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Photos, and the people on each."""
    struck: dict[str, set[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    numbers: int = 0

    def copy(self) -> Book:
        return copy.deepcopy(self)

    def came(self, person: str) -> None:
        self.said[person] = {}

    def taken(self, photo: str, *people: str) -> None:
        self.on[photo], self.struck[photo] = people, set()

    def signed(self, person: str, use: str, months: int | None, today: dt.date, for_agency: bool) -> None:
        """``months`` None: a no."""
        self.said[person].pop(use, None)
        if months is not None:
            self.numbers += 1
            self.said[person][use] = Yes(self.numbers, today, months_later(today, months), for_agency)

    def took_back(self, person: str, uses: set[str] | None = None) -> None:
        for use, yes in self.said[person].items():
            if uses is None or use in uses:
                yes.ended = True

    def gone(self, person: str) -> None:
        self.took_back(person)
        self.erased.add(person)

    def photos_of(self, person: str) -> list[str]:
        return [photo for photo, people in self.on.items() if person in people and self.there(photo)]

    def there(self, photo: str) -> bool:
        return not self.erased.intersection(self.on[photo])

    def allows(self, photo: str, use: str, day: dt.date) -> bool:
        yeses = [self.said[person].get(use) for person in self.on[photo]]
        return self.there(photo) and not self.struck[photo] and all(
            yes is not None and yes.for_agency and not yes.ended and yes.first <= day <= yes.last for yes in yeses
        )

    def under(self, photo: str, uses: frozenset[str]) -> frozenset[int]:
        """The yeses that a photo leaves under."""
        return frozenset(self.said[person][use].number for person in self.on[photo] for use in uses)

    def leaving(self, uses: frozenset[str], today: dt.date) -> dict[str, frozenset[int]]:
        """What may leave for all these uses."""
        fit = [photo for photo in self.on if all(self.allows(photo, use, today) for use in uses)]
        return {photo: self.under(photo, uses) for photo in fit}

    def arrived(self, photo: str, use: str, bundles: list[Left]) -> bool:
        """Whether the yeses that count now are in a bundle that arrived."""
        return any(
            use in each.uses and photo in each.under and self.under(photo, each.uses) == each.under[photo]
            for each in bundles
            if all(use in self.said[person] for person in self.on[photo] for use in each.uses)
        )
