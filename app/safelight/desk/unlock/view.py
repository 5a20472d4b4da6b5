"""The page that unlocks: one line to type, one button; what went wrong stands below it as two sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from safelight.desk.column import Column
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts


class UnlockView(QWidget):
    """Asks for the passphrase; what was typed is handed on once and forgotten."""

    passphrase_given = Signal(str)
    keyring_asked = Signal()
    lost_said = Signal()
    """The passphrase is lost."""

    def __init__(self, words: DeskTexts, folder: str) -> None:
        super().__init__()
        self._words = words
        self.column = Column(words.get("unlock.title"))
        self.passphrase = EntryField(words.get("unlock.passphrase"))
        self.passphrase.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.unlock = Button(words.get("unlock.unlock"), "primary", "lock")
        self.keyring = Button(words.get("unlock.keyring"), "quiet")
        self.lost = Button(words.get("unlock.lost"), "quiet")
        self.bar, self.said = QProgressBar(), TextLabel("", "warning")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(words.get("unlock.opening"))
        rows = self.column.rows
        for part in (
            TextLabel(words.get("unlock.title"), "title"), TextLabel(words.get("unlock.where", folder=folder), "muted"),
            self.passphrase, self.unlock, self.keyring, self.bar, self.said, self.lost,
        ):  # fmt: skip
            rows.addWidget(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.column)
        self.setFocusProxy(self.passphrase)
        self.unlock.clicked.connect(self._give)
        self.passphrase.entered.connect(self._give)
        self.keyring.clicked.connect(self.keyring_asked)
        self.lost.clicked.connect(self.lost_said)
        self.show_waiting(False)

    def show_waiting(self, waiting: bool) -> None:
        """The studio is being opened, or may be asked for again."""
        self.bar.setVisible(waiting)
        for part in (self.passphrase, self.unlock, self.keyring, self.lost):
            part.setEnabled(not waiting)
        if not waiting:
            self.passphrase.setFocus()

    def show_error(self, title: str, hint: str) -> None:
        """Why it did not open."""
        self.said.setText(f"{title} {hint}".strip())
        self.show_waiting(False)

    def _give(self) -> None:
        typed = self.passphrase.edit.text()
        self.passphrase.edit.clear()
        if typed and self.unlock.isEnabled():
            self.said.setText("")
            self.passphrase_given.emit(typed)
