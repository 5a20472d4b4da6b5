"""Shows the six words that open a file, once: they are kept nowhere."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.desk.sheet import Sheet
from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

_WIDE = 640


class WordsSheet(Sheet):
    """Stays until somebody says that the words are written down."""

    def __init__(self, parent: QWidget, words: DeskTexts, six: str) -> None:
        super().__init__(parent, words.get("rights.words_title"), wide=_WIDE, tall=False)
        self.six = TextLabel(six, "title")
        self.done = Button(words.get("rights.words_done"), "primary")
        for part in (self.six, TextLabel(words.get("rights.words_told"), "body"), self.done):
            self.rows.addWidget(part)
        self.done.clicked.connect(self.dismiss)
        self.open(self.done)
