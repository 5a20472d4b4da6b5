"""The page while something is prepared: a sentence, a bar, a count, and a way to stop where there is one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from safelight.desk.column import Column
from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts


class WaitingPage(QWidget):
    """Paints as soon as it is made; everything else comes behind it."""

    cancel_asked = Signal()

    def __init__(self, words: DeskTexts, sentence: str, *, stoppable: bool = False) -> None:
        super().__init__()
        self._words = words
        column = Column(sentence)
        self.sentence, self.count, self.bar = TextLabel(sentence, "heading"), TextLabel("", "muted"), QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(sentence)
        self.cancel = Button(words.get("window.cancel"), "quiet", "close")
        self.cancel.setVisible(stoppable)
        self.cancel.clicked.connect(self.cancel_asked)
        for part in (TextLabel("Safelight", "title"), self.sentence, self.bar, self.count, self.cancel):
            column.rows.addWidget(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(column)

    def show_error(self, title: str, hint: str) -> None:
        """It cannot be prepared."""
        self.bar.hide()
        self.sentence.setText(title)
        self.count.setText(hint)

    def show_progress(self, done: int, total: int, what: str = "") -> None:  # noqa: ARG002 - a name, which is not shown
        """How far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.count.setText(self._words.get("window.progress", done=done, total=total) if total else "")
