"""Prints a PDF that this program made, on whatever printer it is given."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from .pages import Pages

PRINT_DPI = 300


def print_pages(pdf: bytes, printer: QPrinter) -> None:
    """Print every page of ``pdf`` to fill the paper, its shape kept."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setResolution(PRINT_DPI)
    pages = Pages(pdf)
    painter = QPainter(printer)
    try:
        for number in range(pages.count):
            if number:
                printer.newPage()
            room = QRectF(painter.viewport())
            image = pages.image(number, round(room.width()))
            size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    finally:
        painter.end()
        pages.close()
