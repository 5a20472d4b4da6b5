"""Everybody can use every step: nothing clipped at any text size, large targets, names, an order of keys, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea

from safelight.domain.ceremony import Step
from safelight.kiosk.steps.use_card import UseCard
from safelight.qt import theme
from safelight.settings.texts import texts
from support.kiosk import looks
from support.kiosk.desk_double import FIVE, person_double
from support.kiosk.stage import Stage, settle

TABLET, UPRIGHT = (1280, 800), (800, 1280)
STEPS = tuple(each for each in Step if each is not Step.DONE)


@pytest.fixture(autouse=True)
def _plain(qapp: QApplication) -> Iterator[None]:
    yield
    for window in qapp.topLevelWidgets():
        if isinstance(window, Stage):
            window.close()
            window.deleteLater()


def at(
    step: Step,
    language: str = "en",
    scale: int = 100,
    screen: tuple[int, int] = TABLET,
    tokens: theme.Tokens = theme.PAPER,
) -> Stage:
    offered = (*FIVE[:2], "use.advertising") if step is Step.TERM else FIVE
    person = person_double(
        "Maximiliane Öztürk-Lindqvist", language, offered=offered, photos=2 if step is Step.PHOTOS else 0
    )
    seen = Stage(person, scale, step, tokens)
    if step is Step.RECEIPT:
        seen.tell(finished=seen.sitting._receipt())
    return seen.on(screen)


def faces(seen: Stage) -> Iterator[str]:
    """The step as it is entered, and with everything opened that can be."""
    yield "as entered"
    view = seen.view
    if seen.step is Step.USES:
        card = seen.findChildren(UseCard)[0]
        seen.tap(card.more)
        seen.tap(card.pair.yes)
        yield "opened"
    elif seen.step is Step.QUESTIONS:
        seen.tap(view.answers[1 - texts(seen.language).questions[0].right])  # type: ignore[union-attr]
        yield "explained"
    elif seen.step is Step.SIGNATURE:
        seen.tap(view.writing.other_way)  # type: ignore[union-attr]
        yield "typing"
    elif seen.step is Step.RECEIPT:
        seen.tap(view.open)  # type: ignore[union-attr]
        yield "opened"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("language", "screen"), [("de", TABLET), ("ar", UPRIGHT), ("ja", TABLET)])
def test_nothing_is_clipped_at_twice_the_text(step: Step, language: str, screen: tuple[int, int]) -> None:
    seen = at(step, language, 200, screen)
    assert seen.view is not None
    for face in faces(seen):
        assert looks.clipped(seen.view) == [], face
        assert looks.too_small(seen.view) == [], face


@pytest.mark.parametrize("step", STEPS)
def test_targets_are_large_and_named_and_words_are_strong(step: Step) -> None:
    seen = at(step)
    assert seen.view is not None
    for face in faces(seen):
        assert looks.clipped(seen.view) == [], face
        assert looks.too_small(seen.view) == [], face
        assert looks.nameless(seen.view) == [], face
        assert looks.faint(seen.view) == [], face


@pytest.mark.parametrize("tokens", [theme.DARK, theme.HIGH_CONTRAST], ids=lambda each: each.name)
@pytest.mark.parametrize("step", [Step.USES, Step.TERM, Step.QUESTIONS])
def test_words_are_strong_in_every_theme(qapp: QApplication, step: Step, tokens: theme.Tokens) -> None:
    seen = at(step, tokens=tokens)
    assert seen.view is not None
    assert looks.faint(seen.view, 7.0 if tokens is theme.HIGH_CONTRAST else 4.5) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("step", [Step.NOTICE, Step.USES, Step.TERM, Step.QUESTIONS, Step.RECEIPT])
def test_the_keys_go_from_top_to_bottom(step: Step, language: str) -> None:
    seen = at(step, language)
    assert seen.view is not None
    stops = [each for each in looks.tab_order(seen.view) if not isinstance(each, QScrollArea)]
    assert stops
    tops = [each.mapTo(seen, each.rect().topLeft()).y() for each in stops]
    assert all(after >= before - 80 for before, after in pairwise(tops)), [looks.called(each) for each in stops]


def test_text_made_larger_while_shown_reaches_every_word() -> None:
    seen = at(Step.USES)
    for scale in (150, 200, 100):
        seen.scale = scale
        seen.refresh()
        settle()
        sizes = {each.text.font().pointSizeF() for each in seen.findChildren(UseCard)}
        assert sizes == {18.0 * scale / 100}


def test_nothing_is_said_by_colour_alone() -> None:
    seen = at(Step.USES)
    card = seen.findChildren(UseCard)[0]
    for button, said in ((card.pair.yes, "yes_chosen"), (card.pair.no, "no_chosen")):
        seen.tap(button)
        assert card.pair.state.text() == texts("en").ceremony[said]
        assert button.isChecked()
        assert button.accessibleDescription() == texts("en").ceremony[said]


def test_the_check_finds_what_is_clipped_small_nameless_and_faint() -> None:
    """The checks themselves: a planted fault of each kind is found."""
    seen = at(Step.USES)
    assert seen.view is not None
    card = seen.findChildren(UseCard)[0]
    planted = QLabel("Words that do not fit", card)
    planted.setWordWrap(True)
    planted.setFixedSize(200, 10)
    planted.show()
    tiny = QPushButton(card)
    tiny.setFixedSize(30, 30)
    tiny.show()
    card.title.setStyleSheet("color: #aaaaaa")
    settle()
    assert any("do not fit" in each for each in looks.clipped(seen.view))
    assert any("(30, 30)" in each for each in looks.too_small(seen.view))
    assert any("(30, 30)" in each for each in looks.nameless(seen.view))
    assert any("Portfolio" in each for each in looks.faint(seen.view))
