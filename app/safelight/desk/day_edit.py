"""A field for a day, on whatever screen it stands: its digits, its form, and how it is dressed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QDateEdit, QWidget

from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts

_LOCALES = {"ar": "ar-AE"}
"""Where a language has several kinds of digits: the ones of the whole desk."""


def day_edit(words: DeskTexts, day: date, name: str) -> QDateEdit:
    """A field that begins at ``day``; ``name`` is what a screen reader calls it."""
    edit = QDateEdit(qt_day(day))
    edit.setLocale(QLocale(_LOCALES.get(words.language, words.language)))
    edit.setDisplayFormat(words.get("sessions.day_format"))
    edit.setAccessibleName(name)
    edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return edit


def chosen_day(edit: QDateEdit) -> date:
    """The day that is chosen."""
    day = edit.date()
    return date(day.year(), day.month(), day.day())


def qt_day(day: date) -> QDate:
    """The day as Qt has it."""
    return QDate(day.year, day.month, day.day)


def dress_day(edit: QDateEdit, around: QWidget) -> None:
    """Letters and room of the screen that ``around`` stands on; for its events, as the field's own would come again."""
    theme.dress(edit, "body")
    tokens = theme.tokens_of(around)
    edit.setMinimumHeight(tokens.px(tokens.density.control))
    edit.setMinimumWidth(tokens.px(150))
    margin = tokens.px(tokens.density.pad_quiet)
    edit.lineEdit().setTextMargins(margin, 0, margin, 0)
