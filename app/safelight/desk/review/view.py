"""Three columns: tallies that filter, one row a person, the sheet of the one chosen; below them what closes the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.domain.ids import SubjectId
from safelight.qt import theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.picker import Picker
from safelight.qt.table import Row, Table
from safelight.settings.desk_texts import DeskTexts

from .bin_view import BinView
from .foot import Foot
from .rows import CloseState, PersonRow, Sheet, Tally, shown_people
from .sheet_view import SheetView

LEFT, RIGHT = 232, 520
NARROW, NARROW_LEFT, NARROW_RIGHT = 1400, 200, 440
"""In a window narrower than this the columns are; what the table leaves out then the sheet tells."""
_LET_GO = (4, 3, 2, 1)
COLUMNS = ("person", "shots", "answers", "signed", "checked", "findings")


class ReviewView(QWidget):
    """Answers of people stand here: nothing of it is shown before a PIN of the team was given (:meth:`show_locked`)."""

    pin_given = Signal(str)
    person_chosen = Signal(object)
    agency_chosen = Signal(str)
    """Hold everybody's receipt against this agency's release form; empty: against none."""
    attendance_asked = Signal(object, str)
    """Say of somebody that they are ``absent``, ``not-photographed`` or ``here``; no reason is asked."""
    close_asked = Signal(bool)
    """Close the day; True although points are open."""
    backup_asked = Signal(str)
    """Back the studio up into this folder."""
    card_asked = Signal(str)
    """Look whether the card at this folder may be formatted."""
    report_asked = Signal(str)
    """Write the closing report to this file."""

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words = words
        self._people: tuple[PersonRow, ...] = ()
        self._tally: str | None = None
        self.setProperty("role", "screen")
        self.tallies = QVBoxLayout()
        self.buttons: dict[str, Button] = {}
        self.table = Table(words.get("review.people"), [words.get(f"review.column_{each}") for each in COLUMNS], 5)
        self.table.let_go(_LET_GO)
        self.empty = TextLabel(words.get("review.empty"), "muted")
        self.sheet = SheetView(words, pictures)
        self.agency = Picker(words.get("review.agency"))
        self.agency.chosen.connect(self.agency_chosen)
        self.bin = BinView(words, pictures)
        self.absent = Button(words.get("review.absent"), "quiet")
        self.not_photographed = Button(words.get("review.not_photographed"), "quiet")
        self.here = Button(words.get("review.here"), "quiet")
        self.foot = Foot(words)
        self.gate = _Gate(words)
        self.inside = QWidget()
        self._lay_out()
        self.table.chosen.connect(lambda key: self.person_chosen.emit(SubjectId(key)))
        for button, state in (
            (self.absent, "absent"), (self.not_photographed, "not-photographed"), (self.here, "here"),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, told=state: self._mark(told))
        self.gate.pin.entered.connect(self._give_pin)
        self.gate.unlock.clicked.connect(self._give_pin)
        self.foot.close_day.clicked.connect(lambda: self.close_asked.emit(False))
        self.foot.close_anyway.clicked.connect(lambda: self.close_asked.emit(True))
        self.foot.backup.clicked.connect(lambda: self._ask_folder("review.choose_backup", self.backup_asked.emit))
        self.foot.card.clicked.connect(lambda: self._ask_folder("review.choose_card", self.card_asked.emit))
        self.foot.report.clicked.connect(self._ask_report)
        self.show_people((), ())
        self.show_locked(True)

    def show_locked(self, locked: bool, said: str = "") -> None:
        """Ask for a PIN of the team before anything is shown; ``said`` is why the last one did not do."""
        entered = self.gate.isVisible() and not locked
        self.gate.setVisible(locked)
        self.inside.setVisible(not locked)
        if entered:
            self.table.setFocus()  # the field that had it is gone
        self.gate.said.setText(said)
        self.gate.said.setVisible(bool(said))
        self.gate.pin.setEnabled(True)
        if locked:
            self.gate.pin.setFocus()

    def show_people(self, people: Sequence[PersonRow], tallies: Sequence[Tally]) -> None:
        """Everybody of the session, and the numbers above them."""
        self._people = tuple(people)
        if {each.key for each in tallies} != set(self.buttons):
            while (item := self.tallies.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.deleteLater()
            self.buttons = {}
            for each in tallies:
                button = _TallyButton(each.words, "quiet")
                button.setCheckable(True)
                button.clicked.connect(lambda _=False, key=each.key: self._filter(key))
                self.buttons[each.key] = button
                self.tallies.addWidget(button)
        for each in tallies:
            glyph = "○" if each.urgent else "✓"
            self.buttons[each.key].set_words(f"{glyph} {each.words}")
        if self._tally not in self.buttons:
            self._tally = None
        self._show_rows()

    def show_agencies(self, agencies: Sequence[tuple[str, str]], chosen: str) -> None:
        """Whose release forms are known, and which one is looked at."""
        self.agency.offer(agencies, chosen)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """The sheet of the person chosen."""
        self.sheet.show_sheet(sheet)
        for button in (self.absent, self.not_photographed, self.here):
            button.setEnabled(sheet is not None)

    def show_close(self, state: CloseState | None) -> None:
        """How far the close of the day is."""
        self.foot.show_state(state)

    def forget(self) -> None:
        """Show and remember nobody."""
        self._tally = None
        self.bin.show_tiles(())
        self.show_people((), ())
        self.show_sheet(None)
        self.show_close(None)
        self.gate.pin.edit.clear()
        self.show_locked(True)

    # Inside.

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 4, 0)
        side.addWidget(TextLabel(self._words.get("review.title"), "heading"))
        side.addLayout(self.tallies)
        side.addWidget(self.agency)
        side.addStretch(1)
        left, right = QWidget(), QWidget()
        scroll = Scroll(right, self._words.get("review.sheet"))
        left.setLayout(side)
        self._left, self._right = Scroll(left, self._words.get("review.title")), scroll
        acts = QHBoxLayout()
        for each in (self.absent, self.not_photographed, self.here):
            acts.addWidget(each)
        acts.addStretch(1)
        people = QWidget()
        middle = QVBoxLayout(people)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self.table, 1)
        middle.addWidget(self.empty)
        middle.addLayout(acts)
        middle.addWidget(self.bin)
        sheet = QVBoxLayout(right)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.addWidget(self.sheet)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(self._left)
        columns.addWidget(Scroll(people, self._words.get("review.people")), 1)
        columns.addWidget(scroll)
        inside = QVBoxLayout(self.inside)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addLayout(columns, 1)
        inside.addWidget(self.foot)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.gate)
        rows.addWidget(self.inside, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, wide = theme.tokens_of(self).px, self.width()
        narrow = wide < px(NARROW)
        self._left.setFixedWidth(min(px(NARROW_LEFT if narrow else LEFT), wide // 4))
        self._right.setFixedWidth(min(px(NARROW_RIGHT if narrow else RIGHT), wide * 3 // 8))

    def _filter(self, key: str) -> None:
        self._tally = None if self._tally == key else key
        self._show_rows()

    def _show_rows(self) -> None:
        for key, button in self.buttons.items():
            button.setChecked(key == self._tally)
        shown = shown_people(self._people, self._tally)
        self.table.show_rows([Row(each.id, each.cells) for each in shown])
        self.table.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        told = "review.empty" if self._tally is None else "review.nobody_in_tally"
        self.empty.setText(self._words.get(told))

    def _mark(self, state: str) -> None:
        if self.table.current is not None:
            self.attendance_asked.emit(SubjectId(self.table.current), state)

    def _ask_folder(self, title: str, chosen: Callable[[str], None]) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._words.get(title))
        if folder:
            chosen(folder)

    def _ask_report(self) -> None:
        title, name = self._words.get("review.save_report"), self._words.get("review.report_file")
        file, _ = QFileDialog.getSaveFileName(self, title, name, "PDF (*.pdf)")
        if file:
            self.report_asked.emit(file)

    def _give_pin(self) -> None:
        typed = self.gate.pin.text()
        self.gate.pin.edit.clear()
        if typed:
            self.gate.pin.setEnabled(False)
            self.pin_given.emit(typed)


class _TallyButton(Button):
    leading = True


class _Gate(QWidget):
    """Asks for a PIN of the team: answers are for them alone."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.pin, self.said = EntryField(words.get("review.gate_pin")), TextLabel("", "warning")
        self.pin.edit.setEchoMode(self.pin.edit.EchoMode.Password)
        self.pin.edit.setMaxLength(12)
        self.unlock = Button(words.get("review.gate_show"), "primary")
        column = QWidget()
        column.setMaximumWidth(420)
        rows = QVBoxLayout(column)
        rows.setSpacing(12)
        for each in (
            TextLabel(words.get("review.gate_title"), "title"), TextLabel(words.get("review.gate_why"), "muted"),
            self.pin, self.unlock, self.said,
        ):  # fmt: skip
            rows.addWidget(each)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(column, 2)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.addStretch(1)
        down.addLayout(across)
        down.addStretch(2)
