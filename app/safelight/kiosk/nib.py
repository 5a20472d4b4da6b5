"""How a stroke looks: a Catmull-Rom curve through every sample, as wide as the pen was pressed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from safelight.capture.ink import InkPoint

WIDTH = 3.4
"""Pixels of a line at middle pressure."""


def thickness(pressure: float) -> float:
    """The width of the line in pixels."""
    return WIDTH * (0.35 + 1.3 * pressure)


def draw_all(painter: QPainter, points: Sequence[InkPoint], colour: QColor) -> None:
    """A whole stroke."""
    draw_dot(painter, points[0], colour)
    for index in range(len(points) - 1):
        draw_piece(painter, points, index, colour)


def draw_dot(painter: QPainter, point: InkPoint, colour: QColor) -> None:
    """Where the pen came down."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    radius = thickness(point.pressure) / 2
    painter.drawEllipse(QPointF(point.x, point.y), radius, radius)


def draw_piece(painter: QPainter, points: Sequence[InkPoint], index: int, colour: QColor) -> None:
    """The curve from sample ``index`` to the next; its bend also asks the samples before and after, where there are."""
    a, b = points[max(index - 1, 0)], points[index]
    c, d = points[index + 1], points[min(index + 2, len(points) - 1)]
    steps = max(1, min(32, math.ceil(math.hypot(c.x - b.x, c.y - b.y) / 3)))
    pen = QPen(colour, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    before = QPointF(b.x, b.y)
    for step in range(1, steps + 1):
        u = step / steps
        after = QPointF(_between(a.x, b.x, c.x, d.x, u), _between(a.y, b.y, c.y, d.y, u))
        pen.setWidthF(thickness(b.pressure + (c.pressure - b.pressure) * u))
        painter.setPen(pen)
        painter.drawLine(before, after)
        before = after


def _between(a: float, b: float, c: float, d: float, u: float) -> float:
    return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u * u + (3 * b - a - 3 * c + d) * u**3)


def room_of(points: Sequence[InkPoint]) -> QRectF:
    """What is touched when the curve between ``points`` is painted; a bend may leave the box of its samples."""
    xs, ys = [point.x for point in points], [point.y for point in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    room = thickness(1.0) + 0.2 * max(wide, high)
    return QRectF(min(xs) - room, min(ys) - room, wide + 2 * room, high + 2 * room)
