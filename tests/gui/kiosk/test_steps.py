"""The rules of asking, held by the views themselves: what stands on the sheets, and what each touch means."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from safelight.capture.ink import read_inkml
from safelight.domain import ceremony as acts
from safelight.domain.ceremony import Step
from safelight.domain.choice import Answer
from safelight.domain.ids import Country
from safelight.domain.record import SignatureKind
from safelight.domain.scope import in_language
from safelight.domain.sitting import Person
from safelight.domain.term import Territory, TerritoryKind
from safelight.kiosk.steps import VIEWS
from safelight.kiosk.steps.cards import CardsView
from safelight.kiosk.steps.contract_page import ContractPage
from safelight.kiosk.steps.marks import MarkPage
from safelight.kiosk.steps.use_card import UseCard
from safelight.qt.speech import Speech
from safelight.settings.texts import texts
from support.kiosk.desk_double import AGENCY, FIVE, MARKED, person_double
from support.kiosk.stage import Stage, labels, settle

Make = Callable[..., Stage]
SCREEN = (1280, 800)


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Make]:
    """``stage(step, ...)``: somebody at ``step``, shown on a tablet."""
    made: list[Stage] = []

    def make(step: Step | None = None, person: Person | None = None, **about: object) -> Stage:
        made.append(Stage(person or person_double(**about), step=step).on(SCREEN))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()
        each.deleteLater()


def cards(stage: Stage) -> list[UseCard]:
    return [each for each in stage.findChildren(UseCard) if each.isVisibleTo(stage)]


def forward_to(stage: Stage, step: Step) -> None:
    while stage.ceremony.step is not step:
        stage.tap(stage.next)


def test_every_step_has_a_view() -> None:
    assert set(VIEWS) == set(Step) - {Step.DONE}


def test_nothing_is_chosen_at_the_start(stage: Make) -> None:
    seen = stage(Step.USES, photos=0)
    assert [card.pair.value for card in cards(seen)] == [None] * 5
    assert [each for each in seen.findChildren(QAbstractButton) if each.isChecked()] == []
    seen = stage(Step.PHOTOS, photos=2)
    assert seen.view is not None
    assert [each for each in seen.view.findChildren(QAbstractButton) if each.isChecked()] == []


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_yes_and_no_are_alike_in_size_weight_and_distance(stage: Make, language: str) -> None:
    for pair in [card.pair for card in cards(stage(Step.USES, language=language))]:
        yes, no = pair.yes, pair.no
        assert (yes.size(), yes.font(), yes.property("kind")) == (no.size(), no.font(), no.property("kind"))
        assert yes.y() == no.y()
        left, right = sorted((yes, no), key=lambda each: each.x())
        assert left.x() == pair.width() - right.geometry().right() - 1, "as far from one edge as from the other"
        assert (left is yes) is not texts(language).rtl


def test_yes_and_no_look_alike_until_one_is_chosen_and_alike_when_chosen(stage: Make) -> None:
    seen = stage(Step.USES)
    pair = cards(seen)[0].pair
    ground = [each.grab().toImage().pixel(20, 12) for each in (pair.yes, pair.no)]
    assert ground[0] == ground[1]
    pair.set_value(True)
    said_yes = pair.yes.grab().toImage().pixel(20, 12)
    pair.set_value(False)
    assert pair.no.grab().toImage().pixel(20, 12) == said_yes != ground[0]


def test_no_is_one_tab_from_yes_on_every_card(stage: Make) -> None:
    seen = stage(Step.USES)
    seen.activateWindow()
    for card in cards(seen):
        card.pair.yes.setFocus()
        settle()
        QTest.keyClick(card.pair.yes, Qt.Key.Key_Tab)
        assert seen.focusWidget() is card.pair.no
        QTest.keyClick(card.pair.no, Qt.Key.Key_Backtab)
        assert seen.focusWidget() is card.pair.yes


@pytest.mark.parametrize("step", [Step.NOTICE, Step.USES, Step.TERM, Step.QUESTIONS, Step.REVIEW])
def test_there_is_no_accept_all(stage: Make, step: Step) -> None:
    """However the buttons are called: no single tap on any of them says more than one yes."""
    fresh = person_double(offered=("use.portfolio", "ai.retouch"), main=2)
    for index in range(40):
        seen = stage(step, person=fresh)
        assert seen.view is not None
        buttons = [each for each in seen.view.findChildren(QAbstractButton) if each.isVisibleTo(seen)]
        if index >= len(buttons):
            return
        before = len(seen.ceremony.yes)
        if buttons[index].isEnabled():
            seen.tap(buttons[index])
        assert len(seen.ceremony.yes) - before <= 1, buttons[index].accessibleName()
        seen.hide()


@pytest.mark.parametrize("language", ["en", "de", "ar", "fr"])
def test_a_card_says_the_exact_words_and_who_relies_on_them(stage: Make, language: str) -> None:
    seen = stage(Step.USES, language=language)
    for card in cards(seen):
        scope = seen.person.catalogue.scope(card.scope)
        assert card.text.text() == in_language(scope.text, language)
        named = AGENCY.name if scope.needs_recipient else seen.person.studio_name
        assert named in card.whom.text()


def test_tell_me_more_says_what_a_change_of_mind_can_and_cannot_do(stage: Make) -> None:
    seen = stage(Step.USES)
    card = cards(seen)[1]
    assert not card.details.isVisibleTo(seen)
    seen.tap(card.more)
    scope = seen.person.catalogue.scope(card.scope)
    assert card.details.isVisibleTo(seen)
    assert scope.withdrawal_can["en"] in card.details.text()
    assert scope.withdrawal_cannot["en"] in card.details.text()


def test_only_the_uses_of_the_job_are_shown_until_more_is_asked_for(stage: Make) -> None:
    seen = stage(Step.USES, main=3)
    assert [card.scope for card in cards(seen)] == list(FIVE[:3])
    seen.tap(seen.view.more)  # type: ignore[union-attr]
    assert {card.scope for card in cards(seen)} == set(FIVE)
    assert [card.pair.value for card in cards(seen)] == [None] * 5


def test_ai_stands_apart_under_a_heading_of_its_own(stage: Make) -> None:
    seen = stage(Step.USES, offered=("ai.retouch", *FIVE[:2], "ai.train-generative"), main=4)
    order = [card.scope for card in sorted(cards(seen), key=lambda each: each.mapTo(seen, each.rect().topLeft()).y())]
    assert order == [*FIVE[:2], "ai.retouch", "ai.train-generative"]
    heading = next(each for each in labels(seen) if each.text() == "AI and my face")
    tops = {card.scope: card.mapTo(seen, card.rect().topLeft()).y() for card in cards(seen)}
    assert tops[FIVE[1]] < heading.mapTo(seen, heading.rect().topLeft()).y() < tops["ai.retouch"]  # type: ignore[index]


def test_next_shows_what_was_not_seen_before_it_leads_on(stage: Make) -> None:
    seen = stage(Step.USES)
    bar = seen.view._panel.area.verticalScrollBar()  # type: ignore[union-attr]
    assert bar.maximum() > 0
    while bar.value() < bar.maximum():
        before = bar.value()
        seen.tap(seen.next)
        assert seen.ceremony.step is Step.USES
        assert bar.value() > before
    seen.tap(seen.next)
    assert seen.ceremony.step is Step.REVIEW, "left open is a no"


def test_declining_everything_takes_fewer_taps_than_accepting_everything(stage: Make) -> None:
    declining = stage(Step.NOTICE)
    declining.tap(declining.no)
    accepting = stage(Step.NOTICE)
    forward_to(accepting, Step.USES)
    for card in cards(accepting):
        accepting.tap(card.pair.yes)
    while accepting.ceremony.step is not Step.REVIEW:
        if accepting.ceremony.step is Step.QUESTIONS:
            question = texts("en").questions[accepting.ceremony.questions_put]
            accepting.tap(accepting.view.answers[question.right])  # type: ignore[union-attr]
        else:
            accepting.tap(accepting.next)
    assert declining.ceremony.step is accepting.ceremony.step is Step.REVIEW
    assert declining.taps == 1 < accepting.taps
    one_by_one = stage(Step.USES)
    for card in cards(one_by_one):
        one_by_one.tap(card.pair.no)
    forward_to(one_by_one, Step.REVIEW)
    assert one_by_one.taps <= accepting.taps


def test_five_cards_paging_back_is_free(stage: Make) -> None:
    seen = stage(Step.NOTICE)
    heads = []
    for _ in range(5):
        heads.append(seen.view._heading.text())  # type: ignore[union-attr]
        if len(heads) == 3:
            seen.tap(seen.back)
            assert seen.view._heading.text() == heads[1]  # type: ignore[union-attr]
            seen.tap(seen.next)
            assert seen.ceremony.cards_read == 2
        seen.tap(seen.next)
    assert heads == [heading for heading, _ in texts("en").cards]
    assert seen.ceremony.step is Step.USES


def test_the_full_notice_is_shown_word_for_word_and_closes(stage: Make) -> None:
    seen = stage(Step.NOTICE)
    seen.tap(seen.view.more)  # type: ignore[union-attr]
    notice = seen.state().notice
    assert notice is not None
    words = {each.text() for each in labels(seen)}
    assert all(item.text in words and item.heading in words for item in notice.items)
    seen.tap(seen.next)
    assert seen.ceremony.cards_read == 0
    assert seen.view.more.isVisibleTo(seen)  # type: ignore[union-attr]


def test_a_photo_is_kept_or_not_one_at_a_time(stage: Make) -> None:
    seen = stage(Step.PHOTOS, photos=3)
    view = seen.view
    seen.tap(view.pair.no)  # type: ignore[union-attr]
    assert seen.ceremony.vetoed == {seen.person.photos[0].guid}
    seen.tap(view.pair.yes)  # type: ignore[union-attr]
    assert seen.ceremony.vetoed == frozenset()
    seen.tap(seen.next)
    assert view.pair.value is None  # type: ignore[union-attr]
    seen.tap(seen.next)
    seen.tap(seen.next)
    assert seen.ceremony.step is Step.USES


def test_a_term_is_one_year_here_until_the_person_says_otherwise(stage: Make) -> None:
    seen = stage(Step.TERM)
    card = seen.view.cards[FIVE[1]]  # type: ignore[union-attr]
    assert (card.long.value, card.where.value) == ("12", "home")
    assert "23 November 2027" in card.ends.text()
    assert [each.words for each in card.long.buttons] == ["6 months", "1 year", "2 years", "3 years"], "the cap is 3"
    card.long.buttons[2].click()
    card.where.buttons[1].click()
    grant = seen.ceremony.choice(FIVE[1]).grant
    assert grant is not None
    assert (grant.term.months, grant.territory.kind) == (24, TerritoryKind.EEA)
    assert "23 November 2028" in card.ends.text()


def test_somebody_may_choose_the_countries(stage: Make) -> None:
    seen = stage(Step.TERM)
    card = seen.view.cards[FIVE[1]]  # type: ignore[union-attr]
    assert not card.which.isVisibleTo(seen)
    seen.tap(card.where.buttons[3])
    assert card.which.isVisibleTo(seen)
    by_name = {each.words: each for each in card.which.buttons}
    assert list(by_name) == ["France", "Germany", "United Kingdom", "United States"]
    assert [name for name, button in by_name.items() if button.isChecked()] == ["Germany"]
    seen.tap(by_name["France"])
    seen.tap(by_name["Germany"])
    seen.tap(by_name["France"])  # the last stays
    grant = seen.ceremony.choice(FIVE[1]).grant
    assert grant is not None
    assert grant.territory == Territory(TerritoryKind.LISTED, frozenset({Country("FR")}))
    seen.tap(card.where.buttons[0])
    assert not card.which.isVisibleTo(seen)
    grant = seen.ceremony.choice(FIVE[1]).grant
    assert grant is not None
    assert grant.territory.kind is TerritoryKind.COUNTRY


@pytest.mark.parametrize(
    ("language", "day"), [("de", "23. November 2027"), ("ja", "2027年11月23日"), ("ar", "23 نوفمبر 2027")]
)
def test_the_end_is_written_as_the_language_writes_it(stage: Make, language: str, day: str) -> None:
    seen = stage(Step.TERM, language=language)
    assert day in seen.view.cards[FIVE[0]].ends.text()  # type: ignore[union-attr]


def test_each_mark_has_a_page_of_its_own_and_the_contract_its_lines(stage: Make) -> None:
    fresh = person_double(offered=MARKED, main=4)
    seen = stage(Step.USES, person=fresh)
    for card in cards(seen):
        seen.tap(card.pair.yes)
    forward_to(seen, Step.TERM)
    view = seen.view
    while view.own is None:  # type: ignore[union-attr]
        seen.tap(seen.next)
    met = []
    while seen.ceremony.step is Step.TERM:
        own = view.own  # type: ignore[union-attr]
        met.append((own.scope, type(own)))
        if isinstance(own, ContractPage):
            seen.tap(seen.next)
            assert seen.ceremony.step is Step.TERM, "an empty line is asked for"
            for name, field in own.fields.items():
                field.set_text(f"my {name}")
        else:
            assert not seen.next.isEnabled()
            seen.write(own.writing)
        seen.tap(seen.next)
    assert met == [(MARKED[1], MarkPage), (MARKED[2], MarkPage), (MARKED[3], ContractPage), (MARKED[3], MarkPage)]
    assert [scope for scope, _ in seen.marks] == list(MARKED[1:])
    assert all(len(read_inkml(evidence.data)) == 1 for _, evidence in seen.marks)
    replica = seen.ceremony.choice(MARKED[3]).grant
    assert replica is not None
    assert replica.replica is not None
    assert replica.replica.pay == "my pay"
    assert seen.ceremony.step is Step.QUESTIONS


def test_a_mark_page_has_a_no_of_its_own(stage: Make) -> None:
    seen = stage(Step.USES, offered=MARKED[:2], main=2)
    for card in cards(seen):
        seen.tap(card.pair.yes)
    forward_to(seen, Step.TERM)
    while seen.view.own is None:  # type: ignore[union-attr]
        seen.tap(seen.next)
    seen.tap(seen.view.own.no)  # type: ignore[union-attr]
    assert seen.ceremony.choice(MARKED[1]).answer is Answer.NO
    assert seen.ceremony.step is Step.REVIEW


def test_a_wrong_answer_explains_again_and_bars_nothing(stage: Make) -> None:
    seen = stage(Step.QUESTIONS)
    question = texts("en").questions[0]
    seen.tap(seen.view.answers[1 - question.right])  # type: ignore[union-attr]
    assert question.again in {each.text() for each in labels(seen)}
    assert [
        each for each in seen.findChildren(QWidget) if each.property("role") == "warning" and each.isVisible()
    ] == []
    assert seen.no.isVisibleTo(seen)
    seen.tap(seen.view.answers[question.right])  # type: ignore[union-attr]
    assert question.again not in {each.text() for each in labels(seen)}
    seen.tap(seen.no)
    assert seen.ceremony.step is Step.REVIEW
    assert seen.ceremony.yes == ()


def test_the_review_shows_the_bytes_that_are_signed(stage: Make) -> None:
    seen = stage(Step.REVIEW)
    assert "Ada Quill" in seen.view.page.text()  # type: ignore[union-attr]
    assert seen.view.footer().ready  # type: ignore[union-attr]
    seen.tap(seen.view.change)  # type: ignore[union-attr]
    assert seen.ceremony.step is Step.USES
    assert [card.pair.value for card in cards(seen)] == [True] * 5, "answers stay"


def test_signing_waits_for_ink_and_a_dot_is_none(stage: Make) -> None:
    seen = stage(Step.SIGNATURE)
    writing = seen.view.writing  # type: ignore[union-attr]
    assert not seen.next.isEnabled()
    QTest.mouseClick(writing.pad, Qt.MouseButton.LeftButton)
    seen.tap(seen.next)
    assert seen.signed == []
    assert writing.warning.isVisibleTo(seen)
    seen.tap(writing.clear)
    seen.write(writing)
    seen.tap(seen.next)
    assert [each.kind for each in seen.signed] == [SignatureKind.INK]
    assert len(read_inkml(seen.signed[0].data)) == 1


def test_somebody_who_cannot_draw_types(stage: Make) -> None:
    seen = stage(Step.SIGNATURE)
    writing = seen.view.writing  # type: ignore[union-attr]
    seen.tap(writing.other_way)
    QTest.keyClicks(writing.field.edit, "  Ada   Quill ")
    seen.tap(seen.next)
    assert [(each.kind, each.data) for each in seen.signed] == [(SignatureKind.TYPED, b"Ada Quill")]


def test_what_was_drawn_survives_larger_text(stage: Make) -> None:
    seen = stage(Step.SIGNATURE)
    seen.write(seen.view.writing)  # type: ignore[union-attr]
    before = seen.view.writing.pad.strokes()  # type: ignore[union-attr]
    seen.scale = 150
    seen.refresh()
    settle()
    assert seen.view.writing.pad.strokes() == before  # type: ignore[union-attr]


def test_the_receipt_is_opened_and_its_digits_typed_with_keys_on_the_screen(stage: Make) -> None:
    seen = stage(Step.RECEIPT)
    assert texts("en").ceremony["saving"] in {each.text() for each in labels(seen)}
    assert not seen.next.isEnabled()
    seen.tell(finished=seen.sitting._receipt())
    view = seen.view
    assert view.code.text() == "K7QM-2XWP"  # type: ignore[union-attr]
    seen.tap(view.open)  # type: ignore[union-attr]
    for key in "4712":
        seen.tap(view.digits.keys[key])  # type: ignore[union-attr]
    assert view.answer.text() == texts("en").ceremony["receipt_wrong"]  # type: ignore[union-attr]
    for key in "4711":
        seen.tap(view.digits.keys[key])  # type: ignore[union-attr]
    assert view.answer.text() == texts("en").ceremony["receipt_right"]  # type: ignore[union-attr]
    seen.tap(view.close_page)  # type: ignore[union-attr]
    seen.tap(view.print)  # type: ignore[union-attr]
    seen.tap(view.send)  # type: ignore[union-attr]
    assert seen.asked == ["print_asked", "save_letter_asked"]
    seen.tap(seen.next)
    assert seen.ceremony.step is Step.DONE


def test_a_later_party_is_asked_anew_and_an_earlier_no_stands(stage: Make) -> None:
    child = person_double(minor=True, offered=FIVE, main=5)
    seen = stage(Step.USES, person=child)
    for card in cards(seen)[:2]:
        seen.tap(card.pair.yes)
    forward_to(seen, Step.SIGNATURE)
    seen.write(seen.view.writing)  # type: ignore[union-attr]
    seen.tap(seen.next)
    assert seen.ceremony.turn == 1
    seen.act(acts.choose_language(seen.ceremony, "en", seen._now()))  # type: ignore[arg-type]
    forward_to(seen, Step.USES)
    by_scope = {card.scope: card for card in cards(seen)}
    assert [by_scope[scope].pair.value for scope in FIVE[:2]] == [None, None]
    assert by_scope[FIVE[0]].pair.isVisibleTo(seen)
    assert not by_scope[FIVE[2]].pair.isVisibleTo(seen)
    assert texts("en").ceremony["already_no"] in by_scope[FIVE[2]].closed_for_good.text()
    seen.tap(by_scope[FIVE[0]].pair.yes)
    forward_to(seen, Step.TERM)
    assert seen.ceremony.yes == FIVE[:1], "what the minor left open is a no"
    card = seen.view.cards[FIVE[0]]  # type: ignore[union-attr]
    assert [each.words for each in card.long.buttons] == ["6 months", "1 year"], "never longer than was agreed"
    assert [each.words for each in card.where.buttons] == ["Only Germany"]


def test_what_a_minor_is_not_asked_is_named_and_cannot_be_chosen(stage: Make) -> None:
    seen = stage(Step.USES, minor=True, offered=("use.portfolio", "bio.template"), main=2)
    assert [card.scope for card in cards(seen)] == ["use.portfolio"]
    assert f"Face code: {texts('en').ceremony['blocked_minor']}" in {each.text() for each in labels(seen)}


class Output(Speech):
    """A voice that speaks English alone and writes down what it said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self._on = False

    @property
    def speaking(self) -> bool:
        return self._on

    def available(self, language: str) -> bool:
        return language == "en"

    def say(self, text: str, language: str) -> None:
        self.said.append((text, language))
        self._on = True
        self.changed.emit(True)

    def stop(self) -> None:
        if self._on:
            self._on = False
            self.changed.emit(False)


def test_a_card_is_read_aloud_where_there_is_a_voice_and_no_button_promises_one_elsewhere(stage: Make) -> None:
    seen = stage(Step.NOTICE)
    voice = Output()
    view = CardsView(speech=voice)
    seen._enter(view)
    seen.refresh()
    settle()
    heading, sentence = view._heading.text(), view._sentence.text()
    seen.tap(view.aloud)
    assert voice.said == [(f"{heading}. {sentence}", "en")]
    assert view.aloud.words == texts("en").ceremony["reading"]
    seen.tap(seen.next)
    assert not voice.speaking, "the next card is not talked over"
    seen.act(acts.choose_language(seen.ceremony, "de", seen._now()))  # type: ignore[arg-type]
    assert not view.aloud.isVisibleTo(seen)


def test_nothing_is_left_after_forgetting(stage: Make) -> None:
    seen = stage(Step.SIGNATURE)
    seen.write(seen.view.writing)  # type: ignore[union-attr]
    seen.view.writing.field.set_text("Ada Quill")  # type: ignore[union-attr]
    seen.view.forget()  # type: ignore[union-attr]
    assert seen.view.writing.pad.is_empty  # type: ignore[union-attr]
    assert [each.text() for each in seen.findChildren(QLineEdit)] == [""]
    seen = stage(Step.RECEIPT)
    seen.tell(finished=seen.sitting._receipt())
    seen.view.forget()  # type: ignore[union-attr]
    assert "K7QM" not in "".join(
        each.text() + each.accessibleName() for each in seen.findChildren(QWidget) if hasattr(each, "text")
    )
