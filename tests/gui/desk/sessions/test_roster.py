"""A list of people is looked at before it is taken in: columns, every row with what becomes of it, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safelight.desk.sessions.roster_page import NOTHING, RosterPage
from safelight.desk.sessions.rows import ColumnRow, Outcome, meanings_with
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import StaffMember, Subject
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.sessions import session_rows
from safelight.studio.subjects import add_subject

from .conftest import AtSessions

Make = Callable[..., Session]
LIST = """Name;E-mail;Born;Dept;Ref;Remark
Ana Sousa;ana@x.example;1990-02-03;Marketing;100;
Jonas Ångström;jonas@x.example;1985-12-31;IT;101;left-handed
محمد القحطاني;m@x.example;;IT;102;
<b>Bold</b> & Söhne;no mail;1999-01-01;IT;103;
李小龍;lee@x.example;2001-05-05;Sales;104;
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def people(studio: OpenStudio) -> int:
    return session_rows(studio)[0].people


def opened(at: AtSessions, session: Session) -> RosterPage:
    at.open()
    at.view.list.table.choose(session.id)
    at.settle()
    at.view.list.side.buttons["people"].click()
    at.settle()
    assert at.view.currentWidget() is at.view.roster and at.view.roster.drop.choose.hasFocus()
    return at.view.roster


def looked_at(at: AtSessions, page: RosterPage, path: Path) -> None:
    page.file_chosen.emit(path)
    at.settle()
    QApplication.processEvents()


def drop(page: RosterPage, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(list(urls))
    page.dropEvent(
        QDropEvent(
            QPointF(QPoint(9, 9)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def test_a_dropped_list_is_shown_row_by_row_and_nothing_is_written(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    spring = session("Spring")
    old = "ana@old.example"
    known = Subject(SubjectId(new_id()), "Ana Sousa", Language("en"), Country("DE"), date(1990, 2, 3), old)
    add_subject(studio, spring, known)
    page = opened(at, spring)
    drop(page, QUrl.fromLocalFile(str(listed)))
    at.settle()
    cells = {row.cells[0]: row.cells for row in page.table.rows}
    assert cells["2"][2] == "= already there" and "E-mail" in cells["2"][3]
    assert cells["4"][1:3] == ("محمد القحطاني", "+ new")
    assert cells["5"][2] == "! left out" and "e-mail" in cells["5"][3] and "<b>Bold</b>" in cells["5"][1]
    assert [button.words for button in page.filter.buttons] == ["All 5", "New 3", "Already there 1", "Left out 1"]
    assert page.take_in.words == "Import 3 people" and page.take_in.hasFocus() and people(studio) == 1
    page.filter.buttons[3].click()
    assert [row.cells[0] for row in page.table.rows] == ["5"]


def test_import_takes_in_what_was_looked_at_and_the_list_counts_them(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    page = opened(at, session("Spring"))
    looked_at(at, page, listed)
    QTest.keyClick(page.take_in, Qt.Key.Key_Return)
    at.settle()
    assert people(studio) == 4 and at.view.currentWidget() is at.view.list
    assert at.view.list.table.rows[0].cells[3] == "4"
    assert "4 people were added" in at.said[-1] and "1 row was left out" in at.said[-1]


def test_a_list_that_changed_since_is_not_taken_in(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    page = opened(at, session("Spring"))
    looked_at(at, page, listed)
    listed.write_text(LIST + "Eve;;;;;\n", encoding="utf-8")
    page.take_in.click()
    at.settle()
    assert "changed after you looked" in page.foot.said.text() and people(studio) == 0 and page.table.rows


def test_the_same_list_again_adds_nobody_and_says_so(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    spring = session("Spring")
    page = opened(at, spring)
    looked_at(at, page, listed)
    page.take_in.click()
    at.settle()
    at.view.list.side.buttons["people"].click()
    at.settle()
    looked_at(at, page, listed)
    assert not page.take_in.isEnabled() and "Nobody on this list is new" in page.foot.said.text()
    assert people(studio) == 4


def test_a_column_read_otherwise_changes_the_rows(at: AtSessions, session: Make, listed: Path) -> None:
    page = opened(at, session("Spring"))
    looked_at(at, page, listed)
    assert page.meanings["Name"].value == "full_name"
    page.meanings["Remark"].choose("department")
    page.meanings["Remark"].chosen.emit("department")
    at.settle()
    assert page.meanings["Dept"].value == NOTHING and page.meanings["Remark"].value == "department"
    assert "left-handed" in page.table.rows[1].cells[3]
    page.meanings["Name"].choose(NOTHING)
    page.meanings["Name"].chosen.emit(NOTHING)
    at.settle()
    assert not page.take_in.isEnabled() and "which column holds the names" in page.foot.said.text()
    assert page.meanings["Name"].isVisible()


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("noise.bin", bytes(range(256)) * 40), ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(400)),
     ("large.csv", b"Name\n" + b"x" * (6 << 20)), ("gone.csv", None)],
)  # fmt: skip
def test_what_is_no_list_is_one_sentence_and_the_next_file_can_be_chosen(
    at: AtSessions, session: Make, studio: OpenStudio, tmp_path: Path, listed: Path, name: str, content: bytes | None
) -> None:
    page = opened(at, session("Spring"))
    if content is not None:
        (tmp_path / name).write_bytes(content)
    looked_at(at, page, tmp_path / name)
    assert page.foot.said.text() and page.drop.isVisible() and people(studio) == 0
    looked_at(at, page, listed)
    assert page.take_in.words == "Import 4 people" and page.foot.said.text() == ""


def test_a_folder_a_web_address_or_several_files_are_refused_in_one_sentence(
    at: AtSessions, session: Make, tmp_path: Path, listed: Path
) -> None:
    page = opened(at, session("Spring"))
    for urls in (
        [QUrl("https://example.org/people.csv")], [QUrl.fromLocalFile(str(listed))] * 2,
        [QUrl.fromLocalFile(str(tmp_path))],
    ):  # fmt: skip
        page.show_error("")
        drop(page, *urls)
        at.settle()
        assert page.foot.said.text() and page.drop.isVisible(), urls


def test_covered_no_name_of_the_list_is_left_and_it_is_looked_at_again_afterwards(
    at: AtSessions, session: Make, listed: Path
) -> None:
    page = opened(at, session("Spring"))
    looked_at(at, page, listed)
    at.screen.forget()
    at.settle()
    assert page.table.rows == () and not page.meanings and page.about.text() == ""
    at.screen.opened()
    at.settle()
    assert at.view.currentWidget() is page and len(page.table.rows) == 5


def test_somebody_added_meanwhile_is_there_already_in_the_list_that_is_shown(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    spring = session("Spring")
    page = opened(at, spring)
    looked_at(at, page, listed)
    at.jobs.write(
        lambda _: add_subject(
            studio, spring, Subject(SubjectId(new_id()), "Jonas Ångström", Language("en"), Country("DE"))
        ),
        lambda _: None, at.desk.failed,
    )  # fmt: skip
    at.settle()
    at.settle()
    assert page.take_in.words == "Import 3 people"


def test_esc_leads_back_and_nothing_was_written(
    at: AtSessions, session: Make, studio: OpenStudio, listed: Path
) -> None:
    page = opened(at, session("Spring"))
    looked_at(at, page, listed)
    QTest.keyClick(page.take_in, Qt.Key.Key_Escape)
    at.settle()
    assert at.view.currentWidget() is at.view.list and people(studio) == 0


def test_a_field_belongs_to_one_column() -> None:
    columns = (ColumnRow("A", "full_name", ""), ColumnRow("B", "email", ""), ColumnRow("C", "", ""))
    assert meanings_with(columns, "C", "email") == {"A": "full_name", "C": "email"}
    assert meanings_with(columns, "A", "") == {"B": "email"}
    assert Outcome.ALL not in {Outcome.ADDED, Outcome.KNOWN, Outcome.LEFT_OUT}


def test_why_a_row_is_left_out_is_said_in_the_language_of_the_desk(
    qtbot: QtBot, studio: OpenStudio, kim: StaffMember, session: Make, tmp_path: Path
) -> None:
    made = session("Portraits")
    path = tmp_path / "list.csv"
    path.write_text("Liste,,\nName,Nummer,Geboren\n,8,\nAda,9,1.1.2090\nBo,10,\nCy,10,\n", encoding="utf-8")
    at = AtSessions(qtbot, studio, kim, tmp_path / "desk.ini", "de")
    try:
        page = opened(at, made)
        looked_at(at, page, path)
        why = [row.cells[3] for row in page.table.rows if row.cells[2] == "! ausgelassen"]
    finally:
        at.close()
    assert why == [
        "steht über der Zeile mit den Spaltennamen", "hat keinen Namen",
        "das Geburtsdatum 2090-01-01 liegt in der Zukunft",
        "die Nummer steht schon in Zeile 5, bei einem anderen Namen",
    ]  # fmt: skip
