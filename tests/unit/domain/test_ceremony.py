"""The rules of asking, as a walk through the step machine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from safelight.domain import ceremony as c
from safelight.domain.choice import Grant
from safelight.domain.errors import Refused
from safelight.domain.ids import Language, ScopeId, Sha256
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind

OFFERED = (ScopeId("use.portfolio"), ScopeId("use.social"), ScopeId("ai.retouch"))
AI = frozenset({ScopeId("ai.retouch"), ScopeId("ai.replica")})
GRANT = Grant(ONE_YEAR, Territory(TerritoryKind.EEA))
START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
INK = Sha256("1" * 64)
PAGE = Sha256("2" * 64)


def moment(by: Role = Role.SUBJECT, second: int = 0) -> c.Moment:
    return c.Moment(START + dt.timedelta(seconds=second), by, "touch")


def to_uses(now: c.Ceremony, by: Role = Role.SUBJECT) -> c.Ceremony:
    now = c.choose_language(now, Language("en"), moment(by))
    for _ in range(c.CARDS):
        now = c.read_card(now, moment(by))
    return now


def signed(now: c.Ceremony, by: Role = Role.SUBJECT) -> c.Ceremony:
    """From the review: the page is shown, then signed."""
    now = c.go_on(c.show_page(now, PAGE, moment(by)), moment(by))
    return c.sign(now, SignatureKind.INK, INK, moment(by))


def test_every_choice_starts_at_no() -> None:
    assert c.begin(OFFERED, AI, 0).yes == ()


def test_refusing_everything_takes_no_more_acts_than_allowing_everything() -> None:
    no = c.refuse_all(to_uses(c.begin(OFFERED, AI, 0)), moment())
    no = signed(no)
    yes = to_uses(c.begin(OFFERED, AI, 0))
    for scope in OFFERED:
        yes = c.answer(yes, scope, GRANT, moment())
    yes = c.go_on(c.go_on(yes, moment()), moment())
    for _ in range(c.QUESTIONS):
        yes = c.answer_question(yes, True, moment())
    yes = signed(yes)
    assert no.step is yes.step is c.Step.RECEIPT
    assert len(no.acts) < len(yes.acts)


def test_refusing_is_possible_from_every_step_before_the_signature() -> None:
    now = c.choose_language(c.begin(OFFERED, AI, 0), Language("en"), moment())
    assert c.refuse_all(now, moment()).step is c.Step.REVIEW


@pytest.mark.parametrize("role", [Role.PHOTOGRAPHER, Role.REVIEWER, Role.WITNESS, Role.INTERPRETER, Role.GUARDIAN])
def test_only_the_person_asked_acts(role: Role) -> None:
    with pytest.raises(Refused, match="subject who answers"):
        c.choose_language(c.begin(OFFERED, AI, 0), Language("en"), moment(role))


def test_a_wrong_answer_explains_again_and_never_bars_a_refusal() -> None:
    now = c.answer(to_uses(c.begin(OFFERED, AI, 0)), ScopeId("ai.retouch"), GRANT, moment())
    now = c.go_on(c.go_on(now, moment()), moment())
    assert now.step is c.Step.QUESTIONS
    for _ in range(4):
        now = c.answer_question(now, False, moment())
    assert (now.step, now.explained_again) == (c.Step.QUESTIONS, 4)
    assert c.refuse_all(now, moment()).step is c.Step.REVIEW


def test_without_an_ai_use_no_questions_are_put() -> None:
    now = c.answer(to_uses(c.begin(OFFERED, AI, 0)), ScopeId("use.social"), GRANT, moment())
    assert c.go_on(c.go_on(now, moment()), moment()).step is c.Step.REVIEW


def test_an_ai_use_allowed_at_the_review_still_meets_the_questions() -> None:
    now = c.go_on(to_uses(c.begin(OFFERED, AI, 0)), moment())
    assert now.step is c.Step.REVIEW
    assert c.answer(now, ScopeId("ai.retouch"), GRANT, moment()).step is c.Step.QUESTIONS


def test_either_no_wins_between_guardian_and_minor() -> None:
    now = to_uses(c.begin(OFFERED, AI, 1), Role.GUARDIAN)
    now = c.answer(now, ScopeId("use.portfolio"), GRANT, moment(Role.GUARDIAN))
    now = signed(c.go_on(c.go_on(now, moment(Role.GUARDIAN)), moment(Role.GUARDIAN)), Role.GUARDIAN)
    assert (now.whose_turn, now.step) == (Role.SUBJECT, c.Step.LANGUAGE)
    now = to_uses(now)
    with pytest.raises(Refused, match="said no"):
        c.answer(now, ScopeId("use.social"), GRANT, moment())
    now = c.answer(now, ScopeId("use.portfolio"), None, moment())
    now = signed(c.go_on(now, moment()))
    assert (now.step, now.yes, len(now.signatures)) == (c.Step.RECEIPT, (), 2)


def test_stop_and_resume_lose_nothing() -> None:
    now = c.answer(to_uses(c.begin(OFFERED, AI, 0)), ScopeId("use.social"), GRANT, moment())
    paused = c.stop(now, moment())
    with pytest.raises(Refused, match="paused"):
        c.go_on(paused, moment())
    again = c.resume(paused, moment())
    assert (again.choices, again.step) == (now.choices, now.step)
    with pytest.raises(Refused, match="not paused"):
        c.resume(again, moment())


def test_the_language_can_change_without_losing_answers() -> None:
    now = c.answer(to_uses(c.begin(OFFERED, AI, 0)), ScopeId("use.social"), GRANT, moment())
    switched = c.choose_language(now, Language("ar"), moment())
    assert (switched.step, switched.choices, switched.language) == (c.Step.USES, now.choices, "ar")


class Walk(RuleBasedStateMachine):
    """Any order of acts: nothing is signed unseen, no answer appears by itself, time never runs backwards."""

    def __init__(self) -> None:
        super().__init__()
        self.now = c.begin(OFFERED, AI, 1)
        self.second = 0
        self.refused_by_guardian: set[str] = set()

    def attempt(self, act: Any, *args: Any) -> None:
        self.second += 1
        before = self.now
        try:
            self.now = act(self.now, *args, moment(self.now.whose_turn, self.second))
        except Refused:
            assert self.now is before
        if before.turn == 0 and self.now.turn == 1:
            self.refused_by_guardian = set(OFFERED) - set(self.now.yes)

    @rule(scope=st.sampled_from(OFFERED), yes=st.booleans())
    def answer(self, scope: ScopeId, yes: bool) -> None:
        self.attempt(c.answer, scope, GRANT if yes else None)

    @rule(act=st.sampled_from([c.read_card, c.go_on, c.go_back, c.refuse_all, c.stop, c.take_receipt]))
    def move(self, act: Any) -> None:
        self.attempt(act)

    @rule()
    def show(self) -> None:
        self.attempt(c.show_page, PAGE)

    @rule()
    def resume(self) -> None:
        self.attempt(c.resume)

    @rule(language=st.sampled_from(["en", "ar"]))
    def language(self, language: str) -> None:
        self.attempt(c.choose_language, Language(language))

    @rule(right=st.booleans())
    def question(self, right: bool) -> None:
        self.attempt(c.answer_question, right)

    @precondition(lambda self: self.now.step is c.Step.SIGNATURE)
    @rule()
    def sign(self) -> None:
        acts = [each.step for each in self.now.acts]
        if self.now.asks_about_ai and not self.now.stopped:
            assert self.now.questions_put == c.QUESTIONS
        assert "review" in acts
        self.attempt(c.sign, SignatureKind.INK, INK)

    @invariant()
    def holds(self) -> None:
        times = [each.at for each in self.now.acts]
        assert times == sorted(times)
        assert not (set(self.now.yes) & self.refused_by_guardian)
        assert len(self.now.signatures) == self.now.turn + (self.now.step in (c.Step.RECEIPT, c.Step.DONE))


TestWalk = Walk.TestCase
