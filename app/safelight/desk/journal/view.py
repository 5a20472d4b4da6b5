"""The list of entries under a card that checks everything; a bar and a cancel while it does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import CardFrame, Scroll
from safelight.qt.table import Row, Table
from safelight.settings.desk_texts import DeskTexts

from .rows import EntryRow, Verdict

MOST_PROBLEMS = 12
"""So many faults are told on the screen; all of them stand in what ``studio check`` prints."""


class JournalView(QWidget):
    """Rows and the verdict come in; the wish to check, for more rows, or for one id's entries goes out."""

    check_asked = Signal()
    more_asked = Signal()
    about_asked = Signal(str)
    """Only entries about this id from now on; empty for all."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.setProperty("role", "screen")
        self.title, self.head = TextLabel(words.get("journal.title"), "title"), TextLabel("", "muted")
        self.check = Button(words.get("journal.check"))
        self.verdict = _VerdictCard(words)
        self.about = EntryField(words.get("journal.about"))
        self.everything = Button(words.get("journal.everything"), "quiet")
        columns = [words.get(f"journal.column_{each}") for each in ("number", "when", "what", "about", "hash")]
        self.table = Table(words.get("journal.list"), columns, wide=2)
        self.empty = TextLabel(words.get("journal.empty"), "muted")
        top = QGridLayout()
        top.setColumnStretch(0, 1)
        top.addWidget(self.title, 0, 0)
        top.addWidget(self.head, 1, 0)
        top.addWidget(self.check, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        filters = QHBoxLayout()
        filters.addWidget(self.about, 1)
        filters.addWidget(self.everything, 0, Qt.AlignmentFlag.AlignBottom)
        filters.addStretch(2)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(20, 16, 20, 12)
        rows.setSpacing(12)
        rows.addLayout(top)
        rows.addWidget(self.verdict)
        rows.addLayout(filters)
        rows.addWidget(self.table, 1)
        rows.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroll(page, words.get("journal.title")))
        self.check.clicked.connect(self.check_asked)
        self.table.end_reached.connect(self.more_asked)
        self.table.opened.connect(self._only_about)
        self.about.entered.connect(lambda: self.about_asked.emit(self.about.text()))
        self.everything.clicked.connect(self._all)
        self.show_entries(())
        self.show_verdict(None)

    def show_entries(self, entries: Sequence[EntryRow]) -> None:
        """The entries, the newest first."""
        self._entries = {str(each.number): each for each in entries}
        self.table.show_rows(
            [Row(str(each.number), (str(each.number), each.when, each.what, each.about, each.hash)) for each in entries]
        )
        self.table.setVisible(bool(entries))
        self.empty.setVisible(not entries)

    def show_head(self, told: str) -> None:
        """How many entries there are, and the hash of the last one."""
        self.head.setText(told)

    def show_about(self, reference: str) -> None:
        """Only entries about this id are shown (empty: all are)."""
        self.about.set_text(reference)
        self.everything.setVisible(bool(reference))

    def show_checking(self, checking: bool) -> None:
        """The check runs: its bar and its cancel are at the foot of the window."""
        self.check.setEnabled(not checking)
        if checking:
            self.verdict.show_verdict(None)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """What the last check found; None before there was one."""
        self.verdict.show_verdict(verdict)

    def _only_about(self, key: str) -> None:
        if key in self._entries:
            self.about_asked.emit(self._entries[key].reference)

    def _all(self) -> None:
        self.about_asked.emit("")


class _VerdictCard(CardFrame):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.said, self.counts = TextLabel("", "heading"), TextLabel("", "muted")
        self.problems, self.notes = TextLabel("", "warning"), TextLabel("", "muted")
        rows = self.body
        rows.setContentsMargins(16, 12, 16, 12)
        for part in (self.said, self.problems, self.notes, self.counts):
            rows.addWidget(part)

    def show_verdict(self, verdict: Verdict | None) -> None:
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        glyph = "✓" if verdict.sound else "!"
        self.said.setText(f"{glyph} {verdict.said}")
        told, more = verdict.problems[:MOST_PROBLEMS], len(verdict.problems) - MOST_PROBLEMS
        lines = [*told, self._words.get("journal.more_problems", n=more)] if more > 0 else [*told]
        self.problems.setText("\n".join(lines))
        self.problems.setVisible(bool(lines))
        self.notes.setText("\n".join(verdict.notes))
        self.notes.setVisible(bool(verdict.notes))
        self.counts.setText(" · ".join(verdict.counts))
