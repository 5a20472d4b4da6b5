"""Drawings from ``resources/icons``, in the colour asked for: one line of constant width, 24 units square."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from safelight.settings import resources

NAMES = (
    "back", "camera", "check", "clear", "close", "contrast", "eye", "globe", "hand", "keyboard", "lock", "mail",
    "minus", "next", "pen", "person", "photo", "plus", "print", "scan", "speaker", "stop", "text_size", "undo",
    "zoom_in", "zoom_out",
)  # fmt: skip
"""Every drawing there is."""


@lru_cache(maxsize=256)
def image(name: str, colour: str, size: int, *, mirrored: bool = False) -> QImage:
    """The drawing ``name`` as ``size`` x ``size`` real pixels in ``colour`` (``#rrggbb``) on nothing.

    ``mirrored`` turns arrows round for text that runs from right to left.
    """
    drawing = resources.read_bytes(f"icons/{name}.svg").replace(b"currentColor", colour.encode("ascii"))
    made = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made.flipped(Qt.Orientation.Horizontal) if mirrored else made


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0, *, mirrored: bool = False) -> QPixmap:
    """The drawing at ``size`` device-independent pixels for a screen of ``ratio`` real pixels to each."""
    made = QPixmap.fromImage(image(name, colour, round(size * ratio), mirrored=mirrored))
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, colour: str, size: int = 28, *, mirrored: bool = False) -> QIcon:
    """The drawing as an icon for a button, sharp up to twice the density."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, colour, size, ratio, mirrored=mirrored))
    return made
