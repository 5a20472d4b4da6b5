"""How light a picture is: a small histogram, its mean, and where it has lost the lights or the shadows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

BINS = 64
_SAMPLE = 256
_LINES = 128
"""So many lines are looked at in one step: each step holds the interpreter, and with it the window, for a moment."""
WHITE_FROM, BLACK_TO = 253, 2
_LIGHT = bytes(value >= WHITE_FROM for value in range(256))
_DARK = bytes(value <= BLACK_TO for value in range(256))
_BIN = bytes(value * BINS // 256 for value in range(256))
NEITHER, LOST_LIGHT, LOST_DARK = 0, 1, 2
"""What a point of ``Exposure.clipping`` says."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """``bins`` from black to white add up to 1; ``mean`` is 0 to 1, as stored (sRGB).

    ``bright`` and ``dark`` are the shares of the picture where a colour is at its end, or all are at none.
    ``clipping`` says where (an 8-bit image of indexes, as large as the picture).
    """

    bins: tuple[float, ...]
    mean: float
    bright: float
    dark: float
    clipping: QImage


def exposure_of(image: QImage) -> Exposure:
    """Look at a picture (32 bits a point); meant for a worker's thread: some 10 ms for 1,024 px."""
    small = image.scaled(
        QSize(_SAMPLE, _SAMPLE), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    width, step, bits = grey.width(), grey.bytesPerLine(), bytes(grey.constBits())
    # Lines are filled up to four bytes.
    values = b"".join(bits[line * step : line * step + width] for line in range(grey.height()))
    sorted_in = values.translate(_BIN)
    counts = [sorted_in.count(bytes((each,))) for each in range(BINS)]
    total = max(1, len(values))
    clipping, bright, dark = _clipping(image)
    points = max(1, image.width() * image.height())
    bins = tuple(count / total for count in counts)
    return Exposure(bins, sum(values) / total / 255, bright / points, dark / points, clipping)


def _clipping(image: QImage) -> tuple[QImage, int, int]:
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height, bright, dark = whole.width(), whole.height(), 0, 0
    bits = whole.constBits()
    lines = bytearray()
    for first in range(0, height, _LINES):
        part = bytes(bits[first * width * 4 : min(height, first + _LINES) * width * 4])
        colours = [part[at::4] for at in range(3)]
        light, black = 0, -1
        for each in colours:
            light |= int.from_bytes(each.translate(_LIGHT), "big")
            black &= int.from_bytes(each.translate(_DARK), "big")
        black = 0 if black < 0 else black
        bright, dark = bright + light.bit_count(), dark + black.bit_count()
        # A byte a point, 1 or 0, never both: so the two can be laid over each other by adding bits.
        lines += (light * LOST_LIGHT | black * LOST_DARK).to_bytes(len(part) // 4, "big")
    made = QImage(bytes(lines), width, height, width, QImage.Format.Format_Indexed8).copy()
    return made, bright, dark
