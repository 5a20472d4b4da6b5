"""One SQLite file, written by one connection and read by others; whatever it complains about becomes two sentences.

Durability (measured under simulated power loss): rollback journal and ``synchronous=EXTRA``, so that COMMIT returns
only when the change and the names of the files that make it are on the device. No write-ahead log: Python's SQLite may
have the fault that loses commits with more than one connection (sqlite.org/wal.html, "WAL-reset bug", 3.7.0 to 3.51.2).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
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
_KEPT = "What was acknowledged before is kept; make room or check the disk, then try again."


class Database:
    """The connections to one SQLite file. ``writing`` is for one thread at a time; ``reading`` for any number."""

    def __init__(self, path: Path, create: bool = False) -> None:
        """Open the file; it must exist unless ``create``. What a crash left unfinished is rolled back here."""
        self.path = path
        self._turn = threading.Lock()
        self._writing_thread: int | None = None
        self._io_failed = False
        if create:
            make_private(path)
        with speaking(path):
            self._readers = _engine(path, "rw", "BEGIN", "query_only=ON")
            self._writers = _engine(path, "rwc" if create else "rw", "BEGIN IMMEDIATE", "cache_size=-65536")
            self._writer: Connection = self._writers.connect()
            try:
                self._writer.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                self._writer.rollback()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Give every connection back."""
        self._writer.close()
        self._writers.dispose()
        self._readers.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one connection that writes, in a transaction that commits when the block ends without an error."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread already")
        with self._turn:
            if self._io_failed:
                raise DeviceFailure(
                    "The disk failed during an earlier write, so nothing more is written.",
                    "What was acknowledged is kept. Close the studio, check the disk, and open it again.",
                )
            self._writing_thread = threading.get_ident()
            try:
                with speaking(self.path, self._note_failure), self._writer.begin():
                    yield self._writer
            finally:
                self._writing_thread = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; inside ``writing`` of the same thread, what that transaction has written so far."""
        if self._writing_thread == threading.get_ident():
            yield self._writer
            return
        with speaking(self.path), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def still(self) -> Iterator[Connection]:
        """Keep all writers out while the block runs; gives a connection to read with."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread")
        with self._turn, speaking(self.path), self._readers.connect() as connection:
            yield connection

    def compact(self) -> None:
        """Rewrite the file without the pages that hold nothing any more."""
        with self._turn, speaking(self.path):
            try:
                # VACUUM runs outside transactions, so past SQLAlchemy, which would begin one.
                _raw(self._writer).execute("VACUUM")
            except sqlite3.Error as error:
                self._note_failure(error)
                raise sentence(error, self.path) or error from error

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy to ``target`` (SQLite's backup interface); the caller keeps writers out."""
        make_private(target)
        with speaking(target), self._readers.connect() as connection:
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                _raw(connection).backup(copy)
            except sqlite3.Error as error:
                raise sentence(error, target) or error from error
            finally:
                copy.close()

    def _note_failure(self, error: sqlite3.Error) -> None:
        # After a failed fsync the kernel may have dropped the pages: only reading everything anew tells what is there.
        if _code(error) == sqlite3.SQLITE_IOERR:
            self._io_failed = True


@contextmanager
def speaking(path: Path, noted: Any = None) -> Iterator[None]:
    """Turn what SQLite raises inside the block into an error for people."""
    try:
        yield
    except DBAPIError as error:
        original = error.orig
        if not isinstance(original, sqlite3.Error):
            raise
        if noted is not None:
            noted(original)
        said = sentence(original, path)
        if said is None:
            raise
        raise said from error


def sentence(error: sqlite3.Error, path: Path) -> SafelightError | None:
    """The two sentences for what SQLite said about ``path`` (its text holds table and column names, never values)."""
    code = _code(error)
    name = f"“{path.name}”"
    if code == sqlite3.SQLITE_FULL:
        return DeviceFailure(f"{name} could not be written. The disk is full.", _KEPT)
    if code == sqlite3.SQLITE_IOERR:
        return DeviceFailure(f"{name} could not be written or read. The disk reported an error.", _KEPT)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return DeviceFailure(f"{name} could not be opened for writing ({error}).", _KEPT)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CannotOpen(
            f"Another program holds {name}.", "Nothing was changed. Close the program that has it open and try again."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
        return Malformed(
            f"{name} is damaged ({error}).", "Nothing was changed. Restore the studio from a backup.", (path.name,)
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return WrongUsage(f"The archive does not take this: {error}.", "Nothing was changed.")
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return Malformed(
            f"{name} is not as this program made it ({error}).", "Restore the studio from a backup.", (path.name,)
        )
    if "Could not decode" in str(error):
        # Somebody stored text where ciphertext belongs. What SQLite says quotes it, so it is not passed on.
        return Malformed(
            f"{name} is damaged (it has text where sealed bytes belong).",
            "Nothing was changed. Restore the studio from a backup.",
            (path.name,),
        )
    return None


def _code(error: sqlite3.Error) -> int:
    # The low byte is the primary code (sqlite.org/rescode.html); the rest only refines it.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise AssertionError("only SQLite is opened here")
    return raw


def _engine(path: Path, mode: str, begin: str, *pragmas: str) -> Engine:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            uri, uri=True, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
        ),
        poolclass=QueuePool, pool_size=4, max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        for pragma in (*_PRAGMAS, *pragmas):
            raw.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Python's own handling starts transactions late and commits around DDL; ours is explicit.
        connection.exec_driver_sql(begin)

    return engine
