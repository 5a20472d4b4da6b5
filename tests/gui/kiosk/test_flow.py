"""Every path through the signing screen, touched in the real window; what needs no window is in ``unit/asking``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit

from safelight.asking.scene import Page
from safelight.domain.ceremony import Step
from safelight.domain.choice import Answer
from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import Language
from safelight.domain.people import Guardian, Role
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Ended, Evidence, SittingEnded, TooManyGuesses, Visit
from safelight.qt.controls import TextLabel
from safelight.settings.texts import texts
from support.kiosk.desk_double import DIGITS, MARKED, SittingDouble, person_double
from support.kiosk.driving import Driven

TYPED = Evidence(SignatureKind.TYPED, b"Ada Quill")
Open = Callable[..., Driven]
FULL = DeviceFailure("The disk is full.", "Everything answered is kept.")


@pytest.fixture
def screen(qapp: object) -> Iterator[Open]:
    opened: list[Driven] = []

    def make(**person: object) -> Driven:
        people = {"AB12CD": SittingDouble(person_double(**person))} if person else None  # type: ignore[arg-type]
        driven = Driven(people)
        driven.sitting = driven.desk.people["AB12CD"]
        opened.append(driven)
        return driven

    yield make
    for driven in opened:
        driven.close()


def test_an_adult_says_yes_signs_and_takes_the_receipt(screen: Open) -> None:
    kiosk = screen()
    kiosk.sign_all(yes=True)
    assert kiosk.asking.outcome is not None
    assert kiosk.step is Step.RECEIPT
    assert kiosk.sitting.finished_with is not None
    ceremony, evidence = kiosk.sitting.finished_with
    assert [each.answer for each in ceremony.choices] == [Answer.YES] * 5
    assert [each.kind for each in evidence] == [SignatureKind.INK]
    assert hashlib.sha256(evidence[0].data).hexdigest() == ceremony.signatures[0].evidence_sha256
    kiosk.asking.open("0000")
    kiosk.settle()
    assert kiosk.asking.opened is False
    kiosk.asking.open(DIGITS)
    kiosk.settle()
    assert kiosk.asking.opened is True
    kiosk.click(kiosk.words("finish"))
    assert kiosk.page is Page.THANKS
    assert kiosk.flow.asking is None


@pytest.mark.parametrize("steps", [0, 1, 3, 6])
def test_no_to_everything_is_one_tap_from_the_first_question_to_the_review(screen: Open, steps: int) -> None:
    kiosk = screen()
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("start"))
    if steps:
        kiosk.flow.speak(Language("en"))
        for _ in range(steps - 1):
            kiosk.asking.next()
    kiosk.settle()
    kiosk.click(kiosk.words("no_to_everything"))
    assert kiosk.step is Step.REVIEW
    assert kiosk.asking.state(100, True).page
    assert kiosk.asking.ceremony.yes == ()
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.asking.outcome is not None


def test_declining_everything_never_takes_more_taps_than_accepting(screen: Open) -> None:
    refuser = screen()
    refuser.to_uses()
    refuser.click(refuser.words("no_to_everything"))
    refuser.to_signature()
    refuser.sign()
    accepter = screen()
    accepter.sign_all(yes=True)  # the yes taps themselves are not even counted here
    assert refuser.taps <= accepter.taps


@pytest.mark.parametrize("call", ["keep", "page", "finish"])
def test_a_failure_is_two_sentences_and_the_same_thing_again_loses_nothing(screen: Open, call: str) -> None:
    kiosk = screen()
    kiosk.to_uses()
    below = kiosk.window.content
    kiosk.sitting.failures[call] = FULL
    if call == "keep":
        kiosk.asking.answer("use.social", True)
    else:
        kiosk.asking.refuse_all()
        if call == "finish":
            kiosk.settle()
            kiosk.to_signature()
            kiosk.sign()
    kiosk.settle()
    assert kiosk.page is Page.TROUBLE
    scene = kiosk.flow.stage.scene()
    assert (scene.title, scene.hint) == (FULL.title, FULL.hint)
    kiosk.click(kiosk.words("failed_again"))
    assert kiosk.page is Page.STEP
    if call == "keep":
        assert kiosk.window.content is below  # as it was left, scrolled and half typed
        assert kiosk.sitting.kept[-1].yes == ("use.social",)
    elif call == "page":
        assert kiosk.asking.state(100, True).page
    else:
        assert kiosk.asking.outcome is not None


def test_guardian_then_minor_and_either_no_counts(screen: Open) -> None:
    kiosk = screen(minor=True)
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.HELLO
    kiosk.click(kiosk.words("guardian_is_here"))
    assert kiosk.page is Page.HANDOVER
    assert kiosk.flow.stage.scene().role is Role.GUARDIAN
    kiosk.click(kiosk.words("start"))
    kiosk.to_uses()
    for scope in ("use.portfolio", "use.social"):
        kiosk.asking.answer(scope, True)
    kiosk.settle()
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.page is Page.HANDOVER
    assert kiosk.flow.stage.scene().role is Role.SUBJECT
    assert kiosk.sitting.finished_with is None
    kiosk.click(kiosk.words("start"))
    kiosk.to_uses()
    kiosk.asking.answer("use.social", False)
    kiosk.asking.answer("use.editorial", True)
    kiosk.settle()
    assert kiosk.asking.ceremony.yes == ("use.portfolio",)
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.sitting.finished_with is not None
    ceremony, evidence = kiosk.sitting.finished_with
    assert [each.by for each in ceremony.signatures] == [Role.GUARDIAN, Role.SUBJECT]
    assert [hashlib.sha256(each.data).hexdigest() for each in evidence] == [
        each.evidence_sha256 for each in ceremony.signatures
    ]


def test_a_minor_alone_is_held_and_the_guardian_goes_on_later(screen: Open) -> None:
    kiosk = screen(minor=True)
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("guardian_absent"))
    kiosk.click(kiosk.words("start"))
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert kiosk.page is Page.HELD
    held = kiosk.sitting.waiting
    assert held is not None
    assert held.whose_turn is Role.GUARDIAN
    assert kiosk.sitting.marks[-1][0] == "signature"  # sealed until the guardian has signed too
    kiosk.click(kiosk.words("done"))
    assert kiosk.page is Page.WAITING
    later = SittingDouble(person_double(minor=True, visit=Visit.RESUMED, ceremony=held))
    kiosk.desk.people["LATER1"] = later
    kiosk.scan("LATER1")
    assert kiosk.page is Page.RESUMED
    kiosk.click(kiosk.words("resume_go_on"))
    assert kiosk.page is Page.HANDOVER
    kiosk.click(kiosk.words("start"))
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert later.finished_with is not None
    assert [each.by for each in later.finished_with[0].signatures] == [Role.SUBJECT, Role.GUARDIAN]


def test_two_guardians_are_called_by_name_one_after_the_other(screen: Open) -> None:
    both = (Guardian("Grace Quill", "mother"), Guardian("Alan Quill", "father"))
    kiosk = screen(minor=True, guardians=both)
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("guardian_is_here"))
    assert kiosk.flow.stage.scene().name == "Grace Quill"
    kiosk.click(kiosk.words("start"))
    kiosk.to_uses()
    kiosk.to_signature()
    kiosk.sign()
    assert (kiosk.page, kiosk.flow.stage.scene().name) == (Page.HANDOVER, "Alan Quill")


def test_a_presigned_pack_is_confirmed_in_at_most_three_taps(screen: Open) -> None:
    kiosk = screen(visit=Visit.PRESIGNED, yes=["use.social"])
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.PRESIGNED
    kiosk.click(kiosk.words("presigned_confirm"))
    assert kiosk.sitting.confirmed == 1
    kiosk.click(kiosk.words("finish"))
    assert kiosk.page is Page.THANKS
    assert kiosk.taps <= 3


def test_a_presigned_pack_can_be_changed_with_the_earlier_answers_filled_in(screen: Open) -> None:
    kiosk = screen(visit=Visit.PRESIGNED, yes=["use.social"])
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("presigned_change"))
    kiosk.to_uses()
    assert kiosk.asking.ceremony.yes == ("use.social",)
    assert kiosk.sitting.confirmed == 0


def test_stop_keeps_everything_and_says_so_only_then(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.asking.answer("use.social", True)
    kiosk.click(kiosk.words("stop"))
    assert kiosk.page is Page.STOPPED
    assert kiosk.sitting.kept[-1].stopped
    assert kiosk.sitting.kept[-1].yes == ("use.social",)
    kiosk.click(kiosk.words("done"))
    person = replace(kiosk.sitting.person(), visit=Visit.RESUMED)
    again = SittingDouble(person)
    kiosk.desk.people["AB12CD"] = again
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("resume_go_on"))
    assert kiosk.step is Step.USES
    assert kiosk.asking.ceremony.yes == ("use.social",)
    kiosk.to_signature()
    kiosk.sign()
    assert again.finished_with is not None


def test_a_ceremony_resumed_at_the_signature_shows_its_page_again_first(screen: Open) -> None:
    first = screen()
    first.to_uses()
    first.to_signature()
    first.click(first.words("stop"))
    stopped = first.sitting.kept[-1]
    assert stopped.step is Step.SIGNATURE
    second = screen(visit=Visit.RESUMED, ceremony=stopped)
    second.scan("AB12CD")
    second.click(second.words("resume_go_on"))
    assert second.step is Step.USES
    second.to_signature()
    assert second.sitting.pages


def test_leaving_without_deciding_erases_what_was_kept(screen: Open) -> None:
    kiosk = screen()
    kiosk.to_uses()
    kiosk.click(kiosk.words("stop"))
    kiosk.click(kiosk.words("leave_text"))
    assert kiosk.page is Page.THANKS
    assert kiosk.sitting.gone
    assert kiosk.sitting.kept == []


def test_a_walk_in_fills_three_fields_at_most(screen: Open) -> None:
    kiosk = screen()
    kiosk.click(kiosk.words("no_card"))
    kiosk.type("Zoe Walker")
    kiosk.click(kiosk.words("start"))
    assert kiosk.desk.walked_in == [("Zoe Walker", "", "en")]
    assert kiosk.page is Page.HELLO
    assert kiosk.taps == 2


def test_a_minor_without_a_card_is_sent_to_the_team_and_nothing_is_kept(screen: Open) -> None:
    kiosk = screen()
    kiosk.click(kiosk.words("no_card"))
    kiosk.type("Zoe Walker")
    kiosk.click("I am under 18")
    assert kiosk.page is Page.WAITING
    assert kiosk.desk.walked_in == []
    said = {each.text() for each in kiosk.window.stack.findChildren(TextLabel) if each.isVisible()}
    assert kiosk.words("too_young") in said
    kiosk.click(kiosk.words("no_card"))
    assert not any(each.text() for each in kiosk.window.stack.findChildren(QLineEdit))
    kiosk.click(kiosk.words("back"))
    assert kiosk.flow.stage.scene().turned_away == ""


def test_company_is_written_down(screen: Open) -> None:
    kiosk = screen()
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("with_me"))
    kiosk.type("Wendy Witness")
    kiosk.click(kiosk.words("done"))
    assert kiosk.sitting.present == ("Wendy Witness", "")
    assert kiosk.page is Page.HELLO


def test_a_code_of_nobody_is_answered_kindly_and_tells_no_name(screen: Open) -> None:
    kiosk = screen()
    kiosk.scan("XXXXXX")
    assert kiosk.page is Page.WAITING
    assert kiosk.flow.stage.scene().turned_away == "code_unknown"
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.HELLO


@pytest.mark.parametrize("why", Ended)
@pytest.mark.parametrize("wish", ["keep", "mark", "finish", "attend"])
def test_whoever_goes_on_elsewhere_is_told_in_their_language_and_leaves_nothing_here(
    why: Ended, wish: str, screen: Open
) -> None:
    kiosk = screen(offered=MARKED, language="fr")
    kiosk.sitting.failures[wish] = SittingEnded(why)
    kiosk.scan("AB12CD")
    if wish == "attend":
        kiosk.flow.attend("Wim", "")
    else:
        kiosk.click(kiosk.words("start"))
        if wish == "keep":
            kiosk.flow.speak(Language("fr"))
        elif wish == "mark":
            kiosk.to_uses()
            kiosk.asking.answer("ai.train-generative", True)
            kiosk.settle()
            kiosk.asking.mark("ai.train-generative", TYPED)
        else:
            kiosk.to_uses()
            kiosk.to_signature()
            kiosk.asking.sign(TYPED)
    kiosk.settle()
    assert (kiosk.page, kiosk.flow.asking, kiosk.flow.language) == (Page.WAITING, None, "fr")
    said = {each.text() for each in kiosk.window.stack.findChildren(TextLabel) if each.isVisible()}
    assert texts("fr").ceremony[f"ended_{why.value}"] in said
    assert kiosk.window._linger.isActive(), "the next person finds the screen as ever"
    kiosk.scan("AB12CD")
    assert kiosk.flow.asking is not None, "their card lets them in at once"
    assert not kiosk.window._linger.isActive()
    kiosk.flow.wait()
    said = {each.text() for each in kiosk.window.stack.findChildren(TextLabel) if each.isVisible()}
    assert texts("fr").ceremony[f"ended_{why.value}"] not in said


def test_too_many_wrong_codes_are_said_in_words_and_a_trouble_in_the_person_s_own(screen: Open) -> None:
    kiosk = screen()
    kiosk.desk.wait_s = 4
    kiosk.scan("XXXXXX")
    assert (kiosk.page, kiosk.flow.stage.scene().turned_away) == (Page.WAITING, "code_wait")
    kiosk.desk.wait_s = 0
    kiosk.sign_all()
    kiosk.sitting.failures["opened"] = TooManyGuesses(4)
    kiosk.asking.open("0000")
    kiosk.settle()
    assert (kiosk.page, kiosk.flow.stage.scene().title) == (Page.TROUBLE, kiosk.words("pin_wait"))
    kiosk.flow.again()
    kiosk.settle()
    assert kiosk.page is Page.STEP and kiosk.asking.opened is False


def test_this_is_not_me_goes_back_and_forgets(screen: Open) -> None:
    kiosk = screen()
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("not_you"))
    assert (kiosk.page, kiosk.flow.asking) == (Page.WAITING, None)
