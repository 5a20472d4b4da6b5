"""Back again: a pack that was signed beforehand and is only confirmed or changed, or answers somebody stopped in."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.answers import brought
from safelight.asking.scene import Scene
from safelight.domain.choice import Answer
from safelight.domain.scope import in_language
from safelight.qt.controls import TextLabel
from safelight.qt.frames import CardFrame

from .screen_panel import ScreenPanel


class Presigned(ScreenPanel):
    """Every earlier answer at a glance; two equal buttons, still right or change."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[QWidget] = []
        self.confirm = self.button()
        self.change = self.button()
        self.not_me = self.button("quiet", "close")
        self.wish_by(self.confirm, wishes.CONFIRM)
        self.wish_by(self.change, wishes.CHANGE)
        self.wish_by(self.not_me, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """The answers as they stand: yes in one card, no in the other, each with its word."""
        words = scene.texts.ceremony
        self.say(words["presigned_title"], words["hello"].replace("{name}", scene.name))
        self.confirm.set_words(words["presigned_confirm"])
        self.change.set_words(words["presigned_change"])
        self.not_me.set_words(words["not_you"])
        for button in (self.confirm, self.change):
            button.setEnabled(scene.state is None or not scene.state.busy)
        for card in self._cards:
            self.rows.removeWidget(card)
            card.deleteLater()
        self._cards.clear()
        if scene.state is None:
            return
        person = scene.state.person
        for answer, word in ((Answer.YES, "yes_chosen"), (Answer.NO, "no_chosen")):
            titles = [
                in_language(person.catalogue.scope(use).title, scene.texts.language)
                for use in brought(person, scene.state.ceremony, answer)
            ]
            if titles:
                card = CardFrame()
                card.set_on(answer is Answer.YES)
                card.body.addWidget(TextLabel(words[word], "heading"))
                for title in titles:
                    card.body.addWidget(TextLabel(title, "body"))
                self.rows.insertWidget(2 + len(self._cards), card)
                self._cards.append(card)


class Resumed(ScreenPanel):
    """Welcome back: go on where it stopped, or start again."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = self.button("primary", "next")
        self.anew = self.button("choice", "undo")
        self.not_me = self.button("quiet", "close")
        self.wish_by(self.go_on, wishes.GO_ON)
        self.wish_by(self.anew, wishes.ANEW)
        self.wish_by(self.not_me, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """By name, so that the wrong person notices before anything is shown."""
        words = scene.texts.ceremony
        self.say(words["resume_title"].replace("{name}", scene.name))
        self.go_on.set_words(words["resume_go_on"])
        self.anew.set_words(words["resume_anew"])
        self.not_me.set_words(words["not_you"])
        self.anew.setVisible(not scene.signed)
