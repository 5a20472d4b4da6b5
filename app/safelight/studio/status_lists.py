"""The list that vouches for what the studio's records say today: made and signed for bundles and on its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from safelight.documents.jcs import sha256_hex
from safelight.documents.status import status_list, status_list_bytes
from safelight.documents.status_file import StatusFile, status_file_bytes
from safelight.domain.changes import Changes
from safelight.studio.open_studio import OpenStudio

STATUS_DAYS = 30
"""So long an agency may rely on a status list; after that it must ask for a fresh one."""


@dataclass(frozen=True, slots=True)
class WrittenStatus:
    """A status list file: its bytes, until when it vouches, and how many records it says have ended."""

    file: bytes
    valid_until: datetime
    ended: int


def signed_status(studio: OpenStudio, now: datetime) -> StatusFile:
    """The list as of ``now``, valid for :data:`STATUS_DAYS`, and the studio's signature over its bytes."""
    until = now + timedelta(days=STATUS_DAYS)
    content = status_list_bytes(status_list(studio.archive.statuses.set_bits(), studio.identity.id, now, until))
    return StatusFile(content, studio.signer.sign(content, "safelight-status"))


def write_status(studio: OpenStudio) -> tuple[WrittenStatus, Changes]:
    """The status list file for agencies to take in between bundles; the journal keeps that it was made.

    The list is read inside the transaction that enters it: a withdrawal is on it or comes after it, never lost between.
    """
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        file = status_file_bytes(signed_status(studio, now))
        ended = len(studio.archive.statuses.set_bits())
        entry = studio.archive.journal.append(writing, "status-written", studio.identity.id, sha256_hex(file).encode())
    studio.acknowledge(studio.identity.id, entry.hash)
    return WrittenStatus(file, now + timedelta(days=STATUS_DAYS), ended), Changes.JOURNAL
