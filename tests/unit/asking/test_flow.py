"""The way of one person through the screen, by wishes alone; ``tests/gui`` runs the same tests through Qt's workers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from safelight.asking.scene import Page, steps_of
from safelight.domain.ceremony import Step
from safelight.domain.choice import Answer
from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import Language, ScopeId, SubjectId
from safelight.domain.people import Guardian, Role
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence, Visit
from support.kiosk.desk_double import DIGITS, MARKED, SittingDouble, person_double
from support.kiosk.wishing import CODE, OneThread, Pumped, Wished, ink

Open = Callable[..., Wished]
TYPED = Evidence(SignatureKind.TYPED, b"AQ")
FULL = DeviceFailure("The disk is full.", "Everything answered is kept.")


@pytest.fixture
def work() -> Iterator[Pumped]:
    one = OneThread()
    yield one
    one.close()


@pytest.fixture
def screen(work: Pumped) -> Iterator[Open]:
    opened: list[Wished] = []

    def make(**person: object) -> Wished:
        opened.append(Wished(work, person))
        return opened[-1]

    yield make
    for each in opened:
        each.flow.forget()
        each.settle()


def test_an_adult_says_yes_signs_and_takes_the_receipt(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    for scope in kiosk.asking.ceremony.offered:
        kiosk.wish("answer", scope, True)
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.sitting.finished_with is not None
    ceremony, evidence = kiosk.sitting.finished_with
    assert [each.answer for each in ceremony.choices] == [Answer.YES] * 5
    assert [hashlib.sha256(each.data).hexdigest() for each in evidence] == [ceremony.signatures[0].evidence_sha256]
    kiosk.wish("open", "0000")
    assert kiosk.asking.opened is False
    kiosk.wish("open", DIGITS)
    assert kiosk.asking.opened is True
    kiosk.wish("finish")
    assert (kiosk.page, kiosk.flow.asking, kiosk.scenes[-1].name) == (Page.THANKS, None, "Ada Quill")
    kiosk.wish("wait")
    assert (kiosk.page, kiosk.scenes[-1].name) == (Page.WAITING, "")


def test_what_was_signed_is_the_very_page_that_was_shown(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.wish("refuse_all")
    page = kiosk.asking.page
    assert page == kiosk.sitting.pages[-1]
    assert kiosk.asking.ceremony.page == hashlib.sha256(page).hexdigest()
    kiosk.flow.speak(Language("de"))
    assert kiosk.asking.page == b"", "the German page is another one"
    kiosk.settle()
    assert len(kiosk.sitting.pages) == 2
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.sitting.finished_with is not None
    assert kiosk.sitting.finished_with[0].signatures[0].page == hashlib.sha256(kiosk.sitting.pages[-1]).hexdigest()


def test_a_page_of_answers_that_changed_meanwhile_is_made_again(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.sitting.pauses["page"] = 0.05
    kiosk.asking.refuse_all()
    kiosk.asking.answer(kiosk.asking.ceremony.offered[0], True)  # the first page is still under way
    kiosk.settle()
    assert len(kiosk.sitting.pages) == 2
    assert kiosk.asking.page == kiosk.sitting.pages[-1] != kiosk.sitting.pages[0]
    assert not kiosk.scenes[-1].state or not kiosk.scenes[-1].state.busy


def test_every_act_is_kept_and_of_several_waiting_only_the_latest_is_written(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kept = len(kiosk.sitting.kept)
    assert kiosk.sitting.kept[-1] == kiosk.asking.ceremony
    kiosk.sitting.pauses["keep"] = 0.05
    for _ in range(4):
        for scope in kiosk.asking.ceremony.offered:
            kiosk.asking.answer(scope, True)
            kiosk.asking.answer(scope, False)
    kiosk.settle()
    assert kiosk.sitting.kept[-1] == kiosk.asking.ceremony
    assert len(kiosk.sitting.kept) - kept < 10
    assert kiosk.sitting.threads["keep"] != "MainThread"


@pytest.mark.parametrize("page", [Page.WAITING, Page.HELLO])
def test_a_language_chosen_before_the_first_question_is_not_asked_for_again(screen: Open, page: Page) -> None:
    kiosk = screen()
    if page is Page.WAITING:
        kiosk.speak("fr")
    kiosk.wish("admit", CODE)
    if page is Page.HELLO:
        kiosk.speak("fr")
    assert kiosk.flow.language == "fr"
    kiosk.wish("start")
    assert kiosk.step is Step.NOTICE and kiosk.asking.ceremony.language == "fr"
    kiosk.wish("wait")
    assert kiosk.flow.language == kiosk.desk.languages[0], "the next person starts afresh"


@pytest.mark.parametrize("yes", [True, False, None])
def test_steps_are_numbered_as_they_come(screen: Open, yes: bool | None) -> None:
    kiosk = screen()
    numbers: list[tuple[int, int]] = []

    def look() -> None:
        steps = steps_of(kiosk.asking.ceremony, kiosk.step)
        number = steps.index(kiosk.step) + 1 if steps else 0
        if not numbers or numbers[-1][0] != number:
            numbers.append((number, len(steps)))

    kiosk.sit_down()
    look()
    kiosk.speak("en")
    look()
    if yes is None:
        kiosk.wish("refuse_all")
        look()
    while kiosk.step is not Step.SIGNATURE:
        if kiosk.step is Step.USES and yes:
            for scope in kiosk.asking.ceremony.offered:
                kiosk.wish("answer", scope, True)
        put = kiosk.asking.ceremony.questions_put
        kiosk.wish(*(("put", put, put) if kiosk.step is Step.QUESTIONS else ("next",)))
        look()
    kiosk.sign()
    look()
    assert [number for number, _ in numbers] == list(range(len(numbers))), numbers
    counts = [count for number, count in numbers if number]
    assert counts == sorted(counts, reverse=True) and numbers[-1] == (counts[-1], counts[-1])


@pytest.mark.parametrize("steps", [0, 1, 3, 6])
def test_no_to_everything_is_one_wish_from_the_first_question_to_the_review(screen: Open, steps: int) -> None:
    kiosk = screen()
    kiosk.sit_down()
    if steps:
        kiosk.speak("en")
        for _ in range(steps - 1):
            kiosk.wish("next")
    kiosk.wish("refuse_all")
    assert kiosk.step is Step.REVIEW and kiosk.asking.page
    assert kiosk.asking.ceremony.yes == ()


def test_marks_are_sealed_before_they_count_and_a_yes_without_its_mark_stays_at_the_terms(screen: Open) -> None:
    kiosk = screen(offered=MARKED, main=4)
    kiosk.to_uses()
    scope = ScopeId("ai.train-generative")
    kiosk.wish("answer", scope, True)
    kiosk.wish("next")
    kiosk.wish("next")
    assert kiosk.step is Step.TERM
    kiosk.wish("next")
    assert kiosk.step is Step.TERM, "its page is asked for again"
    kiosk.wish("mark", scope, TYPED)
    assert kiosk.sitting.marks[0][:2] == (scope, Role.SUBJECT)
    assert kiosk.step is Step.QUESTIONS


def test_a_wrong_answer_explains_again_and_never_blocks(screen: Open) -> None:
    kiosk = screen(offered=["ai.retouch"])
    kiosk.to_uses()
    kiosk.wish("answer", "ai.retouch", True)
    kiosk.wish("next")
    kiosk.wish("next")
    assert kiosk.step is Step.QUESTIONS
    kiosk.wish("put", 0, 1)
    assert kiosk.asking.state(100, True).explained
    kiosk.wish("put", 0, 0)
    assert not kiosk.asking.state(100, True).explained and kiosk.asking.state(100, True).understood
    kiosk.wish("put", 0, 0)  # a second tap on the question that has gone
    assert kiosk.asking.ceremony.questions_put == 1
    kiosk.wish("put", 1, 0)
    assert kiosk.asking.state(100, True).explained
    kiosk.wish("put", 1, 0)  # wrong once more: it was said twice, and nobody is kept here
    assert kiosk.step is Step.REVIEW
    assert kiosk.asking.ceremony.explained_again == 2


def test_a_veto_of_a_photo_is_kept(screen: Open) -> None:
    kiosk = screen(photos=2)
    kiosk.sit_down()
    kiosk.speak("en")
    for _ in range(5):
        kiosk.wish("next")
    assert kiosk.step is Step.PHOTOS
    first = kiosk.asking.ceremony.photos[0]
    kiosk.wish("judge", first, False)
    assert kiosk.sitting.kept[-1].vetoed == {first}


def test_finishing_shows_that_it_goes_on_after_a_while_and_accepts_nothing_twice(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sitting.pauses["finish"] = 1.5
    started = time.monotonic()
    kiosk.asking.sign(ink())
    kiosk.asking.sign(TYPED)  # a second tap
    assert kiosk.asking.step is Step.SIGNATURE
    while not kiosk.asking.busy:
        kiosk.work.pump()
        time.sleep(0.001)
        assert time.monotonic() - started < 1.4
    assert time.monotonic() - started >= 0.28  # a coarse timer of Qt may be 5 % early
    assert kiosk.scenes[-1].step is Step.RECEIPT
    kiosk.settle()
    assert kiosk.asking.outcome is not None
    assert kiosk.sitting.finished_with is not None
    assert len(kiosk.sitting.finished_with[1]) == 1


@pytest.mark.parametrize("call", ["keep", "page", "finish"])
def test_a_failure_is_two_sentences_and_the_same_thing_again_loses_nothing(screen: Open, call: str) -> None:
    kiosk = screen()
    kiosk.to_uses()
    if call == "finish":
        kiosk.to_signature()
    kiosk.sitting.failures[call] = FULL
    if call == "finish":
        kiosk.sign()
    else:
        kiosk.wish(*(("answer", "use.social", True) if call == "keep" else ("refuse_all",)))
    assert (kiosk.page, kiosk.scenes[-1].title, kiosk.scenes[-1].hint) == (Page.TROUBLE, FULL.title, FULL.hint)
    kiosk.wish("put_away")
    assert kiosk.page is Page.TROUBLE, "nothing is let go that is not kept"
    kiosk.wish("again")
    assert kiosk.page is Page.STEP
    if call == "keep":
        assert kiosk.sitting.kept[-1].yes == ("use.social",)
    elif call == "page":
        assert kiosk.asking.page
    else:
        assert kiosk.asking.outcome is not None


def test_a_draft_that_cannot_be_written_is_not_tried_again_once_the_studio_records(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.to_signature()
    kept = list(kiosk.sitting.kept)
    kiosk.sitting.pauses["keep"], kiosk.sitting.failures["keep"] = 0.05, FULL
    kiosk.asking._keeper.keep(kiosk.asking.ceremony)  # a draft is on its way to the disk
    kiosk.asking.sign(ink())
    kiosk.settle()
    assert kiosk.asking.outcome is not None
    assert kiosk.page is Page.STEP, "nobody is told of a draft that nobody needs"
    assert kiosk.sitting.kept == kept


def test_guardian_then_minor_and_either_no_counts(screen: Open) -> None:
    kiosk = screen(minor=True)
    kiosk.wish("admit", CODE)
    assert kiosk.page is Page.HELLO
    kiosk.wish("guardian_here")
    assert (kiosk.page, kiosk.scenes[-1].role) == (Page.HANDOVER, Role.GUARDIAN)
    kiosk.to_uses()
    for scope in ("use.portfolio", "use.social"):
        kiosk.wish("answer", scope, True)
    kiosk.to_signature()
    kiosk.sign()
    assert (kiosk.page, kiosk.scenes[-1].role) == (Page.HANDOVER, Role.SUBJECT)
    assert kiosk.sitting.finished_with is None
    kiosk.to_uses()
    kiosk.wish("answer", "use.social", False)
    kiosk.wish("answer", "use.editorial", True)
    assert kiosk.asking.ceremony.yes == ("use.portfolio",)
    kiosk.wish("answer", "use.portfolio", True)
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.sitting.finished_with is not None
    ceremony, evidence = kiosk.sitting.finished_with
    assert [each.by for each in ceremony.signatures] == [Role.GUARDIAN, Role.SUBJECT]
    assert ceremony.yes == ("use.portfolio",)
    assert [hashlib.sha256(each.data).hexdigest() for each in evidence] == [
        each.evidence_sha256 for each in ceremony.signatures
    ]


def test_what_a_later_party_leaves_open_is_a_no(screen: Open) -> None:
    kiosk = screen(minor=True)
    kiosk.wish("admit", CODE)
    kiosk.wish("guardian_here")
    kiosk.to_uses()
    for scope in ("use.portfolio", "use.social"):
        kiosk.wish("answer", scope, True)
    kiosk.to_signature()
    kiosk.sign()
    kiosk.to_uses()
    kiosk.wish("answer", "use.social", True)
    kiosk.wish("next")
    assert kiosk.step is Step.TERM
    assert kiosk.asking.ceremony.yes == ("use.social",)


def test_a_minor_alone_is_held_and_the_guardian_goes_on_later(screen: Open) -> None:
    kiosk = screen(minor=True)
    kiosk.wish("admit", CODE)
    kiosk.wish("guardian_absent")
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.page is Page.HELD and kiosk.scenes[-1].until is not None
    held = kiosk.sitting.waiting
    assert held is not None and held.whose_turn is Role.GUARDIAN
    assert kiosk.sitting.marks[-1][0] == "signature", "sealed until the guardian has signed too"
    kiosk.wish("wait")
    later = SittingDouble(person_double(minor=True, visit=Visit.RESUMED, ceremony=held))
    kiosk.desk.people["LATER1"] = later
    kiosk.wish("admit", "LATER1")
    assert kiosk.page is Page.RESUMED
    kiosk.wish("go_on")
    assert kiosk.page is Page.HANDOVER
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert later.finished_with is not None
    assert [each.by for each in later.finished_with[0].signatures] == [Role.SUBJECT, Role.GUARDIAN]


def test_uses_not_asked_of_a_minor_stay_no(screen: Open) -> None:
    kiosk = screen(minor=True, offered=["use.social", "use.stock"])
    kiosk.wish("admit", CODE)
    kiosk.wish("guardian_here")
    kiosk.to_uses()
    kiosk.wish("answer", "use.stock", True)
    assert kiosk.asking.ceremony.yes == ()


def test_two_guardians_are_called_by_name_one_after_the_other(screen: Open) -> None:
    kiosk = screen(minor=True, guardians=(Guardian("Grace Quill", "mother"), Guardian("Alan Quill", "father")))
    kiosk.wish("admit", CODE)
    kiosk.wish("guardian_here")
    assert kiosk.scenes[-1].name == "Grace Quill"
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert (kiosk.page, kiosk.scenes[-1].name) == (Page.HANDOVER, "Alan Quill")


def test_a_presigned_pack_is_confirmed_or_changed_with_the_earlier_answers_filled_in(screen: Open) -> None:
    kiosk = screen(visit=Visit.PRESIGNED, yes=["use.social"])
    kiosk.wish("admit", CODE)
    assert kiosk.page is Page.PRESIGNED
    kiosk.wish("change")
    kiosk.to_uses()
    assert (kiosk.asking.ceremony.yes, kiosk.sitting.confirmed) == (("use.social",), 0)
    kiosk.wish("wait")
    kiosk.wish("admit", CODE)
    kiosk.wish("confirm")
    assert kiosk.sitting.confirmed == 1
    kiosk.wish("finish")
    assert kiosk.page is Page.THANKS


def test_stop_keeps_everything_and_says_so_only_then(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.wish("answer", "use.social", True)
    kiosk.asking.stop()
    assert kiosk.page is Page.STEP
    kiosk.settle()
    assert kiosk.page is Page.STOPPED
    assert kiosk.sitting.kept[-1].stopped and kiosk.sitting.kept[-1].yes == ("use.social",)
    kiosk.wish("wait")
    again = SittingDouble(replace(kiosk.sitting.person(), visit=Visit.RESUMED))
    kiosk.desk.people[CODE] = again
    kiosk.wish("admit", CODE)
    kiosk.wish("go_on")
    assert (kiosk.step, kiosk.asking.ceremony.yes) == (Step.USES, ("use.social",))
    kiosk.to_signature()
    kiosk.sign()
    assert again.finished_with is not None


def test_a_ceremony_resumed_at_the_signature_shows_its_page_again_first(screen: Open) -> None:
    first = screen()
    first.to_uses()
    first.to_signature()
    first.wish("stop")
    stopped = first.sitting.kept[-1]
    assert stopped.step is Step.SIGNATURE
    second = screen(visit=Visit.RESUMED, ceremony=stopped)
    second.wish("admit", CODE)
    second.wish("go_on")
    assert second.step is Step.USES
    second.to_signature()
    assert second.sitting.pages


def test_leaving_without_deciding_erases_what_was_kept(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.wish("stop")
    kiosk.wish("leave_undecided")
    assert (kiosk.page, kiosk.sitting.gone, kiosk.sitting.kept) == (Page.THANKS, True, [])


def test_who_has_no_card_writes_who_they_are_and_a_minor_is_sent_to_the_team(screen: Open) -> None:
    kiosk = screen()
    kiosk.wish("no_card")
    assert kiosk.page is Page.WALK_IN
    kiosk.wish("too_young")
    assert (kiosk.page, kiosk.scenes[-1].turned_away, kiosk.desk.walked_in) == (Page.WAITING, "too_young", [])
    kiosk.wish("no_card")
    kiosk.wish("walk_in", "Zoe Walker", "", Language("fr"))
    assert kiosk.desk.walked_in == [("Zoe Walker", "", "fr")]
    assert (kiosk.page, kiosk.flow.language) == (Page.HELLO, "fr")


def test_company_is_written_down(screen: Open) -> None:
    kiosk = screen()
    kiosk.wish("admit", CODE)
    kiosk.wish("with_company")
    kiosk.wish("attend", " Wendy Witness ", "")
    assert (kiosk.sitting.present, kiosk.page) == (("Wendy Witness", ""), Page.HELLO)


@pytest.mark.parametrize("full", [False, True])
def test_names_that_are_kept_late_change_nothing_on_a_screen_that_is_free(full: bool, screen: Open) -> None:
    kiosk = screen()
    kiosk.wish("admit", CODE)
    kiosk.wish("with_company")
    kiosk.sitting.pauses["attend"] = 0.05
    if full:
        kiosk.sitting.failures["attend"] = FULL
    kiosk.flow.attend("Wendy Witness", "")
    kiosk.flow.wait()
    kiosk.settle()
    assert kiosk.page is Page.WAITING and "attend" in kiosk.sitting.threads


def test_a_code_of_nobody_is_answered_kindly_and_tells_no_name(screen: Open) -> None:
    kiosk = screen()
    kiosk.wish("admit", "XXXXXX")
    assert (kiosk.page, kiosk.scenes[-1].turned_away) == (Page.WAITING, "code_unknown")
    kiosk.wish("admit", CODE)
    assert kiosk.page is Page.HELLO


def test_nobody_coming_back_puts_the_sitting_away_with_everything_kept(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.wish("answer", "use.social", True)
    kiosk.wish("put_away")
    assert kiosk.page is Page.WAITING
    assert kiosk.sitting.kept[-1].yes == ("use.social",)


def test_a_card_shown_again_is_recognised_and_another_one_puts_the_sitting_away(screen: Open) -> None:
    kiosk = screen()
    other = replace(person_double("Bea Other"), id=SubjectId("22222222-2222-4222-8222-222222222222"))
    kiosk.desk.people["OTHER1"] = SittingDouble(other)
    recognised: list[bool] = []
    kiosk.flow.recognised.connect(lambda: recognised.append(True))
    kiosk.to_uses()
    kiosk.wish("badge", CODE)
    assert recognised == [True] and kiosk.step is Step.USES
    kiosk.wish("badge", "OTHER1")
    assert kiosk.page is Page.WAITING
    assert kiosk.sitting.kept[-1].stopped


def test_only_the_pin_leads_out(screen: Open) -> None:
    kiosk = screen()
    told: list[str] = []
    kiosk.flow.left.connect(lambda: told.append("left"))
    hears_no_more = kiosk.flow.pin_refused.connect(told.append)
    kiosk.wish("give_pin", "1111")
    hears_no_more()
    kiosk.wish("give_pin", "2222")
    kiosk.wish("give_pin", "2468")
    assert told == ["pin_wrong", "left"]
