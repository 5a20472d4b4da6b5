"""What a group allows together: all of them, or who does not."""

from __future__ import annotations

from datetime import timedelta

from safelight.domain.group_consent import Blocked
from safelight.domain.ids import Country, ScopeId
from safelight.domain.usage import Blocker
from safelight.studio import subject_changes
from safelight.studio.queries.group import group_answers
from support.shoot import Shoot, country, said_yes

USES = ("use.portfolio", "use.editorial")


def test_all_allow_or_it_is_said_who_does_not(shoot: Shoot) -> None:
    session = shoot.new_session(*USES)
    ada, ben, cleo = (shoot.person(each, session=session) for each in ("Ada", "Ben", "Cleo"))
    for each in (ada, ben):
        shoot.ask(each, said_yes("use.portfolio"), said_yes("use.editorial", where=country("DE")), session=session)
    people = [ada.id, ben.id]
    both = {each.use: each for each in group_answers(shoot.studio, session, people)}
    assert tuple(both) == session.offered
    assert all(each.allowed and each.until and not each.blocked_by for each in both.values())

    abroad = {each.use: each for each in group_answers(shoot.studio, session, people, Country("FR"))}
    assert abroad[ScopeId("use.portfolio")].allowed
    assert abroad[ScopeId("use.editorial")].blocked_by == tuple(Blocked(each, Blocker.TERRITORY) for each in people)

    shoot.ask(cleo, said_yes("use.editorial"), session=session)
    three = {each.use: each for each in group_answers(shoot.studio, session, [*people, cleo.id])}
    assert three[ScopeId("use.editorial")].allowed
    assert three[ScopeId("use.portfolio")].blocked_by == (Blocked(cleo.id, Blocker.REFUSED),)


def test_somebody_who_was_not_asked_stands_in_the_way_and_an_end_ends_it_for_all(shoot: Shoot) -> None:
    session = shoot.new_session(*USES)
    ada, ben = shoot.person("Ada", session=session), shoot.person("Ben", session=session)
    shoot.ask(ada, said_yes("use.portfolio"), session=session)
    first = group_answers(shoot.studio, session, [ada.id, ben.id])[0]
    assert first.blocked_by == (Blocked(ben.id, Blocker.NOT_ASKED),) and first.until is None
    later = shoot.studio.today() + timedelta(days=500)
    over = group_answers(shoot.studio, session, [ada.id], day=later)[0]
    assert over.blocked_by == (Blocked(ada.id, Blocker.OVER),)
    subject_changes.remove_subject(shoot.studio, ben.id, shoot.staff["Kim"].id)


def test_nobody_allows_nothing(shoot: Shoot) -> None:
    assert not any(each.allowed or each.blocked_by for each in group_answers(shoot.studio, shoot.session, []))
