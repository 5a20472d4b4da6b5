"""A stretch of the journal for an outsider: that one head follows from another, and not what happened in between."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from .ids import Sha256, StudioId
from .journal import JournalEntry, entry_text
from .sha256_blocks import BLOCK, hash_from, state_after

MOST_ENTRIES = 50_000
"""So many entries one file may have (about 17 MB)."""
_LINK = 65
"""Bytes at the end of each text: a line break and the hash of the entry before."""
_CLOSED = re.compile(r"[0-9a-f]{0,63}\n[0-9a-f]{64}")
_SHOWN = re.compile(r"[1-9][0-9]*(\n[^\n]*){3}\n[0-9a-f]{64}\n[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """An entry as outsiders hold it; number 0 with a hash of zeros is the beginning of the journal."""

    number: int
    hash: Sha256


@dataclass(frozen=True, slots=True)
class StretchEntry:
    """One entry. Shown: ``text`` is all that its hash covers. Closed: ``text`` is the end of it.

    Of a closed one ``state`` (64 hexadecimal digits) is what SHA-256 made of the ``before`` bytes that are not told.
    """

    number: int
    hash: Sha256
    text: str
    before: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The studio's signature over the end of its journal; ``rows`` is part of what it covers and tells nothing."""

    rows: Sha256
    signature: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The entries after ``start``, up to and with ``end``; ``signed`` only where the journal ended there."""

    studio: StudioId
    start: Head
    end: Head
    entries: tuple[StretchEntry, ...]
    signed: SignedHead | None = None


class Fault(StrEnum):
    """Why an entry does not follow from the one before."""

    NUMBER = "number"
    FORM = "form"
    PREVIOUS = "previous"
    HASH = "hash"


def as_stretch_entry(entry: JournalEntry, shown: Collection[str] = ()) -> StretchEntry:
    """``entry`` closed, or shown where its reference is one of ``shown``.

    Hidden are whole blocks of what the hash covers, as many as leave the hash of the entry before to be seen. Number,
    time, kind and reference are always among them, and with them digits of the payload's hash: that hash covers 32
    random bytes, so nobody can try out references until the state fits. Of an entry about a person, a photo, a
    recipient or anything else with an id they are 20 or more, that is 80 bits.
    """
    text = entry_text(
        entry.number, entry.at, entry.kind, entry.reference, entry.payload_sha256, entry.previous
    )
    if entry.reference in shown:
        return StretchEntry(entry.number, entry.hash, text)
    data = text.encode()
    before = (len(data) - _LINK) // BLOCK * BLOCK
    return StretchEntry(entry.number, entry.hash, data[before:].decode(), before, state_after(data[:before]))


def first_fault(start: Head, entries: Iterable[StretchEntry]) -> tuple[int, Fault] | None:
    """The first entry that does not follow from the one before, by the number it should have, and why."""
    last = start
    for each in entries:
        if (fault := _fault(last, each)) is not None:
            return last.number + 1, fault
        last = Head(each.number, each.hash)
    return None


def _fault(last: Head, each: StretchEntry) -> Fault | None:
    if each.number != last.number + 1:
        return Fault.NUMBER
    if not (_CLOSED if each.state else _SHOWN).fullmatch(each.text) or each.before % BLOCK:
        return Fault.FORM
    if not each.state and each.text.split("\n", 1)[0] != str(each.number):
        return Fault.NUMBER
    if each.text[-64:] != last.hash:
        return Fault.PREVIOUS
    data = each.text.encode()
    made = hash_from(each.state, each.before, data) if each.state else hashlib.sha256(data).hexdigest()
    return None if made == each.hash else Fault.HASH
