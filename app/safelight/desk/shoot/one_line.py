"""Text of a line or a few that grows smaller or is cut with an ellipsis where it does not fit, and is spoken whole."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from safelight.desk.shoot.dressing import dress
from safelight.qt import theme
from safelight.qt.lettering import Lettering, lay_out, widest_word

_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange})
_MOST = 300
"""Letters that are laid out: a name of thousands costs nothing more."""


class OneLine(QWidget):
    """Plain text on one line; ``role`` is a type of the density, ``colour`` a colour of the tokens."""

    def __init__(self, text: str = "", role: str = "body", colour: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._role, self._colour = text, role, colour
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Other words; line breaks in them become blanks."""
        plain = " ".join(text.split())
        if plain != self._text:
            self._text = plain
            self.setAccessibleName(plain)
            self.updateGeometry()
            self.update()

    def set_colour(self, colour: str) -> None:
        """Another colour of the tokens."""
        self._colour = colour
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            dress(self, self._role)
            self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text[:_MOST]) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(min(self.sizeHint().width(), 4 * metrics.averageCharWidth()), metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QPainter(self)
        tokens = theme.tokens_of(self)
        painter.setPen(QColor(str(getattr(tokens, self._colour))))
        painter.setFont(self.font())
        shown = self.fontMetrics().elidedText(self._text[:_MOST], Qt.TextElideMode.ElideRight, self.width())
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), side, shown)


class FitText(OneLine):
    """Text in the room it is given: smaller, on more lines, and only then cut; ``least`` is the smallest letter."""

    def __init__(self, text: str = "", role: str = "body", colour: str = "text", least: int = 12) -> None:
        super().__init__(text, role, colour)
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def is_cut(self) -> bool:
        """Whether there is no room for all of it even in the smallest letters."""
        return self._set()[1]

    def sizeHint(self) -> QSize:
        # Some scripts stand in far taller lines than the letters of the font itself.
        return QSize(super().sizeHint().width(), math.ceil(lay_out(self._text[:_MOST] or "x", self.font()).height))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.height_in(theme.tokens_of(self).px(self._least)))

    def height_in(self, pixels: int) -> int:
        """How high one line of it is in letters of so many pixels."""
        return math.ceil(lay_out(self._text[:_MOST] or "x", self._font(pixels)).height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QPainter(self)
        painter.setPen(QColor(str(getattr(theme.tokens_of(self), self._colour))))
        lettering, cut = self._set()
        self.setToolTip(self._text.replace("<", "‹") if cut else "")  # a tool tip would read tags
        lettering.draw(painter, 0, max(0.0, (self.height() - lettering.height) / 2))

    def _set(self) -> tuple[Lettering, bool]:
        """The text as it fits, and whether it is cut."""
        whole, full = self._text[:_MOST], self.fontInfo().pixelSize()
        least = min(full, theme.tokens_of(self).px(self._least))
        for pixels in range(full, least - 1, -1):
            font = self._font(pixels)
            if widest_word(whole, font) <= self.width() and self._fits(lettering := self._laid_out(whole, font)):
                return lettering, len(self._text) > _MOST
        font, some, more = self._font(least), 0, len(whole)
        while some < more:
            middle = (some + more + 1) // 2
            if self._fits(self._laid_out(whole[:middle].rstrip() + "…", font)):
                some = middle
            else:
                more = middle - 1
        return self._laid_out(whole[:some].rstrip() + "…", font), True

    def _fits(self, lettering: Lettering) -> bool:
        return lettering.height <= self.height() + 1

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def _laid_out(self, text: str, font: QFont) -> Lettering:
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading)
        side &= Qt.AlignmentFlag.AlignHorizontal_Mask
        return lay_out(text, font, max(1, self.width()), align=side, direction=self.layoutDirection())
