"""How a row of the roster is painted: name, state by glyph and word, number, and a bar for each planned shot."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from safelight.desk.shoot.roster_model import AnyIndex, Role
from safelight.desk.shoot.rows import GLYPHS, Readiness, RosterRow
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts

_STATE_COLOURS = {
    Readiness.READY: "yes", Readiness.NOT_READY: "muted", Readiness.GUARDIAN: "waiting", Readiness.ABSENT: "faint",
}  # fmt: skip
MOST_BARS = 8
"""More planned shots than this are only told in figures."""


def shots_told(words: DeskTexts, row: RosterRow) -> str:
    """How many shots there are of somebody, of how many planned."""
    if row.planned:
        return words.get("shoot.of", n=row.shots, planned=row.planned)
    return words.get("shoot.shots", n=row.shots)


def _figures(row: RosterRow) -> str:
    return f"{row.shots}/{row.planned}" if row.planned else str(row.shots) if row.shots else ""


class RosterDelegate(QStyledItemDelegate):
    """Paints a row: name, state by glyph and word, number, a bar for each planned shot and the figures below it."""

    def __init__(self, words: DeskTexts, view: QListView) -> None:
        super().__init__(view)
        self._words, self._view = words, view
        self._over: str | None = None

    def show_over(self, subject: str | None) -> None:
        """Frames are carried over this row (None: over none)."""
        self._over = subject
        self._view.viewport().update()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002 - all rows are alike
        tokens = theme.tokens_of(self._view)
        return QSize(200, tokens.px(tokens.density.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.data(Role.ROW)
        if not isinstance(row, RosterRow):
            return
        tokens, area = theme.tokens_of(self._view), QRect(option.rect)
        px, backwards = tokens.px, option.direction == Qt.LayoutDirection.RightToLeft
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(area).adjusted(1, 2, -1, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if row.on_set or row.subject == self._over or state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(ground, 8, 8)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tokens.raised))
            painter.drawRoundedRect(ground, 8, 8)
        if row.on_set:
            painter.setBrush(QColor(tokens.accent))
            stripe = QRectF(ground.x(), ground.y() + px(9), px(3), ground.height() - px(18))
            painter.drawRoundedRect(self._mirrored(stripe, area, backwards), 1.5, 1.5)
        if state & QStyle.StateFlag.State_Selected or row.subject == self._over:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 8, 8)
        self._texts(painter, row, tokens, area, backwards)
        self._bars(painter, row, tokens, area, backwards)
        painter.restore()

    def _texts(self, painter: QPainter, row: RosterRow, tokens: theme.Tokens, area: QRect, backwards: bool) -> None:
        px, side = tokens.px, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        side |= Qt.AlignmentFlag.AlignRight if backwards else Qt.AlignmentFlag.AlignLeft
        away = row.readiness is Readiness.ABSENT
        middle = area.y() + area.height() // 2
        bars = px(84)
        name = QRect(area.x() + px(14), area.y() + px(5), area.width() - px(14) - bars, middle - area.y() - px(5))
        font = theme.font(tokens, "list", self._words.language)
        painter.setFont(font)
        painter.setPen(QColor(tokens.faint if away else tokens.text))
        shown = painter.fontMetrics().elidedText(row.name[:300], Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(self._mirrored_rect(name, area, backwards), side, shown)
        painter.setFont(theme.font(tokens, "small", self._words.language))
        glyph = QRect(name.x(), middle, px(18), area.bottom() - middle - px(4))
        painter.setPen(QColor(str(getattr(tokens, _STATE_COLOURS[row.readiness]))))
        painter.drawText(self._mirrored_rect(glyph, area, backwards), side, GLYPHS[row.readiness])
        painter.setPen(QColor(tokens.muted))
        # The bars stand above, on the line of the name: beside the state there are the figures alone.
        figures = painter.fontMetrics().horizontalAdvance(_figures(row))
        room = area.width() - px(14) - px(18) - figures - px(16)
        below = QRect(glyph.x() + px(18), glyph.y(), room, glyph.height())
        parts = [self._words.get(f"shoot.state.{row.readiness}"), row.reference]
        if row.checks:
            parts.insert(0, self._words.get("shoot.to-check", n=row.checks))
        told = " · ".join(f"\u2068{part}\u2069" for part in parts if part)
        told = painter.fontMetrics().elidedText(told[:200], Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(self._mirrored_rect(below, area, backwards), side, told)

    def _bars(self, painter: QPainter, row: RosterRow, tokens: theme.Tokens, area: QRect, backwards: bool) -> None:
        px, middle = tokens.px, area.y() + area.height() // 2
        told = _figures(row)
        wide = px(72)
        room = QRect(area.right() - wide - px(8), middle, wide, area.bottom() - middle - px(4))
        painter.setFont(theme.font(tokens, "small", self._words.language))
        painter.setPen(QColor(tokens.text if row.on_set else tokens.muted))
        end = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        end |= Qt.AlignmentFlag.AlignLeft if backwards else Qt.AlignmentFlag.AlignRight
        painter.drawText(self._mirrored_rect(room, area, backwards), end, told)
        if not 0 < row.planned <= MOST_BARS:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        left = area.right() - px(8) - row.planned * px(8) + px(3)
        for number in range(row.planned):
            filled = number < row.shots
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.text if row.on_set else tokens.muted) if filled else QColor(tokens.line))
            if not filled and tokens.line == tokens.muted:  # where all is white, what is missing is hollow
                painter.setPen(QColor(tokens.line))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            bar = QRectF(left + number * px(8), area.y() + px(9), px(5), middle - area.y() - px(11))
            painter.drawRoundedRect(self._mirrored(bar, area, backwards), 1.5, 1.5)

    @staticmethod
    def _mirrored(piece: QRectF, area: QRect, backwards: bool) -> QRectF:
        return QRectF(area.left() + area.right() + 1 - piece.right(), piece.y(), piece.width(), piece.height()) if (
            backwards
        ) else piece  # fmt: skip

    @staticmethod
    def _mirrored_rect(piece: QRect, area: QRect, backwards: bool) -> QRect:
        if not backwards:
            return piece
        return QRect(area.left() + area.right() - piece.right(), piece.y(), piece.width(), piece.height())
