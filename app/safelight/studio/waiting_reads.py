"""The looks of this process that are not in the journal yet, by person and reader; from several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from safelight.domain.ids import SubjectId
from safelight.domain.reads import Looked, Reader, Reads


class WaitingReads:
    """Counts in memory alone, so that a look costs some microseconds and never waits for a disk."""

    def __init__(self) -> None:
        self._found: dict[tuple[SubjectId, Reader], Reads] = {}
        self._turn = threading.Lock()

    def add(self, people: Iterable[SubjectId], what: Looked, reader: Reader, at: datetime) -> bool:
        """Count a look at each of ``people``; whether something has waited for ten minutes by now."""
        with self._turn:
            for each in people:
                before = self._found.get((each, reader)) or Reads(each, reader, at, at)
                self._found[each, reader] = before.and_also(what, at)
            return any(each.over(at) for each in self._found.values())

    def take(self, at: datetime | None = None) -> tuple[Reads, ...]:
        """Those whose ten minutes are past at ``at``, all without; they wait no more."""
        with self._turn:
            taken = tuple(each for each in self._found.values() if at is None or each.over(at))
            for each in taken:
                del self._found[each.subject, each.reader]
            return taken

    def put_back(self, taken: Iterable[Reads]) -> None:
        """What could not be written waits again, together with what was looked at meanwhile."""
        with self._turn:
            for each in taken:
                newer = self._found.get((each.subject, each.reader))
                counts = dict(each.counts)
                for what, times in (newer.counts if newer else {}).items():
                    counts[what] = counts.get(what, 0) + times
                until = newer.until if newer else each.until
                self._found[each.subject, each.reader] = Reads(each.subject, each.reader, each.since, until, counts)
