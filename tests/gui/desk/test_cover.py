"""The cover: nothing of anybody shows or is kept, only the team comes back, and what runs goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.absence import Absence
from safelight.desk.cover.view import CoverView
from safelight.desk.sheet import Sheet
from safelight.domain.changes import Changes
from safelight.domain.session import Session
from safelight.studio import sessions
from safelight.studio.founding import open_studio
from safelight.studio.staff import find_staff
from support.desk.at_desk import PASSPHRASE, AtDesk, until

NAME = "Ida Zwiebelfisch"


class Plain:
    """A screen that shows one name."""

    key = "plain"

    def __init__(self) -> None:
        self.widget: QWidget = QLabel(NAME)
        self.told: list[str] = []

    def opened(self) -> None:
        self.told.append("opened")
        self.widget.setText(NAME)  # type: ignore[attr-defined]

    def left(self) -> None:
        self.told.append("left")

    def forget(self) -> None:
        self.told.append("forget")
        self.widget.setText("")  # type: ignore[attr-defined]


@pytest.fixture
def desk(desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path) -> tuple[AtDesk, Plain]:
    """An open desk with a plain screen, on a studio with two people of the team and a session."""
    copied(tmp_path / "studio", staffed=True)
    studio = open_studio(tmp_path / "studio", PASSPHRASE)
    kim = find_staff(studio, "Kim")
    new = sessions.NewSession("Spring for " + NAME, "Nordwind", "Berlin", "DE", studio.today(), kim.id, zone="UTC")
    session: Session = sessions.new_session(studio, new)[0]
    made = desks(tmp_path / "studio")
    made.opening.window.show()
    made.opening.enter(studio)
    until(lambda: bool(made.ready))
    screen = Plain()
    made.opening.window.show_screens([(screen, "Plain")], "plain")
    made.opening.desk.open_session(session)
    made.opening.window.activateWindow()
    until(lambda: QApplication.activeWindow() is made.opening.window and QApplication.focusWindow() is not None)
    return made, screen


def texts(window: QWidget) -> str:
    shown = [each.text() + each.accessibleName() + each.toolTip() for each in window.findChildren(QLabel)]
    return " ".join(shown) + window.windowTitle()


def covered(desk: AtDesk, qtbot: QtBot) -> CoverView:
    qtbot.keyClick(desk.opening.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    (view,) = desk.opening.window.findChildren(CoverView)
    until(view.isVisible)
    return view


def test_covered_nothing_of_anybody_is_left_in_the_window(
    desk: tuple[AtDesk, Plain], qtbot: QtBot, shoot: Callable[[QWidget, str], QImage]
) -> None:
    at, screen = desk
    at.opening.desk.say(f"{NAME} is ready.", "")
    assert NAME in texts(at.opening.window)
    covered(at, qtbot)
    shoot(at.opening.window, "desk-covered")
    assert NAME not in texts(at.opening.window) and screen.told[-1] == "forget"
    at.opening.desk.say(f"{NAME} has signed.", "")
    at.opening.desk.status.show_space("12 GB", alarming=False)
    assert NAME not in texts(at.opening.window)


def test_a_pin_of_the_team_leads_back_and_says_who_is_there(desk: tuple[AtDesk, Plain], qtbot: QtBot) -> None:
    at, screen = desk
    view = covered(at, qtbot)
    words = at.opening.desk.words
    qtbot.keyClicks(view.field.edit, "9999")
    qtbot.keyClick(view.field.edit, Qt.Key.Key_Return)
    until(lambda: view.said.text() == words.get("cover.wrong_pin"))
    qtbot.keyClicks(view.field.edit, "1357")
    qtbot.keyClick(view.field.edit, Qt.Key.Key_Return)
    until(lambda: not at.opening.desk.is_covered)
    assert at.opening.desk.by.name == "Robin" and screen.told[-1] == "opened" and screen.widget.isVisible()
    assert NAME in texts(at.opening.window)


def test_a_scan_never_uncovers(desk: tuple[AtDesk, Plain], qtbot: QtBot) -> None:
    at, _ = desk
    heard: list[str] = []
    at.opening.desk.scanned.connect(heard.append)
    at.opening.window.scans.scanned.emit("SL-1234")
    assert heard == ["SL-1234"]
    view = covered(at, qtbot)
    handle = at.opening.window.windowHandle()
    assert handle is not None
    for letter in "2468":
        qtbot.keyClick(handle, letter)
    qtbot.keyClick(handle, Qt.Key.Key_Return)
    QCoreApplication.processEvents()
    assert at.opening.desk.is_covered and heard == ["SL-1234"] and view.field.edit.text() == ""


def test_after_a_sleep_only_the_passphrase_leads_back(desk: tuple[AtDesk, Plain], qtbot: QtBot) -> None:
    at, _ = desk
    view = covered(at, qtbot)
    at.opening.absence.slept.emit()
    assert view.needs_passphrase
    at.opening.covering.give_pin("2468")
    until(lambda: not at.opening.jobs.busy)
    assert at.opening.desk.is_covered
    qtbot.keyClicks(view.field.edit, "not it")
    qtbot.keyClick(view.field.edit, Qt.Key.Key_Return)
    until(lambda: view.said.text() == at.opening.desk.words.get("cover.wrong_passphrase"))
    qtbot.keyClicks(view.field.edit, PASSPHRASE)
    qtbot.keyClick(view.field.edit, Qt.Key.Key_Return)
    until(lambda: not at.opening.desk.is_covered)
    assert view.field.edit.text() == ""


def test_a_clock_that_jumps_ahead_is_a_sleep_and_one_set_back_is_none(qtbot: QtBot) -> None:
    wall, steady, said = [1000.0], [10.0], []
    absence = Absence(wall=lambda: wall[0], steady=lambda: steady[0])
    absence.slept.connect(lambda: said.append("slept"))
    absence.start()
    for by_wall, by_steady, expected in ((1, 1, 0), (60, 1, 0), (62, 1, 1), (-3600, 1, 1), (300, 300, 1)):
        wall[0] += by_wall
        steady[0] += by_steady
        absence.look()
        assert len(said) == expected
    absence.stop()


def test_idle_covers_and_work_puts_it_off(desk: tuple[AtDesk, Plain], monkeypatch: pytest.MonkeyPatch) -> None:
    at, _ = desk
    idle = at.opening.absence._idle
    assert idle.isActive() and idle.interval() == 300_000
    idle.setInterval(150)
    for _ in range(6):
        at.opening.desk.worked.emit()
        QCoreApplication.processEvents()
        until(lambda: idle.remainingTime() < 110)
    assert not at.opening.desk.is_covered
    until(lambda: at.opening.desk.is_covered)


def test_what_runs_goes_on_behind_the_cover(desk: tuple[AtDesk, Plain], qtbot: QtBot) -> None:
    at, _ = desk
    covered(at, qtbot)
    done: list[str] = []
    at.opening.desk.status.long("Export", lambda _: ("done", Changes.NONE), done.append, at.opening.desk.failed)
    until(lambda: done == ["done"])
    assert at.opening.desk.is_covered


def test_f1_shows_every_key_and_esc_takes_them_away(
    desk: tuple[AtDesk, Plain], qtbot: QtBot, shoot: Callable[[QWidget, str], QImage]
) -> None:
    at, _ = desk
    window = at.opening.window
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (sheet,) = window.findChildren(Sheet)
    shoot(window, "desk-keys")
    assert at.opening.desk.words.get("keys.hand_over") in texts(sheet)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    until(lambda: not any(each.isVisible() for each in window.findChildren(Sheet)))


def test_closing_while_a_job_runs_asks_and_finishes_first(
    desk: tuple[AtDesk, Plain], qtbot: QtBot, shoot: Callable[[QWidget, str], QImage]
) -> None:
    at, _ = desk
    go: list[bool] = []
    done: list[str] = []

    def work(report) -> tuple[str, Changes]:
        while not go:
            report(1, 2, "")
        return "kept", Changes.NONE

    at.opening.desk.status.long("Export", work, done.append, at.opening.desk.failed)
    until(lambda: at.opening.desk.status.running[0].total == 2)
    at.opening.window.close()
    (sheet,) = at.opening.window.findChildren(Sheet)
    shoot(at.opening.window, "desk-closing")
    assert at.opening.window.isVisible()
    qtbot.keyClick(sheet.findChildren(QWidget)[0].window().focusWidget(), Qt.Key.Key_Space)
    assert at.opening.window.isVisible()
    go.append(True)
    until(lambda: not at.opening.window.isVisible())
    assert done == ["kept"]
