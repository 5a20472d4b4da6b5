"""Paints the tiles of a grid of frames: a picture, what is known of it as glyph and word, selection and focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from safelight.domain.culling import Pick
from safelight.settings.desk_texts import DeskTexts

from .frame_model import FrameModel
from .thumbnails import Shown
from .tile_look import TileLook
from .tiles import ShotTile

_DIMMED = 0.3


class TilePainter(QStyledItemDelegate):
    """Asks for what is at hand and nothing else: a frame of the window never waits for a picture.

    ``focused`` is the row with the focus, whose ring is always drawn; ``takes_keys`` is whether keys go to this view.
    """

    def __init__(
        self, model: FrameModel, look: TileLook, words: DeskTexts, picture: Callable[[ShotTile], Shown | None]
    ) -> None:
        super().__init__()
        self._model, self._picture = model, picture
        self.focused = -1
        self.takes_keys = False
        self.dress(look, words)

    def dress(self, look: TileLook, words: DeskTexts) -> None:
        """Paint in this look and these words from now on."""
        self.look, self.words = look, words
        self._check = look.chip("question", words.get("pictures.check"), "asks")
        self._marks = {
            Pick.PICK: look.chip("star", words.get("pictures.pick"), "chosen"),
            Pick.REJECT: look.chip("cross", words.get("pictures.rejected"), "quiet"),
        }
        self._hidden = look.chip("bin", words.get("pictures.hidden"), "quiet")
        self._wanted = look.chip("heart", words.get("pictures.picked_by_subject"), "quiet")
        self._pair = words.get("pictures.raw_pair")
        self._mirrored = words.rtl

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return self.look.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, row = self.look, index.row()
        corner = option.rect
        x, y = corner.x() + look.gap // 2, corner.y() + look.gap // 2
        tile = self._model.tile(row)
        if tile is None:
            painter.drawPixmap(x, y, look.place(row + 1))
            return
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.drawPixmap(x, y, look.selected if is_selected else look.plain)
        self._paint_picture(painter, x + look.pad, y + look.pad, tile)
        muted = look.text if is_selected else look.muted
        self._paint_words(painter, x + look.pad, y + look.card.height() - look.pad, tile, muted)
        if row == self.focused:
            painter.drawPixmap(x, y, look.ring if self.takes_keys else look.quiet_ring)

    def _paint_picture(self, painter: QPainter, x: int, y: int, tile: ShotTile) -> None:
        look, room = self.look, self.look.room
        shown = self._picture(tile)
        if shown is not None:
            pixmap, width, height = shown.pixmap, shown.width, shown.height
            if pixmap is None:
                side = round(look.gone.width() / look.ratio)
                pixmap, width, height = look.gone, side, side
            dimmed = tile.hidden or tile.mark is Pick.REJECT
            if dimmed:
                painter.setOpacity(_DIMMED)
            painter.drawPixmap(x + (room.width() - width) // 2, y + (room.height() - height) // 2, pixmap)
            if dimmed:
                painter.setOpacity(1.0)
        down = y + look.pad
        if tile.check:
            down = self._paint_chip(painter, x, down, self._check)
        if tile.hidden:
            down = self._paint_chip(painter, x, down, self._hidden)
        if (mark := self._marks.get(tile.mark)) is not None:
            self._paint_chip(painter, x, down, mark)
        if tile.picked_by_subject:
            height = round(self._wanted.height() / look.ratio)
            self._paint_chip(painter, x, y + room.height() - height - look.pad, self._wanted)

    def _paint_chip(self, painter: QPainter, x: int, y: int, chip: QPixmap) -> int:
        """Paint a chip where lines begin; gives the height the next one stands at."""
        look = self.look
        at = x + look.room.width() - round(chip.width() / look.ratio) - look.pad if self._mirrored else x + look.pad
        painter.drawPixmap(at, y, chip)
        return y + round(chip.height() / look.ratio) + look.pad // 2

    def _paint_words(self, painter: QPainter, x: int, bottom: int, tile: ShotTile, muted: QColor) -> None:
        look = self.look
        if look.shape.lines < 1:
            return
        width = look.room.width()
        top = bottom - look.shape.lines * look.line + look.pad // 2
        painter.setFont(look.strong)
        painter.setPen(look.text)
        title = tile.name if look.shape.has_rating else tile.owner
        self._paint_text(painter, x, top + look.baseline, look.cut(title, width, strong=True), begins=True)
        if look.shape.lines < 2:
            return
        painter.setFont(look.small)
        painter.setPen(muted)
        time = look.cut(tile.time, width)
        second = top + look.line + look.baseline
        self._paint_text(painter, x, second, time, begins=True)
        if look.shape.has_rating:
            if tile.is_raw_pair:
                room = width - time[1] - look.pad
                self._paint_text(painter, x, second, look.cut(self._pair, room), begins=False)
            stars = look.stars[tile.rating]
            at = x + width - round(stars.width() / look.ratio) if self._mirrored else x
            painter.drawPixmap(at, top + 2 * look.line + (look.line - round(stars.height() / look.ratio)) // 2, stars)

    def _paint_text(self, painter: QPainter, x: int, baseline: int, text: tuple[str, int], *, begins: bool) -> None:
        """Paint at the side where lines begin, or where they end."""
        words, wide = text
        painter.drawText(x + self.look.room.width() - wide if begins == self._mirrored else x, baseline, words)


def spoken(tile: ShotTile, words: DeskTexts) -> str:
    """A tile in words: what a screen reader says."""
    said = [tile.owner, tile.name, tile.time]
    said += [words.get("pictures.check")] if tile.check else []
    said += [words.get("pictures.stars", n=tile.rating)] if tile.rating else []
    said += [words.get("pictures.pick")] if tile.mark is Pick.PICK else []
    said += [words.get("pictures.rejected")] if tile.mark is Pick.REJECT else []
    said += [words.get("pictures.hidden")] if tile.hidden else []
    said += [words.get("pictures.picked_by_subject")] if tile.picked_by_subject else []
    said += [words.get("pictures.raw_pair")] if tile.is_raw_pair else []
    return ", ".join(each for each in said if each)
