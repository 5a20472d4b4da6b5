"""The register of requests: entered with its last day, found by who is urgent, gone with the person."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import SubjectId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RequestState
from safelight.studio import requests, upkeep
from safelight.studio.open_studio import new_id
from safelight.studio.queries.requests import find_request, request_rows
from safelight.studio.requests import NewRequest
from support.shoot import START, Shoot


def sound(shoot: Shoot) -> None:
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_request_is_entered_given_time_and_answered(shoot: Shoot) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    day = START.date()
    first, changes = requests.new_request(
        shoot.studio, NewRequest(ada.id, RequestKind.ACCESS, day - timedelta(days=20), entered_by=kim)
    )
    assert first.due == date(2026, 5, 14) and Changes.REQUESTS in changes and Changes.JOURNAL in changes
    second, _ = requests.new_request(shoot.studio, NewRequest(ben.id, RequestKind.ERASURE, by=Role.GUARDIAN))
    assert [(each.name, each.days_left) for each in request_rows(shoot.studio)] == [("Ada", 10), ("Ben", 30)]
    longer, _ = requests.extend_request(shoot.studio, first.id, "two hundred photos", kim)
    assert (longer.due, longer.state) == (date(2026, 7, 14), RequestState.EXTENDED)
    assert [each.request.id for each in request_rows(shoot.studio, waiting=True)] == [second.id, first.id]
    shoot.clock.on(days=40)
    assert request_rows(shoot.studio)[0].days_left == -10
    done, _ = requests.answer_request(shoot.studio, second.id, refused=True, reason="a duty to keep it", by=kim)
    assert done.state is RequestState.REFUSED and [each.request.id for each in request_rows(shoot.studio, waiting=True)]
    assert request_rows(shoot.studio)[-1].days_left is None
    with pytest.raises(Refused):
        requests.answer_request(shoot.studio, second.id, refused=False, reason="", by=kim)
    shoot.reopen()
    kept = shoot.studio.archive.requests
    assert kept.get(second.id) == done and kept.of(ada.id) == (longer,)
    told = [json.loads(said) for _, said in shoot.studio.archive.journal.told_about("request-answered", ben.id)]
    assert [(each["request"], each["reason"]) for each in told] == [(second.id, "a duty to keep it")]
    assert find_request(shoot.studio, first.id[:8]) == first.id
    sound(shoot)


def test_what_cannot_be_entered(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    wrong = (
        NewRequest(ada.id, RequestKind.ACCESS, START.date() + timedelta(days=1)),
        NewRequest(ada.id, RequestKind.ACCESS, by=Role.WITNESS),
        NewRequest(SubjectId(new_id()), RequestKind.ACCESS),
    )
    for each in wrong:
        with pytest.raises(WrongUsage):
            requests.new_request(shoot.studio, each)
    assert request_rows(shoot.studio) == ()
    with pytest.raises(WrongUsage):
        find_request(shoot.studio, "nothing")


def test_it_goes_with_the_person(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    requests.new_request(shoot.studio, NewRequest(ada.id, RequestKind.ERASURE))
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    assert request_rows(shoot.studio) == ()
    sound(shoot)
