"""Back again: a pack that was signed beforehand and is only confirmed or changed, or answers somebody stopped in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safelight.asking.scene import Scene
from safelight.domain.choice import Answer
from safelight.domain.scope import in_language
from safelight.qt.controls import Words
from safelight.qt.frames import Card

from .sheet import Sheet


class Presigned(Sheet):
    """Every earlier answer at a glance; two equal buttons, still right or change."""

    confirm_asked = Signal()
    change_asked = Signal()
    not_me_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[QWidget] = []
        self.confirm = self.button()
        self.change = self.button()
        self.not_me = self.button("quiet", "close")
        self.confirm.clicked.connect(self.confirm_asked)
        self.change.clicked.connect(self.change_asked)
        self.not_me.clicked.connect(self.not_me_asked)

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
        ceremony, catalogue = scene.state.ceremony, scene.state.person.catalogue
        for answer, word in ((Answer.YES, "yes_chosen"), (Answer.NO, "no_chosen")):
            titles = [
                in_language(catalogue.scope(each.scope).title, scene.texts.language)
                for each in ceremony.choices
                if each.answer is answer and each.scope not in scene.state.person.never_answered
            ]
            if titles:
                card = Card()
                card.set_on(answer is Answer.YES)
                card.body.addWidget(Words(words[word], "heading"))
                for title in titles:
                    card.body.addWidget(Words(title, "body"))
                self.rows.insertWidget(2 + len(self._cards), card)
                self._cards.append(card)


class Resumed(Sheet):
    """Welcome back: go on where it stopped, or start again."""

    go_on_asked = Signal()
    anew_asked = Signal()
    not_me_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.go_on = self.button("primary", "next")
        self.anew = self.button("choice", "undo")
        self.not_me = self.button("quiet", "close")
        self.go_on.clicked.connect(self.go_on_asked)
        self.anew.clicked.connect(self.anew_asked)
        self.not_me.clicked.connect(self.not_me_asked)

    def show_scene(self, scene: Scene) -> None:
        """By name, so that the wrong person notices before anything is shown."""
        words = scene.texts.ceremony
        self.say(words["resume_title"].replace("{name}", scene.name))
        self.go_on.set_words(words["resume_go_on"])
        self.anew.set_words(words["resume_anew"])
        self.not_me.set_words(words["not_you"])
        # Once somebody has signed, starting again would throw their signature away.
        signed = scene.state is not None and bool(scene.state.ceremony.signatures)
        self.anew.setVisible(not signed)
