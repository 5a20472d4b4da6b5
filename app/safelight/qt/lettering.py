"""Lays out plain text in lines: between words where it can, inside one where a word is wider than the line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

_A_WORD = 6
"""Letters a text without a space may have to stay on one line in any script."""
_AS_WIDE_AS_IT_LIKES = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Lettering:
    """Text in lines. ``width`` is the widest line and ``height`` all of them, in pixels; ``room`` was there for it."""

    layout: QTextLayout
    width: float
    height: float
    room: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Paint it with its room's upper left corner at (x, y)."""
        self.layout.draw(painter, QPointF(x, y))


def lay_out(
    text: str,
    font: QFont,
    room: float = _AS_WIDE_AS_IT_LIKES,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
) -> Lettering:
    """Set ``text`` in ``room`` pixels; line breaks in it are kept, markup is shown as typed."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(direction)
    layout.setTextOption(option)
    wide = high = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        line.setPosition(QPointF(0, high))
        wide, high = max(wide, line.naturalTextWidth()), high + line.height()
    layout.endLayout()
    return Lettering(layout, wide, high, room)


def widest_word(text: str, font: QFont) -> float:
    """How wide a line must be so that no word is parted, in pixels."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(_AS_WIDE_AS_IT_LIKES)
    layout.endLayout()
    # Chinese and Japanese may part between any two letters; a label as short as a word is one: いいえ.
    if len(text) <= _A_WORD and " " not in text and line.isValid():
        return line.naturalTextWidth()
    return layout.minimumWidth()
