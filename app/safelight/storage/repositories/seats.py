"""Repository of seats: which sitting may write for one person in one session."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from safelight.domain.ids import SessionId, SubjectId
from safelight.storage.database import Database
from safelight.storage.tables import seat
from safelight.storage.transaction import Transaction


class SeatsRepository:
    """At most one sitting per person and session, by an id that means nothing else, so nothing is sealed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, t: Transaction, subject: SubjectId, session: SessionId, sitting: str) -> None:
        """Seat this sitting, in place of any other."""
        where = (seat.c.subject == subject) & (seat.c.session == session)
        if not t.connection.execute(update(seat).where(where).values(sitting=sitting)).rowcount:
            t.connection.execute(insert(seat).values(subject=subject, session=session, sitting=sitting))

    def holder(self, subject: SubjectId, session: SessionId) -> str | None:
        """The sitting that has the seat; None when nobody sat there, or the person was erased."""
        query = select(seat.c.sitting).where((seat.c.subject == subject) & (seat.c.session == session))
        with self._database.reading() as connection:
            found: str | None = connection.execute(query).scalar()
        return found
