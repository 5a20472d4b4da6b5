"""The greeting: whoever was found says that it is them, and a minor says who is with them."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene

from .screen_panel import ScreenPanel


class Hello(ScreenPanel):
    """Start; or for a minor: the guardian is here, or nobody is."""

    def __init__(self) -> None:
        super().__init__()
        self.start = self.button("primary", "next")
        self.guardian_here = self.button()
        self.guardian_absent = self.button()
        self.company = self.button("quiet", "person")
        self.not_me = self.button("quiet", "close")
        self.leave = self.button("quiet", "minus")
        self.wish_by(self.start, wishes.START)
        self.wish_by(self.guardian_here, wishes.GUARDIAN_HERE)
        self.wish_by(self.guardian_absent, wishes.GUARDIAN_ABSENT)
        self.wish_by(self.company, wishes.WITH_COMPANY)
        self.wish_by(self.not_me, wishes.WAIT)
        self.wish_by(self.leave, wishes.LEAVE_UNDECIDED)

    def show_scene(self, scene: Scene) -> None:
        """The name large, so that the wrong person notices."""
        words = scene.texts.ceremony
        lead = words["guardian_lead"].replace("{name}", scene.name) if scene.minor else words["freedom"]
        self.say(words["hello"].replace("{name}", scene.name), lead)
        self.start.set_words(words["start"])
        self.start.setVisible(not scene.minor)
        self.guardian_here.set_words(words["guardian_is_here"])
        self.guardian_here.setVisible(scene.minor)
        self.guardian_absent.set_words(words["guardian_absent"])
        self.guardian_absent.setVisible(scene.minor)
        self.company.set_words(words["with_me"])
        self.not_me.set_words(words["not_you"])
        self.leave.set_words(words["leave_text"])
