"""Repository of legal holds: what of a person must not be erased, and the one place that refuses to erase it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.holds import LegalHold, barring
from safelight.domain.ids import SubjectId
from safelight.storage.key_store import BATCH
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal, unknown
from safelight.storage.tables import legal_hold
from safelight.storage.transaction import Transaction


class UnderHold(Refused):
    """Something was to be erased that a hold keeps; ``holds`` are those that stand."""

    def __init__(self, holds: Sequence[LegalHold]) -> None:
        first = holds[0]
        super().__init__(
            f"There is a legal hold on this person until it is released ({first.what.value}).",
            "Nothing was erased. A hold is released by somebody of the studio once its reason is gone.",
        )
        self.holds = tuple(holds)


class LegalHoldsRepository:
    """Holds by person, sealed under the person's evidence key, which a hold on the proof keeps as well."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, made: LegalHold) -> None:
        """Keep a new hold."""
        row = {"ordinal": next_ordinal(t.connection, legal_hold), "id": made.id, "subject": made.subject}
        t.connection.execute(insert(legal_hold), {**row, **self._values(made, 1)})

    def put(self, t: Transaction, made: LegalHold) -> None:
        """Replace what is known of a hold that is there: it was released."""
        version = t.connection.execute(select(legal_hold.c.version).where(legal_hold.c.id == made.id)).scalar()
        if version is None:
            raise unknown("hold", made.id)
        values = self._values(made, version + 1)
        t.connection.execute(update(legal_hold).where(legal_hold.c.id == made.id).values(**values))

    def get(self, id: str) -> LegalHold:
        """One hold; :class:`WrongUsage` for an id nobody knows."""
        with self._store.database.reading() as connection:
            row = connection.execute(select(legal_hold).where(legal_hold.c.id == id)).first()
        if row is None:
            raise unknown("hold", id)
        return self._opened(row)

    def ids(self) -> tuple[str, ...]:
        """Every hold there is or was, in the order they were made; nothing is opened."""
        with self._store.database.reading() as connection:
            return tuple(connection.execute(select(legal_hold.c.id).order_by(legal_hold.c.ordinal)).scalars())

    def of(self, people: Sequence[SubjectId]) -> tuple[LegalHold, ...]:
        """Every hold on these people, the released ones too, in the order they were made."""
        with self._store.database.reading() as connection:
            return self._of(connection, people)

    def list(self) -> tuple[LegalHold, ...]:
        """All holds, the released ones too, without those whose person's proof was erased."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(legal_hold).order_by(legal_hold.c.ordinal)).all()
        gone = self._store.keys.gone()
        return tuple(self._opened(row) for row in rows if "evidence" not in gone.get(row.subject, ()))

    def require_none(
        self, t: Transaction, people: Sequence[SubjectId], portrait: bool = False, evidence: bool = False
    ) -> None:
        """Raise :class:`UnderHold` while any of these people's photos or proof must not go.

        A hold that does not open counts as one that stands: :class:`Malformed` is raised, and nothing is erased.
        """
        if standing := barring(self._of(t.connection, people), portrait, evidence):
            raise UnderHold(standing)

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        for id in self.ids():
            try:
                self.get(id)
            except Malformed as error:
                yield error.title
            except SafelightError:  # erased, and the check finishes that
                yield None
            else:
                yield None

    def _of(self, connection: Connection, people: Sequence[SubjectId]) -> tuple[LegalHold, ...]:
        rows: list[Any] = []
        asked = list(dict.fromkeys(people))
        for start in range(0, len(asked), BATCH):
            some = select(legal_hold).where(legal_hold.c.subject.in_(asked[start : start + BATCH]))
            rows += connection.execute(some.order_by(legal_hold.c.ordinal)).all()
        return tuple(self._opened(row) for row in rows)

    def _values(self, made: LegalHold, version: int) -> dict[str, object]:
        key = self._store.keys.evidence(made.subject)
        sealed = self._store.seal(key, "legal_hold", made.id, version, encoded(made))
        return {"version": version, "sealed": sealed}

    def _opened(self, row: Any) -> LegalHold:
        key = self._store.keys.evidence(row.subject)
        content = self._store.open(key, "legal_hold", row.id, row.version, row.sealed)
        made = decoded(LegalHold, content, "a hold")
        if (made.id, made.subject) != (row.id, row.subject):
            raise Malformed(
                f"Row {row.id} was put elsewhere than it belongs (table {legal_hold.name}).",
                "Restore a backup.",
                (f"legal_hold/{row.id}",),
            )
        return made
