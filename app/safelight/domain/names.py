"""When two names are one: written another way, in other letters' widths, or with characters nobody sees."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""What shows nothing although its category does not say so: fillers, a blank pattern, variation selectors."""
_UNSEEN_CATEGORIES = ("Cc", "Cf", "Cs")


def name_key(name: str) -> str:
    """What two names (numbers, addresses) are compared by: equal if a reader takes them for one, empty if none shows.

    Compatibility forms (NFKC), letter case, white space and characters nobody sees make no difference. Letters of
    different scripts that look alike stay different.
    """
    # What is unseen goes first: between a letter and its accent it would keep the two from becoming one. Folding can
    # undo the normal form and the other way round; the Unicode Standard (section 3.13) does both twice.
    folded = name
    for _ in range(3):
        folded = _seen(unicodedata.normalize("NFKC", _seen(folded).casefold()))
    return " ".join(folded.split())


def as_written(name: str) -> str:
    """``name`` as it is kept: one space where there was white space, no marks of order or direction at its ends."""
    words = " ".join(name.split())
    ends = "".join(each for each in {*words} if unicodedata.category(each) == "Cf")
    return words.strip(f"{ends} ")


def has_controls(name: str) -> bool:
    """Whether it holds what no name holds and no screen shows: control characters, halves of characters."""
    return any(unicodedata.category(each) in ("Cc", "Cs") for each in name)


def _seen(text: str) -> str:
    return "".join(each for each in text if not _is_unseen(each))


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or (unicodedata.category(character) in _UNSEEN_CATEGORIES and not character.isspace())
