"""One pass over a whole archive: every row opened, every file hashed, every reference followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import Table, func, select

from safelight.documents.status import MOST_LISTS
from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed, Refused, SafelightError
from safelight.domain.journal import GENESIS, JournalEntry, verify_chain
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.keys.signing import verify_sshsig
from safelight.storage.key_rows import combined
from safelight.storage.repositories.consents import ConsentsRepository
from safelight.storage.repositories.held import HeldRepository
from safelight.storage.repositories.journal import JournalRepository
from safelight.storage.repositories.notices import NoticesRepository
from safelight.storage.repositories.statuses import POSITIONS, number_of
from safelight.storage.rows import Disclosure
from safelight.storage.sealed_store import SealedStore, decoded
from safelight.storage.tables import (
    change,
    consent_event,
    culling,
    disclosure,
    notice,
    photo,
    photo_owner,
    picture,
    receipt,
    recipient,
    session,
    setting,
    staff,
    status,
    subject,
    validation,
)
from safelight.storage.triggers import trigger_faults

_PAGE = 200


class IntegrityCheck:
    """One pass over an archive; each part yields a sentence per fault and None per sound row."""

    def __init__(
        self,
        store: SealedStore,
        consents: ConsentsRepository,
        held: HeldRepository,
        journal: JournalRepository,
        notices: NoticesRepository,
        signers: tuple[str, ...],
    ) -> None:
        self._store = store
        self._consents = consents
        self._held = held
        self._journal = journal
        self._notices = notices
        self._signers = signers
        self._gone = store.keys.gone()

    def database(self) -> Iterator[str | None]:
        """What the database finds wrong with itself, and the triggers: tables that only grow, changes that count."""
        database = self._store.database
        with database.reading() as connection:
            yield from database.engine.faults(connection, database.path.name)
            yield from trigger_faults(database.engine, connection, database.path.name)
            if connection.execute(select(func.count()).select_from(change)).scalar_one() != 1:
                yield "What counts the changes was removed or put in twice (table change)."

    def own_rows(self) -> Iterator[str | None]:
        """Everything under the studio's own key."""
        for table, key in ((setting, "name"), (staff, "id"), (recipient, "id"), (validation, "ordinal"),
                           (culling, "photo")):  # fmt: skip
            for row in self._rows(select(table.c[key], table.c.version, table.c.sealed)):
                yield self._opens_own(table, str(row[0]), row.version, row.sealed)
        for row in self._rows(select(session.c.id, session.c.state, session.c.version, session.c.sealed)):
            try:
                content = self._store.open_own("session", row.id, row.version, row.sealed)
            except Malformed as error:
                yield error.title
            else:
                if decoded(Session, content, "a session").state.value != row.state:
                    yield f"Session {row.id} does not have the state it was given (table session)."
        columns = (disclosure.c.bundle, disclosure.c.recipient, disclosure.c.sequence, disclosure.c.at)
        for row in self._rows(select(*columns, disclosure.c.version, disclosure.c.sealed)):
            try:
                content = self._store.open_own("disclosure", row.bundle, row.version, row.sealed)
            except Malformed as error:
                yield error.title
            else:
                made = decoded(Disclosure, content, "a disclosure")
                if (made.recipient, made.sequence, rfc3339(made.at)) != (row.recipient, row.sequence, row.at):
                    yield f"Disclosure {row.bundle} was put elsewhere than it belongs (table disclosure)."
        for row in self._rows(select(notice.c.sha256)):
            yield _said(partial(self._notices.text, row.sha256))
            yield _said(partial(self._notices.get, row.sha256))

    def journal_entries(self) -> Iterator[str | None]:
        """The chain, the payloads that can still be read, and the signature over the head."""
        last: JournalEntry | None = None
        self._hashes = {str(GENESIS)}
        signed = self._journal.signed_head()
        try:
            while page := self._journal.entries(0 if last is None else last.number, _PAGE):
                last = verify_chain(page, last)
                self._hashes.update(entry.hash for entry in page)
                for entry in page:
                    yield self._readable(partial(self._journal.payload, entry.number))
        except Refused as error:
            yield f"{error.title} (table journal_entry)"
            return
        if signed is None:
            if last is not None and self._signers:
                yield "The head of the journal was never signed (table journal_head)."
            return
        number, digest, signature = signed
        if last is None or number > last.number:
            yield f"The journal ends before entry {number}, which was signed: something was removed."
        elif (number, digest) != (last.number, last.hash):
            yield f"The journal's signature is for entry {number}, but its last entry is {last.number}."
        elif self._signers:
            try:
                statement = self._journal.statement(number, digest)
            except Malformed as error:
                yield f"{error.title} (table journal_entry)"
                return
            tries = [
                _said(partial(verify_sshsig, key, statement, signature, "safelight-journal")) for key in self._signers
            ]
            if all(tries):
                yield f"The signature over journal entry {number} does not hold (table journal_head)."

    def subjects(self) -> Iterator[str | None]:
        """Every person's row."""
        columns = (subject.c.ordinal, subject.c.id, subject.c.version, subject.c.line, subject.c.sealed)
        for rows in self._pages(select(*columns), subject.c.ordinal):
            keys = self._store.keys.many("evidence", [row.id for row in rows], skip_damaged=True)
            portraits = self._store.keys.many("portrait", [row.id for row in rows], skip_damaged=True)
            for row in rows:
                if row.id not in portraits and "portrait" not in self._gone.get(row.id, ()):
                    yield f"The portrait key of subject {row.id} is missing or damaged (table subject_key or gone)."
                if row.id not in keys:
                    yield f"The evidence key of subject {row.id} is missing or damaged (table subject_key)."
                    continue
                yield self._opens(keys[row.id], "subject", row.id, row.version, row.sealed)
                yield self._opens(keys[row.id], "subject.line", row.id, row.version, row.line)

    def events(self) -> Iterator[str | None]:
        """Every event of everybody who was not erased, and that no number is missing in a record."""
        people = self._rows(select(consent_event.c.subject).distinct())
        self._records: set[str] = set()
        for row in people:
            if "evidence" in self._gone.get(row.subject, ()):
                continue
            numbers: dict[str, list[int]] = {}
            try:
                for event in self._consents.events_of(row.subject):
                    numbers.setdefault(event.record, []).append(event.sequence)
                    yield None
            except SafelightError as error:
                yield error.title
                continue
            for record, sequence in numbers.items():
                self._records.add(record)
                if sorted(sequence) != list(range(1, len(sequence) + 1)):
                    yield f"An event of record {record} is missing (table consent_event)."

    def receipts(self) -> Iterator[str | None]:
        """Every signed receipt, and that the notice, the events and the status positions it names are there."""
        positions = set(self._rows_of_one(select(status.c.position)))
        if any(not 0 <= each < MOST_LISTS * POSITIONS for each in positions):
            yield "A place in the status lists lies outside of all lists (table status)."
        known_notices = set(self._rows_of_one(select(notice.c.sha256)))
        for id in self._rows_of_one(select(receipt.c.id).order_by(receipt.c.ordinal)):
            try:
                signed = self._consents.receipt(id)
            except SafelightError as error:
                yield error.title
                continue
            yield None
            if signed.receipt.notice.sha256 not in known_notices:
                yield f"Receipt {id} names a notice that is not there (table notice)."
            if signed.journal_head and signed.journal_head not in self._hashes:
                yield f"Receipt {id} names a journal entry that is not there (table journal_entry)."
            for record in signed.receipt.records:
                if record.id not in self._records:
                    yield f"Record {record.id} of receipt {id} has no event (table consent_event)."
                if number_of(record.status_position) not in positions:
                    yield f"Record {record.id} of receipt {id} has no status position (table status)."

    def held(self) -> Iterator[str | None]:
        """Every ceremony in progress: that it opens, and is that person's."""
        for person, shoot in self._held.everything():
            yield _said(partial(self._held.find, person, shoot))

    def photos(self) -> Iterator[str | None]:
        """Every photo with its renditions, and that its columns say what its sealed row says."""
        query = select(photo, picture.c.thumbnail, picture.c.preview, picture.c.photo.label("pictured"))
        query = query.outerjoin(picture)
        for rows in self._pages(query, photo.c.ordinal):
            owners = self._owners([row.guid for row in rows])
            everybody = (owner for each in owners.values() for owner, _ in each)
            keys = self._store.keys.many("portrait", everybody, skip_damaged=True)
            for row in rows:
                mine = owners.get(row.guid, [])
                try:
                    key = combined([keys[owner] for owner, _ in sorted(mine)])
                except LookupError:
                    yield f"A portrait key of photo {row.guid} is missing or damaged (table subject_key)."
                    continue
                yield self._photo_fault(row, [person for _, person in mine if person], key)
                yield self._opens(key, "photo.line", row.guid, row.version, row.line)
                if row.pictured is None:
                    yield f"Photo {row.guid} has no renditions (table picture)."
                    continue
                for name in ("thumbnail", "preview"):
                    yield self._opens(key, f"picture.{name}", row.guid, row.version, getattr(row, name))

    def _photo_fault(self, row: Any, people: list[str], key: bytes) -> str | None:
        try:
            content = self._store.open(key, "photo", row.guid, row.version, row.sealed)
        except Malformed as error:
            return error.title
        taken = decoded(Photo, content, "a photo")
        at = None if taken.taken_at is None else rfc3339(taken.taken_at)
        told = (taken.session, taken.media_type, at, taken.flagged, list(dict.fromkeys(taken.subjects)))
        here = (row.session, row.media_type, row.taken_at, bool(row.flagged), people)
        if told != here or row.shot not in (None, taken.shot or taken.guid):
            return f"Photo {row.guid} was put elsewhere than it belongs (table photo or photo_owner)."
        return None

    def _owners(self, guids: list[str]) -> dict[str, list[tuple[str, str | None]]]:
        found: dict[str, list[tuple[str, str | None]]] = {}
        query = select(photo_owner).where(photo_owner.c.photo.in_(guids)).order_by(photo_owner.c.position)
        for row in self._rows(query):
            found.setdefault(row.photo, []).append((row.owner, row.subject))
        return found

    def _readable(self, read: Callable[[], object]) -> str | None:
        try:
            read()
        except Refused:
            return None  # erased on purpose
        except SafelightError as error:
            return error.title
        return None

    def _opens(self, key: bytes, table: str, id: str, version: int, sealed: bytes) -> str | None:
        return _said(lambda: self._store.open(key, table, id, version, sealed))

    def _opens_own(self, table: Table, id: str, version: int, sealed: bytes) -> str | None:
        return self._opens(self._store.keys.own, table.name, id, version, sealed)

    def _rows(self, query: Any) -> list[Any]:
        with self._store.database.reading() as connection:
            return list(connection.execute(query))

    def _rows_of_one(self, query: Any) -> list[Any]:
        with self._store.database.reading() as connection:
            return list(connection.execute(query).scalars())

    def _pages(self, query: Any, ordinal: Any) -> Iterator[list[Any]]:
        last = -1
        while rows := self._rows(query.where(ordinal > last).order_by(ordinal).limit(_PAGE)):
            yield rows
            last = rows[-1].ordinal


def _said(attempt: Callable[[], object]) -> str | None:
    """What went wrong, in its first sentence; None if nothing did."""
    try:
        attempt()
    except SafelightError as error:
        return error.title
    return None
