"""Repository of the newest feed an agency took from each studio, and of its last answer to each."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from sqlalchemy import Table, insert, select, update

from safelight.domain.ids import StudioId
from safelight.storage.catalogue_tables import feed, sent_ack
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_version
from safelight.storage.transaction import Transaction
from safelight.storage.withdrawal_rows import KeptFeed, SentAck

_Kept = TypeVar("_Kept", bound=KeptFeed | SentAck)


class ByStudio(Generic[_Kept]):
    """One value per studio, sealed under the agency's key."""

    def __init__(self, store: SealedStore, table: Table, form: type[_Kept]) -> None:
        self._store, self._table, self._form = store, table, form

    def get(self, studio: StudioId) -> _Kept | None:
        """What is kept for a studio; None while there is nothing."""
        table: Any = self._table
        with self._store.database.reading() as connection:
            row = connection.execute(select(table.c.version, table.c.sealed).where(table.c.studio == studio)).first()
        if row is None:
            return None
        content = self._store.open_own(table.name, studio, row.version, row.sealed)
        return decoded(self._form, content, "a message")

    def put(self, t: Transaction, kept: _Kept) -> None:
        """Write or replace what is kept for its studio."""
        table = self._table
        version = next_version(t.connection, table, "studio", kept.studio)
        values = {"version": version, "sealed": self._store.seal_own(table.name, kept.studio, version, encoded(kept))}
        if version == 1:
            t.connection.execute(insert(table).values(studio=kept.studio, **values))
        else:
            t.connection.execute(update(table).where(table.c.studio == kept.studio).values(values))


def feeds(store: SealedStore) -> ByStudio[KeptFeed]:
    """The newest feed of each studio that was taken."""
    return ByStudio(store, feed, KeptFeed)


def sent_acks(store: SealedStore) -> ByStudio[SentAck]:
    """The last answer to each studio."""
    return ByStudio(store, sent_ack, SentAck)
