"""How long a person needs for the whole way: every sentence shown is read once, everything pressed is pressed by hand.

Reading goes at 200 words a minute; a sentence met again is not read again, of the buttons those are read that are
pressed, and where a counter stands ("2 of 5") is seen, not read. A tap takes a second, a letter typed with one finger
half a second. The page before the signature repeats what was just answered: checking it takes the 20 seconds that the
working day allows for it. A signature takes five seconds, showing a badge to the scanner three. The way ends when the
receipt is on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from safelight.asking.scene import Page
from safelight.domain.ceremony import Step
from safelight.domain.sitting import Visit
from safelight.kiosk.steps.questions import QuestionsView
from safelight.kiosk.view import StepView
from safelight.qt.choices import ChoicePair
from safelight.qt.controls import Button
from safelight.settings.texts import texts
from support.kiosk.desk_double import LANGUAGES, SittingDouble, person_double
from support.kiosk.driving import Driven
from support.kiosk.stage import labels

from .test_steps_reading import WORDS_A_MINUTE, words_in

BADGE, TAP, LETTER, SIGNATURE, PAGE = 3.0, 1.0, 0.5, 5.0, 20.0
_COUNTER = re.compile(r"\D*\d{1,2}\D+\d{1,2}\D*")
_SENTENCE = re.compile(r"(?<=[.?!।؟])\s+|(?<=[。？！])")


class Reader:
    """Somebody who reads every word the first time it is met, and waits for nothing else."""

    def __init__(self, kiosk: Driven, language: str) -> None:
        self.kiosk, self.language = kiosk, language
        self.met: set[str] = set()
        self.words = self.spent = 0.0

    @property
    def seconds(self) -> float:
        return self.spent + self.kiosk.taps * TAP + self.words * 60 / WORDS_A_MINUTE

    def read(self) -> None:
        page = self.kiosk.window.stack
        for label in labels(page):
            if not isinstance(label.parentWidget(), ChoicePair):  # what was just pressed, said once more
                self.take_in(label.text())

    def take_in(self, text: str) -> None:
        for sentence in _SENTENCE.split(text):
            if sentence not in self.met and not _COUNTER.fullmatch(sentence):
                self.met.add(sentence)
                self.words += words_in(sentence, self.language)

    def press(self, button: Button | str) -> None:
        self.read()
        self.take_in(button if isinstance(button, str) else button.words)
        self.kiosk.click(button)

    def answer_all(self, yes: bool) -> None:
        content = self.kiosk.window.content
        assert isinstance(content, StepView)
        for pair in [each for each in content.findChildren(ChoicePair) if each.isVisibleTo(content)]:
            self.press(pair.yes if yes else pair.no)

    def to_the_signature(self, yes: bool) -> None:
        kiosk = self.kiosk
        while kiosk.step is not Step.SIGNATURE:
            assert kiosk.taps < 100, f"no way on from {kiosk.step}"
            if kiosk.step is Step.LANGUAGE:
                name = kiosk.window.head.language.words
                self.met.add(name)
                kiosk.click(name)  # nobody reads the names of thirteen other languages
            elif kiosk.step is Step.QUESTIONS:
                content = kiosk.window.content
                assert isinstance(content, QuestionsView)
                question = texts(self.language).questions[kiosk.asking.ceremony.questions_put]
                self.press(content.answers[question.right])
            else:
                if kiosk.step is Step.USES and not kiosk.asking.ceremony.yes and yes:
                    self.answer_all(yes)
                if kiosk.step is Step.REVIEW and "page" not in self.met:
                    self.met.add("page")
                    self.spent += PAGE
                self.press(kiosk.window.foot.forward)

    def sign(self) -> None:
        self.spent += SIGNATURE
        self.kiosk.draw()
        self.press(self.kiosk.window.foot.forward)


Open = Callable[..., Reader]


@pytest.fixture
def somebody(qapp: object) -> Iterator[Open]:
    opened: list[Driven] = []

    def make(language: str = "en", **person: object) -> Reader:
        made = person_double("Ada Quill", language, **person)  # type: ignore[arg-type]
        kiosk = Driven({"AB12CD": SittingDouble(made)})
        opened.append(kiosk)
        return Reader(kiosk, language)

    yield make
    for kiosk in opened:
        kiosk.close()


def everything(reader: Reader, yes: bool) -> float:
    """From the badge to the receipt in hand, in seconds."""
    kiosk = reader.kiosk
    reader.spent += BADGE
    kiosk.scan("AB12CD")
    reader.press(kiosk.words("start"))
    if not yes:
        reader.press(kiosk.words("no_to_everything"))
    reader.to_the_signature(yes)
    reader.sign()
    assert kiosk.step is Step.RECEIPT
    assert len(kiosk.asking.ceremony.yes) == (5 if yes else 0)
    reader.read()
    return reader.seconds


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_adult_is_through_in_three_minutes(somebody: Open, language: str) -> None:
    accepting = somebody(language)
    slow = everything(accepting, yes=True)
    refusing = somebody(language)
    quick = everything(refusing, yes=False)
    assert accepting.words > 100, "everything was there to be read"
    assert slow <= 180, f"{accepting.words:.0f} words, {accepting.kiosk.taps} taps"
    assert quick <= slow
    assert refusing.kiosk.taps <= accepting.kiosk.taps


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_answered_beforehand_is_through_in_45_seconds(somebody: Open, language: str) -> None:
    reader = somebody(language, visit=Visit.PRESIGNED, yes=["use.social"])
    kiosk = reader.kiosk
    reader.spent += BADGE
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.PRESIGNED
    reader.press(kiosk.words("presigned_confirm"))
    reader.press(kiosk.words("finish"))
    assert kiosk.page is Page.THANKS
    assert reader.seconds <= 45, f"{reader.words:.0f} words, {kiosk.taps} taps"


def test_a_walk_in_is_seated_in_thirty_seconds(somebody: Open) -> None:
    reader = somebody()
    kiosk = reader.kiosk
    reader.press(kiosk.words("no_card"))
    name = "Zoe Walker"
    kiosk.type(name)
    reader.spent += len(name) * LETTER
    reader.press(kiosk.words("start"))
    assert kiosk.page is Page.HELLO
    assert reader.seconds <= 30
