"""Who is photographed next: of those who are here and ready, the one who has waited longest."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .attendance import Attendance, Presence
from .ids import SubjectId


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person of the session. ``ready`` once they answered, a no to everything is an answer too."""

    id: SubjectId
    attendance: Attendance
    ready: bool
    photographed: bool


def next_in_queue(people: Iterable[Waiting], on_set: Collection[SubjectId]) -> SubjectId | None:
    """The next one, None when nobody waits who is ready; of those who came in one second, the first of the roster."""
    waiting = [
        (arrived_at, place, each.id)
        for place, each in enumerate(people)
        if (arrived_at := each.attendance.arrived_at) is not None
        and each.attendance.state is Presence.EXPECTED
        and each.ready
        and not each.photographed
        and each.id not in on_set
    ]
    return min(waiting)[2] if waiting else None
