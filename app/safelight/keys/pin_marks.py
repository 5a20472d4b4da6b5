"""What the PIN of a person of the studio is recognised by, without being kept: a salted slow hash under a secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from secrets import token_bytes

from safelight.keys.master import KeySource
from safelight.keys.passphrases import FLOOR_COST, KdfCost, passphrase_key

_SALT = 16


@dataclass(frozen=True, slots=True)
class PinMark:
    """The mark of one PIN: ``salt`` and ``mark`` in Base64, and what computing it costs (see :class:`KdfCost`)."""

    salt: str
    mark: str
    memory_kib: int
    passes: int
    lanes: int


def pin_mark(source: KeySource, digits: str, cost: KdfCost = FLOOR_COST) -> PinMark:
    """The mark of a PIN; another one each time. Takes about a tenth of a second."""
    salt = token_bytes(_SALT)
    return PinMark(
        base64.b64encode(salt).decode(), _mark(source, digits, salt, cost), cost.memory_kib, cost.passes, cost.lanes
    )


def is_marked(source: KeySource, digits: str, kept: PinMark) -> bool:
    """Whether ``digits`` are the PIN of this mark; as slow as making it."""
    cost = KdfCost(kept.memory_kib, kept.passes, kept.lanes)
    found = _mark(source, digits, base64.b64decode(kept.salt), cost)
    return hmac.compare_digest(found.encode(), kept.mark.encode())


def _mark(source: KeySource, digits: str, salt: bytes, cost: KdfCost) -> str:
    # Slow for whoever has the studio open, and keyed: for a thief without its keys ten thousand guesses are no help.
    slow = passphrase_key(digits, salt, cost)
    return base64.b64encode(hmac.digest(source.derive("staff-pin"), slow, hashlib.sha256)).decode()
