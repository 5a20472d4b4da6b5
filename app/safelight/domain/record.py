"""What one signing leaves behind: a consent receipt with one record per purpose, and the statement that is signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from .choice import Grant, Modifiers
from .consent import ConsentEvent, EventKind, Limits
from .days import local_day
from .ids import (
    Country,
    EventId,
    Language,
    NoticeId,
    ReceiptId,
    RecordId,
    ScopeId,
    SessionId,
    Sha256,
    SubjectId,
)
from .later import ADDED_LATER
from .people import Recipient, Role, Studio
from .photo import PhotoMark

FIRST_LIST = 1
"""The number of a studio's first status list; in what is signed it stays unsaid."""


class Method(StrEnum):
    """How the answers came in; only SCREEN claims the subject's own taps."""

    SCREEN = "screen"
    PAPER = "paper"
    DEMONSTRATION = "demonstration"


class SignatureKind(StrEnum):
    """How the person signed."""

    INK = "ink"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class NoticeMark:
    """Which exact text was shown: its hash is the proof, its bytes are kept and never re-rendered."""

    id: NoticeId
    version: str
    language: Language
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Signing:
    """The circumstances of the signature. ``evidence_sha256`` covers the ink (InkML) or the typed name.

    ``acts_sha256`` covers the list of acts (``acts.py``; RFC 8785), which stays in the studio. Names stay there as
    well; only roles travel. ``zone`` is the IANA time zone of the place, ``utc_offset_minutes`` how far its clocks were
    ahead of UTC at ``signed_at``; both are None in what was signed before zones were recorded, where days are UTC's.
    ``signed_on`` is the day written on paper, where that was signed before it was entered at ``signed_at``;
    ``scan_sha256`` covers the scan of the signed pages, which stays in the studio.
    """

    method: Method
    kind: SignatureKind
    started_at: datetime
    signed_at: datetime
    device: str
    language: Language
    evidence_sha256: Sha256
    acts_sha256: Sha256
    signed_by: tuple[Role, ...]
    """Who said yes: the subject; guardian and subject for a minor's consent with assent."""
    witnessed: bool = False
    interpreted: bool = False
    taught_back: bool = False
    explained_again: int = 0
    zone: str | None = field(default=None, metadata=ADDED_LATER)
    utc_offset_minutes: int | None = field(default=None, metadata=ADDED_LATER)
    signed_on: date | None = field(default=None, metadata=ADDED_LATER)

    @property
    def day(self) -> date:
        """The day it was signed, at the place of signing: that on the paper, else that of the clocks there."""
        return self.signed_on or local_day(self.signed_at, self.utc_offset_minutes or 0)
    scan_sha256: Sha256 | None = field(default=None, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True, order=True)
class StatusPosition:
    """Which bit stands for a record: bit ``index`` (from 0) of the studio's status list number ``list`` (from 1)."""

    list: int
    index: int


@dataclass(frozen=True, slots=True)
class Record:
    """One purpose, answered. ``salt`` (32 hex digits) keeps an undisclosed record's digest from being guessed.

    ``day`` is the day of ``at`` at the place of signing, from which ``last_day`` and the review are counted; None where
    they are counted by UTC. ``status_index`` is the place in the studio's status list ``status_list``; None is the
    first list, the only one there was before a second could follow it.
    """

    id: RecordId
    scope: ScopeId
    kind: EventKind
    at: datetime
    grant: Grant | None
    last_day: date | None
    review_due: date | None
    sleeps_after: date | None
    status_index: int
    salt: str
    day: date | None = field(default=None, metadata=ADDED_LATER)
    status_list: int | None = field(default=None, metadata=ADDED_LATER)

    @property
    def status_position(self) -> StatusPosition:
        """Where the status lists say whether this record has ended."""
        return StatusPosition(self.status_list or FIRST_LIST, self.status_index)

    @property
    def asked_again(self) -> tuple[date, date] | None:
        """The day of the yearly review, and the day from which the use rests if it stays unanswered.

        None for a yes that is not reviewed, or ends before silence would end it: then its last day says all.
        """
        if self.review_due is None or self.sleeps_after is None:
            return None
        if self.last_day is not None and self.last_day <= self.sleeps_after:
            return None
        return self.review_due, self.sleeps_after + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EarlierYes:
    """A yes of an earlier signing, given on ``since``; ``last_day`` is the last day it counts (None: not at all)."""

    scope: ScopeId
    record: RecordId
    since: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """Everything one signing says, free of names; ``subject`` is a pseudonym made for this receipt alone.

    ``signed_as_minor`` and ``adult_on`` let everybody downstream know when the person is asked again. ``rules`` is
    the version of the rules used, ``rules_sha256`` their hash (None in what was signed before it was named).
    ``replaces`` names the receipt this one follows after a change or renewal.

    ``not_asked`` are the uses that were offered and never put to the person: they have no record. ``still_holding`` are
    earlier yeses left as they were. Both stay with the studio and on the person's page; the signed document, which goes
    to others, does not tell what else was or was not asked.
    """

    id: ReceiptId
    issued_at: datetime
    studio: Studio
    subject: SubjectId
    session: SessionId
    country: Country
    language: Language
    notice: NoticeMark
    recipients: tuple[Recipient, ...]
    records: tuple[Record, ...]
    modifiers: Modifiers
    signing: Signing
    photos: tuple[PhotoMark, ...]
    authority: str
    withdraw_at: str
    rules: str
    signed_as_minor: bool = False
    adult_on: date | None = None
    replaces: ReceiptId | None = None
    not_asked: tuple[ScopeId, ...] = ()
    still_holding: tuple[EarlierYes, ...] = ()
    rules_sha256: Sha256 | None = field(default=None, metadata=ADDED_LATER)

    def record_for(self, scope: ScopeId) -> Record | None:
        """The record of one use, if it was asked."""
        return next((each for each in self.records if each.scope == scope), None)


def limits_of(record: Record, receipt: ConsentReceipt) -> Limits:
    """When a yes of this signing ends: the days in the record, and the coming of age in the receipt that holds it."""
    return Limits(
        record.last_day, record.review_due, record.sleeps_after, receipt.signed_as_minor, receipt.adult_on
    )


def first_event(record: Record, receipt: ConsentReceipt, event_id: str, subject: SubjectId) -> ConsentEvent:
    """The event that starts a record's history, as the signed receipt states it."""
    by = Role.GUARDIAN if receipt.signed_as_minor else Role.SUBJECT
    return ConsentEvent(
        EventId(event_id), record.id, subject, record.scope, record.kind, 1, record.at, by, record.grant, record.day,
        limits_of(record, receipt),
    )
