"""Who looked at what of a person, through which door: counted for ten minutes, then told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .ids import SubjectId

WINDOW = timedelta(minutes=10)
"""Looks of one reader at one person through one door within this time are one entry."""


class Door(StrEnum):
    """The way by which somebody looked."""

    TERMINAL = "terminal"
    DESK = "desk"


class Looked(StrEnum):
    """What was looked at; lists and thumbnails are not among it."""

    PAGE = "page"
    ANSWERS = "answers"
    ACCESS = "access"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: a person of the studio by name where that is known, else the account of the machine."""

    name: str
    door: Door


@dataclass(frozen=True, slots=True)
class Reads:
    """What one reader looked at of one person from ``since`` to ``until``, and how often each."""

    subject: SubjectId
    reader: Reader
    since: datetime
    until: datetime
    counts: Mapping[Looked, int] = field(default_factory=dict)

    def and_also(self, what: Looked, at: datetime) -> Reads:
        """The same with one more look."""
        counts = dict(self.counts)
        counts[what] = counts.get(what, 0) + 1
        return Reads(self.subject, self.reader, min(self.since, at), max(self.until, at), counts)

    def over(self, at: datetime) -> bool:
        """Whether the ten minutes are past; also where a clock was set back behind their beginning."""
        return not timedelta() <= at - self.since < WINDOW
