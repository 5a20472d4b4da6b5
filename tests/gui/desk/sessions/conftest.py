"""The screen of sessions in a real window of the desk, on a real studio with somebody who takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from safelight.desk.desk import Desk
from safelight.desk.preferences import Preferences
from safelight.desk.sessions.screen import SessionsScreen, open_screen
from safelight.desk.sessions.view import SessionsView
from safelight.desk.window import DeskWindow
from safelight.domain.people import Role, StaffMember
from safelight.domain.session import Session
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import desk_texts
from safelight.studio.decoding import DecoderPool
from safelight.studio.open_studio import OpenStudio
from safelight.studio.sessions import NewSession, new_session
from safelight.studio.staff import add_staff
from support.desk.at_desk import SigningDouble

DAY = date(2027, 3, 8)


class AtSessions:
    """The screen as somebody works at it; ``said`` is what the strip of the window said."""

    def __init__(self, qtbot: QtBot, studio: OpenStudio, by: StaffMember, settings: Path, language: str = "en") -> None:
        self.qtbot, self.studio, self.by = qtbot, studio, by
        self.jobs = Jobs()
        self.desk = Desk(self.jobs, desk_texts(language), SigningDouble(), Preferences(settings))
        self.window = DeskWindow(self.desk)
        qtbot.addWidget(self.window)
        theme.apply(self.window, theme.DESK_DARK)
        theme.speak(self.window, language)
        self.said: list[str] = []
        self.went: list[str] = []
        self.desk.said.connect(lambda title, hint: self.said.append(f"{title} {hint}".strip()))
        self.desk.went.connect(self.went.append)
        self.desk.unlock(studio, DecoderPool(), by)
        self.screen: SessionsScreen = open_screen(self.desk)

    @property
    def view(self) -> SessionsView:
        return self.screen.view

    def open(self, width: int = 1280, height: int = 720) -> AtSessions:
        self.window.show_screens([(self.screen, "Sessions")], "sessions")
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        self.settle()
        return self

    def settle(self) -> None:
        """Everything handed in came back."""
        latest = time.monotonic() + 30
        QCoreApplication.processEvents()
        while self.jobs.busy:
            QCoreApplication.processEvents()
            assert time.monotonic() < latest, "it never ended"
            time.sleep(0.002)
        QCoreApplication.processEvents()

    def names(self) -> list[str]:
        """The sessions in the list, from above."""
        return [row.cells[0] for row in self.view.list.table.rows]

    def close(self) -> None:
        self.window.drop_screens()
        self.jobs.close()
        decoders = self.desk.decoders
        self.desk.lock()
        decoders.__exit__(None, None, None)
        self.window.close_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def kim(studio: OpenStudio) -> StaffMember:
    add_staff(studio, "Robin", frozenset({Role.REVIEWER}))
    return add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))[0]


@pytest.fixture
def session(studio: OpenStudio, kim: StaffMember) -> Callable[..., Session]:
    """``session(name, days…, **wanted)``: a session of the studio."""

    def make(name: str, *days: date, **wanted: object) -> Session:
        new = NewSession(name, "Nordwind", "Berlin", "DE", None, kim.id, days=days or (DAY,), zone="Europe/Berlin")
        return new_session(studio, replace(new, **wanted))[0]  # type: ignore[arg-type]

    return make


@pytest.fixture
def at(qtbot: QtBot, studio: OpenStudio, kim: StaffMember, tmp_path: Path) -> Iterator[AtSessions]:
    made = AtSessions(qtbot, studio, kim, tmp_path / "desk.ini")
    yield made
    made.close()
