"""One database, written by one connection and read by others; whatever it complains about becomes two sentences.

When is a connection open, whose turn is it, what happens after a failed write: that is decided here. How one kind of
database says it is its engine's business (:mod:`safelight.storage.engine`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from safelight.domain.errors import DeviceFailure
from safelight.storage import engine as engines
from safelight.storage.engine.interface import Engine, ToldBy


class Database:
    """The connections to one database. ``writing`` is for one thread at a time; ``reading`` for any number."""

    def __init__(self, path: Path, create: bool = False, engine: Engine | None = None) -> None:
        """Open it; it must exist unless ``create``. What a crash left unfinished is rolled back here."""
        self.path = path
        self.engine = engines.ENGINE if engine is None else engine
        self._turn = threading.Lock()
        self._writing_thread: int | None = None
        self._device_failed = False
        with self._speaking():
            self._readers = self.engine.readers(path)
            self._writers = self.engine.writers(path, create)
            self._writer: Connection = self._writers.connect()
            try:
                self.engine.recover(self._writer)
                self._writer.rollback()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Give every connection back."""
        self._writer.close()
        self._writers.dispose()
        self._readers.dispose()

    def watch(self, tables: Mapping[str, ToldBy]) -> None:
        """Note every row of ``tables`` that :meth:`writing` changes from now on (:meth:`Engine.watch_rows`)."""
        with self._turn, self._speaking():
            self.engine.watch_rows(self._writer, tables)
            self._writer.info["watched"] = True

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one connection that writes, in a transaction that commits when the block ends without an error."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread already")
        with self._turn:
            if self._device_failed:
                raise DeviceFailure(
                    "The disk failed during an earlier write, so nothing more is written.",
                    "What was acknowledged is kept. Close the studio, check the disk, and open it again.",
                )
            self._writing_thread = threading.get_ident()
            try:
                with self._speaking(writing=True), self._writer.begin():
                    yield self._writer
            finally:
                self._writing_thread = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; inside ``writing`` of the same thread, what that transaction has written so far."""
        if self._writing_thread == threading.get_ident():
            yield self._writer
            return
        with self._speaking(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def still(self) -> Iterator[Connection]:
        """Keep all writers out while the block runs; gives a connection to read with."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread")
        with self._turn, self._speaking(), self._readers.connect() as connection:
            yield connection

    def compact(self) -> None:
        """Rewrite the database without the pages that hold nothing any more."""
        with self._turn, self._speaking(writing=True):
            self.engine.compact(self._writer)

    def copy_to(self, target: Path, durable: bool = True) -> None:
        """Write a consistent copy to ``target``; the caller keeps writers out."""
        with self._speaking(target), self._readers.connect() as connection:
            self.engine.copy_to(connection, target, durable)

    @contextmanager
    def _speaking(self, about: Path | None = None, writing: bool = False) -> Iterator[None]:
        """Turn what the driver raises inside the block, by itself or through SQLAlchemy, into an error for people."""
        try:
            yield
        except (DBAPIError, self.engine.driver_error) as error:
            original = error.orig if isinstance(error, DBAPIError) else error
            if not isinstance(original, self.engine.driver_error):
                raise
            if writing and self.engine.is_device_fault(original):
                # Not tried again: what the failed write left on the disk is known only once everything is read anew.
                self._device_failed = True
            said = self.engine.sentence(original, (about or self.path).name)
            if said is None:
                raise
            raise said from error
