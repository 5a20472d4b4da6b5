"""How the window is dressed for the person in front of it: language, size of type, contrast."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.qt import theme
from safelight.qt.density import SUBJECT

LOOKS = (theme.PAPER, theme.DARK, theme.HIGH_CONTRAST)
SIZES = tuple(round(each * 100) for each in SUBJECT.scales)


class Appearance:
    """What one person chose; the next starts with the plain look again."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._look, self.scale, self._language = theme.PAPER, 100, ""
        self._apply()

    def speak(self, language: str) -> None:
        """Letters and reading direction of ``language``."""
        if language != self._language:
            self._language = language
            theme.speak(self._window, language)

    def next_size(self) -> None:
        """100, 150, 200 percent, and round again."""
        self.scale = SIZES[(SIZES.index(self.scale) + 1) % len(SIZES)]
        self._apply()

    def next_look(self) -> None:
        """Paper, dark, high contrast, and round again."""
        self._look = LOOKS[(LOOKS.index(self._look) + 1) % len(LOOKS)]
        self._apply()

    def plain(self) -> bool:
        """Back to the ordinary look; whether anything changed."""
        if (self._look, self.scale) == (theme.PAPER, 100):
            return False
        self._look, self.scale = theme.PAPER, 100
        self._apply()
        return True

    def _apply(self) -> None:
        theme.apply(self._window, theme.scaled(self._look, self.scale / 100))
