"""One column in the middle of the window, for pages that ask something: unlocking, the first run, the cover."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

WIDE = 560


class Column(QScrollArea):
    """Parts one below the other, as wide as a page is read; scrolls where the window is too low."""

    def __init__(self, parent: QWidget | None = None, *, wide: int = WIDE) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("role", "inner")
        self.card = QFrame()
        self.card.setMaximumWidth(wide)
        self.rows = QVBoxLayout(self.card)
        self.rows.setContentsMargins(20, 20, 20, 20)
        self.rows.setSpacing(12)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card, 100)
        middle.addStretch(1)
        rows = QVBoxLayout(inside)
        rows.addStretch(1)
        rows.addLayout(middle)
        rows.addStretch(2)
        self.setWidget(inside)
