"""The journal as a screen of the desk."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk

from .presenter import JournalPresenter
from .view import JournalView


class JournalScreen:
    """Keeps what :class:`~safelight.desk.screen.Screen` asks for."""

    key = "journal"

    def __init__(self, desk: Desk) -> None:
        self.view = JournalView(desk.words)
        self.presenter = JournalPresenter(desk, self.view)

    @property
    def widget(self) -> QWidget:
        return self.view

    def opened(self) -> None:
        self.presenter.open()
        self.view.table.setFocus()

    def left(self) -> None:
        self.presenter.leave()

    def forget(self) -> None:
        self.presenter.forget()


def open_screen(desk: Desk) -> JournalScreen:
    """Made once, after unlocking."""
    return JournalScreen(desk)
