"""Stopped for now: a minor's answers wait for a guardian, or somebody paused; both say what is kept."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.asking.wording import day_words

from .screen_panel import ScreenPanel


class Held(ScreenPanel):
    """The minor has signed; without a guardian it erases itself."""

    def __init__(self) -> None:
        super().__init__()
        self.done = self.button("primary", "check")
        self.wish_by(self.done, wishes.WAIT)

    def show_scene(self, scene: Scene) -> None:
        """Until when, in the words and figures of the language."""
        words = scene.texts.ceremony
        day = scene.until
        written = ""
        if day is not None:
            written = day_words(scene.texts, scene.country, day)
        self.say(words["held_title"], words["held_text"].replace("{date}", written))
        self.done.set_words(words["done"])


class Stopped(ScreenPanel):
    """Paused: go on now, come back later, or rather not answer at all."""

    def __init__(self) -> None:
        super().__init__()
        self.done = self.button("primary", "check")
        self.go_on = self.button("choice", "next")
        self.leave = self.button("quiet", "minus")
        self.wish_by(self.done, wishes.WAIT)
        self.wish_by(self.go_on, wishes.GO_ON)
        self.wish_by(self.leave, wishes.LEAVE_UNDECIDED)

    def show_scene(self, scene: Scene) -> None:
        """What was kept, and what was not done."""
        words = scene.texts.ceremony
        self.say(words["stopped_title"], words["stopped_text"])
        self.done.set_words(words["done"])
        self.go_on.set_words(words["resume_go_on"])
        self.leave.set_words(words["leave_text"])
        self.leave.setVisible(not scene.signed)  # once somebody has signed, only they and the studio may undo it
