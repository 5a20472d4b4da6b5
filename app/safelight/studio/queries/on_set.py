"""Who is on set, who was before, and who is next; nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safelight.domain.attendance import Attendance
from safelight.domain.binding import Switch
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.queue import Waiting, next_in_queue
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import PersonRow, named, people_of
from safelight.studio.switch_log import How, clocks_of, on_set_of, read_switches

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """One switch: from ``at`` on (a slate: when it was photographed, as far as that is known) these were on set."""

    number: int
    at: datetime
    before: tuple[PersonRow, ...]
    people: tuple[PersonRow, ...]
    by: PersonId
    how: How
    switch: Switch


def switches(studio: OpenStudio, session: Session) -> tuple[SwitchRow, ...]:
    """The switch log of a session, in the order it was written; somebody who was taken out has no name any more."""
    people, clocks = people_of(studio, session.id), clocks_of(studio, session.id)
    rows = []
    for each in read_switches(studio, session.id):
        made = each.switch(clocks)
        at = _EPOCH + timedelta(milliseconds=made.at_ms if made.at_ms else each.at_ms)
        before, after = named(people, each.before), named(people, each.subjects)
        rows.append(SwitchRow(each.number, at, before, after, each.by, each.how, made))
    return tuple(rows)


def on_set(studio: OpenStudio, session: Session) -> tuple[SubjectId, ...]:
    """Who is on set now; whoever was taken out of the session is not, also if nobody was put there since."""
    there = on_set_of(read_switches(studio, session.id), clocks_of(studio, session.id))
    people = set(studio.archive.subjects.ids(session.id)) if there else set()
    return tuple(each for each in there if each in people)


def next_person(studio: OpenStudio, session: Session) -> SubjectId | None:
    """Who has waited longest of those who are here, have answered, and have no photo yet."""
    archive = studio.archive
    came, hidden = archive.attendance.all(session.id), archive.culling.hidden_shots(session.id)
    seen = {each.subject for each in archive.shots.owners(session.id) if each.shot not in hidden}
    answered = {who for _, who in archive.consents.receipt_ids(session.id)}
    people = (
        Waiting(each, came.get(each, Attendance()), each in answered, each in seen)
        for each in archive.subjects.ids(session.id)
    )
    return next_in_queue(people, on_set(studio, session))
