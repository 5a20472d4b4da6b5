"""The days of a session: a line for each, the next one by a button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk.day_edit import chosen_day, day_edit, dress_day
from safelight.qt.controls import Button, IconButton, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.settings.desk_texts import DeskTexts

MOST_DAYS = 31
_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LanguageChange})


class DaysPart(QWidget):
    """At least one day; arrows up and down change the part of it with the cursor."""

    changed = Signal()
    settled = Signal()
    """There are more lines, or fewer."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.lines: list[_Day] = []
        self.more = Button(words.get("sessions.day_more"), "quiet", icon="plus")
        line = QWidget()
        self._flow = FlowLayout(8, line)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(TextLabel(words.get("sessions.days"), "body"))
        rows.addWidget(line)
        self._flow.addWidget(self.more)
        self.more.clicked.connect(self._add_next)

    @property
    def value(self) -> tuple[date, ...]:
        """The days, each once, in order."""
        return tuple(sorted({each.value for each in self.lines}))

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return (*(part for each in self.lines for part in (each.edit, each.gone)), self.more)

    def show_days(self, days: Sequence[date]) -> None:
        """Show these days instead."""
        for each in list(self.lines):
            self._take_out(each)
        for day in days:
            self._add(day)
        self._settle()

    def _add_next(self) -> None:
        last = max((each.value for each in self.lines), default=date.max)
        if last < date.max:
            self._add(last + timedelta(days=1)).edit.setFocus()
        self._settle()
        self.changed.emit()

    def _add(self, day: date) -> _Day:
        line = _Day(self._words, day, len(self.lines) + 1)
        self.lines.append(line)
        self._flow.removeWidget(self.more)
        self._flow.addWidget(line)
        self._flow.addWidget(self.more)
        line.show()
        line.edit.dateChanged.connect(self.changed)
        line.gone.clicked.connect(lambda: self._remove(line))
        return line

    def _remove(self, line: _Day) -> None:
        self._take_out(line)
        self._settle()
        self.more.setFocus()
        self.changed.emit()

    def _take_out(self, line: _Day) -> None:
        self.lines.remove(line)
        self._flow.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _settle(self) -> None:
        for each in self.lines:
            each.gone.setVisible(len(self.lines) > 1)
        self.more.setEnabled(len(self.lines) < MOST_DAYS)
        self.updateGeometry()
        self.settled.emit()


class _Day(QWidget):
    def __init__(self, words: DeskTexts, day: date, number: int) -> None:
        super().__init__()
        self.edit = day_edit(words, day, words.get("sessions.day", number=number))
        self.gone = IconButton("close", words.get("sessions.day_less"))
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.edit)
        columns.addWidget(self.gone)

    @property
    def value(self) -> date:
        return chosen_day(self.edit)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            dress_day(self.edit, self)
        return super().event(event)
