"""Fits a name into a box on a card: the largest letters it can have there, and an ellipsis only where none will do."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from safelight.domain.plain_text import clean, name

from . import fonts, look
from .page_canvas import Colour
from .text import Para, Style, para, widest_part

_LEADING = 1.22


def fitted(
    untrusted: str,
    width: float,
    height: float,
    sizes: Sequence[float],
    *,
    weight: int = fonts.BOLD,
    colour: Colour = look.INK,
    rtl: bool = False,
    language: str = "en",
    centred: bool = False,
) -> Para:
    """``untrusted`` set into a box of ``width`` x ``height`` points, in the first of ``sizes`` (large to small) to fit.

    No word is cut in two while a smaller size would spare it. What fits in none is set in the smallest and ends in an
    ellipsis. ``rtl`` is the direction of the page: a name keeps its own inside.
    """
    whole = clean(untrusted)
    styles = [Style(size, size * _LEADING, weight, colour, centred) for size in sizes]

    def at(text: str, style: Style) -> Para:
        return para(name(text), style, width, rtl=rtl, language=language)

    for style in styles:
        if widest_part(whole, style, language) <= width and (set_so := at(whole, style)).height <= height:
            return set_so
    smallest = styles[-1]
    if (set_so := at(whole, smallest)).height <= height:
        return set_so
    fits, too_long = 0, len(whole)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if at(_cut(whole, middle), smallest).height <= height:
            fits = middle
        else:
            too_long = middle
    return at(_cut(whole, fits), smallest)


def _cut(text: str, length: int) -> str:
    """The beginning of ``text``, no accent parted from its letter, with an ellipsis."""
    while 0 < length < len(text) and unicodedata.combining(text[length]):
        length -= 1
    return text[:length].rstrip() + "…"
