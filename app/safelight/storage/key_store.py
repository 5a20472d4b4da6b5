"""The store of wrapped keys, a file of its own: two keys per person, gone for good once destroyed.

The file is long because it is one idea: the life of a key from its making to the note that it was destroyed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from safelight.documents.times import rfc3339
from safelight.domain.errors import CannotOpen, Malformed, Refused
from safelight.domain.ids import OrganisationId
from safelight.keys.durable import durable_write, fsync_folder
from safelight.keys.master import MasterKey
from safelight.keys.subject_keys import SubjectKeyPurpose, new_subject_keys, subject_key_aad, unwrap_key, wrap_key
from safelight.storage.database import Database
from safelight.storage.key_rows import (
    METADATA,
    PROVE,
    DestroyedKey,
    KeyName,
    as_document,
    combined,
    fresh,
    gone,
    key,
    overwritten,
    proof,
    row,
)
from safelight.storage.recent_keys import ErasedElsewhere, RecentKeys

FORMAT = 2
"""Stored in the database itself; a higher one was written by a newer program. In the first one nothing was proven."""

BATCH = 500
"""How many ids one query names at most."""


class KeyStore:
    """The keys of every owner: the subjects, the studio itself, and photos that nobody is assigned to yet.

    What a missing key means is remembered: destroyed on purpose (``gone``), or lost.
    """

    def __init__(self, path: Path, studio: OrganisationId, master: MasterKey, proven: bool = False) -> None:
        """Open the store; :class:`CannotOpen` if ``master`` is not the key of this studio.

        ``proven``: it is known from elsewhere that every key destroyed is noted with a proof, so none is made now.
        """
        self._studio = studio
        self._master = master
        self._database = Database(path)
        self._recent = RecentKeys()
        self._erased = ErasedElsewhere()
        try:
            with self._database.reading() as connection:
                found = self._database.engine.stored_format(connection)
            if not 1 <= found <= FORMAT:
                raise CannotOpen("The key store was written by a newer Safelight.", "Install the newer version here.")
            if proven and found < FORMAT:
                raise Malformed("The key store is of an older version than this studio has.", "Restore a backup of it.")
            try:
                own = self.many("evidence", [studio])
            except Malformed as error:
                raise CannotOpen(
                    "The key given does not open this studio.", "Nothing was changed. Use the studio's own key."
                ) from error
            if studio not in own:
                raise CannotOpen(
                    "The key store does not belong to this studio.", "Nothing was changed. Restore it from a backup."
                )
            self.own = own[studio]
            if found < FORMAT:
                self._prove()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def create(path: Path, studio: OrganisationId, master: MasterKey, now: datetime) -> None:
        """Make an empty store with the studio's own keys, durably."""
        database = Database(path, create=True)
        try:
            with database.writing() as connection:
                METADATA.create_all(connection)
                database.engine.store_format(connection, FORMAT)
                connection.execute(insert(key), fresh(studio, master, [studio], now))
        finally:
            database.close()
        fsync_folder(path.parent)

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    @property
    def path(self) -> Path:
        """Where the store lies."""
        return self._database.path

    def portrait(self, owner: str) -> bytes:
        """The 32-byte key of somebody's photos and ink; :class:`Refused` once it was destroyed."""
        return self._one("portrait", owner)

    def evidence(self, owner: str) -> bytes:
        """The 32-byte key of somebody's records and receipts; :class:`Refused` once it was destroyed."""
        return self._one("evidence", owner)

    def shared(self, purpose: SubjectKeyPurpose, owners: Sequence[str]) -> bytes:
        """The key of what belongs to all of ``owners``: it takes every one of their keys.

        So a group photo ends when the first person on it is erased, in old backups as well.
        """
        return self.shared_each(purpose, [owners])[0]

    def shared_each(self, purpose: SubjectKeyPurpose, groups: Sequence[Sequence[str]]) -> tuple[bytes, ...]:
        """As :meth:`shared` for many groups at once."""
        found = self.many(purpose, (owner for owners in groups for owner in owners))
        for owners in groups:
            if not owners:
                raise Malformed("Something sealed has no owner any more.", "Restore the studio from a backup.")
            for owner in owners:
                if owner not in found:
                    raise self._missing(purpose, owner)
        return tuple(combined([found[owner] for owner in sorted(owners)]) for owners in groups)

    def many(self, purpose: SubjectKeyPurpose, owners: Iterable[str], skip_damaged: bool = False) -> dict[str, bytes]:
        """The keys that exist of ``owners``, by owner (put back, they do not); ``skip_damaged``: those that open."""
        written = self._database.written_by_others()
        erased = self._erased.now(written)
        asked = [each for each in dict.fromkeys(owners) if purpose not in erased.get(each, ())]
        known = self._recent.look(purpose, asked, written)
        keys = known.found
        wanted = [each for each in asked if each not in keys]
        if not wanted:
            return keys
        with self._database.reading() as connection:
            for start in range(0, len(wanted), BATCH):
                rows = connection.execute(
                    select(key.c.owner, key.c.version, key.c.wrapped).where(
                        key.c.purpose == purpose, key.c.owner.in_(wanted[start : start + BATCH])
                    )
                )
                for owner, version, wrapped in rows:
                    try:
                        keys[owner] = self._unwrapped(owner, purpose, version, wrapped)
                    except Malformed:
                        if not skip_damaged:
                            raise
        self._recent.keep(purpose, known, {owner: keys[owner] for owner in wanted if owner in keys})
        return keys

    def know_erased(self, read: Callable[[], Mapping[str, frozenset[SubjectKeyPurpose]]]) -> None:
        """From now on the keys that ``read`` tells of count as destroyed; see :class:`ErasedElsewhere`."""
        self._erased.read = read
        self.look_again()

    def look_again(self) -> None:
        """What was destroyed is told anew the next time a key is asked for."""
        self._erased.forget()
        self._recent.drop()

    def add(self, owners: Sequence[str], now: datetime, again: bool = False) -> None:
        """Make both keys of new subjects and keep them durably, before any row is sealed under them.

        ``again``: some had keys that were destroyed and come anew. The new keys open nothing of before.
        """
        with self._database.writing() as connection:
            for start in range(0, len(owners) if again else 0, BATCH):
                connection.execute(delete(gone).where(gone.c.owner.in_(owners[start : start + BATCH])))
            connection.execute(insert(key), fresh(self._studio, self._master, owners, now))

    def add_holder(self, owner: str, since: str) -> None:
        """Make a portrait key for ``owner``, the stand-in of one file nobody is assigned to.

        A key of its own, so that assigning the file and later erasing the person reaches copies made before.
        """
        keys = new_subject_keys()
        made = row(self._studio, self._master, owner, "portrait", keys.portrait, since)
        with self._database.writing() as connection:
            connection.execute(insert(key), [made])

    def destroy(self, owners: Sequence[str], purposes: Sequence[SubjectKeyPurpose], at: datetime) -> int:
        """Destroy keys for good, durably, and remember that it was on purpose. Returns how many there were.

        All of them in one transaction, and the file is rewritten once: that takes as long as everything in it.
        """
        with self._database.writing() as connection:
            done = 0
            for start in range(0, len(owners), BATCH):
                some = (key.c.owner.in_(owners[start : start + BATCH])) & (key.c.purpose.in_(purposes))
                names = overwritten(connection, some)
                done += len(names)
                if names:
                    self._note(connection, [(owner, purpose, rfc3339(at)) for owner, purpose in names])
        self._recent.drop()
        if owners and purposes:
            self._database.compact()
        return done

    def destroy_known(self, known: Sequence[DestroyedKey]) -> int:
        """Destroy what another copy of this store notes as destroyed, as :meth:`destroy`; returns how many there were.

        Notes without the right proof are passed over.
        """
        proven = [each for each in known if self._noted(each.owner, each.purpose, each.at)["proof"] == each.proof]
        with self._database.writing() as connection:
            done = 0
            for each in proven:
                some = (key.c.owner == each.owner) & (key.c.purpose == each.purpose)
                done += len(overwritten(connection, some))
                self._note(connection, [(each.owner, each.purpose, each.at)])
        self._recent.drop()
        if done:
            self._database.compact()
        return done

    def _note(self, connection: Connection, names: Sequence[tuple[str, str, str]]) -> None:
        said = self._unproven(connection)
        connection.execute(delete(gone).where(tuple_(gone.c.owner, gone.c.purpose).in_(said)))
        connection.execute(self._database.engine.insert_if_absent(gone), [self._noted(*each) for each in names])

    def destroyed(self) -> tuple[DestroyedKey, ...]:
        """Every note of a destroyed key that has its proof, as it lies here."""
        with self._database.reading() as connection:
            rows = connection.execute(select(gone).order_by(gone.c.owner, gone.c.purpose)).all()
        found = (DestroyedKey(*row) for row in rows)
        return tuple(each for each in found if self._noted(each.owner, each.purpose, each.at)["proof"] == each.proof)

    def forget(self, owners: Sequence[str]) -> None:
        """Drop the keys of owners that never came to be (no row names them)."""
        with self._database.writing() as connection:
            for start in range(0, len(owners), BATCH):
                connection.execute(delete(key).where(key.c.owner.in_(owners[start : start + BATCH])))
        self._recent.drop()

    def gone(self) -> dict[str, frozenset[SubjectKeyPurpose]]:
        """Whose keys this program destroyed on purpose, and which of them."""
        found = dict(self._erased.now(self._database.written_by_others()))
        for each in self.destroyed():
            found[each.owner] = found.get(each.owner, frozenset()) | {each.purpose}
        return found

    def _noted(self, owner: str, purpose: str, at: str) -> dict[str, str]:
        return {"owner": owner, "purpose": purpose, "at": at, "proof": proof(self.own, owner, purpose, at)}

    def _unproven(self, connection: Connection) -> list[tuple[str, str]]:
        """The notes of destroyed keys that this program did not write."""
        rows = connection.execute(select(gone)).all()
        return [(row.owner, row.purpose) for row in rows if dict(row._mapping) != self._noted(*row[:3])]

    def _prove(self) -> None:
        """Bring a store of before up to date: what it says was destroyed is believed once."""
        with self._database.writing() as connection:
            if self._database.engine.stored_format(connection) >= FORMAT:
                return  # another program did it a moment ago
            connection.exec_driver_sql(PROVE)
            for row in connection.execute(select(gone)).all():
                where = (gone.c.owner == row.owner) & (gone.c.purpose == row.purpose)
                connection.execute(update(gone).where(where).values(**self._noted(*row[:3])))
            self._database.engine.store_format(connection, FORMAT)

    def put_aside(self, owners: Sequence[str], folder: Path) -> None:
        """As :meth:`forget`, after the wrapped keys were written into a file in ``folder``, durably."""
        with self._database.reading() as connection:
            content = as_document(connection.execute(select(key).order_by(key.c.owner)), set(owners))
        durable_write(folder / f"keys-{hashlib.sha256(content).hexdigest()[:16]}.json", content)
        self.forget(owners)

    def names(self) -> tuple[KeyName, ...]:
        """Every key of the store, without opening any."""
        with self._database.reading() as connection:
            rows = connection.execute(select(key.c.owner, key.c.purpose, key.c.created_at)).all()
        return tuple(KeyName(*each) for each in rows)

    def faults(self) -> Iterator[str]:
        """What is wrong with the store itself, one sentence each."""
        with self._database.reading() as connection:
            yield from self._database.engine.faults(connection, self.path.name)
            rows = connection.execute(select(key.c.owner, key.c.purpose, key.c.version, key.c.wrapped)).all()
            unproven = self._unproven(connection)
        for owner, purpose in unproven:
            yield f"{self.path.name}: another program noted the {purpose} key of {owner} as destroyed (table gone)."
        destroyed = self.gone()
        for owner, purpose, version, wrapped in rows:
            if purpose in destroyed.get(owner, ()):
                yield f"{self.path.name}: the {purpose} key of {owner} was destroyed, and was put back."
            try:
                self._unwrapped(owner, purpose, version, wrapped)
            except Malformed:
                yield f"{self.path.name}: the {purpose} key of {owner} does not open."

    def rewrap(self, old: MasterKey, new: MasterKey) -> None:
        """Wrap every key under ``new``, in one durable transaction; may be called again after a crash.

        ``new.predecessor`` is ``old`` (:data:`safelight.keys.wrapping.Rewrap`), so both open here.
        """
        either = MasterKey(new.exposed_bytes, predecessor=old)
        with self._database.writing() as connection:
            rows = connection.execute(select(key.c.owner, key.c.purpose, key.c.version, key.c.wrapped)).all()
            for owner, purpose, version, wrapped in rows:
                aad = subject_key_aad(self._studio, owner, purpose, version)
                again = wrap_key(new, unwrap_key(either, wrapped, aad), aad)
                where = (key.c.owner == owner) & (key.c.purpose == purpose)
                connection.execute(update(key).where(where).values(wrapped=again))
        self._database.compact()
        self._master = either

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the wrapped keys, not durably."""
        with self._database.still():
            self._database.copy_to(target, durable=False)

    def _one(self, purpose: SubjectKeyPurpose, owner: str) -> bytes:
        found = self.many(purpose, [owner]).get(owner)
        if found is None:
            raise self._missing(purpose, owner)
        return found

    def _missing(self, purpose: SubjectKeyPurpose, owner: str) -> Refused | Malformed:
        if purpose in self.gone().get(owner, ()):
            what = "pictures" if purpose == "portrait" else "records"
            return Refused(f"This person's {what} were erased.", "Nobody can open them any more, in no copy.")
        return Malformed(
            f"The key store lacks the {purpose} key of {owner}.",
            "Nothing was changed; the other subjects still open. Restore the key store from a backup.",
            (f"subject_key/{owner}",),
        )

    def _unwrapped(self, owner: str, purpose: SubjectKeyPurpose, version: int, wrapped: bytes) -> bytes:
        return unwrap_key(self._master, wrapped, subject_key_aad(self._studio, owner, purpose, version))
