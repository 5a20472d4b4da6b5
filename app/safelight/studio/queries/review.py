"""The review of a session: what each person has, what they answered, who checked it, and whether they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from safelight.domain.attendance import Presence
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.people import Role
from safelight.domain.session import Session
from safelight.studio.consent_snapshots import Standing, standings_of_all
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import BoardRow, session_board
from safelight.studio.staff_pins import people_with_pin


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One person of a session, with their answers: shown to people of the studio alone.

    ``allowed`` and ``refused`` count uses as they stand now; ``signed_on`` is the day of the newest receipt at the
    place of the session. ``checked_by`` is the second person whose check of it counts.
    """

    row: BoardRow
    allowed: int
    refused: int
    signed_on: date | None
    checked_by: str

    @property
    def accounted(self) -> bool:
        """Whether they are photographed, or somebody said that they are absent or not photographed."""
        return bool(self.row.shots) or self.row.presence is not Presence.EXPECTED


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody of the studio who may check a consent."""

    id: PersonId
    name: str


def review_rows(studio: OpenStudio, session: Session) -> tuple[ReviewRow, ...]:
    """Everybody of a session in the order they were added; nothing is changed."""
    standings = standings_of_all(studio, session.id)
    checks = CountedValidations(studio, session.id)
    staff = {each.id: each.name for each in studio.archive.staff.list()}
    people = session_board(studio, session).people
    return tuple(_row(studio, session, each, standings.get(each.id), checks, staff) for each in people)


def _row(
    studio: OpenStudio,
    session: Session,
    row: BoardRow,
    standing: Standing | None,
    checks: CountedValidations,
    staff: Mapping[PersonId, str],
) -> ReviewRow:
    if standing is None or not standing.receipts:
        return ReviewRow(row, 0, 0, None, "")
    states = standing.snapshot.states.values()
    allowed = sum(each.given for each in states)
    newest = standing.receipts[0]
    check = checks.of(newest)
    day = studio.place_time(newest.receipt.signing.signed_at, session).day
    checked_by = staff.get(check.by, "") if check and check.independent else ""
    return ReviewRow(row, allowed, len(states) - allowed, day, checked_by)


def possible_reviewers(studio: OpenStudio, subject: SubjectId) -> tuple[Reviewer, ...]:
    """Who may check the newest receipt of somebody: reviewers with a PIN who work here and did not take it."""
    files = studio.archive.consents.receipts_of(subject)
    took, pins = files[-1].taken_by if files else None, people_with_pin(studio)
    return tuple(
        Reviewer(each.id, each.name)
        for each in studio.archive.staff.list()
        if not each.retired and Role.REVIEWER in each.roles and each.id in pins and each.id != took
    )
