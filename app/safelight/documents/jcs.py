"""Canonical JSON (RFC 8785): the one way a value is written when its bytes are hashed or signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256

MAX_INTEGER = 2**53 - 1
"""The largest whole number every JSON reader agrees on (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2)."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a plain JSON value (dict, list, str, int, finite float, bool, None).

    Raises :class:`Malformed` for what JSON cannot say the same everywhere: numbers beyond 2^53-1, NaN, lone
    surrogates, keys that are no text.
    """
    try:
        if _is_simple(value):
            return _ENCODER.encode(value).encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise Malformed("This cannot be written as canonical JSON.", str(error)[:200]) from None


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def _is_simple(value: Any) -> bool:
    """Whether the standard library's encoder, which is ten times as fast, writes ``value`` as RFC 8785 does.

    It does for all but very small, very large and whole floats (another form) and keys outside ASCII (another order).
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_simple(each) for key, each in value.items())
    if kind is list:
        return all(map(_is_simple, value))
    if kind is float:
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()
    return kind is int and -MAX_INTEGER <= value <= MAX_INTEGER


def sha256_hex(data: bytes) -> Sha256:
    """The SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(data).hexdigest())
