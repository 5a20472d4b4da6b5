"""Reads a list of people as offices send it: any delimiter, encoding and header names; nothing is lost silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person. ``line`` is the line of the file the row begins on; ``number`` is the employee, pupil or staff id;
    ``other`` holds the columns without a meaning to us, as (header, value). Absent values are empty or None."""

    line: int
    name: str
    email: str
    birth_date: date | None
    language: str
    guardian: str
    guardian_email: str
    number: str
    note: str
    other: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken in: where it is, why, and its text (shortened to 1,000 characters)."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as read. ``mapping`` is header -> field as it was understood; ``header`` all column names in order."""

    header: tuple[str, ...]
    mapping: Mapping[str, Field]
    rows: tuple[RosterRow, ...]
    bad: tuple[BadRow, ...]
    delimiter: str
    encoding: str


def read_roster(untrusted_bytes: bytes, *, mapping: Mapping[str, Field | str] | None = None) -> Roster:
    """Read a roster; ``mapping`` (header -> field) overrides what the header names suggest.

    Raises Malformed if the file is no table at all, too large (5 MiB, 50,000 rows), or has no column with names.
    """
    raise NotImplementedError
