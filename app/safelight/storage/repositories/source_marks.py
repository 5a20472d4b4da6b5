"""Repository of source marks: files that were looked at once, so that nobody reads or decodes them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from safelight.domain.ids import PhotoGuid, SessionId
from safelight.storage.database import Database
from safelight.storage.key_store import BATCH
from safelight.storage.tables import photo, source_mark
from safelight.storage.transaction import Transaction


class SourceMarksRepository:
    """Marks are keyed hashes (of a file's place and size, of its content), so nothing is sealed.

    A mark without a photo is of a slate, or of a photo that was taken out: seen, and not to be taken in by itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, marks: Sequence[str]) -> dict[str, PhotoGuid | None]:
        """Those of ``marks`` that are remembered, with the photo each is of."""
        found: dict[str, PhotoGuid | None] = {}
        with self._database.reading() as connection:
            for start in range(0, len(marks), BATCH):
                query = select(source_mark.c.mark, source_mark.c.photo)
                query = query.where(source_mark.c.mark.in_(marks[start : start + BATCH]))
                found.update((mark, guid) for mark, guid in connection.execute(query))
        return found

    def remember(self, t: Transaction, session: SessionId, marks: Mapping[str, PhotoGuid | None]) -> None:
        """Remember these marks, seen in ``session``; one of a photo that is gone by now is left out."""
        wanted = {guid for guid in marks.values() if guid is not None}
        there = set(t.connection.execute(select(photo.c.guid).where(photo.c.guid.in_(wanted))).scalars())
        for mark, guid in marks.items():
            if guid is not None and guid not in there:
                continue
            change = update(source_mark).where(source_mark.c.mark == mark).values(photo=guid)
            if not t.connection.execute(change).rowcount:
                t.connection.execute(insert(source_mark).values(mark=mark, session=session, photo=guid))
