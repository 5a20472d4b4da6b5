"""A day under its label: arrows up and down change the part of it with the cursor."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.desk.day_edit import chosen_day, day_edit, dress_day, qt_day
from safelight.qt.controls import TextLabel
from safelight.settings.desk_texts import DeskTexts

_DRESSED_BY = frozenset({QEvent.Type.Show, QEvent.Type.StyleChange, QEvent.Type.LanguageChange})
"""Shown, and not polished: that happens before it stands in a window, whose letters it takes over."""
_FIRST = date(1900, 1, 1)


class DayField(QWidget):
    """Begins at ``day``; none before ``first`` and none after ``last`` can be chosen."""

    def __init__(
        self, words: DeskTexts, label: str, day: date, *, first: date = date.min, last: date = date.max
    ) -> None:
        super().__init__()
        self.label, self.edit = TextLabel(label, "body"), day_edit(words, day, label)
        self.edit.setDateRange(qt_day(max(first, _FIRST)), qt_day(last))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.label)
        rows.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeading)
        self.setFocusProxy(self.edit)

    @property
    def value(self) -> date:
        """The day that is chosen."""
        return chosen_day(self.edit)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            dress_day(self.edit, self)
        return super().event(event)
