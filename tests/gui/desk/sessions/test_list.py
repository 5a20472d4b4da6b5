"""The list of sessions: newest first, with counts, found by a few letters, opened by Enter, empty with what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safelight.domain.changes import Changes
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import Session, SessionState
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.sessions import close_session
from safelight.studio.subjects import add_subject

from .conftest import DAY, AtSessions

Make = Callable[..., Session]


def arrives(studio: OpenStudio, session: Session, name: str) -> None:
    add_subject(studio, session, Subject(SubjectId(new_id()), name, Language("en"), Country("DE")))


def test_a_studio_without_sessions_says_what_to_do_and_enter_does_it(at: AtSessions) -> None:
    at.open()
    page = at.view.list
    assert page.empty.isVisible() and "first one" in page.empty.text() and not page.table.isVisible()
    assert page.first.hasFocus()
    QTest.keyClick(page.first, Qt.Key.Key_Return)
    at.settle()
    assert at.view.currentWidget() is at.view.form and at.view.form.name.edit.hasFocus()


def test_the_newest_session_stands_first_with_its_counts(at: AtSessions, session: Make, studio: OpenStudio) -> None:
    spring = session("Spring")
    session("Autumn", DAY + timedelta(200))
    session("Fair", DAY - timedelta(9), DAY + timedelta(30))
    for name in ("Ana", "Ben"):
        arrives(studio, spring, name)
    at.open()
    assert at.names() == ["Autumn", "Fair", "Spring"]
    assert at.view.list.table.rows[2].cells[3:7] == ("2", "0", "0", "0")
    assert "2 people in 7 hours need 1 signing place" in about(at, spring)


def about(at: AtSessions, session: Session) -> str:
    at.view.list.table.choose(session.id)
    return at.view.list.side.plan.text()


def test_enter_opens_the_session_and_leads_to_the_shoot(at: AtSessions, session: Make) -> None:
    spring = session("Spring")
    at.open()
    assert at.view.list.table.hasFocus()
    QTest.keyClick(at.view.list.table, Qt.Key.Key_Return)
    assert at.desk.session == spring and at.went == ["shoot"]


def test_letters_find_by_name_client_and_place_without_their_accents(at: AtSessions, session: Make) -> None:
    session("Büro Öztürk")
    session("Spring", client="Wójcik & Söhne")
    session("Fair", place="Łódź")
    at.open()
    QTest.keyClick(at.view.list.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    for typed, found in (("oz", ["Büro Öztürk"]), ("wojcik", ["Spring"]), ("lodz", ["Fair"]), ("sp soh", ["Spring"])):
        at.view.list.search.edit.clear()
        QTest.keyClicks(at.view.list.search.edit, typed)
        assert at.names() == found, typed
    QTest.keyClicks(at.view.list.search.edit, "<q>")
    assert not at.names() and "“sp soh<q>”" in at.view.list.empty.text()
    QTest.keyClick(at.view.list.search.edit, Qt.Key.Key_Escape)
    assert len(at.names()) == 3
    at.view.list.table.setFocus()
    QTest.keyClicks(at.view.list.table, "f")
    QTest.keyClicks(at.view.list.search.edit, "a")
    assert at.view.list.search.edit.hasFocus() and at.names() == ["Fair"]


def test_what_others_write_is_seen_at_once(at: AtSessions, session: Make, studio: OpenStudio) -> None:
    spring = session("Spring")
    at.open()
    at.jobs.write(
        lambda _: add_subject(studio, spring, Subject(SubjectId(new_id()), "Ana", Language("en"), Country("DE"))),
        lambda _: None, at.desk.failed,
    )  # fmt: skip
    at.view.list.side.buttons["change"].setFocus()
    at.settle()
    at.settle()
    assert at.view.list.table.rows[0].cells[3] == "1" and at.view.list.side.buttons["change"].hasFocus()


def test_a_closed_session_says_so_and_is_opened_again(at: AtSessions, session: Make, studio: OpenStudio) -> None:
    spring = session("Spring")
    close_session(studio, spring)
    at.open()
    assert at.view.list.table.rows[0].cells[-1] == "✓ closed"
    assert not at.view.list.side.buttons["change"].isVisible()
    at.view.list.side.buttons["reopen"].click()
    at.settle()
    assert session_by_id(studio, spring.id).state is SessionState.OPEN
    assert at.view.list.table.rows[0].cells[-1] == "○ open" and "open again" in at.said[-1]


def test_names_of_any_length_and_script_are_shown_as_typed(at: AtSessions, session: Make, studio: OpenStudio) -> None:
    names = ["<b>Bold</b> & Söhne", "جلسة النور", "👩‍🎤 Café", "x" * 500]
    for number, name in enumerate(names):
        session(name, DAY + timedelta(-number))
    at.open()
    assert at.names()[:3] == names[:3] and len(at.names()[3]) == 60
    for row in at.view.list.table.rows:
        at.view.list.table.choose(row.key)
    assert at.view.list.side.name.text().endswith("…") and at.window.width() == 1280


def test_covered_nothing_of_any_session_is_left_in_the_widgets(at: AtSessions, session: Make) -> None:
    session("Secret job", client="Secret client")
    at.open()
    at.screen.forget()
    at.settle()
    page = at.view.list
    shown = [page.side.name.text(), page.empty.text(), page.told.text(), *map(str, page.table.rows)]
    assert not any("Secret" in each for each in shown)
    at.screen.opened()
    at.settle()
    assert at.names() == ["Secret job"]


def test_nothing_is_read_while_another_screen_is_shown(at: AtSessions, session: Make, studio: OpenStudio) -> None:
    spring = session("Spring", date(2027, 1, 1))
    at.open()
    at.screen.left()
    arrives(studio, spring, "Ana")
    at.jobs.tell(Changes.SUBJECTS)
    at.settle()
    assert at.view.list.table.rows[0].cells[3] == "0"
