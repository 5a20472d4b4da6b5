"""A button that says which key does the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from safelight.qt import theme

_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange})
_MOST = 120


class KeyButton(QPushButton):
    """Words, and after them the key in smaller type; words that do not fit end in an ellipsis and are spoken whole."""

    def __init__(self, words: str, key: str, kind: str = "choice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._key, self._kind = words, key, kind
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click never takes the focus from the pictures

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self, "button")
            self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:
        tokens = theme.tokens_of(self)
        words = self.fontMetrics().horizontalAdvance(self._words[:_MOST])
        high = tokens.px(tokens.density.control)
        return QSize(max(high, words + self._key_room() + 2 * self._padding() + 2), high)

    def minimumSizeHint(self) -> QSize:
        tokens = theme.tokens_of(self)
        metrics = self.fontMetrics()
        some = min(metrics.horizontalAdvance(self._words[:_MOST]), 10 * metrics.averageCharWidth())
        high = tokens.px(tokens.density.control)
        return QSize(max(high, some + self._key_room() + 2 * self._padding()), high)

    def _padding(self) -> int:
        tokens = theme.tokens_of(self)
        return tokens.px(tokens.density.pad if len(self._words) > 2 else tokens.density.gap + 4)

    def _key_room(self) -> int:
        if not self._key:
            return 0
        tokens = theme.tokens_of(self)
        return tokens.px(tokens.density.gap + 4) + self.fontMetrics().horizontalAdvance(self._key)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        tokens = theme.tokens_of(self)
        primary = self._kind == "primary" and self.isEnabled()
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        pad, key = self._padding(), self._key_room()
        room = self.width() - 2 * pad
        shown = self.fontMetrics().elidedText(self._words[:_MOST], Qt.TextElideMode.ElideRight, room - key + 2)
        wide = self.fontMetrics().horizontalAdvance(shown) + key
        left = pad + max(0, (room - wide) // 2)
        upright = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        side = Qt.AlignmentFlag.AlignRight if backwards else Qt.AlignmentFlag.AlignLeft
        opposite = Qt.AlignmentFlag.AlignLeft if backwards else Qt.AlignmentFlag.AlignRight
        area = QRect(left, 0, wide + 2, self.height())
        painter.setFont(self.font())
        off = QColor(tokens.muted)
        painter.setPen(off if not self.isEnabled() else QColor(tokens.on_accent if primary else tokens.text))
        painter.drawText(area, side | upright, shown)
        painter.setPen(QColor(tokens.on_accent if primary else tokens.muted))
        painter.drawText(area, opposite | upright, self._key)
