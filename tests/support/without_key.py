"""A database in the hands of somebody who has no key: rows are edited with SQLite alone, past every guard of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def edited(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction, kept if the block ends without an error.

    Whoever edits knows which triggers and checks are in the way, and puts the triggers back afterwards.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        query = "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for name, *_ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for _, made, table in triggers:
            if table in tables:
                connection.execute(made)
        connection.execute("COMMIT")


def exchange_index(
    connection: sqlite3.Connection, table: str, column: str, index: str, where: str = "false"
) -> None:
    """Let ``index`` find no other rows than those ``where``, while the schema reads as before: its tree is another."""
    connection.execute(f"CREATE INDEX other ON {table} ({column}) WHERE {where}")
    connection.execute("PRAGMA writable_schema = ON")
    (root,) = connection.execute("SELECT rootpage FROM main.sqlite_master WHERE name = 'other'").fetchone()
    connection.execute("UPDATE main.sqlite_master SET rootpage = ? WHERE name = ?", (root, index))
    connection.execute("DELETE FROM main.sqlite_master WHERE name = 'other'")


def copied_over(source: Path, target: Path) -> None:
    """Everything in ``target`` becomes what ``source`` holds, also for whoever has ``target`` open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)

