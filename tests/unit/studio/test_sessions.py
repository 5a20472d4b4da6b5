"""Sessions: changed while that is honest, opened again like another, on one or several days; counted at a glance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from safelight.documents.plain import from_plain, to_plain
from safelight.domain.changes import Changes
from safelight.domain.choice import Choice
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.domain.session import Session, SessionState
from safelight.studio.queries.sessions import anybody_answered, session_rows
from safelight.studio.sessions import (
    NewSession,
    SessionChange,
    change_session,
    close_session,
    duplicate_session,
    new_session,
)
from support.shoot import Shoot

TUESDAY, WEDNESDAY, FRIDAY = date(2026, 10, 6), date(2026, 10, 7), date(2026, 10, 9)


def changed(shoot: Shoot, session: Session, **fields: object) -> tuple[Session, tuple[str, ...]]:
    return change_session(shoot.studio, session.id, SessionChange(**fields), shoot.staff["Sam"].id)[0]  # type: ignore[arg-type]


def test_what_is_told_is_changed_and_nothing_else(shoot: Shoot) -> None:
    before = shoot.new_session("use.portfolio")
    after, differing = changed(
        shoot, before, name="  Board of  directors ", client="Nordwind", days=(FRIDAY, TUESDAY),
        photographer=shoot.staff["Sam"].id, frames_per_subject=5, recipients=(shoot.agencies["Prenzel"].id,),
        offered=("ai.retouch", "use.portfolio"),
    )  # fmt: skip
    assert set(differing) == {
        "name", "client", "day", "days", "photographer", "frames_per_subject", "recipients", "offered",
    }  # fmt: skip
    assert after == shoot.studio.archive.sessions.get(before.id)
    assert (after.name, after.day, after.days) == ("Board of directors", TUESDAY, (TUESDAY, FRIDAY))
    assert after.offered == ("use.portfolio", "ai.retouch") and after.frames_per_subject == 5
    assert replace(after, frames_per_subject=None) == changed(shoot, after, frames_per_subject=0)[0]


def test_the_journal_names_the_fields_and_who_changed_them_but_not_what_they_said(shoot: Shoot) -> None:
    changed(shoot, shoot.session, client="A client nobody may read of")
    entry = shoot.studio.archive.journal.head()
    assert entry is not None and entry.kind == "session-changed" and entry.reference == shoot.session.id
    told = json.loads(shoot.studio.archive.journal.payload(entry.number))
    assert told == {"by": shoot.staff["Sam"].id, "fields": ["client"]}


def test_nothing_different_is_no_change(shoot: Shoot) -> None:
    head = shoot.studio.archive.journal.head()
    same, by = SessionChange(name=shoot.session.name), shoot.staff["Kim"].id
    _, changes = change_session(shoot.studio, shoot.session.id, same, by)
    assert changes is Changes.NONE and shoot.studio.archive.journal.head() == head


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "  "}, {"days": ()}, {"offered": ()}, {"offered": ("use.nothing",)}, {"recipients": ("nobody",)},
        {"frames_per_subject": -1}, {"zone": "Europe/Nowhere"}, {"country": "XX"}, {"photographer": "nobody"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_changes_nothing(shoot: Shoot, fields: dict[str, object]) -> None:
    before = shoot.studio.archive.sessions.get(shoot.session.id)
    with pytest.raises(WrongUsage):
        changed(shoot, before, **fields)
    assert shoot.studio.archive.sessions.get(shoot.session.id) == before


def test_once_somebody_has_answered_uses_are_added_and_none_is_taken_away(shoot: Shoot) -> None:
    session = shoot.new_session("use.portfolio", "use.directory")
    session, _ = changed(shoot, session, offered=("use.portfolio",))
    assert session.offered == ("use.portfolio",)
    person = shoot.person(session=session)
    signed = shoot.ask(person, Choice(ScopeId("use.portfolio")), session=session)
    session, _ = changed(shoot, session, offered=("use.portfolio", "use.social"))
    assert session.offered == ("use.portfolio", "use.social")
    for fields in ({"offered": ("use.social",)}, {"country": "FR"}, {"zone": "America/New_York"}):
        with pytest.raises(Refused):
            changed(shoot, session, **fields)
    changed(shoot, session, name="Another name", place="Next door", days=(WEDNESDAY,))
    (kept,) = shoot.studio.archive.consents.receipts_of(person.id)
    assert kept.receipt == signed.receipt


def test_a_closed_session_is_not_changed(shoot: Shoot) -> None:
    close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage):
        changed(shoot, shoot.session, name="Later")


def test_a_session_is_opened_like_another_without_its_people(shoot: Shoot) -> None:
    like_it, _ = changed(shoot, shoot.new_session(where="FR"), days=(TUESDAY, WEDNESDAY, FRIDAY), frames_per_subject=3)
    shoot.person(session=like_it)
    close_session(shoot.studio, like_it)
    made, changes = duplicate_session(shoot.studio, like_it.id, date(2027, 10, 5), "Next year")
    assert changes == Changes.SESSIONS | Changes.JOURNAL
    assert made.days == (date(2027, 10, 5), date(2027, 10, 6), date(2027, 10, 8))
    same = replace(made, id=like_it.id, name=like_it.name, day=like_it.day, days=like_it.days)
    assert same == like_it and made.state is SessionState.OPEN and made.id != like_it.id
    assert shoot.studio.archive.subjects.ids(made.id) == ()
    with pytest.raises(WrongUsage):
        duplicate_session(shoot.studio, like_it.id, date.max, "Too late")


def test_a_session_lasts_several_days_and_an_old_one_its_own(shoot: Shoot) -> None:
    wanted = NewSession("School", "", "", "DE", None, shoot.staff["Kim"].id, days=(FRIDAY, TUESDAY, FRIDAY))
    session, _ = new_session(shoot.studio, wanted)
    assert (session.day, session.days) == (TUESDAY, (TUESDAY, FRIDAY))
    old = {key: value for key, value in to_plain(shoot.session).items() if key != "days"}
    assert from_plain(Session, old).days == (shoot.session.day,)
    with pytest.raises(WrongUsage):
        replace(session, day=WEDNESDAY)
    with pytest.raises(WrongUsage):
        replace(session, days=(TUESDAY, TUESDAY))


def test_the_list_says_who_is_ready_who_waits_and_who_was_photographed(shoot: Shoot) -> None:
    session = shoot.new_session("use.portfolio")
    ready, waiting, _, early = (shoot.person(name, session=session) for name in ("Ada", "Ben", "Cho", "Dan"))
    for each in (ready, waiting):
        shoot.ask(each, session=session)
    for each in (ready, ready, early):
        shoot.photo(each, session=session)
    (row,) = [each for each in session_rows(shoot.studio) if each.session.id == session.id]
    assert (row.people, row.signed, row.waiting, row.photographed, row.shots) == (4, 2, 1, 2, 3)


def test_a_session_without_a_name_is_not_opened(shoot: Shoot) -> None:
    new = NewSession(" \t ", "Client", "Place", "DE", TUESDAY, shoot.staff["Kim"].id)
    with pytest.raises(WrongUsage, match="needs a name"):
        new_session(shoot.studio, new)


def test_whether_anybody_answered_is_known_before_a_change_is_tried(shoot: Shoot) -> None:
    session = shoot.new_session("use.portfolio")
    person = shoot.person(session=session)
    assert not anybody_answered(shoot.studio, session.id)
    shoot.ask(person, Choice(ScopeId("use.portfolio")), session=session)
    assert anybody_answered(shoot.studio, session.id) and not anybody_answered(shoot.studio, shoot.session.id)
