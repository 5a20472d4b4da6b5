"""The code printed on a receipt with which a person can withdraw later without an account, and who holds which."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from urllib.parse import quote

from safelight.domain.changes import Changes
from safelight.domain.ids import ReceiptId, Sha256, SubjectId
from safelight.domain.receipt_codes import ALPHABET, LENGTH, in_groups
from safelight.keys.tags import code_tag
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.open_studio import OpenStudio


def new_code() -> str:
    """Four groups of four characters: 78 bits, far beyond guessing at a desk."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def code_hash(code: str) -> Sha256:
    """What a typed code is compared by: SHA-256 of its characters, upper case, without separators."""
    letters = "".join(each for each in code.upper() if each in ALPHABET)
    return Sha256(hashlib.sha256(f"safelight-withdrawal:{letters}".encode()).hexdigest())


def receipt_of_code(studio: OpenStudio, code: str) -> tuple[ReceiptId, SubjectId] | None:
    """The receipt a typed code is printed on and whose it is; None for a wrong one. No receipt is opened for it.

    The code can stop things and nothing else: it says who somebody is, it does not let them read or allow anything.
    Slowing guesses down is the caller's (:class:`~safelight.studio.rate_limiter.RateLimiter`, ``RECEIPT_CODE``).
    """
    wanted = code_hash(code)
    found = studio.archive.code_tags.find(code_tag(studio.secrets, wanted))
    if found is not None:
        # The tag leads there; what the receipt says decides, so that nobody leads a code to somebody else's.
        files: Iterable[SignedReceiptFile] = [studio.archive.consents.receipt(found[0])]
    else:
        missing = set(studio.archive.code_tags.missing())
        everybody = studio.archive.consents.each_receipt() if missing else iter(())
        files = (each for each in everybody if each.receipt.id in missing)
    for each in files:
        if hmac.compare_digest(each.withdrawal_hash, wanted):
            return each.receipt.id, each.subject
    return None


def index_codes(studio: OpenStudio) -> Changes:
    """Give those receipts a tag that were signed before there were any, so that their codes are found at once."""
    if studio.archive.code_tags.missing():
        with studio.archive.transaction(studio.now_seen()) as writing:
            missing = set(studio.archive.code_tags.missing())
            tags = {
                file.receipt.id: (code_tag(studio.secrets, Sha256(file.withdrawal_hash)), file.subject)
                for file in studio.archive.consents.each_receipt()
                if file.receipt.id in missing
            }
            studio.archive.code_tags.add(writing, tags)
    return Changes.NONE


def withdrawal_uri(contact: str, code: str) -> str:
    """What the QR code on the receipt opens: a ready-made e-mail where the studio has an address, else plain text."""
    address = contact.removeprefix("mailto:").strip()
    if "@" in address and " " not in address:
        return f"mailto:{address}?subject={quote('Withdraw ' + code)}"
    return f"{contact} {code}"
