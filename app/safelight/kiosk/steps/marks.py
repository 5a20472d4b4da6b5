"""What some uses need besides the signature at the end: initials, or a signature for that yes alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.asking.marks import MARK_TITLES
from safelight.asking.step_state import StepState
from safelight.asking.wording import relies
from safelight.domain.ids import ScopeId
from safelight.domain.scope import in_language
from safelight.qt.controls import Button, TextLabel

from .writing import Writing


class MarkPage(QWidget):
    """One use, word for word, and a place to write under it; its own "no" stands right beside."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, scope: ScopeId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = scope
        self.writing = Writing()
        self.no = Button("", "choice")
        self._text = TextLabel("", "body")
        self._whom = TextLabel("", "muted")
        body = self.writing.panel.body
        body.insertWidget(2, self._text)
        body.insertWidget(3, self._whom)
        body.insertWidget(4, self.no)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.writing)
        self.writing.changed.connect(self.changed)
        self.no.clicked.connect(lambda: self.refused.emit(self.scope))

    def show_mark(self, state: StepState) -> None:
        """The words; what was drawn stays."""
        texts, person = state.texts, state.person
        scope = person.catalogue.scope(self.scope)
        title = in_language(scope.title, texts.language)
        asked = texts.ceremony[MARK_TITLES[scope.mark]]
        self.writing.say(texts, title, asked, f"{asked}: {title}")
        self._text.setText(in_language(scope.text, texts.language))
        grant = state.ceremony.choice(self.scope).grant or person.grants[self.scope]
        self._whom.setText(relies(texts, person, grant))
        self.no.set_words(f"{title}: {texts.ceremony['no']}")
