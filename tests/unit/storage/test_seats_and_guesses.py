"""Seats and wrong guesses: plain rows that the next process reads, and that go or stay as they should."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.storage.rows import WrongGuesses


def test_the_newest_sitting_has_the_seat_of_one_person_in_one_session(full: Any) -> None:
    archive = full.open().archive
    grace, ana = full.people
    shoot, other = archive.sessions.ids()
    assert archive.seats.holder(grace.id, shoot) is None
    for sitting in ("one", "two"):
        with archive.transaction(full.now) as t:
            archive.seats.put(t, grace.id, shoot, sitting)
            assert archive.seats.holder(grace.id, shoot) == sitting, "read in the transaction that writes"
    with archive.transaction(full.now) as t:
        archive.seats.put(t, grace.id, other, "three")
    archive.close()
    archive = full.open().archive
    assert [archive.seats.holder(grace.id, each) for each in (shoot, other)] == ["two", "three"]
    assert archive.seats.holder(ana.id, shoot) is None
    with pytest.raises(SafelightError), archive.transaction(full.now) as t:
        archive.seats.put(t, SubjectId("nobody"), shoot, "four")


@pytest.mark.parametrize("evidence", [False, True])
def test_a_seat_goes_with_the_person_and_with_their_pictures(evidence: bool, full: Any) -> None:
    archive = full.open().archive
    shoot = archive.sessions.ids()[0]
    with archive.transaction(full.now) as t:
        for person in full.people:
            archive.seats.put(t, person.id, shoot, "one")
    with archive.transaction(full.now) as t:
        archive.erase(t, full.people[0].id, portrait=True, evidence=evidence)
    assert [archive.seats.holder(each.id, shoot) for each in full.people] == [None, "one"]
    assert archive.check().problems == ()


def test_wrong_guesses_are_kept_and_taken_back(studio: Any) -> None:
    at = studio.now
    before = studio.archive.changes()
    for wrong in (1, 2):
        with studio.archive.transaction(at) as t:
            studio.archive.guesses.put(t, "a", wrong, at + timedelta(seconds=wrong))
    studio.archive.close()
    studio.open()
    assert studio.archive.guesses.find("a") == WrongGuesses(2, at + timedelta(seconds=2))
    assert studio.archive.guesses.find("b") is None
    with studio.archive.transaction(at) as t:
        studio.archive.guesses.remove(t, "a")
    assert studio.archive.guesses.find("a") is None
    assert studio.archive.changes() == before, "an export has no reason to look again"
