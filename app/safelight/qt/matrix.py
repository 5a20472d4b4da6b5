"""A QR code on the screen: square modules of whole pixels, black on white in every theme, with its quiet zone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

QUIET = 4
"""Modules of white on each side (ISO/IEC 18004, 5.3.8)."""


class MatrixView(QWidget):
    """Shows the modules it is given; what they say is nobody's business here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_matrix(self, rows: Sequence[Sequence[bool]], name: str) -> None:
        """Rows from top to bottom, True is dark; ``name`` says what scanning it gives."""
        self._rows = tuple(tuple(row) for row in rows)
        self.setAccessibleName(name)
        self.update()

    def clear(self) -> None:
        """Show and remember nothing."""
        self.show_matrix((), "")

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        if not self._rows:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # whole pixels of the screen itself
        side = len(self._rows) + 2 * QUIET
        module = max(1, int(min(self.width(), self.height()) * ratio) // side)
        left = (int(self.width() * ratio) - module * side) // 2
        top = (int(self.height() * ratio) - module * side) // 2
        painter.fillRect(QRect(left, top, module * side, module * side), Qt.GlobalColor.white)
        for y, row in enumerate(self._rows, QUIET):
            for x, dark in enumerate(row, QUIET):
                if dark:
                    painter.fillRect(left + x * module, top + y * module, module, module, Qt.GlobalColor.black)
