"""A shoot: where, when, for whom, and which uses are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from .errors import WrongUsage
from .ids import Country, PersonId, RecipientId, ScopeId, SessionId


class SessionState(StrEnum):
    """Whether work still goes on."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Session:
    """One shoot. ``offered`` are the uses put to every subject, in the order of the catalogue.

    ``zone`` is the IANA time zone of the place, by which its days are counted; sessions of before there were zones have
    none and count by UTC. ``days`` are all days of the shoot in order, ``day`` is the first of them.
    """

    id: SessionId
    name: str
    client: str
    place: str
    country: Country
    day: date
    photographer: PersonId
    offered: tuple[ScopeId, ...]
    recipients: tuple[RecipientId, ...]
    state: SessionState = SessionState.OPEN
    frames_per_subject: int | None = None
    zone: str | None = None
    days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """A session of before there were several days has its one; raises WrongUsage where the two disagree."""
        if not self.days:
            object.__setattr__(self, "days", (self.day,))
        if self.days[0] != self.day or any(one >= other for one, other in pairwise(self.days)):
            raise WrongUsage("The days of a session stand in order, and its day is the first of them.")
