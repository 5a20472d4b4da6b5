"""A table under the keyboard: where Tab leads, the row that keys are about is in view and stands out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.qt import theme
from safelight.qt.table import Row, Table
from support.desk.seen import is_focus_drawn

ROWS = [Row(f"r{number}", (f"Name {number}", "ready")) for number in range(60)]


@pytest.fixture
def table(qapp: QApplication, qtbot: QtBot) -> Iterator[Table]:
    """A table below a field that has the focus."""
    page, made = QWidget(), Table("People", ("Name", "State"))
    page.setProperty("role", "screen")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    rows = QVBoxLayout(page)
    field = QLineEdit()
    rows.addWidget(field)
    rows.addWidget(made)
    theme.apply(page, theme.DESK_DARK)
    page.resize(600, 400)
    page.show()
    page.activateWindow()
    field.setFocus()
    with qtbot.waitActive(page):
        pass
    yield made
    page.close()
    page.deleteLater()


def tab(table: Table) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert table.hasFocus()


def test_tab_into_a_table_nobody_was_in_shows_which_row_is_meant(table: Table) -> None:
    """Space and Enter are about the first row from then on, so it is to be seen."""
    table.show_rows(ROWS)
    heard: list[str] = []
    table.ticked.connect(heard.append)
    tab(table)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert heard == ["r0"]
    assert [each.row() for each in table.selectionModel().selectedRows()] == [0]


def test_tab_brings_the_row_that_is_meant_into_view(table: Table) -> None:
    table.show_rows(ROWS)
    table.choose("r2")
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    tab(table)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_the_focus_of_an_empty_table_is_seen(table: Table) -> None:
    tab(table)
    assert is_focus_drawn(table)


def test_the_same_rows_leave_out_the_same_columns(qapp: QApplication) -> None:
    """What a header needs counts also while its column is left out, or every other look would bring it back."""
    page, columns = QWidget(), ("Name", *(f"A long heading {number}" for number in range(4)))
    made = Table("People", columns)
    made.let_go((1, 2, 3))
    rows = QVBoxLayout(page)
    rows.addWidget(made)
    theme.apply(page, theme.DESK_DARK)
    page.resize(460, 300)
    page.show()
    found = []
    for _ in range(4):
        made.show_rows([Row("r", ("Name", "1", "2", "3", "4"))])
        QApplication.processEvents()
        found.append([made.isColumnHidden(at) for at in range(5)])
    assert any(found[0]) and all(each == found[0] for each in found)
    assert made.horizontalScrollBar().maximum() == 0
    page.close()
    page.deleteLater()
