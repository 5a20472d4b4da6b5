"""Something failed: two sentences, and try again; everything answered is still there."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.qt.controls import TextLabel

from .screen_panel import ScreenPanel


class Trouble(ScreenPanel):
    """What happened, what was kept, and the same thing once more."""

    def __init__(self) -> None:
        super().__init__()
        self.what = TextLabel("", "body")
        self.hint = TextLabel("", "body")
        self.rows.addWidget(self.what)
        self.rows.addWidget(self.hint)
        self.again = self.button("primary", "undo")
        self.wish_by(self.again, wishes.AGAIN)

    def show_scene(self, scene: Scene) -> None:
        """The error's own two sentences below a heading in the person's language."""
        words = scene.texts.ceremony
        self.say(words["failed_title"])
        self.what.setText(scene.title)
        self.hint.setText(scene.hint)
        self.hint.setVisible(bool(scene.hint))
        self.again.set_words(words["failed_again"])
