"""A page that reads cards and receipts: a scanner that types like a keyboard, a camera, or somebody who types."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from safelight.qt import icons
from safelight.qt.controls import EntryField, TextLabel
from safelight.qt.theme import tokens_of

from .screen_panel import ScreenPanel

LONGEST = 200
"""No badge or receipt carries more characters; whatever a scanner sends beyond is cut off."""


class CardPanel(ScreenPanel):
    """One line to type and what was wrong with it. The window hands it a scanner's keys, whatever has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.code = EntryField("")
        self.code.edit.setMaxLength(LONGEST)
        self.wrong = TextLabel("", "warning")
        self.camera = CameraOn()

    def type_key(self, text: str) -> None:
        """One character from a scanner or keyboard, although something else has the focus."""
        self.code.edit.setFocus()
        self.code.edit.insert(text)

    def read(self, scanned: str) -> None:
        """What a scanner typed and ended with Enter; its characters stand in the line already."""
        raise AssertionError(f"{type(self).__name__} does not read {scanned!r}")

    def say_wrong(self, sentence: str) -> None:
        """A kind sentence for what was not right; empty for none."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))


class CameraOn(QWidget):
    """Says that a camera is on and what for; what it sees is shown to nobody."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing, self._words = QLabel(), TextLabel("", "body")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)

    def say(self, words: str) -> None:
        """The sentence beside the drawing of a camera, in today's size and colours."""
        tokens = tokens_of(self)
        size = tokens.px(28)
        self._drawing.setPixmap(icons.pixmap("camera", tokens.text, size, self.devicePixelRatioF()))
        self._words.setText(words)
