"""Where a line may end: after a space or a hyphen, and in Chinese and Japanese between almost any two letters.

Follows the classes of UAX #14 as far as forms need them: marks that may not begin a line (JIS X 4051 and GB/T 15834
agree on these: closing brackets, stops, small kana) or end one (opening brackets), and dashes that stay together.
"""

from __future__ import annotations

import unicodedata

_OPENS_ISOLATE = frozenset("\u2066\u2067\u2068")
_PDI = "\u2069"
_ISOLATES = _OPENS_ISOLATE | {_PDI}
_JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f")
_HYPHENS = frozenset("-–—/")
_UNBROKEN_RUNS = frozenset("—…‥")
_NEVER_FIRST = frozenset(
    "、。，．・：；！？‼⁇⁈⁉」』）】〕》〉〗〙〛］｝｠…‥ー々〻ゝゞヽヾ゛゜〜～–％‰"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    ")]}!?.,:;/%»’”،؛؟।॥"
)
_NEVER_LAST = frozenset("「『（【〔《〈〖〘〚［｛｟“‘«([{￥＄￡#＃")


def may_break(text: str, index: int) -> bool:
    """Whether a line may end between ``text[index - 1]`` and ``text[index]``.

    Direction isolates have no width: they stay with the letters inside, so that the break is before or after both.
    """
    before, after = text[index - 1], text[index]
    if before in _OPENS_ISOLATE or after == _PDI or after in _JOINS or unicodedata.category(after)[0] == "M":
        return False
    left, right = index - 1, index
    while left >= 0 and text[left] in _ISOLATES:
        left -= 1
    while right < len(text) and text[right] in _ISOLATES:
        right += 1
    if left < 0 or right == len(text):
        return False
    return _apart(text[left - 1] if left else " ", text[left], text[right])


def _apart(earlier: str, before: str, after: str) -> bool:
    """Whether ``before`` may end a line and ``after`` begin the next; ``earlier`` stands before both."""
    if after == " " or after in _NEVER_FIRST or before == "\u200d":
        return False
    if before == " ":
        return True
    if before in _NEVER_LAST or before == after and before in _UNBROKEN_RUNS:
        return False
    if before in _HYPHENS and earlier != " " and not after.isdigit():
        return before != "/" or after != "/"
    if before.isdecimal() and is_east_asian(after):
        return False  # a number keeps what it counts: 12か月
    return is_east_asian(before) or is_east_asian(after)


def is_east_asian(character: str) -> bool:
    """Whether lines break beside ``character`` without a space: ideographs, kana, Hangul and their punctuation."""
    code = ord(character)
    return (
        0x3000 <= code <= 0x30FF
        or 0x31F0 <= code <= 0x31FF
        or 0x3400 <= code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7A3
        or 0xF900 <= code <= 0xFAFF
        or 0xFF01 <= code <= 0xFF60
        or 0x20000 <= code <= 0x3FFFF
    )
