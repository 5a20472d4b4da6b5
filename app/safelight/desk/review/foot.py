"""The foot of the review: what keeps the day open, the steps of closing it, and the buttons that take them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .rows import CloseState

NARROW = 1000
"""Where there are fewer pixels than this, the words stand above the buttons."""


class Foot(QWidget):
    """What keeps the day open, the steps of closing it, and the buttons that take them."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.open, self.steps = TextLabel("", "body"), TextLabel("", "muted")
        self.close_day = Button(words.get("review.close"), "primary")
        self.close_anyway = Button(words.get("review.close_anyway"), "quiet")
        self.report = Button(words.get("review.save_report"))
        self.backup = Button(words.get("review.back_up"))
        self.card = Button(words.get("review.verify_card"))
        buttons = QHBoxLayout()
        for each in (self.card, self.backup, self.report, self.close_anyway, self.close_day):
            buttons.addWidget(each)
        told = QVBoxLayout()
        told.addWidget(self.open)
        told.addWidget(self.steps)
        self._columns = columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        columns.setContentsMargins(0, 8, 0, 0)
        columns.addLayout(told, 1)
        columns.addLayout(buttons)
        columns.setAlignment(buttons, Qt.AlignmentFlag.AlignBottom)
        self.show_state(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window what keeps the day open stands above the buttons, on one line and not on ten."""
        super().resizeEvent(event)
        down = self.width() < theme.tokens_of(self).px(NARROW)
        self._columns.setDirection(
            QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight
        )

    def show_state(self, state: CloseState | None) -> None:
        """How far the close of the day is; None while nothing is shown."""
        self.setVisible(state is not None)
        if state is None:
            return
        points = state.open_points
        words = self._words.get("review.closed" if state.closed else "review.all_accounted")
        self.open.setText(" · ".join(points) if points and not state.closed else words)
        self.steps.setText("   ".join(f"{'✓' if done else '○'} {told}" for told, done in state.steps))
        self.close_day.setEnabled(not points and not state.closed)
        self.close_anyway.setVisible(bool(points) and not state.closed)
        self.report.setVisible(state.closed)
