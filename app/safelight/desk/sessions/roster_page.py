"""A list of people before it is taken in: what its columns mean, what becomes of every row; nothing is written yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt import theme
from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import CardFrame, Scroll
from safelight.qt.picker import Picker
from safelight.qt.table import Row, Table
from safelight.settings.desk_texts import DeskTexts

from .page import GAP, Page
from .rows import ColumnRow, Outcome, RosterState, short

COLUMNS = ("line", "name", "outcome", "why")
NOTHING = "nothing"
COLUMN_WIDE, COLUMN_HIGH = 232, 160
_MOST_NAME, _MOST_EXAMPLES = 40, 60
_ROLES = {Outcome.KNOWN: "muted", Outcome.LEFT_OUT: "waiting"}


class RosterPage(Page):
    """A file goes out, chosen or dropped; what would become of it comes in."""

    file_chosen = Signal(Path)
    meaning_chosen = Signal(str, str)
    """The name of a column, and the field it means (empty: nothing)."""
    import_asked = Signal()

    def __init__(self, words: DeskTexts, fields: Sequence[str]) -> None:
        super().__init__(words)
        self._fields = [(NOTHING, words.get("sessions.field_nothing"))]
        self._fields += [(each, words.get(f"sessions.field_{each}")) for each in fields]
        self._state: RosterState | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)  # once the columns have their width
        self._soon.timeout.connect(self._fit_columns)
        self.setAcceptDrops(True)
        self.drop = _DropCard(words)
        self.another = Button(words.get("sessions.another_file"), "quiet")
        self.meanings: dict[str, Picker] = {}
        self._inside = QWidget()
        self._flow = FlowLayout(GAP, self._inside)
        self.columns = Scroll(self._inside, words.get("sessions.columns"))
        self.filter = OneOf(words.get("sessions.rows"))
        self.table = Table(words.get("sessions.rows"), [words.get(f"sessions.row_{each}") for each in COLUMNS], wide=3)
        self.table.horizontalHeader().setResizeContentsPrecision(60)  # thousands of rows would hold up the window
        self.columns_told = TextLabel(words.get("sessions.columns_lead"), "muted")
        self.take_in = Button("", "primary")
        for part, stretch in (
            (self.drop, 1), (self.columns_told, 0), (self.columns, 0), (self.filter, 0), (self.table, 1),
        ):  # fmt: skip
            self.middle.addWidget(part, stretch)
        self.foot.add(self.another, self.take_in)
        for button in (self.drop.choose, self.another):
            button.clicked.connect(self._ask_file)
        self.filter.chosen.connect(lambda _: self._show_lines())
        self.take_in.clicked.connect(self.import_asked)
        self._over = (self.columns_told, self.columns, self.filter, self.table, self.another, self.take_in)
        for each in self._over:
            each.hide()

    def show_roster(self, state: RosterState | None) -> None:
        """What would become of the list; None before there is one."""
        self._state = state
        there = state is not None
        self.drop.setVisible(not there)
        for part in self._over:
            part.setVisible(there)
        self.table.show_rows(())
        if state is None:
            self._show_columns(())
            return
        self.drop.leave()
        self._show_columns(state.columns)
        chosen = self.filter.value or Outcome.ALL
        self.filter.offer(
            [(each, self.words.get(f"sessions.rows_{each}", n=state.count(each))) for each in Outcome], chosen
        )
        self._show_lines()
        added = state.count(Outcome.ADDED)
        self.take_in.set_words(self.words.get("sessions.import", n=added))
        self.show_taking(False)
        self.show_error(
            "" if added else self.words.get("sessions.nobody_new" if state.named else "sessions.no_names")
        )

    def show_taking(self, taking: bool) -> None:
        """It is being taken in: nothing is twice."""
        added = self._state.count(Outcome.ADDED) if self._state is not None else 0
        self.take_in.setEnabled(not taking and added > 0)

    def work(self) -> None:
        """The focus goes to what comes next."""
        if self._state is None:
            self.drop.choose.setFocus()
        elif self.take_in.isEnabled():
            self.take_in.setFocus()
        else:
            next(iter(self.meanings.values()), self.another).setFocus()

    def forget(self) -> None:
        """Show and remember nobody."""
        self.show_roster(None)
        self.show_error("")
        self.show_head("")

    # Dropping.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self.drop.set_on(True)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:  # noqa: ARG002 - it is small
        self.drop.set_on(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """One file of this computer; anything else is said."""
        self.drop.set_on(False)
        files = [Path(each.toLocalFile()) for each in event.mimeData().urls() if each.isLocalFile()]
        event.acceptProposedAction()
        if len(files) == 1:
            self.file_chosen.emit(files[0])
        else:
            self.show_error(self.words.get("sessions.drop_one"))

    # Inside.

    def _show_columns(self, columns: Sequence[ColumnRow]) -> None:
        if list(self.meanings) != [each.name for each in columns]:
            while (item := self._flow.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
            self.meanings = {}
            for each in columns:
                card = _ColumnCard(each, self.words, theme.tokens_of(self).px(COLUMN_WIDE), self._inside)
                picker = self.meanings[each.name] = card.meaning
                picker.offer(self._fields)
                picker.chosen.connect(lambda key, name=each.name: self._told(name, key))
                self._flow.addWidget(card)
                card.show()
        for each in columns:
            self.meanings[each.name].choose(each.meaning or NOTHING)
        self._soon.start()

    def _fit_columns(self) -> None:
        """As high as the columns need, up to a quarter of the page; then they scroll."""
        needed = self._flow.heightForWidth(max(1, self._inside.width())) + 4
        self.columns.setFixedHeight(min(needed, max(theme.tokens_of(self).px(COLUMN_HIGH), self.height() // 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def _told(self, name: str, key: str) -> None:
        self.meaning_chosen.emit(name, "" if key == NOTHING else key)

    def _show_lines(self) -> None:
        if self._state is None:
            return
        wanted = self.filter.value or Outcome.ALL
        self.table.show_rows(
            [
                Row(str(each.line), each.cells, _ROLES.get(each.outcome, ""))
                for each in self._state.lines
                if wanted in (Outcome.ALL, each.outcome)
            ]
        )

    def _ask_file(self) -> None:
        asking = QFileDialog(self, self.words.get("sessions.choose_list"))
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.setNameFilters([f"{self.words.get('sessions.lists')} (*.csv *.tsv *.txt)", "* (*)"])
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda path: self.file_chosen.emit(Path(path)))
        asking.open()


class _DropCard(CardFrame):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.choose = Button(words.get("sessions.choose_file"), "primary")
        self.body.addStretch(1)
        for role, key in (("heading", "sessions.drop_here"), ("muted", "sessions.drop_about")):
            told = TextLabel(words.get(key), role)
            told.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(told)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.choose)
        across.addStretch(1)
        self.body.addLayout(across)
        self.body.addStretch(1)

    def leave(self) -> None:
        """Nothing hangs over it any more."""
        self.set_on(False)


class _ColumnCard(CardFrame):
    """A column: its name, some of its cells, what it means."""

    def __init__(self, column: ColumnRow, words: DeskTexts, wide: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(wide)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.body.setSpacing(4)
        name = short(column.name, _MOST_NAME)
        self.meaning = Picker(words.get("sessions.column_means", name=name))
        self.meaning.label.hide()
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(TextLabel(name, "heading"))
        told.addWidget(TextLabel(short(column.examples, _MOST_EXAMPLES), "small"))
        self.body.addLayout(told, 1)
        self.body.addWidget(self.meaning)
