"""The first step: people see the name of their own language, in their own language."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.domain.ids import Language
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button
from safelight.qt.theme import tokens_of
from safelight.settings.texts import LANGUAGES, native_names

from .page import Column, fill_with


def own_name(code: str) -> str:
    """What the speakers of a language call it."""
    name = native_names()[code]
    return name[:1].upper() + name[1:]  # it stands alone, as a heading does


class LanguageView(StepView):
    """One large button for each language, the likeliest first; quietly the way for who wants to take something back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = Column()
        fill_with(self, self._panel)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._panel.body.addSpacing(8)
        self._panel.body.addLayout(self._grid)
        self.change_mind = Button("", "quiet", "undo")
        self._panel.body.addWidget(self.change_mind)
        self._panel.body.addStretch(1)
        self.wish_by(self.change_mind, wishes.CHANGE_MIND)
        self.buttons: dict[str, Button] = {}
        self._columns = 0

    def show_step(self, state: StepState) -> None:
        """Every language, with the person's own in front."""
        self._panel.say(state.texts.ceremony["language_title"])
        self.change_mind.set_words(state.texts.ceremony["change_mind"])
        if not self.buttons:
            first = state.person.language
            for code in sorted(LANGUAGES, key=lambda each: each != first):
                button = Button(own_name(code), "choice")
                button.clicked.connect(lambda _=False, chosen=code: self.wish(wishes.SPEAK, Language(chosen)))
                self.buttons[code] = button
        self._lay_out()

    def footer(self) -> Footer:
        """Choosing is going on."""
        return Footer(forward="", back=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        columns = max(1, min(4, self.width() // tokens_of(self).px(280)))
        if columns == self._columns and self._grid.count() == len(self.buttons):
            return
        self._columns = columns
        for button in self.buttons.values():
            self._grid.removeWidget(button)
        for index, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, index // columns, index % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
