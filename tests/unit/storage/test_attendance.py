"""Attendance: one row a person and session, sealed for the person, gone with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from safelight.domain.attendance import Attendance, Presence
from support import studio_maker as maker

SIGNERS = (maker.SIGNER.public_ssh,)


def test_of_somebody_of_whom_nothing_was_said_nothing_is_known(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    assert studio.archive.attendance.get(grace.id, shoot.id) == Attendance()
    assert studio.archive.attendance.all(shoot.id) == {}


def test_the_newest_replaces_what_was_known_before(studio: Any) -> None:
    shoot, other = studio.session(), studio.session("second")
    grace, ana = studio.subject(shoot), studio.subject(shoot, "Ana")
    arrived = studio.arrive(grace, shoot)
    absent = Attendance(None, Presence.ABSENT)
    late = Attendance(maker.START + timedelta(hours=1), Presence.NOT_PHOTOGRAPHED)
    for each in (absent, late):
        with studio.archive.transaction(studio.now) as t:
            studio.archive.attendance.put(t, ana.id, shoot.id, each)
    studio.archive.close()
    studio.open()
    assert studio.archive.attendance.all(shoot.id) == {grace.id: arrived, ana.id: late}
    assert studio.archive.attendance.get(ana.id, shoot.id) == late
    assert studio.archive.attendance.all(other.id) == {}
    assert studio.archive.check(signers=SIGNERS).problems == ()


def test_it_goes_when_the_person_is_erased(full: Any) -> None:
    archive = full.open().archive
    (shoot, _), (grace, ana) = archive.sessions.ids(), full.people
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
    assert list(archive.attendance.all(shoot)) == [ana.id]
    assert archive.check(signers=SIGNERS).problems == ()


def test_it_goes_when_the_person_is_taken_out(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    studio.arrive(grace, shoot)
    with studio.archive.transaction(studio.now) as t:
        studio.archive.subjects.remove(t, grace.id)
    assert studio.archive.attendance.all(shoot.id) == {}
    assert studio.archive.check(signers=SIGNERS).problems == ()
