"""A calm change of pages: the new one appears through a veil of paper; without it where motion is not wanted."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRect, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from safelight.qt.theme import tokens_of

LIFT_MS = 140


class PageTransition(QWidget):
    """Lies over a page for a moment, lets every touch through, and holds no picture of what was there before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._alpha = 0.0
        self._lifting = QVariantAnimation(self)
        self._lifting.setDuration(LIFT_MS)
        self._lifting.setStartValue(0.85)
        self._lifting.setEndValue(0.0)
        self._lifting.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._lifting.valueChanged.connect(self._show_at)
        self._lifting.finished.connect(self.hide)
        self.hide()

    def lift(self, place: QRect, *, moving: bool) -> None:
        """Uncover what is at ``place``; at once when not ``moving``."""
        self._lifting.stop()
        if not moving or not place.isValid():
            self.hide()
            return
        self.setGeometry(place)
        self.raise_()
        self.show()
        self._lifting.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, ever thinner."""
        colour = QColor(tokens_of(self).page)
        colour.setAlphaF(self._alpha)
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour)

    def _show_at(self, alpha: object) -> None:
        self._alpha = float(alpha) if isinstance(alpha, float) else 0.0
        self.update()
