"""Thank you: the last words, the same whatever was answered; the ceremony is already forgotten when they show."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene

from .screen_panel import ScreenPanel


class Thanks(ScreenPanel):
    """A name and a sentence; it leaves by itself after a while, or at a tap."""

    def __init__(self) -> None:
        super().__init__()
        self.done = self.button("primary", "check")
        self.wish_by(self.done, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """Nobody can tell from here what was answered."""
        words = scene.texts.ceremony
        self.say(words["thanks_title"].replace("{name}", scene.name), words["thanks"])
        self.done.set_words(words["done"])
