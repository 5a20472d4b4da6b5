"""The names of the sections one below the other: one is chosen, the arrow keys go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from safelight.qt import theme
from safelight.qt.controls import Button

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class _SectionButton(Button):
    leading = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()  # the list moves on, not only the focus
        else:
            super().keyPressEvent(event)


class SectionList(QFrame):
    """One stop of the Tab key, at the section that is chosen."""

    chosen = Signal(str)

    def __init__(self, name: str, sections: Sequence[tuple[str, str]]) -> None:
        """``sections`` are keys with their words."""
        super().__init__()
        self.setProperty("role", "side")
        self.setAccessibleName(name)
        self.buttons: dict[str, Button] = {}
        self.current = ""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 16, 12, 12)
        rows.setSpacing(4)
        for key, words in sections:
            button = _SectionButton(words, "quiet", about=f"{name}: {words}")
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            button.setSizePolicy(policy)
            button.clicked.connect(lambda _=False, key=key: self._choose(key))
            self.buttons[key] = button
            rows.addWidget(button)
        rows.addStretch(1)

    def show_chosen(self, key: str) -> None:
        """This section is on screen."""
        self.current = key
        for each, button in self.buttons.items():
            theme.mark(button, on=each == key)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each == key else Qt.FocusPolicy.ClickFocus)

    def work(self) -> None:
        """Take the focus."""
        self.buttons[self.current].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        keys = list(self.buttons)
        place = keys.index(self.current) + step
        if not step or not 0 <= place < len(keys):
            super().keyPressEvent(event)
            return
        self._choose(keys[place])
        self.work()

    def _choose(self, key: str) -> None:
        if key != self.current:
            self.show_chosen(key)
            self.chosen.emit(key)
