"""Erasing a person: what goes, what stays and until when, decided from values; and the row that is kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .consent import ConsentState, Status
from .holds import LegalHold, barring
from .ids import NoticeId, PersonId, PhotoGuid, RecipientId, SubjectId
from .record import StatusPosition
from .term import add_months

LEAST_PROOF_YEARS = 5
"""Proof of a consent stays at least so long after the last yes ended, wherever it was signed."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is kept of an erasure: random ids and days, nothing that says who it was.

    ``portrait_at`` and ``evidence_at`` are when each key was destroyed (None: not yet), ``evidence_due`` the day the
    evidence key's turn comes. ``positions`` are the places in the status lists of the yeses there ever were, so that a
    copy of before it cannot un-end them; ``photos`` and ``files`` what went, so that it can be looked for.
    """

    id: str
    person: SubjectId
    asked_at: datetime
    by: PersonId | None
    evidence_due: date
    notices: tuple[NoticeId, ...]
    positions: tuple[StatusPosition, ...]
    photos: tuple[PhotoGuid, ...]
    files: tuple[str, ...]
    portrait_at: datetime | None = None
    evidence_at: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether both keys are destroyed, so that nothing more is to come."""
        return self.portrait_at is not None and self.evidence_at is not None

    @property
    def destroyed(self) -> frozenset[Literal["portrait", "evidence"]]:
        """Which keys of the person do not exist any more."""
        portrait: frozenset[Literal["portrait", "evidence"]] = frozenset({"portrait"} if self.portrait_at else ())
        return portrait | ({"evidence"} if self.evidence_at else set())


@dataclass(frozen=True, slots=True)
class GroupPhoto:
    """A photo that goes although others are on it as well."""

    photo: PhotoGuid
    others: tuple[SubjectId, ...]


@dataclass(frozen=True, slots=True)
class CopiesHeld:
    """How many photos of the person an organisation was handed; it keeps them until it answers a notice."""

    recipient: RecipientId
    name: str
    photos: int


@dataclass(frozen=True, slots=True)
class SignedOnce:
    """One record as it counts for how long its proof is kept: the last day of its yes (None: it was a no).

    ``years`` is the limitation where it was signed, None where that is not known.
    """

    said_on: date
    ended_on: date | None
    years: int | None


@dataclass(frozen=True, slots=True)
class ErasureFacts:
    """What is known of a person before an erasure is decided.

    ``yeses`` counts the standing ones. ``holds`` are the person's, ``others_holds`` those on photos of who is on the
    group photos. ``waiting`` is a row that is there already: the erasure was asked for and is not whole.
    """

    person: SubjectId
    photos: tuple[tuple[PhotoGuid, tuple[SubjectId, ...]], ...]
    ink: int
    handwriting: int
    receipts: int
    scans: int
    yeses: int
    signed: tuple[SignedOnce, ...]
    recipients: tuple[CopiesHeld, ...]
    linked: tuple[SubjectId, ...]
    holds: tuple[LegalHold, ...]
    others_holds: tuple[LegalHold, ...]
    key_places: tuple[str, ...]
    waiting: Erasure | None = None


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure would do on a day.

    ``photos_wait`` and ``proof_waits`` are the holds that stand against each half. ``proof_until`` is the day from
    which the proof goes; None when there is none, and everything goes at once.
    """

    facts: ErasureFacts
    group: tuple[GroupPhoto, ...]
    proof_until: date | None
    photos_wait: tuple[LegalHold, ...]
    proof_waits: tuple[LegalHold, ...]

    @property
    def portrait_now(self) -> bool:
        """Whether photos and ink go at once."""
        return not self.photos_wait


def plan_erasure(facts: ErasureFacts, today: date) -> ErasurePlan:
    """What goes, what stays and until when, if the person's yeses end ``today``."""
    group = tuple(
        GroupPhoto(guid, tuple(each for each in people if each != facts.person))
        for guid, people in facts.photos
        if len(set(people)) > 1
    )
    until = evidence_day(facts.signed, today) if facts.waiting is None else facts.waiting.evidence_due
    return ErasurePlan(
        facts=facts,
        group=group,
        proof_until=until if facts.receipts else None,
        photos_wait=(*barring(facts.holds, True, False), *barring(facts.others_holds, True, False)),
        proof_waits=barring(facts.holds, False, True),
    )


def evidence_day(signed: Sequence[SignedOnce], today: date) -> date:
    """The day from which the proof may go: the end of the last yes, and the limitation of where it was signed.

    Never fewer than :data:`LEAST_PROOF_YEARS`. A no counts from the day it was said. Without anything signed it is
    ``today``: there is nothing to prove.
    """
    days = (
        add_months(each.ended_on or each.said_on, 12 * max(LEAST_PROOF_YEARS, each.years or 0)) for each in signed
    )
    return max(days, default=today)


def end_of(states: Iterable[ConsentState], today: date) -> tuple[tuple[date, date | None], ...]:
    """For each record the day it was said and the last day of its yes (None: a no), if what stands ends ``today``."""
    found = []
    for state in states:
        said = state.first_day
        if state.status is Status.GIVEN:
            ended: date | None = today if state.last_day is None else min(today, state.last_day)
        elif state.status in (Status.REFUSED, Status.REQUESTED):
            ended = None
        else:
            # ``first_day`` is when it ended; a yes that had run out before ended on its last day.
            ended = said if state.last_day is None else min(said, state.last_day)
        found.append((said, ended))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class KeysDue:
    """Which keys of a person are to be destroyed now."""

    portrait: bool
    evidence: bool


def key_due(row: Erasure, today: date, holds: Iterable[LegalHold], beside: Iterable[LegalHold] = ()) -> KeysDue:
    """What is due ``today``; ``holds`` are the person's own, ``beside`` those of who else is on their photos.

    The proof never goes before the pictures it is about.
    """
    own = tuple(holds)
    kept = (*barring(own, True, False), *barring(beside, True, False))
    portrait = row.portrait_at is None and not kept
    first = portrait or row.portrait_at is not None
    evidence = first and row.evidence_at is None and row.evidence_due <= today and not barring(own, False, True)
    return KeysDue(portrait, evidence)
