"""What may happen with the photo: the uses this job needs, AI apart from the rest, everything else under "more"."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.answers import answered, more_opened, no_before, order_shown, under_more
from safelight.asking.step_state import StepState
from safelight.asking.wording import joined, sentences
from safelight.domain.ids import ScopeId
from safelight.domain.scope import in_language
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button, TextLabel

from .page import Column, fill_with
from .use_card import UseCard

AT_FIRST = 2
"""Cards painted before the others."""


class UsesView(StepView):
    """All cards of the job on one panel. Next shows what was not seen yet before it leads on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._folded = False
        self._built = AT_FIRST
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._complete)
        self._panel = Column()
        fill_with(self, self._panel)
        self.cards: dict[ScopeId, UseCard] = {}
        self._order: tuple[ScopeId, ...] = ()
        self._ai_heading = TextLabel("", "title")
        self._blocked = TextLabel("", "muted")
        self.more = Button("", "quiet", icon="plus")
        self.more.clicked.connect(self._toggle_more)
        for part in (self._ai_heading, self._blocked, self.more):
            self._panel.body.addWidget(part)
        self._panel.body.addStretch(1)

    def show_step(self, state: StepState) -> None:
        """The cards with what was answered so far; a card keeps its place while its answer changes."""
        self._state = state
        texts, person, ceremony = state.texts, state.person, state.ceremony
        words = texts.ceremony
        self._panel.say(words["uses_title"], sentences(words["freedom"], words["uses_lead"]))
        more_shown = more_opened(ceremony) and not self._folded
        plain, ai = order_shown(person, ceremony, more_shown)
        if len(plain) + len(ai) > self._built:
            # What fits the screen first, the rest right after it was painted: the step is there at once.
            first = (*plain, *ai)[: self._built]
            plain = tuple(scope for scope in plain if scope in first)
            ai = tuple(scope for scope in ai if scope in first)
            self._soon.start()
        for scope in (*plain, *ai):
            if scope not in self.cards:
                card = UseCard(scope)
                card.answered.connect(lambda use, yes: self.wish(wishes.ANSWER, use, yes))
                self.cards[scope] = card
        for scope in (*plain, *ai):
            grant = ceremony.choice(scope).grant or person.grants[scope]
            self.cards[scope].show_use(person, texts, grant, answered(ceremony, scope), no_before(ceremony, scope))
        self._arrange(plain, ai)
        groups = {each.id: each for each in person.catalogue.groups}
        self._ai_heading.setVisible(bool(ai))
        if ai:
            group = groups[person.catalogue.scope(ai[0]).group]
            self._ai_heading.setText(in_language(group.title, texts.language))
        self.more.setVisible(bool(under_more(person, ceremony)))
        self.more.set_words(words["fewer" if more_shown else "more"])
        self.more.set_icon("minus" if more_shown else "plus")
        titles = [
            in_language(person.catalogue.scope(each).title, texts.language)
            for each in sorted(person.blocked & set(person.ceremony.offered))
        ]
        self._blocked.setText(f"{joined(texts, titles)}: {words['blocked_minor']}")
        self._blocked.setVisible(bool(titles))

    def forward(self) -> None:
        """First what was not seen yet; then on."""
        self._complete()
        if not self._panel.turn() and self._state is not None:
            self.wish(wishes.NEXT)

    def forget(self) -> None:
        """Nothing is painted any more."""
        self._soon.stop()
        self._state = None

    def _complete(self) -> None:
        self._soon.stop()
        if self._state is not None and self._built < len(self._state.ceremony.offered):
            self._built = len(self._state.ceremony.offered)
            self.show_step(self._state)

    def _toggle_more(self) -> None:
        if self._state is None:
            return
        opened = more_opened(self._state.ceremony)
        self._folded = opened and not self._folded
        if not self._folded:
            self._panel.grown()
        if opened:
            self.show_step(self._state)
        else:
            # What was never on the screen was never asked, so opening it is an act of the ceremony.
            self.wish(wishes.OPEN_MORE)

    def _arrange(self, plain: tuple[ScopeId, ...], ai: tuple[ScopeId, ...]) -> None:
        order = (*plain, *ai)
        if order == self._order:
            return
        self._order = order
        body = self._panel.body
        widgets: list[QWidget] = [*(self.cards[each] for each in plain), self._ai_heading]
        widgets += [*(self.cards[each] for each in ai), self._blocked, self.more]
        for widget in (*self.cards.values(), self._ai_heading, self._blocked, self.more):
            body.removeWidget(widget)
        for index, widget in enumerate(widgets):
            body.insertWidget(2 + index, widget)
        for scope, card in self.cards.items():
            card.setVisible(scope in order)
        before: QWidget | None = None
        for widget in widgets:
            for part in self._stops(widget):
                if before is not None:
                    QWidget.setTabOrder(before, part)
                before = part

    @staticmethod
    def _stops(widget: QWidget) -> tuple[QWidget, ...]:
        if isinstance(widget, UseCard):
            return (widget.pair.yes, widget.pair.no, widget.more)
        return (widget,) if isinstance(widget, Button) else ()
