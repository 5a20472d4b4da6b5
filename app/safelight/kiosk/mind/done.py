"""The last page of a change of mind: what stopped, that a confirmation comes, and the way back to a yes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.kiosk.screen_panel import ScreenPanel
from safelight.qt.controls import TextLabel
from safelight.qt.frames import CardFrame


class MindDone(ScreenPanel):
    """It leaves by itself after a while, or at a tap. Whoever had the code alone reads what they named."""

    def __init__(self) -> None:
        super().__init__()
        self.list = CardFrame()
        self.letter = TextLabel("", "body")
        self.again = TextLabel("", "body")
        for each in (self.list, self.letter, self.again):
            self.rows.addWidget(each)
        self.done = self.button("primary", "check")
        self.wish_by(self.done, wishes.WAIT)
        self._painted: tuple[object, ...] = ()
        self._titles: list[QWidget] = []

    def show_scene(self, scene: Scene) -> None:
        """Every use that ended by its short name; "everything" where the screen must not know which."""
        words, mind = scene.texts.ceremony, scene.mind
        if mind is None or mind.shown is None:
            return
        hidden = mind.chosen is None and not mind.shown.proven
        titles = () if hidden else mind.stopped
        lead = "mind_done_all" if hidden else "mind_done_some" if titles else "mind_none"
        self.say(words["mind_done"], words[lead])
        painted = (titles, scene.texts.language)
        if painted != self._painted:
            self._painted = painted
            for label in self._titles:
                self.list.body.removeWidget(label)
                label.hide()
                label.deleteLater()
            names = [mind.shown.catalogue.title(each, scene.texts.language) for each in titles]
            self._titles = [TextLabel(each, "body") for each in names]
            for label in self._titles:
                self.list.body.addWidget(label)
        self.list.setVisible(bool(titles))
        self.letter.setText(words["mind_letter"])
        self.letter.setVisible(lead != "mind_none")
        self.again.setText(words["mind_again"])
        self.done.set_words(words["done"])
