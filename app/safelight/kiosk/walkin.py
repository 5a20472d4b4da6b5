"""Somebody without a card: three fields, of which the last is already filled in."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.domain.ids import Language
from safelight.qt.choices import OneOf
from safelight.qt.controls import EntryField, TextLabel
from safelight.settings.texts import native_names

from .screen_panel import ScreenPanel


class WalkIn(ScreenPanel):
    """Name, e-mail if they like, language."""

    widest = 1100  # fourteen languages in three rows: the way on stays in sight on a small screen

    def __init__(self) -> None:
        super().__init__()
        self.name = EntryField("")
        self.contact = EntryField("")
        self.name.edit.setMaxLength(120)
        self.contact.edit.setMaxLength(200)
        self.language_label = TextLabel("", "body")
        self.language = OneOf("")
        self._offered: tuple[str, ...] = ()
        self._busy = False
        for each in (self.name, self.contact, self.language_label, self.language):
            self.rows.addWidget(each)
        self.start = self.button("primary", "next")
        self.young = self.button("quiet", "person")
        self.back = self.button("quiet", "back")
        self.name.edited.connect(self._look)
        self.name.entered.connect(self.contact.edit.setFocus)
        self.contact.entered.connect(self._send)
        self.start.clicked.connect(self._send)
        self.wish_by(self.young, wishes.TOO_YOUNG)
        self.wish_by(self.back, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """The words; what is half typed stays."""
        words = scene.texts.ceremony
        self.say(words["walk_in_title"])
        self.name.set_label(words["walk_in_name"])
        self.contact.set_label(words["walk_in_contact"])
        self.language_label.setText(words["walk_in_language"])
        self.language.setAccessibleName(words["walk_in_language"])
        if self._offered != scene.languages:
            self._offered = tuple(scene.languages)
            names = native_names()
            self.language.offer([(code, names.get(code, code)) for code in self._offered], scene.texts.language)
        self.start.set_words(words["start"])
        self.young.set_words(words["under_age"].replace("{age}", str(scene.of_age)))
        self.back.set_words(words["back"])
        self._busy = scene.busy
        self._look()

    def _look(self) -> None:
        self.start.setEnabled(bool(self.name.text()) and not self._busy)

    def _send(self) -> None:
        if self.start.isEnabled():
            chosen = self.language.value or (self._offered[0] if self._offered else "en")
            self.wish(wishes.WALK_IN, self.name.text(), self.contact.text(), Language(chosen))
