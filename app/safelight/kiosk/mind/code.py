"""The first page of a change of mind: the code of a receipt, typed or read, or a card of this session."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.kiosk.card_panel import CardPanel

from .code_keys import CodeKeys


class MindCode(CardPanel):
    """A wrong code stays in its line: whoever slipped mends one letter and not sixteen."""

    widest = 1000

    def __init__(self) -> None:
        super().__init__()
        self.keys = CodeKeys(self.code)
        for each in (self.camera, self.wrong, self.keys):
            self.rows.addWidget(each)
        self.next = self.button("primary", "next")
        self.back = self.button("quiet", "back")
        self.code.edited.connect(self._look)
        self.code.entered.connect(self._send)
        self.next.clicked.connect(self._send)
        self.wish_by(self.back, wishes.WAIT)
        self._busy = False

    def show_scene(self, scene: Scene) -> None:
        """The words, and a kind one after a code of nobody."""
        words, mind = scene.texts.ceremony, scene.mind
        self.say(words["change_mind"], words["mind_lead"])
        self.camera.setVisible(scene.camera)
        self.camera.say(words["mind_camera"])
        self.code.set_label(words["mind_code"])
        self.keys.say(words["delete"])
        self.say_wrong(words[mind.wrong] if mind is not None and mind.wrong else "")
        self.next.set_words(words["next"])
        self.back.set_words(words["back"])
        self._busy = mind is not None and mind.busy
        self._look()

    def read(self, scanned: str) -> None:
        """What a scanner read, whatever its letters became in the line."""
        self.code.edit.setText("")
        self.wish(wishes.FIND, scanned)

    def _look(self) -> None:
        self.next.setEnabled(bool(self.code.text()) and not self._busy)

    def _send(self) -> None:
        if self.next.isEnabled():
            self.wish(wishes.FIND, self.code.text())
