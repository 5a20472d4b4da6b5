"""SHA-256 from block to block (FIPS 180-4), so that the end of a text can be hashed on from where its beginning led.

The library's hash neither tells its state nor begins with one. Nothing secret passes through here.
"""

from __future__ import annotations

import struct

from .ids import Sha256

BLOCK = 64
"""Bytes that SHA-256 takes in at once."""
_MASK = 2**32 - 1


def state_after(blocks: bytes) -> str:
    """The eight words of SHA-256's state, as 64 hexadecimal digits, after ``blocks``: a whole number of them."""
    return _packed(_through(_BEGINNING, blocks))


def hash_from(state: str, before: int, rest: bytes) -> Sha256:
    """The SHA-256 of a text of which the first ``before`` bytes, whole blocks, led to ``state``; ``rest`` follows."""
    size = before + len(rest)
    padding = b"\x80" + bytes(-(size + 9) % BLOCK) + struct.pack(">Q", size * 8)
    return Sha256(_packed(_through(struct.unpack(">8I", bytes.fromhex(state)), rest + padding)))


def _through(state: tuple[int, ...], blocks: bytes) -> tuple[int, ...]:
    if len(blocks) % BLOCK:
        raise ValueError("whole blocks only")
    for start in range(0, len(blocks), BLOCK):
        state = _mixed(state, blocks[start : start + BLOCK])
    return state


def _mixed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One block taken in; the letters are those of FIPS 180-4 section 6.2.2."""
    words = list(struct.unpack(">16I", block))
    for t in range(16, 64):
        early, late = words[t - 15], words[t - 2]
        small = _turned(early, 7) ^ _turned(early, 18) ^ (early >> 3)
        large = _turned(late, 17) ^ _turned(late, 19) ^ (late >> 10)
        words.append((words[t - 16] + small + words[t - 7] + large) & _MASK)
    a, b, c, d, e, f, g, h = state
    for k, word in zip(_CONSTANTS, words, strict=True):
        first = h + (_turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)) + ((e & f) ^ (~e & g)) + k + word
        second = (_turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
        a, b, c, d, e, f, g, h = (first + second) & _MASK, a, b, c, (d + first) & _MASK, e, f, g
    return tuple((x + y) & _MASK for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _turned(word: int, by: int) -> int:
    return (word >> by | word << 32 - by) & _MASK


def _packed(state: tuple[int, ...]) -> str:
    return struct.pack(">8I", *state).hex()


_PRIMES = [n for n in range(2, 312) if all(n % each for each in range(2, n))]
_CONSTANTS = tuple(int(each ** (1 / 3) % 1 * 2**32) for each in _PRIMES)
"""The first 32 bits of the fractions of the cube roots of the first 64 primes (section 4.2.2)."""
_BEGINNING = tuple(int(each**0.5 % 1 * 2**32) for each in _PRIMES[:8])
"""The same of the square roots of the first eight (section 5.3.3)."""
