"""How long and where, for each yes; then what some of them need besides: initials, a signature, a contract page."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safelight.asking.step_state import Footer, StepState
from safelight.domain.ceremony import Step, unmarked
from safelight.domain.ids import ScopeId
from safelight.domain.scope import Mark
from safelight.kiosk.view import StepView

from .contract_page import ContractPage
from .marks import MarkPage
from .page import Column
from .term_card import TermCard

Own = MarkPage | ContractPage


AT_FIRST = 1
"""Cards painted before the others."""


class TermView(StepView):
    """A sheet with all limits first, then a page for each mark that is missing; Next walks through them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._walking = False
        self._built = AT_FIRST
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._complete)
        self.cards: dict[ScopeId, TermCard] = {}
        self.pages: dict[tuple[ScopeId, bool], Own] = {}
        self._sheet = Column()
        self._sheet.body.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._sheet)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    @property
    def own(self) -> Own | None:
        """The page of one mark that is shown, None on the sheet of limits."""
        current = self._stack.currentWidget()
        return current if isinstance(current, MarkPage | ContractPage) else None

    def show_step(self, state: StepState) -> None:
        """The limits as they stand, and the page of the mark that was reached."""
        if state.ceremony.step is not Step.TERM:
            return  # the last yes was taken back: another step follows
        self._state = state
        texts, ceremony, words = state.texts, state.ceremony, state.texts.ceremony
        self._sheet.say(words["term_title"], texts.ceremony["end"])
        for scope in ceremony.yes:
            if scope not in self.cards:
                if len(self.cards) >= self._built:
                    self._soon.start()  # the rest right after what fits the screen was painted
                    break
                card = TermCard(scope)
                card.limited.connect(self.answer_asked)
                self._sheet.body.insertWidget(self._sheet.body.count() - 1, card)
                self.cards[scope] = card
        for scope, card in self.cards.items():
            grant = ceremony.choice(scope).grant
            if grant is not None:
                card.show_term(state, grant)  # painted before it is shown: what is hidden is not laid out
            card.setVisible(scope in ceremony.yes)
        for page in self.pages.values():
            if page.scope in ceremony.yes:
                self._show_own(page, state)
        own = self.own
        if self._walking and own is not None and not self._pending(own):
            if isinstance(own, MarkPage):
                own.writing.forget()  # handed in: a later one is written anew
            self._go_on()
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """Next waits on a page to write on until something is written."""
        own = self.own
        busy = self._state is not None and self._state.busy
        return Footer(ready=not busy and (not isinstance(own, MarkPage) or own.writing.begun))

    def forward(self) -> None:
        """Turn the sheet, hand in the mark, or lead on."""
        self._complete()
        own, state = self.own, self._state
        if state is None:
            return
        if own is None:
            if not self._sheet.turn():
                self._go_on()
        elif isinstance(own, ContractPage):
            terms, grant = own.terms(), state.ceremony.choice(own.scope).grant
            if terms is not None and grant is not None:
                self._walking = True
                if grant.replica == terms:
                    self._go_on()
                else:
                    self.answer_asked.emit(own.scope, replace(grant, replica=terms))
        else:
            evidence = own.writing.evidence()
            if evidence is not None:
                self._walking = True
                self.mark_asked.emit(own.scope, evidence)

    def backward(self) -> None:
        """From a page of one yes to the sheet of all; from there to the uses."""
        if self.own is None:
            self.back_asked.emit()
        else:
            self._walking = False
            self._stack.setCurrentIndex(0)
            self.footer_changed.emit()

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

    def _pending(self, own: Own) -> bool:
        """Whether this page still waits: its use is a yes, and what it asks for was not given."""
        if self._state is None or own.scope not in self._state.ceremony.yes:
            return False
        if isinstance(own, MarkPage):
            return own.scope in unmarked(self._state.ceremony)
        grant = self._state.ceremony.choice(own.scope).grant
        return grant is not None and grant.replica is None

    def _go_on(self) -> None:
        """To the next page that waits, or on."""
        state = self._state
        if state is None:
            return
        for scope in state.ceremony.yes:
            grant = state.ceremony.choice(scope).grant
            needs = state.person.catalogue.scope(scope).mark
            contract = needs is Mark.PAGE and grant is not None and grant.replica is None
            if contract or scope in unmarked(state.ceremony):
                self._turn_to(scope, contract)
                return
        self._walking = False
        self.next_asked.emit()

    def _turn_to(self, scope: ScopeId, contract: bool) -> None:
        key = (scope, contract)
        page = self.pages.get(key)
        if page is None:
            page = ContractPage(scope) if contract else MarkPage(scope)
            page.refused.connect(self._refuse)
            if isinstance(page, MarkPage):
                page.changed.connect(self.footer_changed)
            self.pages[key] = page
            self._stack.addWidget(page)
        if self._state is not None:
            self._show_own(page, self._state)
        self._stack.setCurrentWidget(page)
        self.footer_changed.emit()

    def _refuse(self, scope: ScopeId) -> None:
        self._walking = True
        self.answer_asked.emit(scope, None)

    @staticmethod
    def _show_own(page: Own, state: StepState) -> None:
        page.show_mark(state) if isinstance(page, MarkPage) else page.show_contract(state)
