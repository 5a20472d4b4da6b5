"""Another language, at any moment: each by its own name; whoever closes it goes on where they were."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.domain.ids import Language
from safelight.qt.choices import OneOf
from safelight.settings.texts import native_names

from .screen_panel import ScreenPanel


class LanguagePicker(ScreenPanel):
    """All languages the session offers."""

    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.languages = OneOf("")
        self.rows.addWidget(self.languages)
        self.close_button = self.button("quiet", "close")
        self._offered: tuple[str, ...] = ()
        self.languages.chosen.connect(lambda code: self.wish(wishes.SPEAK, Language(code)))
        self.close_button.clicked.connect(self.close_asked)

    def show_scene(self, scene: Scene) -> None:
        """The language in force is marked."""
        words = scene.texts.ceremony
        self.say(words["language_title"])
        self.close_button.set_words(words["close"])
        self.languages.setAccessibleName(words["language_button"])
        if self._offered != scene.languages:
            self._offered = tuple(scene.languages)
            names = native_names()
            self.languages.offer([(code, names.get(code, code)) for code in self._offered], scene.texts.language)
        self.languages.set_value(scene.texts.language)

    def first_focus(self) -> None:
        """The language in force."""
        for button in self.languages.buttons:
            if button.isChecked():
                button.setFocus()
                return
        super().first_focus()
