"""The wording of the photographer's desk, per language: data from ``resources/desk``, one file for each screen.

Nothing here falls back: the languages of the desk are few and complete, and a missing key is a mistake of ours.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .resources import folder

DESK_LANGUAGES = ("en", "de", "fr", "es", "ar")
"""The languages the desk speaks; the first one is for whoever speaks none of them."""

PLURALS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "de": ("one", "other"),
    "fr": ("one", "other"),
    "es": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""The forms a text with a count ``n`` has in each language (CLDR's names, without those that need a million)."""

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_FIRST_STRONG, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class DeskTexts:
    """All wording of the desk in one language; ``phrases`` by key, such as ``unlock.title``."""

    language: str
    phrases: Mapping[str, str | Mapping[str, str]]

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return self.language == "ar"

    def get(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``values`` in the places of its braces; raises KeyError for one that is missing.

        A text that differs with a number takes it as ``n``. What is put in, a name perhaps, keeps its own direction.
        """
        phrase = self.phrases[key]
        if not isinstance(phrase, str):
            phrase = phrase[_form(self.language, int(str(values["n"])))]
        return phrase.format_map({name: self.set_apart(value) for name, value in values.items()})

    def set_apart(self, value: object) -> str:
        text = str(value)
        turns = any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)
        return f"{_FIRST_STRONG}{text}{_END}" if self.rtl or turns else text


@cache
def desk_texts(language: str) -> DeskTexts:
    """The wording for ``language`` (BCP 47): ``de-AT`` finds ``de``; a language the desk does not speak is English."""
    main = language.replace("_", "-").split("-")[0].lower()
    code = main if main in DESK_LANGUAGES else DESK_LANGUAGES[0]
    phrases: dict[str, str | Mapping[str, str]] = {}
    for file in sorted((folder() / "desk" / code).glob("*.json")):
        phrases |= json.loads(file.read_bytes())
    return DeskTexts(code, phrases)


def _form(language: str, n: int) -> str:
    """Which plural form ``n`` things take (CLDR)."""
    if language == "ar":
        if n in (0, 1, 2):
            return ("zero", "one", "two")[n]
        rest = n % 100
        return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
    return "one" if n == 1 or (language == "fr" and n == 0) else "other"
