"""The section about recipients: who may get pictures, one more by its card after six words, or by name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .blocks import NARROW, Block, Page, lead, narrow
from .rows import NamedRecipient, RecipientLine, SeenCard

ROLES = ("client", "employer", "agency")
COVERS = ("none", "DPF", "SCC", "BCR", "UK-IDTA", "CH-SCC", "consent-49-1-a")


class RecipientsView(Page):
    """The list, a card that is looked at, a form for one without a card."""

    card_asked = Signal()
    """A file with a card is to be chosen."""
    card_added = Signal(str)
    """The six words are the same: add the card that is looked at, with this cover (empty: none)."""
    card_refused = Signal()
    named = Signal(object)
    """A :class:`NamedRecipient`."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.recipients"))
        self.list, self.card, self.name = _ListBlock(words), _CardBlock(words), _NameBlock(words)
        self.put(self.list, self.card, self.name)
        self.finish()
        self.list.choose.clicked.connect(self.card_asked)
        self.card.added.connect(self.card_added)
        self.card.refuse.clicked.connect(self.card_refused)
        self.name.given.connect(self.named)

    def forget(self) -> None:
        """Nobody is named, and nothing typed is kept."""
        self.list.show_recipients(())
        self.list.say("")
        self.card.show_card(None)
        self.name.clear()


class _ListBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.known_recipients"), words.get("settings.recipients_told"))
        self._shown: tuple[RecipientLine, ...] | None = None
        self._inside = QVBoxLayout()
        self._inside.setSpacing(8)
        self.empty = TextLabel(words.get("settings.no_recipients"), "muted")
        self.choose = Button(words.get("settings.add_card"), "primary")
        self.body.addLayout(self._inside)
        self.put(self.empty)
        self.put_row(self.choose)
        self.finish()
        self.show_recipients(())

    def show_recipients(self, recipients: Sequence[RecipientLine]) -> None:
        """All of them."""
        if tuple(recipients) == self._shown:
            return
        self._shown = tuple(recipients)
        while (item := self._inside.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for each in recipients:
            line = QWidget()
            names = QVBoxLayout(line)
            names.setContentsMargins(0, 4, 0, 4)
            names.setSpacing(0)
            names.addWidget(TextLabel(each.name, "body"))
            names.addWidget(TextLabel(each.told, "muted"))
            if each.words:
                names.addWidget(TextLabel(each.words, "muted"))
            self._inside.addWidget(line)
        self.empty.setVisible(not recipients)


class _CardBlock(Block):
    added = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__("", words.get("settings.compare_told"))
        self.about, self.words = TextLabel("", "body"), TextLabel("", "title")
        self.warning, self.cover = TextLabel("", "warning"), _cover(words)
        self.add = Button(words.get("settings.words_same"), "primary")
        self.refuse = Button(words.get("settings.words_differ"))
        self.put(self.about, self.words, self.warning, self.cover)
        self.put_row(self.add, self.refuse)
        self.finish()
        self.add.clicked.connect(lambda: self.added.emit(_chosen(self.cover)))
        self.show_card(None)

    def show_card(self, card: SeenCard | None) -> None:
        """Look at this one; None: at none."""
        self.setVisible(card is not None)
        self.title.setText(card.name if card else "")
        self.about.setText(card.told if card else "")
        self.words.setText(card.words if card else "")
        self.warning.setText(card.warning if card else "")
        self.warning.setVisible(bool(card and card.warning))
        self.cover.choose(COVERS[0])
        self.say("")


class _NameBlock(Block):
    given = Signal(object)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.add_name"), words.get("settings.add_name_told"))
        self._words = words
        self.name, self.contact = EntryField(words.get("settings.name")), EntryField(words.get("settings.contact"))
        self.country, self.role = _picker(words.get("founding.country")), OneOf(words.get("settings.role"))
        self.role.offer([(each, words.get(f"settings.role_{each}")) for each in ROLES], ROLES[0])
        self.cover = _cover(words)
        self.add = Button(words.get("settings.add"))
        self.put(narrow(self.name), self.role, self.country, narrow(self.contact), self.cover)
        self.put_row(self.add)
        self.finish()
        lead(self.name, self.contact)
        self.add.clicked.connect(self._give)

    def show_countries(self, names: Mapping[str, str], here: str) -> None:
        """Offer the countries by name; ``here`` is chosen."""
        self.country.offer(sorted(names.items(), key=lambda each: each[1].casefold()), here)

    def clear(self) -> None:
        """Forget what was typed."""
        self.name.set_text("")
        self.contact.set_text("")
        self.cover.choose(COVERS[0])

    def _give(self) -> None:
        if not self.name.text():
            self.fail(self._words.get("settings.name_missing"))
            self.name.setFocus()
            return
        role = self.role.value or ROLES[0]
        country = self.country.value or ""
        self.given.emit(NamedRecipient(self.name.text(), country, role, self.contact.text(), _chosen(self.cover)))


def _picker(name: str) -> Picker:
    made = Picker(name)
    made.setMaximumWidth(NARROW)
    return made


def _cover(words: DeskTexts) -> Picker:
    made = _picker(words.get("settings.cover"))
    made.offer([(each, words.get(f"settings.cover_{each.lower()}")) for each in COVERS], COVERS[0])
    return made


def _chosen(cover: Picker) -> str:
    return "" if cover.value in (None, COVERS[0]) else str(cover.value)
