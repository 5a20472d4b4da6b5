"""Three columns: for whom and what, the photos that leave, those that stay by reason; below them what to know first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safelight.desk.pictures.frame_view import FrameView
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import SHOTS
from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.ids import Country, RecipientId, ScopeId
from safelight.qt.choices import OneOf, SeveralOf
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame, Scroll
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .rows import Choices, Done, Outlook, StayGroup, Wish

LEFT, RIGHT = 312, 340
NAMED = 6
"""So many people of a group are named; the others are counted."""


class ExportView(QWidget):
    """What was chosen goes out as a whole :class:`Wish`; what it would do comes in as an :class:`Outlook`."""

    wish_changed = Signal(object)
    export_asked = Signal(str)
    """Write the bundle to this file."""
    mend_asked = Signal(str)
    """Go to the screen of this name."""
    reveal_asked = Signal()

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words = words
        self._suggested = ""
        self.setProperty("role", "screen")
        self.recipients, self.uses = OneOf(words.get("export.recipient")), SeveralOf(words.get("export.uses"))
        self.country = Picker(words.get("export.country"))
        self.no_recipients = TextLabel(words.get("export.no_recipients"), "muted")
        self.leaving, self.staying = TextLabel("", "heading"), TextLabel("", "heading")
        self.grid = FrameView(pictures, words, SHOTS, one_line=False, name=words.get("export.leaving_grid"))
        self.empty = TextLabel("", "muted")
        self.groups, self.warnings = QVBoxLayout(), QVBoxLayout()
        self.about, self.done = TextLabel("", "muted"), _DoneCard(words)
        self.export = Button(words.get("export.export"), "primary")
        self._lay_out()
        self.recipients.chosen.connect(self._chose_recipient)
        self.uses.chosen.connect(self._changed)
        self.country.chosen.connect(self._changed)
        self.export.clicked.connect(self._ask_where)
        self.done.reveal.clicked.connect(self.reveal_asked)
        self._choices = Choices((), (), ())
        self.show_outlook(None, ())

    # What comes in.

    def show_choices(self, choices: Choices, wish: Wish) -> None:
        """Offer these; ``wish`` is what is chosen now."""
        self._choices = choices
        told = [(each.id, f"{each.name}\n{each.told}" if each.told else each.name) for each in choices.recipients]
        self.recipients.offer(told, wish.recipient)
        self.uses.offer(choices.uses)
        self.uses.set_value(wish.uses)
        self.country.offer(choices.countries)
        self.country.choose(wish.place)
        self.no_recipients.setVisible(not choices.recipients)

    @property
    def wish(self) -> Wish:
        """What is chosen, uses in the order of the catalogue."""
        chosen, recipient, place = self.uses.value, self.recipients.value, self.country.value
        return Wish(
            None if recipient is None else RecipientId(recipient),
            tuple(ScopeId(key) for key, _ in self._choices.uses if key in chosen),
            None if place is None else Country(place),
        )

    def show_looking(self) -> None:
        """The outlook is being worked out; the one before stays readable, and nothing can be exported meanwhile."""
        self.export.setEnabled(False)
        self.about.setText(self._words.get("export.looking"))

    def show_outlook(self, outlook: Outlook | None, tiles: Sequence[ShotTile], file_name: str = "") -> None:
        """What the wish would do; None while it is not whole, or there is no session."""
        words, self._suggested = self._words, file_name
        shown = outlook or Outlook()
        self.leaving.setText(words.get("export.leaving", n=len(shown.leaving)))
        self.staying.setText(words.get("export.staying", n=shown.staying))
        self.grid.show_tiles(tiles)
        self.grid.setVisible(bool(tiles))
        self.empty.setVisible(not tiles)
        self.empty.setText(words.get("export.choose_first" if outlook is None else "export.nothing_leaves"))
        _fill(self.groups, [_GroupCard(words, each, self.mend_asked.emit) for each in shown.groups])
        _fill(self.warnings, [TextLabel(each, "body") for each in shown.warnings])
        self.about.setText(shown.size)
        self.export.setEnabled(bool(shown.leaving))

    def show_done(self, done: Done | None) -> None:
        """The bundle that was just written, until something else is chosen."""
        self.done.show_done(done)
        if done is not None:  # where the page is higher than the window; its size is known in a turn from now
            QTimer.singleShot(0, self.done, lambda: self._page.ensureWidgetVisible(self.done))

    def forget(self) -> None:
        """Show and remember nobody."""
        self.show_choices(Choices((), (), ()), Wish())
        self.show_outlook(None, ())
        self.show_done(None)
        self.grid.forget()

    # Inside.

    def _lay_out(self) -> None:
        words = self._words
        chosen = QWidget()
        chosen.setProperty("role", "inner")
        left = QVBoxLayout(chosen)
        left.setContentsMargins(0, 0, 8, 0)
        left.setSpacing(12)
        for part in (
            TextLabel(words.get("export.recipient"), "heading"), self.no_recipients, self.recipients,
            TextLabel(words.get("export.uses"), "heading"), self.uses, self.country,
        ):  # fmt: skip
            left.addWidget(part)
        left.addStretch(1)
        reasons = QWidget()
        reasons.setProperty("role", "inner")
        right = QVBoxLayout(reasons)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addLayout(self.groups)
        right.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.leaving)
        middle.addWidget(self.grid, 1)
        middle.addWidget(self.empty)
        middle.addStretch(0)
        stay = QVBoxLayout()
        stay.setContentsMargins(0, 0, 0, 0)  # three headings on one line
        stay.setSpacing(12)
        stay.addWidget(self.staying)
        stay.addWidget(Scroll(reasons, words.get("export.staying_list")), 1)
        choose = Scroll(chosen, words.get("export.choices"))
        choose.setFixedWidth(LEFT)
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(choose)
        columns.addLayout(middle, 1)
        side = QWidget()
        side.setLayout(stay)
        side.setFixedWidth(RIGHT)
        columns.addWidget(side)
        foot = QGridLayout()
        foot.setColumnStretch(0, 1)
        foot.addLayout(self.warnings, 0, 0, 1, 2)
        foot.addWidget(self.about, 1, 0)
        foot.addWidget(self.export, 1, 1)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addLayout(columns, 1)
        rows.addWidget(self.done)
        self._page = Scroll(page, words.get("window.export"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self._page, 1)
        whole.addLayout(foot)
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _chose_recipient(self, key: str) -> None:
        # Where they are is where they most often use a picture; another country is one choice away.
        home = next((each.country for each in self._choices.recipients if each.id == key), None)
        if home is not None:
            self.country.choose(home)
        self._changed()

    def _changed(self, *_: object) -> None:
        self.show_done(None)
        self.wish_changed.emit(self.wish)

    def _ask_where(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self._words.get("export.where"), self._suggested, "*.age")
        if name:
            self.export_asked.emit(name)


class _GroupCard(CardFrame):
    """Photos that stay for one reason, whose they are, and the way to where it can be mended."""

    def __init__(self, words: DeskTexts, group: StayGroup, mend: Callable[[str], None]) -> None:
        super().__init__()
        rows = self.body
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(4)
        rows.addWidget(TextLabel(group.title, "heading"))
        if group.people:
            named, more = group.people[:NAMED], len(group.people) - NAMED
            told = ", ".join(named)
            rows.addWidget(TextLabel(words.get("export.and_more", names=told, n=more) if more > 0 else told, "body"))
        if group.mend:
            rows.addWidget(TextLabel(group.mend, "muted"))
        self.mend: Button | None = None
        if group.screen:
            self.mend = Button(group.mend_words, about=f"{group.mend_words}: {group.title}")
            self.mend.clicked.connect(lambda: mend(group.screen))
            rows.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeading)


class _DoneCard(CardFrame):
    """The bundle that was written: the ledger's line, the six words for the telephone, and where it lies."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.told, self.file, self.phone = TextLabel("", "heading"), TextLabel("", "body"), TextLabel("", "body")
        self.reveal = Button(words.get("export.reveal"))
        rows = QGridLayout()
        rows.setColumnStretch(0, 1)
        for number, part in enumerate((self.told, self.file, self.phone)):
            rows.addWidget(part, number, 0)
        rows.addWidget(self.reveal, 0, 1, 3, 1, Qt.AlignmentFlag.AlignVCenter)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.addLayout(rows)
        self.hide()

    def show_done(self, done: Done | None) -> None:
        self.setVisible(done is not None)
        self.told.setText(done.told if done else "")
        self.file.setText(done.file if done else "")
        self.phone.setText(self._words.get("export.read_aloud", words=done.words) if done and done.words else "")
        self.phone.setVisible(bool(done and done.words))


def _fill(rows: QVBoxLayout, parts: Sequence[QWidget]) -> None:
    """These parts and nothing of before."""
    while (item := rows.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for part in parts:
        rows.addWidget(part)
