"""How long and where, for each yes; then what some of them need besides: initials, a signature, a contract page."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.marks import MarkDue
from safelight.asking.step_state import Footer, StepState
from safelight.domain.ceremony import Step, unmarked
from safelight.domain.ids import ScopeId
from safelight.kiosk.view import StepView

from .contract_page import ContractPage
from .marks import MarkPage
from .page import Column
from .term_card import TermCard

Own = MarkPage | ContractPage


AT_FIRST = 1
"""Cards painted before the others."""


class TermView(StepView):
    """A panel with all limits first, then a page for each mark that is missing; Next walks through them.

    Which one is due is decided elsewhere; a page left half written is as it was when it is shown again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._built = AT_FIRST
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._complete)
        self.cards: dict[ScopeId, TermCard] = {}
        self.pages: dict[MarkDue, Own] = {}
        self._panel = Column()
        self._panel.body.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    @property
    def own(self) -> Own | None:
        """The page of one mark that is shown, None on the panel of limits."""
        current = self._stack.currentWidget()
        return current if isinstance(current, MarkPage | ContractPage) else None

    def show_step(self, state: StepState) -> None:
        """The limits as they stand, and the page of the mark that was reached."""
        if state.ceremony.step is not Step.TERM:
            return  # the last yes was taken back: another step follows
        self._state = state
        texts, ceremony, words = state.texts, state.ceremony, state.texts.ceremony
        self._panel.say(words["term_title"], texts.ceremony["end"])
        for scope in ceremony.yes:
            if scope not in self.cards:
                if len(self.cards) >= self._built:
                    self._soon.start()  # the rest right after what fits the screen was painted
                    break
                card = TermCard(scope)
                self._listen(card)
                self._panel.body.insertWidget(self._panel.body.count() - 1, card)
                self.cards[scope] = card
        for scope, card in self.cards.items():
            grant = ceremony.choice(scope).grant
            if grant is not None:
                card.show_term(state, grant)  # painted before it is shown: what is hidden is not laid out
            card.setVisible(scope in ceremony.yes)
        for page in self.pages.values():
            if page.scope in ceremony.yes:
                self._show_own(page, state)
            if isinstance(page, MarkPage) and page.writing.begun and page.scope not in unmarked(ceremony):
                page.writing.forget()  # handed in: a later one is written anew
        if state.mark_due is None:
            self._stack.setCurrentIndex(0)
        else:
            self._turn_to(state.mark_due, state)
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """Next waits on a page to write on until something is written."""
        own = self.own
        busy = self._state is not None and self._state.busy
        return Footer(ready=not busy and (not isinstance(own, MarkPage) or own.writing.begun))

    def forward(self) -> None:
        """Turn the panel, hand in the mark, or lead on."""
        self._complete()
        own = self.own
        if self._state is None:
            return
        if own is None:
            if not self._panel.turn():
                self.wish(wishes.NEXT)
        elif isinstance(own, ContractPage):
            lines = own.terms()
            if lines is not None:
                self.wish(wishes.AGREE, own.scope, lines)
        else:
            evidence = own.writing.evidence()
            if evidence is not None:
                self.wish(wishes.MARK, own.scope, evidence)

    def forget(self) -> None:
        """Nothing written or typed stays."""
        self._soon.stop()
        self._state = None
        for page in self.pages.values():
            page.writing.forget() if isinstance(page, MarkPage) else page.forget()

    def _complete(self) -> None:
        self._soon.stop()
        if self._state is not None and self._built < len(self._state.ceremony.offered):
            self._built = len(self._state.ceremony.offered)
            self.show_step(self._state)

    def _listen(self, card: TermCard) -> None:
        use = card.scope
        card.term_chosen.connect(lambda key: self.wish(wishes.LIMIT_TERM, use, key))
        card.place_chosen.connect(lambda key: self.wish(wishes.LIMIT_PLACE, use, key))
        card.countries_chosen.connect(lambda codes: self.wish(wishes.LIMIT_COUNTRIES, use, codes))

    def _turn_to(self, mark: MarkDue, state: StepState) -> None:
        page = self.pages.get(mark)
        if page is None:
            page = ContractPage(mark.scope) if mark.contract else MarkPage(mark.scope)
            page.refused.connect(lambda use: self.wish(wishes.ANSWER, use, False))
            if isinstance(page, MarkPage):
                page.changed.connect(self.footer_changed)
            self.pages[mark] = page
            self._stack.addWidget(page)
            self._show_own(page, state)
        self._stack.setCurrentWidget(page)

    @staticmethod
    def _show_own(page: Own, state: StepState) -> None:
        page.show_mark(state) if isinstance(page, MarkPage) else page.show_contract(state)
