"""What a studio holds about one person, as values: the content of an access file, before anybody words or draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.domain.consent import EventKind, Status
from safelight.domain.corrections import Correction
from safelight.domain.holds import LegalHold
from safelight.domain.people import Role, Studio, Subject
from safelight.domain.reads import Reads
from safelight.domain.requests import RightsRequest
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel

from .words import Reader


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """One entry of the person on a list; ``session`` is what the shoot is called, ``arrived`` when they came."""

    subject: Subject
    session: str
    days: tuple[date, ...]
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """Something that happened to an answer: who did it, in which role, through which channel if that was noted."""

    kind: EventKind
    at: datetime
    by: Role
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """One use with its exact wording as signed, the answer as it stands and its past; ``last_day`` of a yes."""

    record: str
    scope: Scope
    status: Status
    last_day: date | None
    recipients: tuple[str, ...]
    history: tuple[HeldEvent, ...]


@dataclass(frozen=True, slots=True)
class HeldSigning:
    """One signing; ``files`` are what of it lies in the access file: receipt, record, pages shown, scans."""

    receipt: str
    at: datetime
    signed_by: tuple[Role, ...]
    answers: tuple[HeldAnswer, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """One photo of the person; ``others`` are how many more people are on it. Without ``files`` it is not given.

    ``why`` is the key of the reason it is given otherwise than whole, or not at all; empty if there is none.
    """

    guid: str
    name: str
    taken_at: datetime | None
    others: int
    files: tuple[str, ...]
    why: str = ""
    struck_out: bool = False


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What an organisation got: when, for which uses, how many photos, and the last day any of it is allowed."""

    name: str
    at: datetime
    uses: tuple[Scope, ...]
    photos: int
    until: date | None


@dataclass(frozen=True, slots=True)
class AccessContent:
    """Everything known of one person, in all their entries, on the day ``at``.

    ``notices`` are the files with the exact words they were shown. ``restricted`` is since when nothing is used and
    why, ``erased`` when an erasure was asked for and until when the proof of it stays.
    """

    id: str
    studio: Studio
    reader: Reader
    at: datetime
    entries: tuple[HeldEntry, ...]
    signings: tuple[HeldSigning, ...]
    photos: tuple[HeldPhoto, ...]
    handed_on: tuple[HandedOn, ...]
    deliveries: tuple[datetime, ...]
    notices: tuple[str, ...]
    reads: tuple[Reads, ...]
    requests: tuple[RightsRequest, ...]
    corrections: tuple[Correction, ...]
    holds: tuple[LegalHold, ...]
    restricted: tuple[tuple[datetime, str], ...] = ()
    erased: tuple[tuple[datetime, date], ...] = ()
