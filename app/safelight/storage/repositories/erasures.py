"""Repository of erasures: whose keys were destroyed and when, by random ids; it outlives the person's own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from safelight.documents.times import rfc3339
from safelight.domain.erasure import Erasure
from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import SubjectId
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal
from safelight.storage.tables import erasure
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SealedErasure:
    """One row as it lies in the table; who has the studio's own key can open it anywhere."""

    id: str
    person: str
    at: str
    version: int
    sealed: bytes


class ErasuresRepository:
    """One row per person, sealed under the studio's key. Rows are never taken out."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, made: Erasure) -> None:
        """Keep a new one, or what became of one that is there."""
        version = self._version(t.connection, made.id)
        sealed = self._store.seal_own("erasure", made.id, version + 1, encoded(made))
        row = {"id": made.id, "person": made.person, "at": rfc3339(made.asked_at), "version": version + 1}
        self._write(t.connection, {**row, "sealed": sealed}, version)
        t.afterwards(self._store.keys.look_again)

    def take_over(self, t: Transaction, row: SealedErasure) -> bool:
        """Keep a row of another copy of this archive, if that is newer than what is here; whether it was.

        Raises :class:`Malformed` for one that the studio's key does not open.
        """
        self._opened(row)
        version = self._version(t.connection, row.id)
        if version >= row.version:
            return False
        values = {"id": row.id, "person": row.person, "at": row.at, "version": row.version, "sealed": row.sealed}
        self._write(t.connection, values, version)
        t.afterwards(self._store.keys.look_again)
        return True

    def of(self, person: SubjectId) -> Erasure | None:
        """The erasure of one person; None where none was asked for."""
        with self._store.database.reading() as connection:
            row = connection.execute(_COLUMNS.where(erasure.c.person == person)).first()
        return None if row is None else self._opened(row)

    def list(self) -> tuple[Erasure, ...]:
        """All of them, in the order they were asked for."""
        return tuple(map(self._opened, self.rows()))

    def rows(self) -> tuple[SealedErasure, ...]:
        """All of them as they lie in the table."""
        with self._store.database.reading() as connection:
            rows = connection.execute(_COLUMNS.order_by(erasure.c.ordinal)).all()
        return tuple(SealedErasure(*row) for row in rows)

    def destroyed(self) -> Mapping[str, frozenset[SubjectKeyPurpose]]:
        """Whose keys were destroyed, and which of them.

        A row that does not open tells nothing here: the check names it, and :meth:`list` raises.
        """
        found: dict[str, frozenset[SubjectKeyPurpose]] = {}
        for row in self.rows():
            try:
                made = self._opened(row)
            except SafelightError:
                continue
            found[made.person] = found.get(made.person, frozenset()) | made.destroyed
        return found

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        for row in self.rows():
            try:
                self._opened(row)
            except Malformed as error:
                yield error.title
            else:
                yield None

    @staticmethod
    def _version(connection: Connection, id: str) -> int:
        return int(connection.execute(select(erasure.c.version).where(erasure.c.id == id)).scalar() or 0)

    @staticmethod
    def _write(connection: Connection, values: Mapping[str, Any], version: int) -> None:
        if version:
            connection.execute(update(erasure).where(erasure.c.id == values["id"]).values(**values))
        else:
            connection.execute(insert(erasure), {"ordinal": next_ordinal(connection, erasure), **values})

    def _opened(self, row: Any) -> Erasure:
        content = self._store.open_own("erasure", row.id, row.version, row.sealed)
        made = decoded(Erasure, content, "an erasure")
        if (made.id, made.person, rfc3339(made.asked_at)) != (row.id, row.person, row.at):
            raise Malformed(
                f"Row {row.id} was put elsewhere than it belongs (table {erasure.name}).",
                "Restore a backup.",
                (f"erasure/{row.id}",),
            )
        return made


_COLUMNS = select(erasure.c.id, erasure.c.person, erasure.c.at, erasure.c.version, erasure.c.sealed)
