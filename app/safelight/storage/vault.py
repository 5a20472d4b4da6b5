"""What an archive and a catalogue have in common: one folder, one lock, one writer, rows and wrapped keys beside it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import ClassVar, Generic, Self, TypeVar

from sqlalchemy import Connection, insert, select, update

from safelight.documents.times import parse_time, rfc3339, whole_seconds
from safelight.domain.clock import is_believed
from safelight.domain.errors import CannotOpen, Malformed, Refused
from safelight.domain.ids import OrganisationId
from safelight.keys.durable import fsync_folder, remove_unfinished
from safelight.keys.master import MasterKey
from safelight.storage.database import Database
from safelight.storage.digests import Digests
from safelight.storage.folder import StudioFolder, finish_folder
from safelight.storage.key_store import KeyStore
from safelight.storage.lock import FolderLock, pause
from safelight.storage.repositories.journal import JournalRepository
from safelight.storage.schema import Upgrading, schema_faults
from safelight.storage.sealed_store import SealedStore, newest_time
from safelight.storage.tables import digest, mark
from safelight.storage.transaction import Transaction
from safelight.storage.watched import WatchedTables

Sign = Callable[[bytes], str]
"""Makes an armored SSHSIG in the namespace safelight-journal."""
_LONG_WORK = 30.0
Alone = Callable[[], AbstractContextManager[None]]
"""What nobody else may be in for."""
FolderT = TypeVar("FolderT", bound=StudioFolder)


class OthersAreIn(CannotOpen):
    """This needs the folder for itself, and another program is in."""


class ClockAhead(Refused):
    """The clock shows a time that is not believed: nothing is written by it."""

    def __init__(self, clock: datetime, newest: datetime, noun: str) -> None:
        super().__init__(
            f"The clock of this computer shows {clock.date()}, but the newest time seen here is {newest.date()}.",
            f"Nothing was written. Set the clock right. If it is right, say so once: 'safelight {noun} clock'.",
        )
        self.args = (clock, newest, noun)  # what it is made of, for whoever hands it on to another process


class Vault(ABC, Generic[FolderT]):
    """A context manager; closing gives the lock back.

    What a ``with vault.transaction(now)`` block wrote is durable when the block has been left without an error, and
    only then may anybody be told that it is.
    """

    noun: ClassVar[str]
    """What it is called when something is wrong with it."""
    lock_timeout: ClassVar[float] = 10.0
    """For how many seconds a program that has it for itself is waited for."""

    watched: ClassVar[WatchedTables | None]
    """The tables whose rows digests vouch for."""

    def __init__(
        self, folder: FolderT, owner: OrganisationId, master: MasterKey, sign: Sign | None, digested: bool = False
    ) -> None:
        """Not for callers: see :meth:`create` and :meth:`open`."""
        self.folder = folder
        self._lock = FolderLock(folder.lock, lock_timeout=self.lock_timeout)
        with ExitStack() as opening:
            opening.callback(self._lock.release)
            for place in (folder.path, folder.keys, folder.files):
                if place.is_dir():
                    remove_unfinished(place, self._lock.at_work)
            self._database = Database(folder.database)
            opening.callback(self._database.close)
            self._belongs_to(owner)
            self.keys = KeyStore(folder.key_store, owner, master, digested)
            opening.callback(self.keys.close)
            self._store = SealedStore(owner, self._database, self.keys)
            self._digests = None if self.watched is None else Digests(self._store, self.watched)
            self.journal = JournalRepository(self._store, sign, self._digests)
            self._bring_up_to_date(self._database, partial(self._upgrading, digested), self.alone)
            if self.watched is not None:
                self._database.watch(self.watched.tables)
            opening.pop_all()

    @staticmethod
    @abstractmethod
    def _bring_up_to_date(database: Database, upgrading: Upgrading | None = None, alone: Alone = nullcontext) -> None:
        """Migrate the rows to what this program writes; then there are no others (``alone``)."""

    def written_by_others(self) -> int:
        """A number that is another one as soon as another program wrote: what is remembered of rows was true till then.

        Asked before the rows are read; it costs some microseconds.
        """
        return self._database.written_by_others()

    @contextmanager
    def one_at_a_time(self, what: str, otherwise: CannotOpen) -> Iterator[None]:
        """While the block runs no other program is in such a block of ``what`` (a name for a file beside the rows).

        Whoever is in is waited for, for half a minute at most; then ``otherwise`` is raised. Others go on writing.
        """
        queue = self._database.engine.queue(self.folder.path / what)
        try:
            if not queue.take(_LONG_WORK):
                raise otherwise
            try:
                yield
            finally:
                queue.give_back()
        finally:
            queue.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other programs out while the block runs; :class:`OthersAreIn`, a CannotOpen, says who is in."""
        with self._lock.alone() as cleared:
            if not cleared:
                said = self._lock.refused(alone=True)
                raise OthersAreIn(said.title, said.hint)
            yield

    @contextmanager
    def _upgrading(self, digested: bool, connection: Connection, present: str) -> Iterator[None]:
        """Around the migrations: what was there before agrees with its digests, what is there after gets new ones.

        Rows without digests are taken as they are once; the digests of one that was ``digested`` are missing.
        """
        if self.watched is not None and self._digests is not None:
            hint = self.watched.hint
            had = self._database.engine.has_table(connection, digest.name)
            if had is not (present >= self.watched.since) or (digested and not had):
                raise Malformed(
                    f"The rows of this {self.folder.noun} had digests and have none any more (table digest).", hint
                )
            for fault in self._digests.differences(connection) if had else ():
                raise Malformed(str(fault), hint)
        yield
        if self.watched is not None and self._digests is not None:
            for said in schema_faults(self._database, connection, self._bring_up_to_date):
                raise Malformed(said, self.watched.hint)
            self.journal.sign_head(connection, 0, self._digests.take(connection))

    @classmethod
    def create(
        cls, folder: FolderT, owner: OrganisationId, master: MasterKey, now: datetime, sign: Sign | None = None
    ) -> Self:
        """Make an empty one in a folder that :func:`~safelight.storage.folder.create_folder` made.

        The folder counts once the first transaction of what is returned here is durable; killed before that, making it
        starts over.
        """
        lock = FolderLock(folder.lock, alone=True)
        try:
            if folder.database.exists() or folder.key_store.exists():
                raise CannotOpen(
                    f"There is {_an(cls.noun)} here already.", "Nothing was changed. Choose another folder."
                )
            KeyStore.create(folder.key_store, owner, master, now)
            database = Database(folder.database, create=True)
            try:
                cls._bring_up_to_date(database)
                with database.writing() as connection:
                    at = rfc3339(now)
                    connection.execute(insert(mark).values(id=1, studio=owner, created_at=at, newest_seen=at))
            finally:
                database.close()
            fsync_folder(folder.path)
        finally:
            lock.release()
        made = cls(folder, owner, master, sign)
        if made._digests is not None:
            with made._database.writing() as connection:
                made._digests.take(connection)
        return made

    @classmethod
    def open(
        cls,
        folder: FolderT,
        owner: OrganisationId,
        master: MasterKey,
        sign: Sign | None = None,
        digested: bool = False,
    ) -> Self:
        """Open it. ``sign`` signs the journal's head at every commit that changed something.

        ``digested``: it is known from elsewhere that its rows have had digests, so they are not made a first time.

        Raises :class:`CannotOpen` when another process has it for itself, the key is not its key, or a newer program
        wrote it; :class:`Malformed` when the database is damaged.
        """
        if not folder.database.exists() or not folder.key_store.exists():
            raise CannotOpen(f"The {cls.noun} of this {folder.noun} is not in its folder.", "Restore it from a copy.")
        until = time.monotonic() + cls.lock_timeout
        while True:
            try:
                return cls(folder, owner, master, sign, digested)
            except OthersAreIn:
                # Two that were started at once both find rows of before: they go, and one comes back first.
                if time.monotonic() >= until:
                    raise
                pause(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give connections and lock back; the keys in memory go with this object."""
        self.keys.close()
        self._database.close()
        self._lock.release()

    @contextmanager
    def transaction(self, now: datetime, *told: datetime, back: bool = False) -> Iterator[Transaction]:
        """Everything written in the block becomes durable together when it ends without an error, or not at all.

        One at a time; another thread waits for its turn. ``now`` advances :meth:`newest_seen`, and with ``back`` sets
        it back. Raises :class:`DeviceFailure` when the disk is full or broken, :class:`ClockAhead` when ``now`` is far
        ahead of whatever was seen or ``told`` by others, and then nothing of the block is kept.
        """
        with self._database.writing() as connection:
            if self._digests is not None:
                self._digests.begin(connection)
            t = Transaction(connection, whole_seconds(now))
            newest = parse_time(newest_time(connection))
            if not is_believed(t.now, newest, *told):
                raise ClockAhead(t.now, newest, self.folder.noun)
            yield t
            if back or t.now > newest:
                connection.execute(update(mark).values(newest_seen=rfc3339(t.now)))
            vouched = None if self._digests is None else self._digests.settle(connection)
            if t.appended or (self._digests is not None and self._digests.moved):
                self.journal.sign_head(connection, t.appended, vouched, t.last)
        if self._digests is not None:
            self._digests.end()
        t.committed()
        if self.folder.unfinished.exists():
            finish_folder(self.folder)

    def newest_seen(self) -> datetime:
        """The newest time any transaction was dated, bundles included; a clock that shows less was set back."""
        with self._database.reading() as connection:
            return parse_time(newest_time(connection))

    def _belongs_to(self, owner: OrganisationId) -> None:
        with self._database.reading() as connection:
            found = connection.execute(select(mark.c.studio)).scalar()
        if found != owner:
            raise CannotOpen(
                f"The {self.noun} in this folder belongs to another {self.folder.noun}.", "Nothing was changed."
            )


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
