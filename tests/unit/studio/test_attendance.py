"""Everybody can be accounted for: absent, not photographed, or here; nobody is asked why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from safelight.domain.attendance import Attendance, Presence
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.studio.arrivals import mark_arrived
from safelight.studio.attendance import MARKED, mark_attendance
from safelight.studio.culling import hide_photos
from safelight.studio.queries.open_points import open_points
from safelight.studio.sessions import close_session


def mark(shoot: Any, person: Any, state: Presence, **more: Any) -> tuple[Attendance, Changes]:
    by = shoot.staff["Kim"].id
    return mark_attendance(shoot.studio, more.get("session", shoot.session), person.id, state, by)


def test_it_is_kept_and_said_in_the_journal_for_the_person_alone(shoot: Any) -> None:
    ada = shoot.person()
    known, changes = mark(shoot, ada, Presence.ABSENT)
    assert known.state is Presence.ABSENT and changes == Changes.SUBJECTS | Changes.ON_SET | Changes.JOURNAL
    assert shoot.studio.archive.attendance.get(ada.id, shoot.session.id) == known
    assert mark(shoot, ada, Presence.ABSENT) == (known, Changes.NONE)
    mark(shoot, ada, Presence.NOT_PHOTOGRAPHED)
    (_, first), (_, second) = shoot.studio.archive.journal.told_about(MARKED, ada.id)
    by = shoot.staff["Kim"].id
    assert json.loads(first) == {"session": shoot.session.id, "from": "", "to": "absent", "by": by}
    assert json.loads(second)["from"] == "absent" and json.loads(second)["to"] == "not-photographed"
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    with pytest.raises(Refused):
        shoot.studio.archive.journal.told_about(MARKED, ada.id)


def test_whoever_comes_after_all_is_not_absent_any_more(shoot: Any) -> None:
    ada = shoot.person()
    mark(shoot, ada, Presence.ABSENT)
    known, _ = mark_arrived(shoot.studio, shoot.session, ada.id)
    assert known == Attendance(shoot.studio.now(), Presence.EXPECTED)
    mark(shoot, ada, Presence.NOT_PHOTOGRAPHED)
    undone, _ = mark(shoot, ada, Presence.EXPECTED)
    assert undone == known


def test_whoever_is_on_a_photo_is_not_absent(shoot: Any) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    for state in (Presence.ABSENT, Presence.NOT_PHOTOGRAPHED):
        with pytest.raises(Refused, match="Photos show this person"):
            mark(shoot, ada, state)
    assert shoot.studio.archive.attendance.get(ada.id, shoot.session.id).state is Presence.EXPECTED


def test_whoever_is_only_on_photos_in_the_bin_can_be_accounted_for(shoot: Any) -> None:
    ada, kim = shoot.person(), shoot.staff["Kim"].id
    photo, other = shoot.photo(ada), shoot.photo(ada)
    hide_photos(shoot.studio, [photo.guid], kim)
    with pytest.raises(Refused, match="Photos show this person"):
        mark(shoot, ada, Presence.NOT_PHOTOGRAPHED)
    hide_photos(shoot.studio, [other.guid], kim)
    known, _ = mark(shoot, ada, Presence.NOT_PHOTOGRAPHED)
    assert known.state is Presence.NOT_PHOTOGRAPHED


def test_only_people_of_the_session_and_while_it_is_open(shoot: Any) -> None:
    ada, other = shoot.person(), shoot.new_session()
    with pytest.raises(WrongUsage, match="not of the session"):
        mark(shoot, ada, Presence.ABSENT, session=other)
    close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="closed"):
        mark(shoot, ada, Presence.ABSENT)


def test_the_word_signed_says_nothing_about_attendance(shoot: Any) -> None:
    """``subjects.state`` says whether somebody signed; absence must not touch it."""
    ada = shoot.person()
    before = shoot.studio.archive.subjects.line(ada.id).state
    mark(shoot, ada, Presence.ABSENT)
    assert shoot.studio.archive.subjects.line(ada.id).state == before
    assert all("signed" not in each.value for each in Presence)


def test_of_the_absent_nothing_is_waited_for(shoot: Any) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Roth")
    mark(shoot, ben, Presence.ABSENT)
    left = open_points(shoot.studio, shoot.session)
    assert [each.id for each in left.without_photos] == [each.id for each in left.unanswered] == [ada.id]
    mark(shoot, ada, Presence.NOT_PHOTOGRAPHED)
    assert not open_points(shoot.studio, shoot.session)
