"""The wording of what is printed before a shoot: cards, slates, recovery sheets. Data from ``resources/sheets``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .resources import read_json

SHEET_LANGUAGES = ("en", "de", "fr", "es", "ar")
"""Languages with a file of their own; any other is printed in English."""


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """The wording in one language; ``rtl`` when it is written from right to left."""

    language: str
    rtl: bool
    words: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """The phrase ``key`` with ``values`` in it, inserted as they are; raises KeyError for one there is not."""
        return self.words[key].format_map(values)


@cache
def sheet_texts(language: str) -> SheetTexts:
    """The wording in ``language`` (BCP 47; ``de-AT`` is read as ``de``), or in English."""
    main = language.split("-")[0]
    code = main if main in SHEET_LANGUAGES else "en"
    raw = read_json(f"sheets/{code}.json")
    return SheetTexts(code, raw["direction"] == "rtl", raw["words"])
