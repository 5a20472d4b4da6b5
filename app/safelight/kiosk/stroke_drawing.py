"""How a stroke looks: a Catmull-Rom curve through every sample, as wide as the pen was pressed.

While photos are taken in, each call into Qt may have to wait for its turn with the interpreter; so the curve between
two samples is one cubic of one width, and neighbours of nearly the same width share a path and a call.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from safelight.capture.ink import InkPoint

WIDTH = 3.4
"""Pixels of a line at middle pressure."""
SAME = 0.12
"""Widths that differ by less, in pixels, are painted as one."""


def thickness(pressure: float) -> float:
    """The width of the line in pixels."""
    return WIDTH * (0.35 + 1.3 * pressure)


def draw(painter: QPainter, points: Sequence[InkPoint], first: int, last: int, colour: QColor) -> None:
    """The pieces ``first`` up to, not including, ``last``: piece n goes from sample n to the next.

    The bend of a piece also asks the samples before and after it, where there are. A dot marks where the pen came down.
    """
    if first == 0:
        _dot(painter, points[0], colour)
    pen = QPen(colour, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    index = first
    while index < last:
        width = _width(points, index)
        path = QPainterPath(QPointF(points[index].x, points[index].y))
        while index < last and abs(_width(points, index) - width) < SAME:
            path.cubicTo(*_curve(points, index))
            index += 1
        pen.setWidthF(width)
        painter.setPen(pen)
        painter.drawPath(path)


def draw_all(painter: QPainter, points: Sequence[InkPoint], colour: QColor) -> None:
    """A whole stroke."""
    draw(painter, points, 0, len(points) - 1, colour)


def _dot(painter: QPainter, point: InkPoint, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    radius = thickness(point.pressure) / 2
    painter.drawEllipse(QPointF(point.x, point.y), radius, radius)


def _width(points: Sequence[InkPoint], index: int) -> float:
    return thickness((points[index].pressure + points[index + 1].pressure) / 2)


def _curve(points: Sequence[InkPoint], index: int) -> tuple[QPointF, QPointF, QPointF]:
    """The Catmull-Rom piece as a cubic of Bézier."""
    a, b = points[max(index - 1, 0)], points[index]
    c, d = points[index + 1], points[min(index + 2, len(points) - 1)]
    return (
        QPointF(b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6),
        QPointF(c.x - (d.x - b.x) / 6, c.y - (d.y - b.y) / 6),
        QPointF(c.x, c.y),
    )


def room_of(points: Sequence[InkPoint]) -> QRect:
    """What is touched when the curve between ``points`` is painted; a bend may leave the box of its samples."""
    left, right = min(point.x for point in points), max(point.x for point in points)
    top, bottom = min(point.y for point in points), max(point.y for point in points)
    room = thickness(1.0) + 2 + 0.2 * max(right - left, bottom - top)
    x, y = int(left - room), int(top - room)
    return QRect(x, y, int(right + room) + 1 - x, int(bottom + room) + 1 - y)
