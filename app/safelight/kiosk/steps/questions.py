"""Two questions before anything with AI is signed: a wrong answer explains again, and nothing is ever barred by it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wording import say
from safelight.domain.ceremony import QUESTIONS
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame

from .page import Column, fill_with, large


class QuestionsView(StepView):
    """One question, its answers as buttons of one size; no mark, no red, no count of tries."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._which = -1
        self._panel = Column(900)
        fill_with(self, self._panel)
        self._number = TextLabel("", "muted")
        self._right = TextLabel("", "body")
        self._again = CardFrame()
        self._again_lead = TextLabel("", "heading")
        self._again_text = large(TextLabel("", "lead"))
        self._again.body.addWidget(self._again_lead)
        self._again.body.addWidget(self._again_text)
        self.answers: list[Button] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        body = self._panel.body
        body.insertStretch(0, 1)
        body.insertWidget(1, self._right)
        body.insertWidget(2, self._number)
        body.addWidget(self._again)
        body.addSpacing(8)
        body.addLayout(self._row)
        body.addStretch(2)

    def show_step(self, state: StepState) -> None:
        """The question that is due, explained again after a wrong answer."""
        which = min(state.ceremony.questions_put, QUESTIONS - 1)
        question, words = state.texts.questions[which], state.texts.ceremony
        went_on = self._which >= 0 and which > self._which
        if which != self._which:
            self._right.setVisible(went_on and state.understood)
            for button in self.answers:
                button.clearFocus()  # a frame around an answer would be a hint
        self._which = which
        self._right.setText(words["question_right"])
        self._number.setText(say(state.texts, "card_of", number=str(which + 1), count=str(QUESTIONS)))
        self._panel.say(question.ask)
        self._again_lead.setText(words["explained_again"])
        self._again_text.setText(question.again)
        self._again.setVisible(state.explained)
        if state.explained:
            self._right.hide()
        while len(self.answers) < len(question.answers):
            button = Button("", "choice")
            index = len(self.answers)
            button.clicked.connect(lambda _=False, chosen=index: self.wish(wishes.PUT, self._which, chosen))
            self._row.addWidget(button, 1)
            self.answers.append(button)
        for index, button in enumerate(self.answers):
            button.setVisible(index < len(question.answers))
            if index < len(question.answers):
                button.set_words(question.answers[index])

    def footer(self) -> Footer:
        """The answers are the way on."""
        return Footer(forward="")
