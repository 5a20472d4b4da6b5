"""The journal as lists show it, the newest entry first: what happened when, to which id, and the hash that links it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safelight.domain.ids import Sha256
from safelight.studio.open_studio import OpenStudio

PAGE = 200
"""So many entries are read at once."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry: ``kind`` names what happened, ``reference`` to which id; ``hash`` covers it and all before it."""

    number: int
    at: datetime
    kind: str
    reference: str
    hash: Sha256


def journal_rows(
    studio: OpenStudio, *, before: int | None = None, about: str | None = None, limit: int = PAGE
) -> tuple[JournalRow, ...]:
    """A page of entries, the newest first: those numbered below ``before``, those about the one id ``about``.

    Nothing is opened: what an entry says stays sealed.
    """
    entries = studio.archive.journal.newest(limit, before, about)
    return tuple(JournalRow(each.number, each.at, each.kind, each.reference, each.hash) for each in entries)
