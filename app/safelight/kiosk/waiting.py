"""Waiting for the next person: a card held to a scanner, a code typed, or no card at all; nobody's name is shown."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.qt.controls import Field, Words

from .flow_scene import Scene
from .sheet import Sheet

LONGEST = 200
"""No badge carries more characters; whatever a scanner sends beyond is cut off."""


class Waiting(Sheet):
    """The welcome. A scanner types like a keyboard: the window hands its keys over, whatever has the focus."""

    code_asked = Signal(str)
    no_card_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.code = Field("")
        self.code.edit.setMaxLength(LONGEST)
        self.wrong = Words("", "warning")
        self.rows.addWidget(self.code)
        self.rows.addWidget(self.wrong)
        self.start = self.button("primary", "next")
        self.no_card = self.button("choice", "person")
        self.code.entered.connect(self._send)
        self.start.clicked.connect(self._send)
        self.no_card.clicked.connect(self.no_card_asked)

    def show_scene(self, scene: Scene) -> None:
        """The words, and a kind one after a code of nobody here."""
        words = scene.texts.ceremony
        self.say(scene.session, words["welcome"])
        self.code.set_label(words["code_label"])
        self.wrong.setText(words["code_unknown"] if scene.unknown else "")
        self.wrong.setVisible(scene.unknown)
        self.start.set_words(words["start"])
        self.no_card.set_words(words["no_card"])
        self.start.setEnabled(not scene.busy)

    def type_key(self, text: str) -> None:
        """One character from a scanner or keyboard, although something else has the focus."""
        self.code.edit.setFocus()
        self.code.edit.insert(text)

    def send(self) -> None:
        """The scanner's closing Enter."""
        self._send()

    def _send(self) -> None:
        typed = self.code.text()
        self.code.edit.setText("")
        if typed:
            self.code_asked.emit(typed)
