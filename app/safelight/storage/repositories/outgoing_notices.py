"""Repository of withdrawal notices that were issued, and of what their recipients answered, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Table, insert, select

from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed
from safelight.domain.ids import RecipientId
from safelight.storage.rows import SignedMessage
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal
from safelight.storage.tables import acknowledgement, withdrawal_notice
from safelight.storage.transaction import Transaction


class MessagesRepository:
    """Messages of one kind per recipient, numbered, sealed under the studio's key: they name ids and hashes only.

    They outlive the erasure of those they are about: what was asked of whom must stay provable.
    """

    def __init__(self, store: SealedStore, table: Table) -> None:
        self._store = store
        self._table = table

    def add(self, t: Transaction, made: SignedMessage) -> None:
        """Keep a message; a number its recipient has already is refused."""
        sealed = self._store.seal_own(self._table.name, made.id, 1, encoded(made))
        row = {"id": made.id, "recipient": made.recipient, "number": made.number, "at": rfc3339(made.at)}
        ordinal = next_ordinal(t.connection, self._table)
        t.connection.execute(insert(self._table), {"ordinal": ordinal, **row, "version": 1, "sealed": sealed})

    def last(self, recipient: RecipientId) -> SignedMessage | None:
        """The one with the highest number; None while there is none."""
        columns = self._table.c
        query = self._query().where(columns.recipient == recipient).order_by(columns.number.desc()).limit(1)
        return next(self._opened(query), None)

    def of(self, recipient: RecipientId) -> tuple[SignedMessage, ...]:
        """All of one recipient, by rising number."""
        columns = self._table.c
        return tuple(self._opened(self._query().where(columns.recipient == recipient).order_by(columns.number)))

    def list(self) -> tuple[SignedMessage, ...]:
        """All there are, in the order they were kept."""
        return tuple(self._opened(self._query().order_by(self._table.c.ordinal)))

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        with self._store.database.reading() as connection:
            rows = connection.execute(self._query().order_by(self._table.c.ordinal)).all()
        for row in rows:
            try:
                self._message(row)
            except Malformed as error:
                yield error.title
            else:
                yield None

    def _query(self) -> Select[Any]:
        columns = self._table.c
        return select(columns.id, columns.recipient, columns.number, columns.at, columns.version, columns.sealed)

    def _opened(self, query: Select[Any]) -> Iterator[SignedMessage]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield self._message(row)

    def _message(self, row: Any) -> SignedMessage:
        name = self._table.name
        content = self._store.open_own(name, row.id, row.version, row.sealed)
        made = decoded(SignedMessage, content, "a message")
        if (made.id, made.recipient, made.number, rfc3339(made.at)) != (row.id, row.recipient, row.number, row.at):
            raise Malformed(
                f"Row {row.id} was put elsewhere than it belongs (table {name}).",
                "Restore a backup.",
                (f"{name}/{row.id}",),
            )
        return made


class OutgoingNoticesRepository(MessagesRepository):
    """The notices to each recipient."""

    def __init__(self, store: SealedStore) -> None:
        super().__init__(store, withdrawal_notice)


class AcknowledgementsRepository(MessagesRepository):
    """The acknowledgements that were taken in; of one recipient the highest number counts."""

    def __init__(self, store: SealedStore) -> None:
        super().__init__(store, acknowledgement)
