"""Waiting for the next person: a card held to a scanner or a camera, a code typed, or no card; it names nobody."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.qt import icons
from safelight.qt.controls import EntryField, TextLabel
from safelight.qt.theme import tokens_of

from .screen_panel import ScreenPanel

LONGEST = 200
"""No badge carries more characters; whatever a scanner sends beyond is cut off."""


class Waiting(ScreenPanel):
    """The welcome. A scanner types like a keyboard: the window hands its keys over, whatever has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.code = EntryField("")
        self.code.edit.setMaxLength(LONGEST)
        self.wrong = TextLabel("", "warning")
        self.camera = _CameraOn()
        self.rows.addWidget(self.camera)
        self.rows.addWidget(self.code)
        self.rows.addWidget(self.wrong)
        self.start = self.button("primary", "next")
        self.no_card = self.button("choice", "person")
        self.code.entered.connect(self._send)
        self.start.clicked.connect(self._send)
        self.wish_by(self.no_card, wishes.NO_CARD)

    def show_scene(self, scene: Scene) -> None:
        """The words, and a kind one for whoever was not let in."""
        words = scene.texts.ceremony
        self.say(scene.session, words["welcome"])
        self.camera.setVisible(scene.camera)
        self.camera.say(words["camera_on"])
        self.code.set_label(words["code_label"])
        self.wrong.setText(words[scene.turned_away] if scene.turned_away else "")
        self.wrong.setVisible(bool(scene.turned_away))
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
            self.wish(wishes.ADMIT, typed)


class _CameraOn(QWidget):
    """Says that a camera is on and what for; what it sees is shown to nobody."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing, self._words = QLabel(), TextLabel("", "body")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)

    def say(self, words: str) -> None:
        """The sentence beside the drawing of a camera, in today's size and colours."""
        tokens = tokens_of(self)
        size = tokens.px(28)
        self._drawing.setPixmap(icons.pixmap("camera", tokens.text, size, self.devicePixelRatioF()))
        self._words.setText(words)
