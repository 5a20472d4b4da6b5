"""The sessions as a screen of the desk."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk
from safelight.studio.rosters import FIELDS

from .presenter import SessionsPresenter
from .view import SessionsView


class SessionsScreen:
    """Keeps what :class:`~safelight.desk.screen.Screen` asks for."""

    key = "sessions"

    def __init__(self, desk: Desk) -> None:
        self.view = SessionsView(desk.words, FIELDS)
        self.presenter = SessionsPresenter(desk, self.view)

    @property
    def widget(self) -> QWidget:
        return self.view

    def opened(self) -> None:
        self.presenter.open()

    def left(self) -> None:
        self.presenter.leave()

    def forget(self) -> None:
        self.presenter.forget()


def open_screen(desk: Desk) -> SessionsScreen:
    """Made once, after unlocking."""
    return SessionsScreen(desk)
