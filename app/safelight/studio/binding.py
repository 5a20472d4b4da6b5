"""Says whose frames are, by the switch log and the cameras' clocks, and says it again when more is known."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from safelight.domain.binding import (
    Bound,
    CameraClock,
    FrameTime,
    People,
    Switch,
    camera_milliseconds,
    clock_jumped,
    inferred,
    owner_at,
)
from safelight.domain.cameras import UNNAMED, Camera, ClockSource
from safelight.domain.changes import Changes
from safelight.domain.ids import PersonId, PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.progress import Report, silent
from safelight.storage.transaction import Transaction
from safelight.studio.journal_kinds import PHOTO_ADDED, PHOTO_ASSIGNED
from safelight.studio.open_studio import OpenStudio
from safelight.studio.reassignment import BACK, BY_HAND, SETTLED, Assigned, OutOfDateError, reassign
from safelight.studio.switch_log import LoggedSwitch, read_switches, successors

BY_SWITCH, BY_CLOCK = "switch", "clock"
"""By what frames were bound again: a switch was made just after them, or told late; a camera's clock became known."""
BY_THE_LOG = (BY_SWITCH, BY_CLOCK)
_REPORTED = 100
"""After so many shots a long look through a session tells how far it is."""


class Binder:
    """Binds the frames of one session. Ask it inside the transaction that keeps the frame: then nothing comes between.

    What it has read of the log it keeps, because the log only grows; clocks and people are read each time. With
    ``once`` all is read at the first question, for whoever asks many and looks afterwards whether it still holds.
    """

    def __init__(self, studio: OpenStudio, session: SessionId, *, once: bool = False) -> None:
        self._studio, self._session, self._once = studio, session, once
        self._cameras: dict[str, Camera] | None = None
        self._people: frozenset[SubjectId] | None = None
        self._log: tuple[LoggedSwitch, ...] = ()
        self._reading = threading.Lock()

    def has_switches(self) -> bool:
        """Whether anybody was ever put on set: until then frames are bound by slates and names alone."""
        return bool(self._log) or bool(read_switches(self._studio, self._session))

    def owner(
        self, camera_tag: str, camera_time: CameraTime | None, first_seen_ms: int | None, before: int | None = None
    ) -> Bound:
        """Whose frame it is that this camera took then (see :class:`~safelight.domain.photo.Photo`).

        ``first_seen_ms`` is None for a file nobody saw arrive. Somebody who was taken out since is nobody, to be looked
        at; somebody who became one entry with somebody else is that one. ``before`` asks the log as it was before this
        entry of the journal.
        """
        cameras = self._known_cameras()
        frame = frame_time(camera_tag, camera_time, first_seen_ms)
        camera = _after(cameras.get(camera_tag, UNNAMED), frame) if camera_tag else UNNAMED
        clocks = {tag: each.clock for tag, each in cameras.items()} | {camera_tag: camera.clock}
        bound = owner_at(self._switches(clocks, before), frame, camera.clock)
        bound = replace(bound, clock_jumped=bound.clock_jumped or _contradicts(cameras.get(camera_tag), frame))
        if camera.jumped and first_seen_ms is None:
            # Before or after the jump? Nobody saw it arrive, so its clock tells nothing.
            bound = replace(bound, check=True)
        return self._of_the_session(bound)

    def noted(
        self,
        writing: Transaction,
        camera_tag: str,
        name: str,
        camera_time: CameraTime | None,
        first_seen_ms: int | None,
    ) -> bool:
        """Keep what a frame tells of its camera (within the transaction that keeps the frame); whether it was new."""
        if not camera_tag:
            return False
        before = self._studio.archive.cameras.get(self._session, camera_tag)
        after = _after(before or UNNAMED, frame_time(camera_tag, camera_time, first_seen_ms))
        after = replace(after, name=after.name or name)
        if after == before:
            return False
        self._studio.archive.cameras.put(writing, self._session, camera_tag, after)
        return True

    def _switches(self, clocks: dict[str, CameraClock | None], before: int | None) -> tuple[Switch, ...]:
        with self._reading:
            if not (self._once and self._log):
                after = self._log[-1].number if self._log else 0
                self._log += read_switches(self._studio, self._session, after)
            log = self._log
        return tuple(each.switch(clocks) for each in log if before is None or each.number < before)

    def _known_cameras(self) -> dict[str, Camera]:
        if self._once and self._cameras is not None:
            return self._cameras
        self._cameras = found = self._studio.archive.cameras.all(self._session)
        return found

    def _known_people(self) -> frozenset[SubjectId]:
        if self._once and self._people is not None:
            return self._people
        self._people = found = frozenset(self._studio.archive.subjects.ids(self._session))
        return found

    def _of_the_session(self, bound: Bound) -> Bound:
        named = {each for people in (bound.subjects, *bound.before) for each in people}
        if not named:
            return bound
        here = self._known_people()
        now: dict[SubjectId, SubjectId | None] = {each: each for each in named & here}
        for each, into in successors(self._studio, sorted(named - here)).items():
            now[each] = into if into in here else None

        def staying(people: People) -> People:
            return tuple(dict.fromkeys(left for each in people if (left := now[each]) is not None))

        subjects = staying(bound.subjects)
        others = tuple(dict.fromkeys(each for each in map(staying, bound.before) if each != subjects))
        lost = any(now[each] is None for each in bound.subjects)
        return replace(bound, subjects=subjects, check=lost or (bound.check and (not bound.before or bool(others))),
                       before=others)  # fmt: skip


def frame_time(camera_tag: str, camera_time: CameraTime | None, first_seen_ms: int | None) -> FrameTime:
    """A frame as binding looks at it."""
    return FrameTime(camera_tag, camera_milliseconds(camera_time), first_seen_ms)


def bind_again(
    studio: OpenStudio,
    session: SessionId,
    by: PersonId,
    how: str,
    concerned: Callable[[Photo], bool],
    report: Report = silent,
    newest: int | None = None,
) -> tuple[tuple[Assigned, ...], Changes]:
    """Bind frames once more, now that more is known: those of ``concerned`` whose answer is another one now.

    What somebody answered by hand stays, and so does what was never bound by the log: a file that nobody saw arrive and
    that was given to whom somebody named, unless there is a question about it. All photos of one shutter get one
    answer. ``newest`` looks only at so many photos, those that came in last.
    """
    answers: dict[PhotoGuid, Bound] = {}
    rested_on: list[object] = []

    def pick() -> list[PhotoGuid]:
        binder = Binder(studio, session, once=True)
        rested_on[:] = [_known(studio, session)]
        answers.clear()
        shots: dict[str, list[Photo]] = {}
        kept = studio.archive.photos
        for photo in kept.of_session(session) if newest is None else kept.newest(session, newest):
            shots.setdefault(photo.shot or photo.guid, []).append(photo)
        for number, photos in enumerate(shots.values()):
            if number % _REPORTED == 0:
                report(number, len(shots), "whose frames")
            answers.update(_answers(studio, binder, photos, concerned))
        return list(answers)

    def unchanged(_: Transaction) -> None:
        if _known(studio, session) != rested_on[0]:
            raise OutOfDateError

    if not pick():
        return (), Changes.NONE
    return reassign(
        studio, pick, lambda photo: answers[photo.guid].subjects, by, how,
        flagged=lambda photo: answers[photo.guid].check, report=report, then=unchanged,
    )  # fmt: skip


def _answers(
    studio: OpenStudio, binder: Binder, shot: list[Photo], concerned: Callable[[Photo], bool]
) -> dict[PhotoGuid, Bound]:
    """What changes for the photos of one shutter; nothing when somebody answered for one of them."""
    if not any(map(concerned, shot)):
        return {}
    seen = [each.first_seen_ms for each in shot if each.first_seen_ms is not None]
    told = next((each for each in shot if each.camera_time is not None), shot[0])
    bound = binder.owner(told.camera_tag, told.camera_time, min(seen, default=None))
    if bound.unwatched and not bound.check:
        return {}  # whoever it was given to, the log has not to say
    differing = [each for each in shot if (each.subjects, each.flagged) != (bound.subjects, bound.check)]
    if not differing or answered_by_hand(studio, (each.guid for each in shot)):
        return {}
    if not seen and not any(each.flagged or _by_the_log(studio, binder, each) for each in shot):
        return {}
    return {each.guid: bound for each in differing}


def _by_the_log(studio: OpenStudio, binder: Binder, photo: Photo) -> bool:
    """Whether a photo nobody saw arrive is where the log, as it was then, put it: no one else said whose it is."""
    told = studio.archive.journal.told_about(PHOTO_ASSIGNED, photo.guid)
    if any(json.loads(said).get("how") in BY_THE_LOG for _, said in told):
        return True
    added = studio.archive.journal.told_about(PHOTO_ADDED, photo.guid)
    then = binder.owner(photo.camera_tag, photo.camera_time, None, added[0][0].number) if added else None
    return then is not None and (then.subjects, then.check) == (photo.subjects, photo.flagged)


def answered_by_hand(studio: OpenStudio, guids: Iterable[PhotoGuid]) -> bool:
    """Whether somebody said who is on one of these photos, and did not take it back."""
    for guid in guids:
        told = studio.archive.journal.told_about(PHOTO_ASSIGNED, guid)
        if _stands_by_hand([json.loads(said).get("how") for _, said in told]):
            return True
    return False


def _stands_by_hand(hows: Iterable[str | None]) -> bool:
    """Whether what was last done to a photo, and not taken back, is what somebody said.

    Taking back what the log did, or taking back a taking back (done again), is what somebody said as well.
    """
    standing: list[bool] = []
    for how in hows:
        if how == BACK and standing and standing[-1]:
            standing.pop()
        else:
            standing.append(how in (BY_HAND, SETTLED, BACK))
    return bool(standing) and standing[-1]


def _after(camera: Camera, frame: FrameTime) -> Camera:
    """What is known of a camera once ``frame`` came in."""
    clock = inferred(camera.clock, frame)
    source = camera.source if clock == camera.clock else ClockSource.ARRIVALS
    jumped = clock_jumped(frame, camera.clock)
    return replace(
        camera, clock=clock, source=source, contradicted=camera.contradicted or jumped, jumped=camera.jumped or jumped
    )


def _contradicts(camera: Camera | None, frame: FrameTime) -> bool:
    return camera is not None and clock_jumped(frame, camera.clock)


def _known(studio: OpenStudio, session: SessionId) -> object:
    """What answers rest on, to see whether it is still the same."""
    archive = studio.archive
    log = [each.number for each in read_switches(studio, session)]
    return log, archive.cameras.all(session), archive.subjects.ids(session)
