"""Repository of where an agency used photos: data sets, models, prints, pages, works derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid
from safelight.storage.catalogue_tables import registered_use
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal
from safelight.storage.transaction import Transaction
from safelight.storage.withdrawal_rows import RegisteredUse


class RegisteredUsesRepository:
    """Uses in the order they were registered, sealed under the agency's key."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, made: RegisteredUse) -> None:
        """Register a use."""
        ordinal = next_ordinal(t.connection, registered_use)
        row = {"ordinal": ordinal, "photo": made.photo, "version": 1, "sealed": self._sealed(ordinal, 1, made)}
        t.connection.execute(insert(registered_use), row)

    def end(self, t: Transaction, used: RegisteredUse, at: datetime) -> int:
        """Note that a use of a photo was taken down; returns how many rows that were still open say so now."""
        ended = 0
        for row in self._rows(self._query().where(registered_use.c.photo == used.photo)):
            known = self._use(row)
            if known.ended_at is None and (known.kind, known.name) == (used.kind, used.name):
                sealed = self._sealed(row.ordinal, row.version + 1, replace(known, ended_at=at))
                values = {"version": row.version + 1, "sealed": sealed}
                t.connection.execute(
                    update(registered_use).where(registered_use.c.ordinal == row.ordinal).values(values)
                )
                ended += 1
        return ended

    def list(self) -> tuple[RegisteredUse, ...]:
        """All there are, in the order they were registered."""
        return tuple(self._use(row) for row in self._rows(self._query()))

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        for row in self._rows(self._query()):
            try:
                self._use(row)
            except Malformed as error:
                yield error.title
            else:
                yield None

    def _query(self) -> Select[Any]:
        columns = registered_use.c
        return select(columns.ordinal, columns.photo, columns.version, columns.sealed).order_by(columns.ordinal)

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        with self._store.database.reading() as connection:
            return connection.execute(query).all()

    def _sealed(self, ordinal: int, version: int, made: RegisteredUse) -> bytes:
        return self._store.seal_own(registered_use.name, str(ordinal), version, encoded(made))

    def _use(self, row: Any) -> RegisteredUse:
        content = self._store.open_own(registered_use.name, str(row.ordinal), row.version, row.sealed)
        made = decoded(RegisteredUse, content, "a registered use")
        if made.photo != PhotoGuid(row.photo):
            raise Malformed(
                f"Row {row.ordinal} was put elsewhere than it belongs (table {registered_use.name}).",
                "Restore a backup.",
                (f"{registered_use.name}/{row.ordinal}",),
            )
        return made
