"""SQLite: one file, written by one connection and read by others; the only file that knows its dialect and driver.

Durability (measured under simulated power loss): rollback journal and ``synchronous=EXTRA``, so that COMMIT returns
only when the change and the names of the files that make it are on the device. No write-ahead log: Python's SQLite may
have the fault that loses commits with more than one connection (sqlite.org/wal.html, "WAL-reset bug", 3.7.0 to 3.51.2).
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.util import LRUCache

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
from safelight.storage.engine.file_queue import FileQueue
from safelight.storage.engine.file_stations import FileStations
from safelight.storage.engine.interface import Beginning, ChangedRow, Engine, ToldBy, Trigger
from safelight.storage.engine.several import Queue, Stations
from safelight.storage.permissions import make_private

BUSY_MILLISECONDS = 10_000
"""How long a connection waits for another one before giving up."""

_PRAGMAS = (
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "secure_delete=ON",  # off, deleted rows stay on the disk until their page is used again
    "temp_store=MEMORY",
    "mmap_size=0",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # otherwise REPLACE deletes without asking the append-only triggers
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
_LAST = "\U0010ffff"
"""Sorts after whatever else follows the beginning of a text."""
_COMPILED_AT_MOST = 1_000
"""Statements kept in compiled form; those asked least lately go first."""
_KEPT = "What was acknowledged before is kept; make room or check the disk, then try again."


class SqliteEngine(Engine):
    """The engine of a database that is one file on a local disk."""

    driver_error = sqlite3.Error

    def readers(self, path: Path) -> sa.Engine:
        return _pool(path, "rw", "BEGIN", "query_only=ON")

    def writers(self, path: Path, create: bool) -> sa.Engine:
        if create:
            make_private(path)
        return _pool(path, "rwc" if create else "rw", "BEGIN IMMEDIATE", "cache_size=-65536", "cache_spill=OFF")

    def queue(self, path: Path) -> Queue:
        return FileQueue(path.with_name(f"{path.name}-queue"))

    def stations(self, path: Path, command: str) -> Stations:
        return FileStations(path, command)

    def recover(self, writer: sa.Connection) -> None:
        writer.exec_driver_sql("SELECT count(*) FROM sqlite_master")

    def compact(self, writer: sa.Connection) -> None:
        # VACUUM runs outside transactions, so past SQLAlchemy, which would begin one.
        _raw(writer).execute("VACUUM")

    def copy_to(self, reader: sa.Connection, target: Path, durable: bool = True) -> None:
        make_private(target)
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            if not durable:
                copy.execute("PRAGMA synchronous=OFF")
            _raw(reader).backup(copy)
        finally:
            copy.close()

    def sentence(self, error: Exception, name: str) -> SafelightError | None:
        code = _code(error)
        file = f"“{name}”"
        if code == sqlite3.SQLITE_FULL:
            return DeviceFailure(f"{file} could not be written. The disk is full.", _KEPT)
        if code == sqlite3.SQLITE_IOERR:
            return DeviceFailure(f"{file} could not be written or read. The disk reported an error.", _KEPT)
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return DeviceFailure(f"{file} could not be opened for writing ({error}).", _KEPT)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return CannotOpen(
                f"Another program holds {file}.",
                "Nothing was changed. Close the program that has it open and try again.",
            )
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
            return Malformed(
                f"{file} is damaged ({error}).", "Nothing was changed. Restore the studio from a backup.", (name,)
            )
        if code == sqlite3.SQLITE_CONSTRAINT:
            return WrongUsage(f"The archive does not take this: {error}.", "Nothing was changed.")
        if code == sqlite3.SQLITE_ERROR and ("no such" in str(error) or "trigger on view" in str(error)):
            return Malformed(
                f"{file} is not as this program made it ({error}).", "Restore the studio from a backup.", (name,)
            )
        if "Could not decode" in str(error):
            # Somebody stored text where ciphertext belongs. What SQLite says quotes it, so it is not passed on.
            return Malformed(
                f"{file} is damaged (it has text where sealed bytes belong).",
                "Nothing was changed. Restore the studio from a backup.",
                (name,),
            )
        return None

    def is_device_fault(self, error: Exception) -> bool:
        # After a failed fsync the kernel may have dropped the pages.
        return _code(error) == sqlite3.SQLITE_IOERR

    def has_table(self, connection: sa.Connection, table: str) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return connection.exec_driver_sql(query, (table,)).first() is not None

    def stored_format(self, connection: sa.Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def store_format(self, connection: sa.Connection, number: int) -> None:
        connection.exec_driver_sql(f"PRAGMA user_version = {number:d}")

    def append_only_triggers(self, table: str) -> tuple[Trigger, ...]:
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        return tuple(
            _trigger(f"{table}_no_{action.lower()}", f"BEFORE {action}", table, refuse)
            for action in ("UPDATE", "DELETE")
        )

    def change_triggers(self, table: str, statement: str) -> tuple[Trigger, ...]:
        return tuple(
            _trigger(f"{table}_changed_by_{action.lower()}", f"AFTER {action}", table, statement)
            for action in ("INSERT", "UPDATE", "DELETE")
        )

    def altered(self, connection: sa.Connection, triggers: Iterable[Trigger]) -> list[Trigger]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        present = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
        return [trigger for trigger in triggers if trigger.statements != (present.get(trigger.name),)]

    def schema(self, connection: sa.Connection) -> dict[str, str]:
        # What SQLite makes by itself (the index of a primary key) has no statement, but a name and a table.
        query = "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_master"
        rows = _raw(connection).execute(query)
        return {f"{kind} {name}": sql or f"made by itself for {table}" for kind, name, table, sql in rows}

    def rows(
        self, connection: sa.Connection, table: str, told_by: ToldBy, values: Sequence[str] | None = None
    ) -> Iterator[tuple[str | None, str]]:
        raw = _raw(connection)
        query = f'SELECT {_part(told_by)}, {_content(raw, table)} FROM main."{table}"'  # noqa: S608 - our own names
        if values is None:
            yield from raw.execute(query)
        elif isinstance(told_by, Beginning):
            # A range, because only that is looked up in an index.
            query += f' WHERE "{told_by.column}" >= ? AND "{told_by.column}" < ?'
            for value in values:
                yield from raw.execute(query, (value, f"{value}{_LAST}"))
        else:
            yield from raw.execute(f'{query} WHERE "{told_by}" IN ({", ".join("?" * len(values))})', values)

    def watch_rows(self, writer: sa.Connection, tables: Mapping[str, ToldBy]) -> None:
        # Temporary tables and triggers are this connection's alone, lie in memory, and roll back with its transaction.
        raw = _raw(writer)
        raw.execute("CREATE TEMP TABLE changed_row (name TEXT, part TEXT, sign INTEGER, content TEXT)")
        for table, told_by in tables.items():
            before, after = (_noting(raw, table, told_by, row, sign) for row, sign in (("OLD.", -1), ("NEW.", 1)))
            for action, noting in (("INSERT", after), ("UPDATE", before + after), ("DELETE", before)):
                name = f"note_{table}_{action.lower()}"
                raw.execute(f'CREATE TEMP TRIGGER {name} AFTER {action} ON main."{table}" BEGIN {noting} END')

    def changed_rows(self, writer: sa.Connection) -> list[ChangedRow]:
        raw = _raw(writer)
        found = [ChangedRow(*row) for row in raw.execute("SELECT name, part, sign, content FROM temp.changed_row")]
        if found:
            raw.execute("DELETE FROM temp.changed_row")
        return found

    def others_wrote(self, connection: sa.Connection) -> int:
        return int(_raw(connection).execute("PRAGMA data_version").fetchone()[0])

    def is_indexed_right(self, connection: sa.Connection, table: str) -> bool:
        return [row[0] for row in _raw(connection).execute(f"PRAGMA main.integrity_check('{table}')")] == ["ok"]

    def insert_if_absent(self, table: sa.Table) -> sa.Insert:
        return sa.insert(table).prefix_with("OR IGNORE")

    def insert_or_replace(self, table: sa.Table) -> sa.Insert:
        return _replacing(table)

    def faults(self, connection: sa.Connection, name: str) -> Iterator[str]:
        for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if line != "ok":
                yield f"{name}: {line}"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"{name}: row {row[1]} of table {row[0]} names a {row[2]} that is not there."


@functools.cache
def _replacing(table: sa.Table) -> sa.Insert:
    return sa.insert(table).prefix_with("OR REPLACE")


def _trigger(name: str, when: str, table: str, statement: str) -> Trigger:
    return Trigger(name, table, (f"CREATE TRIGGER {name} {when} ON {table} BEGIN {statement}; END",))


def _part(told_by: ToldBy, row: str = "") -> str:
    if told_by is None:
        return "NULL"
    column = told_by if isinstance(told_by, str) else told_by.column
    value = f'{row}"{column}"'
    text = value if isinstance(told_by, str) else f"substr({value}, 1, {told_by.length:d})"
    return f"CASE typeof({value}) WHEN 'blob' THEN 'x' || hex({value}) ELSE {text} END"  # bytes name nobody of ours


def _noting(raw: sqlite3.Connection, table: str, told_by: ToldBy, row: str, sign: int) -> str:
    values = f"'{table}', {_part(told_by, row)}, {sign}, {_content(raw, table, row)}"
    return f"INSERT INTO changed_row VALUES ({values});"  # noqa: S608 - our own names


def _content(raw: sqlite3.Connection, table: str, row: str = "") -> str:
    """The expression for the content of a row, made by the database itself, several times as fast as in Python.

    Written in hexadecimal digits, because what SQLite quotes ends at the first NUL of a text.
    """
    names = sorted(found[1] for found in raw.execute(f"PRAGMA main.table_info('{table}')"))
    return "''" if not names else " || ".join(
        f"CASE typeof({each}) WHEN 'blob' THEN "
        f"'b' || length({each}) || ':' || hex(substr({each}, 1, 12)) || hex(substr({each}, -16)) || ',' "
        f"ELSE substr(typeof({each}), 1, 1) || hex({each}) || ',' END"
        for each in (f'{row}"{name}"' for name in names)
    )


def _code(error: Exception) -> int:
    # The low byte is the primary code (sqlite.org/rescode.html); the rest only refines it.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise AssertionError("only SQLite is opened here")
    return raw


@functools.cache
def _shared() -> tuple[sa.Dialect, LRUCache[Any, Any]]:
    """The dialect of all databases of this process, and the statements compiled in it."""
    nothing = sa.create_engine("sqlite://")
    with nothing.connect():  # whereupon the dialect knows which SQLite it speaks to
        pass
    nothing.dispose()
    return nothing.dialect, LRUCache(_COMPILED_AT_MOST)


def _pool(path: Path, mode: str, begin: str, *pragmas: str) -> sa.Engine:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    pool = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            uri, uri=True, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
        ),
        poolclass=sa.QueuePool, pool_size=4, max_overflow=-1,
    )
    # Whoever reads and whoever writes ask much the same: a statement is compiled once, for all of them. What is kept
    # is known by the dialect, so they share that too; what either holds says nothing of a file or a connection.
    pool.dialect, compiled = _shared()
    pool.update_execution_options(compiled_cache=compiled)

    @event.listens_for(pool, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        for pragma in (*_PRAGMAS, *pragmas):
            raw.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(pool, "begin")
    def _begin(connection: sa.Connection) -> None:
        # Python's own handling starts transactions late and commits around DDL; ours is explicit.
        connection.exec_driver_sql(begin)

    return pool
