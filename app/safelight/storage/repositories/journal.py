"""Repository of the journal: append-only, each entry carrying the hash of the one before, the last one signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.ids import OrganisationId, Sha256, SubjectId
from safelight.domain.journal import GENESIS, JournalEntry, next_entry
from safelight.domain.journal_stretch import Head
from safelight.storage.digests import Digests, Vouched
from safelight.storage.key_store import BATCH
from safelight.storage.sealed_store import SealedStore, unknown
from safelight.storage.tables import journal_entry, journal_head
from safelight.storage.transaction import Transaction

_SALT = 32
_RESTORE = "Nothing was written. Run “studio check”, then restore a backup."


def head_statement(owner: OrganisationId, number: int, digest: Sha256, rows: str | None = None) -> bytes:
    """The bytes that are signed (namespace safelight-journal) for a journal that ends with this entry.

    ``rows`` stands for all rows of the archive (:class:`Vouched`); a catalogue has none, nor did archives of before.
    """
    if rows is None:
        return f"safelight-journal-head/1\n{owner}\n{number}\n{digest}\n".encode()
    return f"safelight-journal-head/2\n{owner}\n{number}\n{digest}\n{rows}\n".encode()


class JournalRepository:
    """What happened, in order. Payloads are sealed under the key of whom they are about, or the studio's."""

    def __init__(
        self, store: SealedStore, sign: Callable[[bytes], str] | None, digests: Digests | None = None
    ) -> None:
        """``sign`` makes the signature over :meth:`statement`; without it the head stays as last signed."""
        self._store = store
        self._sign = sign
        self._digests = digests

    def append(
        self, t: Transaction, kind: str, reference: str, payload: bytes, owner: SubjectId | None = None
    ) -> JournalEntry:
        """Write the next entry, dated ``t.now``. ``kind`` and ``reference`` (ids) are in clear, ``payload`` sealed.

        The entry's payload hash covers a random salt, then the payload: when the key is destroyed nobody can find the
        payload by guessing.
        """
        content = token_bytes(_SALT) + payload
        digest = Sha256(hashlib.sha256(content).hexdigest())
        entry = next_entry(t.last or self._last(t.connection), t.now, kind, reference, digest)
        whose = self._store.studio if owner is None else owner
        key = self._store.keys.own if owner is None else self._store.keys.evidence(owner)
        row = {
            "number": entry.number,
            "at": rfc3339(entry.at),
            "kind": kind,
            "reference": reference,
            "payload_sha256": digest,
            "previous": entry.previous,
            "hash": entry.hash,
            "owner": whose,
            "payload": self._store.seal(key, "journal_entry", str(entry.number), 1, content),
        }
        t.connection.execute(_APPEND, row)
        t.appended, t.last = t.appended + 1, entry
        return entry

    def head(self) -> JournalEntry | None:
        """The last entry, None while there is none."""
        with self._store.database.reading() as connection:
            return self._last(connection)

    def end(self) -> Head:
        """Number and hash of the last entry; those of the beginning while there is none."""
        last = self.head()
        return Head(0, GENESIS) if last is None else Head(last.number, last.hash)

    def entries(self, offset: int = 0, limit: int | None = None) -> tuple[JournalEntry, ...]:
        """A page of entries in order, all of them when ``limit`` is None."""
        query = select(*_ENTRY).order_by(journal_entry.c.number).limit(limit).offset(offset)
        with self._store.database.reading() as connection:
            return tuple(_entry(*row) for row in connection.execute(query))

    def newest(
        self, limit: int, before: int | None = None, reference: str | None = None, kind: str | None = None
    ) -> tuple[JournalEntry, ...]:
        """At most ``limit`` entries, newest first: those numbered below ``before``, about one id, of one kind."""
        query = select(*_ENTRY).order_by(journal_entry.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(journal_entry.c.number < before)
        if reference is not None:
            query = query.where(journal_entry.c.reference == reference)
        if kind is not None:
            query = query.where(journal_entry.c.kind == kind)
        with self._store.database.reading() as connection:
            return tuple(_entry(*row) for row in connection.execute(query))

    def number_of(self, digest: Sha256) -> int | None:
        """The number of the entry with this hash, None where there is none; the beginning is 0."""
        if digest == GENESIS:
            return 0
        query = select(journal_entry.c.number).where(journal_entry.c.hash == digest)
        with self._store.database.reading() as connection:
            found: int | None = connection.execute(query).scalar()
        return found

    def hash_of(self, number: int) -> Sha256 | None:
        """The hash of the entry with this number, None where there is none; number 0 is the beginning."""
        if number == 0:
            return GENESIS
        query = select(journal_entry.c.hash).where(journal_entry.c.number == number)
        with self._store.database.reading() as connection:
            found: Sha256 | None = connection.execute(query).scalar()
        return found

    def has(self, kind: str, reference: str) -> bool:
        """Whether an entry of this kind about this id was written."""
        query = select(journal_entry.c.number).where(
            (journal_entry.c.kind == kind) & (journal_entry.c.reference == reference)
        )
        with self._store.database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def of_kinds(self, *kinds: str) -> tuple[tuple[JournalEntry, str], ...]:
        """The entries of these kinds, oldest first, each with under whose key it is sealed (an id)."""
        query = select(*_ENTRY, journal_entry.c.owner).where(journal_entry.c.kind.in_(kinds))
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(journal_entry.c.number)).all()
        return tuple((_entry(*row[:-1]), row.owner) for row in rows)

    def payloads(self, numbers: Collection[int]) -> Iterator[tuple[int, bytes]]:
        """What these entries say; those of people who were erased, or that do not open, are not among them."""
        query, wanted = select(journal_entry.c.number, *_PAYLOAD), sorted(numbers)
        with self._store.database.reading() as connection:
            for start in range(0, len(wanted), BATCH):
                which = journal_entry.c.number.in_(wanted[start : start + BATCH])
                for row in connection.execute(query.where(which)).all():
                    with suppress(SafelightError):
                        yield row.number, self._said(row)

    def last_about(self, references: Sequence[str]) -> dict[str, datetime]:
        """When the newest entry about each of these ids was written, for those that have one."""
        found: dict[str, datetime] = {}
        with self._store.database.reading() as connection:
            for start in range(0, len(references), BATCH):
                query = select(journal_entry.c.reference, func.max(journal_entry.c.at))
                query = query.where(journal_entry.c.reference.in_(references[start : start + BATCH]))
                rows = connection.execute(query.group_by(journal_entry.c.reference)).all()
                found.update({reference: parse_time(at) for reference, at in rows})
        return found

    def first_about(self, kind: str, references: Sequence[str]) -> dict[str, int]:
        """The number of the first entry of this kind about each of these ids, for those that have one."""
        found: dict[str, int] = {}
        with self._store.database.reading() as connection:
            for start in range(0, len(references), BATCH):
                query = select(journal_entry.c.reference, func.min(journal_entry.c.number))
                query = query.where(journal_entry.c.reference.in_(references[start : start + BATCH]))
                query = query.where(journal_entry.c.kind == kind).group_by(journal_entry.c.reference)
                found.update({row[0]: row[1] for row in connection.execute(query).all()})
        return found

    def payload(self, number: int) -> bytes:
        """What an entry says; :class:`Refused` when the person it is about was erased."""
        query = select(journal_entry.c.number, *_PAYLOAD).where(journal_entry.c.number == number)
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise unknown("journal entry", str(number))
        return self._said(row)

    def told_about(self, kind: str, reference: str, after: int = 0) -> tuple[tuple[JournalEntry, bytes], ...]:
        """The entries of this kind about this id, oldest first, each with what it says (see :meth:`payload`).

        ``after`` leaves only those with a higher number.
        """
        query = select(*_ENTRY, *_PAYLOAD[:2])
        query = query.where((journal_entry.c.kind == kind) & (journal_entry.c.reference == reference))
        query = query.where(journal_entry.c.number > after)
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(journal_entry.c.number)).all()
        return tuple((_entry(*row[: len(_ENTRY)]), self._said(row)) for row in rows)

    def _said(self, row: Any) -> bytes:
        """What the entry of ``row`` says, held against its hash."""
        number = row.number
        own = row.owner == self._store.studio
        key = self._store.keys.own if own else self._store.keys.evidence(row.owner)
        content = self._store.open(key, "journal_entry", str(number), 1, row.payload)
        if hashlib.sha256(content).hexdigest() != row.payload_sha256:
            raise Malformed(f"Journal entry {number} does not say what its hash covers.", "Restore a backup.")
        return content[_SALT:]

    def sign_head(
        self, connection: Connection, appended: int, vouched: Vouched | None = None, last: JournalEntry | None = None
    ) -> None:
        """Sign the last entry and what is ``vouched`` of all rows; so many entries are new, and ``last`` of them.

        The archive does this at every commit that changed any row. What was signed before must still be part of the
        journal: one whose end was cut off is not signed anew, nor one whose signature was removed; :class:`Malformed`
        says so.
        """
        last = last or self._last(connection)
        if self._sign is None or last is None:
            return
        signed = connection.execute(_SIGNED).first()
        if signed is None and last.number > appended:
            raise Malformed("The signature over the end of the journal was removed.", _RESTORE, ("journal_head",))
        if signed is not None and signed.written != signed.hash:
            raise Malformed(
                f"Journal entry {signed.number}, which was signed, is not in the journal any more.",
                _RESTORE,
                (f"journal_entry/{signed.number}",),
            )
        if self._digests is not None and vouched is None:
            vouched = self._digests.vouched(connection)
        signature = self._sign(self._statement(last.number, last.hash, vouched))
        connection.execute(_UNSIGN)
        row = {"id": 1, "number": last.number, "hash": last.hash, "signature": signature}
        connection.execute(_SIGN, row)

    def statement(self, number: int, digest: Sha256) -> bytes:
        """What the signature must cover of a journal that ends with this entry, while all rows are as they were left.

        Raises :class:`Malformed` when the journal had more entries, or fewer.
        """
        return self._statement(number, digest, self._now_vouched())

    def rows(self) -> str | None:
        """What stands for all rows under the signature now (:class:`Vouched`), None where there are no digests."""
        vouched = self._now_vouched()
        return None if vouched is None else vouched.rows

    def _now_vouched(self) -> Vouched | None:
        with self._store.database.reading() as connection:
            return None if self._digests is None else self._digests.vouched(connection)

    def _statement(self, number: int, digest: Sha256, vouched: Vouched | None) -> bytes:
        if vouched is not None and vouched.entries != number:
            written = f"{vouched.entries} entries were written into the journal, but it ends with entry {number}."
            raise Malformed(written, _RESTORE, ("journal_entry",))
        return head_statement(self._store.studio, number, digest, None if vouched is None else vouched.rows)

    def signed_head(self) -> tuple[int, Sha256, str] | None:
        """Number and hash of the entry signed last, and the signature (SSHSIG, armored)."""
        query = select(journal_head.c.number, journal_head.c.hash, journal_head.c.signature)
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.number, Sha256(row.hash), row.signature)

    @staticmethod
    def _last(connection: Connection) -> JournalEntry | None:
        row = connection.execute(_LAST).first()
        return None if row is None else _entry(*row)


_ENTRY = (
    journal_entry.c.number,
    journal_entry.c.at,
    journal_entry.c.kind,
    journal_entry.c.reference,
    journal_entry.c.payload_sha256,
    journal_entry.c.previous,
    journal_entry.c.hash,
)
# Made once, because making a statement costs more than asking it, and every commit asks these.
_LAST = select(*_ENTRY).order_by(journal_entry.c.number.desc()).limit(1)
_APPEND = insert(journal_entry)
_SIGNED = select(journal_head.c.number, journal_head.c.hash, journal_entry.c.hash.label("written")).outerjoin_from(
    journal_head, journal_entry, journal_entry.c.number == journal_head.c.number
)
_UNSIGN, _SIGN = delete(journal_head), insert(journal_head)
_PAYLOAD = (journal_entry.c.owner, journal_entry.c.payload, journal_entry.c.payload_sha256)


def _entry(
    number: int, at: str, kind: str, reference: str, payload_sha256: str, previous: str, digest: str
) -> JournalEntry:
    try:
        moment: datetime = parse_time(at)
    except Malformed as error:
        raise Refused(f"Journal entry {number} was changed (at).") from error
    return JournalEntry(number, moment, kind, reference, Sha256(payload_sha256), Sha256(previous), Sha256(digest))
