"""Four digits to type, with keys of our own on the screen: a tablet in a kiosk may have no keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safelight.qt.controls import Button, EntryField, IconButton
from safelight.qt.density import SUBJECT
from safelight.settings.texts import Texts

LENGTH = 4


class Digits(QWidget):
    """A field and eleven keys; ``complete`` once all four digits are there."""

    complete = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = EntryField("")
        edit = self.field.edit
        edit.setMaxLength(LENGTH)
        edit.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), edit))
        edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._asked = ""
        self.keys: dict[str, Button] = {"<": IconButton("undo", "")}
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.keys["<"], 0, Qt.AlignmentFlag.AlignBottom)
        pad = QWidget()
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # digits run the same way everywhere
        grid = QGridLayout(pad)
        grid.setSpacing(8)
        grid.setContentsMargins(0, 0, 0, 0)
        for index, key in enumerate("1234567890"):
            self.keys[key] = Button(key, "quiet")
            self.keys[key].setProperty("kind", "choice")  # small as a quiet one, with the outline of a key
            self.keys[key].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            self.keys[key].setMinimumWidth(SUBJECT.small)
            grid.addWidget(self.keys[key], index // 5, index % 5)
        for key, button in self.keys.items():
            button.clicked.connect(lambda _=False, pressed=key: self._press(pressed))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(row)
        box.addWidget(pad)
        self.field.edited.connect(self._look)

    def say(self, texts: Texts) -> None:
        """The words; what was typed stays."""
        self.field.set_label(texts.ceremony["digits"])
        self.keys["<"].setAccessibleName(texts.ceremony["delete"])
        self.keys["<"].setToolTip(texts.ceremony["delete"])

    def clear(self) -> None:
        """Nothing typed."""
        self.field.set_text("")
        self._asked = ""

    def _press(self, key: str) -> None:
        before = self.field.edit.text()
        self.field.set_text(before[:-1] if key == "<" else (before + key)[:LENGTH])
        self._look()

    def _look(self) -> None:
        typed = self.field.edit.text()
        if len(typed) == LENGTH and typed != self._asked:
            self._asked = typed
            self.complete.emit(typed)
        elif len(typed) < LENGTH:
            self._asked = ""
