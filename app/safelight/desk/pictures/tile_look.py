"""How tiles look in one theme, scale and language: sizes, and the parts of a tile drawn once and kept as pixmaps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from safelight.qt import theme
from safelight.qt.theme import Tokens

_GAP = 8
_PAD = 6
_CHIP = 20
_LINE = 18
_MOST_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class TileShape:
    """The picture's room in pixels before scaling, and how many lines of words stand below it.

    Three: name, time, rating. Two: owner and time. One: the owner. None: the picture with its glyphs.
    """

    width: int
    height: int
    lines: int

    @property
    def has_rating(self) -> bool:
        """Whether the last line is the rating (else the lines are the owner and the time)."""
        return self.lines > 2


SHOTS = TileShape(184, 220, 3)
"""A person's shots."""
LAST_FRAMES = TileShape(98, 104, 2)
"""Everybody's frames in one line."""
LAST_FRAMES_LOW = TileShape(64, 40, 1)
"""The same in a window that is not high: whose they are, and glyphs alone."""
_ROOM_FOR_WORDS = 90


class TileLook:
    """Made anew whenever theme, scale, language or screen change; everything in pixels of the window."""

    def __init__(self, tokens: Tokens, language: str, shape: TileShape, ratio: float) -> None:
        self.tokens, self.shape, self.ratio = tokens, shape, ratio
        self._mirrored = QLocale(language).textDirection() == Qt.LayoutDirection.RightToLeft
        px = tokens.px
        self.gap, self.pad, self.line = px(_GAP), px(_PAD), px(_LINE)
        self.room = QSize(px(shape.width), px(shape.height))
        """What the picture may take."""
        self.card = QSize(self.room.width() + 2 * self.pad, self.room.height() + 2 * self.pad + shape.lines * self.line)
        self.cell = QSize(self.card.width() + self.gap, self.card.height() + self.gap)
        self.small = theme.font(tokens, "small", language)
        self.strong = theme.font(tokens, "small", language)
        self.strong.setWeight(QFont.Weight.DemiBold)
        self.metrics, self.strong_metrics = QFontMetrics(self.small), QFontMetrics(self.strong)
        self.text, self.muted = QColor(tokens.text), QColor(tokens.muted)
        self.baseline = (self.line + self.metrics.ascent() - self.metrics.descent()) // 2
        self._cut: dict[tuple[str, int, bool], tuple[str, int]] = {}
        self._places: dict[int, QPixmap] = {}
        self._chips: dict[tuple[str, str, str], QPixmap] = {}
        self.plain = self._card(tokens.raised, "")
        self.selected = self._card(_between(tokens.raised, tokens.edge), tokens.edge)
        self.ring, self.quiet_ring = self._ring(tokens.density.focus_outline), self._ring(1)
        """Around the frame with the focus: where keys act, and in a view they do not go to now."""
        self.gone = self._gone()
        self.stars = [self._rating(stars) for stars in range(6)]

    def cut(self, text: str, width: int, *, strong: bool = False) -> tuple[str, int]:
        """``text`` as much of it as fits in ``width``, and how wide that is."""
        key = (text, width, strong)
        found = self._cut.get(key)
        if found is None:
            if len(self._cut) > _MOST_TEXTS:
                self._cut.clear()
            metrics = self.strong_metrics if strong else self.metrics
            fits = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            found = self._cut[key] = fits, metrics.horizontalAdvance(fits)
        return found

    def chip(self, glyph: str, word: str, ground: str) -> QPixmap:
        """A chip with a glyph and a word, on ``ground``: ``asks`` (amber), ``chosen`` (white) or ``quiet`` (grey)."""
        key = (glyph, word, ground)
        if key not in self._chips:
            self._chips[key] = self._chip(glyph, word, ground)
        return self._chips[key]

    def place(self, number: int) -> QPixmap:
        """The dashed place of a frame that is still planned."""
        if number not in self._places:
            self._places[number] = self._place(number)
        return self._places[number]

    # Drawing.

    def _blank(self, size: QSize) -> tuple[QPixmap, QPainter]:
        made = QPixmap(size * self.ratio)
        made.setDevicePixelRatio(self.ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return made, painter

    def _card(self, ground: str, outline: str) -> QPixmap:
        made, painter = self._blank(self.card)
        painter.setPen(QPen(QColor(outline), 1) if outline else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        radius = self.tokens.density.radius
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.card.width() - 1, self.card.height() - 1), radius, radius)
        painter.end()
        return made

    def _ring(self, wide: int) -> QPixmap:
        made, painter = self._blank(self.card)
        painter.setPen(QPen(QColor(self.tokens.focus), wide))
        radius = self.tokens.density.radius
        inner = QRectF(0, 0, self.card.width(), self.card.height()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawRoundedRect(inner, radius, radius)
        painter.end()
        return made

    def _place(self, number: int) -> QPixmap:
        made, painter = self._blank(self.card)
        painter.setPen(QPen(QColor(self.tokens.edge), 1.5, Qt.PenStyle.DashLine))
        radius = self.tokens.density.radius
        painter.drawRoundedRect(QRectF(1, 1, self.card.width() - 2, self.card.height() - 2), radius, radius)
        painter.setFont(theme.font(self.tokens, "heading"))
        painter.setPen(self.muted)
        whole = QRectF(0, 0, self.card.width(), self.card.height())
        painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.end()
        return made

    def _chip(self, glyph: str, word: str, ground: str) -> QPixmap:
        tokens, px = self.tokens, self.tokens.px
        fill, ink, outline = {
            "asks": (tokens.waiting, tokens.page, tokens.waiting),
            "chosen": (tokens.text, tokens.page, tokens.text),
            "quiet": (tokens.raised, tokens.text, tokens.edge),
        }[ground]
        high, mark, pad = px(_CHIP), px(10), px(7)
        text, width = self.cut(word, self.room.width() - 3 * pad - mark - self.pad, strong=True)
        size = QSize(width + mark + 3 * pad - px(2), high)
        if self.shape.width < _ROOM_FOR_WORDS:
            text, size = "", QSize(high, high)
            pad = (high - mark) // 2
        made, painter = self._blank(size)
        painter.setPen(QPen(QColor(outline), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, high - 1), high / 2 - 0.5, high / 2 - 0.5)
        at = size.width() - pad - mark if self._mirrored else pad
        draw_glyph(painter, glyph, QRectF(at, (high - mark) / 2, mark, mark), QColor(ink))
        painter.setPen(QColor(ink))
        painter.setFont(self.strong)
        start = pad if self._mirrored else pad + mark + pad - px(2)
        painter.drawText(QRectF(start, 0, width + 2, high), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return made

    def _rating(self, stars: int) -> QPixmap:
        side = self.tokens.px(12)
        made, painter = self._blank(QSize(5 * side + 4 * self.tokens.px(2), side))
        for place in range(5):
            is_given = place >= 5 - stars if self._mirrored else place < stars
            colour = QColor(self.tokens.text if is_given else self.tokens.line)
            draw_glyph(painter, "star", QRectF(place * (side + self.tokens.px(2)), 0, side, side), colour)
        painter.end()
        return made

    def _gone(self) -> QPixmap:
        side = self.tokens.px(28)
        made, painter = self._blank(QSize(side, side))
        draw_glyph(painter, "cross", QRectF(4, 4, side - 8, side - 8), QColor(self.tokens.edge))
        painter.end()
        return made


def _between(one: str, other: str) -> str:
    """A grey nearer to ``one``: what is chosen stands out in any light, and words on it keep their contrast."""
    a, b = QColor(one), QColor(other)
    parts = (a.redF() * 0.7 + b.redF() * 0.3, a.greenF() * 0.7 + b.greenF() * 0.3, a.blueF() * 0.7 + b.blueF() * 0.3)
    return QColor.fromRgbF(*parts).name()


def draw_glyph(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """``star``, ``cross``, ``heart``, ``question``, ``bin`` or ``pair`` within ``box``: drawn, as no font has all."""
    x, y, side = box.x(), box.y(), box.width()

    def at(across: float, down: float) -> QPointF:
        return QPointF(x + across * side, y + down * side)

    painter.save()
    pen = QPen(colour, max(1.4, side * 0.16))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if name == "star":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([
            at(0.5 + (0.5 if n % 2 == 0 else 0.21) * math.sin(n * math.pi / 5),
               0.53 - (0.5 if n % 2 == 0 else 0.21) * math.cos(n * math.pi / 5))
            for n in range(10)
        ]))  # fmt: skip
    elif name == "cross":
        painter.setPen(pen)
        painter.drawLine(at(0.15, 0.15), at(0.85, 0.85))
        painter.drawLine(at(0.85, 0.15), at(0.15, 0.85))
    elif name == "heart":
        path = QPainterPath(at(0.5, 0.95))
        path.cubicTo(at(-0.25, 0.45), at(0.15, -0.15), at(0.5, 0.25))
        path.cubicTo(at(0.85, -0.15), at(1.25, 0.45), at(0.5, 0.95))
        painter.fillPath(path, colour)
    elif name == "question":
        painter.setPen(pen)
        path = QPainterPath(at(0.22, 0.28))
        path.cubicTo(at(0.22, -0.08), at(0.8, -0.08), at(0.8, 0.28))
        path.cubicTo(at(0.8, 0.5), at(0.5, 0.45), at(0.5, 0.68))
        painter.drawPath(path)
        painter.drawPoint(at(0.5, 0.95))
    elif name == "bin":
        painter.setPen(pen)
        painter.drawLine(at(0.1, 0.2), at(0.9, 0.2))
        painter.drawPolyline(QPolygonF([at(0.22, 0.25), at(0.28, 0.95), at(0.72, 0.95), at(0.78, 0.25)]))
    else:
        painter.setPen(QPen(colour, max(1.0, side * 0.11)))
        painter.drawRect(QRectF(at(0.05, 0.05), at(0.7, 0.7)))
        painter.drawPolyline(QPolygonF([at(0.85, 0.3), at(0.85, 0.92), at(0.25, 0.92)]))
    painter.restore()
