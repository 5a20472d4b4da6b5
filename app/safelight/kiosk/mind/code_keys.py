"""A line for the code of a receipt, with keys on the screen: only letters that codes have, in groups as printed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from safelight.domain.receipt_codes import ALPHABET, LENGTH, in_groups, typed_letters
from safelight.qt.controls import Button, EntryField, IconButton
from safelight.qt.theme import tokens_of

_SPACING, _KEY = 8, 56
"""Pixels between keys, and the least width of one at 100 % text."""
_COLUMNS = (15, 10, 6, 5)
"""Keys in a row: each of these fills its rows."""


class CodeKeys(QWidget):
    """Puts the keys below a line; what is typed by keyboard or pasted is brought into the same form."""

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self._edit: QLineEdit = field.edit
        self._edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._edit.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.delete = IconButton("undo", "")
        row = QHBoxLayout()
        row.setSpacing(_SPACING)
        row.addWidget(field, 1)
        row.addWidget(self.delete, 0, Qt.AlignmentFlag.AlignBottom)
        self._pad = QWidget()
        self._pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # codes run the same way everywhere
        self._grid = QGridLayout(self._pad)
        self._grid.setSpacing(_SPACING)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.keys: dict[str, Button] = {}
        for letter in ALPHABET:
            key = Button(letter, "quiet")
            key.setProperty("kind", "choice")  # small as a quiet one, with the outline of a key
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # for fingers: the keyboard types, and Tab leads past all thirty
            key.clicked.connect(lambda _=False, pressed=letter: self._press(pressed))
            self.keys[letter] = key
        self._columns = 0
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addLayout(row)
        rows.addWidget(self._pad)
        self.delete.clicked.connect(lambda: self._put(typed_letters(self._edit.text())[:-1]))
        self._edit.textChanged.connect(self._changed)
        self._lay_out()

    def say(self, delete: str) -> None:
        """What the key that takes the last letter back is called."""
        self.delete.set_name(delete)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many keys in a row as fit."""
        super().resizeEvent(event)
        self._lay_out()

    def _press(self, letter: str) -> None:
        self._put((typed_letters(self._edit.text()) + letter)[:LENGTH])

    def _put(self, letters: str) -> None:
        self._edit.setText(in_groups(letters))

    def _changed(self, text: str) -> None:
        letters = typed_letters(text)
        # What is no code as it stands (a whole e-mail that was pasted) is left as it is: the code is found in it.
        written = in_groups(letters) if letters or not _is_text(text) else text
        if written == text:
            return
        before = len(typed_letters(text[: self._edit.cursorPosition()]))
        with QSignalBlocker(self._edit):
            self._edit.setText(written)
        self._edit.setCursorPosition(len(in_groups(letters[:before])))

    def _lay_out(self) -> None:
        key = tokens_of(self).px(_KEY)
        fits = (self.width() + _SPACING) // (key + _SPACING)
        columns = next((each for each in _COLUMNS if each <= fits), _COLUMNS[-1])
        if columns == self._columns:
            return
        self._columns = columns
        for button in self.keys.values():
            self._grid.removeWidget(button)
        for index, button in enumerate(self.keys.values()):
            self._grid.addWidget(button, index // columns, index % columns)


def _is_text(text: str) -> bool:
    """Whether there is more in ``text`` than a code that is being typed may hold, mixed-up letters included."""
    return not all(each.isalnum() or each.isspace() or each == "-" for each in text)
