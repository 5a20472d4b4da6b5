"""Counts everybody and every frame of a session before it is closed, and names what is open; nothing is changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.closing import CameraCount, FrameCount, Left, LeftOpen, PeopleCount
from safelight.domain.ids import Sha256, SubjectId
from safelight.domain.photo import shot_of
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import BoardRow, OpenPoint, session_board
from safelight.studio.queries.people import PersonRow
from safelight.studio.queries.photos import PhotoPages, PhotoRow
from safelight.studio.queries.releases import check_releases
from safelight.studio.queries.second_place import in_two_places


@dataclass(frozen=True, slots=True)
class Point:
    """One kind of thing that is open: whom or which frames it is about, or what was found, in words."""

    what: Left
    count: int
    people: tuple[PersonRow, ...] = ()
    photos: tuple[PhotoRow, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A session counted; ``points`` are what is open, in the order it is best done, none of them empty."""

    people: PeopleCount
    frames: FrameCount
    cameras: tuple[CameraCount, ...]
    points: tuple[Point, ...]
    originals_sha256: Sha256

    @property
    def left(self) -> tuple[LeftOpen, ...]:
        """The points as they are counted in a statement."""
        return tuple(LeftOpen(each.what, each.count) for each in self.points)


def reconcile(
    studio: OpenStudio, session: Session, findings: Sequence[str] = (), report: Report = silent
) -> Reconciled:
    """Count everybody and every frame of a session; nothing is changed.

    ``findings`` are what the check of releases found, a sentence each. What lies in the bin is counted and nothing more
    is asked of it.
    """
    board, came = session_board(studio, session), studio.archive.attendance.all(session.id)
    tally = _Tally(studio, session, report)
    missing = [each for each in board.people if each.id not in tally.shown]
    gone = {each.id: came.get(each.id, Attendance()).state for each in missing}

    def rows(people: Iterable[BoardRow]) -> tuple[PersonRow, ...]:
        return tuple(PersonRow(each.id, each.short, each.name) for each in people)

    def shown(point: OpenPoint) -> tuple[PersonRow, ...]:
        return rows(each for each in board.people if point in each.open and each.id in tally.shown)

    unaccounted = rows(each for each in missing if gone[each.id] is Presence.EXPECTED)
    states = Counter(gone.values())
    pages = PhotoPages(studio, session, unassigned=True)
    nobody, check = tuple(pages), tuple(pages.only(flagged=True))
    copies = in_two_places(studio, session)
    points = (
        Point(Left.NOBODY, len(nobody), photos=nobody),
        Point(Left.CHECK, len(check), photos=check),
        _about(Left.UNACCOUNTED, unaccounted),
        _about(Left.UNANSWERED, shown(OpenPoint.UNANSWERED)),
        _about(Left.WITHOUT_GUARDIAN, shown(OpenPoint.WITHOUT_GUARDIAN)),
        _about(Left.UNCHECKED, shown(OpenPoint.UNCHECKED)),
        Point(Left.RELEASE, len(findings), said=tuple(findings)),
        Point(Left.ONE_PLACE, copies.total - copies.done if copies.set else 0),
    )
    return Reconciled(
        PeopleCount(
            listed=len(board.people),
            photographed=len(board.people) - len(missing),
            absent=states[Presence.ABSENT],
            not_photographed=states[Presence.NOT_PHOTOGRAPHED],
            unaccounted=len(unaccounted),
            answered=sum(1 for each in board.people if each.signed),
        ),
        FrameCount(
            kept=len(tally.originals),
            shots=len(tally.shots),
            hidden=tally.hidden,
            nobody=len(nobody),
            check=len(check),
            two_places=copies.done if copies.set else None,
        ),
        tuple(CameraCount(name, count) for name, count in sorted(tally.cameras.items())),
        tuple(each for each in points if each.count),
        tally.originals_sha256,
    )


def _about(what: Left, people: tuple[PersonRow, ...]) -> Point:
    return Point(what, len(people), people=people)


class _Tally:
    """Every photo of a session, looked at once."""

    def __init__(self, studio: OpenStudio, session: Session, report: Report) -> None:
        in_bin = studio.archive.culling.hidden_shots(session.id)
        total = studio.archive.photos.count(session.id)
        self.cameras, self.shots, self.originals = Counter[str](), set[str](), list[str]()
        self.hidden = 0
        self.shown = set[SubjectId]()
        """Everybody on a photo that is not in the bin."""
        for done, photo in enumerate(studio.archive.photos.of_session(session.id)):
            report(done, total, "closing")
            shot = shot_of(photo)
            self.cameras[photo.camera] += 1
            self.shots.add(shot)
            self.originals.append(photo.sha256)
            if shot in in_bin:
                self.hidden += 1
            else:
                self.shown.update(photo.subjects)
        report(total, total, "closing")

    @property
    def originals_sha256(self) -> Sha256:
        """One hash for which originals there are, in whatever order they came in."""
        return Sha256(hashlib.sha256("".join(f"{each}\n" for each in sorted(self.originals)).encode()).hexdigest())


def release_findings(
    studio: OpenStudio, session: Session, profiles: Sequence[str], language: str = "en"
) -> tuple[str, ...]:
    """What forms of these agencies would lack, a sentence for each person and agency; for ``findings``.

    Only of agencies that are named: of some fields (a person's address) nothing is ever kept, so that there always is
    something for whoever asks for them.
    """
    told = []
    for profile in profiles:
        found = check_releases(studio, session, profile, language)
        agency = dict(found.profiles)[profile]
        for each in found.rows:
            if each.findings:
                told.append(f"{each.person.name} ({agency}): {', '.join(one.title for one in each.findings)}")
    return tuple(told)
