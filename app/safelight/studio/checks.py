"""The frames about which there is a question, by the switch that raised it; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from safelight.domain.binding import Switch
from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.studio.binding import Binder, frame_time
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import PersonRow, named, people_of
from safelight.studio.switch_log import LoggedSwitch, clocks_of, read_switches

OTHERS = 9
"""So many other people are offered for one frame: Alt and a digit."""


@dataclass(frozen=True, slots=True)
class Question:
    """One frame somebody has to look at: who it was given to, and who else it may be (each one person or a group)."""

    photo: PhotoGuid
    shot: str
    people: tuple[PersonRow, ...]
    others: tuple[tuple[PersonRow, ...], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """All questions about one switch (its number in the log; None where no switch is near): one answer settles them."""

    switch: int | None
    questions: tuple[Question, ...]


def checks(studio: OpenStudio, session: Session) -> tuple[Check, ...]:
    """Every open question of a session, in the order of the switches."""
    flagged = _flagged(studio, session)
    if not flagged:
        return ()
    people, binder = people_of(studio, session.id), Binder(studio, session.id, once=True)
    log, clocks = read_switches(studio, session.id), clocks_of(studio, session.id)
    made = [(each, each.switch(clocks)) for each in log]
    found: dict[int | None, list[Question]] = {}
    for photo in flagged:
        bound = binder.owner(photo.camera_tag, photo.camera_time, photo.first_seen_ms)
        candidates = (bound.subjects, *bound.before) if bound.check else ()
        others = [named(people, each) for each in candidates if each != photo.subjects][:OTHERS]
        asked = Question(photo.guid, photo.shot or photo.guid, named(people, photo.subjects), tuple(others))
        clock = clocks.get(photo.camera_tag)
        at = frame_time(photo.camera_tag, photo.camera_time, photo.first_seen_ms)
        if at.camera_ms is not None and clock is not None and not bound.clock_jumped:
            moment: int | None = at.camera_ms + clock.offset_ms
        else:
            moment = at.first_seen_ms
        found.setdefault(_nearest(made, moment), []).append(asked)
    in_order = sorted(found, key=lambda number: (number is None, number or 0))
    return tuple(Check(number, tuple(found[number])) for number in in_order)


def _flagged(studio: OpenStudio, session: Session) -> list[Photo]:
    kept = studio.archive.photos
    try:
        return list(kept.flagged(session.id))
    except Malformed:  # one that is damaged keeps nobody from answering the others
        found, seen = [], 0
        while page := kept.page(session.id, seen, flagged=True):
            seen += len(page)
            for line in page:
                with suppress(Malformed):
                    found.append(kept.get(line.guid))
        return found


def _nearest(made: Sequence[tuple[LoggedSwitch, Switch]], moment: int | None) -> int | None:
    if moment is None or not made:
        return None
    return min(made, key=lambda each: abs(each[1].at_ms - moment))[0].number
