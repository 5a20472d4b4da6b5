"""The cover: after three idle minutes, a sleep, a lock or a lost screen nothing of the person shows or is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.asking.scene import Scene
from safelight.qt.controls import Button
from safelight.qt.sleep_watch import SleepWatch

from .screen_panel import ScreenPanel

IDLE_MS = 180_000
AWAY_MS = 600_000
"""Covered for so long, the sitting is put away: kept, and taken up again by the person's card."""
ELSEWHERE_MS = 30_000
"""With a second screen the team works elsewhere while somebody reads here; only a longer absence covers."""
BEAT_MS = 1_000
SLEPT_S = 10.0
"""Wall-clock time between two beats that can only mean the machine slept."""


class IdleWatch(QObject):
    """Notices that nobody is here any more, or that the screen is not what it was."""

    due = Signal()
    """Cover now."""
    away = Signal()
    """Nobody has come back for long."""

    def __init__(self, application: QGuiApplication, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock, self._beat_at = clock, clock()
        self._idle = self._timer(IDLE_MS, self.due)
        self._gone = self._timer(AWAY_MS, self.away)
        self._elsewhere = self._timer(ELSEWHERE_MS, self.due)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._tick)
        self._application = application
        application.applicationStateChanged.connect(self._state)
        application.screenRemoved.connect(self._removed)
        self._bedtime = SleepWatch()
        self._bedtime.due.connect(self._asleep)

    def start(self) -> None:
        """Somebody is here."""
        self._beat_at = self._clock()
        self._beat.start()
        self.used()

    def used(self) -> None:
        """An input came in."""
        self._idle.start()
        self._elsewhere.stop()

    def covered(self) -> None:
        """The cover is on; from here on absence counts."""
        self._idle.stop()
        self._elsewhere.stop()
        self._gone.start()

    def uncovered(self) -> None:
        """Somebody came back."""
        self._gone.stop()
        self.start()

    def stop(self) -> None:
        """Nobody sits here: there is nothing to cover."""
        for timer in (self._idle, self._gone, self._elsewhere, self._beat):
            timer.stop()

    def _timer(self, after: int, then: object) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=after)
        timer.timeout.connect(then)
        return timer

    def _tick(self) -> None:
        now, before = self._clock(), self._beat_at
        self._beat_at = now
        if now - before > SLEPT_S:
            self.due.emit()

    def _state(self, state: Qt.ApplicationState) -> None:
        if not self._beat.isActive() or self._gone.isActive():
            return
        if state in (Qt.ApplicationState.ApplicationSuspended, Qt.ApplicationState.ApplicationHidden):
            self.due.emit()
        elif state is Qt.ApplicationState.ApplicationInactive:
            if len(self._application.screens()) > 1:
                self._elsewhere.start()
            else:
                self.due.emit()
        else:
            self._elsewhere.stop()

    def _removed(self, screen: QScreen) -> None:  # noqa: ARG002 - whichever it was, windows may have moved
        self._asleep()

    def _asleep(self) -> None:
        if self._beat.isActive():
            self.due.emit()


class ScreenCover(QWidget):
    """Opaque, over the whole window. A tap anywhere uncovers; whoever is somebody else says so."""

    uncover_asked = Signal()
    not_me_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self._panel = ScreenPanel()
        self.tap = self._panel.button("primary", "hand")
        self.not_me = self._panel.button("quiet", "close")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._panel)
        self.tap.clicked.connect(self.uncover_asked)
        self.not_me.clicked.connect(self.not_me_asked)
        self.hide()

    def show_scene(self, scene: Scene) -> None:
        """No name, no step: only that a tap goes on."""
        words = scene.texts.ceremony
        self._panel.say(scene.session)
        self.setAccessibleName(words["covered"])
        self.tap.set_words(words["covered"])
        self.not_me.set_words(words["not_you"])

    @property
    def buttons(self) -> tuple[Button, Button]:
        """Go on; this is not me."""
        return self.tap, self.not_me

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A tap beside the buttons."""
        event.accept()
        self.uncover_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space wherever the focus is; every other key stays here."""
        event.accept()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.uncover_asked.emit()
