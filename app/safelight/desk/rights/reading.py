"""What the rights screen reads on a worker: what is due, one person with their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from safelight.domain.erasure import ErasurePlan
from safelight.domain.errors import Refused
from safelight.domain.ids import SubjectId
from safelight.domain.people import StaffMember
from safelight.domain.reads import Door, Looked
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.erasing import erasure_plan
from safelight.studio.queries.holds import HoldRow, hold_rows
from safelight.studio.queries.open_notices import WaitingRecipient, waiting_recipients
from safelight.studio.queries.people import subject_names
from safelight.studio.queries.requests import RequestRow, request_rows
from safelight.studio.queries.rights import PersonRights, person_rights
from safelight.studio.queries.sessions import session_of
from safelight.studio.queries.shots import ShotRow, session_shots
from safelight.studio.queries.staff import staff_rows
from safelight.studio.read_audit import count_read, reader_at


@dataclass(frozen=True, slots=True)
class WhatIsDue:
    """Requests without an answer, recipients who owe one, and holds whose review day has come."""

    requests: tuple[RequestRow, ...]
    recipients: tuple[WaitingRecipient, ...]
    holds: tuple[HoldRow, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person with their shots of all their sessions, and who works here to enter something."""

    rights: PersonRights
    session: Session
    shots: tuple[ShotRow, ...]
    staff: tuple[StaffMember, ...]
    plans: tuple[ErasurePlan, ...]
    """What erasing each of their entries would do; without those that are gone already."""
    names: Mapping[SubjectId, str]
    """Who else is on their photos."""


def what_is_due(studio: OpenStudio) -> WhatIsDue:
    """Everything that waits, the most urgent of each kind first."""
    return WhatIsDue(request_rows(studio, waiting=True), waiting_recipients(studio),
                     tuple(each for each in hold_rows(studio) if each.overdue))  # fmt: skip


def known_person(studio: OpenStudio, id: SubjectId, reader: str = "") -> KnownPerson:
    """All that one person's page shows; counted as a look of ``reader``, unless the page is only renewed (empty)."""
    rights = person_rights(studio, id)
    entries = (id, *(each.id for each in rights.same))
    if reader:
        count_read(studio, entries, Looked.PAGE, reader_at(Door.DESK, reader))
    shots = tuple(
        shot for each in entries for shot in session_shots(studio, session_of(studio, each), subject=each)
    )
    plans = tuple(_plans(studio, entries))
    others = dict.fromkeys(one for plan in plans for each in plan.group for one in each.others)
    names = dict(zip(others, subject_names(studio, others), strict=True))
    staff = tuple(each.member for each in staff_rows(studio) if not each.member.retired)
    return KnownPerson(rights, session_of(studio, id), shots, staff, plans, names)


def _plans(studio: OpenStudio, entries: Sequence[SubjectId]) -> Iterator[ErasurePlan]:
    for each in entries:
        try:
            yield erasure_plan(studio, each)
        except Refused:  # erased on purpose
            continue
