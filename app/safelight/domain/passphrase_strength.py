"""How hard a new passphrase is to guess, as one of four words: by its length, its variety and how it repeats itself."""

from __future__ import annotations

import itertools
import math
import unicodedata
from enum import StrEnum

SHORTEST = 8
GOOD_BITS, STRONG_BITS = 45.0, 65.0
WORD_BITS = 10.0
"""What a word adds that somebody thought of: less than one drawn from a list by dice."""
_CLASSES = ((26.0, str.islower), (26.0, str.isupper), (10.0, str.isdigit))
_OTHERS = 33.0


class Strength(StrEnum):
    """What the meter says."""

    SHORT = "short"
    WEAK = "weak"
    GOOD = "good"
    STRONG = "strong"


def strength(passphrase: str) -> Strength:
    """What the meter says of ``passphrase``; a guess, and never a reason to refuse one that is long enough."""
    text = unicodedata.normalize("NFC", passphrase)
    if len(text) < SHORTEST:
        return Strength.SHORT
    bits = _bits(text)
    return Strength.STRONG if bits >= STRONG_BITS else Strength.GOOD if bits >= GOOD_BITS else Strength.WEAK


def _bits(text: str) -> float:
    words = {word.casefold() for word in text.split() if len(word) > 2}
    kinds = sum(size for size, of in _CLASSES if any(of(each) for each in text))
    kinds += _OTHERS if any(not each.isascii() or not each.isalnum() for each in text) else 0.0
    # Letters that follow each other as in the alphabet, on a keyboard's digits, or repeat say next to nothing.
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(text)]
    fresh = 1 + sum(step not in (-1, 0, 1) for step in steps)
    by_letters = min(fresh, 2 * len(set(text))) * math.log2(max(kinds, 2.0))
    if len(words) < 2:
        return by_letters / 2 if text.isalpha() else by_letters * 0.7
    return min(by_letters, len(words) * WORD_BITS + 5.0 * sum(not each.isalpha() for each in words) + 5.0)
