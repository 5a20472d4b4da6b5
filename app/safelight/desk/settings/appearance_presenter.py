"""Keeps what was chosen for this computer; the desk's windows hear of it and dress anew."""

from __future__ import annotations

from PySide6.QtCore import QObject

from safelight.desk.preferences import Preferences

from .appearance_view import AppearanceView
from .rows import Look


class AppearancePresenter(QObject):
    """Between the section and ``Preferences``; it knows no studio."""

    def __init__(self, preferences: Preferences, view: AppearanceView) -> None:
        super().__init__(view)
        self._preferences, self._view = preferences, view
        view.chosen.connect(preferences.keep)
        preferences.changed.connect(self.show)
        self.show()

    def show(self) -> None:
        """What is chosen now."""
        kept = self._preferences
        self._view.show_look(Look(kept.language, kept.look, kept.scale, kept.hand.value))
