"""A line of text that is cut with an ellipsis where it does not fit, and spoken whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from safelight.desk.shoot.dressing import dress
from safelight.qt import theme

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
