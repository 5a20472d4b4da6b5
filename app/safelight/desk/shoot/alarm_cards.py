"""Alarms as cards: what happened, and answers that Alt and a digit give; the same digit stays on the same answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.rows import AlarmCard, Weight
from safelight.qt import theme
from safelight.qt.controls import TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.settings.desk_texts import DeskTexts

MOST_KEYS = 9


class AlarmCards(QWidget):
    """Shows :class:`AlarmCard` values, the most pressing first; Alt+1 to Alt+9 are counted over all of them."""

    answered = Signal(str, str)
    """The keys of the alarm and of the choice."""
    changed = Signal()
    """Other alarms are shown, or none any more."""

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._cards: tuple[AlarmCard, ...] = ()
        self._keys: list[tuple[str, str]] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)

    @property
    def cards(self) -> tuple[AlarmCard, ...]:
        """What is shown."""
        return self._cards

    def show_cards(self, cards: Sequence[AlarmCard]) -> None:
        """Show these in this order."""
        shown = tuple(cards)
        if shown == self._cards:
            return
        known = {each.key for each in self._cards}
        self._cards, self._keys = shown, []
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for card in shown:
            self._rows.addWidget(self._made(card))
        self.setVisible(bool(shown))
        for card in shown:
            if card.key not in known:
                self._announce(card)
        self.changed.emit()

    def answer(self, digit: int) -> bool:
        """Give the answer that has this digit; whether there is one."""
        if not 1 <= digit <= min(MOST_KEYS, len(self._keys)):
            return False
        self.answered.emit(*self._keys[digit - 1])
        return True

    def _announce(self, card: AlarmCard) -> None:
        """Tell a screen reader, which cannot see that a card came; what is dangerous interrupts what it says."""
        event = QAccessibleAnnouncementEvent(self, f"{card.title}. {card.words}")
        kinds = QAccessible.AnnouncementPoliteness
        event.setPoliteness(kinds.Assertive if card.weight is Weight.DANGER else kinds.Polite)
        QAccessible.updateAccessibility(event)

    def _made(self, card: AlarmCard) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "alarm")
        frame.setProperty("weight", str(card.weight))
        frame.setAccessibleName(f"{card.title} {card.words}".strip())
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(6)
        title = TextLabel(card.title, "warning" if card.weight is Weight.DANGER else "step")
        title.setProperty("weight", str(card.weight))
        inside.addWidget(title)
        about = TextLabel(card.words, "muted")
        inside.addWidget(about)
        about.setVisible(bool(card.words))
        for each in (title, about):
            each.setMinimumWidth(1)  # a name of one long word is parted, and never wider than the panel
        if card.choices:
            buttons = QWidget()
            flow = FlowLayout(8, buttons)
            for choice in card.choices:
                self._keys.append((card.key, choice.key))
                number = len(self._keys)
                button = KeyButton(choice.words, f"Alt {number}" if number <= MOST_KEYS else "")
                button.setMaximumWidth(theme.tokens_of(self).px(250))
                button.clicked.connect(lambda _=False, keys=(card.key, choice.key): self.answered.emit(*keys))
                flow.addWidget(button)
            inside.addWidget(buttons)
        return frame
