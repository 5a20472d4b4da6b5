"""What a night does: once, as often as it is run, after weeks without, and never behind a hold or before its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.withdrawal_notices import Ended, read_notice
from safelight.domain.consent import ConsentState, Status
from safelight.domain.holds import HoldClass
from safelight.domain.ids import RecordId, ScopeId, SubjectId
from safelight.domain.nightly import REMINDED_DAYS, LetterKind, is_over, lasting, letters_due, photos_until
from safelight.domain.term import Term, TermKind
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.exports import export_bundle
from safelight.studio.holds import NewHold, add_hold
from safelight.studio.nightly import nightly, note_letters
from safelight.studio.time_letters import write_letter
from safelight.studio.upkeep import check_studio
from support.shoot import GUARDIAN, Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"
TODAY = date(2026, 5, 4)
ADA = SubjectId("5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e10")


def state(last: date | None = None, **changed: Any) -> ConsentState:
    made = ConsentState(
        RecordId("r"), ADA, ScopeId(USE), Status.GIVEN, 1, None, last_day=last,  # type: ignore[arg-type]
    )  # fmt: skip
    return replace(made, **changed)


@given(st.integers(-400, 400), st.integers(0, 400))
def test_a_reminder_is_about_the_nearest_step_and_none_is_written_after_the_end(left: int, later: int) -> None:
    last = TODAY + timedelta(days=left)
    due = letters_due(ADA, [state(last)], TODAY)
    if left < 0 or left > max(REMINDED_DAYS):
        assert due == ()
    else:
        (letter,) = due
        assert letter.kind is LetterKind.REMINDER and letter.day == last
        assert letter.key.split("/")[2] == str(min(each for each in REMINDED_DAYS if left <= each))
    keys = {each.key for day in range(later) for each in letters_due(ADA, [state(last)], TODAY + timedelta(days=day))}
    assert len(keys) <= len(REMINDED_DAYS)


def test_reviews_and_coming_of_age() -> None:
    reviewed = state(TODAY + timedelta(days=300), review_due=TODAY, sleeps_after=TODAY + timedelta(days=30))
    assert [each.kind for each in letters_due(ADA, [reviewed], TODAY)] == [LetterKind.REVIEW]
    assert letters_due(ADA, [reviewed], TODAY - timedelta(days=1)) == ()
    assert letters_due(ADA, [reviewed], TODAY + timedelta(days=31)) == ()
    grown = state(TODAY + timedelta(days=300), signed_as_minor=True, adult_on=TODAY)
    assert [each.kind for each in letters_due(ADA, [grown], TODAY)] == [LetterKind.OF_AGE]
    assert letters_due(ADA, [grown], TODAY - timedelta(days=1)) == ()
    assert letters_due(ADA, [state(TODAY, status=Status.WITHDRAWN)], TODAY) == ()
    assert is_over(state(TODAY - timedelta(days=1)), TODAY) and not is_over(state(TODAY), TODAY)


def test_pictures_stay_as_long_as_the_last_of_those_on_them() -> None:
    one, two, three = (SubjectId(each) for each in "abc")
    until = {one: TODAY, two: TODAY + timedelta(days=9), three: None}
    assert lasting(until, [[one], [two]]) == {one: TODAY, two: TODAY + timedelta(days=9)}
    assert lasting(until, [[one, two]]) == {one: until[two], two: until[two]}
    assert lasting(until, [[one, three], [two]]) == {two: until[two]}
    assert photos_until([], [], TODAY, 12) == date(2027, 5, 4)
    assert photos_until([date(2028, 1, 1)], [date(2026, 8, 1)], TODAY, 12) == date(2028, 1, 1)
    assert photos_until([], [date(2026, 8, 1)], TODAY, 12) == date(2027, 8, 1)


@pytest.fixture
def handed(shoot: Shoot, tmp_path: Path) -> Any:
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO], term=Term(TermKind.MONTHS, months=12)))
    shoot.photo(ada)
    shoot.check(ada)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "1.age")
    return ada


def test_what_is_over_ends_once_and_recipients_are_told(shoot: Shoot, handed: Any) -> None:
    assert nightly(shoot.studio)[0].ended == ()
    shoot.clock.on(days=400)
    done, _ = nightly(shoot.studio)
    assert [each.scope for each in done.ended] == [USE]
    assert standing_of(shoot.studio, handed.id).snapshot.states[ScopeId(USE)].status is Status.EXPIRED
    assert check_studio(shoot.studio)[0].problems == (), "the bit says it, and the event that it is from this night"
    (message,) = done.notices
    assert read_notice(message.text.encode()).items[0].ended is Ended.EXPIRED
    again, _ = nightly(shoot.studio)
    assert (again.ended, again.notices) == ((), ())
    shoot.clock.on(days=-380)  # a clock set back revives nothing
    assert nightly(shoot.studio)[0].ended == ()
    assert standing_of(shoot.studio, handed.id).snapshot.states[ScopeId(USE)].status is Status.EXPIRED


def test_a_letter_is_due_until_it_was_written(shoot: Shoot, handed: Any) -> None:
    shoot.clock.on(days=340)
    (letter,) = nightly(shoot.studio)[0].letters
    assert (letter.kind, letter.subject, letter.uses) == (LetterKind.REMINDER, handed.id, (USE,))
    assert nightly(shoot.studio)[0].letters == (letter,)
    written = message_from_bytes(write_letter(shoot.studio, letter).letter, policy=SMTP)
    _, pdf = written.iter_parts()
    assert written["To"].addresses[0].addr_spec == "ada@falk.example" and pdf.get_content().startswith(b"%PDF-1.7")
    note_letters(shoot.studio, [letter, letter])
    assert nightly(shoot.studio)[0].letters == ()
    shoot.clock.on(days=20)
    assert [each.key.split("/")[2] for each in nightly(shoot.studio)[0].letters] == ["7"]


def test_pictures_go_when_their_time_is_up_and_was_announced(shoot: Shoot, handed: Any) -> None:
    stranger = shoot.person("Nobody Signed")
    shoot.photo(stranger)
    shoot.clock.on(days=210)
    assert nightly(shoot.studio)[0].announced == ()
    shoot.clock.on(days=210)
    first, _ = nightly(shoot.studio)
    assert first.erased == () and {each.subject for each in first.announced} == {handed.id, stranger.id}
    shoot.clock.on(days=29)
    assert nightly(shoot.studio)[0].erased == ()
    add_hold(shoot.studio, NewHold(
        stranger.id, HoldClass.PHOTOS, "a claim", shoot.studio.today() + timedelta(days=90), shoot.staff["Kim"].id
    ))  # fmt: skip
    shoot.clock.on(days=1)
    done, _ = nightly(shoot.studio)
    assert done.erased == (handed.id,)
    assert [(each.subject, each.held) for each in done.announced] == [(stranger.id, True)]
    assert shoot.studio.archive.photos.of_subject(handed.id) == ()
    assert nightly(shoot.studio)[0].erased == ()


def test_a_child_that_grew_up_is_asked_itself(shoot: Shoot) -> None:
    teen = shoot.person("Tim Lind", GUARDIAN, born=date(2008, 8, 1))
    shoot.ask(teen, said_yes("session.archive"), guardians=(GUARDIAN,))
    shoot.clock.on(days=100)
    letters = nightly(shoot.studio)[0].letters
    assert [(each.kind, each.day) for each in letters] == [(LetterKind.OF_AGE, date(2026, 8, 1))]
    assert write_letter(shoot.studio, letters[0]).letter


def test_the_yearly_letter_says_what_changed(shoot: Shoot, handed: Any) -> None:
    shoot.ask(handed, said_yes("ai.retouch", shoot.agencies[TO], term=Term(TermKind.MONTHS, months=24)))
    shoot.clock.on(days=366)
    letters = {each.kind: each for each in nightly(shoot.studio)[0].letters}
    made = write_letter(shoot.studio, letters[LetterKind.REVIEW])
    assert made.name.endswith(".eml") and b"Prenzel" not in made.letter  # it stands in the page, which is encoded
