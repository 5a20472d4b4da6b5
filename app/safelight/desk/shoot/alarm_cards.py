"""Alarms as cards: what happened, and answers that Alt and a digit give; the same digit stays on the same answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.desk.shoot.alarm_card import AlarmFrame, shape_of
from safelight.desk.shoot.rows import AlarmCard, Weight
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
        self._frames: list[AlarmFrame] = []
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
        other = [each.key for each in shown] != [each.key for each in self._cards]
        self._cards, self._keys = shown, [(card.key, choice.key) for card in shown for choice in card.choices]
        self._place([self._frame(card, keys) for card, keys in self._numbered()])
        self.setVisible(bool(shown))
        for card in shown:
            if card.key not in known:
                self._announce(card)
        if other:
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

    def _numbered(self) -> Iterator[tuple[AlarmCard, tuple[str, ...]]]:
        """Each card with what stands on its buttons."""
        first = 1
        for card in self._cards:
            numbers = range(first, first + len(card.choices))
            yield card, tuple(f"Alt {each}" if each <= MOST_KEYS else "" for each in numbers)
            first = numbers.stop

    def _frame(self, card: AlarmCard, keys: tuple[str, ...]) -> AlarmFrame:
        """The one that is there, with the words of now; a new one where there is none such."""
        found = next((each for each in self._frames if each.shape == shape_of(card, keys)), None)
        if found is None:
            return AlarmFrame(card, keys, self.answered.emit)
        found.say(card)
        return found

    def _place(self, frames: list[AlarmFrame]) -> None:
        """Show these in this order; those that stay where they are keep what was laid out, and the focus."""
        gone = [each for each in self._frames if each not in frames]
        for each in gone:
            self._rows.removeWidget(each)
            each.hide()
            each.deleteLater()
        for place, each in enumerate(frames):
            if self._rows.indexOf(each) != place:
                self._rows.insertWidget(place, each)
        self._frames = frames
