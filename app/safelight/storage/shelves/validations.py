"""The shelf of validations: which second person looked at which signed receipt, and what they ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from safelight.domain.clearance import Validation
from safelight.domain.ids import ReceiptId
from safelight.storage.cabinet import Cabinet, decoded, encoded, next_ordinal
from safelight.storage.tables import validation
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    validation: Validation
    checklist: tuple[str, ...]


class ValidationsShelf:
    """Validations per receipt; the latest counts. Sealed under the studio's key: they name its staff."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet

    def add(self, t: Transaction, made: Validation, checklist: Sequence[str] = ()) -> None:
        """Keep a validation; ``checklist`` are the ids of the points that were ticked."""
        ordinal = next_ordinal(t.connection, validation)
        sealed = self._cabinet.seal_own("validation", str(ordinal), 1, encoded(_Kept(made, tuple(checklist))))
        row = insert(validation).values(ordinal=ordinal, receipt=made.receipt, version=1, sealed=sealed)
        t.connection.execute(row)

    def of(self, receipt: ReceiptId) -> Validation | None:
        """The latest validation of a receipt, None if nobody looked yet."""
        kept = self._latest(receipt)
        return None if kept is None else kept.validation

    def checklist(self, receipt: ReceiptId) -> tuple[str, ...]:
        """What was ticked in it."""
        kept = self._latest(receipt)
        return () if kept is None else kept.checklist

    def _latest(self, receipt: ReceiptId) -> _Kept | None:
        query = select(validation.c.ordinal, validation.c.version, validation.c.sealed)
        query = query.where(validation.c.receipt == receipt).order_by(validation.c.ordinal.desc()).limit(1)
        with self._cabinet.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        content = self._cabinet.open_own("validation", str(row.ordinal), row.version, row.sealed)
        return decoded(_Kept, content, "a validation")
