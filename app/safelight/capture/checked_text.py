"""Text of our QR codes: a prefix, then a number and its checksum in letters that QR codes hold compactly.

Letters of RFC 4648 base 32 (upper case and 2 to 7) are within QR's alphanumeric mode. The checksum is the first 21 bits
of SHA-256 over the prefix and the number (big-endian): no text of anybody else is taken for one of ours.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LETTER_BITS, _CHECK_BITS = 5, 21


def checked_text(prefix: str, number: int, bits: int) -> str:
    """``prefix``, then ``number`` (of ``bits``, which with the checksum fill whole letters) and its checksum."""
    value = number << _CHECK_BITS | _checksum(prefix, number, bits)
    places = reversed(range((bits + _CHECK_BITS) // _LETTER_BITS))
    return prefix + "".join(_ALPHABET[value >> _LETTER_BITS * place & 31] for place in places)


def checked_number(prefix: str, untrusted_text: str, bits: int) -> int | None:
    """The number that a text made by :func:`checked_text` says; None for any other text."""
    letters = untrusted_text.removeprefix(prefix)
    if not untrusted_text.startswith(prefix) or len(letters) != (bits + _CHECK_BITS) // _LETTER_BITS:
        return None
    value = 0
    for letter in letters:
        place = _ALPHABET.find(letter)
        if place < 0:
            return None
        value = value << _LETTER_BITS | place
    number, check = value >> _CHECK_BITS, value & ((1 << _CHECK_BITS) - 1)
    return number if check == _checksum(prefix, number, bits) else None


def _checksum(prefix: str, number: int, bits: int) -> int:
    digest = hashlib.sha256(prefix.encode() + number.to_bytes(-(-bits // 8), "big")).digest()
    return int.from_bytes(digest[:3], "big") >> 24 - _CHECK_BITS
