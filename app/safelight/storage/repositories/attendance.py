"""Repository of attendance: who of a session arrived, is absent or is not photographed, sealed for each person."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, insert, select, update

from safelight.domain.attendance import Attendance
from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.ids import SessionId, SubjectId
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.tables import attendance
from safelight.storage.transaction import Transaction


class AttendanceRepository:
    """At most one row per person and session, under the person's evidence key; none for whom nothing is known."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, subject: SubjectId, session: SessionId, known: Attendance) -> None:
        """Keep it, in place of what was known before."""
        where = (attendance.c.subject == subject) & (attendance.c.session == session)
        before = t.connection.execute(select(attendance.c.version).where(where)).scalar()
        version = 1 if before is None else before + 1
        key = self._store.keys.evidence(subject)
        sealed = self._store.seal(key, "attendance", _row(subject, session), version, encoded(known))
        if before is None:
            values = {"subject": subject, "session": session, "version": version, "sealed": sealed}
            t.connection.execute(insert(attendance).values(**values))
        else:
            t.connection.execute(update(attendance).where(where).values(version=version, sealed=sealed))

    def get(self, subject: SubjectId, session: SessionId) -> Attendance:
        """What is known of one person; :class:`Malformed` when somebody changed it."""
        query = select(attendance).where((attendance.c.subject == subject) & (attendance.c.session == session))
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        return Attendance() if row is None else self._opened(row, self._store.keys.evidence(subject))

    def all(self, session: SessionId) -> dict[SubjectId, Attendance]:
        """Everybody of a session of whom something is known; a row that does not open is left out."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(attendance).where(attendance.c.session == session)).all()
        keys = self._store.keys.many("evidence", [row.subject for row in rows], skip_damaged=True)
        found = {}
        for row in rows:
            with contextlib.suppress(Malformed, KeyError):
                found[SubjectId(row.subject)] = self._opened(row, keys[row.subject])
        return found

    def remove(self, t: Transaction, subject: SubjectId) -> int:
        """Erase what is known of one person, in every session; how many rows went."""
        return t.connection.execute(delete(attendance).where(attendance.c.subject == subject)).rowcount

    def faults(self) -> Iterator[str | None]:
        """A sentence for each row that does not open, None for each that does (for the check)."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(attendance).order_by(attendance.c.subject)).all()
        for row in rows:
            try:
                self._opened(row, self._store.keys.evidence(row.subject))
            except Refused:
                yield None  # erased on purpose
            except SafelightError as error:
                yield error.title
            else:
                yield None

    def _opened(self, row: Any, key: bytes) -> Attendance:
        plain = self._store.open(key, "attendance", _row(row.subject, row.session), row.version, row.sealed)
        return decoded(Attendance, plain, "an attendance")


def _row(subject: str, session: str) -> str:
    return f"{subject}/{session}"
