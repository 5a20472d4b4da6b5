"""What the shoot screen reads of the archive, all of it in one job, so that what is shown fits together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from safelight.domain.attendance import Presence
from safelight.domain.changes import Changes
from safelight.domain.ids import SubjectId
from safelight.domain.pace import Pace, pace
from safelight.domain.reads import Door, Looked
from safelight.domain.session import Session
from safelight.domain.usage import Blocker
from safelight.studio.checks import Check, checks
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import Board, counted_again, session_board
from safelight.studio.queries.cameras import CameraRow, clocks
from safelight.studio.queries.group import group_answers
from safelight.studio.queries.on_set import SwitchRow, on_set, switches
from safelight.studio.queries.second_place import TwoPlaces, in_two_places
from safelight.studio.queries.shots import OpenedRows, ShotRow, last_shots, session_shots
from safelight.studio.queries.space import Space, free_space
from safelight.studio.read_audit import count_read, reader_at

LAST = 40
"""Frames in the line of everybody's last ones."""
SLOW_EVERY = timedelta(seconds=5)
"""Space and second place are counted no more often than that."""
FRAMES = Changes.PHOTOS | Changes.JOURNAL | Changes.COPIES | Changes.BUNDLES
"""What changes no person, answer or switch: frames that come in are told by no more than these."""
EVERYTHING = ~Changes.NONE


@dataclass(frozen=True, slots=True)
class Slow:
    """What costs more, or is told by the drive: looked at less often."""

    at: datetime
    space: Space
    places: TwoPlaces


@dataclass(frozen=True, slots=True)
class Day:
    """A session as it stands. ``shots`` are of whoever is on set, oldest first; ``last`` of everybody, newest first."""

    session: Session
    board: Board
    on_set: tuple[SubjectId, ...]
    before: tuple[SubjectId, ...]
    shots: tuple[ShotRow, ...]
    last: tuple[ShotRow, ...]
    cameras: tuple[CameraRow, ...]
    checks: tuple[Check, ...]
    pace: Pace
    slow: Slow
    log: tuple[SwitchRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What was read before, and what changed since; ``opened`` is taken along from one reading to the next."""

    day: Day | None = None
    changes: Changes = EVERYTHING
    opened: OpenedRows = field(default_factory=OpenedRows)


def read_day(studio: OpenStudio, session: Session, before: Before) -> Day:
    """Everything that is on the screen. Where only frames came in, what they cannot change is taken from before."""
    now, opened, day = studio.now(), before.opened, before.day
    opened.turn()
    cameras = clocks(studio, session)
    # A frame may tell more of a camera's clock, and by that, whom a slate put on set.
    if day is None or day.session != session or before.changes & ~FRAMES or cameras != day.cameras:
        there, log, board = on_set(studio, session), switches(studio, session), session_board(studio, session, opened)
    else:
        there, log, board = day.on_set, day.log, counted_again(studio, session, day.board, opened)
    slow = None if day is None else day.slow
    if slow is None or not timedelta() <= now - slow.at < SLOW_EVERY:
        slow = Slow(now, free_space(studio, session), in_two_places(studio, session))
    return Day(
        session,
        board,
        there,
        tuple(each.id for each in log[-1].before) if log else (),
        shots_of(studio, session, there, opened),
        last_shots(studio, session, LAST, opened),
        cameras,
        checks(studio, session),
        _pace(board, log, now),
        slow,
        log,
    )


def shots_of(
    studio: OpenStudio, session: Session, people: Sequence[SubjectId], opened: OpenedRows | None = None
) -> tuple[ShotRow, ...]:
    """The shots on which all of these people are; of one person also those they share with others."""
    if not people:
        return ()
    wanted = set(people)
    found = session_shots(studio, session, subject=people[0], opened=opened)
    return tuple(each for each in found if wanted <= set(each.subjects))


def _pace(board: Board, log: Sequence[SwitchRow], now: datetime) -> Pace:
    """By the switches: somebody is done when the next one is put on set and there are shots of them."""
    shots = {each.id: each.shots for each in board.people}
    finished: dict[SubjectId, datetime] = {}
    for each in log:
        for person in each.before:
            if shots.get(person.id):
                finished[person.id] = each.at
    left = sum(1 for each in board.people if each.presence is Presence.EXPECTED and not each.shots)
    signing = sum(1 for each in board.people if each.arrived_at and not each.ready)
    return pace(tuple(finished.values()), left, signing, 1, now)


@dataclass(frozen=True, slots=True)
class SaidUse:
    """What whoever is on set says to one use; ``blocked`` are those who do not allow it."""

    title: str
    use: str
    allowed: bool
    until: date | None
    blocked: tuple[tuple[SubjectId, Blocker], ...]


def read_answers(
    studio: OpenStudio, session: Session, people: Sequence[SubjectId], language: str
) -> tuple[SaidUse, ...]:
    """Use by use, in the order of the session."""
    catalogue = studio.rules.catalogue
    return tuple(
        SaidUse(
            catalogue.title(each.use, language), each.use, each.allowed, each.until,
            tuple((one.subject, one.why) for one in each.blocked_by),
        )
        for each in group_answers(studio, session, people)
    )  # fmt: skip


def _title(titles: Mapping[str, str], language: str) -> str:
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def look_at_answers(
    studio: OpenStudio, session: Session, people: Sequence[SubjectId], language: str
) -> tuple[tuple[SaidUse, ...], bool]:
    """As :func:`read_answers`, counted as a look; whether the read audit has something to write by now."""
    said = read_answers(studio, session, people, language)
    return said, count_read(studio, people, Looked.ANSWERS, reader_at(Door.DESK))
