"""The append-only history of a studio: each entry carries the hash of the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .errors import Refused
from .ids import Sha256

GENESIS = Sha256("0" * 64)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry; ``payload_sha256`` is the hash of the sealed-away payload, so erasing it leaves the chain whole."""

    number: int
    at: datetime
    kind: str
    reference: str
    payload_sha256: Sha256
    previous: Sha256
    hash: Sha256


def entry_text(
    number: int, at: datetime, kind: str, reference: str, payload_sha256: Sha256, previous: Sha256
) -> str:
    """What the hash of an entry covers: the fields, one per line in this order; none of them holds a line break."""
    lines = (str(number), at.strftime("%Y-%m-%dT%H:%M:%SZ"), kind, reference, payload_sha256, previous)
    if any("\n" in line for line in lines):
        raise ValueError("a journal field must be a single line")
    return "\n".join(lines)


def entry_hash(
    number: int, at: datetime, kind: str, reference: str, payload_sha256: Sha256, previous: Sha256
) -> Sha256:
    """SHA-256 over :func:`entry_text`."""
    text = entry_text(number, at, kind, reference, payload_sha256, previous)
    return Sha256(hashlib.sha256(text.encode()).hexdigest())


def next_entry(
    last: JournalEntry | None, at: datetime, kind: str, reference: str, payload_sha256: Sha256
) -> JournalEntry:
    """The entry that follows ``last`` (None starts the journal)."""
    number = 1 if last is None else last.number + 1
    previous = GENESIS if last is None else last.hash
    digest = entry_hash(number, at, kind, reference, payload_sha256, previous)
    return JournalEntry(number, at, kind, reference, payload_sha256, previous, digest)


def verify_chain(entries: Iterable[JournalEntry], after: JournalEntry | None = None) -> JournalEntry | None:
    """The last entry of an unbroken chain; raises :class:`Refused` naming the entry and the field that is wrong."""
    last = after
    for entry in entries:
        expected = 1 if last is None else last.number + 1
        if entry.number != expected:
            raise Refused(f"Journal entry {expected} is missing.", "Something was removed; restore a backup.")
        if entry.previous != (GENESIS if last is None else last.hash):
            raise Refused(f"Journal entry {entry.number} does not follow the one before it (previous).")
        digest = entry_hash(entry.number, entry.at, entry.kind, entry.reference, entry.payload_sha256, entry.previous)
        if digest != entry.hash:
            raise Refused(f"Journal entry {entry.number} was changed (hash).")
        last = entry
    return last
