"""One yes with its limits: how long and where, and the very day it ends."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from safelight.asking.limits import (
    countries,
    first_list,
    key_of,
    listed,
    place_choices,
    place_key,
    places,
    term_choices,
    terms,
    today,
)
from safelight.asking.step_state import StepState
from safelight.asking.wording import day_words, say, sentences, time_words
from safelight.domain.choice import Grant
from safelight.domain.ids import ScopeId
from safelight.domain.scope import Mark, in_language
from safelight.domain.term import TerritoryKind
from safelight.qt.choices import OneOf, SeveralOf
from safelight.qt.controls import Words
from safelight.qt.frames import Card
from safelight.qt.theme import tokens_of

MARK_TITLES = {Mark.INITIALS: "initials_title", Mark.OWN: "own_signature_title", Mark.PAGE: "page_title"}
"""What a yes needs besides the signature, by the key of its words."""


class TermCard(Card):
    """Two rows of choices; the shortest ordinary yes (a year, this country) stands until the person says otherwise."""

    limited = Signal(str, object)
    """Use; the changed ``Grant``."""

    def __init__(self, scope: ScopeId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope = scope
        self._state: StepState | None = None
        self._grant: Grant | None = None
        self._offered: tuple[object, object] = ((), ())
        self.title = Words("", "heading")
        self.long_words, self.where_words = Words("", "muted"), Words("", "muted")
        self.long, self.where = OneOf(""), OneOf("")
        self.which = SeveralOf("")
        """The countries of a list; filled when somebody first wants one."""
        self.ends = Words("", "body")
        self.needs = Words("", "muted")
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
        self.long.chosen.connect(self._choose_term)
        self.where.chosen.connect(self._choose_place)
        self.which.chosen.connect(self._choose_countries)

    def show_term(self, state: StepState, grant: Grant) -> None:
        """Paint the limits of ``grant``."""
        self._state, self._grant = state, grant
        texts, person, ceremony, words = state.texts, state.person, state.ceremony, state.texts.ceremony
        scope = person.catalogue.scope(self.scope)
        title = in_language(scope.title, texts.language)
        self.title.setText(title)
        longest = person.longest.get(self.scope)
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
        last = grant.term.last_day(today(ceremony), longest)
        said = [say(texts, "ends_on", date=day_words(texts, person.country, last))] if last else []
        if longest is not None:
            said.append(say(texts, "at_most", time=time_words(texts, longest)))
        self.ends.setText(sentences(*said) or words["until_withdrawn"])
        self.needs.setText(words.get(MARK_TITLES.get(scope.mark, ""), ""))
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

    def _choose_term(self, key: str) -> None:
        if self._state is not None and self._grant is not None:
            self._limit(replace(self._grant, term=terms(self._state.person, self.scope)[key]))

    def _choose_place(self, key: str) -> None:
        if self._state is not None and self._grant is not None:
            person, ceremony = self._state.person, self._state.ceremony
            by_list = key == TerritoryKind.LISTED.value
            wanted = first_list(person, ceremony, self.scope) if by_list else places(person, self.scope)[key]
            self._limit(replace(self._grant, territory=wanted))

    def _choose_countries(self, codes: frozenset[str]) -> None:
        if self._grant is not None:
            self._limit(replace(self._grant, territory=listed(*codes)))

    def _limit(self, grant: Grant) -> None:
        self._grant = grant
        self.limited.emit(self.scope, grant)
