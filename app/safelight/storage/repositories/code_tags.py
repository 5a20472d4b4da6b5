"""Repository of receipt codes by their keyed hash: who types a code is found without opening a receipt."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select

from safelight.domain.ids import ReceiptId, SubjectId
from safelight.storage.database import Database
from safelight.storage.tables import code_tag, receipt
from safelight.storage.transaction import Transaction


class CodeTagsRepository:
    """One tag per receipt (``keys.tags.code_tag``); those of before there were tags are added when first looked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, t: Transaction, tags: Mapping[ReceiptId, tuple[str, SubjectId]]) -> None:
        """Keep the tag of each of these receipts, and whose they are."""
        rows = [{"tag": tag, "receipt": id, "subject": person} for id, (tag, person) in tags.items()]
        if rows:
            t.connection.execute(insert(code_tag), rows)

    def find(self, tag: str) -> tuple[ReceiptId, SubjectId] | None:
        """Whose receipt has this tag, None where there is none."""
        query = select(code_tag.c.receipt, code_tag.c.subject).where(code_tag.c.tag == tag)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (ReceiptId(row.receipt), SubjectId(row.subject))

    def missing(self) -> tuple[ReceiptId, ...]:
        """The receipts that have no tag yet."""
        query = select(receipt.c.id).where(receipt.c.id.not_in(select(code_tag.c.receipt))).order_by(receipt.c.ordinal)
        with self._database.reading() as connection:
            return tuple(map(ReceiptId, connection.execute(query).scalars()))
