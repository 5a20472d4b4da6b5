"""The uses a session asks: those of most jobs first, the rest under "more"; beside them the cards people will read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame, Scroll
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .page import GAP, Check
from .rows import Preview, UseCardRow, UseChoice

COLUMNS = 2


class UsesPart(QWidget):
    """Check boxes; what was put to people already stays ticked."""

    changed = Signal()
    looked_at = Signal(str)
    """The use with the focus."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.boxes: dict[str, Check] = {}
        self._unfolded = False
        self._usual: list[str] = []
        self._more: list[str] = []
        self.locked = TextLabel(words.get("sessions.uses_kept"), "muted")
        self.more = Button(words.get("sessions.uses_more"), "quiet", icon="plus")
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(TextLabel(words.get("sessions.uses"), "heading"))
        rows.addWidget(TextLabel(words.get("sessions.uses_lead"), "muted"))
        rows.addWidget(self.locked)
        rows.addLayout(self._grid)
        rows.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeading)
        self.more.clicked.connect(lambda: self._unfold(not self._unfolded))

    @property
    def value(self) -> frozenset[str]:
        """The uses that are ticked."""
        return frozenset(key for key, box in self.boxes.items() if box.isChecked())

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return (*self.boxes.values(), self.more)

    def offer(self, uses: Sequence[UseChoice], ticked: frozenset[str], *, answered: bool) -> None:
        """Offer ``uses``; those of ``ticked`` are chosen, and show themselves even if they are no usual ones."""
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        self._usual = [each.id for each in uses if each.usual]
        self._more = [each.id for each in uses if not each.usual]
        for each in sorted(uses, key=lambda use: not use.usual):
            box = self.boxes[each.id] = Check(each.id, each.title, self)
            box.setChecked(each.id in ticked or each.kept)
            box.setEnabled(not each.kept)
            box.toggled.connect(self.changed)
            box.focused.connect(self.looked_at)
        self.locked.setVisible(answered)
        self.more.setVisible(bool(self._more))
        self._unfold(any(each in ticked for each in self._more))

    def _unfold(self, unfolded: bool) -> None:
        self._unfolded = unfolded
        self.more.set_icon("minus" if unfolded else "plus")
        self.more.set_words(self._words.get("sessions.uses_fewer" if unfolded else "sessions.uses_more"))
        shown = [*self._usual, *(self._more if unfolded else [each for each in self._more if each in self.value])]
        for box in self.boxes.values():
            self._grid.removeWidget(box)
        for key, box in self.boxes.items():
            box.setVisible(key in shown)
            if key in shown:
                place = shown.index(key)
                self._grid.addWidget(box, place // COLUMNS, place % COLUMNS)


class PreviewPart(QWidget):
    """The cards of the signing screen, in the language they are read in."""

    language_chosen = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.language = Picker(words.get("sessions.preview_language"))
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(GAP)
        self.column.addStretch(1)
        self.cards: dict[str, _Card] = {}
        self.area = Scroll(self.inside, words.get("sessions.preview"))
        self.none = TextLabel(words.get("sessions.preview_none"), "muted")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        rows.addWidget(TextLabel(words.get("sessions.preview"), "heading"))
        rows.addWidget(self.language)
        rows.addWidget(self.none)
        rows.addWidget(self.area, 1)
        self.language.chosen.connect(self.language_chosen)

    def show_preview(self, preview: Preview) -> None:
        """Other cards, or the same in another language; the place in the column stays."""
        place = self.area.verticalScrollBar().value()
        theme.speak(self.inside, preview.language)
        for key in [each for each in self.cards if each not in {row.id for row in preview.cards}]:
            card = self.cards.pop(key)
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for number, row in enumerate(preview.cards):
            if row.id not in self.cards:
                self.cards[row.id] = _Card(self.inside)
            card = self.cards[row.id]
            self.column.removeWidget(card)
            self.column.insertWidget(number, card)
            card.show_use(row)
            card.show()
        self.none.setVisible(not preview.cards)
        self.area.verticalScrollBar().setValue(place)

    def look_at(self, use: str) -> None:
        """Bring the card of ``use`` into view."""
        for key, card in self.cards.items():
            card.set_on(key == use)
        if use in self.cards:
            self.area.ensureWidgetVisible(self.cards[use])


class _Card(CardFrame):
    """One use: its group where another begins, title, sentence, who relies on it, how long at most."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.group, self.title = TextLabel("", "muted"), TextLabel("", "heading")
        self.sentence, self.relies, self.cap = TextLabel("", "list"), TextLabel("", "muted"), TextLabel("", "muted")
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        for part in (self.group, self.title, self.sentence, self.relies, self.cap):
            self.body.addWidget(part)

    def show_use(self, row: UseCardRow) -> None:
        for label, text in (
            (self.group, row.group), (self.title, row.title), (self.sentence, row.sentence), (self.relies, row.relies),
            (self.cap, row.cap),
        ):  # fmt: skip
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(row.title)
