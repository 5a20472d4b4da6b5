"""The panel the pages around the ceremony are laid out on: a few words and large buttons, in the middle, scrolling."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from safelight.asking.scene import Scene
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.theme import tokens_of

from .view import Wisher


class ScreenPanel(Wisher):
    """A page around the ceremony. It paints a :class:`Scene` and makes the wishes of whoever touches it."""

    widest = 720
    """How wide the column of words and buttons may become, in pixels at 100 % text."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[Button, ...] = ()
        self.title = TextLabel("", "title")
        self.lead = TextLabel("", "lead")
        self._column = QWidget()
        self.rows = QVBoxLayout(self._column)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(18)
        self.rows.addWidget(self.title)
        self.rows.addWidget(self.lead)
        inner = QWidget()
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._column, 1000)
        across.addStretch(1)
        self._down = QVBoxLayout(inner)
        self._down.addStretch(2)
        self._down.addLayout(across)
        self._down.addStretch(3)
        self._scroll = Scroll(inner, "")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self._scroll)

    def show_scene(self, scene: Scene) -> None:
        """Paint ``scene``; called again when something changed (also another language), nothing half typed is lost."""
        raise AssertionError(f"{type(self).__name__} does not paint {scene.page}")

    def say(self, title: str, lead: str = "") -> None:
        """The heading and the sentence below it."""
        self.title.setText(title)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(title)
        self._scroll.setAccessibleName(title)
        self._column.setMaximumWidth(tokens_of(self).px(self.widest))

    def button(self, kind: str = "choice", icon: str = "") -> Button:
        """One more button below what is there; its words come with the scene."""
        made = Button("", "primary" if kind == "primary" else "quiet" if kind == "quiet" else "choice", icon)
        self.rows.addWidget(made)
        return made

    def keep_below(self, back: Button, forward: Button) -> None:
        """Two buttons that stay in sight below what scrolls, the way back where reading starts."""
        bar = QFrame()
        bar.setProperty("role", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 12, 24, 12)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(forward)
        self._outer.addWidget(bar)
        self._kept = (back, forward)

    def in_order(self, *stops: QWidget) -> None:
        """Let Tab lead through ``stops``, which may have been made later, and then to what is kept below."""
        for before, after in itertools.pairwise((*stops, *self._kept)):
            QWidget.setTabOrder(before, after)

    def first_focus(self) -> None:
        """Where the keyboard starts on this page."""
        for each in (*self.findChildren(EntryField), *self.findChildren(Button)):
            if each.isEnabled() and not each.isHidden():
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def forget(self) -> None:
        """Drop what was typed, and the memory of having typed it."""
        for field in self.findChildren(EntryField):
            field.edit.setText("")  # setText also clears the history that undo walks

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wide margins where there is room."""
        super().resizeEvent(event)
        side = 20 if self.width() < 900 else 48
        self._down.setContentsMargins(side, 24, side, 24)
