"""The desk on its demonstration, walked through every screen, for tests that look at what it leaves behind.

``demo_walk.py``: as ``safelight --demo``, with a camera in a hurry; says ``NAME``, ``SCREEN`` and ``TITLE`` as JSON
lines, and closes once every screen was shown, the desk was covered and frames have come in.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from safelight import bootstrap
from safelight.desk import demonstration, opening
from safelight.desk.screens import built
from safelight.studio.queries.shots import session_shots

FRAMES = 3
"""So many frames of the camera are waited for."""
EACH_MS = 700


def say(what: str, told: str) -> None:
    print(what, json.dumps(told), flush=True)


class Walk:
    """One step every :data:`EACH_MS`."""

    def __init__(self, begun: opening.Opening) -> None:
        self.opening = begun
        self.left: list[str] = []
        self.before = 0
        self.shown = set[str]()
        self.timer = QTimer(begun)
        self.timer.timeout.connect(self.step)
        begun.ready.connect(self.ready)

    def ready(self) -> None:
        desk = self.opening.desk
        assert desk.session is not None
        subjects = desk.studio.archive.subjects
        for person in subjects.ids(desk.session.id):
            say("NAME", subjects.get(person).name)
        self.left = [each.key for each in built()]
        self.before = len(session_shots(desk.studio, desk.session))
        self.timer.start(EACH_MS)

    def step(self) -> None:
        desk = self.opening.desk
        assert desk.session is not None
        self.titles()
        if self.left:
            key = self.left.pop(0)
            self.opening.window.open_screen(key)
            say("SCREEN", key)
        elif len(session_shots(desk.studio, desk.session)) >= self.before + FRAMES:
            self.timer.stop()
            desk.cover(True)
            self.titles()
            self.opening.close()

    def titles(self) -> None:
        """What the system's own bars and switchers show of us, each once."""
        shown = {each.title() for each in QGuiApplication.allWindows()}
        for window in QApplication.topLevelWidgets():
            shown |= {window.windowTitle(), window.windowIconText(), window.windowFilePath(), window.objectName()}
        for each in sorted(shown - self.shown):
            say("TITLE", each)
        self.shown |= shown


def main() -> int:
    demonstration.CAMERA_MS = 1000
    begin = opening.Opening.open

    def open_and_walk(self: opening.Opening) -> None:
        self.walk = Walk(self)  # type: ignore[attr-defined]
        begin(self)

    opening.Opening.open = open_and_walk  # type: ignore[method-assign]
    return bootstrap.open_desk(demo=True)


if __name__ == "__main__":
    sys.exit(main())
