"""The two questions before anything with AI is signed: a wrong answer is explained again, once, and bars nothing."""

from __future__ import annotations

from safelight.domain.ceremony import Ceremony, Moment, answer_question
from safelight.settings.texts import Texts


class TeachBack:
    """What the last answer to a question was worth; forgotten when the question is left."""

    def __init__(self) -> None:
        self.explained = self.understood = False

    def put(self, now: Ceremony, texts: Texts, choice: int, moment: Moment) -> Ceremony:
        """Answer the question that is due; wrong a second time it was said twice, and nobody is kept here."""
        right = texts.questions[now.questions_put].right == choice
        told_again = self.explained
        answered = answer_question(now, right, moment, told_again)
        self.explained, self.understood = not (right or told_again), right
        return answered

    def leave(self) -> None:
        """The question is left as it was."""
        self.explained = False
