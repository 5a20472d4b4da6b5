"""What a person carries to a signing screen: a QR code, or six characters to type, that mean nobody elsewhere."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from safelight.capture.slates import read_slate_text
from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.receipt_codes import ALPHABET
from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio

CODE_LENGTH = 6
"""Thirty characters, six times: 729 million codes for the few people of one session."""


def badge_code(studio: OpenStudio, session: SessionId, subject: SubjectId) -> str:
    """The short code of one person in one session, always the same; nothing can be read from it without the keys."""
    key = studio.secrets.derive("badge-code")
    number = int.from_bytes(hmac.digest(key, f"{session}/{subject}".encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def whose_badge(studio: OpenStudio, session: Session, untrusted_code: str) -> SubjectId | None:
    """The person of ``session`` whose QR text or short code this is; None for nobody, and for a code two share."""
    return whose_of(studio, session.id, studio.archive.subjects.ids(session.id), untrusted_code)


def whose_of(
    studio: OpenStudio, session: SessionId, people: Collection[SubjectId], untrusted_code: str
) -> SubjectId | None:
    """As :func:`whose_badge` for ``people`` of ``session`` that were read before."""
    text = untrusted_code.strip()
    slate = read_slate_text(text.upper())
    if slate is not None:
        return slate.subject if slate.session == session and slate.subject in people else None
    letters = _letters(text)
    found = [each for each in people if hmac.compare_digest(badge_code(studio, session, each), letters)] if (
        len(letters) == CODE_LENGTH and letters.isascii()
    ) else []  # fmt: skip
    return found[0] if len(found) == 1 else None


def is_typed(untrusted_code: str) -> bool:
    """Whether somebody typed this rather than held a code before the camera."""
    return len(_letters(untrusted_code)) <= 2 * CODE_LENGTH


def _letters(text: str) -> str:
    """What counts of a typed code: no blanks and hyphens, however many there are, and no lower case."""
    return "".join(each for each in text.upper() if not each.isspace() and each != "-")
