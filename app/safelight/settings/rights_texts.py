"""The wording of letters, certificates and registers about people's rights. Data from ``resources/rights``.

``person`` is read by whoever was photographed, in every language receipts are worded in; ``office`` by organisations
and authorities, in the languages of the desk. A language without a file is told in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .resources import read_json
from .sheet_texts import SHEET_LANGUAGES
from .texts import nearest

Audience = Literal["person", "office"]
OFFICE_LANGUAGES = SHEET_LANGUAGES


@dataclass(frozen=True, slots=True)
class RightsTexts:
    """The wording for one audience in one language."""

    language: str
    words: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """The phrase ``key`` with ``values`` in it, inserted as they are; raises KeyError for one there is not."""
        return self.words[key].format_map(values)


@cache
def rights_texts(audience: Audience, language: str) -> RightsTexts:
    """The wording in ``language`` (BCP 47; ``de-AT`` is read as ``de``), or in English."""
    code = nearest(language)
    if audience == "office" and code not in OFFICE_LANGUAGES:
        code = "en"
    return RightsTexts(code, read_json(f"rights/{audience}/{code}.json")["words"])
