"""The list of pictures a recipient leaves out of what it trains, as salted hashes (``safelight-suppression/1``)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.ids import RecipientId, Sha256, StudioId

from .jcs import canonical
from .times import rfc3339

SUPPRESSION_FORMAT = "safelight-suppression/1"


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """``entries`` are 64 hexadecimal digits each, in ascending order; ``salt`` is the recipient's own (64 digits)."""

    studio: StudioId
    recipient: RecipientId
    at: datetime
    salt: str
    entries: tuple[str, ...]


def entry_of(salt: str, kind: str, image_sha256: Sha256) -> str:
    """SHA-256 over the salt's bytes, how the image hash is made, a zero byte, and the hash of the image data."""
    return hashlib.sha256(bytes.fromhex(salt) + kind.encode() + b"\0" + bytes.fromhex(image_sha256)).hexdigest()


def suppression_bytes(made: SuppressionList) -> bytes:
    """The RFC 8785 bytes of a list: what is signed (namespace safelight-suppression) and sent."""
    return canonical(
        {
            "format": SUPPRESSION_FORMAT,
            "studio": made.studio,
            "recipient": made.recipient,
            "at": rfc3339(made.at),
            "salt": made.salt,
            "entries": list(made.entries),
        }
    )
