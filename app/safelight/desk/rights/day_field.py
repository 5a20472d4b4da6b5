"""A day under its label: arrows up and down change the part of it with the cursor."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, Qt
from PySide6.QtWidgets import QDateEdit, QVBoxLayout, QWidget

from safelight.desk.sessions.days_part import LOCALES
from safelight.qt import theme
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
        self.label, self.edit = TextLabel(label, "body"), QDateEdit(_day(day))
        self.edit.setDateRange(_day(max(first, _FIRST)), _day(last))
        self.edit.setLocale(QLocale(LOCALES.get(words.language, words.language)))
        self.edit.setDisplayFormat(words.get("sessions.day_format"))
        self.edit.setAccessibleName(label)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.label)
        rows.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeading)
        self.setFocusProxy(self.edit)

    @property
    def value(self) -> date:
        """The day that is chosen."""
        day = self.edit.date()
        return date(day.year(), day.month(), day.day())

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self.edit, "body")
            tokens = theme.tokens_of(self)
            self.edit.setMinimumHeight(tokens.px(tokens.density.control))
            self.edit.setMinimumWidth(tokens.px(150))
            margin = tokens.px(tokens.density.pad_quiet)
            self.edit.lineEdit().setTextMargins(margin, 0, margin, 0)
        return super().event(event)


def _day(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
