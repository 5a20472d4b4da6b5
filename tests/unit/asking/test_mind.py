"""Somebody changes their mind: which page follows which, what is asked of the studio, and what the code never shows."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from safelight.asking.mind_state import MindState
from safelight.asking.scene import Page, Scene
from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from support.kiosk.desk_double import CATALOGUE
from support.kiosk.taking_back import BORN, QR_TEXT, RECEIPT, TakingBackDouble
from support.kiosk.wishing import CODE, OneThread, Wished

SOCIAL, STOCK = ScopeId("use.social"), ScopeId("use.stock")


@pytest.fixture
def work() -> Iterator[OneThread]:
    made = OneThread()
    yield made
    made.close()


@pytest.fixture
def kiosk(work: OneThread) -> Iterator[Wished]:
    made = Wished(work, {})
    yield made
    made.flow.forget()
    made.settle()


def holder(kiosk: Wished, *yes: str, **who: bool) -> TakingBackDouble:
    kiosk.desk.receipts[RECEIPT] = double = TakingBackDouble(*yes, **who)  # type: ignore[arg-type]
    return double


def mind(kiosk: Wished) -> MindState:
    state = kiosk.flow.stage.scene().mind
    assert state is not None
    return state


def begun(kiosk: Wished, *yes: str, **who: bool) -> TakingBackDouble:
    double = holder(kiosk, *yes, **who)
    kiosk.wish("change_mind")
    kiosk.wish("find", RECEIPT)
    assert kiosk.page is Page.MIND_USES
    return double


@pytest.mark.parametrize("text", [RECEIPT, RECEIPT.lower().replace("-", ""), QR_TEXT])
def test_a_receipt_leads_there_typed_or_read_and_from_the_waiting_page_too(kiosk: Wished, text: str) -> None:
    holder(kiosk, SOCIAL)
    kiosk.wish("change_mind")
    assert kiosk.page is Page.MIND_CODE
    kiosk.wish("find", text)
    assert kiosk.page is Page.MIND_USES
    kiosk.wish("wait")
    kiosk.wish("admit", text)
    assert (kiosk.page, kiosk.flow.asking) == (Page.MIND_USES, None)


def test_all_is_taken_back_by_four_wishes(kiosk: Wished) -> None:
    double = begun(kiosk, SOCIAL)
    kiosk.wish("take_all")
    assert (kiosk.page, mind(kiosk).meant) == (Page.MIND_CHECK, CATALOGUE.asked_ids())
    assert double.taken == []
    kiosk.wish("take_back")
    assert (kiosk.page, double.taken) == (Page.MIND_DONE, [(None, Role.SUBJECT)])
    kiosk.wish("take_back")
    assert len(double.taken) == 1
    kiosk.wish("wait")
    assert kiosk.flow.stage.scene().mind is None


def test_some_uses_are_named_from_all_that_is_asked(kiosk: Wished) -> None:
    double = begun(kiosk, SOCIAL)
    kiosk.wish("take_some")
    assert kiosk.page is Page.MIND_USES, "nothing was named yet"
    kiosk.wish("name_uses", frozenset({SOCIAL, STOCK, ScopeId("use.unheard-of")}))
    kiosk.wish("take_some")
    kiosk.wish("go_back")
    assert mind(kiosk).chosen == frozenset()
    kiosk.wish("name_uses", frozenset({STOCK, SOCIAL}))
    kiosk.wish("take_some")
    kiosk.wish("take_back")
    assert double.taken == [(frozenset({SOCIAL, STOCK}), Role.SUBJECT)]
    assert mind(kiosk).stopped == (SOCIAL, STOCK), "what was named, not what was a yes"


def test_yeses_show_after_something_that_is_not_on_the_receipt(kiosk: Wished) -> None:
    double = begun(kiosk, SOCIAL)
    kiosk.wish("show_yeses")
    kiosk.wish("prove", "2.5.1990")
    assert (kiosk.page, mind(kiosk).wrong) == (Page.MIND_FACT, "mind_wrong")
    kiosk.wish("prove", BORN)
    shown = mind(kiosk).shown
    assert kiosk.page is Page.MIND_USES and shown is not None and (shown.uses, shown.proven) == ((SOCIAL,), True)
    kiosk.wish("show_yeses")
    assert kiosk.page is Page.MIND_USES
    kiosk.wish("take_all")
    kiosk.wish("take_back")
    assert (mind(kiosk).stopped, double.taken) == ((SOCIAL,), [(None, Role.SUBJECT)])


@pytest.mark.parametrize(("guardian", "role"), [(True, Role.GUARDIAN), (False, Role.SUBJECT)])
def test_with_a_guardian_on_file_they_say_who_they_are(kiosk: Wished, guardian: bool, role: Role) -> None:
    double = begun(kiosk, SOCIAL, guardian=True)
    kiosk.wish("take_all")
    kiosk.wish("take_back")
    assert (kiosk.page, double.taken) == (Page.MIND_CHECK, [])
    kiosk.wish("act_as_guardian", guardian)
    kiosk.wish("take_back")
    assert double.taken == [(None, role)]


def test_who_allows_nothing_takes_nothing_back(kiosk: Wished) -> None:
    double = begun(kiosk, proven=True)
    kiosk.wish("take_all")
    assert (kiosk.page, double.taken) == (Page.MIND_USES, [])


def test_a_wrong_code_is_answered_kindly_and_after_many_there_is_a_wait(kiosk: Wished) -> None:
    double = holder(kiosk, SOCIAL)
    kiosk.wish("change_mind")
    kiosk.wish("find", "2222-3333-4444-5555")
    assert (kiosk.page, mind(kiosk).wrong) == (Page.MIND_CODE, "mind_unknown")
    kiosk.desk.wait_s = 4
    kiosk.wish("find", RECEIPT)
    assert (kiosk.page, mind(kiosk).wrong) == (Page.MIND_CODE, "pin_wait")
    kiosk.desk.wait_s = 0
    kiosk.wish("find", RECEIPT)
    kiosk.wish("show_yeses")
    double.wait_s = 4
    kiosk.wish("prove", BORN)
    assert (kiosk.page, mind(kiosk).wrong) == (Page.MIND_FACT, "pin_wait")
    kiosk.wish("go_back")
    assert (kiosk.page, mind(kiosk).wrong) == (Page.MIND_USES, "")


def test_what_failed_is_tried_again_and_done_once(kiosk: Wished) -> None:
    double = begun(kiosk, SOCIAL)
    double.failures["take_back"] = DeviceFailure("The disk is full.", "Nothing was taken back.")
    kiosk.wish("take_all")
    kiosk.wish("take_back")
    assert kiosk.page is Page.TROUBLE
    kiosk.wish("again")
    assert (kiosk.page, len(double.taken)) == (Page.MIND_DONE, 1)


def test_whoever_sits_at_the_first_question_goes_there_and_is_forgotten(kiosk: Wished) -> None:
    kiosk.sit_down()
    kiosk.speak("ar")
    kiosk.wish("change_mind")
    assert (kiosk.page, kiosk.flow.asking) == (Page.MIND_CODE, None)
    assert kiosk.flow.language == "ar", "in the language on the screen"
    kiosk.wish("speak", kiosk.desk.languages[0])
    assert (kiosk.page, kiosk.flow.language) == (Page.MIND_CODE, kiosk.desk.languages[0])


def test_an_answer_that_comes_after_they_left_changes_nothing(kiosk: Wished) -> None:
    double = begun(kiosk, SOCIAL)
    double.pause = 0.05
    kiosk.wish("take_all")
    gone = kiosk.flow.stage.mind
    assert gone is not None
    gone.take_back()
    kiosk.flow.wait()
    kiosk.settle()
    assert (kiosk.page, double.taken) == (Page.WAITING, [(None, Role.SUBJECT)]), "what was confirmed is done"
    assert gone.state() == MindState()


def walk(work: OneThread, yes: tuple[str, ...], seed: int) -> tuple[list[Scene], TakingBackDouble]:
    """Somebody with the code who does anything in any order, and what the screen showed; the same for the same seed."""
    dice = random.Random(seed)
    kiosk = Wished(work, {})
    double = holder(kiosk, *yes, guardian=bool(seed % 2))
    uses = CATALOGUE.asked_ids()
    wishes = (
        ("change_mind", lambda: ()), ("find", lambda: (dice.choice((RECEIPT, QR_TEXT, RECEIPT, "", CODE)),)),
        ("show_yeses", lambda: ()), ("prove", lambda: (dice.choice(("1.1.2001", RECEIPT, "me@me.example")),)),
        ("name_uses", lambda: (frozenset(dice.sample(uses, dice.randrange(4))),)), ("take_some", lambda: ()),
        ("take_all", lambda: ()), ("act_as_guardian", lambda: (dice.random() < 0.5,)), ("take_back", lambda: ()),
        ("go_back", lambda: ()), ("answer", lambda: (dice.choice(uses), True)), ("start", lambda: ()),
        ("confirm", lambda: ()), ("finish", lambda: ()), ("wait", lambda: ()),
        ("admit", lambda: (RECEIPT,)),
    )  # fmt: skip
    kiosk.wish("change_mind")
    kiosk.wish("find", RECEIPT)
    for _ in range(120):
        name, arguments = dice.choices(wishes, [1, 12, 3, 3, 6, 6, 6, 6, 12, 5, 1, 1, 1, 1, 1, 6])[0]
        kiosk.wish(name, *arguments())
    shown = [each for each in kiosk.scenes if not each.busy]
    assert not any(sitting.finished_with or sitting.confirmed for sitting in kiosk.desk.people.values())
    kiosk.flow.forget()
    kiosk.settle()
    return shown, double


@pytest.mark.parametrize("seed", range(8))
def test_no_path_lets_the_code_read_or_allow_anything(work: OneThread, seed: int) -> None:
    (first, one), (second, other) = (walk(work, yes, seed) for yes in ((), CATALOGUE.asked_ids()))
    told = [[(each.page, each.mind, each.name, each.title, each.state) for each in shown] for shown in (first, second)]
    assert told[0] == told[1], "every page is the same whatever was answered"
    assert one.taken == other.taken != [], "the walk led all the way"
    assert not any(each.mind.shown.proven for each in first if each.mind and each.mind.shown)
