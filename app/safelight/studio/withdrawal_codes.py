"""The code printed on a receipt with which a person can withdraw later without an account."""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import quote

from safelight.domain.ids import Sha256

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L or U: a code is read out over the phone and typed by hand."""
_GROUPS, _LETTERS = 4, 4


def new_code() -> str:
    """Four groups of four characters: 78 bits, far beyond guessing at a desk."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def code_hash(code: str) -> Sha256:
    """What a typed code is compared by: SHA-256 of its characters, upper case, without separators."""
    letters = "".join(each for each in code.upper() if each in ALPHABET)
    return Sha256(hashlib.sha256(f"safelight-withdrawal:{letters}".encode()).hexdigest())


def withdrawal_uri(contact: str, code: str) -> str:
    """What the QR code on the receipt opens: a ready-made e-mail where the studio has an address, else plain text."""
    address = contact.removeprefix("mailto:").strip()
    if "@" in address and " " not in address:
        return f"mailto:{address}?subject={quote('Withdraw ' + code)}"
    return f"{contact} {code}"
