"""Something that is not on the receipt: whoever tells it sees what they allow now."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.asking.wording import joined
from safelight.domain.identity import Fact
from safelight.kiosk.card_panel import CardPanel

_NAMES = {Fact.BORN: "mind_born", Fact.EMAIL: "mind_email", Fact.PHONE: "mind_phone"}


class MindFact(CardPanel):
    """One line for any of what is on file, or a card; what was typed is gone as soon as it was sent."""

    def __init__(self) -> None:
        super().__init__()
        for each in (self.camera, self.code, self.wrong):
            self.rows.addWidget(each)
        self.next = self.button("primary", "next")
        self.back = self.button("quiet", "back")
        self.code.entered.connect(self._send)
        self.next.clicked.connect(self._send)
        self.wish_by(self.back, wishes.GO_BACK)

    def show_scene(self, scene: Scene) -> None:
        """What may be told, and a kind word after something else."""
        words, mind = scene.texts.ceremony, scene.mind
        if mind is None or mind.shown is None:
            return
        facts = [words[name] for fact, name in _NAMES.items() if fact in mind.shown.facts]
        self.say(words["mind_show"], words["mind_fact" if facts else "mind_card"])
        self.camera.setVisible(scene.camera)
        self.camera.say(words["camera_on"])
        self.code.set_label(joined(scene.texts, facts) or words["code_label"])
        self.say_wrong(words[mind.wrong] if mind.wrong else "")
        self.next.set_words(words["next"])
        self.next.setEnabled(not mind.busy)
        self.back.set_words(words["back"])

    def read(self, scanned: str) -> None:
        """A card that a scanner read."""
        self.code.edit.setText("")
        self.wish(wishes.PROVE, scanned)

    def _send(self) -> None:
        typed = self.code.text()
        self.code.edit.setText("")
        if typed:
            self.wish(wishes.PROVE, typed)
