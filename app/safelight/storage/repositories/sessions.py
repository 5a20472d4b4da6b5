"""Repository of sessions: the shoots of the studio, sealed under its own key; only their state is in clear."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from safelight.domain.ids import SessionId
from safelight.domain.session import Session
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_version, unknown
from safelight.storage.tables import session
from safelight.storage.transaction import Transaction


class SessionsRepository:
    """Shoots by id, in the order they were made."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, shoot: Session) -> None:
        """A new session."""
        values = self._values(shoot, 1)
        t.connection.execute(insert(session), {"id": shoot.id, **values})

    def put(self, t: Transaction, shoot: Session) -> None:
        """Replace one that is there."""
        version = next_version(t.connection, session, "id", shoot.id)
        if version == 1:
            raise unknown("session", shoot.id)
        t.connection.execute(update(session).where(session.c.id == shoot.id).values(**self._values(shoot, version)))

    def get(self, id: SessionId) -> Session:
        """One session; :class:`WrongUsage` if there is none of that id."""
        found = self._find(id)
        if not found:
            raise unknown("session", id)
        return found[0]

    def ids(self) -> tuple[SessionId, ...]:
        """The ids of all sessions, oldest first, without opening any."""
        query = select(session.c.id).order_by(session.c.ordinal)
        with self._store.database.reading() as connection:
            return tuple(map(SessionId, connection.execute(query).scalars()))

    def list(self) -> tuple[Session, ...]:
        """All sessions, oldest first."""
        return self._find(None)

    def _values(self, shoot: Session, version: int) -> dict[str, object]:
        sealed = self._store.seal_own("session", shoot.id, version, encoded(shoot))
        return {"state": shoot.state.value, "version": version, "sealed": sealed}

    def _find(self, id: SessionId | None) -> tuple[Session, ...]:
        query = select(session.c.id, session.c.version, session.c.sealed).order_by(session.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if id is None else query.where(session.c.id == id)).all()
        return tuple(
            decoded(Session, self._store.open_own("session", row.id, row.version, row.sealed), "a session")
            for row in rows
        )
