"""The people and organisations of a shoot: who they are, in which role they act, and when a minor grows up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .ids import KEYLESS, Country, Language, PersonId, RecipientId, StudioId, SubjectId
from .names import name_key
from .term import add_months


class Role(StrEnum):
    """In which role somebody acted."""

    SUBJECT = "subject"
    GUARDIAN = "guardian"
    WITNESS = "witness"
    INTERPRETER = "interpreter"
    PHOTOGRAPHER = "photographer"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Studio:
    """The controller: who asks, keeps and answers."""

    id: StudioId
    name: str
    country: Country
    contact: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that may receive pictures and relies on the consent, so it is named (EDPB 05/2020 par. 65)."""

    id: RecipientId
    name: str
    country: Country
    contact: str
    role: str = "agency"
    address: str = ""

    @property
    def keyless(self) -> bool:
        """Whether it has no key: it can be named in a yes, but no bundle can be made for it."""
        return self.id.startswith(KEYLESS)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of the studio: photographs, reviews, or both; once ``retired`` neither, but known by name."""

    id: PersonId
    name: str
    roles: frozenset[Role]
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who holds parental authority over a minor subject; ``sole`` when nobody shares it."""

    name: str
    relationship: str
    contact: str = ""
    sole: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The person in the picture. ``born`` is None when an adult did not have to say."""

    id: SubjectId
    name: str
    language: Language
    country: Country
    born: date | None = None
    email: str = ""
    phone: str = ""
    reference: str = ""
    guardians: tuple[Guardian, ...] = ()
    department: str = ""
    same_as: tuple[SubjectId, ...] = ()
    """The same person in other sessions, as far as somebody of the studio said so."""


OLDEST = 120
"""Years: nobody who is photographed is older."""


def birth_date_fault(born: date | None, today: date) -> str:
    """Why ``born`` cannot be a birth date on ``today``, as the end of a sentence; empty where it can, or is None."""
    if born is None:
        return ""
    if born > today:
        return f"the birth date {born} is in the future"
    return f"the birth date {born} is more than {OLDEST} years ago" if age_on(born, today) > OLDEST else ""


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: capitals, form of letters and the width of gaps do not matter."""
    return name_key(one) == name_key(other)


def age_on(born: date, day: date) -> int:
    """Full years on ``day`` (a birthday on 29 February falls on 1 March in other years)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def adult_on(born: date, majority: int) -> date:
    """The day a person reaches ``majority`` years; from then on they answer for themselves."""
    day = add_months(born, 12 * majority)
    # 29 February has no counterpart in other years: majority starts on 1 March there (BGB s. 188(3) reading).
    return day if day.day == born.day else date(day.year, 3, 1)


def is_minor(born: date | None, day: date, majority: int) -> bool:
    """Whether a person born on ``born`` is below ``majority`` on ``day``; nobody's age is guessed."""
    return born is not None and day < adult_on(born, majority)
