"""Repository of subjects: each sealed under keys of their own, so that one can be erased and the rest stays."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed
from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.people import Subject
from safelight.storage.rows import SubjectLine
from safelight.storage.sealed_store import SealedStore, decoded, encoded, unknown
from safelight.storage.tables import attendance, seat, subject
from safelight.storage.transaction import Transaction


class SubjectsRepository:
    """People by id, in the order they were added. ``state`` is a word of the caller's, kept in clear."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, person: Subject, session: SessionId, state: str) -> None:
        """Take a new person in: their two keys are made durable first, then the row is written under them."""
        self.add_many(t, [person], session, state)

    def add_many(self, t: Transaction, people: Sequence[Subject], session: SessionId, state: str) -> None:
        """As :meth:`add` for a whole roster, with one durable step for all keys."""
        if not people:
            return
        ids = [person.id for person in people]
        self._store.keys.add(ids, t.now)
        keys = self._store.keys.many("evidence", ids)
        rows = [
            {"id": person.id, "session": session, "state": state, **self._values(person, keys[person.id], 1)}
            for person in people
        ]
        t.connection.execute(insert(subject), rows)

    def put(self, t: Transaction, person: Subject) -> None:
        """Replace what is known of somebody who is there."""
        version = t.connection.execute(select(subject.c.version).where(subject.c.id == person.id)).scalar()
        if version is None:
            raise unknown("subject", person.id)
        values = self._values(person, self._store.keys.evidence(person.id), version + 1)
        t.connection.execute(update(subject).where(subject.c.id == person.id).values(**values))

    def remove(self, t: Transaction, id: SubjectId) -> None:
        """Take somebody out of whom nothing else is kept, seat and attendance with them; their keys go after that."""
        t.connection.execute(delete(attendance).where(attendance.c.subject == id))
        t.connection.execute(delete(seat).where(seat.c.subject == id))
        if not t.connection.execute(delete(subject).where(subject.c.id == id)).rowcount:
            raise unknown("subject", id)
        t.afterwards(lambda: self._destroy(id, t))

    def _destroy(self, id: SubjectId, t: Transaction) -> None:
        # No row is left under these keys; those that cannot be destroyed now are dropped by the next check.
        with contextlib.suppress(CannotOpen, DeviceFailure):
            self._store.keys.destroy([id], ("portrait", "evidence"), t.now)

    def set_state(self, t: Transaction, id: SubjectId, state: str) -> None:
        """Change the state alone."""
        if not t.connection.execute(_SET_STATE, {"whose": id, "to": state}).rowcount:
            raise unknown("subject", id)

    def is_there(self, id: SubjectId) -> bool:
        """Whether there is a row of this person; nothing is opened."""
        with self._store.database.reading() as connection:
            return connection.execute(select(subject.c.id).where(subject.c.id == id)).first() is not None

    def get(self, id: SubjectId) -> Subject:
        """One person; :class:`WrongUsage` if unknown, :class:`Refused` if erased, :class:`Malformed` if damaged."""
        query = select(subject.c.version, subject.c.sealed).where(subject.c.id == id)
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None and id not in self._store.keys.gone():
            raise unknown("subject", id)
        key = self._store.keys.evidence(id)  # raises for somebody who was erased
        if row is None:
            raise unknown("subject", id)
        return decoded(Subject, self._store.open(key, "subject", id, row.version, row.sealed), "a subject")

    def line(self, id: SubjectId) -> SubjectLine:
        """One person's line of the list: name, state, session."""
        found = self._lines(select(*_LINE).where(subject.c.id == id))
        if not found:
            raise unknown("subject", id)
        return found[0]

    def names(
        self, offset: int = 0, limit: int | None = None, session: SessionId | None = None
    ) -> tuple[SubjectLine, ...]:
        """A page of the list, everybody when ``limit`` is None; one that does not open is marked as damaged."""
        query = select(*_LINE).order_by(subject.c.ordinal).limit(limit).offset(offset)
        return self._lines(query if session is None else query.where(subject.c.session == session))

    def opened(self, session: SessionId | None = None) -> tuple[Subject, ...]:
        """Everything known of everybody (of one session), in order, except of those whose rows do not open."""
        query = select(subject.c.id, subject.c.version, subject.c.sealed).order_by(subject.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if session is None else query.where(subject.c.session == session)).all()
        keys = self._store.keys.many("evidence", [row.id for row in rows], skip_damaged=True)
        people = []
        for row in rows:
            with contextlib.suppress(Malformed, KeyError):
                plain = self._store.open(keys[row.id], "subject", row.id, row.version, row.sealed)
                people.append(decoded(Subject, plain, "a subject"))
        return tuple(people)

    def count(self, session: SessionId | None = None) -> int:
        """How many there are."""
        query = select(func.count()).select_from(subject)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if session is None else query.where(subject.c.session == session))
            return int(rows.scalar_one())

    def counts(self) -> dict[SessionId, int]:
        """How many there are in each session that has any, without opening one."""
        query = select(subject.c.session, func.count()).group_by(subject.c.session)
        with self._store.database.reading() as connection:
            return {SessionId(session): int(count) for session, count in connection.execute(query)}

    def ids(self, session: SessionId | None = None) -> tuple[SubjectId, ...]:
        """Their ids, in order."""
        query = select(subject.c.id).order_by(subject.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if session is None else query.where(subject.c.session == session))
            return tuple(rows.scalars())

    def _values(self, person: Subject, key: bytes, version: int) -> dict[str, object]:
        seal = self._store.seal
        return {
            "version": version,
            "line": seal(key, "subject.line", person.id, version, person.name.encode()),
            "sealed": seal(key, "subject", person.id, version, encoded(person)),
        }

    def _lines(self, query: object) -> tuple[SubjectLine, ...]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()  # type: ignore[call-overload]
        keys = self._store.keys.many("evidence", [row.id for row in rows], skip_damaged=True)
        lines = []
        for id, session, state, version, sealed in rows:
            try:
                name = self._store.open(keys[id], "subject.line", id, version, sealed).decode()
            except (Malformed, KeyError):
                lines.append(SubjectLine(id, "", state, session, damaged=True))
            else:
                lines.append(SubjectLine(id, name, state, session))
        return tuple(lines)


_LINE = (subject.c.id, subject.c.session, subject.c.state, subject.c.version, subject.c.line)
_SET_STATE = update(subject).where(subject.c.id == bindparam("whose")).values(state=bindparam("to"))
