"""Noto Sans for every script, the same on every machine: loaded from the packages the receipts print with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase

from safelight.settings import typefaces

_ORDERS = ("", *sorted(set(typefaces.FIRST_FOR.values())))


@cache
def load() -> Mapping[str, str]:
    """Make the typefaces known to Qt, once in a process (about 0.1 s); gives the family each one brought.

    Qt maps the files, so the large East Asian ones cost only the letters that are drawn.
    """
    # Qt asks every family of a list for every script and logs each that has it not: that is what a list is for. And a
    # camera needs none of the libraries Qt tries first and misses aloud. There is one set of rules in a process.
    QLoggingCategory.setFilterRules("qt.text.font.db=false\nqt.multimedia.*.info=false\nqt.multimedia.symbolsresolver=false")
    found = {}
    for name in (*typefaces.SMALL, *typefaces.LARGE):
        number = QFontDatabase.addApplicationFont(str(typefaces.path(name)))
        found[name] = QFontDatabase.applicationFontFamilies(number)[0]
    return found


@cache
def families(language: str = "en") -> tuple[str, ...]:
    """The families to ask for a letter, in the order that is right for a text of ``language``."""
    known = load()
    return tuple(known[name] for name in typefaces.order(language))


def weigh(font: QFont, weight: int, language: str = "en") -> None:
    """Ask for ``weight`` (100-900) on the weight axis; ``setWeight`` would smear a regular letter instead.

    Qt keeps the typefaces it found for a request and takes requests that differ in the order of families alone for
    the same: after Chinese, Japanese would be set in Chinese forms. A quarter of a unit of weight, which nobody sees,
    keeps the orders apart.
    """
    font.setVariableAxis(QFont.Tag("wght"), weight + 0.25 * _ORDERS.index(typefaces.FIRST_FOR.get(language, "")))
