"""Finds people while their name is typed: in any spelling of its letters, by any word of it, the best matches first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Id = TypeVar("Id")

MOST_FOUND = 50
"""A list nobody reads to its end; who is not among them types one letter more."""

_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "ħ": "h",
        "ŧ": "t", "ŋ": "n", "ə": "e", "ك": "ک", "ي": "ی", "ى": "ی", "\u0640": "",
    }
)  # fmt: skip
"""Letters that no normal form takes apart, and those that Arabic and Persian keyboards have twice."""
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How the same names are written where a keyboard has no such letters."""
_JOINING = frozenset("'’‘ʼʻʹ`´׳״\"")
"""Marks inside a word: ``O'Brien`` is found by ``obrien``."""


def folded(text: str) -> str:
    """``text`` as it is compared: no case, accents or punctuation, special letters as plain ones, one blank between."""
    lowered = text.casefold()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered.translate(_LETTERS)).casefold().translate(_LETTERS)
    if lowered.isalnum():
        return "".join(filter(_stays, lowered)) if not lowered.isascii() else lowered
    return " ".join("".join(map(_compared, lowered)).split())


def _compared(character: str) -> str:
    if character.isalnum():
        return character
    if character in _JOINING or not _stays(character):
        return ""
    # Vowel signs of Indic scripts are letters to whoever types them, whatever their category is called.
    return character if unicodedata.category(character).startswith("M") else " "


def _stays(character: str) -> bool:
    """Whether it is more than an accent or a mark nobody sees."""
    return not unicodedata.combining(character) and unicodedata.category(character) != "Cf"


@dataclass(frozen=True, slots=True)
class NameIndex(Generic[Id]):
    """People ready to be found; made once for a list, asked at every key. It holds names: drop it with the list."""

    _rows: tuple[tuple[str, str, str, Id], ...]
    """Sorted: name, all words of name and number with a blank before each, number, id; all folded."""

    @classmethod
    def of(cls, people: Iterable[tuple[Id, str, str]]) -> NameIndex[Id]:
        """The index of ``people``: id, name, and reference (a staff or pupil number, empty if there is none)."""
        rows = []
        for id, name, reference in people:
            plain, number = folded(name), folded(reference)
            words = dict.fromkeys(plain.split())
            if not name.isascii():
                written = name.casefold().translate(_WRITTEN_OUT)
                words |= dict.fromkeys(folded(written).split())
            words |= {word: None for word in (*number.split(), number.replace(" ", "")) if word}
            rows.append((plain, f" {' '.join(words)}", number, id))
        rows.sort(key=lambda row: row[0])
        return cls(tuple(rows))

    def find(self, typed: str, limit: int = MOST_FOUND) -> tuple[Id, ...]:
        """Whom ``typed`` means, at most ``limit``: each of its words is part of a word of their name or number.

        First come those whose name begins so or whose number it is, then those with words that begin so, then those
        that have it inside; equals by name. Nothing typed finds nobody.
        """
        whole = folded(typed)
        words = whole.split()
        if not words:
            return ()
        beginnings = [f" {word}" for word in words]
        first, rest, beginning = words[0], words[1:], beginnings[0]
        best: list[Id] = []
        begun: list[Id] = []
        inside: list[Id] = []
        for name, text, number, id in self._rows:
            if first not in text or not all(word in text for word in rest):
                continue
            if name.startswith(whole) or number == whole:
                best.append(id)
                if len(best) >= limit:
                    break
            elif beginning in text and all(each in text for each in beginnings):
                begun.append(id)
            else:
                inside.append(id)
        return tuple((*best, *begun, *inside)[:limit])
