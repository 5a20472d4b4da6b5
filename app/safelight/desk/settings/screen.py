"""The settings as a screen of the desk: makes the sections and opens the one that is shown."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk

from .appearance_presenter import AppearancePresenter
from .appearance_view import AppearanceView
from .blocks import Page
from .copies_presenter import CopiesPresenter
from .copies_view import CopiesView
from .file_chooser import FileChooser
from .keys_presenter import KeysPresenter
from .keys_view import KeysView
from .presenter import Section, SettingsPresenter
from .recipients_presenter import RecipientsPresenter
from .recipients_view import RecipientsView
from .rules_presenter import RulesPresenter
from .rules_view import RulesView
from .status_presenter import StatusPresenter
from .status_view import StatusView
from .team_presenter import TeamPresenter
from .team_view import TeamView
from .view import SettingsView

SECTIONS = ("appearance", "team", "recipients", "keys", "copies", "rules", "status")
"""In the order of their list."""


class SettingsScreen:
    """Keeps what :class:`~safelight.desk.screen.Screen` asks for. A section is made when it is shown first."""

    key = "settings"

    def __init__(self, desk: Desk, chooser: FileChooser | None = None) -> None:
        """``chooser`` asks for files and folders; dialogs do when left out."""
        self._desk = desk
        self.chooser = chooser or FileChooser()
        self.sections: dict[str, Section] = {}
        """Those that were shown and read something."""
        self.view = SettingsView(desk.words, SECTIONS, self._page_of)
        self.presenter = SettingsPresenter(self.view, self.sections.get)

    @cached_property
    def appearance(self) -> AppearanceView:
        """How the desk looks on this computer."""
        view = AppearanceView(self._desk.words)
        self.look = AppearancePresenter(self._desk.preferences, view)
        return view

    @cached_property
    def team(self) -> TeamView:
        """Who works in the studio."""
        view = TeamView(self._desk.words)
        self.sections["team"] = TeamPresenter(self._desk, view)
        return view

    @cached_property
    def recipients(self) -> RecipientsView:
        """Who gets pictures."""
        view = RecipientsView(self._desk.words)
        self.sections["recipients"] = RecipientsPresenter(self._desk, view, self.chooser)
        return view

    @cached_property
    def keys(self) -> KeysView:
        """Passphrase, keyring, recovery sheets, the studio's card."""
        view = KeysView(self._desk.words)
        self.sections["keys"] = KeysPresenter(self._desk, view, self.chooser)
        return view

    @cached_property
    def copies(self) -> CopiesView:
        """Where frames are kept a second time."""
        view = CopiesView(self._desk.words)
        self.sections["copies"] = CopiesPresenter(self._desk, view, self.chooser)
        return view

    @cached_property
    def rules(self) -> RulesView:
        """Which rules hold, and where stamps of time come from."""
        view = RulesView(self._desk.words)
        self.sections["rules"] = RulesPresenter(self._desk, view)
        return view

    @cached_property
    def status(self) -> StatusView:
        """Who may use what, for others to look up."""
        view = StatusView(self._desk.words)
        self.sections["status"] = StatusPresenter(self._desk, view, self.chooser)
        return view

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

    def _page_of(self, key: str) -> Page:
        page: Page = getattr(self, key)
        return page


def open_screen(desk: Desk) -> SettingsScreen:
    """Made once, after unlocking."""
    return SettingsScreen(desk)
