"""A table of rows with words in columns: one model and one view for every list that is no grid of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget

from . import theme

_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LanguageChange})
COME_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""Why a list has the focus when somebody's keys brought it there: the row that keys are about is then in view."""
_NEAR_END = 40
_TOLD = 600
_NARROWEST = 120
WIDEST = 420
"""No column asks for more pixels: a name of five hundred letters is cut with an ellipsis."""
MEASURED = 60
"""Columns are as wide as the widest of so many rows in view: measuring thousands would stop the window."""
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``key`` is what acts are about, ``cells`` the words of each column.

    ``role`` names a colour of the theme for all of it (``muted``, ``warning``); empty: as text is.
    """

    key: str
    cells: tuple[str, ...]
    role: str = ""


class _Rows(QAbstractTableModel):
    def __init__(self, columns: Sequence[str], parent: QTableView) -> None:
        super().__init__(parent)
        self._view = parent
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Other rows; what is chosen stays chosen by whoever shows them."""
        old, new = self.rows, tuple(rows)
        if [each.key for each in old] == [each.key for each in new]:
            self.rows = new
            if new:
                self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(self.columns) - 1))
        elif new[: len(old)] == old:  # a page more of the same list
            self.beginInsertRows(_NOWHERE, len(old), len(new) - 1)
            self.rows = new
            self.endInsertRows()
        else:
            self.beginResetModel()
            self.rows = new
            self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            # A header paints what it is told: the side must be the one reading starts from.
            leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            return QStyle.visualAlignment(self._view.layoutDirection(), leading)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._whole(index.column(), row.cells[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()]}: {row.cells[index.column()]}"
        if role == Qt.ItemDataRole.ForegroundRole and row.role:
            return QColor(getattr(theme.tokens_of(self._view), row.role))
        return None

    def _whole(self, column: int, words: str) -> str | None:
        """The words of a cell that is cut; None for one that can be read."""
        tokens = theme.tokens_of(self._view)
        room = self._view.columnWidth(column) - 2 * (tokens.density.pad_quiet + theme.CELL_INSET)
        cut = self._view.fontMetrics().horizontalAdvance(words[:_TOLD]) > room
        return words[:_TOLD].replace("<", "‹") if cut else None  # a tool tip would read tags


class Table(QTableView):
    """Whole rows are chosen, by mouse or keyboard; letters and copying do nothing here."""

    chosen = Signal(str)
    """The key of the row with the focus, when somebody moved there."""
    opened = Signal(str)
    """Enter or a double click on a row."""
    ticked = Signal(str)
    """Space on a row."""
    end_reached = Signal()
    """The last rows are in view: more can be read."""

    def __init__(self, name: str, columns: Sequence[str], wide: int = 0, parent: QWidget | None = None) -> None:
        """``name`` is spoken; column ``wide`` takes the room the others leave."""
        super().__init__(parent)
        self._rows = _Rows(columns, self)
        self._wide = wide
        self._let_go: tuple[int, ...] = ()
        self._showing = False
        self.setModel(self._rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)  # Tab leads on to the next control
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.verticalHeader().hide()
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        for column in range(len(columns)):
            mode = QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            heads.setSectionResizeMode(column, mode)
        heads.setMaximumSectionSize(WIDEST)
        heads.setResizeContentsPrecision(MEASURED)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._rows.rows[index.row()].key))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows.rows

    @property
    def current(self) -> str | None:
        """The key of the row with the focus."""
        row = self.currentIndex().row()
        return self._rows.rows[row].key if 0 <= row < len(self._rows.rows) else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the row with the focus stays the same one, and the place in the list too."""
        kept, place = self.current, self.verticalScrollBar().value()
        self._showing = True
        try:
            self._rows.show(rows)
            if kept is not None and self.current != kept:
                self.choose(kept)
            self.verticalScrollBar().setValue(place)
        finally:
            self._showing = False
        self._fit()

    def let_go(self, columns: Sequence[int]) -> None:
        """Leave these out, the first one first, where there is no room for all: a list is never moved sideways."""
        self._let_go = tuple(columns)
        self._fit()

    def choose(self, key: str | None) -> None:
        """Put the focus on a row."""
        found = [number for number, each in enumerate(self._rows.rows) if each.key == key]
        self.setCurrentIndex(self._rows.index(found[0], 0) if found else QModelIndex())

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self, "list")
            heads = self.horizontalHeader()
            theme.dress(heads, "small")
            theme.dress(heads.viewport(), "small")  # it paints, and takes no size over
            tokens = theme.tokens_of(self)
            self.verticalHeader().setDefaultSectionSize(tokens.px(tokens.density.control))
            self.horizontalHeader().setFixedHeight(tokens.px(tokens.density.control))
            done = bool(super().event(event))
            self._fit()  # in other letters there is room for other columns
            return done
        return bool(super().event(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.horizontalHeader().resizeSections()  # while it was small, columns were measured by fewer rows

    def sizeHintForColumn(self, column: int) -> int:
        """No column takes more than a third: a name of five hundred letters leaves room for the others."""
        return min(super().sizeHintForColumn(column), max(_NARROWEST, self.viewport().width() // 3))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in COME_BY_KEYS and self.current is not None:
            # Qt makes the first row the current one without showing it, and leaves the view where it was scrolled to.
            self.selectRow(self.currentIndex().row())
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = event.key(), self.current
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            self.opened.emit(current)
        elif key == Qt.Key.Key_Space and current is not None:
            self.ticked.emit(current)
        elif event.matches(QKeySequence.StandardKey.Copy) or (event.text() and event.text().isprintable()):
            event.ignore()  # nothing is looked for by letters, and no name goes to the clipboard
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        if not self._let_go:
            return
        heads = self.horizontalHeader()
        for column in self._let_go:
            self.setColumnHidden(column, False)  # the header of a hidden column asks for no room
        needed = [max(self.sizeHintForColumn(at), heads.sectionSizeHint(at)) for at in range(len(self._rows.columns))]
        needed[self._wide] = max(heads.sectionSizeHint(self._wide), theme.tokens_of(self).px(_NARROWEST))
        over = sum(needed) - self.viewport().width()
        for column in self._let_go:
            self.setColumnHidden(column, over > 0)
            over -= needed[column]

    def _moved(self, *_: object) -> None:
        key = self.current
        if key is not None and not self._showing:
            self.chosen.emit(key)

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - _NEAR_END and self._rows.rows:
            self.end_reached.emit()
