"""The settings on a real desk with a real studio, and a chooser that answers as it was told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from safelight.desk.settings.file_chooser import FileChooser, Then
from safelight.desk.settings.screen import SettingsScreen
from safelight.desk.unlock.view import UnlockView
from safelight.desk.window import DeskWindow
from support.desk.at_desk import PASSPHRASE, AtDesk, until


class Chooser(FileChooser):
    """Answers every question with ``path``, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.proposed = ""

    def save(self, parent: QWidget, title: str, name: str, then: Then) -> None:
        self.proposed = name
        self._answer(then)

    def file(self, parent: QWidget, title: str, then: Then) -> None:
        self._answer(then)

    def folder(self, parent: QWidget, title: str, then: Then) -> None:
        self._answer(then)

    def _answer(self, then: Then) -> None:
        if self.path is not None:
            then(self.path)


class AtSettings:
    """The desk with the settings on screen; ``idle`` waits until nothing is left to do."""

    def __init__(self, at: AtDesk) -> None:
        self.at, self.desk, self.chooser = at, at.opening.desk, Chooser()

    @property
    def window(self) -> DeskWindow:
        return self.at.opening.window

    @property
    def screen(self) -> SettingsScreen:
        found = self.window._screens["settings"]
        assert isinstance(found, SettingsScreen)
        return found

    def open(self) -> SettingsScreen:
        """Show the settings as a tab does."""
        self.desk.go("settings")
        self.answer_by(self.chooser)
        self.idle()
        return self.screen

    def answer_by(self, chooser: Chooser) -> None:
        """No dialog opens: ``chooser`` answers."""
        screen = self.screen
        screen.chooser = chooser
        for section in screen.sections.values():
            if hasattr(section, "_chooser"):
                section._chooser = chooser

    def section(self, key: str) -> None:
        """Go to a section as a click does."""
        self.screen.view.list.buttons[key].click()
        self.idle()

    def idle(self) -> None:
        """Let everything that was asked for happen."""
        until(lambda: not self.desk.jobs.busy)


@pytest.fixture
def settings(desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path) -> AtSettings:
    """A studio with Kim (2468), who is at the desk, and Robin (1357)."""
    copied(tmp_path / "studio", staffed=True)
    at = desks(tmp_path / "studio")
    at.open()
    page = at.page(UnlockView)
    until(lambda: page.unlock.isEnabled())
    page.passphrase.edit.setText(PASSPHRASE)
    page.unlock.click()
    until(lambda: bool(at.ready))
    made = AtSettings(at)
    made.open()
    return made
