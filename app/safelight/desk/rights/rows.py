"""What the rights screen shows, as frozen rows: people that were found, what is due, one person, one recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safelight.desk.pictures.tiles import ShotTile


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who was found; ``about`` tells people of one name apart."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """What waits: ``key`` is ``person`` or ``recipient``, a blank and the id; ``late`` also stands in words."""

    key: str
    what: str
    due: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class UseLine:
    """A use the person allows: until when, and whom the yes names."""

    scope: str
    title: str
    until: str


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A recipient that holds pictures: how many and until when, and what became of what it was asked."""

    id: str
    name: str
    told: str
    answer: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Something the person asked for; ``waiting`` while an answer is owed, ``longer`` while it may be given time."""

    id: str
    title: str
    told: str
    waiting: bool
    longer: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person, worded; ``restricted`` is empty while nothing is held back."""

    id: str
    name: str
    about: str
    restricted: str
    uses: tuple[UseLine, ...]
    ended: tuple[str, ...]
    tiles: tuple[ShotTile, ...]
    struck_out: frozenset[str]
    holders: tuple[HolderLine, ...]
    requests: tuple[RequestLine, ...]
    keeping: Keeping


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold that stands: what it keeps and why, and when it is looked at again."""

    id: str
    title: str
    told: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps somebody's data: holds, and what erasing them would do, as sentences (empty: it is done)."""

    holds: tuple[HoldLine, ...] = ()
    plan: tuple[str, ...] = ()
    state: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A hold to be added: ``photos``, ``proof``, ``templates`` or ``all``, why, and the day of its review."""

    what: str
    reason: str
    review: date


@dataclass(frozen=True, slots=True)
class MailLines:
    """A mail as it is shown: who it claims to be from, its subject and day, and its words."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice to a recipient."""

    number: int
    title: str
    told: str
    open: bool


@dataclass(frozen=True, slots=True)
class RecipientPage:
    """One recipient, worded: what it was told, what is open, what it keeps and why."""

    id: str
    name: str
    about: str
    remind: str
    notices: tuple[NoticeLine, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done: what it does, that it is final, and the words on the button."""

    title: str
    told: tuple[str, ...]
    do: str
    staff: tuple[tuple[str, str], ...]
    by: str
    asks_who: bool = True
    channel: str = ""
    """The way it came, where that is known beforehand."""
    received: date | None = None
    """Where it is also asked when something came in: the last day that can be."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who asked, in which role, by which way, and who of the studio enters it; all of them keys."""

    role: str
    channel: str
    entered_by: str
    received: date | None = None


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A sentence somebody is asked for, with a word on what it is for; ``needed`` while nothing goes without one."""

    title: str
    told: str
    label: str
    do: str
    needed: bool
    missing: str = ""
