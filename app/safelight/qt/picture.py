"""A photograph on the screen: whole, upright, never larger than it is, and forgotten when told to."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class PictureView(QWidget):
    """Shows one JPEG that the studio made itself (never a file from outside: those are decoded in a process apart)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_jpeg(self, data: bytes, name: str) -> None:
        """Show ``data``; ``name`` is spoken."""
        self._image = QImage.fromData(data) if data.startswith(b"\xff\xd8") else QImage()
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Show and remember nothing."""
        self.show_jpeg(b"", "")

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(480, 480)
        return self._image.size().scaled(QSize(720, 720), Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the scaling is done for all of it
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        size = self._image.size().scaled(self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio)
        size = size.boundedTo(self._image.size())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide, high = size.width() / ratio, size.height() / ratio
        place = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
        painter.drawImage(place, self._image)
