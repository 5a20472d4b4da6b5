"""Who is where in a session: the board, one row a person with what they have and what is still open for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safelight.domain.ids import SubjectId
from safelight.domain.people import is_minor
from safelight.domain.session import Session
from safelight.studio.badges import badge_code
from safelight.studio.consent_snapshots import Standing, standings_of_all
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import subject_ids


class PersonState(StrEnum):
    """How far somebody's answers are."""

    REGISTERED = "registered"
    ANSWERING = "answering"
    SIGNED = "signed"


class OpenPoint(StrEnum):
    """What is left to do for one person."""

    UNANSWERED = "unanswered"
    WITHOUT_PHOTOS = "without-photos"
    WITHOUT_GUARDIAN = "without-guardian"
    UNCHECKED = "unchecked"
    """They allowed something that needs a second person's check, which has not been made."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person of a session; ``damaged`` when the row does not open (the name is empty then).

    ``state`` is ``ANSWERING`` while answers are kept that nobody signed yet, also after an earlier signature:
    ``signed`` tells that one.
    """

    id: SubjectId
    short: str
    code: str
    name: str
    state: PersonState
    signed: bool
    photos: int
    open: tuple[OpenPoint, ...]
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """The people of a session in the order they were added, and how many photos belong to nobody yet."""

    people: tuple[BoardRow, ...]
    unassigned: int


def session_board(studio: OpenStudio, session: Session) -> Board:
    """Look through a session; nothing is changed."""
    archive = studio.archive
    short = subject_ids(studio)
    photos = archive.photos.counts_by_subject(session.id)
    signed = {who for _, who in archive.consents.receipt_ids(session.id)}
    answering = archive.held.people(session.id, studio.now())
    guardian_missing, unchecked = _without_guardian(studio, session), _unchecked(studio, session)
    rows = []
    for line in archive.subjects.names(session=session.id):
        points = {
            OpenPoint.UNANSWERED: line.id not in signed,
            OpenPoint.WITHOUT_PHOTOS: not photos.get(line.id),
            OpenPoint.WITHOUT_GUARDIAN: line.id in guardian_missing,
            OpenPoint.UNCHECKED: line.id in signed and line.id in unchecked,
        }
        rows.append(
            BoardRow(
                id=line.id,
                short=short[line.id],
                code=badge_code(studio, session.id, line.id),
                name=line.name,
                state=_state(line.id in answering, line.id in signed),
                signed=line.id in signed,
                photos=photos.get(line.id, 0),
                open=tuple(point for point, left in points.items() if left),
                damaged=line.damaged,
            )
        )
    return Board(tuple(rows), photos.get(None, 0))


def _state(answering: bool, signed: bool) -> PersonState:
    if answering:
        return PersonState.ANSWERING
    return PersonState.SIGNED if signed else PersonState.REGISTERED


def _without_guardian(studio: OpenStudio, session: Session) -> frozenset[SubjectId]:
    place = studio.rules.jurisdictions.of(session.country)
    day, under = studio.now_at(session).age_day, place.guardian_under
    known = studio.archive.subjects.opened(session.id)
    return frozenset(each.id for each in known if is_minor(each.born, day, under) and not each.guardians)


def _unchecked(studio: OpenStudio, session: Session) -> frozenset[SubjectId]:
    standings: Mapping[SubjectId, Standing] = standings_of_all(studio, session.id)
    checks = CountedValidations(studio, session.id)
    return frozenset(id for id, standing in standings.items() if _is_unchecked(studio, standing, checks))


def _is_unchecked(studio: OpenStudio, standing: Standing, checks: CountedValidations) -> bool:
    for state in standing.snapshot.states.values():
        if state.given and studio.rules.catalogue.scope(state.scope).needs_validation:
            checked = checks.of(standing.receipt_of(state.record))
            if checked is None or not checked.independent:
                return True
    return False
