"""The way out, for the team only: a PIN on keys large enough for a finger."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from safelight.asking import wishes
from safelight.asking.scene import Scene
from safelight.qt.controls import Button, EntryField, TextLabel

from .screen_panel import ScreenPanel

LONGEST = 12


class PinEntry(ScreenPanel):
    """Digits are never shown, and gone as soon as they were sent."""

    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pin = EntryField("")
        self.pin.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.edit.setMaxLength(LONGEST)
        self.pin.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.wrong = TextLabel("", "warning")
        self._why = "pin_wrong"
        self._words: Mapping[str, str] = {}
        self.rows.addWidget(self.pin)
        self.rows.addWidget(self.wrong)
        pad = QWidget()
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # digits stand the same way everywhere
        keys = QGridLayout(pad)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(12)
        self.digits: list[Button] = []
        for place, digit in enumerate("1234567890"):
            key = Button(digit)
            key.clicked.connect(self._digit)
            keys.addWidget(key, place // 3, 1 if digit == "0" else place % 3)
            self.digits.append(key)
        self.rows.addWidget(pad)
        self.send = self.button("primary", "lock")
        self.close_button = self.button("quiet", "close")
        self.pin.entered.connect(self._send)
        self.send.clicked.connect(self._send)
        self.close_button.clicked.connect(self.close_asked)
        self.wrong.hide()

    def show_scene(self, scene: Scene) -> None:
        """The words; what is half typed stays."""
        self._words = words = scene.texts.ceremony
        self.say(words["pin_title"])
        self.pin.set_label(words["pin_label"])
        self.wrong.setText(words[self._why])
        self.send.set_words(words["done"])
        self.close_button.set_words(words["close"])

    def refuse(self, why: str) -> None:
        """It was another one, or too many were: ``why`` is the key of the sentence."""
        self._why = why
        if self._words:
            self.wrong.setText(self._words[why])
        self.wrong.show()

    def forget(self) -> None:
        """No digit stays."""
        super().forget()
        self.wrong.hide()

    def _digit(self) -> None:
        key = self.sender()
        if isinstance(key, Button):
            self.wrong.hide()
            self.pin.edit.insert(key.words)

    def _send(self) -> None:
        typed = self.pin.text()
        self.pin.edit.setText("")
        if typed:
            self.wrong.hide()
            self.wish(wishes.GIVE_PIN, typed)
