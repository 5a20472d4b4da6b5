"""How the desk looks: dark or light, contrast, size and language, as the system has them unless somebody chose."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from safelight.desk.preferences import SYSTEM, Preferences
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts, desk_texts


class Appearance(QObject):
    """Dresses the desk's windows, and again whenever the system or somebody changes their mind."""

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.words: DeskTexts = self.chosen_words
        """The wording in force; another language that is chosen holds from :meth:`speak` on."""
        self._windows: list[QWidget] = []
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.dress_all)
        hints.accessibility().contrastPreferenceChanged.connect(self.dress_all)
        preferences.changed.connect(self.dress_all)

    @property
    def chosen_words(self) -> DeskTexts:
        """The wording in the language that is chosen."""
        chosen = self._preferences.language
        return desk_texts(QLocale.system().name() if chosen == SYSTEM else chosen)

    def speak(self) -> None:
        """Have what was chosen in force."""
        self.words = self.chosen_words
        self.dress_all()

    @property
    def tokens(self) -> theme.Tokens:
        """Colours and sizes in force."""
        hints = QGuiApplication.styleHints()
        look = self._preferences.look
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            tokens = theme.DESK_HIGH_CONTRAST
        elif look == "light" or (look == SYSTEM and hints.colorScheme() == Qt.ColorScheme.Light):
            tokens = theme.DESK_LIGHT
        else:
            tokens = theme.DESK_DARK
        return theme.scaled(tokens, self._preferences.scale)

    def dress(self, window: QWidget) -> None:
        """Look after ``window`` from now on."""
        self._windows.append(window)
        window.destroyed.connect(lambda: self._windows.remove(window) if window in self._windows else None)
        self._dress(window)

    def dress_all(self) -> None:
        """Dress every window again."""
        for window in self._windows:
            self._dress(window)

    def _dress(self, window: QWidget) -> None:
        theme.apply(window, self.tokens)
        theme.speak(window, self.words.language)
