"""One database, written by one connection and read by others; whatever it complains about becomes two sentences.

When is a connection open, whose turn is it, what happens after a failed write: that is decided here. How one kind of
database says it is its engine's business (:mod:`safelight.storage.engine`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from safelight.domain.errors import CannotOpen, DeviceFailure
from safelight.storage import engine as engines
from safelight.storage.engine.interface import Engine, ToldBy

PATIENCE = 10.0
"""For how many seconds other programs that write are waited for."""


class Database:
    """The connections to one database. ``writing`` is for one thread of one program; ``reading`` for any number."""

    def __init__(self, path: Path, create: bool = False, engine: Engine | None = None) -> None:
        """Open it; it must exist unless ``create``. What a crash left unfinished is rolled back here."""
        self.path = path
        self.engine = engines.ENGINE if engine is None else engine
        self._queue = self.engine.queue(path)
        self._writing_thread: int | None = None
        self._looking = threading.Lock()
        self._looker: Connection | None = None
        self._seen: int | None = None
        self._written_by_others = 0
        self._own_turn = False
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
        with self._looking:
            if self._looker is not None:
                self._looker.close()
                self._looker = None
        self._writer.close()
        self._writers.dispose()
        self._readers.dispose()
        self._queue.close()

    def written_by_others(self) -> int:
        """A number that is another one as soon as anybody but this object wrote: another program, or one beside it.

        What is remembered of the rows, and was read after this number was asked for, is true while it stays the same.
        Costs some microseconds. What this object writes is not counted.
        """
        with self._looking, self._speaking():
            return self._look()

    def _look(self) -> int:
        if self._looker is None:
            # Not one of the readers: what they remember of rows that they verified would be lost with it.
            self._looker = self._writers.connect()
        seen = self.engine.others_wrote(self._looker)
        if seen != self._seen:
            self._written_by_others += not self._own_turn
            self._seen = seen
        return self._written_by_others

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Around what is written in a turn: nobody else writes then, so what is new afterwards is not by others."""
        self._look_again(own=True)
        try:
            yield
        finally:
            # Never raises: what was written is durable by now.
            with suppress(self.engine.driver_error):
                self._look_again(own=False)

    def _look_again(self, own: bool) -> None:
        """Whoever never asked who else wrote pays nothing for it."""
        with self._looking:
            try:
                if self._looker is not None:
                    self._look()
            except self.engine.driver_error:
                self._seen, own = None, False  # whatever is found next time is taken for new
                raise
            finally:
                self._own_turn = own

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Whoever came first writes first, of all programs and threads."""
        if not self._queue.take(PATIENCE):
            raise CannotOpen(
                f"Another Safelight has been writing to “{self.path.name}” for a long time.",
                "Nothing was changed. Wait until it is done, then try again.",
            )
        try:
            yield
        finally:
            self._queue.give_back()

    def watch(self, tables: Mapping[str, ToldBy]) -> None:
        """Note every row of ``tables`` that :meth:`writing` changes from now on (:meth:`Engine.watch_rows`)."""
        with self._turn(), self._speaking():
            self.engine.watch_rows(self._writer, tables)
            self._writer.info["watched"] = True

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one connection that writes, in a transaction that commits when the block ends without an error."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread already")
        with self._turn():
            if self._device_failed:
                raise DeviceFailure(
                    "The disk failed during an earlier write, so nothing more is written.",
                    "What was acknowledged is kept. Close the studio, check the disk, and open it again.",
                )
            self._writing_thread = threading.get_ident()
            try:
                with self._speaking(writing=True), self._noting(), self._writer.begin():
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
        with self._turn(), self._speaking(), self._readers.connect() as connection:
            yield connection

    def compact(self) -> None:
        """Rewrite the database without the pages that hold nothing any more."""
        with self._turn(), self._speaking(writing=True), self._noting():
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
