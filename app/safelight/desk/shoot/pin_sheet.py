"""Asks for the PIN of somebody of the team before the signing screen is taken back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from safelight.desk.sheet import Sheet
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts


class PinSheet(Sheet):
    """What was typed is handed on once and forgotten; it stays until it was right, or Esc."""

    given = Signal(str)

    def __init__(self, parent: QWidget, words: DeskTexts) -> None:
        super().__init__(parent, words.get("shoot.take-back"), wide=420, tall=False)
        self._words = words
        self.field = EntryField(words.get("shoot.pin"))
        self.field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.said = TextLabel("", "warning")
        give = Button(words.get("shoot.take-back"), "primary")
        for part in (self.field, give, self.said):
            self.rows.addWidget(part)
        give.clicked.connect(self._give)
        self.field.entered.connect(self._give)
        self.open(self.field.edit)

    def refuse(self) -> None:
        """It was nobody's."""
        self.said.setText(self._words.get("shoot.pin-wrong"))
        self.field.edit.setFocus()

    def _give(self) -> None:
        typed = self.field.edit.text()
        self.field.edit.clear()
        self.said.setText("")
        if typed:
            self.given.emit(typed)
