"""What the list of sessions and the form show: frozen values, and which of them somebody is looking for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from safelight.domain.ids import SessionId
from safelight.domain.searching import folded

MOST_LETTERS = 200
MOST_FRAMES = 10_000
_SHOWN_LETTERS = 60


def short(text: str, most: int = _SHOWN_LETTERS) -> str:
    """``text`` as a cell of a list shows it: on one line, cut where it is far too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list; ``searched`` is what find looks in, folded, and never seen."""

    id: SessionId
    name: str
    client: str
    days: str
    people: int
    ready: int
    waiting: int
    photographed: int
    state: str
    searched: str
    closed: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """Its columns, in the order of the list."""
        counts = (self.people, self.ready, self.waiting, self.photographed)
        return (short(self.name), short(self.client, 32), self.days, *map(str, counts), self.state)


@dataclass(frozen=True, slots=True)
class SessionAbout:
    """What stands beside the list of the session with the focus. ``facts`` are names and values; ``plan`` a sentence.

    ``spares`` says whether it has spare cards that nobody took.
    """

    id: SessionId
    name: str
    facts: tuple[tuple[str, str], ...]
    plan: str
    closed: bool
    here: bool


def found(lines: Sequence[SessionLine], typed: str) -> tuple[SessionLine, ...]:
    """The lines in which every word that was typed begins a word; all of them when nothing was."""
    wanted = folded(typed).split()
    return tuple(
        each for each in lines if all(any(word.startswith(one) for word in each.searched.split()) for one in wanted)
    )


class Purpose(StrEnum):
    """What the form is for."""

    NEW = "new"
    CHANGE = "change"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form; ``frames`` as it was typed, uses and recipients by id."""

    name: str = ""
    client: str = ""
    place: str = ""
    country: str = ""
    zone: str = ""
    days: tuple[date, ...] = ()
    photographer: str = ""
    frames: str = ""
    uses: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()

    def tidied(self) -> Draft:
        """Without blanks around and doubled, the days in order."""
        name, client, place = (" ".join(each.split()) for each in (self.name, self.client, self.place))
        return replace(self, name=name, client=client, place=place, days=tuple(sorted(set(self.days))))


def fault(draft: Draft) -> tuple[str, str] | None:
    """What keeps a draft from being saved: the field and the kind of fault; None when nothing does."""
    for field, text in (("name", draft.name), ("client", draft.client), ("place", draft.place)):
        if len(text) > MOST_LETTERS:
            return field, "long"
    if not draft.name.strip():
        return "name", "missing"
    for field, chosen in (("country", draft.country), ("zone", draft.zone), ("photographer", draft.photographer)):
        if not chosen:
            return field, "missing"
    if draft.frames.strip() and read_frames(draft.frames) is None:
        return "frames", "number"
    return None if draft.uses else ("uses", "missing")


def read_frames(typed: str) -> int | None:
    """The number of frames that was typed; None for what is none, or is never planned."""
    text = typed.strip()
    return int(text) if text.isdecimal() and len(text) <= 5 and int(text) <= MOST_FRAMES else None


@dataclass(frozen=True, slots=True)
class UseChoice:
    """A use that can be offered; ``usual`` ones are asked in most jobs and stand first, ``kept`` ones stay ticked."""

    id: str
    title: str
    usual: bool
    kept: bool = False


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """Somebody pictures can be for; ``told`` says what they are, ``code`` the six words to compare (none: no card)."""

    id: str
    name: str
    told: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class UseCardRow:
    """A use as it is put to people, in their language: title, exact sentence, who relies on it, how long at most."""

    id: str
    title: str
    sentence: str
    relies: str
    cap: str
    group: str = ""
    """The heading above it, where another group of uses begins."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The cards in one language, read from right to left or not."""

    language: str
    cards: tuple[UseCardRow, ...]


@dataclass(frozen=True, slots=True)
class FormState:
    """What the form is opened with. Choices are keys and words; ``answered`` says that people have answered already."""

    purpose: Purpose
    draft: Draft
    uses: tuple[UseChoice, ...]
    recipients: tuple[RecipientChoice, ...]
    countries: tuple[tuple[str, str], ...]
    zones: tuple[tuple[str, str], ...]
    photographers: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    language: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of a list of people: what it is taken to mean (empty: nothing), and some of what stands in it."""

    name: str
    meaning: str
    examples: str


class Outcome(StrEnum):
    """What becomes of a row of a list of people; ``ALL`` stands for every row."""

    ALL = "all"
    ADDED = "added"
    KNOWN = "known"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row of a list of people as it would be taken in: its line, whom it names, what becomes of it, and why."""

    line: int
    name: str
    outcome: Outcome
    told: str
    why: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its columns, in the order of the list."""
        return (str(self.line), short(self.name), self.told, self.why)


@dataclass(frozen=True, slots=True)
class RosterState:
    """A list of people that was looked at. ``named`` says whether any column is taken for names."""

    file: str
    columns: tuple[ColumnRow, ...]
    named: bool
    lines: tuple[RosterLine, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows end so."""
        return sum(outcome in (Outcome.ALL, each.outcome) for each in self.lines)


def meanings_with(columns: Sequence[ColumnRow], name: str, meaning: str) -> dict[str, str]:
    """What the columns mean after somebody said it of one: a field belongs to one column, so another one loses it."""
    told = {each.name: each.meaning for each in columns if each.meaning and each.meaning != meaning}
    told.pop(name, None)
    return told | ({name: meaning} if meaning else {})
