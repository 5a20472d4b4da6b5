"""Repository of second copies: which sealed files lie in a second place too, by its id, and which still wait for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from safelight.documents.times import rfc3339
from safelight.domain.ids import PhotoGuid, SessionId
from safelight.storage.key_store import BATCH
from safelight.storage.rows import FileId
from safelight.storage.sealed_store import SealedStore
from safelight.storage.tables import file, photo, second_copy
from safelight.storage.transaction import Transaction


class CopiesRepository:
    """Ids and times only, so nothing is sealed; a row goes with the file it is about."""

    def __init__(self, store: SealedStore) -> None:
        self._database = store.database

    def files(self) -> tuple[FileId, ...]:
        """Every sealed file that a row names."""
        with self._database.reading() as connection:
            return tuple(map(FileId, connection.execute(select(file.c.id)).scalars()))

    def waiting(self, place: str) -> tuple[FileId, ...]:
        """The sealed files that are not in ``place`` yet, photos first."""
        there = second_copy.c.place == place
        with self._database.reading() as connection:
            noted = connection.execute(select(func.count()).select_from(second_copy).where(there)).scalar_one()
            # A note goes with its file, so equal counts say that nothing waits: no list of everything is compared.
            if noted == connection.execute(select(func.count()).select_from(file)).scalar_one():
                return ()
            copy = select(second_copy.c.file).where(there, second_copy.c.file == file.c.id)
            query = select(file.c.id).where(~copy.exists()).order_by(file.c.kind != "photo", file.c.id)
            return tuple(map(FileId, connection.execute(query).scalars()))

    def note(self, t: Transaction, place: str, files: Sequence[FileId]) -> int:
        """These lie in ``place`` too; those no row names any more are passed over. Returns how many were new."""
        noted = 0
        for start in range(0, len(files), BATCH):
            some = files[start : start + BATCH]
            known = set(t.connection.execute(select(file.c.id).where(file.c.id.in_(some))).scalars())
            there = select(second_copy.c.file).where(second_copy.c.place == place, second_copy.c.file.in_(some))
            new = known - set(t.connection.execute(there).scalars())
            rows = [{"file": id, "place": place, "at": rfc3339(t.now)} for id in some if id in new]
            if rows:
                t.connection.execute(insert(second_copy), rows)
            noted += len(rows)
        return noted

    def lost(self, t: Transaction, place: str, files: Sequence[FileId]) -> None:
        """These are not in ``place`` any more, whatever was noted."""
        for start in range(0, len(files), BATCH):
            where = second_copy.c.file.in_(files[start : start + BATCH])
            t.connection.execute(delete(second_copy).where(second_copy.c.place == place, where))

    def counts(self, place: str, session: SessionId) -> tuple[int, int]:
        """How many photos of a session lie in ``place``, and how many there are."""
        there = select(func.count()).select_from(photo).join(second_copy, second_copy.c.file == photo.c.original)
        there = there.where(photo.c.session == session, second_copy.c.place == place)
        every = select(func.count()).select_from(photo).where(photo.c.session == session)
        with self._database.reading() as connection:
            return int(connection.execute(there).scalar_one()), int(connection.execute(every).scalar_one())

    def photos_waiting(self, place: str, session: SessionId) -> tuple[tuple[PhotoGuid, FileId], ...]:
        """The photos of a session whose originals are not in ``place`` yet, oldest first."""
        there = select(second_copy.c.file).where(second_copy.c.place == place)
        query = select(photo.c.guid, photo.c.original).where(
            photo.c.session == session, photo.c.original.not_in(there)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(photo.c.ordinal)).all()
        return tuple((PhotoGuid(guid), FileId(original)) for guid, original in rows)
