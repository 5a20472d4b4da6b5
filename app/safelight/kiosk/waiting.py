"""Waiting for the next person: a card held to a scanner or a camera, a code typed, or no card; it names nobody."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene

from .card_panel import CardPanel


class Waiting(CardPanel):
    """The welcome, and quietly the way for whoever wants to take something back."""

    def __init__(self) -> None:
        super().__init__()
        for each in (self.camera, self.code, self.wrong):
            self.rows.addWidget(each)
        self.start = self.button("primary", "next")
        self.no_card = self.button("choice", "person")
        self.change_mind = self.button("quiet", "undo")
        self.code.entered.connect(self._send)
        self.start.clicked.connect(self._send)
        self.wish_by(self.no_card, wishes.NO_CARD)
        self.wish_by(self.change_mind, wishes.CHANGE_MIND)

    def show_scene(self, scene: Scene) -> None:
        """The words, and a kind one for whoever was not let in."""
        words = scene.texts.ceremony
        self.say(scene.session, words["welcome"])
        self.camera.setVisible(scene.camera)
        self.camera.say(words["camera_on"])
        self.code.set_label(words["code_label"])
        self.say_wrong(words[scene.turned_away] if scene.turned_away else "")
        self.start.set_words(words["start"])
        self.no_card.set_words(words["no_card"])
        self.change_mind.set_words(words["change_mind"])
        self.start.setEnabled(not scene.busy)

    def read(self, scanned: str) -> None:  # noqa: ARG002 - typed characters before it belong to the code
        """The scanner's closing Enter."""
        self._send()

    def _send(self) -> None:
        typed = self.code.text()
        self.code.edit.setText("")
        if typed:
            self.wish(wishes.ADMIT, typed)
