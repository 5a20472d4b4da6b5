"""What controls stand in: a card, a page that scrolls under a finger, the sign of how far one is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollArea, QScroller, QSizePolicy, QVBoxLayout, QWidget

from . import theme
from .controls import TextLabel

_LINE = 2
_HEARD = (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize)


class CardFrame(QFrame):
    """A sheet on the page; ``body`` is where its content goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(12)

    def set_on(self, on: bool) -> None:
        """Whether it stands out from its neighbours."""
        theme.mark(self, on=on)


class FocusLine(QWidget):
    """The line around what has the focus, where a style sheet would move what is inside; it takes no clicks.

    ``needed`` says whether the line is wanted now; without it, it always is. Whoever has one calls :meth:`check` when
    the answer may have changed.
    """

    def __init__(self, around: QWidget, needed: Callable[[], bool] | None = None) -> None:
        super().__init__(around)
        self._around, self._needed = around, needed
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        around.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._around and event.type() in _HEARD:
            self.check()
        return False

    def check(self) -> None:
        """Stand around what has the focus, or go."""
        self.setGeometry(self._around.rect())
        self.setVisible(self._around.hasFocus() and (self._needed is None or self._needed()))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.tokens_of(self).focus), _LINE))
        painter.drawRect(QRectF(self.rect()).adjusted(_LINE / 2, _LINE / 2, -_LINE / 2, -_LINE / 2))


class Scroll(QScrollArea):
    """A page higher than the window: by finger, wheel and keys, never sideways. ``name`` is spoken."""

    def __init__(self, inner: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.setProperty("role", "inner")
        inner.setAttribute(Qt.WidgetAttribute.WA_Resized)  # it gets its size here: nobody asks it for one before
        self.setWidget(inner)
        FocusLine(self)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._ranged)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange and not self.testAttribute(Qt.WidgetAttribute.WA_WState_Created):
            # It was never shown: what is inside is measured when it is, and not for every change of style before.
            return QAbstractScrollArea.event(self, event)
        return super().event(event)

    def _ranged(self, _least: int, most: int) -> None:
        # A stop of the Tab key only where the arrow keys have something to move.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most else Qt.FocusPolicy.NoFocus)


class Steps(QWidget):
    """How far one is: a sentence, and a bar in as many parts as there are steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._count = 0, 1
        self.words = TextLabel("", "step")
        self._bar = _Bar(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(self.words)
        rows.addWidget(self._bar)

    def show_step(self, number: int, count: int, words: str) -> None:
        """Step ``number`` of ``count``, both from 1; ``words`` say so."""
        self._bar.number, self._bar.count = number, max(1, count)
        self.words.setText(words)
        self.setAccessibleName(words)
        self._bar.update()


class _Bar(QWidget):
    number, count = 0, 1

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 8)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        tokens = theme.tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        wide = (self.width() - 6 * (self.count - 1)) / self.count
        for part in range(self.count):
            done = part < self.number
            place = self.count - 1 - part if backwards else part
            # Done is also thicker, so that the bar reads without colour.
            high = 8.0 if done else 4.0
            painter.setBrush(QColor(tokens.accent if done else tokens.edge))
            painter.drawRoundedRect(QRectF(place * (wide + 6), (8 - high) / 2, wide, high), high / 2, high / 2)
