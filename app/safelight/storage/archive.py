"""The archive of one studio: opened once, written in transactions, read from anywhere in the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType

from sqlalchemy import insert, select, update

from safelight.domain.errors import CannotOpen
from safelight.domain.ids import StudioId, SubjectId
from safelight.domain.progress import Report, silent
from safelight.formats.times import parse_time, rfc3339, whole_seconds
from safelight.keys.durable import fsync_folder, remove_unfinished
from safelight.keys.master import MasterKey
from safelight.storage.cabinet import Cabinet
from safelight.storage.checking import tidy, verify
from safelight.storage.database import Database
from safelight.storage.erasing import Eraser
from safelight.storage.files import FileStore
from safelight.storage.folder import StudioFolder, finish_folder
from safelight.storage.key_store import KeyStore
from safelight.storage.lock import FolderLock
from safelight.storage.rows import CheckReport, Erased
from safelight.storage.schema import bring_up_to_date
from safelight.storage.shelves.consents import ConsentsShelf
from safelight.storage.shelves.disclosures import DisclosuresShelf
from safelight.storage.shelves.held import HeldShelf
from safelight.storage.shelves.journal import JournalShelf
from safelight.storage.shelves.notices import NoticesShelf
from safelight.storage.shelves.photos import PhotosShelf
from safelight.storage.shelves.recipients import RecipientsShelf
from safelight.storage.shelves.sessions import SessionsShelf
from safelight.storage.shelves.statuses import StatusesShelf
from safelight.storage.shelves.studio import StaffShelf, StudioShelf
from safelight.storage.shelves.subjects import SubjectsShelf
from safelight.storage.shelves.validations import ValidationsShelf
from safelight.storage.tables import mark
from safelight.storage.transaction import Transaction

Sign = Callable[[bytes], str]
"""Makes an armored SSHSIG in the namespace safelight-journal."""


class Archive:
    """Everything a studio keeps, behind one lock, one writer and one shelf per kind of thing.

    A context manager; closing gives the lock back. What a ``with archive.transaction(now)`` block wrote is durable when
    the block has been left without an error, and only then may anybody be told that it is.
    """

    def __init__(self, folder: StudioFolder, studio_id: StudioId, master: MasterKey, sign: Sign | None) -> None:
        """Not for callers: see :meth:`create` and :meth:`open`."""
        self.folder = folder
        self._lock = FolderLock(folder.lock)
        try:
            self._tidy()
            self._database = Database(folder.database)
            try:
                bring_up_to_date(self._database)
                self._belongs_to(studio_id)
                self.keys = KeyStore(folder.key_store, studio_id, master)
            except BaseException:
                self._database.close()
                raise
        except BaseException:
            self._lock.release()
            raise
        self._cabinet = Cabinet(studio_id, self._database, self.keys)
        self.files = FileStore(self._cabinet, folder.files)
        self.studio = StudioShelf(self._cabinet)
        self.staff = StaffShelf(self._cabinet)
        self.recipients = RecipientsShelf(self._cabinet)
        self.sessions = SessionsShelf(self._cabinet)
        self.subjects = SubjectsShelf(self._cabinet)
        self.photos = PhotosShelf(self._cabinet, self.files)
        self.consents = ConsentsShelf(self._cabinet, self.files)
        self.held = HeldShelf(self._cabinet)
        self.notices = NoticesShelf(self._cabinet)
        self.validations = ValidationsShelf(self._cabinet)
        self.disclosures = DisclosuresShelf(self._cabinet)
        self.statuses = StatusesShelf(self._cabinet)
        self.journal = JournalShelf(self._cabinet, sign)
        self._eraser = Eraser(self._cabinet, self.files, self.photos)

    @classmethod
    def create(
        cls, folder: StudioFolder, studio_id: StudioId, master: MasterKey, now: datetime, sign: Sign | None = None
    ) -> Archive:
        """Make an empty archive in a folder that :func:`~safelight.storage.folder.create_folder` made.

        The folder counts as a studio once the first transaction of the archive returned here is durable; killed before
        that, making the studio starts over.
        """
        lock = FolderLock(folder.lock)
        try:
            if folder.database.exists() or folder.key_store.exists():
                raise CannotOpen("There is an archive here already.", "Nothing was changed. Choose another folder.")
            KeyStore.create(folder.key_store, studio_id, master, now)
            database = Database(folder.database, create=True)
            try:
                bring_up_to_date(database)
                with database.writing() as connection:
                    at = rfc3339(now)
                    connection.execute(insert(mark).values(id=1, studio=studio_id, created_at=at, newest_seen=at))
            finally:
                database.close()
            fsync_folder(folder.path)
        finally:
            lock.release()
        return cls(folder, studio_id, master, sign)

    @classmethod
    def open(
        cls, folder: StudioFolder, studio_id: StudioId, master: MasterKey, sign: Sign | None = None
    ) -> Archive:
        """Open an archive. ``sign`` signs the journal's head at every commit that appended to it.

        Raises :class:`CannotOpen` when another process has it, the key is not its key, or a newer program wrote it;
        :class:`Malformed` when the database is damaged.
        """
        if not folder.database.exists() or not folder.key_store.exists():
            raise CannotOpen("The archive of this studio is not in its folder.", "Restore it from a backup.")
        return cls(folder, studio_id, master, sign)

    def __enter__(self) -> Archive:
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

        One at a time; another thread waits for its turn. ``now`` advances :meth:`newest_seen`. Raises
        :class:`DeviceFailure` when the disk is full or broken, and then nothing of the block is kept.
        """
        with self._database.writing() as connection:
            t = Transaction(connection, whole_seconds(now))
            yield t
            at = rfc3339(t.now)
            connection.execute(update(mark).where(mark.c.newest_seen < at).values(newest_seen=at))
            if t.appended:
                self.journal.sign_head(t)
        t.committed()
        if self.folder.unfinished.exists():
            finish_folder(self.folder)

    def newest_seen(self) -> datetime:
        """The newest time any transaction was dated; a clock that shows less was set back."""
        with self._database.reading() as connection:
            return parse_time(connection.execute(select(mark.c.newest_seen)).scalar_one())

    @property
    def studio_id(self) -> StudioId:
        """Whose archive it is."""
        return self._cabinet.studio

    def erase(self, t: Transaction, subject: SubjectId, portrait: bool, evidence: bool) -> Erased:
        """Erase a person: see :meth:`~safelight.storage.erasing.Eraser.erase`."""
        return self._eraser.erase(t, subject, portrait, evidence)

    def check(self, report: Report = silent, signers: Sequence[str] = ()) -> CheckReport:
        """Recover what a crash left lying about, then verify everything.

        ``signers`` are the studio's present and earlier public keys (OpenSSH lines); without them the signature over
        the journal's head is not checked.
        """
        with self.transaction(self.newest_seen()) as t:
            tidied = tidy(t, self._cabinet, self.files, self._eraser)
        subjects = self._cabinet, self.files, self.consents, self.held, self.journal, self.notices
        counts, problems = verify(*subjects, report, signers)
        return CheckReport(counts, tidied, problems)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Keep all writers out while the block runs (for backups)."""
        with self._database.still():
            yield

    def copy_database(self, target: StudioFolder) -> None:
        """Write consistent copies of rows and wrapped keys into another folder; call it inside :meth:`still`."""
        self.keys.copy_to(target.key_store)
        self._database.copy_to(target.database)

    def _tidy(self) -> None:
        for place in (self.folder.path, self.folder.keys, self.folder.files):
            if place.is_dir():
                remove_unfinished(place)

    def _belongs_to(self, studio_id: StudioId) -> None:
        with self._database.reading() as connection:
            found = connection.execute(select(mark.c.studio)).scalar()
        if found != studio_id:
            raise CannotOpen("The archive in this folder belongs to another studio.", "Nothing was changed.")
