"""One alarm as a card: what happened, and a button for each answer; other words in it do not make it anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.rows import AlarmCard, Weight
from safelight.qt import theme
from safelight.qt.controls import TextLabel
from safelight.qt.flow_layout import FlowLayout

Answered = Callable[[str, str], None]
Shape = tuple[str, Weight, tuple[str, ...], tuple[str, ...]]
"""What cannot change in a card that is there: alarm, weight, answers, and the keys on their buttons."""


def shape_of(card: AlarmCard, keys: Sequence[str]) -> Shape:
    """``keys`` are what stands on the buttons, in the order of the answers."""
    return card.key, card.weight, tuple(each.key for each in card.choices), tuple(keys)


class AlarmFrame(QFrame):
    """Shows one :class:`AlarmCard`; ``answered`` is called with the keys of alarm and choice."""

    def __init__(self, card: AlarmCard, keys: Sequence[str], answered: Answered) -> None:
        super().__init__()
        self.shape = shape_of(card, keys)
        self.setProperty("role", "alarm")
        self.setProperty("weight", str(card.weight))
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(6)
        self._title = TextLabel(card.title, "warning" if card.weight is Weight.DANGER else "step")
        self._title.setProperty("weight", str(card.weight))
        self._about = TextLabel(card.words, "muted")
        for each in (self._title, self._about):
            inside.addWidget(each)
            each.setMinimumWidth(1)  # a name of one long word is parted, and never wider than the panel
        self._buttons: list[KeyButton] = []
        if card.choices:
            buttons = QWidget()
            flow = FlowLayout(8, buttons)
            for choice, key in zip(card.choices, keys, strict=True):
                button = KeyButton(choice.words, key)
                button.setMaximumWidth(theme.tokens_of(self).px(250))
                button.clicked.connect(lambda _=False, given=(card.key, choice.key): answered(*given))
                flow.addWidget(button)
                self._buttons.append(button)
            inside.addWidget(buttons)
        self._card: AlarmCard | None = None
        self.say(card)

    def say(self, card: AlarmCard) -> None:
        """Other words for the same alarm; only what differs is laid out anew."""
        if card == self._card:
            return
        self._card = card
        for label, words in ((self._title, card.title), (self._about, card.words)):
            if label.text() != words:
                label.setText(words)
        self._about.setVisible(bool(card.words))
        for button, choice in zip(self._buttons, card.choices, strict=True):
            button.set_words(choice.words)
        self.setAccessibleName(f"{card.title} {card.words}".strip())
