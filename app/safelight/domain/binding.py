"""Whose frame it is: the camera's time, put right by what is known of that camera's clock, against who was on set when.

Everything that happened has an interval in which it happened: a frame by how well its camera's clock is known, a switch
by how it was noticed. Whoever may have been on set within the frame's interval is a candidate. One candidate: it is
theirs. Several: it is given to the likeliest of them, and somebody has to look (*check*).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .ids import SubjectId
from .photo import CameraTime

KNOWN_MARGIN_MS = 3_000
"""How far a time may be off where the camera's clock is known: cameras write whole seconds, people are late."""
INFERRED_MARGIN_MS = 20_000
"""The same where the clock is only inferred from arrivals, or missing: both hide how long the transfer took."""
JUMP_MS = 60_000
"""A clock that is off by more than this against itself was set, or lost its battery."""

People = tuple[SubjectId, ...]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND_MS = 1_000
_NEVER = -(2**62)
_ALWAYS = 2**62


@dataclass(frozen=True, slots=True)
class Switch:
    """From ``at_ms`` (since 1970, UTC) on these people are on set, nobody where it is empty; give or take ``slack_ms``.

    ``camera`` and ``camera_ms`` say which camera photographed the slate that switched, and what its clock showed.
    """

    at_ms: int
    subjects: People
    slack_ms: int = 0
    camera: str = ""
    camera_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CameraClock:
    """By how much a camera's clock is behind (``offset_ms``, added to what it shows).

    ``known`` by a photographed code or by hand, not only inferred from arrivals.
    """

    offset_ms: int
    known: bool

    @property
    def margin_ms(self) -> int:
        """How far a time put right by it may be off."""
        return KNOWN_MARGIN_MS if self.known else INFERRED_MARGIN_MS

    @property
    def slack_ms(self) -> int:
        """The same with what an inferred clock lacks besides: the frame it rests on may show the second before."""
        return self.margin_ms if self.known else self.margin_ms + _SECOND_MS


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a frame was taken by its camera's own clock, and when its file was first seen here; each None if not known.

    A file that was not seen arriving (on a card, or there before anybody looked) has no first sight.
    """

    camera: str
    camera_ms: int | None
    first_seen_ms: int | None


@dataclass(frozen=True, slots=True)
class Bound:
    """Who a frame is given to; ``check`` when somebody has to look, ``before`` are the other candidates then.

    ``unwatched``: nobody had been put on set yet, so nothing is said about it at all.
    """

    subjects: People
    check: bool = False
    before: tuple[People, ...] = ()
    clock_jumped: bool = False
    unwatched: bool = field(default=False, compare=False)


def camera_milliseconds(time: CameraTime | None) -> int | None:
    """What the camera's clock showed as milliseconds since 1970, its own offset taken off where it noted one."""
    if time is None:
        return None
    try:
        shown = datetime.fromisoformat(time.shown).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (shown - _EPOCH) // _MILLISECOND - (time.offset_minutes or 0) * 60_000


def inferred(before: CameraClock | None, frame: FrameTime) -> CameraClock | None:
    """The clock after a frame arrived: known it stays; else the smallest difference of first sight and camera time."""
    if frame.camera_ms is None or frame.first_seen_ms is None or (before is not None and before.known):
        return before
    difference = frame.first_seen_ms - frame.camera_ms
    return before if before is not None and before.offset_ms <= difference else CameraClock(difference, known=False)


def clock_jumped(frame: FrameTime, clock: CameraClock | None) -> bool:
    """Whether the camera's clock and the arrival of this frame are more than a minute apart: an alarm.

    No transfer takes that long by itself, and nothing arrives before it was taken.
    """
    return abs(_late_ms(frame, clock)) > JUMP_MS


def slate_switch(slate: FrameTime, people: People, clock: CameraClock | None) -> Switch:
    """The switch that a photographed slate is: by the camera's time where it can be trusted, else by first sight.

    Where neither is known it may have been at any time, until that camera's clock is known.
    """
    if slate.camera_ms is not None and clock is not None and _is_plausible(slate, clock):
        at = slate.camera_ms + clock.offset_ms
        return Switch(at, people, clock.slack_ms, slate.camera, slate.camera_ms)
    if slate.first_seen_ms is not None:
        return Switch(slate.first_seen_ms, people, INFERRED_MARGIN_MS)
    return Switch(0, people, _ALWAYS, slate.camera, slate.camera_ms)


def owner_at(switches: Sequence[Switch], frame: FrameTime, clock: CameraClock | None) -> Bound:
    """Who ``frame`` belongs to. Before the first switch, and after one to nobody: nobody.

    Slates photographed with the same camera count by that camera's own time, so they hold whatever its clock shows.
    """
    jumped = clock_jumped(frame, clock)
    windows = tuple(_windows(frame, clock))
    found = [each for window in windows for each in window.candidates(switches)]
    best, place = windows[-1 if jumped else 0].likeliest(switches)
    others = tuple(dict.fromkeys(each for each in found if each != best))
    return Bound(best, bool(others), others, jumped, place < 0)


def _late_ms(frame: FrameTime, clock: CameraClock | None) -> int:
    """By how much the file was seen after (before: negative) the frame was taken, as its clock has it."""
    if clock is None or frame.camera_ms is None or frame.first_seen_ms is None:
        return 0
    return frame.first_seen_ms - frame.camera_ms - clock.offset_ms


def _is_plausible(frame: FrameTime, clock: CameraClock | None) -> bool:
    """Whether the file arrived as long after the frame as transfers take."""
    return -KNOWN_MARGIN_MS <= _late_ms(frame, clock) <= INFERRED_MARGIN_MS + KNOWN_MARGIN_MS


def _windows(frame: FrameTime, clock: CameraClock | None) -> Iterator[_Window]:
    """When the frame may have been taken. Two windows where camera and arrival contradict each other."""
    by_camera = frame.camera_ms is not None and (clock is not None or frame.first_seen_ms is None)
    if by_camera:
        yield _Window(frame, clock)
    if not by_camera or not _is_plausible(frame, clock):
        yield _Window(FrameTime("", None, frame.first_seen_ms), None)


class _Window:
    """One reading of when a frame was taken: ``nominal``, not before ``earliest``, not after ``latest``."""

    def __init__(self, frame: FrameTime, clock: CameraClock | None) -> None:
        self._frame, self._clock = frame, clock
        self._margin = INFERRED_MARGIN_MS if clock is None else clock.slack_ms
        if frame.camera_ms is not None and clock is not None:
            self._nominal: int | None = frame.camera_ms + clock.offset_ms
        else:
            self._nominal = frame.first_seen_ms if frame.camera_ms is None else None
        self._earliest = _NEVER if self._nominal is None else self._nominal - self._margin
        self._latest = _ALWAYS if self._nominal is None else self._nominal + self._margin
        if frame.first_seen_ms is not None:  # nothing arrives before it was taken; people switch a little late
            self._latest = min(self._latest, frame.first_seen_ms + KNOWN_MARGIN_MS)

    def likeliest(self, switches: Sequence[Switch]) -> tuple[People, int]:
        """Who was on set if every time is taken as it stands, and by which switch (-1: by none)."""
        best: tuple[int, int, People] = (_NEVER, -1, ())
        for place, each in enumerate(switches):
            own = self._own_ms(each)
            if own is not None:
                if own <= (self._frame.camera_ms or 0):
                    best = max(best, (own + (self._clock.offset_ms if self._clock else 0), place, each.subjects))
            elif self._nominal is not None and each.at_ms <= self._nominal:
                best = max(best, (each.at_ms, place, each.subjects))
        return best[2], best[1]

    def candidates(self, switches: Sequence[Switch]) -> list[People]:
        """Everybody who may have been on set: no switch is surely after theirs and surely before the frame."""
        told = [(*self._span(each), self._own_ms(each), each.subjects) for each in switches]
        surely = [each for each in told if self._is_before(each[1], each[2])]
        newest = max((since for since, _, _, _ in surely), default=_NEVER)
        newest_own = max((own for _, _, own, _ in surely if own is not None), default=_NEVER)
        found: list[People] = [] if surely else [()]
        for since, until, own, people in told:
            superseded = until < newest or (own is not None and own < newest_own)
            if not superseded and not self._is_after(since, own):
                found.append(people)
        return found

    def _own_ms(self, switch: Switch) -> int | None:
        """The camera's own time of a slate that it photographed: both have a place in one camera's time.

        Two cameras that say nothing about themselves are not taken for one.
        """
        same = bool(switch.camera) and switch.camera == self._frame.camera
        return switch.camera_ms if same and self._frame.camera_ms is not None else None

    def _span(self, switch: Switch) -> tuple[int, int]:
        """Between when and when the switch was, as this computer's clock has it."""
        own = self._own_ms(switch)
        if own is None:
            return switch.at_ms - switch.slack_ms, switch.at_ms + switch.slack_ms
        if self._clock is None:
            return _NEVER, _ALWAYS
        return own + self._clock.offset_ms - self._margin, own + self._clock.offset_ms + self._margin

    def _is_before(self, until: int, own: int | None) -> bool:
        if own is None:
            return until <= self._earliest
        return own + KNOWN_MARGIN_MS < (self._frame.camera_ms or 0)

    def _is_after(self, since: int, own: int | None) -> bool:
        if own is None:
            return since > self._latest
        return own - KNOWN_MARGIN_MS > (self._frame.camera_ms or 0)
