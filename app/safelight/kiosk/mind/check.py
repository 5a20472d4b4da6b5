"""One clear page before anything stops: what will stop, what cannot be undone, and one button."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.domain.people import Role
from safelight.domain.scope import Scope, in_language
from safelight.kiosk.screen_panel import ScreenPanel
from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame
from safelight.settings.texts import Texts

_ROLES = {Role.SUBJECT.value: False, Role.GUARDIAN.value: True}


class MindCheck(ScreenPanel):
    """The button stays in sight below, however many uses there are to read about."""

    widest = 1000

    def __init__(self) -> None:
        super().__init__()
        self.group = TextLabel("", "body")
        self.who_label = TextLabel("", "heading")
        self.who = OneOf("")
        for each in (self.group, self.who_label, self.who):
            self.rows.addWidget(each)
        self._cards: list[QWidget] = []
        self._painted: tuple[object, ...] = ()
        self._said: tuple[str, str] = ("", "")
        self.back = Button("", "quiet", "back")
        self.do = Button("", "primary", "check")
        self.keep_below(self.back, self.do)
        self.who.chosen.connect(lambda role: self.wish(wishes.ACT_AS_GUARDIAN, _ROLES[role]))
        self.wish_by(self.back, wishes.GO_BACK)
        self.wish_by(self.do, wishes.TAKE_BACK)

    def show_scene(self, scene: Scene) -> None:
        """What stops in the words people read before they said yes."""
        words, mind = scene.texts.ceremony, scene.mind
        if mind is None or mind.shown is None:
            return
        self.say(words["mind_check"], words["mind_check_all" if mind.chosen is None else "mind_check_some"])
        self.group.setText(words["mind_group"])
        self.who_label.setText(words["mind_who"])
        self.who.setAccessibleName(words["mind_who"])
        said = (words["mind_me"], words["guardian_is_here"])
        if said != self._said:
            self._said = said
            self.who.offer(tuple(zip(_ROLES, said, strict=True)))
            self.in_order(*self.who.buttons)
        self.who.set_value(mind.by.value if mind.by else None)
        self.who_label.setVisible(mind.shown.guardian)
        self.who.setVisible(mind.shown.guardian)
        painted = (mind.meant, scene.texts.language)
        if painted != self._painted:
            self._painted = painted
            self._paint(scene.texts, [mind.shown.catalogue.scope(each) for each in mind.meant])
        self.back.set_words(words["back"])
        self.do.set_words(words["mind_do"])
        self.do.setEnabled(mind.ready and not mind.busy)

    def first_focus(self) -> None:
        """Not on the button: whoever types Enter too often has not read this page."""
        self.back.setFocus()

    def _paint(self, texts: Texts, uses: list[Scope]) -> None:
        for card in self._cards:
            self.rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [_card(texts, each) for each in uses]
        for card in self._cards:
            self.rows.addWidget(card)


def _card(texts: Texts, use: Scope) -> CardFrame:
    card = CardFrame()
    card.body.addWidget(TextLabel(in_language(use.title, texts.language), "heading"))
    for key, said in (("change_stops", use.withdrawal_can), ("change_stays", use.withdrawal_cannot)):
        if sentence := in_language(said, texts.language):
            card.body.addWidget(TextLabel(f"{texts.receipt[key]}: {sentence}", "body"))
    return card
