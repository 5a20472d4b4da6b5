"""Canonical JSON (RFC 8785): the one way a value is written when its bytes are hashed or signed."""

from __future__ import annotations

import hashlib
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
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise Malformed("This cannot be written as canonical JSON.", str(error)[:200]) from None


def sha256_hex(data: bytes) -> Sha256:
    """The SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(data).hexdigest())
