"""Badges, slates and spare cards: shown as printed, saved where somebody chose, spares made and dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safelight.desk.sessions.cards_page import CardsPage
from safelight.desk.sheet import Sheet
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.qt.controls import Button
from safelight.studio.card_sheets import make_spares, spares_of
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.subjects import add_subject

from .conftest import AtSessions

Make = Callable[..., Session]
BADGES, SLATES, HALVES, SPARES = range(4)


@pytest.fixture
def spring(session: Make, studio: OpenStudio) -> Session:
    made = session("Spring")
    for name in ("Ana Sousa", "محمد القحطاني", "x" * 300):
        add_subject(studio, made, Subject(SubjectId(new_id()), name, Language("en"), Country("DE")))
    return made


def opened(at: AtSessions, session: Session) -> CardsPage:
    at.open()
    at.view.list.table.choose(session.id)
    at.settle()
    at.view.list.side.buttons["cards"].click()
    at.settle()
    assert at.view.currentWidget() is at.view.cards
    return at.view.cards


def test_what_is_shown_is_what_is_saved(at: AtSessions, spring: Session, tmp_path: Path) -> None:
    page = opened(at, spring)
    assert page.sheet.isVisible() and page.sheet.pages == 1 and page.kinds.buttons[0].hasFocus()
    for kind, pages in ((SLATES, 3), (HALVES, 2), (BADGES, 1)):
        page.kinds.buttons[kind].click()
        at.settle()
        assert page.sheet.pages == pages and "page" in page.told.text()
    page.papers.buttons[1].click()
    at.settle()
    page.path_chosen.emit(tmp_path / "badges.pdf")
    at.settle()
    pdf = (tmp_path / "badges.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-") and page.reveal.isVisible() and "badges.pdf" in page.told.text()
    page.path_chosen.emit(tmp_path / "no folder" / "badges.pdf")
    at.settle()
    assert "no folder" in page.foot.said.text().lower()


def test_nobody_to_print_for_is_said_and_nothing_can_be_saved(at: AtSessions, session: Make) -> None:
    page = opened(at, session("Spring"))
    assert page.nothing.isVisible() and "nobody" in page.nothing.text() and not page.save.isEnabled()


def test_spare_cards_are_made_shown_and_unused_ones_taken_out_after_a_question(
    at: AtSessions, spring: Session, studio: OpenStudio
) -> None:
    page = opened(at, spring)
    page.kinds.buttons[SPARES].click()
    at.settle()
    assert page.spares.isVisible() and "Make some first" in page.nothing.text()
    for typed in ("", "0", "-1", "many", "201", "9" * 40):
        page.count.edit.setText(typed)
        page.make.click()
        at.settle()
        assert "1 to 200" in page.foot.said.text() and spares_of(studio, spring) == (), typed
    page.count.edit.setText("12")
    QTest.keyClick(page.count.edit, Qt.Key.Key_Return)
    at.settle()
    at.settle()
    assert len(spares_of(studio, spring)) == 12 and page.sheet.pages == 2 and "W-01 to W-12" in at.said[-1]
    page.drop.click()
    sheet = next(each for each in at.window.findChildren(Sheet) if each.isVisible())
    next(each for each in sheet.findChildren(Button) if each.words == "Take them out").click()
    at.settle()
    at.settle()
    assert spares_of(studio, spring) == () and "12 spare cards" in at.said[-1]


def test_covered_no_card_is_kept_and_they_are_drawn_again_afterwards(
    at: AtSessions, spring: Session, studio: OpenStudio
) -> None:
    make_spares(studio, spring, 1)
    page = opened(at, spring)
    at.screen.forget()
    at.settle()
    assert page.sheet.pages == 0 and page.about.text() == ""
    at.screen.opened()
    at.settle()
    assert at.view.currentWidget() is page and page.sheet.pages == 1


def test_esc_leads_back(at: AtSessions, spring: Session) -> None:
    page = opened(at, spring)
    QTest.keyClick(page.kinds.buttons[0], Qt.Key.Key_Escape)
    assert at.view.currentWidget() is at.view.list
