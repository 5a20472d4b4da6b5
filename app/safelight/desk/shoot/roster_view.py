"""The left side of the shoot screen: find somebody, filter, the list of people, walk-in and nobody."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from safelight.desk import keys
from safelight.desk.pictures.frame_drop import FrameDrop
from safelight.desk.shoot.dressing import dress
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.roster_delegate import RosterDelegate, shots_told
from safelight.desk.shoot.roster_list import RosterList
from safelight.desk.shoot.roster_model import RosterModel
from safelight.desk.shoot.rows import Filter, Purpose, RosterPage, RosterRow
from safelight.domain.ids import SubjectId
from safelight.qt import theme
from safelight.qt.bursts import character
from safelight.qt.controls import TextLabel
from safelight.qt.frames import FocusLine
from safelight.qt.table import COME_BY_KEYS
from safelight.settings.desk_texts import DeskTexts

WIDTH = 312


class RosterView(QFrame):
    """Says whom somebody looks for and chooses; shows a :class:`RosterPage`."""

    typed = Signal(str)
    chosen = Signal(object, object)
    """This :class:`SubjectId` is meant, for this :class:`Purpose`."""
    gave_up = Signal()
    """Nobody is looked for any more; the pictures may have the focus again."""
    pointed = Signal(object)
    """The cursor stands on this :class:`SubjectId` (None: on nobody)."""
    filtered = Signal(object)
    """Only these, a :class:`Filter`, or everybody (None)."""
    moved = Signal(object, object)
    """Frames were dropped on somebody: ids, :class:`SubjectId`."""
    walk_in_asked = Signal()
    nobody_asked = Signal()
    import_asked = Signal()

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._purpose = words, Purpose.SET
        self.is_wanted = False
        """Somebody is looked for: in a narrow window it is there only then."""
        self.setProperty("role", "side")
        self.search = QLineEdit()
        self.search.setPlaceholderText(words.get("shoot.find"))
        self.search.setAccessibleName(words.get("shoot.find"))
        self.search.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.search.textChanged.connect(self.typed)
        self.search.installEventFilter(self)
        self._chips = {each: self._chip(each) for each in Filter}
        self.model = RosterModel(self.spoken, self)
        self.list = RosterList()
        self.list.setProperty("role", "roster")
        self.list.setAccessibleName(words.get("shoot.roster"))
        FocusLine(self.list)
        self.list.setModel(self.model)
        self._delegate = RosterDelegate(words, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._clicked)
        self.list.selectionModel().currentChanged.connect(self._pointed)
        self.list.installEventFilter(self)
        self._drop = FrameDrop(self.list.viewport(), self._subject_at)
        self._drop.dropped.connect(self.moved)
        self._drop.over.connect(self._delegate.show_over)
        self._empty = TextLabel("", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.walk_in = KeyButton(words.get("shoot.walk-in"), keys.shown("walk_in"))
        self.walk_in.clicked.connect(self.walk_in_asked)
        self.nobody = KeyButton(words.get("shoot.nobody"), keys.shown("nobody"))
        self.nobody.clicked.connect(self.nobody_asked)
        self.fetch = KeyButton(words.get("shoot.import"), "")
        self.fetch.clicked.connect(self.import_asked)
        self._lay_out()

    def show_page(self, page: RosterPage) -> None:
        """Show these people; the cursor stays on whom it stood."""
        stood = self.model.row_at(self.list.currentIndex())
        place = self.list.verticalScrollBar().value()
        self.model.show(page.rows)
        for each, number in page.counts:
            chip = self._chips[each]
            chip.setText(f"{self._words.get(f'shoot.chip.{each}')}  {number}")
            chip.setChecked(page.chosen is each)
        if page.found:  # the best match is what Enter takes
            self._point_at(self.model.index(0) if page.rows else QModelIndex())
            self.list.scrollToTop()
        else:
            self._point_at(self.model.place_of(stood.subject if stood else None))
            self.list.verticalScrollBar().setValue(place)
        none = not page.rows
        self._stack.setCurrentIndex(1 if none else 0)
        self.fetch.setVisible(none and not page.total)
        if none:
            key = "nobody-found" if page.found else "none-so" if page.total else "empty"
            self._empty.setText(self._words.get(f"shoot.roster.{key}"))

    def _point_at(self, index: QModelIndex) -> None:
        if index != self.list.currentIndex():  # to be put where it stands paints the whole list
            self.list.setCurrentIndex(index)

    def reveal(self, subject: SubjectId | None) -> None:
        """Bring somebody into view; the focus stays where it is."""
        index = self.model.place_of(subject)
        if index.isValid():
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @property
    def purpose(self) -> Purpose:
        """What Enter does with whom the cursor stands on."""
        return self._purpose

    def look_for(self, begun: str = "", purpose: Purpose = Purpose.SET, number: int = 0) -> None:
        """Put the focus into the line to type, with ``begun`` typed already.

        ``number`` is how many shots are to be moved.
        """
        self._purpose = purpose
        told = {
            Purpose.MOVE: lambda: self._words.get("shoot.move-to", n=number),
            Purpose.GROUP: lambda: self._words.get("shoot.add-to-group"),
        }.get(purpose, lambda: self._words.get("shoot.find"))()
        self.search.setPlaceholderText(told)
        self.search.setAccessibleName(told)
        theme.mark(self.search, purpose=str(purpose))
        if purpose is not Purpose.SET:
            self.clear_search()
        if begun:
            self.search.setText(begun)
        else:
            self.search.selectAll()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)  # other reasons select what was typed

    def choose(self) -> bool:
        """What Enter does here: take whom the cursor stands on; whether it stood on anybody."""
        if (row := self.pointed_at()) is None:
            return False
        self._choose(row.subject)
        return True

    def give_up(self) -> None:
        """Look for nobody any more."""
        self.clear_search()
        if self._purpose is not Purpose.SET:
            self.look_for()
        self.gave_up.emit()

    def clear_search(self) -> None:
        """Nothing is looked for any more, and the cursor stands on nobody."""
        self.list.setCurrentIndex(QModelIndex())
        self.search.clear()

    def forget(self) -> None:
        """Drop every name."""
        self.search.clear()
        self.model.show(())
        self._empty.setText("")

    def pointed_at(self) -> RosterRow | None:
        """Whom the cursor stands on."""
        return self.model.row_at(self.list.currentIndex())

    def spoken(self, row: RosterRow) -> str:
        """A row as a screen reader says it."""
        parts = [row.name, self._words.get(f"shoot.state.{row.readiness}"), row.reference]
        parts.append(shots_told(self._words, row))
        parts.append(self._words.get("shoot.on-set") if row.on_set else "")
        return ", ".join(part for part in parts if part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and watched in (self.search, self.list) and self._is_looking():
                event.accept()  # here it ends the search, whatever it is a shortcut for in the window
                return True
        elif event.type() == QEvent.Type.FocusIn and watched is self.list and isinstance(event, QFocusEvent):
            if event.reason() in COME_BY_KEYS and self.pointed_at() is not None:
                self.list.scrollTo(self.list.currentIndex())
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.search:
                return self._key_in_find(event)
            if watched is self.list:
                return self._key_in_list(event)
        return super().eventFilter(watched, event)

    def _is_looking(self) -> bool:
        return bool(self.search.text()) or self._purpose is not Purpose.SET or self.list.currentIndex().isValid()

    def _key_in_find(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
            last = self.model.rowCount() - 1
            row = min(last, max(0, self.list.currentIndex().row() + step[Qt.Key(event.key())]))
            self.list.setCurrentIndex(self.model.index(row))
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return True
        return False

    def _key_in_list(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return True
        if letter := character(event):
            self.look_for(letter)
            return True
        return False

    def _subject_at(self, point: QPoint) -> SubjectId | None:
        row = self.model.row_at(self.list.indexAt(point))
        return row.subject if row else None

    def _clicked(self, index: QModelIndex) -> None:
        if (row := self.model.row_at(index)) is not None:
            self._choose(row.subject)

    def _choose(self, subject: SubjectId) -> None:
        purpose = self._purpose
        self.clear_search()
        if purpose is Purpose.MOVE:
            self.look_for()
        self.chosen.emit(subject, purpose)
        if purpose is not Purpose.GROUP:
            self.gave_up.emit()

    def _pointed(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.row_at(index)
        self.pointed.emit(row.subject if row else None)

    def _chip(self, which: Filter) -> QPushButton:
        chip = QPushButton(self._words.get(f"shoot.chip.{which}"))
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda on: self.filtered.emit(which if on else None))
        return chip

    def _lay_out(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in self._chips.values():
            chips.addWidget(chip)
        chips.addStretch(1)
        empty = QWidget()
        inside = QVBoxLayout(empty)
        inside.setContentsMargins(8, 24, 8, 0)
        inside.setSpacing(16)
        inside.addWidget(self._empty)
        inside.addWidget(self.fetch, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(1)
        people = QWidget()
        self._stack = QStackedLayout(people)
        self._stack.addWidget(self.list)
        self._stack.addWidget(empty)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.walk_in)
        buttons.addWidget(self.nobody)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        rows.addWidget(self.search)
        rows.addLayout(chips)
        rows.addWidget(people, 1)
        rows.addLayout(buttons)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            tokens = theme.tokens_of(self)
            self.setFixedWidth(tokens.px(WIDTH))
            theme.dress(self.search, "lead")
            self.search.setFixedHeight(tokens.px(tokens.density.control))
            for chip in self._chips.values():
                dress(chip, "small")
                chip.setMinimumHeight(tokens.px(tokens.density.control))
        return super().event(event)
