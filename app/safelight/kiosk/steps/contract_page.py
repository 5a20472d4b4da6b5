"""The contract page of a digital likeness: every line filled in by the person, or the answer is no."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.asking.marks import CONTRACT_LINES, LONGEST_LINE
from safelight.asking.step_state import StepState
from safelight.asking.wording import joined, relies, say
from safelight.domain.choice import ReplicaTerms
from safelight.domain.ids import ScopeId
from safelight.domain.scope import in_language
from safelight.qt.controls import Button, EntryField, TextLabel

from .page import Column


class ContractPage(QWidget):
    """Four lines to fill in. ``terms`` is None, with a sentence and the first gap in focus, until all say something."""

    refused = Signal(str)

    def __init__(self, scope: ScopeId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = scope
        self._state: StepState | None = None
        self._panel = Column(900)
        self._text, self._whom = TextLabel("", "body"), TextLabel("", "muted")
        self._missing = TextLabel("", "warning")
        self._missing.hide()
        self.fields = {name: EntryField("") for name in CONTRACT_LINES}
        self.no = Button("", "choice")
        body = self._panel.body
        self._missing.setParent(self)
        body.addWidget(self._text)
        body.addWidget(self._whom)
        for field in self.fields.values():
            field.edit.setMaxLength(LONGEST_LINE)
            field.edited.connect(self._missing.hide)
            body.addWidget(field)
        body.addWidget(self.no)
        body.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._panel)
        self.no.clicked.connect(lambda: self.refused.emit(self.scope))

    def show_contract(self, state: StepState) -> None:
        """The words, and the lines as agreed before where there are some; what was typed stays."""
        first, self._state = self._state is None, state
        texts, person, words = state.texts, state.person, state.texts.ceremony
        scope = person.catalogue.scope(self.scope)
        title = in_language(scope.title, texts.language)
        self._panel.say(f"{title}: {words['page_title']}", words["page_lead"])
        self._text.setText(in_language(scope.text, texts.language))
        grant = state.ceremony.choice(self.scope).grant or person.grants[self.scope]
        self._whom.setText(relies(texts, person, grant))
        for name, field in self.fields.items():
            field.set_label(words[CONTRACT_LINES[name]])
            if first and grant.replica is not None:
                field.set_text(getattr(grant.replica, name))
        self.no.set_words(f"{title}: {words['no']}")

    def terms(self) -> ReplicaTerms | None:
        """The four lines."""
        made = ReplicaTerms(**{name: field.text() for name, field in self.fields.items()})
        missing = made.missing()
        if self._state is not None and missing:
            texts = self._state.texts
            names = joined(texts, [texts.ceremony[CONTRACT_LINES[name]] for name in missing])
            self._missing.setText(say(texts, "page_missing", fields=names))
            self._ask_for(self.fields[missing[0]])
            return None
        return made

    def _ask_for(self, field: EntryField) -> None:
        """Say what is missing right above the first gap, and bring both into sight."""
        body = self._panel.body
        body.removeWidget(self._missing)
        body.insertWidget(body.indexOf(field), self._missing)
        self._missing.show()
        field.edit.setFocus()
        QTimer.singleShot(0, self._missing, lambda: self._panel.area.ensureWidgetVisible(field.edit, 0, 160))

    def forget(self) -> None:
        """Nothing typed stays."""
        for field in self.fields.values():
            field.set_text("")
