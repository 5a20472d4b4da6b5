"""One use as one card: its exact text, who would rely on it, Yes and No alike, and what a change of mind can do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from safelight.asking.wording import relies
from safelight.domain.choice import Grant
from safelight.domain.ids import ScopeId
from safelight.domain.scope import in_language
from safelight.domain.sitting import Person
from safelight.qt.choices import ChoicePair
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.theme import tokens_of
from safelight.settings.texts import Texts


class UseCard(CardFrame):
    """A question of its own. Nothing is chosen until the person chooses."""

    answered = Signal(str, bool)
    grew = Signal()

    def __init__(self, scope: ScopeId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = scope
        self._words: tuple[str, str] = ("", "")
        self.title = TextLabel("", "heading")
        self.text = TextLabel("", "body")
        self.whom = TextLabel("", "muted")
        self.more = Button("", "quiet", icon="plus")
        self._opened = False
        self.pair = ChoicePair("", "", "")
        self.closed_for_good = TextLabel("", "muted")
        self.details = TextLabel("", "body")
        self.details.hide()
        said = QVBoxLayout()
        said.setSpacing(8)
        for part in (self.title, self.text, self.whom):
            said.addWidget(part)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(28)
        self._beside.addLayout(said, 1)
        asked = QVBoxLayout()
        asked.setSpacing(6)
        asked.addWidget(self.pair)
        asked.addWidget(self.closed_for_good)
        asked.addWidget(self.more)
        asked.addStretch(1)
        self._beside.addLayout(asked)
        self.body.addLayout(self._beside)
        self.body.addWidget(self.details)
        self.pair.chosen.connect(lambda yes: self.answered.emit(self.scope, yes))
        self.more.clicked.connect(self._open)

    def show_use(self, person: Person, texts: Texts, grant: Grant, value: bool | None, no_before: bool) -> None:
        """Paint the use; ``no_before``: somebody else's no stands, so there is nothing to choose."""
        scope = person.catalogue.scope(self.scope)
        words = texts.ceremony
        title = in_language(scope.title, texts.language)
        self.title.setText(title)
        self.text.setText(in_language(scope.text, texts.language))
        self.whom.setText(relies(texts, person, grant))
        self.pair.set_words(words["yes"], words["no"], title, words["yes_chosen"], words["no_chosen"])
        self.pair.set_value(value)
        self.pair.setAccessibleDescription(words["uses_open"] if value is None else "")
        self.pair.setVisible(not no_before)
        self.closed_for_good.setText(words["already_no"])
        self.closed_for_good.setVisible(no_before)
        self._words = (words["tell_me_more"], words["close"])
        self.details.setText(
            f"{texts.receipt['change_stops']}: {in_language(scope.withdrawal_can, texts.language)}\n"
            f"{texts.receipt['change_stays']}: {in_language(scope.withdrawal_cannot, texts.language)}"
        )
        self._name_more(title)
        self.set_on(value is not None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Yes and No stand beside the text where there is room, below it where not."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= tokens_of(self).px(760)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        halves = max(self.pair.yes.sizeHint().width(), self.pair.no.sizeHint().width())
        width = min(max(tokens_of(self).px(320), 2 * halves + 12), self.width() // 2)
        width = width if wide else max(200, self.width() - 60)
        for part in (self.pair, self.closed_for_good, self.more):
            part.setFixedWidth(width)

    def _open(self) -> None:
        self._opened = not self._opened
        self.details.setVisible(self._opened)
        self._name_more(self.title.text())
        self.grew.emit()

    def _name_more(self, title: str) -> None:
        word = self._words[1 if self._opened else 0]
        self.more.set_icon("minus" if self._opened else "plus")
        self.more.set_words(word, f"{title}: {word}")
