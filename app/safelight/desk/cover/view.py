"""What is painted while the desk is covered: the studio's name, the time, one line for a PIN or the passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTime, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from safelight.desk.column import Column
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

NARROW = 360


class CoverView(QWidget):
    """Opaque, over the whole window. What was typed is handed on once and forgotten."""

    pin_given = Signal(str)
    passphrase_given = Signal(str)

    def __init__(self, words: DeskTexts, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words
        self.needs_passphrase = False
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        column = Column(words.get("keys.cover"), wide=NARROW)
        self.studio, self.clock = TextLabel("", "title"), TextLabel("", "title")
        self.why, self.said = TextLabel("", "muted"), TextLabel("", "warning")
        self.field = EntryField("")
        self.field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.back = Button(words.get("cover.back"), "primary", "lock")
        for part in (self.studio, self.clock, self.why, self.field, self.back, self.said):
            column.rows.addWidget(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(column)
        self.setFocusProxy(self.field)
        self.back.clicked.connect(self._give)
        self.field.entered.connect(self._give)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_time)
        self.hide()

    def show_cover(self, studio: str, *, passphrase: bool, hint: str = "") -> None:
        """Cover everything; ``passphrase`` instead of a PIN leads back. ``hint`` is for who only looks around."""
        self.needs_passphrase = passphrase
        words = self.words
        self.studio.setText(studio)
        self.why.setText(hint or words.get("cover.slept" if passphrase else "cover.covered"))
        self.field.set_label(words.get("unlock.passphrase" if passphrase else "cover.pin"))
        self.field.edit.clear()
        self.said.setText("")
        self.setAccessibleName(studio)
        self._show_time()
        self._tick.start()
        if (parent := self.parentWidget()) is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.show_waiting(False)

    def show_waiting(self, waiting: bool) -> None:
        """What was given is being looked at, or may be given again."""
        self.field.setEnabled(not waiting)
        self.back.setEnabled(not waiting)
        if not waiting:
            self.field.setFocus()

    def show_error(self, title: str, hint: str = "") -> None:
        """Why it stays covered."""
        self.said.setText(f"{title} {hint}".strip())
        self.show_waiting(False)

    def put_away(self) -> None:
        """Somebody is back."""
        self._tick.stop()
        self.field.edit.clear()
        self.said.setText("")
        self.hide()

    def _give(self) -> None:
        typed = self.field.edit.text()
        self.field.edit.clear()
        if typed and self.back.isEnabled():
            self.said.setText("")
            self.show_waiting(True)
            (self.passphrase_given if self.needs_passphrase else self.pin_given).emit(typed)

    def _show_time(self) -> None:
        self.clock.setText(QTime.currentTime().toString("HH:mm"))
