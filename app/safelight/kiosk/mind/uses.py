"""What is to be taken back: all of it, or some uses; which of them are a yes is shown only to whoever proved it."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.domain.ids import ScopeId
from safelight.kiosk.screen_panel import ScreenPanel
from safelight.qt.choices import AnyOf
from safelight.qt.controls import Button, TextLabel


class MindUses(ScreenPanel):
    """Two ways of the same weight, both in sight, and quietly the one to see what is allowed now."""

    widest = 1000

    def __init__(self) -> None:
        super().__init__()
        self.show_yeses = self.button("quiet", "eye")
        self.all = self.button()
        self.or_some = TextLabel("", "heading")
        self.uses = AnyOf("")
        for each in (self.or_some, self.uses):
            self.rows.addWidget(each)
        self.close_button = Button("", "quiet", "close")
        self.some = Button("")
        self.keep_below(self.close_button, self.some)
        self._offered: tuple[tuple[str, str], ...] = ()
        self.uses.chosen.connect(lambda keys: self.wish(wishes.NAME_USES, frozenset(map(ScopeId, keys))))
        self.wish_by(self.all, wishes.TAKE_ALL)
        self.wish_by(self.some, wishes.TAKE_SOME)
        self.wish_by(self.show_yeses, wishes.SHOW_YESES)
        self.wish_by(self.close_button, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """The uses by their short names; with the code alone all that the studio ever asks about."""
        words, mind = scene.texts.ceremony, scene.mind
        if mind is None or mind.shown is None:
            return
        shown = mind.shown
        lead = "mind_hidden" if not shown.proven else "mind_allowed" if shown.uses else "mind_none"
        self.say(words["mind_title"] if shown.uses else words["change_mind"], words[lead])
        offered = tuple((each, shown.catalogue.title(each, scene.texts.language)) for each in shown.uses)
        self.uses.setAccessibleName(words["mind_title"])
        if offered != self._offered:
            self._offered = offered
            self.uses.offer(offered)
            self.in_order(self.show_yeses, self.all, *self.uses.buttons)
        self.uses.set_value(mind.chosen or ())
        self.all.set_words(words["mind_all"])
        self.or_some.setText(words["mind_or"])
        self.some.set_words(words["mind_some"])
        self.some.setEnabled(bool(mind.chosen))
        self.show_yeses.set_words(words["mind_show"])
        self.close_button.set_words(words["close"])
        for each in (self.all, self.or_some, self.uses, self.some):
            each.setVisible(bool(shown.uses))
        self.show_yeses.setVisible(not shown.proven)
