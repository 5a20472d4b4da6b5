"""A grid of frames, or one line of them: looked through and judged by keyboard, carried to somebody by the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QFocusEvent, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QWidget

from safelight.qt.table import COME_BY_KEYS
from safelight.settings.desk_texts import DeskTexts

from .acts import ASKS_ABOVE, ENTER, Act, ActOf, EnterPause, act_of_event
from .frame_view import FrameView
from .thumbnails import Thumbnails
from .tile_look import SHOTS, TileShape
from .tiles import ShotTile, nearest_left

_Flag = QItemSelectionModel.SelectionFlag


class FrameGrid(FrameView):
    """Rows come in by :meth:`show_tiles`; what somebody wants comes out as a signal, with ids of shots.

    There is one focus, always drawn, and the mouse only moves it: acts go by keys. They are about the chosen frames, or
    the one with the focus when that is not among them.
    """

    act_asked = Signal(object, object)
    """An :class:`Act` and the shots it is about (a tuple of ids); acts that only look are about one."""
    many_asked = Signal(object, int)
    """An act on so many frames waits for Enter; Esc, or any other key, drops it."""
    many_settled = Signal()
    """It waits no longer."""
    focus_moved = Signal(object)
    """The shot with the focus, or None: moved by somebody, or because the one before has gone."""

    def __init__(
        self,
        pictures: Thumbnails,
        words: DeskTexts,
        act_of: ActOf,
        shape: TileShape = SHOTS,
        *,
        one_line: bool = False,
        name: str = "",
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        """``name`` is what the grid is called for whoever listens; ``act_of`` says what a key means."""
        super().__init__(pictures, words, shape, one_line=one_line, name=name, parent=parent)
        self._act_of, self._clock = act_of, clock
        self._pause = EnterPause()
        self._waiting: tuple[Act, tuple[str, ...]] | None = None
        self._anchor = ""
        self._told: str | None = None
        self.setSelectionMode(FrameView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(FrameView.DragDropMode.DragOnly)
        self.setAutoScroll(False)  # Qt would run after the focus when its frame leaves
        self.selectionModel().currentChanged.connect(self._tell_focus)

    # What is shown.

    @property
    def focused(self) -> str | None:
        """The shot with the focus; None when there is none."""
        tile = self._rows.tile(self.currentIndex().row())
        return None if tile is None else tile.shot

    @property
    def chosen(self) -> tuple[str, ...]:
        """The shots that are selected, in the order of the grid."""
        rows = sorted(each.row() for each in self.selectionModel().selectedIndexes())
        return tuple(tile.shot for row in rows if (tile := self._rows.tile(row)) is not None)

    @property
    def meant(self) -> tuple[str, ...]:
        """The shots an act would be about now."""
        chosen, focused = self.chosen, self.focused
        return chosen if focused is None or focused in chosen else (focused,)

    def show_tiles(self, tiles: Sequence[ShotTile], planned: int = 0) -> None:
        """Show these, and ``planned`` empty places behind them. Selection, focus and place stay as they are.

        When the shot with the focus goes, the next one takes over, and is chosen if nothing else is any more.
        """
        old, row = list(self._rows.tiles), self.currentIndex().row()
        stands = not old or self._rows.tile(row) is not None
        if stands and planned == self._rows.planned and old == list(tiles):
            return
        chose_any = bool(self.chosen)
        # While nobody is in this list, what keys will be about stays where news come in, and so in view.
        is_at_beginning = self._one_line and row <= 0 and not chose_any
        staying = frozenset(each.shot for each in tiles) & {each.shot for each in old}
        heir = nearest_left(old, row, staying) if row >= 0 else None
        if heir is not None and heir != self.focused:  # before Qt finds one of its own
            self._focus_row(self._rows.row_of(heir), _Flag.NoUpdate)
        super().show_tiles(tiles, planned)
        if self._rows.tile(self.currentIndex().row()) is None or (is_at_beginning and not self.hasFocus()):
            self._focus_row(0 if tiles else None, _Flag.NoUpdate)
        if chose_any and not self.chosen and self.focused is not None:
            self._focus_row(self.currentIndex().row(), _Flag.ClearAndSelect)
        self._tell_focus()

    def choose(self, shots: Sequence[str], focus: str | None = None) -> None:
        """Select exactly these and bring ``focus`` (else the first) into view: what undoing an act brings back."""
        selection = QItemSelection()
        rows = [row for each in shots if (row := self._rows.row_of(each)) is not None]
        for row in rows:
            selection.select(self._rows.index(row), self._rows.index(row))
        self.selectionModel().select(selection, _Flag.ClearAndSelect)
        at = self._rows.row_of(focus) if focus is not None else None
        self._focus_row(at if at is not None else next(iter(rows), None), _Flag.NoUpdate)
        self._anchor = self.focused or ""
        self.scrollTo(self.currentIndex())

    def reveal(self, shot: str) -> None:
        """Bring a shot into view without touching the focus: the newest one, while it is followed."""
        row = self._rows.row_of(shot)
        if row is not None:
            self.scrollTo(self._rows.index(row))

    def forget(self) -> None:
        """Show and remember no frame; the pictures are dropped with :meth:`Thumbnails.forget`."""
        self.drop_many()
        super().forget()
        self._anchor = ""

    # Acts.

    def confirm_many(self) -> None:
        """Do what waits for Enter."""
        if self._waiting is not None:
            act, shots = self._waiting
            self._waiting = None
            self.many_settled.emit()
            there = tuple(each for each in shots if self._rows.row_of(each) is not None)
            if there:
                self.act_asked.emit(act, there)

    def drop_many(self) -> None:
        """Do not do what waits for Enter."""
        if self._waiting is not None:
            self._waiting = None
            self.many_settled.emit()

    def ask(self, act: Act) -> None:
        """Want ``act`` for what is meant now, as its key does."""
        shots = self.meant
        if act.only_looks:
            shots = (self.focused,) if self.focused is not None else ()
        if not shots:
            return
        if len(shots) > ASKS_ABOVE:
            self._waiting = act, shots
            self.many_asked.emit(act, len(shots))
        else:
            self.act_asked.emit(act, shots)

    def event(self, event: QEvent) -> bool:
        # While an act waits, Enter and Esc are its answer and no shortcut of the window.
        if event.type() == QEvent.Type.ShortcutOverride and self._waiting is not None:
            key = cast(QKeyEvent, event).key()
            if key in ENTER or key == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now = self._clock()
        if event.key() in ENTER:
            if self._waiting is None:
                event.ignore()
            elif self._pause.allows(now):
                self.confirm_many()
            return
        self._pause.pressed(now)
        waited = self._waiting is not None
        self.drop_many()
        if event.key() == Qt.Key.Key_Escape and waited:
            return
        # Nothing goes on to Qt's own view: it would copy names to the clipboard, search by letters and switch by Space.
        if self._goes(event):
            return
        act = act_of_event(event, self._act_of)
        if act is None:
            event.ignore()
        else:
            self.ask(act)

    def _goes(self, event: QKeyEvent) -> bool:
        """Whether the key moves the focus, or chooses everything; then it has."""
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        count = len(self._rows.tiles)
        if key == Qt.Key.Key_A and held == control:
            everything = QItemSelection(self._rows.index(0), self._rows.index(count - 1))
            self.selectionModel().select(everything, _Flag.ClearAndSelect)
            return True
        if held not in (Qt.KeyboardModifier.NoModifier, shift, control):
            return False
        row, ahead = self.currentIndex().row(), -1 if self.isRightToLeft() else 1
        columns, page = self.columns, max(1, self._rows_in_view()) * self.columns
        if self._one_line:
            page = max(1, self.viewport().width() // self._look.cell.width())
        target = {
            Qt.Key.Key_Right: row + ahead, Qt.Key.Key_Left: row - ahead, Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1, Qt.Key.Key_PageDown: row + page, Qt.Key.Key_PageUp: row - page,
            Qt.Key.Key_Down: row + columns, Qt.Key.Key_Up: row - columns,
        }.get(key)  # fmt: skip
        if target is None or (self._one_line and key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
            return False
        if count == 0:
            return True
        if not 0 <= target < count and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            # From above an unfinished last line down goes to its end; anywhere else there is no way.
            target = count - 1 if target >= count and row // columns < (count - 1) // columns else row
        target = min(max(target, 0), count - 1)
        if held == shift:
            self._choose_to(target)
        elif held == control:
            self._focus_row(target, _Flag.NoUpdate)
        else:
            self._focus_row(target, _Flag.ClearAndSelect)
            self._anchor = self.focused or ""
        self.scrollTo(self.currentIndex())
        return True

    def _choose_to(self, row: int) -> None:
        """Choose everything between where choosing began and ``row``, in the order of the grid."""
        start = self._rows.row_of(self._anchor)
        start = start if start is not None else max(0, self.currentIndex().row())
        self._anchor = self._rows.tiles[start].shot
        first, last = sorted((start, row))
        between = QItemSelection(self._rows.index(first), self._rows.index(last))
        self.selectionModel().select(between, _Flag.ClearAndSelect)
        self._focus_row(row, _Flag.NoUpdate)

    def _focus_row(self, row: int | None, flag: QItemSelectionModel.SelectionFlag) -> None:
        self.selectionModel().setCurrentIndex(QModelIndex() if row is None else self._rows.index(row), flag)

    def _tell_focus(self, *_: object) -> None:
        row = self.currentIndex().row()
        if row != self._painter.focused or self._told != self.focused:
            self._painter.focused = row
            self._told = self.focused
            self.viewport().update()
            self.focus_line.check()
            self.focus_moved.emit(self._told)

    def _has_focus_in_view(self) -> bool:
        if self.focused is None:
            return False
        return self.viewport().rect().contains(self.visualRect(self.currentIndex()).center())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._painter.takes_keys = True
        if event.reason() in COME_BY_KEYS:
            self.scrollTo(self.currentIndex())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._painter.takes_keys = False
        self.viewport().update()

    # The mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.drop_many()
        index = self.indexAt(event.position().toPoint())
        tile = self._rows.tile(index.row()) if index.isValid() else None
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift and tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose_to(index.row())  # Qt would choose a rectangle
            return
        super().mousePressEvent(event)
        if tile is not None:
            self._anchor = tile.shot

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: ARG002 - frames only ever move
        indexes = [each for each in self.selectionModel().selectedIndexes() if self._rows.tile(each.row())]
        if not indexes:
            return
        drag = QDrag(self)
        drag.setMimeData(self._rows.mimeData(indexes))
        # A number and no picture: what is dragged can be seen over any window.
        drag.setPixmap(self._drag_chip(len(indexes)))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.MoveAction)

    def _drag_chip(self, count: int) -> QPixmap:
        return self._look.chip("pair", self._words.get("pictures.frames", n=count), "chosen")
