"""What people at the desk are told when something fails, in their language: data from ``resources/failures``.

Errors carry their sentences in English, as the terminal shows them. A file for each language gives the wording by the
English pattern, with ``{1}``, ``{2}`` where a value stands; the English file has only what the desk says otherwise than
the terminal, where a sentence names a command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .desk_texts import DeskTexts, desk_texts
from .resources import folder

_PLACE = re.compile(r"{(\d)}")
_NAME = re.compile(r"['“]{(\d)}['”]")
_END = re.compile(r"([.?!])\s+")
_DEEPEST = 3
"""A cause may hold a cause; nothing is followed further than this."""
_SMALL_AFTER_COLON = frozenset({"en", "fr", "es"})
"""Languages that begin a cause inside a sentence with a small letter."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with values: what finds them in the English one, the wording, and which of them are names."""

    english: re.Pattern[str]
    own: str
    names: frozenset[int]
    """The values in quotation marks: a name is never taken for a word."""

    def filled(self, values: Sequence[str]) -> str:
        """The wording with ``values`` in its places."""
        return _PLACE.sub(lambda place: values[int(place[1]) - 1], self.own)


@dataclass(frozen=True, slots=True)
class FailureTexts:
    """The wording in one language; ``by_pattern`` as in its file."""

    words: DeskTexts
    by_pattern: Mapping[str, str]
    with_places: tuple[Pattern, ...]
    """The patterns that hold values, the one that says most first: it is the one meant where two would fit."""

    def told(self, sentence: str) -> str:
        """``sentence`` of an error in this language; as it came where it is not known."""
        said = self._known(sentence, _DEEPEST) or self._one_by_one(sentence)
        return said or sentence

    def _one_by_one(self, sentences: str) -> str | None:
        """Several sentences that were put together, each known by itself."""
        for end in _END.finditer(sentences):
            first = self._known(sentences[: end.end(1)], _DEEPEST)
            if first is not None:
                rest = sentences[end.end() :]
                return f"{first} {self._known(rest, _DEEPEST) or self._one_by_one(rest) or rest}"
        return None

    def _known(self, english: str, deep: int) -> str | None:
        if english in self.by_pattern:
            return self.by_pattern[english]
        for pattern in self.with_places:
            found = pattern.english.fullmatch(english)
            if found is not None:
                values = enumerate(found.groups(), 1)
                return pattern.filled([self._value(each, 0 if n in pattern.names else deep - 1) for n, each in values])
        return None

    def _value(self, value: str, deep: int) -> str:
        """A value inside a sentence: a cause in this language, a name as it is, kept in its own direction."""
        if deep and value:
            for whole in (value, f"{value[0].upper()}{value[1:]}."):
                said = self._known(whole, deep)
                if said is not None:
                    return said if whole is value else self._as_part(said)
        return self.words.set_apart(value)

    def _as_part(self, sentence: str) -> str:
        small = self.words.language in _SMALL_AFTER_COLON and not sentence[1:2].isupper()
        return (sentence[0].lower() if small else sentence[0]) + sentence[1:].removesuffix(".")


@cache
def failure_texts(language: str) -> FailureTexts:
    """The wording in one of the desk's languages; read when something fails for the first time."""
    words = desk_texts(language)
    by_pattern: dict[str, str] = json.loads((folder() / "failures" / f"{words.language}.json").read_bytes())
    placed = sorted((each for each in by_pattern if _PLACE.search(each)), key=_says, reverse=True)
    return FailureTexts(words, by_pattern, tuple(_pattern(each, by_pattern[each]) for each in placed))


def _pattern(english: str, own: str) -> Pattern:
    parts = _PLACE.split(english)[::2]
    finds = re.compile("(.*?)".join(re.escape(each) for each in parts), re.DOTALL)
    return Pattern(finds, own, frozenset(int(each[1]) for each in _NAME.finditer(english)))


def _says(pattern: str) -> int:
    """How many letters of a pattern are not values."""
    return len(_PLACE.sub("", pattern))
