"""Reads a list of people as offices send it: any delimiter, encoding and header names; nothing is lost silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any

from safelight.capture import roster_values as values
from safelight.capture.roster_faults import BadRow, Fault, FaultKind, Unclear, birth_fault
from safelight.capture.roster_table import RawRow, choose_delimiter, decode, lines_of, rows
from safelight.domain.errors import Malformed, WrongUsage
from safelight.settings.resources import read_json

MOST_BYTES = 5 << 20
MOST_ROWS = 50_000
MOST_CELL, MOST_NAME = 1_000, 200
_EXAMPLES, _MOST_EXAMPLE = 3, 60
_HEADER_WITHIN = 10
"""The header is looked for in so many rows: offices put a title above it."""


class Field(StrEnum):
    """What a column of a roster can mean to us; anything else is kept aside."""

    FULL_NAME = "full_name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    BIRTH_DATE = "birth_date"
    LANGUAGE = "language"
    GUARDIAN = "guardian"
    GUARDIAN_EMAIL = "guardian_email"
    NUMBER = "number"
    PHONE = "phone"
    COUNTRY = "country"
    DEPARTMENT = "department"
    NOTE = "note"


NAMES = frozenset({Field.FULL_NAME, Field.FIRST_NAME, Field.LAST_NAME})


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person.

    ``line`` is the line of the file the row begins on; ``number`` is the employee, pupil or staff id; ``language`` is
    a BCP 47 tag, ``country`` an ISO 3166-1 code; ``other`` holds the columns without a meaning to us, and languages and
    countries we do not know, as (header, value). What is absent is empty, or None for the birth date.
    """

    line: int
    name: str
    email: str = ""
    birth_date: date | None = None
    language: str = ""
    guardian: str = ""
    guardian_email: str = ""
    number: str = ""
    note: str = ""
    phone: str = ""
    country: str = ""
    department: str = ""
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """A column as somebody is asked about it: its name, what it is taken to mean (None: nothing), some of its cells."""

    name: str
    field: Field | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as read: ``mapping`` is header -> field as understood, ``header`` all column names in order."""

    header: tuple[str, ...]
    mapping: Mapping[str, Field]
    rows: tuple[RosterRow, ...]
    bad: tuple[BadRow, ...]
    delimiter: str
    encoding: str

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns of which nothing is kept, in order."""
        return tuple(each for each in self.header if self.mapping.get(each, Field.NOTE) is Field.NOTE)


def read_roster(
    untrusted_bytes: bytes, *, mapping: Mapping[str, Field | str] | None = None, today: date | None = None
) -> Roster:
    """Read a roster; ``mapping`` (header -> field) takes the place of what the header names suggest.

    Every row that is not blank ends in ``rows`` or in ``bad``; what stands above the header ends in ``bad`` too.
    With ``today``, so do birth dates after it or more than 120 years before it.
    Dates that could be day/month or month/day are bad, unless other dates of the column leave only one reading. Raises
    Malformed if the file is no list at all, too large (5 MiB, 50,000 rows), or has no column of names; WrongUsage if
    ``mapping`` names a column or a field that does not exist.
    """
    table, at, header, fields, delimiter, encoding = _read(untrusted_bytes, mapping)
    if not NAMES & set(fields.values()):
        raise Malformed(
            f"None of the {len(header)} columns is named as a column of names.",
            "Name one in the first line, such as Name, or say which it is with a mapping.",
        )
    body = table[at + 1 :]
    if len(body) > MOST_ROWS:
        raise Malformed(f"The list has more than {MOST_ROWS:,} rows.", "Split it into several lists.")
    births = [place for place, name in enumerate(header) if fields.get(name) is Field.BIRTH_DATE]
    order = values.order_of(row.cells[births[0]] for row in body if births and len(row.cells) > births[0])
    good: list[RosterRow] = []
    bad = [BadRow(row.line, Fault(FaultKind.ABOVE_HEADER), row.raw[:MOST_CELL]) for row in table[:at]]
    for row in body:
        try:
            person = _person(row, header, fields, order)
        except Unclear as unclear:
            bad.append(BadRow(row.line, unclear.fault, row.raw[:MOST_CELL]))
            continue
        fault = birth_fault(person.birth_date, today) if today is not None else None
        if fault is None:
            good.append(person)
        else:
            bad.append(BadRow(row.line, fault, row.raw[:MOST_CELL]))
    return Roster(header, MappingProxyType(fields), tuple(good), tuple(bad), delimiter, encoding)


def read_columns(
    untrusted_bytes: bytes, mapping: Mapping[str, Field | str] | None = None
) -> tuple[RosterColumn, ...]:
    """The columns of a roster in order, each with what it is taken to mean; also where none is of names.

    Raises as :func:`read_roster` does, that case excepted.
    """
    table, at, header, fields, _, _ = _read(untrusted_bytes, mapping)
    columns = []
    for place, name in enumerate(header):
        cells = (" ".join(row.cells[place].split()) for row in table[at + 1 :] if len(row.cells) > place)
        filled = dict.fromkeys(cell[:_MOST_EXAMPLE] for cell in islice(filter(None, cells), _EXAMPLES))
        columns.append(RosterColumn(name, fields.get(name), tuple(filled)))
    return tuple(columns)


def _read(
    untrusted_bytes: bytes, mapping: Mapping[str, Field | str] | None
) -> tuple[list[RawRow], int, tuple[str, ...], dict[str, Field], str, str]:
    """Rows, which of them is the header, its names, what they mean, delimiter, encoding."""
    if len(untrusted_bytes) > MOST_BYTES:
        raise Malformed(f"The list is larger than {MOST_BYTES >> 20} MiB.", "Split it, or remove columns not needed.")
    text, encoding = decode(untrusted_bytes)
    lines = lines_of(text)
    delimiter, said = choose_delimiter(lines)
    table: list[RawRow] = []
    for row in rows(lines, delimiter, start=said):
        if not row.empty:
            table.append(row)
            if len(table) > MOST_ROWS + _HEADER_WITHIN:
                raise Malformed(f"The list has more than {MOST_ROWS:,} rows.", "Split it into several lists.")
    if not table:
        raise Malformed("The list is empty.", "Nothing was taken in.")
    asked = _asked(mapping) if mapping is not None else None
    at = _header_at(table, asked)
    header = _unique(table[at].cells)
    return table, at, header, _fields(header, asked), delimiter, encoding


def _asked(mapping: Mapping[str, Field | str]) -> dict[str, Field]:
    asked = {}
    for header, field in mapping.items():
        if field not in set(Field):
            raise WrongUsage(f"A roster has no field called {field}.", f"Fields are: {', '.join(Field)}.")
        asked[values.key(header)] = Field(field)
    return asked


def _known() -> dict[str, Field]:
    listed: dict[str, Any] = read_json(values.HEADERS)["fields"]
    return {name: Field(field) for field, names in listed.items() for name in names}


def _meaning(header: str, known: Mapping[str, Field]) -> Field | None:
    """What a header says by itself; ``Student first name (required)`` says the same as ``First name``."""
    whole = values.key(header)
    plain = values.key(header.split("(")[0])
    for candidate in (whole, plain):
        if candidate in known:
            return known[candidate]
    first, _, rest = plain.partition(" ")
    return known.get(rest) if first in read_json(values.HEADERS)["people"] else None


def _header_at(table: Sequence[RawRow], asked: Mapping[str, Field] | None) -> int:
    """Which row is the header: the one with most columns we know, the first of equals, and it must name names."""
    known = _known()
    best, best_hits = 0, 0
    for at, row in enumerate(table[:_HEADER_WITHIN]):
        if asked is not None:
            hits = sum(values.key(cell) in asked for cell in row.cells)
        else:
            meant = {_meaning(cell, known) for cell in row.cells} - {None}
            hits = len(meant) if NAMES & meant else 0
        if hits > best_hits:
            best, best_hits = at, hits
    if (fault := table[best].fault) is not None:
        raise Malformed(f"The first line of the list cannot be read: {fault.sentence}.", "Correct it and try again.")
    return best


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names as shown: cleaned, empty ones numbered, repeated ones counted."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        try:
            name = values.clean(cell)[:MOST_NAME] or f"column {place}"
        except Unclear:
            name = f"column {place}"
        times, unique = 1, name
        while unique in names:
            times += 1
            unique = f"{name} ({times})"
        names.append(unique)
    return tuple(names)


def _fields(header: Sequence[str], asked: Mapping[str, Field] | None) -> dict[str, Field]:
    if asked is not None:
        fields = {name: asked[values.key(name)] for name in header if values.key(name) in asked}
        if len(set(fields.values())) < len(asked):
            missing = sorted(asked.keys() - {values.key(name) for name in fields})
            what = f"has no column {missing[0]}" if missing else "has two columns for one field"
            raise WrongUsage(f"The list {what}.", f"Its columns are: {', '.join(header)[:MOST_CELL]}.")
        return fields
    known = _known()
    fields = {}
    for name in header:
        meant = _meaning(name, known)
        if meant is not None and meant not in fields.values():  # the second column of one meaning is kept aside
            fields[name] = meant
    # "Name; Vorname" means the family name, "Nome; Cognome" the first: the other column tells.
    whole = next((name for name, field in fields.items() if field is Field.FULL_NAME), None)
    has_first, has_last = Field.FIRST_NAME in fields.values(), Field.LAST_NAME in fields.values()
    if whole is not None and has_first != has_last:
        fields[whole] = Field.LAST_NAME if has_first else Field.FIRST_NAME
    return fields


def _person(row: RawRow, header: Sequence[str], fields: Mapping[str, Field], order: values.Order) -> RosterRow:
    if row.fault:
        raise Unclear(row.fault.kind, **dict(row.fault.values))
    if any(cell.strip() for cell in row.cells[len(header) :]):
        raise Unclear(FaultKind.MORE_CELLS, cells=len(row.cells), columns=len(header))
    if any(len(cell) > MOST_CELL for cell in row.cells):
        raise Unclear(FaultKind.LONG_CELL, most=f"{MOST_CELL:,}")
    cells = [values.clean(cell) for cell in row.cells[: len(header)]] + [""] * (len(header) - len(row.cells))
    given = {fields[name]: cell for name, cell in zip(header, cells, strict=True) if name in fields}
    other = [(name, cell) for name, cell in zip(header, cells, strict=True) if name not in fields and cell]
    name = values.full_name(given.get(Field.FULL_NAME, "")) or " ".join(
        part for part in (given.get(Field.FIRST_NAME), given.get(Field.LAST_NAME)) if part
    )
    if not name or not any(c.isalpha() for c in name):
        raise Unclear(FaultKind.NO_NAME)
    if len(name) > MOST_NAME:
        raise Unclear(FaultKind.LONG_NAME, most=MOST_NAME)
    spoken = given.get(Field.LANGUAGE, "")
    tag = values.language(spoken) if spoken else ""
    if spoken and not tag:
        other.append((next(name for name, field in fields.items() if field is Field.LANGUAGE), spoken))
    home = given.get(Field.COUNTRY, "")
    code = values.country(home) if home else ""
    if home and not code:
        other.append((next(name for name, field in fields.items() if field is Field.COUNTRY), home))
    return RosterRow(
        line=row.line,
        name=name,
        email=values.email(given.get(Field.EMAIL, "")),
        birth_date=values.birth_date(given.get(Field.BIRTH_DATE, ""), order),
        language=tag,
        guardian=given.get(Field.GUARDIAN, ""),
        guardian_email=values.email(given.get(Field.GUARDIAN_EMAIL, "")),
        number=given.get(Field.NUMBER, ""),
        note=given.get(Field.NOTE, ""),
        phone=given.get(Field.PHONE, ""),
        country=code,
        department=given.get(Field.DEPARTMENT, ""),
        other=tuple(other),
    )
