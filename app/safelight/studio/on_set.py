"""Puts people on set: from then on frames are theirs, until somebody else, or nobody, is put there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from safelight.domain.binding import FrameTime, Switch
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import PersonId, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.storage.transaction import Transaction
from safelight.studio.arrivals import arrive
from safelight.studio.binding import BY_SWITCH, bind_again
from safelight.studio.open_studio import OpenStudio
from safelight.studio.sessions import still_open
from safelight.studio.staff import working_member
from safelight.studio.switch_log import How as How
from safelight.studio.switch_log import LoggedSwitch, clocks_of, on_set_of, read_switches, write_switch

LARGEST_GROUP = 12
"""So many people are photographed together at most."""
_PER_SWITCH, _PER_SLATE = 1_000, 400
"""At most so many photos that came in last are looked at again: some seconds of them, and what overtook a slate."""
_AT_FIRST = 16
_OVERTAKEN_MS = 60_000
"""Only those that were first seen so shortly before the switch, or after it."""


def put_on_set(
    studio: OpenStudio,
    session: Session,
    subjects: Sequence[SubjectId],
    by: PersonId,
    how: How,
    slate: FrameTime | None = None,
) -> tuple[Switch, Changes]:
    """Put these people on set in place of who is there, nobody when it is empty; durable when this returns.

    ``slate`` is the frame of a photographed slate: it counts from when it was taken, not from when it arrived. Whoever
    is put on set has arrived. Frames taken just before (or after a slate that came late) are bound again: to be looked
    at where the switch is so near that they may be of either. Raises :class:`WrongUsage` for more than twelve, for
    somebody who is not of the session, and when the session is not open; nothing is changed then.
    """
    people = tuple(dict.fromkeys(subjects))
    if len(people) > LARGEST_GROUP:
        raise WrongUsage(
            f"{len(people)} people cannot be on set at once.",
            f"Nobody was changed. A group picture is of {LARGEST_GROUP} at most; take two.",
        )
    working_member(studio, by)
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
        if strangers := set(people) - set(studio.archive.subjects.ids(session.id)):
            raise WrongUsage(
                f"{len(strangers)} of these people are not of the session '{session.name}'.",
                "Nobody was changed. 'subject list --session' shows who is of it; 'subject add' adds somebody.",
            )
        there = _seen_before(studio, session.id, people, slate)
        if there is not None:
            return there.switch(clocks_of(studio, session.id)), Changes.NONE
        logged, entry = write_switch(studio, writing, session.id, people, by, how, slate)
        came = arrive(studio, writing, session.id, people)
        switch = logged.switch(clocks_of(studio, session.id))
    studio.acknowledge(session.id, entry)
    changes = Changes.ON_SET | Changes.JOURNAL | (Changes.SUBJECTS if came else Changes.NONE)
    # Refused: somebody else is at these photos and says whose they are. Malformed: one is damaged; the check tells it.
    with suppress(Refused, Malformed):
        since = switch.at_ms - switch.slack_ms - _OVERTAKEN_MS

        def concerned(photo: Photo) -> bool:
            if photo.first_seen_ms is None:  # a file that lay there may come in before the slate that lay beside it
                return photo.flagged or slate is not None
            return photo.first_seen_ms >= since

        newest = _newest(studio, session.id, since, _PER_SLATE if slate else _PER_SWITCH)
        changes |= bind_again(studio, session.id, by, BY_SWITCH, concerned, newest=newest)[1]
    return switch, changes


def _newest(studio: OpenStudio, session: SessionId, since: int, most: int) -> int:
    """How many photos have to be looked at to reach those first seen before ``since``; ``most`` at most.

    A burst is many in a few seconds, and what is read from a card meanwhile stands in between.
    """
    count = min(_AT_FIRST, most)
    while count < most:
        photos = studio.archive.photos.newest(session, count)
        if len(photos) < count or any(each.first_seen_ms is not None and each.first_seen_ms < since for each in photos):
            break
        count = min(count * 4, most)
    return count


def _seen_before(
    studio: OpenStudio, session: SessionId, people: tuple[SubjectId, ...], slate: FrameTime | None
) -> LoggedSwitch | None:
    """The switch that this very frame of a slate made before: a card may be read again."""
    if slate is None or slate.camera_ms is None:
        return None
    frame = (people, slate.camera, slate.camera_ms)
    return next((each for each in read_switches(studio, session) if _frame(each) == frame), None)


def _frame(switch: LoggedSwitch) -> tuple[tuple[SubjectId, ...], str, int | None] | None:
    return None if switch.slate is None else (switch.subjects, switch.slate.camera, switch.slate.camera_ms)


def leave_set(
    studio: OpenStudio, writing: Transaction, gone: SubjectId, by: PersonId, into: SubjectId | None = None
) -> None:
    """Somebody who goes out of the session, or ``into`` another entry, is on set no more (within a transaction)."""
    session = studio.archive.subjects.line(gone).session
    there = on_set_of(read_switches(studio, session), clocks_of(studio, session))
    if gone in there:
        staying = (into if each == gone else each for each in there)
        people = tuple(dict.fromkeys(each for each in staying if each is not None))
        write_switch(studio, writing, session, people, by, How.REMOVED)
