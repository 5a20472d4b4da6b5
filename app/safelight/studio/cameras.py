"""What photographed codes and slates, or somebody by hand, tell of the cameras; frames are bound again by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from safelight.documents.jcs import MAX_INTEGER, canonical
from safelight.domain.binding import CameraClock, Switch, camera_milliseconds
from safelight.domain.cameras import UNNAMED, ClockSource
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.studio.assignments import Assigned
from safelight.studio.binding import BY_CLOCK, BY_SWITCH, bind_again, frame_time
from safelight.studio.on_set import put_on_set
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.cameras import CameraRow as CameraRow
from safelight.studio.queries.cameras import clocks as clocks
from safelight.studio.sessions import still_open
from safelight.studio.staff import working_member
from safelight.studio.switch_log import How

CLOCK_SET = "camera-clock-set"


@dataclass(frozen=True, slots=True)
class Placed:
    """How a camera's clock stands now, and the photos that were bound again by it."""

    clock: CameraClock
    assigned: tuple[Assigned, ...]


def set_clock(
    studio: OpenStudio,
    session: Session,
    camera: str,
    offset_ms: int,
    by: PersonId,
    source: ClockSource = ClockSource.HAND,
    name: str = "",
    report: Report = silent,
) -> tuple[Placed, Changes]:
    """A camera's clock is known: it is ``offset_ms`` behind (negative: ahead). Journalled.

    Its frames that were bound while it was not known, and all about which there is a question, are bound again; what
    somebody answered by hand stays. Raises :class:`WrongUsage` when the session is not open.
    """
    if abs(offset_ms) > MAX_INTEGER:
        raise WrongUsage("No clock is off by that much.", "Nothing was changed.")
    working_member(studio, by)
    clock = CameraClock(offset_ms, known=True)
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
        before = studio.archive.cameras.get(session.id, camera) or UNNAMED
        after = replace(before, name=before.name or name, clock=clock, source=source, contradicted=False)
        studio.archive.cameras.put(writing, session.id, camera, after)
        told = {"by": by, "camera": camera, "offset": offset_ms, "source": source.value}
        entry = studio.archive.journal.append(writing, CLOCK_SET, session.id, canonical(told))
    studio.acknowledge(session.id, entry.hash)
    was_known = before.clock is not None and before.clock.known

    def concerned(photo: Photo) -> bool:
        return photo.flagged or (photo.camera_tag == camera and not was_known)

    assigned, changes = bind_again(studio, session.id, by, BY_CLOCK, concerned, report)
    return Placed(clock, assigned), changes | Changes.ON_SET | Changes.JOURNAL


def clock_photographed(
    studio: OpenStudio,
    session: Session,
    camera: str,
    name: str,
    camera_time: CameraTime | None,
    shown_at: datetime,
    by: PersonId,
    report: Report = silent,
) -> tuple[Placed | None, Changes]:
    """A camera photographed a code that says when it was shown: the difference is its clock (see :func:`set_clock`).

    None, and nothing is changed, when the frame has no time or does not say which camera took it.
    """
    shown = camera_milliseconds(camera_time)
    if shown is None or not camera:
        return None, Changes.NONE
    offset = round(shown_at.timestamp() * 1000) - shown
    return set_clock(studio, session, camera, offset, by, ClockSource.CODE, name, report)


def slate_photographed(
    studio: OpenStudio,
    session: Session,
    people: tuple[SubjectId, ...],
    camera: str,
    camera_time: CameraTime | None,
    first_seen_ms: int | None,
    by: PersonId,
) -> tuple[Switch, Changes]:
    """A camera photographed a slate: these people are on set since then (nobody: a slate of somebody unknown).

    Frames that came in before the slate did are bound again where it says something else about them.
    """
    return put_on_set(studio, session, people, by, How.SLATE, frame_time(camera, camera_time, first_seen_ms))


def catch_up(
    studio: OpenStudio, session: Session, by: PersonId, report: Report = silent
) -> tuple[tuple[Assigned, ...], Changes]:
    """Bind again whatever the log says something else about by now, as after a crash between a slate and its frames."""
    return bind_again(studio, session.id, by, BY_SWITCH, lambda _: True, report)
