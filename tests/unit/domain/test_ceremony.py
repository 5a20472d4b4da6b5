"""The rules of asking, as a walk through the step machine: its steps, its pauses, its end and its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from safelight.domain import ceremony as c
from safelight.domain.acts import NamedAct, PageShown
from safelight.domain.errors import Refused
from safelight.domain.ids import Language, ScopeId
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from support.ceremonies import (
    AI,
    GRANT,
    INITIALED,
    INK,
    MARKED,
    OFFERED,
    PAGE,
    PHOTOS,
    along,
    moment,
    reached,
    signed,
    to_uses,
    whole,
)


def test_every_choice_starts_at_no() -> None:
    assert c.begin(OFFERED, AI, 0).yes == ()


def test_the_steps_come_in_their_order_and_only_where_they_apply() -> None:
    steps = list(dict.fromkeys(each.step for each in whole()))
    assert steps == list(c.Step)
    bare = c.refuse_all(c.choose_language(c.begin(OFFERED, AI, 0), Language("en"), moment()), moment())
    steps = list(dict.fromkeys(each.step for each in along(bare)))
    assert steps == [c.Step.REVIEW, c.Step.SIGNATURE, c.Step.RECEIPT, c.Step.DONE]
    no = c.go_on(to_uses(c.begin(OFFERED, AI, 0)), moment())
    assert no.step is c.Step.REVIEW


def test_refusing_is_possible_from_every_step_before_the_signature() -> None:
    tried = set()
    for now in whole(1):
        if now.step in (c.Step.LANGUAGE, c.Step.RECEIPT, c.Step.DONE):
            with pytest.raises(Refused):
                c.refuse_all(now, moment(now.whose_turn))
            continue
        refused = c.refuse_all(now, moment(now.whose_turn))
        assert (refused.step, refused.yes, refused.marks, refused.page) == (c.Step.REVIEW, (), (), None)
        tried.add(now.step)
    assert tried == set(c.Step) - {c.Step.LANGUAGE, c.Step.RECEIPT, c.Step.DONE}


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
    for _ in range(2):
        now = c.answer_question(now, False, moment(), told_again=True)
    assert (now.step, now.explained_again) == (c.Step.REVIEW, 4), "who was told again goes on, whatever they say"


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


# Stopping, and the end ---------------------------------------------------------------------------------------------


def test_a_pause_at_any_step_gives_back_an_equal_ceremony() -> None:
    for now in whole(1)[:-1]:
        paused = c.stop(now, moment(now.whose_turn))
        again = c.resume(paused, moment(now.whose_turn))
        assert [each.what for each in again.acts[-2:]] == [NamedAct.STOP, NamedAct.RESUME]
        assert replace(again, acts=now.acts) == now


ACTS: dict[str, Callable[[c.Ceremony, c.Moment], c.Ceremony]] = {
    "choose_language": lambda now, at: c.choose_language(now, Language("de"), at),
    "read_card": c.read_card,
    "judge_photo": lambda now, at: c.judge_photo(now, PHOTOS[0], False, at),
    "answer": lambda now, at: c.answer(now, MARKED[0], None, at),
    "give_mark": lambda now, at: c.give_mark(now, INITIALED, SignatureKind.INK, INK, at),
    "open_more": c.open_more,
    "refuse_all": c.refuse_all,
    "go_on": c.go_on,
    "go_back": c.go_back,
    "answer_question": lambda now, at: c.answer_question(now, True, at),
    "show_page": lambda now, at: c.show_page(now, PAGE, at),
    "sign": lambda now, at: c.sign(now, SignatureKind.INK, INK, at),
    "take_receipt": c.take_receipt,
    "stop": c.stop,
}


def test_every_act_is_tried_below() -> None:
    assert set(ACTS) == {each for each in c.__all__ if each.islower()} - {"begin", "unmarked", "resume"}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_can_be_done_when_it_is_over_or_paused(act: str) -> None:
    *before, done = whole()
    with pytest.raises(Refused, match="over"):
        ACTS[act](done, moment())
    possible = 0
    for now in before:
        try:
            ACTS[act](now, moment())
        except Refused:
            continue
        possible += 1
        with pytest.raises(Refused, match="paused"):
            ACTS[act](c.stop(now, moment()), moment())
    assert possible


@pytest.mark.parametrize("act", set(ACTS) - {"choose_language", "take_receipt", "stop"})
def test_once_signed_nothing_can_be_changed(act: str) -> None:
    with pytest.raises(Refused):
        ACTS[act](reached(c.Step.RECEIPT), moment())


def test_a_language_for_the_receipt_is_not_the_language_that_was_signed() -> None:
    now = c.choose_language(reached(c.Step.RECEIPT), Language("de"), moment())
    assert (now.step, now.language, now.signatures[-1].language, now.page) == (c.Step.RECEIPT, "de", "en", PAGE)


# The page ----------------------------------------------------------------------------------------------------------


def test_nothing_is_signed_before_its_page_was_shown() -> None:
    now = c.refuse_all(to_uses(c.begin(OFFERED, AI, 0)), moment())
    with pytest.raises(Refused, match="not shown"):
        c.go_on(now, moment())
    with pytest.raises(Refused, match="not shown"):
        c.sign(replace(now, step=c.Step.SIGNATURE), SignatureKind.INK, INK, moment())
    done = signed(now)
    assert (done.signatures[-1].page, done.acts[-3].what) == (PAGE, PageShown(PAGE))


CHANGES: list[Callable[[c.Ceremony], c.Ceremony]] = [
    lambda now: c.answer(now, MARKED[0], None, moment()),
    lambda now: c.refuse_all(now, moment()),
    lambda now: c.choose_language(now, Language("ar"), moment()),
    lambda now: c.go_back(now, moment()),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_page_takes_it_away(change: Callable[[c.Ceremony], c.Ceremony]) -> None:
    now = c.show_page(reached(c.Step.REVIEW), PAGE, moment())
    assert (now.page, change(now).page) == (PAGE, None)


def test_another_language_before_the_signature_leads_back_to_the_page() -> None:
    now = reached(c.Step.SIGNATURE)
    assert c.choose_language(now, Language("en"), moment()).step is c.Step.SIGNATURE
    other = c.choose_language(now, Language("ar"), moment())
    assert (other.step, other.page, other.choices) == (c.Step.REVIEW, None, now.choices)
