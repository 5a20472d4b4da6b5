"""The catalogue of one agency: what studios delivered, opened once, written in transactions, sealed like an archive."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from safelight.documents.times import parse_time
from safelight.domain.errors import CannotOpen, SafelightError
from safelight.domain.ids import AgencyId, PhotoGuid
from safelight.domain.progress import Report, silent
from safelight.keys.durable import device_failure, durable_write, fsync_folder
from safelight.keys.master import MasterKey
from safelight.keys.sealing import ByteSource
from safelight.storage.catalogue_check import PURPOSES, check_catalogue
from safelight.storage.catalogue_folder import AgencyFolder
from safelight.storage.catalogue_migrations import FOLDER, REVISIONS
from safelight.storage.catalogue_tables import bundle, ended_record, photo, photo_notice, pin, status
from safelight.storage.checking import lasting, quarantined, unvouched_rows
from safelight.storage.database import Database
from safelight.storage.files import FileStore, Stored
from safelight.storage.findings import CheckReport, not_said
from safelight.storage.repositories.incoming_notices import IncomingNoticesRepository
from safelight.storage.repositories.received import ReceivedRepository
from safelight.storage.repositories.registered_uses import RegisteredUsesRepository
from safelight.storage.repositories.studio_messages import feeds, sent_acks
from safelight.storage.repositories.trusted_studios import TrustedStudiosRepository
from safelight.storage.rows import FileId
from safelight.storage.schema import Upgrading, bring_up_to_date
from safelight.storage.sealed_store import newest_time
from safelight.storage.tables import file, file_owner
from safelight.storage.vault import Alone, Sign, Vault
from safelight.storage.watched import CATALOGUE, PHOTOS_BY_TAG

ANSWERS = (pin.name, status.name, bundle.name, photo.name, ended_record.name, photo_notice.name)
"""The tables that decide what the answer about a photo is, beside its own rows."""
_OPEN_FILES = 8
"""So many pictures wait for the device at most; on a slow one the sealing waits as well."""


class PhotoCatalogue(Vault[AgencyFolder]):
    """Everything an agency keeps, behind one lock and one writer.

    Pictures are sealed each under a key of its own, so that one can be given up for good, copies and all.
    """

    noun = "catalogue"
    watched = CATALOGUE

    def __init__(
        self, folder: AgencyFolder, agency: AgencyId, master: MasterKey, sign: Sign | None, digested: bool = False
    ) -> None:
        """Not for callers: see :meth:`create` and :meth:`open`, which clears away what an interrupted import left."""
        super().__init__(folder, agency, master, sign, digested)
        self.files: FileStore = PictureFiles(self._store, folder.files)
        self.trusted_studios = TrustedStudiosRepository(self._store)
        self.received = ReceivedRepository(self._store)
        self.notices = IncomingNoticesRepository(self._store)
        self.uses = RegisteredUsesRepository(self._store)
        self.feeds, self.sent_acks = feeds(self._store), sent_acks(self._store)
        try:
            if folder.importing.exists():
                with self._lock.alone() as alone:
                    if alone:  # otherwise somebody may be taking a bundle in
                        self._tidy()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _bring_up_to_date(database: Database, upgrading: Upgrading | None = None, alone: Alone = nullcontext) -> None:
        bring_up_to_date(database, REVISIONS, FOLDER, upgrading, alone)

    def one_import(self) -> AbstractContextManager[None]:
        """While the block runs no other program takes a bundle in: what is known of the photos at its start stays so.

        Others are waited for; questions are answered meanwhile. Raises :class:`CannotOpen` when it takes too long.
        """
        told = CannotOpen(
            "Another Safelight is taking a bundle in.", "Nothing was changed. Wait until it is done, then try again."
        )
        return self.one_at_a_time("importing", told)

    def rely_on(self, tables: Collection[str] = (), tags: Collection[str] = ()) -> None:
        """Raise :class:`Malformed` unless the rows are those this program left: of ``tables``, of photos by ``tags``.

        Whoever decides something by rows asks this. Photos are looked at together with all whose tags begin alike; with
        the table of photos among ``tables``, also whether each of those is found by its id.
        """
        if self._digests is None:
            raise AssertionError("a catalogue has digests")
        with self._database.reading() as connection:
            self._digests.verify(connection, sorted({each[: PHOTOS_BY_TAG.length] for each in tags}), tables)

    def rely_on_everything(self) -> None:
        """As :meth:`rely_on`, for every photo and whatever an answer rests on: nothing that is missing is missed."""
        self.rely_on(ANSWERS, [f"{number:0{PHOTOS_BY_TAG.length}x}" for number in range(16**PHOTOS_BY_TAG.length)])

    @contextmanager
    def importing(self, now: datetime, photos: Sequence[PhotoGuid]) -> Iterator[Incoming]:
        """Take in the pictures of one bundle: what the block stores stays only if a transaction in it names it.

        ``photos`` are those of which pictures come; each that has no key is given one. A marker tells the next opening
        to clear up if the process ends in between. Call it inside :meth:`one_import`.
        """
        durable_write(self.folder.importing, b"A bundle is being taken in.\n")
        incoming = Incoming(self.files)
        held = self.keys.many("portrait", photos)
        keyless = [each for each in photos if each not in held]
        try:
            if keyless:
                self.keys.add(keyless, now, again=True)
            with incoming:
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
        self.keys.forget([each for each in photos if each not in kept or kept[each].deleted_at is not None])

    @contextmanager
    def deleting(self, photos: Sequence[PhotoGuid], at: datetime) -> Iterator[None]:
        """Around the transaction that says these ``photos`` were deleted: after it their keys are destroyed.

        A process that ends in between leaves a marker, and the next opening destroys them. Call it inside
        :meth:`one_import`.
        """
        durable_write(self.folder.importing, b"Pictures are being deleted.\n")
        yield
        self.keys.destroy(photos, PURPOSES, at)
        self._remove_marker()

    def check(self, report: Report = silent, signers: Sequence[str] = ()) -> CheckReport:
        """Clear away what a crash left, then verify everything; ``signers`` are the agency's public keys."""
        report(0, 1, "rows")
        unvouched = unvouched_rows(self._store, self._digests, self._bring_up_to_date)
        tidied: dict[str, int] = {}
        others: tuple[str, ...] = ()
        if not unvouched:  # otherwise what looks loose may be what somebody took the row of
            with self._lock.alone() as alone:
                others = () if alone else self._lock.others() or ("another Safelight",)
                tidied = self._tidy() if alone else {}
        looks: list[CheckReport] = []

        def look() -> tuple[str, ...]:
            store = self._store, self.files, self.journal, self.received, self.notices, self.uses
            looks.append(check_catalogue(*store, tidied, report, signers))
            return looks[-1].problems

        said = lasting(look, self.written_by_others)
        problems = (*said, *map(str, not_said(unvouched, said)))
        aside = quarantined(self.folder.quarantine)
        return replace(looks[-1], problems=problems, quarantined=aside, others=others)

    def _tidy(self) -> dict[str, int]:
        """Put aside files and keys that no row names: what a crash between two steps leaves.

        It is put aside rather than deleted, because an older copy of the rows names less than there is as well. Only
        files and keys of photos whose rows say that they were deleted are destroyed.
        """
        with self._database.reading() as connection:
            named = set(connection.execute(select(file.c.id)).scalars())
            owners = {self._store.studio, *connection.execute(select(file_owner.c.owner)).scalars()}
            newest = newest_time(connection)
        loose = [path for id, path in self.files.on_disk() if id not in named]
        # Keys newer than any row belong to rows that an older copy of the database does not have: left alone.
        unborn = sorted({key.owner for key in self.keys.names() if key.owner not in owners and key.since <= newest})
        # Of photos that were deleted the files go, then the keys: what is left of them is finished here.
        known = self.received.photos([PhotoGuid(each) for each in unborn])
        deleted = {guid: kept for guid, kept in known.items() if kept.deleted_at is not None}
        if deleted:
            for id in {FileId(each) for kept in deleted.values() for each in kept.files} - named:
                self.files.unlink_unreferenced(id)
            loose = [path for path in loose if path.exists()]
            self.keys.destroy([*deleted], PURPOSES, parse_time(newest))
            unborn = [each for each in unborn if each not in deleted]
        if loose or unborn:
            self.folder.quarantine.mkdir(mode=0o700, exist_ok=True)
            fsync_folder(self.folder.path)
        for path in loose:
            self.files.put_aside(path, self.folder.quarantine)
        if unborn:
            self.keys.put_aside(unborn, self.folder.quarantine)
        self._remove_marker()
        return {"files nobody names": len(loose), "keys nobody uses": len(unborn)}

    def _remove_marker(self) -> None:
        try:
            os.unlink(self.folder.importing)
        except FileNotFoundError:
            return
        except OSError as error:
            raise device_failure(error, self.folder.importing) from error


class PictureFiles(FileStore):
    """Files whose owners are photos: a photo keeps its key when one version of it is replaced by another."""

    def unassigned(self, connection: Connection, stored: Stored) -> bool:  # noqa: ARG002 - asked for by the store
        """Never: there are no files without an owner here."""
        return False


class Incoming:
    """Seals pictures as they come out of a bundle; nothing of it is in clear on the disk at any time.

    While the device takes one picture in, the next is sealed. Use as a context manager: leaving it waits for all.
    """

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.stored: list[FileId] = []
        self._by_path: dict[str, FileId] = {}
        self._device = ThreadPoolExecutor(1, thread_name_prefix="safelight-durable")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        self._device.shutdown()

    def picture(self, path: str, photo: PhotoGuid, reader: ByteSource) -> None:
        """Seal a picture (or a file beside it) under the photo's own key; ``path`` is its place in the bundle."""
        id, make_durable = self._files.seal([photo], reader, "photo")
        self.stored.append(id)
        self._by_path[path] = id
        self._waiting.append(self._device.submit(make_durable))
        if len(self._waiting) > _OPEN_FILES:
            self._waiting.popleft().result()

    def durable(self) -> Mapping[str, FileId]:
        """The files by their place in the bundle, once all of them are on the device; rows may name them then."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._by_path

    def evidence(self, content: bytes) -> FileId:
        """Seal what proves where photos came from, under the agency's own key."""
        id = self._files.store_bytes(None, content, "other", evidence=True)
        self.stored.append(id)
        return id
