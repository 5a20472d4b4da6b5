"""A whole day at the desk by keyboard alone: keys go to what has the focus, and Tab is the only way to it.

Of what is no part of the desk two things are stood in for: the system's own dialog that chooses a file, and the guest
who answers at the signing screen.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from safelight.agency import founding as agencies
from safelight.agency.open_agency import OpenAgency
from safelight.desk.shoot import switching
from safelight.desk.window import DeskWindow
from safelight.domain.ids import SubjectId
from safelight.domain.session import SessionState
from safelight.studio.queries.board import session_board
from support.desk.at_desk import until
from support.desk.cameras import Camera
from support.desk.whole_day import KIM, OWN, USE, WholeDay

NAMES = ("Grace Hopper", "Ada Lovelace", "Mary Somerville")
"""Who is on the list: the first two are photographed, the third does not come."""
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
MOST_STOPS = 120


class Keyboard:
    """Ten fingers at the desk of ``day``; ``monkeypatch`` lets the system's file dialog answer with a path."""

    def __init__(self, day: WholeDay, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._day, self._folder, self._chosen = day, folder, Path()
        monkeypatch.setattr(QFileDialog, "open", lambda asking: asking.fileSelected.emit(str(self._chosen)))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(self._chosen), ""))
        # The signing screen stands on a screen of its own; on the only one there is the desk would be hidden behind it.
        monkeypatch.setattr(DeskWindow, "step_aside", lambda _: None)

    # Fingers.

    @property
    def focus(self) -> QWidget:
        """What has the focus: in the active window, in view, and nothing else gets a key."""
        now = QApplication.focusWidget()
        assert now is not None, "nothing has the focus"
        assert now.window() is QApplication.activeWindow() and now.isVisible() and now.isEnabled()
        return now

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Keys one after the other, none taken for the end of the one before."""
        for key in keys:
            QTest.qWait(round(switching.KEY_PAUSE_S * 1000) + 30)
            QTest.keyClick(self.focus, key, held)

    def type(self, text: str) -> None:
        """Letters, as fast as they come."""
        QTest.keyClicks(self.focus, text)

    def tab_to(self, wanted: QWidget) -> None:
        """On by Tab until ``wanted`` has the focus."""
        until(lambda: wanted.isVisible() and wanted.isEnabled(), 60)
        for _ in range(MOST_STOPS):
            if wanted.hasFocus():
                return
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
            QApplication.processEvents()
        raise AssertionError(f"Tab never comes to {wanted.accessibleName()!r}")

    def do(self, wanted: QWidget) -> None:
        """On to it by Tab, and Space."""
        self.tab_to(wanted)
        QTest.keyClick(wanted, Qt.Key.Key_Space)
        QApplication.processEvents()

    def choose(self, button: QWidget, path: Path) -> None:
        """The file ``path`` is chosen where ``button`` asks for one."""
        self._chosen = path
        self.do(button)

    # The day.

    def make_session(self, agency: OpenAgency) -> None:
        """A session whose cards ask for two uses, with the agency as recipient; the focus is where work begins."""
        day, card = self._day, self._folder / "agency-card.json"
        card.write_bytes(agencies.agency_card(agency))
        view = day.opening.window._screens["sessions"].view  # type: ignore[attr-defined]
        until(lambda: view.list.first.isVisible() and view.list.first.hasFocus())
        self.press(Qt.Key.Key_Return)
        form = view.form
        until(lambda: view.currentWidget() is form and bool(form.uses.boxes) and form.name.edit.hasFocus())
        self.type("Spring")
        self.tab_to(form.client.edit)
        self.type("Nordwind")
        self.tab_to(form.frames.edit)
        self.press(Qt.Key.Key_A, held=CTRL)
        self.type("2")
        for key, box in form.uses.boxes.items():
            if box.isChecked() is not (key in (USE, OWN)):
                self.do(box)
        self.choose(form.recipients.by_card, card)
        until(lambda: agency.identity.name in form.recipients.added.text())
        self.tab_to(form.save)
        self.press(Qt.Key.Key_Return)
        until(lambda: view.currentWidget() is view.list and bool(view.list.table.rows))
        day.rest()

    def take_in_roster(self) -> None:
        """The list of people, and the session is opened for the shoot."""
        list_ = self._folder / "people.csv"
        with list_.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([["Name", "Number"], *((name, f"A-{n}") for n, name in enumerate(NAMES))])
        view = self._day.opening.window._screens["sessions"].view  # type: ignore[attr-defined]
        self.do(view.list.side.buttons["people"])
        until(lambda: view.currentWidget() is view.roster and view.roster.drop.choose.isVisible())
        self.choose(view.roster.drop.choose, list_)
        until(lambda: view.roster.take_in.isVisible() and view.roster.take_in.isEnabled())
        self.tab_to(view.roster.take_in)
        self.press(Qt.Key.Key_Return)
        until(lambda: view.currentWidget() is view.list)
        self._day.rest()
        self.tab_to(view.list.table)
        self.press(Qt.Key.Key_Return)
        until(lambda: self._day.opening.desk.session is not None and self._day.opening.window.screen_key == "shoot")
        until(lambda: len(self._day.shoot.view.roster.model.rows) == len(NAMES))
        self._day.rest()

    def start_shooting(self, camera: Camera) -> None:
        """The folder is chosen, and the camera photographs the clock card."""
        day, right = self._day, self._day.shoot.view.right
        self.choose(named(right, day.opening.desk.words.get("shoot.source.folder-button")), day.hot)
        until(lambda: day.shoot.presenter.source.news is not None)
        self.do(named(right, day.opening.desk.words.get("shoot.clock")))
        day.learn(camera, lambda: self.press(Qt.Key.Key_Escape))

    def find(self, letters: str) -> SubjectId:
        """Somebody by some letters of their name."""
        day, before = self._day, self._day.shoot.presenter.set.on_set
        self.press(Qt.Key.Key_F, held=CTRL)
        self.type(letters)
        until(lambda: (row := day.shoot.view.roster.pointed_at()) is not None and letters in row.name)
        self.press(Qt.Key.Key_Return)
        until(lambda: day.shoot.presenter.set.on_set not in ((), before))
        day.rest()
        (subject,) = day.shoot.presenter.set.on_set
        return subject

    def hand_over(self, subject: SubjectId) -> None:
        """The signing screen is handed over by F2 and taken back by F3 and a PIN."""
        day = self._day
        self.press(Qt.Key.Key_F2)
        day.guest_answers((USE, OWN))
        day.come_front()
        self.press(Qt.Key.Key_F3)
        until(lambda: bool(day.opening.window.sheets))
        self.type(KIM)
        self.press(Qt.Key.Key_Return)
        until(lambda: not day.opening.desk.signing.is_open, 60)
        day.come_front()
        day.rest()
        day.yes[subject] = frozenset({USE, OWN})

    def close_the_day(self, absent: SubjectId) -> None:
        """Who never came is said to be absent, and then there is nothing open."""
        day = self._day
        self.press(Qt.Key.Key_3, held=CTRL)
        view = day.opening.window._screens["review"].view  # type: ignore[attr-defined]
        until(lambda: view.gate.pin.edit.hasFocus())
        self.type(KIM)
        self.press(Qt.Key.Key_Return)
        until(lambda: bool(view.table.rows) and view.table.isVisible(), 60)
        day.rest()
        self.tab_to(view.table)
        for _ in view.table.rows:
            if view.table.current == absent:
                break
            self.press(Qt.Key.Key_Down)
        assert view.table.current == absent
        until(lambda: view.absent.isEnabled())
        self.do(view.absent)
        until(lambda: view.foot.close_day.isEnabled(), 60)
        day.rest()
        self.do(view.foot.close_day)
        until(lambda: day.session.state is SessionState.CLOSED, 120)
        day.rest()

    def export(self, agency: OpenAgency) -> Path:
        """The bundle for the agency: what may be used in Germany."""
        day, bundle = self._day, self._folder / "bundle.age"
        self.press(Qt.Key.Key_4, held=CTRL)
        view = day.opening.window._screens["export"].view  # type: ignore[attr-defined]
        until(lambda: bool(view.recipients.buttons))
        day.rest()
        self.do(next(each for each in view.recipients.buttons if each.words.startswith(agency.identity.name)))
        self.do(next(each for each in view.uses.buttons if each.words == "Staff directory"))
        self.tab_to(view.country.box)
        self.type("Germ")
        until(lambda: view.export.isEnabled(), 60)
        day.rest()
        self.choose(view.export, bundle)
        until(lambda: bool(view.done.told.text()), 180)
        day.rest()
        return bundle

    def absent_one(self) -> SubjectId:
        """Who is on the list and never came."""
        people = session_board(self._day.studio, self._day.session).people
        return next(each.id for each in people if each.name == NAMES[2])


def named(inside: QWidget, words: str) -> QWidget:
    """The button that is called so."""
    found: Callable[[QWidget], bool] = lambda each: each.accessibleName() == words and each.isVisible()  # noqa: E731
    return next(filter(found, inside.findChildren(QWidget)))
