"""People's rights as a screen of the desk."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.settings.file_chooser import FileChooser
from safelight.studio.queries.pictures import thumbnails

from .presenter import RightsPresenter
from .view import RightsView


class RightsScreen:
    """Keeps what :class:`~safelight.desk.screen.Screen` asks for."""

    key = "rights"

    def __init__(self, desk: Desk, chooser: FileChooser | None = None) -> None:
        """``chooser`` asks for files and folders; dialogs do when left out."""
        self._pictures = Thumbnails(desk.jobs, lambda guids: thumbnails(desk.studio, guids))
        self.view = RightsView(desk.words, self._pictures)
        self._pictures.setParent(self.view)
        self.presenter = RightsPresenter(desk, self.view, chooser or FileChooser())

    @property
    def widget(self) -> QWidget:
        return self.view

    def opened(self) -> None:
        self.presenter.open()
        self.view.work()

    def left(self) -> None:
        self.presenter.leave()
        self._pictures.forget()

    def forget(self) -> None:
        self.presenter.forget()
        self._pictures.forget()


def open_screen(desk: Desk) -> RightsScreen:
    """Made once, after unlocking."""
    return RightsScreen(desk)
