"""Repository of validations: which second person looked at which receipt, what they confirmed, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from safelight.domain.clearance import Validation
from safelight.domain.ids import ReceiptId, SessionId
from safelight.storage.rows import KeptValidation
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal
from safelight.storage.tables import receipt, subject, validation
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    validation: Validation
    checklist: tuple[str, ...]
    statement: str = ""
    signature: str = ""


class ValidationsRepository:
    """Validations per receipt, sealed under the studio's key: they name its staff. Which ones count, others decide."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(
        self,
        t: Transaction,
        made: Validation,
        checklist: Sequence[str] = (),
        statement: bytes = b"",
        signature: str = "",
    ) -> None:
        """Keep a validation: the ids of the points that were confirmed, the statement (JSON), its SSHSIG signature."""
        ordinal = next_ordinal(t.connection, validation)
        kept = _Kept(made, tuple(checklist), statement.decode(), signature)
        sealed = self._store.seal_own("validation", str(ordinal), 1, encoded(kept))
        row = insert(validation).values(ordinal=ordinal, receipt=made.receipt, version=1, sealed=sealed)
        t.connection.execute(row)

    def all_of(self, id: ReceiptId) -> tuple[KeptValidation, ...]:
        """Every validation kept under a receipt, the latest first, whether it counts or not."""
        query = select(validation.c.ordinal, validation.c.version, validation.c.sealed)
        query = query.where(validation.c.receipt == id).order_by(validation.c.ordinal.desc())
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(self._opened(row.ordinal, row.version, row.sealed) for row in rows)

    def all_of_session(self, session: SessionId) -> dict[ReceiptId, tuple[KeptValidation, ...]]:
        """As :meth:`all_of` for every receipt of the people of a session that has any."""
        query = select(validation.c.receipt, validation.c.ordinal, validation.c.version, validation.c.sealed)
        query = query.join(receipt, receipt.c.id == validation.c.receipt)
        query = query.join(subject, subject.c.id == receipt.c.subject).where(subject.c.session == session)
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(validation.c.ordinal.desc())).all()
        found: dict[ReceiptId, list[KeptValidation]] = {}
        for row in rows:
            found.setdefault(ReceiptId(row.receipt), []).append(self._opened(row.ordinal, row.version, row.sealed))
        return {id: tuple(kept) for id, kept in found.items()}

    def _opened(self, ordinal: int, version: int, sealed: bytes) -> KeptValidation:
        content = self._store.open_own("validation", str(ordinal), version, sealed)
        kept = decoded(_Kept, content, "a validation")
        return KeptValidation(kept.validation, kept.checklist, kept.statement.encode(), kept.signature)
