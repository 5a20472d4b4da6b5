"""Opens the section that is shown and leaves the others: only what is looked at is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from .view import SettingsView


class Section(Protocol):
    """What each section's presenter offers."""

    def open(self) -> None:
        """It is on screen."""
        ...

    def leave(self) -> None:
        """It is not; nothing typed or read stays in it."""
        ...


class SettingsPresenter(QObject):
    """Remembers which section is chosen while another screen is shown."""

    def __init__(self, view: SettingsView, section_of: Callable[[str], Section | None]) -> None:
        """``section_of`` a key is None for a section that reads nothing."""
        super().__init__(view)
        self._view, self._section_of = view, section_of
        self._is_shown = False
        self.current = next(iter(view.list.buttons))
        view.section_chosen.connect(self.choose)
        view.show_section(self.current)

    def open(self) -> None:
        """The screen is shown."""
        self._is_shown = True
        self._enter()

    def leave(self) -> None:
        """Another screen is shown, or the desk is covered."""
        self._is_shown = False
        self._exit()

    def choose(self, key: str) -> None:
        """Go to another section."""
        self._exit()
        self.current = key
        self._view.show_section(key)
        if self._is_shown:
            self._enter()

    def _enter(self) -> None:
        if (section := self._section_of(self.current)) is not None:
            section.open()

    def _exit(self) -> None:
        if (section := self._section_of(self.current)) is not None:
            section.leave()
