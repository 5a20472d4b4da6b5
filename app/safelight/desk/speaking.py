"""Another language while the desk is open: bars and screens are made anew in it; the studio stays open."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from safelight.desk.appearance import Appearance
from safelight.desk.desk import Desk
from safelight.desk.screens import built, load, offered
from safelight.desk.window import DeskWindow


class Speaking(QObject):
    """Listens to what is chosen; a desk that is locked or covered has nobody who chooses."""

    def __init__(self, desk: Desk, window: DeskWindow, appearance: Appearance) -> None:
        super().__init__(window)
        self._desk, self._window, self._appearance = desk, window, appearance
        # The widget that was pressed goes with its screen: not while it still tells of it.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._speak)
        desk.preferences.changed.connect(self._chosen)

    def _chosen(self) -> None:
        if self._appearance.chosen_words.language != self._desk.words.language:
            self._soon.start()

    def _speak(self) -> None:
        desk, window = self._desk, self._window
        shown = window.screen_key
        if not shown or not desk.is_open or desk.is_covered:
            return
        self._appearance.speak()
        desk.words = self._appearance.words
        window.drop_screens()
        window.drop_bars()
        # Each was loaded before: it is made, not waited for.
        screens = [(offered(each, load(each), desk, shown), desk.words.get(f"window.{each.key}")) for each in built()]
        window.show_screens(screens, shown)
