"""How the day goes: people an hour, who waits to sign, frames with nobody, and when it will be done."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from safelight.desk.shoot.one_line import OneLine
from safelight.desk.shoot.rows import PaceRow
from safelight.settings.desk_texts import DeskTexts

_MOST_LINES = 4


class PaceCard(QFrame):
    """Shows a :class:`PaceRow`."""

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        self._ready = OneLine("", "small", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(words.get("shoot.today"))
        head = QHBoxLayout()
        head.addWidget(OneLine(words.get("shoot.today"), "step"))
        head.addStretch(1)
        head.addWidget(self._ready)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        rows.addWidget(self._bar)
        self._lines = [(OneLine("", "step"), OneLine("", "small", "muted")) for _ in range(_MOST_LINES)]
        for number, what in self._lines:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(number)
            line.addWidget(what, 1)
            rows.addLayout(line)

    def show_row(self, row: PaceRow) -> None:
        """Show this; at most four lines."""
        self._bar.setMaximum(max(1, row.total))
        self._bar.setValue(min(row.done, row.total))
        self._ready.set_text(row.ready_at)
        for place, (number, what) in enumerate(self._lines):
            there = place < len(row.lines)
            number.setVisible(there)
            what.setVisible(there)
            if there:
                number.set_text(row.lines[place][0])
                what.set_text(row.lines[place][1])
