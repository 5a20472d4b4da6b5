"""One yes with its limits: how long and where, and the very day it ends."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from safelight.asking.limits import (
    countries,
    end_words,
    key_of,
    place_choices,
    place_key,
    term_choices,
)
from safelight.asking.marks import MARK_TITLES
from safelight.asking.step_state import StepState
from safelight.domain.choice import Grant
from safelight.domain.ids import ScopeId
from safelight.domain.scope import Mark, in_language
from safelight.domain.term import TerritoryKind
from safelight.qt.choices import OneOf, SeveralOf
from safelight.qt.controls import TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.theme import tokens_of


class TermCard(CardFrame):
    """Two rows of choices; the shortest ordinary yes (a year, this country) stands until the person says otherwise."""

    term_chosen = Signal(str)
    place_chosen = Signal(str)
    """The key of what was offered."""
    countries_chosen = Signal(object)

    def __init__(self, scope: ScopeId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = scope
        self._offered: tuple[object, object] = ((), ())
        self.title = TextLabel("", "heading")
        self.long_words, self.where_words = TextLabel("", "muted"), TextLabel("", "muted")
        self.long, self.where = OneOf(""), OneOf("")
        self.which = SeveralOf("")
        """The countries of a list; filled when somebody first wants one."""
        self.ends = TextLabel("", "body")
        self.needs = TextLabel("", "muted")
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(16)
        self._head.addWidget(self.title, 2)
        self._head.addWidget(self.ends, 3)
        self.body.addLayout(self._head)
        for label, choice in ((self.long_words, self.long), (self.where_words, self.where)):
            rows = QVBoxLayout()
            rows.setSpacing(6)
            rows.addWidget(label)
            rows.addWidget(choice)
            self.body.addLayout(rows)
        self.which.hide()
        self.body.addWidget(self.which)
        self.body.addWidget(self.needs)
        self.long.chosen.connect(self.term_chosen)
        self.where.chosen.connect(self.place_chosen)
        self.which.chosen.connect(self.countries_chosen)

    def show_term(self, state: StepState, grant: Grant) -> None:
        """Paint the limits of ``grant``."""
        texts, person, ceremony, words = state.texts, state.person, state.ceremony, state.texts.ceremony
        scope = person.catalogue.scope(self.scope)
        title = in_language(scope.title, texts.language)
        self.title.setText(title)
        self.long_words.setText(words["how_long"])
        self.where_words.setText(words["where"])
        self.long.setAccessibleName(f"{title}: {words['how_long']}")
        self.where.setAccessibleName(f"{title}: {words['where']}")
        offered = (
            term_choices(texts, person, ceremony, self.scope),
            place_choices(texts, person, ceremony, self.scope),
        )
        if offered != self._offered:
            self._offered = offered
            self.long.offer(offered[0])
            self.where.offer(offered[1])
            self.which.offer([])
        self.long.set_value(key_of(grant.term))
        self.where.set_value(place_key(grant.territory))
        self._show_countries(state, grant)
        self.ends.setText(end_words(texts, person, ceremony, self.scope, grant))
        self.needs.setText(words[MARK_TITLES[scope.mark]] if scope.mark in MARK_TITLES else "")
        self.needs.setVisible(scope.mark is not Mark.NONE)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The day of the end beside the title where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= tokens_of(self).px(860)
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        side = Qt.AlignmentFlag.AlignTrailing if wide else Qt.AlignmentFlag.AlignLeading
        self.ends.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _show_countries(self, state: StepState, grant: Grant) -> None:
        by_list = grant.territory.kind is TerritoryKind.LISTED
        if by_list:
            if not self.which.buttons:
                self.which.setAccessibleName(self.where.accessibleName())
                self.which.offer(countries(state.texts, state.person, state.ceremony, self.scope))
            self.which.set_value(grant.territory.countries)
        self.which.setVisible(by_list)
