"""One column in the middle of the window, for pages that ask something: unlocking, the first run, the cover."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safelight.qt import theme

WIDE = 560


class Column(QScrollArea):
    """Parts one below the other, as wide as a page is read; scrolls where the window is too low."""

    def __init__(self, name: str, parent: QWidget | None = None, *, wide: int = WIDE) -> None:
        super().__init__(parent)
        self._wide = wide
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("role", "inner")
        self.card = QFrame()
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
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        if hasattr(self, "card"):
            self.card.setMaximumWidth(theme.tokens_of(self).px(self._wide))
