"""Who pictures of a session can be for: those the studio knows, one more by their card, one more by name alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .page import GAP, Check, of_fixed_height
from .rows import RecipientChoice, short

ROLES = ("client", "employer", "agency")
_NAME_LETTERS = 80


class RecipientsPart(QWidget):
    """Check boxes with what each is and the six words of their card; two ways to add somebody."""

    changed = Signal()
    card_chosen = Signal(Path)
    """The file of somebody's card."""
    unfolded = Signal()
    """The line for a name is there now, and below what was in view perhaps."""
    named = Signal(str, str, str)
    """Name, country (code) and one of ``ROLES`` of somebody without a card."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.boxes: dict[str, Check] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.none = TextLabel(words.get("sessions.recipients_none"), "muted")
        self.by_card = Button(words.get("sessions.recipient_card"), icon="plus")
        self.by_name = Button(words.get("sessions.recipient_name"), icon="plus")
        self.added, self.said = TextLabel("", "heading"), TextLabel("", "warning")
        self.name_card = _NameCard(words)
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.by_card)
        ways.addWidget(self.by_name)
        ways.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(TextLabel(words.get("sessions.recipients"), "heading"))
        rows.addWidget(TextLabel(words.get("sessions.recipients_lead"), "muted"))
        rows.addWidget(self.none)
        rows.addLayout(self._list)
        rows.addWidget(self.added)
        rows.addLayout(ways)
        rows.addWidget(self.name_card)
        rows.addWidget(self.said)
        self.by_card.clicked.connect(self._ask_file)
        self.by_name.clicked.connect(lambda: self._unfold(self.name_card.isHidden()))
        self.name_card.add.clicked.connect(self._give_name)
        self.name_card.name.entered.connect(self._give_name)
        self._unfold(False)
        self.show_added("")

    @property
    def value(self) -> frozenset[str]:
        """The ids of those that are ticked."""
        return frozenset(key for key, box in self.boxes.items() if box.isChecked())

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        card = self.name_card
        return (
            *self.boxes.values(), self.by_card, self.by_name, card.name.edit, card.country.box, *card.role.buttons,
            card.add,
        )  # fmt: skip

    def offer(self, recipients: Sequence[RecipientChoice], ticked: frozenset[str]) -> None:
        """Offer these; nothing that was typed is lost."""
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.boxes = {}
        for each in recipients:
            box = self.boxes[each.id] = Check(each.id, short(each.name, _NAME_LETTERS))
            box.setChecked(each.id in ticked)
            box.toggled.connect(self.changed)
            self._list.addWidget(_Line(box, each.told, each.code))
        self.none.setVisible(not recipients)

    def show_added(self, sentence: str) -> None:
        """Who was added, with the words to compare; the line for names is empty again."""
        self.added.setText(sentence)
        self.added.setVisible(bool(sentence))
        self.show_error("")
        if sentence:
            self.name_card.name.set_text("")
            self._unfold(False)

    def show_error(self, sentence: str) -> None:
        """Why nobody was added; what was typed stays."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def offer_countries(self, countries: Sequence[tuple[str, str]], chosen: str) -> None:
        """The countries somebody without a card can be in."""
        self.name_card.country.offer(countries, chosen or None)

    def forget(self) -> None:
        """Show and remember nobody."""
        self.offer((), frozenset())
        self.show_added("")
        self.name_card.name.set_text("")
        self._unfold(False)

    def _unfold(self, unfolded: bool) -> None:
        self.name_card.setVisible(unfolded)
        if unfolded:
            self.name_card.name.setFocus()
            self.unfolded.emit()

    def _give_name(self) -> None:
        card = self.name_card
        self.named.emit(card.name.text(), card.country.value or "", card.role.value or ROLES[0])

    def _ask_file(self) -> None:
        asking = QFileDialog(self, self._words.get("sessions.recipient_card_file"))
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.setNameFilters([f"{self._words.get('sessions.recipient_card_files')} (*.json)", "* (*)"])
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda path: self.card_chosen.emit(Path(path)))
        asking.open()


class _Line(QWidget):
    def __init__(self, box: Check, told: str, code: str) -> None:
        super().__init__()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(GAP)
        columns.addWidget(box)
        columns.addWidget(TextLabel(f"{told} · {code}" if code else told, "muted"), 1)


class _NameCard(CardFrame):
    """Name, country, and what they are to the people in the pictures."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.name = of_fixed_height(EntryField(words.get("sessions.recipient_called")))
        self.country = Picker(words.get("sessions.country"))
        self.role = OneOf(words.get("sessions.recipient_role"))
        self.role.offer([(each, words.get(f"sessions.role_{each}")) for each in ROLES], ROLES[0])
        self.add = Button(words.get("sessions.recipient_add"))
        self.body.setContentsMargins(16, 12, 16, 12)
        both = QHBoxLayout()
        both.setSpacing(GAP)
        both.addWidget(self.name, 2)
        both.addWidget(self.country, 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP)
        acts.addWidget(self.role, 1)
        acts.addWidget(self.add)
        self.body.addLayout(both)
        self.body.addLayout(acts)
