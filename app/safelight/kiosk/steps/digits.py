"""Four digits to type, with keys of our own on the screen: a tablet in a kiosk may have no keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from safelight.qt.controls import Button, Field, IconButton
from safelight.settings.texts import Texts

LENGTH = 4
_ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "<")


class Digits(QWidget):
    """A field and twelve keys; :attr:`complete` once all four digits are there."""

    complete = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field("")
        edit = self.field.edit
        edit.setMaxLength(LENGTH)
        edit.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), edit))
        edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._asked = ""
        self.keys: dict[str, Button] = {}
        grid = QGridLayout()
        grid.setSpacing(8)
        pad = QWidget()
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # telephones count the same way everywhere
        pad.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        for index, key in enumerate(_ORDER):
            if not key:
                continue
            button = IconButton("undo", "") if key == "<" else Button(key, "quiet")
            button.clicked.connect(lambda _=False, pressed=key: self._press(pressed))
            grid.addWidget(button, index // 3, index % 3)
            self.keys[key] = button
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self.field)
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
