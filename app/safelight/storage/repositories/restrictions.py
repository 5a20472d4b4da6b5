"""Repository of restrictions: people of whom nothing may be used for now (GDPR Art. 18), and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import PersonId, SubjectId
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.tables import restriction
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Restriction:
    """Since when nothing of ``subject`` is used, why in words, and who of the studio entered it."""

    subject: SubjectId
    at: datetime
    why: str
    by: PersonId | None


class RestrictionsRepository:
    """At most one per person, sealed under the person's evidence key; that there is one stands in clear."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, made: Restriction) -> None:
        """Begin one; a second for the same person is refused by the database."""
        key = self._store.keys.evidence(made.subject)
        sealed = self._store.seal(key, "restriction", made.subject, 1, encoded(made))
        row = {"subject": made.subject, "at": rfc3339(made.at), "version": 1, "sealed": sealed}
        t.connection.execute(insert(restriction), row)

    def remove(self, t: Transaction, subject: SubjectId) -> bool:
        """Lift it; whether there was one."""
        return bool(t.connection.execute(delete(restriction).where(restriction.c.subject == subject)).rowcount)

    def of(self, subject: SubjectId) -> Restriction | None:
        """The restriction of one person, None where there is none."""
        with self._store.database.reading() as connection:
            row = connection.execute(select(restriction).where(restriction.c.subject == subject)).first()
        if row is None:
            return None
        key = self._store.keys.evidence(subject)
        sealed = self._store.open(key, "restriction", row.subject, row.version, row.sealed)
        made = decoded(Restriction, sealed, "a restriction")
        if (made.subject, rfc3339(made.at)) != (row.subject, row.at):
            raise Malformed(
                f"Row {subject} was put elsewhere than it belongs (table {restriction.name}).",
                "Restore a backup.",
                (f"restriction/{subject}",),
            )
        return made

    def people(self) -> frozenset[SubjectId]:
        """Everybody of whom nothing may be used now; nothing is opened."""
        with self._store.database.reading() as connection:
            return frozenset(map(SubjectId, connection.execute(select(restriction.c.subject)).scalars()))

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        for each in sorted(self.people()):
            try:
                self.of(each)
            except Malformed as error:
                yield error.title
            except SafelightError:  # erased, and the check finishes that
                yield None
            else:
                yield None
