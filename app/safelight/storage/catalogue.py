"""The catalogue of one agency: what studios delivered, opened once, written in transactions, sealed like an archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType

from sqlalchemy import Connection, insert, select, update

from safelight.domain.errors import CannotOpen, SafelightError
from safelight.domain.ids import PhotoGuid, StudioId, SubjectId
from safelight.domain.progress import Report, silent
from safelight.formats.times import parse_time, rfc3339, whole_seconds
from safelight.keys.durable import device_failure, durable_write, fsync_folder, remove_unfinished
from safelight.keys.master import MasterKey
from safelight.keys.sealing import ByteSource
from safelight.storage.cabinet import Cabinet
from safelight.storage.catalogue_check import check_catalogue
from safelight.storage.catalogue_folder import AgencyFolder
from safelight.storage.catalogue_migrations import FOLDER, REVISIONS
from safelight.storage.database import Database
from safelight.storage.files import FileStore, Stored
from safelight.storage.folder import finish_folder
from safelight.storage.key_store import KeyStore
from safelight.storage.lock import FolderLock
from safelight.storage.rows import CheckReport, FileId
from safelight.storage.schema import bring_up_to_date
from safelight.storage.shelves.journal import JournalShelf
from safelight.storage.shelves.pins import PinsShelf
from safelight.storage.shelves.received import ReceivedShelf
from safelight.storage.tables import file, file_owner, mark
from safelight.storage.transaction import Transaction

Sign = Callable[[bytes], str]


class PhotoCatalogue:
    """Everything an agency keeps, behind one lock and one writer. Closing gives the lock back.

    What a ``with catalogue.transaction(now)`` block wrote is durable when the block has been left without an error.
    Pictures are sealed each under a key of its own, so that one can be given up for good, copies and all.
    """

    def __init__(self, folder: AgencyFolder, agency: StudioId, master: MasterKey, sign: Sign | None) -> None:
        """Not for callers: see :meth:`create` and :meth:`open`."""
        self.folder = folder
        self._lock = FolderLock(folder.lock)
        try:
            for place in (folder.path, folder.keys, folder.files):
                if place.is_dir():
                    remove_unfinished(place)
            self._database = Database(folder.database)
            try:
                bring_up_to_date(self._database, REVISIONS, FOLDER)
                self._belongs_to(agency)
                self.keys = KeyStore(folder.key_store, agency, master)
            except BaseException:
                self._database.close()
                raise
        except BaseException:
            self._lock.release()
            raise
        self._cabinet = Cabinet(agency, self._database, self.keys)
        self.files: FileStore = PictureFiles(self._cabinet, folder.files)
        self.pins = PinsShelf(self._cabinet)
        self.received = ReceivedShelf(self._cabinet)
        self.journal = JournalShelf(self._cabinet, sign)
        try:
            if folder.importing.exists():
                self._tidy()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls, folder: AgencyFolder, agency: StudioId, master: MasterKey, now: datetime, sign: Sign | None = None
    ) -> PhotoCatalogue:
        """Make an empty catalogue in a folder that :func:`~safelight.storage.folder.create_folder` made.

        The folder counts as an agency once the first transaction of what is returned here is durable.
        """
        lock = FolderLock(folder.lock)
        try:
            if folder.database.exists() or folder.key_store.exists():
                raise CannotOpen("There is a catalogue here already.", "Nothing was changed. Choose another folder.")
            KeyStore.create(folder.key_store, agency, master, now)
            database = Database(folder.database, create=True)
            try:
                bring_up_to_date(database, REVISIONS, FOLDER)
                with database.writing() as connection:
                    at = rfc3339(now)
                    connection.execute(insert(mark).values(id=1, studio=agency, created_at=at, newest_seen=at))
            finally:
                database.close()
            fsync_folder(folder.path)
        finally:
            lock.release()
        return cls(folder, agency, master, sign)

    @classmethod
    def open(
        cls, folder: AgencyFolder, agency: StudioId, master: MasterKey, sign: Sign | None = None
    ) -> PhotoCatalogue:
        """Open a catalogue and clear away what an interrupted import left. ``sign`` signs the journal's head.

        Raises :class:`CannotOpen` when another process has it, the key is not its key, or a newer program wrote it;
        :class:`Malformed` when the database is damaged.
        """
        if not folder.database.exists() or not folder.key_store.exists():
            raise CannotOpen("The catalogue of this agency is not in its folder.", "Restore it from a copy.")
        return cls(folder, agency, master, sign)

    def __enter__(self) -> PhotoCatalogue:
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
    def transaction(self, now: datetime) -> Iterator[Transaction]:
        """Everything written in the block becomes durable together when it ends without an error, or not at all.

        ``now`` advances :meth:`newest_seen`. Raises :class:`DeviceFailure` when the disk is full or broken, and then
        nothing of the block is kept.
        """
        with self._database.writing() as connection:
            t = Transaction(connection, whole_seconds(now))
            yield t
            at = rfc3339(t.now)
            connection.execute(update(mark).where(mark.c.newest_seen < at).values(newest_seen=at))
            self.journal.sign_head(t)
        t.committed()
        if self.folder.unfinished.exists():
            finish_folder(self.folder)

    def newest_seen(self) -> datetime:
        """The newest time any transaction was dated, bundles included; a clock that shows less was set back."""
        with self._database.reading() as connection:
            return parse_time(connection.execute(select(mark.c.newest_seen)).scalar_one())

    @contextmanager
    def importing(self, now: datetime, photos: Sequence[PhotoGuid]) -> Iterator[Incoming]:
        """Take in the pictures of one bundle: what the block stores stays only if a transaction in it names it.

        ``photos`` are those not in the catalogue yet; each is given its key. A marker tells the next opening to clear
        up if the process ends in between.
        """
        durable_write(self.folder.importing, b"A bundle is being taken in.\n")
        incoming = Incoming(self.files)
        held = self.keys.many("portrait", photos)
        keyless = [each for each in photos if each not in held]
        try:
            if keyless:
                self.keys.add(keyless, now)
            yield incoming
        except BaseException:
            # If even this fails, the marker stays and the next opening clears up.
            with suppress(SafelightError):
                self._take_back(incoming, keyless)
                self._remove_marker()
            raise
        self._remove_marker()

    def _take_back(self, incoming: Incoming, photos: Sequence[PhotoGuid]) -> None:
        for id in incoming.stored:
            self.files.discard(id)
        kept = self.received.photos(photos)
        self.keys.forget([each for each in photos if each not in kept])

    def check(self, report: Report = silent, signers: Sequence[str] = ()) -> CheckReport:
        """Clear away what a crash left, then verify everything; ``signers`` are the agency's public keys."""
        tidied = self._tidy()
        return check_catalogue(self._cabinet, self.files, self.journal, self.received, tidied, report, signers)

    def _tidy(self) -> dict[str, int]:
        """Remove files and keys that no row names."""
        with self._database.reading() as connection:
            named = set(connection.execute(select(file.c.id)).scalars())
            owners = {self._cabinet.studio, *connection.execute(select(file_owner.c.owner)).scalars()}
            newest = connection.execute(select(mark.c.newest_seen)).scalar_one()
        loose = [id for id, _ in self.files.on_disk() if id not in named]
        for id in loose:
            self.files.unlink_unreferenced(id)
        # Keys newer than any row belong to rows that an older copy of the database does not have: left alone.
        unborn = sorted({key.owner for key in self.keys.names() if key.owner not in owners and key.since <= newest})
        if unborn:
            self.keys.forget(unborn)
        self._remove_marker()
        return {"files nobody names": len(loose), "keys nobody uses": len(unborn)}

    def _remove_marker(self) -> None:
        try:
            os.unlink(self.folder.importing)
        except FileNotFoundError:
            return
        except OSError as error:
            raise device_failure(error, self.folder.importing) from error

    def _belongs_to(self, agency: StudioId) -> None:
        with self._database.reading() as connection:
            found = connection.execute(select(mark.c.studio)).scalar()
        if found != agency:
            raise CannotOpen("The catalogue in this folder belongs to another agency.", "Nothing was changed.")


class PictureFiles(FileStore):
    """Files whose owners are photos: a photo keeps its key when one version of it is replaced by another."""

    def unassigned(self, connection: Connection, stored: Stored) -> bool:  # noqa: ARG002 - asked for by the store
        """Never: there are no files without an owner here."""
        return False


class Incoming:
    """Seals pictures as they come out of a bundle; nothing of it is in clear on the disk at any time."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.stored: list[FileId] = []

    def picture(self, photo: PhotoGuid, reader: ByteSource) -> FileId:
        """Seal a picture (or a file beside it) under the photo's own key."""
        # The key store knows owners by id; here a photo owns its own key.
        return self._noted(self._files.store([SubjectId(photo)], reader, "photo"))

    def evidence(self, content: bytes) -> FileId:
        """Seal what proves where photos came from, under the agency's own key."""
        return self._noted(self._files.store_bytes(None, content, "other", evidence=True))

    def _noted(self, id: FileId) -> FileId:
        self.stored.append(id)
        return id
