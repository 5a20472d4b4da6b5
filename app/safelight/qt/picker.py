"""One of a long list, such as a country: a line that opens, and goes to what is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QVBoxLayout, QWidget

from . import theme
from .controls import TextLabel

_DRESSED_BY = frozenset(
    {QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange, QEvent.Type.LanguageChange}
)


_ARROW = "▾"


class _Box(QComboBox):
    """Paints its words itself: under a style sheet Qt forgets the arrow, and the side a language begins at."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        tokens = theme.tokens_of(self)
        room = self.rect().adjusted(tokens.px(12), 0, -tokens.px(12), 0)
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.muted))
        centred = Qt.AlignmentFlag.AlignVCenter
        start = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        end = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignRight)
        painter.drawText(room, end | centred, _ARROW)
        arrow = self.fontMetrics().horizontalAdvance(_ARROW) + tokens.px(8)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width() - arrow)
        room = room.adjusted(arrow, 0, 0, 0) if self.isRightToLeft() else room.adjusted(0, 0, -arrow, 0)
        painter.drawText(room, start | centred, words)


class Picker(QWidget):
    """A label and a line with what is chosen; nothing is chosen until somebody does, or :meth:`choose` says so."""

    chosen = Signal(str)
    """The key of what somebody chose."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label, self.box = TextLabel(label, "body"), _Box()
        self.label.setBuddy(self.box)
        self.box.setAccessibleName(label)
        self.box.setMaxVisibleItems(16)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(self._chose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.label)
        rows.addWidget(self.box)
        self.setFocusProxy(self.box)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self.box, "body")
            tokens = theme.tokens_of(self)
            self.box.setMinimumHeight(tokens.px(tokens.density.control))
        return super().event(event)

    @property
    def value(self) -> str | None:
        """The key that is chosen."""
        found = self.box.currentData()
        return found if isinstance(found, str) else None

    def offer(self, choices: Sequence[tuple[str, str]], chosen: str | None = None) -> None:
        """Offer keys with their words; without ``chosen`` what was chosen stays, if it is still there."""
        kept = chosen if chosen is not None else self.value
        with QSignalBlocker(self.box):
            self.box.clear()
            for key, words in choices:
                self.box.addItem(words, key)
            self.box.setCurrentIndex(-1 if kept is None else self.box.findData(kept))

    def choose(self, key: str | None) -> None:
        """Show a choice made elsewhere; nothing is signalled."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(-1 if key is None else self.box.findData(key))

    def _chose(self, _row: int) -> None:
        if (key := self.value) is not None:
            self.chosen.emit(key)
