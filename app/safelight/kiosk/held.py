"""Stopped for now: a minor's answers wait for a guardian, or somebody paused; both say what is kept."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.asking.scene import Scene
from safelight.asking.wording import day_words

from .sheet import Sheet


class Held(Sheet):
    """The minor has signed; without a guardian it erases itself."""

    done_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.done = self.button("primary", "check")
        self.done.clicked.connect(self.done_asked)

    def show_scene(self, scene: Scene) -> None:
        """Until when, in the words and figures of the language."""
        words = scene.texts.ceremony
        day = scene.until
        written = ""
        if day is not None:
            written = day_words(scene.texts, scene.country, day)
        self.say(words["held_title"], words["held_text"].replace("{date}", written))
        self.done.set_words(words["done"])


class Stopped(Sheet):
    """Paused: go on now, come back later, or rather not answer at all."""

    go_on_asked = Signal()
    done_asked = Signal()
    leave_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.done = self.button("primary", "check")
        self.go_on = self.button("choice", "next")
        self.leave = self.button("quiet", "minus")
        self.done.clicked.connect(self.done_asked)
        self.go_on.clicked.connect(self.go_on_asked)
        self.leave.clicked.connect(self.leave_asked)

    def show_scene(self, scene: Scene) -> None:
        """What was kept, and what was not done."""
        words = scene.texts.ceremony
        self.say(words["stopped_title"], words["stopped_text"])
        self.done.set_words(words["done"])
        self.go_on.set_words(words["resume_go_on"])
        self.leave.set_words(words["leave_text"])
        # Once somebody has signed, only they and the studio may undo it.
        signed = scene.state is not None and bool(scene.state.ceremony.signatures)
        self.leave.setVisible(not signed)
