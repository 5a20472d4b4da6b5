"""What this person allows, or a whole group: closed unless somebody opens it, and never open for long."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.rows import AnswersPage
from safelight.qt.controls import TextLabel
from safelight.settings.desk_texts import DeskTexts

OPEN_S = 10
"""Others look over the shoulder: after so many seconds the answers are gone again."""


class AnswersPanel(QFrame):
    """A button that opens it (``opened`` asks for the answers), and the answers while it is open."""

    opened = Signal()
    closed = Signal()

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._open = words, False
        self.button = KeyButton(words.get("shoot.answers-show"), keys.shown("panel"))
        self.button.clicked.connect(self.toggle)
        self._sheet = QFrame()
        self._sheet.setProperty("role", "card")
        self._title = TextLabel("", "heading")
        self._foot = TextLabel("", "muted")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        inside = QVBoxLayout(self._sheet)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(10)
        inside.addWidget(self._title)
        inside.addLayout(self._grid)
        inside.addWidget(self._foot)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.button)
        head.addStretch(1)
        rows.addLayout(head)
        rows.addWidget(self._sheet)
        self._away = QTimer(self, singleShot=True, interval=OPEN_S * 1000)
        self._away.timeout.connect(self.close_answers)
        self._sheet.hide()

    @property
    def is_open(self) -> bool:
        """Whether answers are to be seen, or on their way."""
        return self._open

    def toggle(self) -> None:
        """Open it, or close it."""
        if self._open:
            self.close_answers()
            return
        self._open = True
        self.button.set_words(self._words.get("shoot.answers-hide"))
        self._away.start()
        self.opened.emit()

    def show_page(self, page: AnswersPage) -> None:
        """Show these answers; nothing happens once it was closed."""
        if not self._open:
            return
        self._clear()
        self._title.setText(page.title)
        self._foot.setText(page.foot)
        self._foot.setVisible(bool(page.foot))
        for number, line in enumerate(page.lines):
            glyph = QLabel("✓" if line.allowed else "–")
            glyph.setProperty("role", "yes" if line.allowed else "no")
            detail = TextLabel(line.detail or self._words.get("shoot.answer-no"), "muted")
            detail.setAlignment(Qt.AlignmentFlag.AlignTrailing)
            self._grid.addWidget(glyph, number, 0)
            self._grid.addWidget(TextLabel(line.words, "step"), number, 1)
            self._grid.addWidget(detail, number, 2)
        if not page.lines:
            self._grid.addWidget(TextLabel(self._words.get("shoot.answers-none"), "muted"), 0, 0, 1, 3)
        self._sheet.show()

    def close_answers(self) -> None:
        """Show and remember nothing."""
        self._away.stop()
        self._sheet.hide()
        self._clear()
        if self._open:
            self._open = False
            self.button.set_words(self._words.get("shoot.answers-show"))
            self.closed.emit()

    def _clear(self) -> None:
        self._title.setText("")
        self._foot.setText("")
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
