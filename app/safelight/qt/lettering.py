"""Lays out plain text in lines: between words where it can, inside one where a word is wider than the line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle

_A_WORD = 6
"""Letters a text without a space may have to stay on one line in any script."""
_AS_WIDE_AS_IT_LIKES = 1_000_000.0
_ROOMS = 4
"""A text is kept as set in so many rooms: layouts ask for the same few again and again."""


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


class LatelyLaidOut:
    """One text as it was last laid out; set anew when it, its type or its room are others.

    Whoever shows another text calls :meth:`forget`: nothing of what is not shown any more is kept.
    """

    def __init__(self) -> None:
        self._text, self._font = "", QFont()
        self._set: dict[object, Lettering] = {}
        self._word: float | None = None

    def forget(self) -> None:
        """Keep nothing."""
        self._text, self._word = "", None
        self._set.clear()

    def natural(self, text: str, font: QFont) -> float:
        """How wide it is where nothing parts it, in pixels."""
        self._is_of(text, font)
        if None not in self._set:
            self._set[None] = lay_out(text, font)
        return self._set[None].width

    def word(self, text: str, font: QFont) -> float:
        """See :func:`widest_word`."""
        self._is_of(text, font)
        if self._word is None:
            self._word = widest_word(text, font)
        return self._word

    def within(
        self, text: str, font: QFont, room: float, align: Qt.AlignmentFlag, direction: Qt.LayoutDirection
    ) -> Lettering:
        """The same as :func:`lay_out`; ``align`` may be leading or trailing."""
        self._is_of(text, font)
        asked = room, align, direction
        found = self._set.get(asked)
        if found is None:
            if len(self._set) > _ROOMS:
                self._set.clear()
            # The side reading starts from; a text layout knows no other than left and right.
            side = QStyle.visualAlignment(direction, align) & Qt.AlignmentFlag.AlignHorizontal_Mask
            found = self._set[asked] = lay_out(text, font, room, align=side, direction=direction)
        return found

    def _is_of(self, text: str, font: QFont) -> None:
        if text != self._text or font != self._font:
            self.forget()
            self._text, self._font = text, font
