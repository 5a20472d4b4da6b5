"""What every repository is made of: the database, the keys, and the one way a value is sealed for its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select

from safelight.documents.plain import from_plain, to_plain
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import OrganisationId
from safelight.keys.sealing import RowAddress, TableOpener, open_row, seal_row
from safelight.storage.database import Database
from safelight.storage.key_store import KeyStore
from safelight.storage.tables import mark

T = TypeVar("T")
_NEWEST = select(func.max(mark.c.newest_seen))  # made once: every commit asks it


@dataclass(frozen=True, slots=True)
class SealedStore:
    """Shared by all repositories of one archive."""

    studio: OrganisationId
    database: Database
    keys: KeyStore

    def seal(self, key: bytes, table: str, row: str, version: int, content: bytes) -> bytes:
        """``content`` under ``key``, bound to this studio, ``table`` (or ``table.column``), row and version."""
        return seal_row(key, content, RowAddress(self.studio, table, row, version))

    def open(self, key: bytes, table: str, row: str, version: int, sealed: bytes) -> bytes:
        """The other way; :class:`Malformed` names table and row."""
        return open_row(key, sealed, RowAddress(self.studio, table, row, version))

    def seal_own(self, table: str, row: str, version: int, content: bytes) -> bytes:
        """As :meth:`seal`, under the studio's own key: for what is not about one subject."""
        return self.seal(self.keys.own, table, row, version, content)

    def open_own(self, table: str, row: str, version: int, sealed: bytes) -> bytes:
        """As :meth:`open`, under the studio's own key."""
        return self.open(self.keys.own, table, row, version, sealed)

    def own_rows(self, table: str) -> TableOpener:
        """As :meth:`open_own`, for many rows of ``table``."""
        return TableOpener(self.keys.own, self.studio, table)


def encoded(value: Any) -> bytes:
    """A domain value as bytes to be sealed."""
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def decoded(cls: type[T], content: bytes, what: str) -> T:
    """The value again. The seal has vouched for the bytes, so the fast JSON reader is safe here."""
    return from_plain(cls, json.loads(content.decode()), "", what)


def next_version(connection: Connection, table: Table, key: str, id: str) -> int:
    """The version a row gets when it is written now: 1 for a new one."""
    found = connection.execute(select(table.c.version).where(table.c[key] == id)).scalar()
    return 1 if found is None else int(found) + 1


def next_ordinal(connection: Connection, table: Table) -> int:
    """The number after the highest one in use."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.ordinal), 0))).scalar_one()) + 1


def newest_time(connection: Connection) -> str:
    """The newest time any transaction was dated (RFC 3339)."""
    # Of several rows, which only somebody else can have put in, the latest time is the safe one.
    found: str | None = connection.execute(_NEWEST).scalar()
    if found is None:
        raise Malformed("The newest time that was seen was removed (table mark).", "Restore a backup.", ("mark",))
    return found


def unknown(what: str, id: str) -> WrongUsage:
    """The error for an id that is not in the archive."""
    return WrongUsage(f"There is no {what} {id} in this studio.", "Nothing was changed. Look up the right id.")
