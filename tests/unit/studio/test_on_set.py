"""Who is on set: put there durably and sealed, next in the queue, and gone with the person."""

from __future__ import annotations

import json
import sqlite3
import time

import pytest

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, PersonId, SubjectId
from safelight.domain.people import Subject
from safelight.storage.clock import milliseconds, system_clock
from safelight.studio import arrivals, sessions, subject_changes
from safelight.studio.badges import badge_code
from safelight.studio.on_set import LARGEST_GROUP, How, put_on_set
from safelight.studio.queries.on_set import next_person, on_set, switches
from safelight.studio.signing_point import StudioSigningPoint
from support.shoot import Shoot


def put(shoot: Shoot, *people: Subject, how: How = How.ENTER) -> Changes:
    return put_on_set(shoot.studio, shoot.session, [each.id for each in people], kim(shoot), how)[1]


def kim(shoot: Shoot) -> PersonId:
    return shoot.staff["Kim"].id


def ids(*people: Subject) -> tuple[SubjectId, ...]:
    return tuple(each.id for each in people)


def test_whoever_was_put_on_set_last_is_there(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    assert on_set(shoot.studio, shoot.session) == ()
    assert put(shoot, ada) == Changes.ON_SET | Changes.JOURNAL | Changes.SUBJECTS
    shoot.clock.on(seconds=35)
    assert put(shoot, ben, ada, ben) == Changes.ON_SET | Changes.JOURNAL | Changes.SUBJECTS
    assert on_set(shoot.studio, shoot.session) == ids(ben, ada)
    put(shoot, how=How.NOBODY)
    assert on_set(shoot.studio, shoot.session) == ()
    shoot.reopen()
    rows = switches(shoot.studio, shoot.session)
    assert [[each.name for each in row.people] for row in rows] == [["Ada"], ["Ben", "Ada"], []]
    assert [row.how for row in rows] == [How.ENTER, How.ENTER, How.NOBODY]
    assert rows[1].switch.at_ms - rows[0].switch.at_ms == 35_000
    assert rows[2].before == rows[1].people and rows[2].switch.at_ms > rows[1].switch.at_ms


def test_the_journal_keeps_from_to_and_by_sealed(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    put(shoot, ada, how=How.SCAN)
    ((entry, said),) = shoot.studio.archive.journal.told_about("put-on-set", shoot.session.id)
    told = json.loads(said)
    assert told == {"at": milliseconds(shoot.clock), "by": kim(shoot), "from": [], "how": "scan", "to": [ada.id]}
    assert shoot.acks[-1] == (shoot.session.id, entry.hash)
    connection = sqlite3.connect(shoot.studio.archive.folder.database)
    columns = connection.execute("SELECT * FROM journal_entry WHERE number = ?", (entry.number,)).fetchone()
    connection.close()
    assert not any(ada.id in str(each) for each in columns)


def test_putting_the_same_people_there_again_is_written_down(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    put(shoot, ada)
    assert put(shoot, ada) == Changes.ON_SET | Changes.JOURNAL  # a slate of before may still be on its way
    assert len(switches(shoot.studio, shoot.session)) == 2


def test_switches_never_run_backwards(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada)
    shoot.clock.on(hours=-1)
    put(shoot, ben)
    first, second = switches(shoot.studio, shoot.session)
    assert second.switch.at_ms == first.switch.at_ms + 1
    assert on_set(shoot.studio, shoot.session) == ids(ben)


def test_strangers_a_crowd_and_a_closed_session_are_refused(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    stranger = shoot.person("Eve", session=shoot.new_session())
    crowd = [shoot.person(f"Person {number}") for number in range(LARGEST_GROUP + 1)]
    put(shoot, ada)
    for people in ([stranger], [ada, stranger], crowd):
        with pytest.raises(WrongUsage, match="Nobody was changed"):
            put(shoot, *people)
    put(shoot, *crowd[1:])
    sessions.close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="closed"):
        put(shoot, ada)
    assert len(on_set(shoot.studio, shoot.session)) == LARGEST_GROUP


def test_whoever_is_put_on_set_has_arrived_and_is_not_absent(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.attendance.put(writing, ada.id, shoot.session.id, Attendance(None, Presence.ABSENT))
    put(shoot, ada)
    came = shoot.studio.archive.attendance.get(ada.id, shoot.session.id)
    assert came == Attendance(shoot.studio.now())
    shoot.clock.on(minutes=1)
    assert arrivals.mark_arrived(shoot.studio, shoot.session, ada.id) == (came, Changes.NONE)


def test_whoever_shows_their_card_at_the_signing_screen_has_arrived(shoot: Shoot) -> None:
    ada, told = shoot.person("Ada"), Changes.NONE

    def hear(changes: Changes) -> None:
        nonlocal told
        told |= changes

    point = StudioSigningPoint(shoot.studio, shoot.session, changed=hear)
    assert point.admit(badge_code(shoot.studio, shoot.session.id, ada.id)) is not None
    assert shoot.studio.archive.attendance.get(ada.id, shoot.session.id) == Attendance(shoot.studio.now())
    assert Changes.ON_SET in told
    person = point.walk_in("Ben", "", Language("en")).person()
    assert shoot.studio.archive.attendance.get(person.id, shoot.session.id).arrived_at is not None


def test_next_is_who_waited_longest_of_those_who_are_ready(shoot: Shoot) -> None:
    ada, ben, cleo, dan, eve = (shoot.person(each) for each in ("Ada", "Ben", "Cleo", "Dan", "Eve"))
    assert next_person(shoot.studio, shoot.session) is None
    for each in (cleo, ben, dan, ada):  # Eve does not come
        shoot.clock.on(minutes=1)
        arrivals.mark_arrived(shoot.studio, shoot.session, each.id)
    assert next_person(shoot.studio, shoot.session) is None
    for each in (ada, ben, dan, eve):  # Cleo has not answered; everything is refused, which is an answer
        shoot.ask(each)
    assert next_person(shoot.studio, shoot.session) == ben.id
    put(shoot, ben)
    assert next_person(shoot.studio, shoot.session) == dan.id
    shoot.photo(dan)
    assert next_person(shoot.studio, shoot.session) == ada.id
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        gone = Attendance(shoot.studio.now(), Presence.NOT_PHOTOGRAPHED)
        shoot.studio.archive.attendance.put(writing, ada.id, shoot.session.id, gone)
    assert next_person(shoot.studio, shoot.session) is None


def test_who_is_removed_while_on_set_leaves_nobody_there(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    put(shoot, ada, ben)
    subject_changes.remove_subject(shoot.studio, ben.id, kim(shoot))
    assert on_set(shoot.studio, shoot.session) == ids(ada)
    subject_changes.remove_subject(shoot.studio, ada.id, kim(shoot))
    assert on_set(shoot.studio, shoot.session) == ()
    rows = switches(shoot.studio, shoot.session)
    assert [row.how for row in rows] == [How.ENTER, How.REMOVED, How.REMOVED] and rows[-1].people == ()


def test_two_entries_of_one_person_stay_on_set_as_one(shoot: Shoot) -> None:
    walk_in, listed = shoot.person("W-01"), shoot.person("Ben")
    put(shoot, walk_in)
    shoot.clock.on(minutes=3)
    came = shoot.studio.archive.attendance.get(walk_in.id, shoot.session.id)
    subject_changes.merge_subjects(shoot.studio, listed.id, walk_in.id, kim(shoot))
    assert on_set(shoot.studio, shoot.session) == ids(listed)
    assert shoot.studio.archive.attendance.get(listed.id, shoot.session.id) == came


def test_the_clock_of_the_machine_is_read_to_the_millisecond() -> None:
    assert abs(milliseconds(system_clock) - time.time() * 1000) < 5_000
    assert len({milliseconds(system_clock) for _ in range(100_000)}) > 1
