"""What the review shows, as frozen rows: tallies that filter, one row a person, the sheet to check, how to close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.ids import PersonId, ReceiptId, SubjectId


@dataclass(frozen=True, slots=True)
class Tally:
    """A number in words that shows only its people when it is chosen; ``urgent`` while it keeps the day open."""

    key: str
    words: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the session; ``tallies`` are the keys of the tallies they count in."""

    id: SubjectId
    cells: tuple[str, ...]
    tallies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the second person looks at: receipts as they were signed, the pictures, and what is to be confirmed.

    ``reviewers`` are those who may check this one; without any, ``why_not`` says why. ``checked`` tells of the check
    that was made.
    """

    subject: SubjectId
    name: str
    pdfs: tuple[bytes, ...]
    receipts: tuple[ReceiptId, ...]
    tiles: tuple[ShotTile, ...]
    reviewers: tuple[tuple[PersonId, str], ...]
    checked: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class CloseState:
    """How far the day is: whether it is closed, what keeps it open, and which steps of the close are done."""

    closed: bool
    open_points: tuple[str, ...]
    steps: tuple[tuple[str, bool], ...]


def shown_people(people: Sequence[PersonRow], tally: str | None) -> tuple[PersonRow, ...]:
    """Those who count in ``tally``; everybody for None."""
    return tuple(each for each in people if tally is None or tally in each.tallies)
