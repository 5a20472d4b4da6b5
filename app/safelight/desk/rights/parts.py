"""What the pages of the rights screen are made of: cards with lines that say something and may have buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt.controls import Button, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import CardFrame

Act = tuple[str, str, Callable[[], None]]
"""A button of a line: its words, what a screen reader says, what it does."""


class LinesCard(CardFrame):
    """A heading, lines below it, and a sentence where there are none."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.title, self.nothing = TextLabel(title, "heading"), TextLabel(nothing, "muted")
        self.lines: list[Line] = []
        self._inside = QVBoxLayout()
        self._inside.setSpacing(8)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(self.title)
        self.body.addWidget(self.nothing)
        self.body.addLayout(self._inside)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """These lines and none of before; the focus stays on the same line, if it is still there."""
        had = next(((at, each.key) for at, each in enumerate(self.lines) if each.has_focus()), None)
        for old in self.lines:
            self._inside.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = list(lines)
        for each in lines:
            self._inside.addWidget(each)
        self.nothing.setVisible(not lines)
        if had is not None:
            same = [each for each in lines if each.key == had[1] and each.buttons]
            beside = [each for each in lines[min(had[0], max(0, len(lines) - 1)) :] if each.buttons]
            for each in (*same, *beside)[:1]:
                each.buttons[0].setFocus()


class Line(QWidget):
    """What it is, more about it below, and the buttons beside it (below it where there is little room)."""

    def __init__(self, key: str, title: str, told: Sequence[str] = (), acts: Sequence[Act] = ()) -> None:
        super().__init__()
        self.key = key
        self.buttons: list[Button] = []
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(TextLabel(title, "body"))
        for each in told:
            if each:
                names.addWidget(TextLabel(each, "muted"))
        self.setAccessibleName(". ".join(each for each in (title, *told) if each))
        beside = QWidget()
        flow = FlowLayout(8, beside)
        for label, about, call in acts:
            button = Button(label, about=about)
            button.clicked.connect(call)
            self.buttons.append(button)
            flow.addWidget(button)
        row: QHBoxLayout | QVBoxLayout = QHBoxLayout(self) if len(acts) <= 1 else QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(names, 1)
        if len(acts) == 1:
            row.addWidget(self.buttons[0], 0, Qt.AlignmentFlag.AlignVCenter)
        elif acts:
            row.addWidget(beside)

    def has_focus(self) -> bool:
        """Whether one of its buttons has the focus."""
        return any(each.hasFocus() for each in self.buttons)
