"""A box to tick with a sentence beside it that wraps; the whole line can be touched."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from . import theme
from .controls import TextLabel

_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange})


class TickLine(QWidget):
    """Not ticked to begin with."""

    toggled = Signal(bool)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box, self.text = QCheckBox(), TextLabel(text)
        self.box.setAccessibleName(text)
        self.box.toggled.connect(self.toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        self.setFocusProxy(self.box)

    @property
    def ticked(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_ticked(self, ticked: bool) -> None:
        """Tick it, or not."""
        self.box.setChecked(ticked)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            tokens = theme.tokens_of(self)
            self.setMinimumHeight(tokens.px(tokens.density.control))
            self.box.setMinimumSize(tokens.px(tokens.density.control), tokens.px(tokens.density.control))
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.setFocus()
            self.box.toggle()
