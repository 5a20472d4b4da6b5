"""Repository of requests: what people asked of the studio under the law, sealed for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, insert, select, update

from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.ids import RequestId, SubjectId
from safelight.domain.requests import RightsRequest
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal, unknown
from safelight.storage.tables import rights_request
from safelight.storage.transaction import Transaction

_COLUMNS = rights_request.c


class RequestsRepository:
    """Requests in the order they were entered, under the evidence key of whom each is about."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, made: RightsRequest) -> None:
        """Keep a new one."""
        ordinal = next_ordinal(t.connection, rights_request)
        row = {"ordinal": ordinal, "id": made.id, "subject": made.subject, "at": rfc3339(made.entered)}
        t.connection.execute(insert(rights_request), row | self._values(made, 1))

    def put(self, t: Transaction, made: RightsRequest) -> None:
        """Replace what is known of one that is there."""
        mine = _COLUMNS.id == made.id
        version = t.connection.execute(select(_COLUMNS.version).where(mine)).scalar()
        if version is None:
            raise unknown("request", made.id)
        t.connection.execute(update(rights_request).where(mine).values(**self._values(made, version + 1)))

    def get(self, id: RequestId) -> RightsRequest:
        """One request; :class:`WrongUsage` if unknown, :class:`Malformed` if damaged."""
        with self._store.database.reading() as connection:
            row = connection.execute(self._query().where(_COLUMNS.id == id)).first()
        if row is None:
            raise unknown("request", id)
        return self._opened(row, self._store.keys.evidence(SubjectId(row.subject)))

    def of(self, subject: SubjectId) -> tuple[RightsRequest, ...]:
        """All of one person."""
        with self._store.database.reading() as connection:
            rows = connection.execute(self._query().where(_COLUMNS.subject == subject)).all()
        return tuple(self._opened(row, self._store.keys.evidence(subject)) for row in rows)

    def list(self) -> tuple[RightsRequest, ...]:
        """All there are of people whose keys are there; raises :class:`Malformed` for one that does not open."""
        with self._store.database.reading() as connection:
            rows = connection.execute(self._query()).all()
        keys = self._store.keys.many("evidence", sorted({row.subject for row in rows}), skip_damaged=True)
        return tuple(self._opened(row, keys[row.subject]) for row in rows if row.subject in keys)

    def ids(self) -> tuple[RequestId, ...]:
        """The ids of all, nothing is opened."""
        with self._store.database.reading() as connection:
            return tuple(connection.execute(select(_COLUMNS.id).order_by(_COLUMNS.ordinal)).scalars())

    def faults(self) -> Iterator[str | None]:
        """A sentence per row that does not open or was put elsewhere, None per sound one."""
        with self._store.database.reading() as connection:
            rows = connection.execute(self._query()).all()
        for row in rows:
            try:
                self._opened(row, self._store.keys.evidence(row.subject))
            except Refused:
                yield None  # erased on purpose
            except SafelightError as error:
                yield error.title
            else:
                yield None

    @staticmethod
    def _query() -> Select[Any]:
        columns = _COLUMNS.id, _COLUMNS.subject, _COLUMNS.at, _COLUMNS.version, _COLUMNS.sealed
        return select(*columns).order_by(_COLUMNS.ordinal)

    def _values(self, made: RightsRequest, version: int) -> dict[str, object]:
        key = self._store.keys.evidence(made.subject)
        sealed = self._store.seal(key, rights_request.name, made.id, version, encoded(made))
        return {"version": version, "sealed": sealed}

    def _opened(self, row: Any, key: bytes) -> RightsRequest:
        content = self._store.open(key, rights_request.name, row.id, row.version, row.sealed)
        made = decoded(RightsRequest, content, "a request")
        if (made.id, made.subject, rfc3339(made.entered)) != (row.id, row.subject, row.at):
            raise Malformed(
                f"Row {row.id} was put elsewhere than it belongs (table {rights_request.name}).",
                "Restore a backup.",
                (f"{rights_request.name}/{row.id}",),
            )
        return made
