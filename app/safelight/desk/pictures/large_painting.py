"""Paints one frame large: whole or at full size, with guide, first approved frame, clipping, surround and light."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from safelight.domain.photo import Box
from safelight.qt import theme
from safelight.qt.theme import Tokens

from .exposure import LOST_DARK, LOST_LIGHT, NEITHER, Exposure
from .frame_source import LargeFrame

MOST_EDGE = 4096
"""The largest part of an original that is asked for, in pixels of its longer edge."""
_SNAP = 64
"""Parts begin at multiples of this, so that a small move needs no new one."""
_THROUGH = 0.3
_VEIL = 150


@dataclass(frozen=True, slots=True)
class Guide:
    """What the session wants to be cut out: width by height, and where the eyes stand in it (0 is its top)."""

    aspect: float
    eye_line: float


def fitted(size: QSizeF, room: QRectF) -> QRectF:
    """Where a picture of ``size`` stands when all of it is shown, as large as it can be."""
    if size.isEmpty():
        return QRectF(room.center(), QSizeF(0, 0))
    whole = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    corner = room.center() - QPointF(whole.width() / 2, whole.height() / 2)
    return QRectF(QPointF(round(corner.x()), round(corner.y())), whole)


def at_full_size(frame: LargeFrame, room: QRectF, centre: QPointF, ratio: float) -> QRectF:
    """Where the whole picture stands when a pixel of it is one of the screen; ``centre`` (0 to 1) is in the middle.

    A picture smaller than the room is in its middle; otherwise there is no empty room beside it.
    """
    wide, high = frame.width / ratio, frame.height / ratio
    left, top = room.center().x() - centre.x() * wide, room.center().y() - centre.y() * high
    left = room.center().x() - wide / 2 if wide <= room.width() else min(max(left, room.right() - wide), room.left())
    top = room.center().y() - high / 2 if high <= room.height() else min(max(top, room.bottom() - high), room.top())
    return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, wide, high)


def visible_box(frame: LargeFrame, place: QRectF, room: QRectF, ratio: float) -> Box | None:
    """The part of the original that is in view when the whole stands at ``place``."""
    seen = place.intersected(room).translated(-place.topLeft())
    left, top = int(seen.left() * ratio), int(seen.top() * ratio)
    right, bottom = int(seen.right() * ratio + 0.999), int(seen.bottom() * ratio + 0.999)
    return Box(left, top, right - left, bottom - top).within((frame.width, frame.height))


def box_to_read(frame: LargeFrame, seen: Box) -> Box:
    """What is read for ``seen``: some more on all sides, so that a small move finds it there."""
    left, top = (max(0, (at - _SNAP) // _SNAP * _SNAP) for at in (seen.left, seen.top))
    right = min(frame.width, left + MOST_EDGE, -(-(seen.left + seen.width + _SNAP) // _SNAP) * _SNAP)
    bottom = min(frame.height, top + MOST_EDGE, -(-(seen.top + seen.height + _SNAP) // _SNAP) * _SNAP)
    return Box(left, top, right - left, bottom - top)


def paint_part(painter: QPainter, place: QRectF, ratio: float, box: Box, image: QImage) -> None:
    """Paint a part of an original where it belongs, pixel by pixel."""
    corner = place.topLeft() + QPointF(box.left / ratio, box.top / ratio)
    painter.drawImage(QRectF(corner, QSizeF(box.width / ratio, box.height / ratio)), image)


def paint_surround(painter: QPainter, place: QRectF, tokens: Tokens, room: QRectF) -> None:
    """18 % grey up to the edge and a white frame around the picture: what eyes judge light by."""
    # 0.18 of the light of white, as sRGB stores it (IEC 61966-2-1).
    stored = 1.055 * 0.18 ** (1 / 2.4) - 0.055
    painter.fillRect(room, QColor.fromRgbF(stored, stored, stored))
    wide = tokens.px(8)
    painter.fillRect(place.adjusted(-wide, -wide, wide, wide), QColor(tokens.paper))


def paint_guide(painter: QPainter, place: QRectF, room: QRectF, guide: Guide, tokens: Tokens) -> None:
    """Veil what will be cut off, and draw the eye line."""
    size = QSizeF(guide.aspect, 1.0).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    corner = place.center() - QPointF(size.width() / 2, size.height() / 2)
    kept, shown = QRectF(corner, size), place.intersected(room)
    veil = QColor(tokens.page)
    veil.setAlpha(_VEIL)
    painter.save()
    painter.setClipRect(room)
    for part in (
        QRectF(shown.topLeft(), QPointF(shown.right(), kept.top())),
        QRectF(QPointF(shown.left(), kept.bottom()), shown.bottomRight()),
        QRectF(QPointF(shown.left(), kept.top()), QPointF(kept.left(), kept.bottom())),
        QRectF(QPointF(kept.right(), kept.top()), QPointF(shown.right(), kept.bottom())),
    ):
        if part.width() > 0 and part.height() > 0:
            painter.fillRect(part, veil)
    across = kept.top() + guide.eye_line * kept.height()
    for colour, wide in ((tokens.ink, 3), (tokens.paper, 1)):  # seen on light and on dark
        painter.setPen(QPen(QColor(colour), wide))
        painter.drawRect(kept.adjusted(1, 1, -1, -1))
        painter.drawLine(QPointF(kept.left(), across), QPointF(kept.right(), across))
        painter.drawLine(QPointF(kept.center().x(), across - 8), QPointF(kept.center().x(), across + 8))
    painter.restore()


def paint_through(painter: QPainter, place: QRectF, image: QImage) -> None:
    """Lay another picture over, so that both are seen."""
    painter.setOpacity(_THROUGH)
    painter.drawImage(place, image)
    painter.setOpacity(1.0)


def clipping_pixmap(exposure: Exposure, tokens: Tokens) -> QPixmap:
    """Where light or shadow is lost, in two colours on nothing."""
    table = [0, 0, 0]
    table[NEITHER] = QColor(Qt.GlobalColor.transparent).rgba()
    table[LOST_LIGHT], table[LOST_DARK] = QColor(tokens.warning).rgba(), QColor(tokens.focus).rgba()
    made = exposure.clipping.copy()
    made.setColorTable(table)
    return QPixmap.fromImage(made)


def paint_light(
    painter: QPainter, room: QRect, exposure: Exposure, words: tuple[str, str], tokens: Tokens, language: str
) -> None:
    """The exposure line: a small histogram with a mark at the mean, and the same in words."""
    wide = min(tokens.px(220), room.width() // 2)
    line = QRectF(room.x(), room.y() + tokens.px(6), wide, room.height() - tokens.px(10))
    painter.fillRect(line, QColor(tokens.raised))
    # A few bins hold most of a portrait: the root lets the others be seen.
    highest = max(max(exposure.bins) ** 0.5, 1e-6)
    step = line.width() / len(exposure.bins)
    grey = QColor(tokens.muted)
    for place, share in enumerate(exposure.bins):
        high = share**0.5 / highest * line.height()
        painter.fillRect(QRectF(line.x() + place * step, line.bottom() - high, step, high), grey)
    at = line.x() + exposure.mean * line.width()
    painter.fillRect(QRectF(at - 1, line.y(), 2, line.height()), QColor(tokens.text))
    painter.setFont(theme.font(tokens, "small", language))
    painter.setPen(QColor(tokens.muted))
    beside = QRectF(line.right() + tokens.px(10), room.y(), room.right() - line.right() - tokens.px(10), room.height())
    said = "   ".join(each for each in words if each)
    painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, said)


def paint_chip(
    painter: QPainter, text: str, corner: QPointF, tokens: Tokens, language: str, *, ends_there: bool = False
) -> None:
    """Words on a ground of their own over a picture; ``corner`` is the lower left one, or the lower right."""
    painter.save()
    painter.setFont(theme.font(tokens, "step", language))
    metrics = painter.fontMetrics()
    size = QSize(metrics.horizontalAdvance(text) + 2 * tokens.px(10), tokens.px(28))
    left = corner.x() - size.width() if ends_there else corner.x()
    box = QRectF(left, corner.y() - size.height(), size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens.edge), 1))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), size.height() / 2, size.height() / 2)
    painter.setPen(QColor(tokens.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
