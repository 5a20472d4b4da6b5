"""Taking back at a signing screen: whose code it is, what it shows, what it ends, and that it can do nothing else."""

from __future__ import annotations

import email
import email.policy
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.asking.signing_point import SigningPoint, TakingBack
from safelight.capture.slates import slate_text
from safelight.domain.errors import DeviceFailure, WrongUsage
from safelight.domain.identity import Fact
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.sitting import MayTakeBack, TooManyGuesses
from safelight.domain.withdrawal import Channel
from safelight.studio import screen_withdrawal
from safelight.studio.badges import badge_code
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.rate_limiter import IDENTITY, RECEIPT_CODE
from safelight.studio.screen_withdrawal import ScreenWithdrawal
from safelight.studio.sessions import close_session
from safelight.studio.staff import find_staff
from safelight.studio.subject_changes import link_subjects
from safelight.studio.withdrawal_codes import withdrawal_uri
from safelight.studio.withdrawal_papers import WithdrawalPapers
from support.guests import desk_of
from support.shoot import GUARDIAN, Shoot, said_yes

USES = ("use.portfolio", "ai.retouch")
WRONG = "2222-3333-4444-5555"
TEEN = date(2010, 6, 1)


def code_of(shoot: Shoot, person: Any) -> str:
    return shoot.studio.archive.consents.receipts_of(person.id)[-1].withdrawal_code


def given_by(shoot: Shoot, person: Any) -> set[str]:
    return {scope for scope, state in standing_of(shoot.studio, person.id).snapshot.states.items() if state.given}


def signed(shoot: Shoot, name: str = "Ada Falk", uses: tuple[str, ...] = USES, **who: Any) -> Any:
    person = shoot.person(name, **who)
    shoot.ask(person, *(said_yes(each, shoot.agencies["Prenzel"]) for each in uses))
    shoot.clock.on(hours=1)
    return person


def found(shoot: Shoot, text: str, **where: Any) -> ScreenWithdrawal:
    taking = desk_of(shoot, **where).find_by_code(text)
    assert taking is not None
    return taking


def test_a_code_works_at_any_session_and_after_its_own_was_closed(shoot: Shoot) -> None:
    ada = signed(shoot)
    other = shoot.new_session("use.stock")
    code = code_of(shoot, ada)
    close_session(shoot.studio, shoot.session)
    door: SigningPoint = desk_of(shoot, session=other)
    taking: TakingBack | None = door.find_by_code(withdrawal_uri(shoot.studio.identity.contact, code))
    assert taking is not None and not taking.shown.proven
    done = taking.take_back(frozenset({ScopeId("ai.retouch")}), Role.SUBJECT)
    assert done.stopped == ("ai.retouch",)
    assert given_by(shoot, ada) == {"use.portfolio"}
    (event,) = [each for each in shoot.studio.archive.consents.events_of(ada.id) if each.sequence == 2]
    assert (event.by, event.channel, event.entered_by) == (Role.SUBJECT, Channel.CODE, None)


def test_a_card_works_in_its_own_session_alone_and_counts_as_proof(shoot: Shoot) -> None:
    ada = signed(shoot)
    other = shoot.new_session("use.stock")
    card, slate = badge_code(shoot.studio, shoot.session.id, ada.id), slate_text(shoot.session.id, ada.id)
    for text in (card, slate):
        assert set(found(shoot, text).shown.uses) == set(USES)
        assert desk_of(shoot, session=other).find_by_code(text) is None
    taking = found(shoot, code_of(shoot, ada), session=other)
    assert not taking.prove(card) and not taking.prove(slate), "a card of another session"
    assert found(shoot, code_of(shoot, ada)).prove(card)
    bo = signed(shoot, "Bo Lind")
    assert not found(shoot, code_of(shoot, ada)).prove(badge_code(shoot.studio, shoot.session.id, bo.id))


def test_the_code_alone_shows_the_same_whatever_was_answered(shoot: Shoot) -> None:
    shown: set[tuple[Any, ...]] = set()
    for number, uses in enumerate(((), USES, ("use.stock",))):
        person = signed(shoot, f"Person {number}", uses)
        for take in (None, frozenset({ScopeId("use.portfolio")})):
            taking = found(shoot, code_of(shoot, person))
            before: MayTakeBack = taking.shown
            ended = taking.take_back(take, Role.SUBJECT).stopped
            assert taking.shown == before
            shown.add((before.uses, before.guardian, before.facts, before.proven, take, ended))
    assert len(shown) == 2, "one outcome for all, one for what was named"
    assert all(each[0] == shoot.studio.rules.catalogue.asked_ids() for each in shown)


@pytest.mark.parametrize("fact", ["ada@falk.example", "1.5.1990"])
def test_something_that_is_not_on_the_receipt_shows_what_is_a_yes_now(shoot: Shoot, fact: str) -> None:
    ada = signed(shoot, born=date(1990, 5, 1))
    taking = found(shoot, code_of(shoot, ada))
    assert not taking.prove("bo@falk.example") and not taking.shown.proven
    assert taking.prove(fact)
    assert set(taking.shown.uses) == set(USES) and taking.shown.proven
    assert taking.take_back(frozenset(map(ScopeId, (USES[0], "use.stock"))), Role.SUBJECT).stopped == (USES[0],)
    assert found(shoot, badge_code(shoot.studio, shoot.session.id, ada.id)).shown.uses == (USES[1],)


def test_the_birth_date_of_a_minor_stands_on_the_receipt_and_opens_nothing(shoot: Shoot) -> None:
    teen = shoot.person("Teo Lind", GUARDIAN, born=TEEN)
    shoot.ask(teen, said_yes("use.portfolio", shoot.agencies["Prenzel"]), guardians=(GUARDIAN,))
    taking = found(shoot, code_of(shoot, teen))
    assert (taking.shown.guardian, taking.shown.facts) == (True, {Fact.EMAIL})
    assert not taking.prove(TEEN.isoformat())
    assert taking.prove("ada@falk.example")


@pytest.mark.parametrize("by", [Role.SUBJECT, Role.GUARDIAN])
def test_a_minor_or_the_guardian_either_may(shoot: Shoot, by: Role) -> None:
    teen = shoot.person("Teo Lind", GUARDIAN, born=TEEN)
    shoot.ask(teen, said_yes("use.portfolio", shoot.agencies["Prenzel"]), guardians=(GUARDIAN,))
    shoot.clock.on(hours=1)
    found(shoot, code_of(shoot, teen)).take_back(None, by)
    assert given_by(shoot, teen) == set()
    assert [each.by for each in shoot.studio.archive.consents.events_of(teen.id) if each.sequence == 2] == [by]


def test_nobody_acts_in_a_role_that_is_not_on_file(shoot: Shoot) -> None:
    ada = signed(shoot)
    taking = found(shoot, code_of(shoot, ada))
    for by in set(Role) - {Role.SUBJECT}:
        with pytest.raises(WrongUsage, match="this role"):
            taking.take_back(None, by)
    assert given_by(shoot, ada) == set(USES)


def test_all_entries_of_the_person_are_meant(shoot: Shoot) -> None:
    ada = signed(shoot)
    other = shoot.new_session()
    later = shoot.person("Ada Falk", session=other)
    shoot.ask(later, said_yes("use.stock", shoot.agencies["Prenzel"]), session=other)
    link_subjects(shoot.studio, ada.id, later.id, find_staff(shoot.studio, "Sam").id)
    taking = found(shoot, code_of(shoot, ada))
    assert taking.prove("ada@falk.example")
    assert set(taking.shown.uses) == {*USES, "use.stock"}
    taking.take_back(None, Role.SUBJECT)
    assert given_by(shoot, ada) | given_by(shoot, later) == set()


def test_the_code_outlives_the_photos_and_the_contact(shoot: Shoot) -> None:
    ada = signed(shoot)
    code = code_of(shoot, ada)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=False)
    found(shoot, code).take_back(None, Role.SUBJECT)
    assert given_by(shoot, ada) == set()


def test_of_whom_nothing_is_left_the_code_is_nobodys(shoot: Shoot) -> None:
    ada = signed(shoot)
    code = code_of(shoot, ada)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    assert desk_of(shoot).find_by_code(code) is None


def test_wrong_codes_are_slowed_and_never_locked(shoot: Shoot) -> None:
    ada = signed(shoot)
    door = desk_of(shoot)
    for _ in range(RECEIPT_CODE.free):
        assert door.find_by_code(WRONG) is None
    with pytest.raises(TooManyGuesses):
        door.find_by_code(code_of(shoot, ada))
    assert desk_of(shoot, "Another screen").find_by_code(code_of(shoot, ada)) is not None
    shoot.clock.on(seconds=31)
    assert door.find_by_code(code_of(shoot, ada)) is not None


def test_wrong_facts_are_slowed_for_this_person_and_taking_back_never_waits(shoot: Shoot) -> None:
    ada, bo = signed(shoot), signed(shoot, "Bo Lind")
    card, slate = badge_code(shoot.studio, shoot.session.id, ada.id), slate_text(shoot.session.id, ada.id)
    taking = found(shoot, code_of(shoot, ada))
    for number in range(IDENTITY.free):
        assert not taking.prove(f"1990-01-{number + 1:02}")
    for fact in ("ada@falk.example", card):
        with pytest.raises(TooManyGuesses):
            found(shoot, code_of(shoot, ada), device="Another screen").prove(fact)
    assert found(shoot, code_of(shoot, bo)).prove("ada@falk.example"), "others wait for nobody"
    taking.take_back(frozenset({ScopeId(USES[0])}), Role.SUBJECT)
    assert given_by(shoot, ada) == {USES[1]}
    assert taking.prove(slate), "a card that is held up is let in"


def test_a_letter_goes_to_the_contact_on_file_and_after_a_failure_it_tells_the_same(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = signed(shoot)
    taking = found(shoot, code_of(shoot, ada))
    def fails(*_: object) -> WithdrawalPapers:
        raise DeviceFailure("The disk is full.", "What was taken back is kept.")

    monkeypatch.setattr(screen_withdrawal, "withdrawal_papers", fails)
    with pytest.raises(DeviceFailure):
        taking.take_back(None, Role.SUBJECT)
    assert given_by(shoot, ada) == set(), "it has stopped all the same"
    monkeypatch.undo()
    done = taking.take_back(None, Role.SUBJECT)
    letter = email.message_from_bytes(done.letter, policy=email.policy.default)
    assert "ada@falk.example" in str(letter["To"]) and done.file_name.endswith(".eml")
    assert [each.get_content_type() for each in letter.iter_attachments()] == ["application/pdf"]
    assert len(shoot.studio.archive.journal.told_about("consent-withdrawn", ada.id)) == 1
    assert found(shoot, code_of(shoot, ada)).take_back(None, Role.SUBJECT).letter == b"", "nothing ended any more"


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("find"), st.sampled_from(["code", "uri", "card", "slate", "wrong", ""])),
        st.tuples(st.just("prove"), st.sampled_from(["ada@falk.example", "no@no.example", "card", "2001-01-01"])),
        st.tuples(st.just("take"), st.sampled_from([None, USES[0], "use.stock", "no.such-use"])),
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_with_it_nothing_is_allowed_and_the_code_alone_reads_nothing(
    shoot: Shoot, acts: list[tuple[str, str | None]]
) -> None:
    ada = signed(shoot)
    texts = {
        "code": code_of(shoot, ada),
        "uri": withdrawal_uri("hi@studio.example", code_of(shoot, ada)),
        "card": badge_code(shoot.studio, shoot.session.id, ada.id),
        "slate": slate_text(shoot.session.id, ada.id),
        "wrong": WRONG,
    }
    taking, knows = None, False
    allowed, kinds = given_by(shoot, ada), [each.kind for each in shoot.studio.archive.journal.entries()]
    for what, value in acts:
        shoot.clock.on(minutes=1)  # nobody waits here for a guess before
        if what == "find":
            taking = desk_of(shoot, device=f"Screen of {ada.id}").find_by_code(texts.get(str(value), ""))
            knows = value in ("card", "slate")
            assert (taking is None) is (value in ("wrong", ""))
        elif taking is not None and what == "prove":
            told = texts.get(str(value), str(value))
            assert taking.prove(told) is (value in ("ada@falk.example", "card"))
            knows = knows or taking.shown.proven
        elif taking is not None:
            ended = taking.take_back(None if value is None else frozenset({ScopeId(value)}), Role.SUBJECT).stopped
            assert not knows or set(ended) <= allowed
        now = given_by(shoot, ada)
        assert now <= allowed, "nothing was allowed"
        allowed = now
        if taking is not None and not knows:
            assert not taking.shown.proven and taking.shown.uses == shoot.studio.rules.catalogue.asked_ids()
    more = [each.kind for each in shoot.studio.archive.journal.entries()][len(kinds) :]
    assert set(more) <= {"consent-withdrawn", "notice-issued"}
