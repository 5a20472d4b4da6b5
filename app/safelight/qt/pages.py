"""The pages of a PDF as pictures and as text, by PDFium; the library is loaded when the first page is asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from safelight.domain.errors import Malformed

if TYPE_CHECKING:
    import pypdfium2

_ONE_AT_A_TIME = threading.RLock()
"""PDFium is not made for threads: every call into it is made under this lock."""

MOST_PIXELS = 40_000_000
"""The largest picture of a page that is made, however far somebody zooms in."""


def warm() -> None:
    """Load PDFium (about 0.1 s), so that the first page comes at once; may be called from a worker."""
    import pypdfium2  # noqa: F401 - for its effect


class Pages:
    """An open PDF that the studio made itself; close it when done. Page numbers count from 0."""

    def __init__(self, pdf: bytes) -> None:
        """Open ``pdf``; raises Malformed if it is none."""
        import pypdfium2

        with _ONE_AT_A_TIME:
            try:
                self._document: pypdfium2.PdfDocument | None = pypdfium2.PdfDocument(pdf)
            except pypdfium2.PdfiumError as error:
                raise Malformed("This page cannot be shown.", "It is no PDF, or it was damaged.") from error
            self.count = len(self._document)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points (1/72 inch)."""
        with _ONE_AT_A_TIME:
            wide, high = self._opened().get_page_size(number)
        return float(wide), float(high)

    def text(self, number: int) -> str:
        """What the page says, from its text layer, in reading order."""
        with _ONE_AT_A_TIME:
            page = self._opened()[number]
            words = page.get_textpage()
            said: str = words.get_text_bounded()
            words.close()
            page.close()
        return said.replace("\r\n", "\n")

    def image(self, number: int, width: int) -> QImage:
        """The page ``width`` pixels wide."""
        wide, high = self.size(number)
        scale = min(width / wide, (MOST_PIXELS / (wide * high)) ** 0.5)
        with _ONE_AT_A_TIME:
            page = self._opened()[number]
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            made = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            ).copy()  # its own pixels: PDFium's are given back
            bitmap.close()
            page.close()
        return made

    def close(self) -> None:
        """Forget the document."""
        with _ONE_AT_A_TIME:
            if self._document is not None:
                self._document.close()
            self._document = None

    def _opened(self) -> pypdfium2.PdfDocument:
        if self._document is None:
            raise Malformed("This page cannot be shown.", "It was closed.")
        return self._document
