"""Why a row of a roster is left out: a code for whoever words it in their language, and the sentence in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from safelight.domain.people import OLDEST, birth_date_fault


class FaultKind(StrEnum):
    """The code of a reason; what it counts or names stands in :attr:`Fault.values`."""

    ABOVE_HEADER = "above-header"
    OPEN_QUOTE = "open-quote"
    MANY_CELLS = "many-cells"
    MORE_CELLS = "more-cells"
    LONG_CELL = "long-cell"
    DAMAGED = "damaged"
    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    EMAIL = "email"
    BIRTH_YEAR = "birth-year"
    BIRTH_NO_DAY = "birth-no-day"
    BIRTH_TWO_WAYS = "birth-two-ways"
    BIRTH_UNREAD = "birth-unread"
    BIRTH_AHEAD = "birth-ahead"
    BIRTH_LONG_AGO = "birth-long-ago"
    SAME_NUMBER = "same-number"


SENTENCES: Mapping[FaultKind, str] = MappingProxyType({
    FaultKind.ABOVE_HEADER: "it stands above the header",
    FaultKind.OPEN_QUOTE: "a quotation mark is opened and never closed",
    FaultKind.MANY_CELLS: "it has more than {most} cells",
    FaultKind.MORE_CELLS: "it has {cells} cells under {columns} columns",
    FaultKind.LONG_CELL: "a cell has more than {most} characters",
    FaultKind.DAMAGED: "it has characters that were lost when the list was saved",
    FaultKind.NO_NAME: "it has no name",
    FaultKind.LONG_NAME: "the name has more than {most} characters",
    FaultKind.EMAIL: "the e-mail address is not one",
    FaultKind.BIRTH_YEAR: "the birth date has the year {year}",
    FaultKind.BIRTH_NO_DAY: "the birth date is not in the calendar",
    FaultKind.BIRTH_TWO_WAYS: "the birth date could be day/month or month/day; write it as YYYY-MM-DD",
    FaultKind.BIRTH_UNREAD: "the birth date cannot be read; write it as YYYY-MM-DD",
    FaultKind.BIRTH_AHEAD: "the birth date {born} is in the future",
    FaultKind.BIRTH_LONG_AGO: "the birth date {born} is more than {most} years ago",
    FaultKind.SAME_NUMBER: "its number stands in line {line} already, beside another name",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason; ``values`` are (name, value) of what stands in its braces."""

    kind: FaultKind
    values: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The reason in English, as the end of a sentence."""
        return SENTENCES[self.kind].format_map(dict(self.values))


def fault(kind: FaultKind, **values: object) -> Fault:
    """A reason with what stands in its braces."""
    return Fault(kind, tuple((name, str(value)) for name, value in values.items()))


def birth_fault(born: date | None, today: date) -> Fault | None:
    """Why ``born`` cannot be a birth date on ``today``; None where it can, or where there is none."""
    if born is None or not birth_date_fault(born, today):
        return None
    if born > today:
        return fault(FaultKind.BIRTH_AHEAD, born=born)
    return fault(FaultKind.BIRTH_LONG_AGO, born=born, most=OLDEST)


class Unclear(ValueError):
    """A row or cell does not say what is needed; ``fault`` is the reason, the text of the error its sentence."""

    def __init__(self, kind: FaultKind, **values: object) -> None:
        self.fault = fault(kind, **values)
        super().__init__(self.fault.sentence)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken in: where it is, why, and its text (shortened to 1,000 characters)."""

    line: int
    fault: Fault
    raw: str

    @property
    def reason(self) -> str:
        """The reason in English."""
        return self.fault.sentence
