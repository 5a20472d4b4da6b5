"""Reads the cards and receipts a live camera sees, a frame at a time, in memory: no frame is written or kept."""

from __future__ import annotations

from typing import Final

import zxingcpp

from safelight.capture.slates import read_slate_text
from safelight.domain.receipt_codes import receipt_code

MOST_PIXELS: Final = 4096 * 4096
"""No camera that looks at cards needs more; a larger frame is not looked at."""

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def read_badges(untrusted_grey: bytes, width: int, height: int) -> tuple[str, ...]:
    """The texts of the slates and the codes of receipts in one frame, each once; whatever else is seen is passed over.

    ``untrusted_grey`` is one byte for each pixel, 0 black to 255 white, ``width`` of them to a row and ``height`` rows
    from the top, without gaps. Turned, mirrored and small codes are read as well. Raises ValueError if the sizes do
    not fit the bytes.
    """
    if width < 1 or height < 1 or width * height != len(untrusted_grey):
        raise ValueError("a frame of another size")
    if width * height > MOST_PIXELS:
        return ()
    rows = memoryview(untrusted_grey).cast("B", (height, width))
    seen = (code.text for code in zxingcpp.read_barcodes(rows, formats=_QR))
    return tuple(dict.fromkeys(read for text in seen if (read := _read(text)) is not None))


def _read(untrusted_text: str) -> str | None:
    return untrusted_text if read_slate_text(untrusted_text) is not None else receipt_code(untrusted_text)
