"""Who we are and why we ask: five short cards, read aloud where there is a voice, with the full notice behind them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wording import card_words, say
from safelight.domain.ceremony import CARDS
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import CardFrame
from safelight.qt.speech import Speech, make_speech

from .notice_text import NoticeText
from .page import Column, large


class CardsView(StepView):
    """One card at a time. Paging back inside is free; the ceremony only counts how many were shown."""

    def __init__(self, parent: QWidget | None = None, speech: Speech | None = None) -> None:
        super().__init__(parent)
        self._speech = speech if speech is not None else make_speech(self)
        self._state: StepState | None = None
        self._at = self._read = 0
        self._panel = Column(900)
        self._number = TextLabel("", "muted")
        self._heading = TextLabel("", "title")
        self._sentence = large(TextLabel("", "lead"))
        self.aloud = Button("", "quiet", icon="speaker")
        self.more = Button("", "quiet", icon="plus")
        self._notice: NoticeText | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self._panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._pages)
        card = CardFrame()
        card.body.setContentsMargins(36, 32, 36, 24)
        card.body.setSpacing(16)
        for words in (self._number, self._heading, self._sentence):
            card.body.addWidget(words)
        card.body.addSpacing(12)
        buttons = FlowLayout(12)
        buttons.addWidget(self.aloud)
        buttons.addWidget(self.more)
        row = QHBoxLayout()
        row.addLayout(buttons, 1)
        card.body.addLayout(row)
        self._panel.body.addStretch(1)
        self._panel.body.addWidget(card)
        self._panel.body.addStretch(2)
        self.aloud.clicked.connect(self._read_aloud)
        self.more.clicked.connect(self._open_notice)
        self._speech.changed.connect(self._spoke)

    def show_step(self, state: StepState) -> None:
        """The card that follows those read, or the one paged back to."""
        before, self._state = self._state, state
        if before is None or state.ceremony.cards_read != self._read:
            self._read = state.ceremony.cards_read
            self._at = min(self._read, CARDS - 1)
        if before is not None and before.texts.language != state.texts.language:
            self._speech.stop()
            if self._pages.currentIndex():
                self.wish(wishes.TELL_MORE)
        if self._notice is not None:
            self._notice.show_notice(state.notice, state.texts)
        self._paint()

    def footer(self) -> Footer:
        """Back only turns cards: before the first lies the language, which is always in the top row."""
        return Footer(back=self._at > 0 or self._pages.currentIndex() > 0)

    def forward(self) -> None:
        """The next card; the ceremony hears of it when it was not read before."""
        self._speech.stop()
        if self._pages.currentIndex():
            self._close_notice()
        elif self._at < self._read and self._at < CARDS - 1:
            self._turn(self._at + 1)
        else:
            self.wish(wishes.NEXT)

    def backward(self) -> None:
        """The card before."""
        self._speech.stop()
        if self._pages.currentIndex():
            self._close_notice()
        elif self._at > 0:
            self._turn(self._at - 1)

    def forget(self) -> None:
        """Stop speaking."""
        self._speech.stop()

    def _turn(self, to: int) -> None:
        self._at = to
        self._paint()

    def _paint(self) -> None:
        state = self._state
        if state is None:
            return
        texts, person = state.texts, state.person
        heading, sentence = card_words(texts, person, self._at)
        self._panel.say(texts.ceremony_steps["notice"])
        self._panel.title.hide()  # the card's own heading is the title; the step's name stands in the top row
        self._number.setText(say(texts, "card_of", number=str(self._at + 1), count=str(CARDS)))
        self._heading.setText(heading)
        self._sentence.setText(sentence)
        self.more.set_words(texts.ceremony["tell_me_more"])
        self._spoke(self._speech.speaking)
        self.aloud.setVisible(self._speech.available(texts.language))
        self.footer_changed.emit()

    def _read_aloud(self) -> None:
        if self._speech.speaking:
            self._speech.stop()
        elif self._state is not None:
            said = f"{self._heading.text()}. {self._sentence.text()}"
            self._speech.say(said, self._state.texts.language)

    def _spoke(self, speaking: bool) -> None:
        if self._state is not None:
            self.aloud.set_words(self._state.texts.ceremony["reading" if speaking else "read_aloud"])

    def _open_notice(self) -> None:
        self._speech.stop()
        if self._notice is None and self._state is not None:
            self._notice = NoticeText()
            self._notice.closed.connect(self._close_notice)
            self._notice.show_notice(self._state.notice, self._state.texts)
            self._pages.addWidget(self._notice)
        self._pages.setCurrentIndex(1)
        self.wish(wishes.TELL_MORE)
        self.footer_changed.emit()

    def _close_notice(self) -> None:
        self._pages.setCurrentIndex(0)
        self.more.setFocus()
        self.footer_changed.emit()
