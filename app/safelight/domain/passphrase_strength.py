"""How hard a new passphrase is to guess, as one of four words: by its words and by how it repeats itself."""

from __future__ import annotations

import itertools
import re
import unicodedata
from enum import StrEnum

SHORTEST = 8
GOOD_BITS, STRONG_BITS = 38.0, 55.0
WORD_BITS = 10.0
"""What a word adds that somebody thought of: less than one drawn from a list by dice."""
WORD = 4
"""So many letters in a row are taken for a word, whatever they are."""
_LETTER, _DIGIT, _OTHER = 5.7, 3.3, 5.0
_RUNS = re.compile(r"[^\W\d_]+|\d+|[\W_]+")


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
    # What comes twice says nothing the second time.
    return sum(_bits_of(run) for run in dict.fromkeys(each.casefold() for each in _RUNS.findall(text)) if run.strip())


def _bits_of(run: str) -> float:
    if run[0].isdigit():
        steps = [ord(after) - ord(before) for before, after in itertools.pairwise(run)]
        return _DIGIT * (1 + sum(step not in (-1, 0, 1) for step in steps))  # 1234 and 1111 are one digit
    if run[0].isalpha():
        return WORD_BITS if len(run) >= WORD else _LETTER * len(run)
    return _OTHER * len(set(run.strip()))
