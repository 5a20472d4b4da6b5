"""Which keys lie in a copy of a key store, by owner and purpose; nothing is opened, and nothing written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from safelight.storage.backup_manifest import STORE, copied
from safelight.storage.database import Database
from safelight.storage.key_rows import key


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A database of another folder, given back at the end."""
    database = Database(path)
    try:
        yield database
    finally:
        database.close()


def names_in(store: Path) -> set[tuple[str, str]]:
    """Owner and purpose of every key in a key store."""
    with opened(store) as database, database.reading() as connection:
        return {(each.owner, each.purpose) for each in connection.execute(select(key.c.owner, key.c.purpose))}


def keys_in(store: Path, copy: Path) -> set[tuple[str, str]]:
    """As :func:`names_in`, of one that is read as ``copy``, not where it lies; that is removed again."""
    try:
        copied(store, copy, STORE)
        return names_in(copy)
    finally:
        for each in copy.parent.glob(f"{copy.name}*"):
            each.unlink()
