"""The page for a lost passphrase: the words of two recovery sheets, and the passphrase from now on."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from safelight.desk.column import Column
from safelight.domain.passphrase_strength import Strength, strength
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

WORDS = 33
"""On each sheet."""


class RecoveryView(QWidget):
    """What was typed is handed on once; the passphrase is forgotten then, the words stay to be put right."""

    given = Signal(tuple, str)
    """The words of two sheets, and the new passphrase."""
    back_asked = Signal()

    def __init__(self, words: DeskTexts, folder: str) -> None:
        super().__init__()
        self._words = words
        self.column = Column(words.get("unlock.lost"))
        rows = self.column.rows
        rows.addWidget(TextLabel(words.get("unlock.lost"), "title"))
        rows.addWidget(TextLabel(words.get("unlock.where", folder=folder), "muted"))
        rows.addWidget(TextLabel(words.get("unlock.lost_told"), "body"))
        self.sheets: list[EntryField] = []
        for key in ("unlock.first_sheet", "unlock.second_sheet"):
            self.sheets.append(self._field(key))
            self._count(self.sheets[-1])
        self.passphrase = self._field("unlock.new_passphrase", secret=True)
        self.again = self._field("founding.again", secret=True)
        self.open = Button(words.get("unlock.unlock"), "primary", "lock")
        self.back = Button(words.get("founding.back"), "quiet", "back")
        self.bar, self.said = QProgressBar(), TextLabel("", "warning")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(words.get("unlock.opening"))
        for part in (self.said, self.bar, self.open, self.back):
            rows.addWidget(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.column)
        fields = (*self.sheets, self.passphrase, self.again)
        for one, following in itertools.pairwise(fields):
            one.entered.connect(following.setFocus)
        self.again.entered.connect(self._give)
        self.open.clicked.connect(self._give)
        self.back.clicked.connect(self.back_asked)
        self.setFocusProxy(self.sheets[0])
        self.show_waiting(False)

    def show_waiting(self, waiting: bool) -> None:
        """The studio is being opened, or may be asked for again."""
        self.bar.setVisible(waiting)
        for part in (*self.sheets, self.passphrase, self.again, self.open, self.back):
            part.setEnabled(not waiting)

    def show_error(self, title: str, hint: str = "") -> None:
        """Why it does not open."""
        self.said.setText(f"{title} {hint}".strip())
        self.show_waiting(False)

    def _field(self, key: str, *, secret: bool = False) -> EntryField:
        made = EntryField(self._words.get(key))
        if secret:
            made.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.column.rows.addWidget(made)
        return made

    def _count(self, field: EntryField) -> None:
        """Under a sheet: how many of its words were typed, because a word left out is what most often goes wrong."""
        told = TextLabel("", "muted")

        def count(typed: str) -> None:
            told.setText(self._words.get("unlock.words", n=len(typed.split()), all=WORDS))

        field.edited.connect(count)
        count("")
        self.column.rows.addWidget(told)

    def _give(self) -> None:
        if not self.open.isEnabled():
            return
        first, again = self.passphrase.edit.text(), self.again.edit.text()
        empty = next((each for each in self.sheets if not each.text()), None)
        if empty is not None:
            self.show_error(self._words.get("unlock.lost_told"))
            empty.setFocus()
        elif strength(first) is Strength.SHORT:
            self.show_error(self._words.get("founding.short"))
            self.passphrase.setFocus()
        elif first != again:
            self.show_error(self._words.get("founding.differ"))
            self._forget(self.again)
            self.again.setFocus()
        else:
            self._forget(self.passphrase, self.again)
            self.said.setText("")
            self.show_waiting(True)
            self.given.emit(tuple(each.text() for each in self.sheets), first)

    @staticmethod
    def _forget(*fields: EntryField) -> None:
        for each in fields:
            with QSignalBlocker(each.edit):
                each.edit.clear()
