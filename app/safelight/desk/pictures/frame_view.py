"""A list of frames as a grid or one line: what is in view gets its pictures, and what stays keeps its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QWidget

from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.qt.density import DESK
from safelight.qt.frames import FocusLine
from safelight.qt.theme import Tokens
from safelight.settings.desk_texts import DeskTexts

from .frame_model import FrameModel
from .thumbnails import Shown, Thumbnails, Wanted
from .tile_look import TileLook, TileShape
from .tile_painter import TilePainter, spoken
from .tiles import ShotTile

_AHEAD = 2
"""Rows before and behind the visible ones whose pictures are read after those."""


class FrameView(QListView):
    """Frames to be seen; :class:`safelight.desk.pictures.grid.FrameGrid` adds hands that choose, judge and carry."""

    def __init__(
        self,
        pictures: Thumbnails,
        words: DeskTexts,
        shape: TileShape,
        *,
        one_line: bool,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._words, self._shape, self._one_line = pictures, words, shape, one_line
        self._columns = 0
        self._look = self._made_look()
        self._rows = FrameModel(lambda tile: spoken(tile, self._words))
        self._painter = TilePainter(self._rows, self._look, words, self._picture)
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        self.setProperty("role", "frames")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setWrapping(not one_line)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QListView.Shape.NoFrame)
        across = Qt.ScrollBarPolicy.ScrollBarAsNeeded if one_line else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        down = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if one_line else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if one_line:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(across)
        self.setVerticalScrollBarPolicy(down)
        self._bar = self.horizontalScrollBar() if one_line else self.verticalScrollBar()
        self._bar.setSingleStep(self._look.cell.height() // 4)
        self._pictures.arrived.connect(self._repaint_those)
        self.focus_line = FocusLine(self, lambda: not self._has_focus_in_view())
        """Around all of it, while no frame in view has the ring."""
        self._bar.valueChanged.connect(lambda _: self.focus_line.check())

    @property
    def tiles(self) -> Sequence[ShotTile]:
        """The shots, as shown."""
        return self._rows.tiles

    def show_tiles(self, tiles: Sequence[ShotTile], planned: int = 0) -> None:
        """Show these, and ``planned`` empty places behind them; what is looked at stays where it is."""
        held = self._held_place(frozenset(each.shot for each in tiles))
        self._rows.show(tiles, planned)
        self._restore_place(held)
        self.focus_line.check()

    def set_shape(self, shape: TileShape) -> None:
        """Show tiles of another size from now on: a low window has room for less."""
        self._shape = shape
        self._dress()

    def forget(self) -> None:
        """Show and remember no frame; the pictures are dropped with :meth:`Thumbnails.forget`."""
        self._pictures.wish(self, ())
        self._rows.show((), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nothing goes on to Qt's own view: it would copy names to the clipboard, search by letters and choose by Space.
        bar, key, page, step = self._bar, Qt.Key(event.key()), self._bar.pageStep(), self._bar.singleStep()
        place = {
            Qt.Key.Key_Home: bar.minimum(), Qt.Key.Key_End: bar.maximum(), Qt.Key.Key_PageUp: bar.value() - page,
            Qt.Key.Key_PageDown: bar.value() + page, Qt.Key.Key_Up: bar.value() - step,
            Qt.Key.Key_Down: bar.value() + step,
        }.get(key)  # fmt: skip
        if place is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        else:
            bar.setValue(place)

    def set_words(self, words: DeskTexts, name: str) -> None:
        """Speak this language from now on."""
        self._words = words
        self.setAccessibleName(name)
        self._dress()

    def _has_focus_in_view(self) -> bool:
        """Whether a frame that is in view has the ring: none where frames are only looked at."""
        return False

    # Place and pictures.

    @property
    def columns(self) -> int:
        """How many frames stand side by side."""
        if self._one_line:
            return max(1, self._rows.rowCount())
        if self._columns == 0 and self._rows.rowCount():
            first = self.visualRect(self._rows.index(0)).y()
            fits = max(1, self.viewport().width() // self._look.cell.width()) + 1
            line = range(min(self._rows.rowCount(), fits))
            self._columns = max(1, sum(self.visualRect(self._rows.index(row)).y() == first for row in line))
        return max(1, self._columns)

    def visible_rows(self) -> range:
        """The rows of which something is in view."""
        count = self._rows.rowCount()
        if count == 0:
            return range(0)
        start, cell = self.visualRect(self._rows.index(0)), self._look.cell
        if self._one_line:
            hidden = start.right() - self.viewport().width() if self.isRightToLeft() else -start.x()
            first, lines = hidden // cell.width(), self.viewport().width() // cell.width() + 2
            return range(max(0, first), min(count, first + lines))
        first = max(0, -start.y()) // cell.height()
        lines = self._rows_in_view() + 2
        return range(first * self.columns, min(count, (first + lines) * self.columns))

    def _rows_in_view(self) -> int:
        return self.viewport().height() // self._look.cell.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._wish()

    def _wish(self) -> None:
        seen = self.visible_rows()
        beside = _AHEAD * (4 if self._one_line else self.columns)
        around = (*range(seen.stop, seen.stop + beside), *range(seen.start - 1, seen.start - beside - 1, -1))
        tiles = (self._rows.tile(row) for row in (*seen, *around))
        self._pictures.wish(self, [self._wanted(tile.guid) for tile in tiles if tile is not None])

    def _wanted(self, guid: PhotoGuid) -> Wanted:
        room, ratio = self._look.room, self._look.ratio
        return Wanted(guid, round(room.width() * ratio), round(room.height() * ratio), ratio)

    def _picture(self, tile: ShotTile) -> Shown | None:
        return self._pictures.picture(self._wanted(tile.guid))

    def _repaint_those(self, guids: frozenset[PhotoGuid]) -> None:
        for row in self.visible_rows():
            tile = self._rows.tile(row)
            if tile is not None and tile.guid in guids:
                self.update(self._rows.index(row))

    def _held_place(self, staying: frozenset[str]) -> tuple[str, int] | None:
        """The first visible frame that stays and where it stands; None at the very beginning, where news come in."""
        if self._bar.value() <= self._bar.minimum():
            return None
        for row in self.visible_rows():
            tile = self._rows.tile(row)
            if tile is not None and tile.shot in staying:
                return tile.shot, self._place_of(row)
        return None

    def _restore_place(self, held: tuple[str, int] | None) -> None:
        self._columns = 0
        row = None if held is None else self._rows.row_of(held[0])
        if held is not None and row is not None and (moved := self._place_of(row) - held[1]):
            self._bar.setValue(self._bar.value() + (-moved if self._one_line and self.isRightToLeft() else moved))

    def _place_of(self, row: int) -> int:
        place = self.visualRect(self._rows.index(row))
        return place.x() if self._one_line else place.y()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._columns = 0
        super().resizeEvent(event)
        self.focus_line.check()

    # Looks.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self._dress()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.ParentChange, QEvent.Type.Polish):
            self._dress()
        return super().event(event)

    def _made_look(self) -> TileLook:
        return TileLook(self._tokens(), self._words.language, self._shape, self.devicePixelRatioF())

    def _tokens(self) -> Tokens:
        """Those of the desk, also before the grid stands in a window that has any."""
        tokens = theme.tokens_of(self)
        return tokens if tokens.density.name == DESK.name else theme.DESK_DARK

    def _dress(self) -> None:
        if not hasattr(self, "_painter"):  # Qt sends the first events before there is anything to dress
            return
        look = self._look
        wanted = (self._tokens(), self._shape, self.devicePixelRatioF())
        if (look.tokens, look.shape, look.ratio) != wanted or not self._is_worded():
            self._look = self._made_look()
            self._columns = 0
            self._painter.dress(self._look, self._words)
            self._bar.setSingleStep(self._look.cell.height() // 4)
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()
        self.viewport().update()

    def _is_worded(self) -> bool:
        return self._painter.words is self._words

    def sizeHint(self) -> QSize:
        return QSize(3 * self._look.cell.width(), self.line_height if self._one_line else 2 * self._look.cell.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.cell.width(), self.line_height if self._one_line else self._look.cell.height())

    @property
    def line_height(self) -> int:
        """The height of one line of frames with room for its scroll bar."""
        return self._look.cell.height() + self.horizontalScrollBar().sizeHint().height()
