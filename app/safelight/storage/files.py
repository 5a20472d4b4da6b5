"""Sealed files under the hash of their ciphertext: durable before a row names them, checked whenever they are read.

The file is long because it is one idea: what is known of a sealed file between its first byte and its removal.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.keys.durable import DurableFile, device_failure, fsync_folder
from safelight.keys.sealed_file import LARGEST_IN_MEMORY, SealedFile, unbuffered
from safelight.keys.sealing import ByteSink, ByteSource, file_identity, seal_file
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.past_cache import PastCacheReader
from safelight.storage.piping import Counting, HashingSink, through_memory
from safelight.storage.rows import FileId, FileKind
from safelight.storage.sealed_store import SealedStore, newest_time, unknown
from safelight.storage.tables import file, file_owner, subject
from safelight.storage.transaction import Transaction

_NAME = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".age"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a sealed file: its owners' ids in order of id, under which of their keys, its plain size."""

    id: FileId
    kind: FileKind
    purpose: SubjectKeyPurpose
    size: int
    owners: tuple[str, ...]


class FileStore:
    """The folder of sealed files and the rows that say whose they are."""

    def __init__(self, store: SealedStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._pending: dict[FileId, Stored] = {}
        self._new_owners: set[str] = set()
        self._guard = threading.Lock()

    def store(
        self,
        owners: Sequence[SubjectId | PhotoGuid] | None,
        reader: ByteSource,
        kind: FileKind = "photo",
        evidence: bool = False,
    ) -> FileId:
        """Seal everything from ``reader`` and keep it durably; a row of the archive may name the result from then on.

        With several owners it takes the keys of all of them to open it. ``owners`` None: nobody is assigned yet (a key
        of its own is made), or with ``evidence`` the studio itself. Files that no transaction names by the time the
        archive is closed are removed by the check.
        """
        id, make_durable = self.seal(owners, reader, kind, evidence)
        make_durable()
        return id

    def seal(
        self, owners: Sequence[SubjectId | PhotoGuid] | None, reader: ByteSource, kind: FileKind, evidence: bool = False
    ) -> tuple[FileId, Callable[[], None]]:
        """As :meth:`store`, in two halves: call the second, in any thread, before anything names the file.

        It waits for the device, so that meanwhile the next file may be sealed; it must be called in every case.
        """
        whose, purpose = self._whose(owners, evidence)
        recipient = file_identity(self._store.keys.shared(purpose, whose)).recipient
        source, digest = Counting(reader), hashlib.sha256()
        with contextlib.ExitStack() as unfinished:
            sealed = unfinished.enter_context(DurableFile(self._folder / "sealing"))
            seal_file(source, HashingSink(sealed, digest), [recipient])
            id = FileId(digest.hexdigest())
            # The name is known only now; the unfinished file lies on the same disk, so the rename stays atomic.
            sealed.path = self._place(id)
            with self._guard:  # before the name is there, so that a check running meanwhile leaves it alone
                self._pending[id] = Stored(id, kind, purpose, source.count, whose)
            return id, unfinished.pop_all().close

    def store_bytes(
        self,
        owners: Sequence[SubjectId | PhotoGuid] | None,
        content: bytes,
        kind: FileKind = "other",
        evidence: bool = False,
    ) -> FileId:
        """As :meth:`store`, for bytes in memory."""
        return self.store(owners, io.BytesIO(content), kind, evidence)

    def reseal(self, id: FileId, owners: Sequence[SubjectId | PhotoGuid] | None) -> FileId:
        """A new file with the same content, sealed for other owners; the old one stays until it is removed."""
        known = self.about(id)
        if known.purpose != "portrait":
            raise WrongUsage("Only pictures change their owners.", "Nothing was changed.")
        return through_memory(lambda sink: self.read(id, sink), lambda source: self.store(owners, source, known.kind))

    def about(self, id: FileId) -> Stored:
        """Whose a file is and how large; :class:`WrongUsage` for one the archive does not know."""
        with self._guard:
            if id in self._pending:
                return self._pending[id]
        with self._store.database.reading() as connection:
            found = _row_of(connection, id)
        if found is None:
            raise unknown("file", id)
        return found

    def size(self, id: FileId) -> int:
        """Bytes of the content, not of the sealed file."""
        return self.about(id).size

    def read(self, id: FileId, writer: ByteSink) -> None:
        """Open a file into ``writer``. Only after this returned is it sure that the content is whole and the right one.

        Raises :class:`Malformed` naming the file when it was changed, cut short or exchanged, :class:`Refused` when
        its owner was erased, :class:`DeviceFailure` when the disk does not give it.
        """
        self.sealed(id).read(unbuffered, writer)

    def read_past_cache(self, id: FileId, writer: ByteSink) -> bool:
        """As :meth:`read`, from the device itself; False where the system could not be made to ask it."""
        return self.sealed(id).read(PastCacheReader, writer).past_cache

    def sealed(self, id: FileId) -> SealedFile:
        """The file with the key that opens it; :class:`Refused` when one of its owners was erased."""
        known = self.about(id)
        identity = file_identity(self._store.keys.shared(known.purpose, known.owners))
        return SealedFile(id, self._place(id), known.size, identity)

    def read_bytes(self, id: FileId, cap: int = LARGEST_IN_MEMORY) -> bytes:
        """The content in memory; :class:`WrongUsage` when it is larger than ``cap``."""
        return self.sealed(id).read_bytes(cap)

    def register(self, t: Transaction, id: FileId) -> Stored:
        """Write the row of a stored file, as part of the transaction that names it."""
        known = self.about(id)
        if _row_of(t.connection, id) is None:
            values = {"id": id, "kind": known.kind, "purpose": known.purpose, "size": known.size}
            t.connection.execute(insert(file), values)
            t.connection.execute(insert(file_owner), [{"file": id, "owner": owner} for owner in known.owners])
            t.afterwards(lambda: self._settle(id))
        return known

    def remove(self, t: Transaction, id: FileId) -> None:
        """Remove a file no row names any more: its row now, the file and a key of its own once that is durable."""
        known = _row_of(t.connection, id)
        t.connection.execute(delete(file).where(file.c.id == id))
        t.afterwards(lambda: self._unlink(id))
        if known is not None and self.unassigned(t.connection, known):
            t.afterwards(lambda: self._forget(known.owners))

    def discard(self, id: FileId) -> None:
        """Take back a file that was stored and will not be named after all."""
        with self._guard:
            known = self._pending.pop(id, None)
            own = self._new_owners.intersection(known.owners if known else ())
            self._new_owners -= own
        if known is not None:
            self._unlink(id)
        if own:  # a key that was made for this file alone
            self._forget(tuple(own))

    def unassigned(self, connection: Connection, stored: Stored) -> bool:
        """Whether a file belongs to nobody: neither to a subject nor to the studio."""
        if self._store.studio in stored.owners:
            return False
        return connection.execute(select(subject.c.id).where(subject.c.id.in_(stored.owners))).first() is None

    def owned_by(self, owner: SubjectId) -> tuple[Stored, ...]:
        """Every file that takes a key of ``owner`` to open, by id."""
        with self._store.database.reading() as connection:
            mine = select(file_owner.c.file).where(file_owner.c.owner == owner).order_by(file_owner.c.file)
            found = (_row_of(connection, FileId(id)) for id in connection.execute(mine).scalars().all())
            return tuple(each for each in found if each is not None)

    def pending(self) -> tuple[frozenset[FileId], frozenset[str]]:
        """Files stored but not named by a durable row yet, and owners made in this opening: somebody may be about to.

        The check leaves them alone.
        """
        with self._guard:
            return frozenset(self._pending), frozenset(self._new_owners)

    def lies_at(self, id: FileId) -> Path:
        """Where a sealed file lies, if it is there."""
        return self._folder / id[:2] / f"{id}{_SUFFIX}"

    def on_disk(self) -> Iterator[tuple[FileId, Path]]:
        """Every sealed file there is, by name."""
        with contextlib.suppress(FileNotFoundError):
            for part in sorted(self._folder.iterdir()):
                for path in sorted(part.iterdir()) if part.is_dir() else ():
                    if path.suffix == _SUFFIX and _NAME.fullmatch(path.stem):
                        yield FileId(path.stem), path

    def faults(self) -> Iterator[str | None]:
        """Every file that has a row: what is wrong with it, or None; a file is opened by nobody here."""
        owned = select(file.c.id, func.count(file_owner.c.file).label("owners")).outerjoin(file_owner)
        with self._store.database.reading() as connection:
            rows = connection.execute(owned.group_by(file.c.id).order_by(file.c.id)).all()
        for row in rows:
            yield None if row.owners else _ownerless(row.id).title
            yield self.fault(row.id)

    def fault(self, id: FileId) -> str | None:
        """What is wrong with the sealed file itself, without opening it; None if its bytes are what its name says."""
        digest = hashlib.sha256()
        try:
            with self._place(id).open("rb", buffering=0) as sealed:
                while piece := sealed.read(1024 * 1024):
                    digest.update(piece)
        except FileNotFoundError:
            return f"File {id} is missing."
        except OSError as error:
            return f"File {id} cannot be read ({error.strerror})."
        return None if digest.hexdigest() == id else f"File {id} was changed (its hash is another)."

    def remains(self, known: Stored) -> tuple[str, ...]:
        """What is still there of a file that was removed: its row, its bytes in the folder, a key of its own.

        The keys of the people it was sealed for are not its own: they stay, and open nothing of it without the bytes.
        """
        found = []
        with self._store.database.reading() as connection:
            if _row_of(connection, known.id) is not None:
                found.append("row")
            if self.unassigned(connection, known) and self._store.keys.many("portrait", known.owners):
                found.append("key")
        if os.path.lexists(self._folder / known.id[:2] / f"{known.id}{_SUFFIX}"):
            found.append("file")
        return tuple(found)

    def unlink_unreferenced(self, id: FileId) -> None:
        """Delete a file that no row names, where it is known why."""
        self._unlink(id)

    def put_aside(self, source: Path, folder: Path) -> Path:
        """Move a file that no row names into ``folder``, durably: perhaps it is the row that somebody took away.

        ``source`` is where it was found (:meth:`on_disk`): who puts a file in may put it anywhere.
        """
        target = folder / source.name
        try:
            os.replace(source, target)
        except OSError as error:
            raise device_failure(error, target) from error
        fsync_folder(folder)
        fsync_folder(source.parent)
        return target

    def _whose(
        self, owners: Sequence[SubjectId | PhotoGuid] | None, evidence: bool
    ) -> tuple[tuple[str, ...], SubjectKeyPurpose]:
        purpose: SubjectKeyPurpose = "evidence" if evidence else "portrait"
        if owners:
            return tuple(sorted(set(owners))), purpose
        if evidence:
            return (self._store.studio,), purpose
        with self._store.database.reading() as connection:
            since = newest_time(connection)
        owner = str(uuid4())
        with self._guard:
            self._new_owners.add(owner)
        self._store.keys.add_holder(owner, since)
        return (owner,), purpose

    def _place(self, id: FileId) -> Path:
        if not _NAME.fullmatch(id):
            raise WrongUsage("That is not the id of a file.")
        part = self._folder / id[:2]
        if not part.exists():
            try:
                part.mkdir(mode=0o700, exist_ok=True)
            except OSError as error:
                raise device_failure(error, part) from error
            fsync_folder(self._folder)
        return part / f"{id}{_SUFFIX}"

    def _settle(self, id: FileId) -> None:
        with self._guard:
            self._pending.pop(id, None)

    def _forget(self, owners: Sequence[str]) -> None:
        # The change is durable already; a key that cannot be dropped now is one nobody uses, for the check to drop.
        with contextlib.suppress(CannotOpen, DeviceFailure):
            self._store.keys.forget(owners)

    def _unlink(self, id: FileId) -> None:
        # What cannot be deleted now is unreferenced ciphertext; the check tries again.
        with contextlib.suppress(OSError, DeviceFailure):
            path = self._place(id)
            os.unlink(path)
            fsync_folder(path.parent)


def _row_of(connection: Connection, id: FileId) -> Stored | None:
    row = connection.execute(select(file).where(file.c.id == id)).first()
    if row is None:
        return None
    query = select(file_owner.c.owner).where(file_owner.c.file == id).order_by(file_owner.c.owner)
    owners = tuple(connection.execute(query).scalars())
    if not owners:
        raise _ownerless(id)
    return Stored(id, row.kind, row.purpose, row.size, owners)


def _ownerless(id: FileId) -> Malformed:
    return Malformed(f"File {id} has no owner any more.", "Restore the studio from a backup.", (f"file/{id}",))
