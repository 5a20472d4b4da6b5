"""Who is where in a session: the board, one row a person with what they have and what is still open for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from weakref import WeakKeyDictionary

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.ids import Language, SessionId, SubjectId
from safelight.domain.people import Subject, is_minor
from safelight.domain.session import Session
from safelight.storage.archive import Archive
from safelight.storage.opened_rows import OpenedRows
from safelight.storage.rows import ShotOwner, SubjectLine
from safelight.studio.badges import badge_code
from safelight.studio.consent_snapshots import Standing, standing_of, standings_of_all
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
    ``signed`` tells that one. ``shots`` counts presses of the shutter (a raw file and its JPEG are one) without what is
    in the bin, ``checks`` those of them that are not settled. ``waits_guardian``: a minor who has not signed, so that
    somebody must be there who answers with them. ``arrived_at`` (UTC) and ``presence`` tell whether they came.
    """

    id: SubjectId
    short: str
    code: str
    name: str
    state: PersonState
    signed: bool
    shots: int
    open: tuple[OpenPoint, ...]
    damaged: bool = False
    checks: int = 0
    waits_guardian: bool = False
    arrived_at: datetime | None = None
    presence: Presence = Presence.EXPECTED
    reference: str = ""
    language: Language | None = None
    """None when the row does not open."""

    @property
    def ready(self) -> bool:
        """Whether they may be photographed: they signed, whatever they answered, and are not answering anew."""
        return self.state is PersonState.SIGNED


@dataclass(frozen=True, slots=True)
class Board:
    """The people of a session in the order they were added.

    ``unassigned`` counts the shots that belong to nobody yet, ``checks`` those that are not settled, ``shots`` all of
    them; what is in the bin is in none of these.
    """

    people: tuple[BoardRow, ...]
    unassigned: int
    checks: int = 0
    shots: int = 0


def session_board(studio: OpenStudio, session: Session, opened: OpenedRows | None = None) -> Board:
    """Look through a session; nothing is changed. ``opened`` is what was read of its shots before."""
    archive = studio.archive
    known = {each.id: each for each in archive.subjects.opened(session.id)}
    facts = _Facts(
        studio, session, known, counted=_counted(studio, session, opened),
        signed=frozenset(who for _, who in archive.consents.receipt_ids(session.id)),
        answering=archive.held.people(session.id, studio.now()),
        attendance=archive.attendance.all(session.id),
        unchecked=_unchecked(studio, session),
    )  # fmt: skip
    rows = tuple(facts.row(line) for line in _lines(studio, session, known))
    return _board(rows, facts.counted)


def counted_again(studio: OpenStudio, session: Session, board: Board, opened: OpenedRows | None = None) -> Board:
    """``board`` after nothing but photos changed: its shots counted anew; rows that stay are the same values."""
    counted = _counted(studio, session, opened)
    return _board(tuple(_with_shots(each, counted) for each in board.people), counted)


def _board(rows: tuple[BoardRow, ...], counted: _Counted) -> Board:
    return Board(rows, len(counted.unassigned), len(counted.checks), len(counted.shots))


def _counted(studio: OpenStudio, session: Session, opened: OpenedRows | None) -> _Counted:
    hidden = studio.archive.culling.hidden_shots(session.id, opened)
    return _Counted(studio.archive.shots.owners(session.id), hidden)


def _with_shots(row: BoardRow, counted: _Counted) -> BoardRow:
    shots, checks = counted.of[row.id], counted.checks_of[row.id]
    if (shots, checks) == (row.shots, row.checks):
        return row
    others = {*row.open} - {OpenPoint.WITHOUT_PHOTOS}
    points = others if shots else others | {OpenPoint.WITHOUT_PHOTOS}
    return replace(row, shots=shots, checks=checks, open=tuple(each for each in OpenPoint if each in points))


def board_row(studio: OpenStudio, session: Session, subject: SubjectId) -> BoardRow:
    """One person as :func:`session_board` shows them; raises :class:`WrongUsage` for somebody unknown."""
    archive = studio.archive
    line = archive.subjects.line(subject)
    known = {} if line.damaged else {subject: archive.subjects.get(subject)}
    attendance = archive.attendance.get(subject, session.id)
    owners = archive.shots.owners(session.id, subject)
    culled = archive.culling.of_shots({each.shot for each in owners})
    standing = standing_of(studio, subject)
    facts = _Facts(
        studio, session, known,
        counted=_Counted(owners, frozenset(shot for shot, each in culled.items() if each.hidden)),
        signed=frozenset(who for _, who in archive.consents.receipt_ids(session.id)),
        answering=archive.held.people(session.id, studio.now()),
        attendance={subject: attendance},
        unchecked=frozenset({subject} if _is_unchecked(studio, standing, CountedValidations(studio)) else ()),
    )  # fmt: skip
    return facts.row(line)


class _Counted:
    """Shots by person; those in the bin are in none of it."""

    def __init__(self, owners: Iterable[ShotOwner], hidden: Collection[str]) -> None:
        self.shots: set[str] = set()
        self.checks: set[str] = set()
        self.of: Counter[SubjectId] = Counter()
        self.checks_of: Counter[SubjectId] = Counter()
        self.unassigned: set[str] = set()
        for each in owners:
            if each.shot in hidden:
                continue
            self.shots.add(each.shot)
            if each.flagged:
                self.checks.add(each.shot)
            if each.subject is None:
                self.unassigned.add(each.shot)
            else:
                self.of[each.subject] += 1
                self.checks_of[each.subject] += each.flagged


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rows of a board are made of."""

    studio: OpenStudio
    session: Session
    known: Mapping[SubjectId, Subject]
    counted: _Counted
    signed: Collection[SubjectId]
    answering: Collection[SubjectId]
    attendance: Mapping[SubjectId, Attendance]
    unchecked: Collection[SubjectId]
    short: Mapping[str, str] = field(init=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "short", subject_ids(self.studio))
        object.__setattr__(self, "day", self.studio.now_at(self.session).age_day)

    def row(self, line: SubjectLine) -> BoardRow:
        """The row of one person."""
        signed, shots = line.id in self.signed, self.counted.of[line.id]
        person, came = self.known.get(line.id), self.attendance.get(line.id, Attendance())
        under = self.studio.rules.jurisdictions.of(self.session.country).guardian_under
        minor = person is not None and is_minor(person.born, self.day, under)
        points = {
            OpenPoint.UNANSWERED: not signed,
            OpenPoint.WITHOUT_PHOTOS: not shots,
            OpenPoint.WITHOUT_GUARDIAN: minor and person is not None and not person.guardians,
            OpenPoint.UNCHECKED: signed and line.id in self.unchecked,
        }
        return BoardRow(
            id=line.id,
            short=self.short[line.id],
            code=badge_code(self.studio, self.session.id, line.id),
            name=line.name,
            state=_state(line.id in self.answering, signed),
            signed=signed,
            shots=shots,
            open=tuple(point for point, left in points.items() if left),
            damaged=line.damaged,
            checks=self.counted.checks_of[line.id],
            waits_guardian=minor and not signed,
            arrived_at=came.arrived_at,
            presence=came.state,
            reference=person.reference if person else "",
            language=person.language if person else None,
        )


def _state(answering: bool, signed: bool) -> PersonState:
    if answering:
        return PersonState.ANSWERING
    return PersonState.SIGNED if signed else PersonState.REGISTERED


def _lines(studio: OpenStudio, session: Session, known: Mapping[SubjectId, Subject]) -> Iterable[SubjectLine]:
    """The lines of everybody; read only where what is known of them does not say it all."""
    ids = studio.archive.subjects.ids(session.id)
    if any(each not in known for each in ids):
        return studio.archive.subjects.names(session=session.id)
    return (SubjectLine(each, known[each].name, "", session.id) for each in ids)


_UNCHECKED: WeakKeyDictionary[Archive, dict[SessionId, tuple[tuple[int, ...], frozenset[SubjectId]]]] = (
    WeakKeyDictionary()
)
"""What was found out last, and as of when: ids alone, for as long as the archive is open.

A board is looked at again with every frame, and signatures and checks hardly change meanwhile.
"""


def _unchecked(studio: OpenStudio, session: Session) -> frozenset[SubjectId]:
    now = studio.archive.consents.written(session.id)
    known = _UNCHECKED.setdefault(studio.archive, {})
    before = known.get(session.id)
    if before is not None and before[0] == now:
        return before[1]
    standings: Mapping[SubjectId, Standing] = standings_of_all(studio, session.id)
    checks = CountedValidations(studio, session.id)
    found = frozenset(id for id, standing in standings.items() if _is_unchecked(studio, standing, checks))
    known[session.id] = (now, found)
    return found


def _is_unchecked(studio: OpenStudio, standing: Standing, checks: CountedValidations) -> bool:
    for state in standing.snapshot.states.values():
        use = studio.rules.catalogue.find(state.scope)
        # Of a use that is no longer asked nothing is known but what was signed: it is checked before it leaves.
        if state.given and (use is None or use.needs_validation):
            checked = checks.of(standing.receipt_of(state.record))
            if checked is None or not checked.independent:
                return True
    return False
