"""The lists that vouch for what the studio's records say today: a record's place in them, and how they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from safelight.documents.jcs import sha256_hex
from safelight.documents.status import status_list, status_list_bytes
from safelight.documents.status_file import SignedList, status_file_bytes
from safelight.domain.changes import Changes
from safelight.domain.record import FIRST_LIST, StatusPosition
from safelight.storage.rows import ListFill
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio

STATUS_DAYS = 30
"""So long an agency may rely on a status list; after that it must ask for a fresh one."""


@dataclass(frozen=True, slots=True)
class WrittenStatus:
    """A status list file: its bytes, until when it vouches, how many records ended, and how full the newest list is."""

    file: bytes
    valid_until: datetime
    ended: int
    newest: ListFill


def draw_positions(studio: OpenStudio, writing: Transaction, count: int) -> tuple[StatusPosition, ...]:
    """A place in the lists for each of ``count`` answers; the journal keeps that a list fills up or another begins."""
    before = studio.archive.statuses.newest()
    drawn = studio.archive.statuses.allocate(writing, count, before)
    after = before.after(drawn)
    for number in range(before.number + 1, after.number + 1):
        studio.archive.journal.append(writing, "status-list-begun", studio.identity.id, str(number).encode())
    if after.nearly_full and not (after.number == before.number and before.nearly_full):
        studio.archive.journal.append(
            writing, "status-list-nearly-full", studio.identity.id, str(after.number).encode()
        )
    return drawn


def signed_lists(studio: OpenStudio, now: datetime) -> tuple[SignedList, ...]:
    """Every list of the studio as of ``now``, the first one first, and the studio's signature over each one's bytes.

    Each is valid for :data:`STATUS_DAYS`. All of them leave together: an agency judges each by its own date.
    """
    studio.archive.rely_on(own=("status",))
    until = now + timedelta(days=STATUS_DAYS)
    revoked, last = studio.archive.statuses.revoked(), studio.archive.statuses.newest().number
    bits: dict[int, list[int]] = {number: [] for number in range(FIRST_LIST, last + 1)}
    for position in revoked:
        bits.setdefault(position.list, []).append(position.index)
    written = []
    for number, ended in bits.items():
        content = status_list_bytes(status_list(ended, studio.identity.id, now, until, number=number))
        written.append(SignedList(content, studio.signer.sign(content, "safelight-status")))
    return tuple(written)


def write_status(studio: OpenStudio) -> tuple[WrittenStatus, Changes]:
    """The status list file for agencies to take in between bundles; the journal keeps that it was made.

    The lists are read inside the transaction that enters it: a withdrawal is on one or comes after, never lost between.
    """
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        file = status_file_bytes(signed_lists(studio, now))
        ended, newest = len(studio.archive.statuses.revoked()), studio.archive.statuses.newest()
        entry = studio.archive.journal.append(writing, "status-written", studio.identity.id, sha256_hex(file).encode())
    studio.acknowledge(studio.identity.id, entry.hash)
    return WrittenStatus(file, now + timedelta(days=STATUS_DAYS), ended, newest), Changes.JOURNAL
