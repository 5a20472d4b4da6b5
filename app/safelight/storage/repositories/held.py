"""Repository of ceremonies in progress: answers so far, sealed, until they are signed or erase themselves."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed
from safelight.domain.ids import SessionId, SubjectId
from safelight.storage.rows import HeldCeremony
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.tables import held
from safelight.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    """A held ceremony as it is sealed: the caller's bytes as Base64."""

    subject: SubjectId
    session: SessionId
    kept_at: datetime
    erase_at: datetime
    content: str


class HeldRepository:
    """At most one ceremony per person and session, under the person's evidence key; the newest replaces the last."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, kept: HeldCeremony) -> None:
        """Keep it, in place of what was kept before."""
        where = (held.c.subject == kept.subject) & (held.c.session == kept.session)
        before = t.connection.execute(select(held.c.version).where(where)).scalar()
        version = 1 if before is None else before + 1
        plain = _Kept(
            kept.subject, kept.session, kept.kept_at, kept.erase_at, base64.b64encode(kept.content).decode()
        )
        key = self._store.keys.evidence(kept.subject)
        values: dict[str, Any] = {
            "kept_at": rfc3339(kept.kept_at),
            "erase_at": rfc3339(kept.erase_at),
            "version": version,
            "sealed": self._store.seal(key, "held", _row(kept.subject, kept.session), version, encoded(plain)),
        }
        if before is None:
            t.connection.execute(insert(held).values(subject=kept.subject, session=kept.session, **values))
        else:
            t.connection.execute(update(held).where(where).values(**values))

    def find(self, subject: SubjectId, session: SessionId) -> HeldCeremony | None:
        """What is held of one person; None for nothing, :class:`Malformed` when somebody changed it."""
        query = select(held).where((held.c.subject == subject) & (held.c.session == session))
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else self._opened(row)

    def remove(self, t: Transaction, subject: SubjectId, session: SessionId) -> bool:
        """Erase what is held of one person; whether there was anything."""
        where = (held.c.subject == subject) & (held.c.session == session)
        return bool(t.connection.execute(delete(held).where(where)).rowcount)

    def expired(self, now: datetime) -> tuple[tuple[SubjectId, SessionId], ...]:
        """Whose time is over, by the column in clear: nothing is opened."""
        query = select(held.c.subject, held.c.session).where(held.c.erase_at <= rfc3339(now))
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(held.c.erase_at, held.c.subject)).all()
        return tuple((SubjectId(row.subject), SessionId(row.session)) for row in rows)

    def people(self, session: SessionId, now: datetime) -> frozenset[SubjectId]:
        """Of whom something is held in one session that does not erase itself yet; nothing is opened."""
        query = select(held.c.subject).where((held.c.session == session) & (held.c.erase_at > rfc3339(now)))
        with self._store.database.reading() as connection:
            return frozenset(map(SubjectId, connection.execute(query).scalars()))

    def everything(self) -> tuple[tuple[SubjectId, SessionId], ...]:
        """Of whom something is held, for the check; nothing is opened."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(held.c.subject, held.c.session).order_by(held.c.subject)).all()
        return tuple((SubjectId(row.subject), SessionId(row.session)) for row in rows)

    def _opened(self, row: Any) -> HeldCeremony:
        id = _row(row.subject, row.session)
        key = self._store.keys.evidence(row.subject)
        kept = decoded(_Kept, self._store.open(key, "held", id, row.version, row.sealed), "a ceremony in progress")
        told = (kept.subject, kept.session, rfc3339(kept.kept_at), rfc3339(kept.erase_at))
        if told != (row.subject, row.session, row.kept_at, row.erase_at):
            raise Malformed(
                f"The ceremony in progress of subject {row.subject} was put elsewhere than it belongs (table held).",
                "Nothing was signed. Ask the person again.",
                (f"held/{id}",),
            )
        return HeldCeremony(kept.subject, kept.session, kept.kept_at, kept.erase_at, base64.b64decode(kept.content))


def _row(subject: str, session: str) -> str:
    return f"{subject}/{session}"
