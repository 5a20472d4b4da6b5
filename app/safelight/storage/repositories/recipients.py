"""Repository of recipients: organisations that may receive pictures, each with the card it was taken from."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from safelight.domain.ids import RecipientId
from safelight.domain.jurisdiction import Cover
from safelight.domain.people import Recipient
from safelight.storage.rows import RecipientRow
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_version, unknown
from safelight.storage.tables import recipient
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    recipient: Recipient
    card: str
    cover: Cover | None


class RecipientsRepository:
    """Recipients by their age key, sealed under the studio's key."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, who: Recipient, card: bytes, cover: Cover | None) -> None:
        """Write or replace a recipient. ``card`` are the exact bytes that were checked."""
        version = next_version(t.connection, recipient, "id", who.id)
        kept = encoded(_Kept(who, base64.b64encode(card).decode(), cover))
        values = {"version": version, "sealed": self._store.seal_own("recipient", who.id, version, kept)}
        if version == 1:
            t.connection.execute(insert(recipient), {"id": who.id, **values})
        else:
            t.connection.execute(update(recipient).where(recipient.c.id == who.id).values(**values))

    def get(self, id: RecipientId) -> RecipientRow:
        """One recipient; :class:`WrongUsage` if it is not in the list."""
        found = self._find(id)
        if not found:
            raise unknown("recipient", id)
        return found[0]

    def list(self) -> tuple[RecipientRow, ...]:
        """All of them, in the order they were added."""
        return self._find(None)

    def _find(self, id: RecipientId | None) -> tuple[RecipientRow, ...]:
        query = select(recipient.c.id, recipient.c.version, recipient.c.sealed).order_by(recipient.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if id is None else query.where(recipient.c.id == id)).all()
        kept = (
            decoded(_Kept, self._store.open_own("recipient", row.id, row.version, row.sealed), "a recipient")
            for row in rows
        )
        return tuple(RecipientRow(each.recipient, base64.b64decode(each.card), each.cover) for each in kept)
