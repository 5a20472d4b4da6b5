"""What is printed before a shoot: which cards, and on which paper."""

from __future__ import annotations

from enum import StrEnum

_POINT = 72 / 25.4
"""Points in a millimetre."""


class Paper(StrEnum):
    """The sheets printers take."""

    A4 = "A4"
    LETTER = "letter"

    @property
    def points(self) -> tuple[float, float]:
        """Width and height, upright, in points."""
        return (210 * _POINT, 297 * _POINT) if self is Paper.A4 else (612.0, 792.0)


class SheetKind(StrEnum):
    """The cards a session can have printed."""

    BADGES = "badges"
    """One small card a person, ten a page, to be carried and scanned."""
    SLATES = "slates"
    """One page a person, with a code that a camera reads from where it stands."""
    HALF_SLATES = "half-slates"
    """As slates, two a page."""
    SPARES = "spares"
    """Badges of people made beforehand, for whoever comes without being on the list."""
