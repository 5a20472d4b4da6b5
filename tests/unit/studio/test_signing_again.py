"""The newest word counts, in whatever second it is said, and a second person looks at what still counts."""

from __future__ import annotations

import pytest

from safelight.domain.consent import EventKind, Status
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.studio.consent_snapshots import standing_of
from support.shoot import Shoot, said_yes


def test_signing_again_ends_what_was_allowed_before(shoot: Shoot) -> None:
    ada = shoot.person()
    first = shoot.ask(ada, said_yes("use.portfolio"), said_yes("use.social")).receipt
    shoot.clock.on(minutes=1)
    second = shoot.ask(ada, said_yes("use.portfolio"), said_yes("use.editorial")).receipt
    assert second.replaces == first.id
    events = {(each.record, each.kind) for each in shoot.studio.archive.consents.events_of(ada.id)}
    ended = {scope: first.record_for(ScopeId(scope)) for scope in ("use.portfolio", "use.social")}
    assert ended["use.portfolio"] and ended["use.social"]
    assert (ended["use.portfolio"].id, EventKind.INVALIDATED) in events
    assert (ended["use.social"].id, EventKind.WITHDRAWN) in events
    bits = {each.status_position for each in ended.values() if each}
    assert shoot.studio.archive.statuses.revoked().keys() == bits
    states = standing_of(shoot.studio, ada.id).snapshot.states
    assert {scope for scope, state in states.items() if state.given} == {"use.portfolio", "use.editorial"}
    assert states[ScopeId("use.portfolio")].record == second.record_for(ScopeId("use.portfolio")).id  # type: ignore[union-attr]


@pytest.mark.parametrize("again", [True, False])
def test_the_newer_word_counts_within_the_same_second_too(shoot: Shoot, again: bool) -> None:
    ada = shoot.person()
    shoot.ask(ada, *([] if again else [said_yes("use.portfolio")]))
    second = shoot.ask(ada, *([said_yes("use.portfolio")] if again else []))
    standing = standing_of(shoot.studio, ada.id)
    assert standing.snapshot.states[ScopeId("use.portfolio")].given is again
    assert standing.latest and standing.latest.id == second.receipt.id
    shoot.check(ada)
    assert len(shoot.studio.archive.validations.all_of(second.receipt.id)) == 1
    assert second.receipt.replaces is not None
    third = shoot.ask(ada)
    assert third.receipt.replaces == second.receipt.id


def test_what_another_session_did_not_ask_again_stands(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"), said_yes("use.social"))
    shoot.clock.on(days=1)
    shoot.ask(ada, session=shoot.new_session("use.social"))
    states = standing_of(shoot.studio, ada.id).snapshot.states
    assert states[ScopeId("use.portfolio")].status is Status.GIVEN
    assert states[ScopeId("use.social")].status is Status.REFUSED


def test_an_event_is_never_dated_before_the_one_it_follows(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.clock.on(days=3)
    first = shoot.ask(ada, said_yes("use.portfolio")).receipt
    shoot.clock.on(days=-30)
    assert shoot.studio.clock_set_back()
    second = shoot.ask(ada).receipt
    assert second.issued_at == first.issued_at == shoot.studio.now()
    assert not standing_of(shoot.studio, ada.id).snapshot.states[ScopeId("use.portfolio")].given


def test_a_clock_a_little_behind_is_no_alarm(shoot: Shoot) -> None:
    shoot.ask(shoot.person())
    shoot.clock.on(minutes=-4)
    assert not shoot.studio.clock_set_back()
    shoot.clock.on(minutes=-2)
    assert shoot.studio.clock_set_back()


def test_a_second_person_checks_and_never_the_one_who_asked(shoot: Shoot) -> None:
    ada = shoot.person()
    with pytest.raises(WrongUsage, match="has not signed anything yet"):
        shoot.check(ada)
    recorded = shoot.ask(ada, said_yes("use.portfolio"), by="Sam")
    with pytest.raises(Refused, match="Kim is not a reviewer"):
        shoot.check(ada, by="Kim")
    with pytest.raises(Refused, match="Sam took this consent and cannot check it too"):
        shoot.check(ada, by="Sam")
    assert shoot.studio.archive.validations.all_of(recorded.receipt.id) == ()
    validation = shoot.check(ada)
    assert validation.independent and validation.receipt == recorded.receipt.id
    assert "identity" in shoot.studio.archive.validations.all_of(recorded.receipt.id)[0].checklist
