"""The settings as a screen of the desk: makes the sections and opens the one that is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk

from .appearance_presenter import AppearancePresenter
from .appearance_view import AppearanceView
from .copies_presenter import CopiesPresenter
from .copies_view import CopiesView
from .file_chooser import FileChooser
from .keys_presenter import KeysPresenter
from .keys_view import KeysView
from .presenter import SettingsPresenter
from .recipients_presenter import RecipientsPresenter
from .recipients_view import RecipientsView
from .rules_presenter import RulesPresenter
from .rules_view import RulesView
from .status_presenter import StatusPresenter
from .status_view import StatusView
from .team_presenter import TeamPresenter
from .team_view import TeamView
from .view import SettingsView


class SettingsScreen:
    """Keeps what :class:`~safelight.desk.screen.Screen` asks for."""

    key = "settings"

    def __init__(self, desk: Desk, chooser: FileChooser | None = None) -> None:
        """``chooser`` asks for files and folders; dialogs do when left out."""
        words = desk.words
        self.chooser = chooser or FileChooser()
        self.appearance, self.team, self.recipients = AppearanceView(words), TeamView(words), RecipientsView(words)
        self.keys, self.copies = KeysView(words), CopiesView(words)
        self.rules, self.status = RulesView(words), StatusView(words)
        pages = {
            "appearance": self.appearance, "team": self.team, "recipients": self.recipients, "keys": self.keys,
            "copies": self.copies, "rules": self.rules, "status": self.status,
        }  # fmt: skip
        self.view = SettingsView(words, pages)
        self.look = AppearancePresenter(desk.preferences, self.appearance)
        self.presenter = SettingsPresenter(
            self.view,
            {
                "team": TeamPresenter(desk, self.team),
                "recipients": RecipientsPresenter(desk, self.recipients, self.chooser),
                "keys": KeysPresenter(desk, self.keys, self.chooser),
                "copies": CopiesPresenter(desk, self.copies, self.chooser),
                "rules": RulesPresenter(desk, self.rules),
                "status": StatusPresenter(desk, self.status, self.chooser),
            },
        )

    @property
    def widget(self) -> QWidget:
        return self.view

    def opened(self) -> None:
        self.presenter.open()
        self.view.list.work()

    def left(self) -> None:
        self.chooser.close()
        self.presenter.leave()

    def forget(self) -> None:
        self.left()


def open_screen(desk: Desk) -> SettingsScreen:
    """Made once, after unlocking."""
    return SettingsScreen(desk)
