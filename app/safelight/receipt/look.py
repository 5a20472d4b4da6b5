"""How a receipt looks: measures, colours and type sizes, in one place.

White paper, ink that is nearly black, one accent (the amber-red of a safelight). Every text colour has a contrast of at
least 4.5 : 1 on the ground it stands on; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import fonts
from .page_canvas import WIDTH, Colour
from .text import Style

MARGIN = 54.0
TOP = 66.0
BOTTOM = 808.0
ROOM = WIDTH - 2 * MARGIN
STRIP_TOP = 699.0
"""Where the tear-off strip of the first page begins."""

INK: Colour = (0.11, 0.11, 0.12)
GREY: Colour = (0.36, 0.36, 0.38)
ACCENT: Colour = (0.60, 0.22, 0.06)
HAIR: Colour = (0.84, 0.83, 0.81)
TINT: Colour = (0.972, 0.960, 0.945)
PAPER: Colour = (1.0, 1.0, 1.0)

TITLE = Style(25, 32, fonts.BOLD, INK)
LEAD = Style(11, 16.5, fonts.REGULAR, INK)
HEADING = Style(13.5, 19, fonts.BOLD, ACCENT)
STUDIO = Style(10, 14, fonts.BOLD, ACCENT)
RUNNING = Style(8, 11, fonts.REGULAR, GREY)
LABEL = Style(8, 11, fonts.REGULAR, GREY)
VALUE = Style(9.5, 13.5, fonts.REGULAR, INK)
STRONG = Style(10, 14, fonts.BOLD, INK)
BODY = Style(9.5, 14, fonts.REGULAR, INK)
CELL = Style(9, 12.4, fonts.REGULAR, INK)
ASIDE = Style(9, 12.4, fonts.REGULAR, GREY)
FINE = Style(7.8, 11, fonts.REGULAR, GREY)
SECRET = Style(19, 25, fonts.BOLD, INK)
TYPED = Style(17, 24, fonts.REGULAR, INK)
NOTE = Style(9.5, 14, fonts.BOLD, INK)
SMALL = Style(7.8, 11.4, fonts.REGULAR, INK)
CERTIFICATE_HEADING = Style(10.5, 15, fonts.BOLD, ACCENT)
EVERY_STYLE = (
    TITLE, LEAD, HEADING, STUDIO, RUNNING, LABEL, VALUE, STRONG, BODY, CELL, ASIDE, FINE, SECRET, TYPED, NOTE, SMALL,
    CERTIFICATE_HEADING,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spacing:
    """How closely blocks stand; lengths in points. ``body`` and ``cell`` are the running text and that in tables.

    ``above`` and ``below`` are around a heading, ``row`` and ``line`` above and below a table's row or a list's
    line; ``terms`` is how much of a row of answers its limits get, ``ink`` how tall a
    signature is; the portrait is half as tall again.
    """

    above: float
    below: float
    row: float
    line: float
    body: Style
    cell: Style
    aside: Style
    strong: Style
    terms: float
    ink: float


AIRY = Spacing(13, 4, 5.5, 1.4, BODY, CELL, ASIDE, STRONG, 162, 70)
SNUG = Spacing(9, 2, 3.8, 0.7, Style(9.5, 13, fonts.REGULAR, INK), CELL, ASIDE, STRONG, 162, 70)
DENSE = Spacing(
    6, 1, 1.7, 0.1, Style(9, 11.3, fonts.REGULAR, INK), Style(9, 11, fonts.REGULAR, INK),
    Style(9, 11, fonts.REGULAR, GREY), Style(9.5, 12, fonts.BOLD, INK), 146, 56,
)  # fmt: skip
"""No receipt is set in letters smaller than these: 9 pt, and 7.8 pt on the certificate."""
