"""Who else is present, by name: a witness, an interpreter; and the screen changing hands between two people."""

from __future__ import annotations

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.domain.people import Role
from safelight.qt.controls import EntryField

from .screen_panel import ScreenPanel


class Company(ScreenPanel):
    """Two names, both optional."""

    def __init__(self) -> None:
        super().__init__()
        self.witness = EntryField("")
        self.interpreter = EntryField("")
        for field in (self.witness, self.interpreter):
            field.edit.setMaxLength(120)
            self.rows.addWidget(field)
        self.done = self.button("primary", "check")
        self.witness.entered.connect(self.interpreter.edit.setFocus)
        self.interpreter.entered.connect(self._send)
        self.done.clicked.connect(self._send)

    def show_scene(self, scene: Scene) -> None:
        """The words; what is half typed stays."""
        words = scene.texts.ceremony
        self.say(words["guardian_title"])
        self.witness.set_label(words["witness_name"])
        self.interpreter.set_label(words["interpreter_name"])
        self.done.set_words(words["done"])

    def _send(self) -> None:
        self.wish(wishes.ATTEND, self.witness.text(), self.interpreter.text())


class Handover(ScreenPanel):
    """The next person takes the screen; nothing of the questions shows while it changes hands."""

    def __init__(self) -> None:
        super().__init__()
        self.start = self.button("primary", "next")
        self.stop = self.button("quiet", "stop")
        self.wish_by(self.start, wishes.START)
        self.wish_by(self.stop, wishes.STOP)

    def show_scene(self, scene: Scene) -> None:
        """Who is meant, and what their answer counts for."""
        words = scene.texts.ceremony
        if scene.role is Role.GUARDIAN:
            named = words["guardian_turn"].replace("{name}", scene.name) if scene.name else ""
            self.say(words["guardian_first"], named)
        elif scene.minor_first:
            self.say(words["minor_first"].replace("{name}", scene.name))
        else:
            self.say(words["minor_turn"].replace("{name}", scene.name), words["assent"])
        self.start.set_words(words["start"])
        self.stop.set_words(words["stop"])
