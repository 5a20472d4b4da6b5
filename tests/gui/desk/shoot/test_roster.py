"""The roster: found by letters, filtered by chips, read aloud, and every name shown as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from safelight.desk.shoot.roster_delegate import RosterDelegate
from safelight.desk.shoot.roster_model import AnyIndex
from safelight.desk.shoot.rows import Filter, Purpose, RosterPage
from safelight.desk.shoot.view import ShootView
from safelight.domain.ids import SubjectId
from safelight.settings.desk_texts import DESK_LANGUAGES, desk_texts
from support.desk_people import PEOPLE, page, rows

Window = Callable[..., QWidget]


def test_letters_on_the_focused_list_look_for_somebody(view: ShootView, in_window: Window) -> None:
    in_window(view)
    typed: list[str] = []
    view.roster.typed.connect(typed.append)
    view.roster.list.setFocus()
    QTest.keyClick(view.roster.list, Qt.Key.Key_S)
    assert QApplication.focusWidget() is view.roster.search
    QTest.keyClick(view.roster.search, Qt.Key.Key_O)
    assert typed == ["s", "so"]


def test_enter_takes_the_best_match_and_the_line_is_empty_again(view: ShootView, in_window: Window) -> None:
    in_window(view)
    chosen: list[tuple[object, object]] = []
    view.roster.chosen.connect(lambda *told: chosen.append(told))
    view.look_for()
    QTest.keyClicks(view.roster.search, "so")
    view.roster.show_page(page(*rows()[2:4], found=True))
    QTest.qWait(350)
    QTest.keyClick(view.roster.search, Qt.Key.Key_Return)
    assert chosen == [("s2", Purpose.SET)]
    assert view.roster.search.text() == ""
    assert QApplication.focusWidget() is view.shots


def test_arrows_choose_among_those_found(view: ShootView, in_window: Window) -> None:
    in_window(view)
    chosen: list[object] = []
    view.roster.chosen.connect(lambda who, _: chosen.append(who))
    view.look_for("a")
    view.roster.show_page(page(*rows()[:4], found=True))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(view.roster.search, key)
    QTest.qWait(350)
    QTest.keyClick(view.roster.search, Qt.Key.Key_Return)
    assert chosen == ["s1"]


def test_escape_ends_the_search_and_moves_nobody(view: ShootView, in_window: Window) -> None:
    in_window(view)
    chosen: list[object] = []
    view.roster.chosen.connect(chosen.append)
    view.look_for("so", Purpose.MOVE, 3)
    assert "3" in view.roster.search.placeholderText()
    QTest.keyClick(view.roster.search, Qt.Key.Key_Escape)
    assert view.roster.purpose is Purpose.SET and not view.roster.search.text() and not chosen
    assert QApplication.focusWidget() is view.shots


def test_the_cursor_stays_on_its_person_while_rows_come_and_go(view: ShootView, in_window: Window) -> None:
    in_window(view)
    roster = view.roster
    roster.list.setCurrentIndex(roster.model.index(4))
    roster.show_page(page(*rows()[2:]))
    pointed = roster.pointed_at()
    assert pointed is not None and pointed.name == "Mira Novák"


def test_another_value_in_one_row_paints_that_row_alone(
    view: ShootView, in_window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []
    paint = RosterDelegate.paint

    def counted(self: RosterDelegate, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painted.append(view.roster.model.rows[index.row()].name)
        paint(self, painter, option, index)

    monkeypatch.setattr(RosterDelegate, "paint", counted)
    in_window(view)
    QTest.qWait(50)
    painted.clear()
    everybody = rows()
    view.roster.show_page(page(*everybody))
    QTest.qWait(50)
    assert painted == []
    more = replace(everybody[2], shots=everybody[2].shots + 1)
    view.roster.show_page(page(*everybody[:2], more, *everybody[3:]))
    QTest.qWait(50)
    assert set(painted) == {more.name}


def test_a_row_is_read_whole_and_markup_is_text(view: ShootView, in_window: Window) -> None:
    in_window(view)
    spoken = [view.roster.spoken(row) for row in view.roster.model.rows]
    assert spoken[2] == "Ana Sousa, ready, A-019, 3 of 5, on set"
    assert spoken[8].startswith("<b>Renée</b> & Roux, ready")
    assert spoken[10].startswith("x" * 500)


def test_an_empty_roster_says_what_to_do(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.roster.show_page(RosterPage(()))
    texts = [each.text() for each in view.roster.findChildren(type(view.roster._empty)) if each.isVisible()]
    assert any("F4" in each for each in texts)
    assert view.roster.fetch.isVisible()
    view.roster.show_page(RosterPage((), found=True, total=3))
    assert not view.roster.fetch.isVisible() and "Esc" in view.roster._empty.text()


def test_chips_count_and_choose(view: ShootView, in_window: Window) -> None:
    in_window(view)
    asked: list[object] = []
    view.roster.filtered.connect(asked.append)
    chip = view.roster._chips[Filter.CHECK]
    assert str(len(PEOPLE)) in chip.text()
    chip.click()
    view.roster.show_page(page(chosen=Filter.CHECK))
    assert chip.isChecked()
    chip.click()
    assert asked == [Filter.CHECK, None]


def test_every_name_is_painted_in_every_language_and_look(in_window: Window, shoot: Callable) -> None:
    from support.desk_people import Blank

    for language in DESK_LANGUAGES:
        for look in ("desk_dark", "desk_light"):
            made = ShootView(desk_texts(language), Blank(), Blank(), Blank())
            made.roster.show_page(page())
            window = in_window(made, look=look, language=language)
            assert not shoot(window, f"shoot-roster-{language}-{look}").isNull()
            assert made.roster.list.horizontalScrollBar().maximum() == 0
            window.close()


def test_tab_brings_whom_enter_would_take_into_view(view: ShootView, in_window: Window) -> None:
    in_window(view)
    roster = view.roster
    many = [replace(each, subject=SubjectId(f"{each.subject}-{n}")) for n in range(8) for each in rows()]
    roster.show_page(page(*many))
    QApplication.processEvents()
    roster.list.setCurrentIndex(roster.model.index(0))
    roster.list.verticalScrollBar().setValue(roster.list.verticalScrollBar().maximum())
    roster.list.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert roster.list.viewport().rect().contains(roster.list.visualRect(roster.list.currentIndex()).center())
