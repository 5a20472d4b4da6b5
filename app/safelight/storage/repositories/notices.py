"""Repository of notices: the exact words people were shown, for ever, under their hash."""

from __future__ import annotations

import hashlib

from sqlalchemy import insert, select

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256
from safelight.domain.notice import Notice
from safelight.storage.sealed_store import SealedStore, decoded, encoded, unknown
from safelight.storage.tables import notice
from safelight.storage.transaction import Transaction


class NoticesRepository:
    """Notices by the SHA-256 of their text, sealed under the studio's key."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, shown: Notice) -> Sha256:
        """Keep a notice as it is shown; one that is there already stays as it is. Returns its hash."""
        sha256 = shown.sha256
        if not t.connection.execute(select(notice.c.sha256).where(notice.c.sha256 == sha256)).first():
            seal = self._store.seal_own
            values = {
                "text": seal("notice.text", sha256, 1, shown.text),
                "sealed": seal("notice", sha256, 1, encoded(shown)),
            }
            t.connection.execute(insert(notice).values(sha256=sha256, version=1, **values))
        return sha256

    def text(self, sha256: Sha256) -> bytes:
        """The exact bytes that were shown."""
        _, version, text, _ = self._row(sha256)
        content = self._store.open_own("notice.text", sha256, version, text)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Malformed(f"The notice {sha256} is not the text its hash names.", "Restore it from a backup.")
        return content

    def get(self, sha256: Sha256) -> Notice:
        """The notice with its items."""
        _, version, _, sealed = self._row(sha256)
        return decoded(Notice, self._store.open_own("notice", sha256, version, sealed), "a notice")

    def list(self) -> tuple[Sha256, ...]:
        """The hashes of all notices."""
        with self._store.database.reading() as connection:
            return tuple(connection.execute(select(notice.c.sha256).order_by(notice.c.sha256)).scalars())

    def _row(self, sha256: Sha256) -> tuple[str, int, bytes, bytes]:
        query = select(notice.c.sha256, notice.c.version, notice.c.text, notice.c.sealed)
        with self._store.database.reading() as connection:
            row = connection.execute(query.where(notice.c.sha256 == sha256)).first()
        if row is None:
            raise unknown("notice", sha256)
        return row.sha256, row.version, row.text, row.sealed
