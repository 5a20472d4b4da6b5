"""Repository of consents: every event of every record, append-only, and the signed receipts that prove them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from safelight.documents.times import rfc3339
from safelight.domain.consent import ConsentEvent
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import ReceiptId, SessionId, SubjectId
from safelight.domain.record import SignatureKind
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.files import FileStore
from safelight.storage.key_store import BATCH
from safelight.storage.receipt_form import read_receipt, receipt_bytes
from safelight.storage.rows import FileId, SignedReceiptFile
from safelight.storage.sealed_store import SealedStore, decoded, encoded, unknown
from safelight.storage.tables import consent_event, receipt, subject, validation
from safelight.storage.transaction import Transaction


class ConsentsRepository:
    """Events and receipts of each subject, sealed under the subject's evidence key; ink under the portrait key."""

    def __init__(self, store: SealedStore, files: FileStore) -> None:
        self._store = store
        self._files = files

    def add_event(self, t: Transaction, event: ConsentEvent) -> None:
        """Append one event; a sequence number that its record has already is refused.

        The limits of a first event are kept once, in the signed record, and read from there.
        """
        if event.sequence == 1:
            event = replace(event, limits=None)
        key = self._store.keys.evidence(event.subject)
        row = {
            "id": event.id,
            "record": event.record,
            "sequence": event.sequence,
            "subject": event.subject,
            "at": rfc3339(event.at),
            "sealed": self._store.seal(key, "consent_event", event.id, 1, encoded(event)),
        }
        t.connection.execute(insert(consent_event), row)

    def events_of(self, person: SubjectId) -> tuple[ConsentEvent, ...]:
        """Every event of one person, oldest first; :class:`Refused` once their evidence was erased."""
        rows = self._event_rows(select(*_EVENT).where(consent_event.c.subject == person))
        if not rows:
            return ()
        key = self._store.keys.evidence(person)
        return tuple(self._event(row, key) for row in rows)

    def events_of_all(self, session: SessionId | None = None) -> dict[SubjectId, tuple[ConsentEvent, ...]]:
        """The events of everybody (of one session), by person; who was erased is not among them."""
        query = select(*_EVENT)
        if session is not None:
            query = query.join(subject, subject.c.id == consent_event.c.subject).where(subject.c.session == session)
        rows = self._event_rows(query)
        keys = self._keys("evidence", (row.subject for row in rows))
        found: dict[SubjectId, list[ConsentEvent]] = {}
        for row in rows:
            if row.subject in keys:
                found.setdefault(row.subject, []).append(self._event(row, keys[row.subject]))
        return {person: tuple(events) for person, events in found.items()}

    def add_receipt(self, t: Transaction, signed: SignedReceiptFile) -> None:
        """Keep what one signing left; a PDF it names becomes part of the same transaction."""
        kind = signed.receipt.signing.kind
        ink_purpose = _ink_purpose(kind)
        key = self._key(ink_purpose, signed.subject)
        id = signed.receipt.id
        fixed: dict[str, object] = {
            "id": id,
            "subject": signed.subject,
            "session": signed.receipt.session,
            "issued_at": rfc3339(signed.receipt.issued_at),
            "ink_purpose": ink_purpose,
            # Bound to version 1 for ever: the ink is never written again, whatever happens to the row.
            "ink": self._store.seal(key, "receipt.ink", id, 1, signed.evidence),
        }
        t.connection.execute(insert(receipt), fixed | self._values(t, signed, 1))

    def set_pdf(self, t: Transaction, id: ReceiptId, file: FileId) -> None:
        """Name the PDF of a receipt (stored for its subject, with ``evidence=True``); one it had before goes."""
        row = t.connection.execute(select(*_RECEIPT).where(receipt.c.id == id)).first()
        if row is None:
            raise unknown("receipt", id)
        signed = replace(self._signed(row), pdf=file)
        t.connection.execute(
            update(receipt).where(receipt.c.id == id).values(**self._values(t, signed, row.version + 1))
        )
        if row.pdf is not None and row.pdf != file:
            self._files.remove(t, row.pdf)

    def written(self, session: SessionId) -> tuple[int, ...]:
        """Numbers that are others as soon as anything was signed, ended, checked or erased of the people of a session.

        Events, receipts and checks are only ever added, or gone with the person, so nothing has to be opened.
        """
        numbers: list[Any] = []
        mine = select(subject.c.id).where(subject.c.session == session)
        signed = select(receipt.c.id).where(receipt.c.subject.in_(mine))
        for ordinal, which in (
            (consent_event.c.ordinal, consent_event.c.subject.in_(mine)),
            (receipt.c.ordinal, receipt.c.subject.in_(mine)),
            (validation.c.ordinal, validation.c.receipt.in_(signed)),
        ):
            for what in (func.count(), func.max(ordinal)):
                numbers.append(select(what).select_from(ordinal.table).where(which).scalar_subquery())
        with self._store.database.reading() as connection:
            return tuple(int(each or 0) for each in connection.execute(select(*numbers)).one())

    def receipt(self, id: ReceiptId) -> SignedReceiptFile:
        """One signed receipt; :class:`WrongUsage` if unknown, :class:`Refused` if erased."""
        with self._store.database.reading() as connection:
            row = connection.execute(select(*_RECEIPT).where(receipt.c.id == id)).first()
        if row is None:
            raise unknown("receipt", id)
        return self._signed(row)

    def receipts_of(self, person: SubjectId) -> tuple[SignedReceiptFile, ...]:
        """Every signed receipt of one person, oldest first."""
        query = select(*_RECEIPT).where(receipt.c.subject == person).order_by(receipt.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(self._signed(row) for row in rows)

    def each_receipt(self, session: SessionId | None = None) -> Iterator[SignedReceiptFile]:
        """The signed receipts of everybody (of one session), oldest first, without those of who was erased.

        Read page by page: an open cursor would keep the writer waiting, and ten thousand receipts are much to hold.
        """
        query = select(receipt.c.ordinal, *_RECEIPT)
        if session is not None:
            query = query.join(subject, subject.c.id == receipt.c.subject).where(subject.c.session == session)
        last = 0
        while True:
            page = query.where(receipt.c.ordinal > last).order_by(receipt.c.ordinal).limit(BATCH)
            with self._store.database.reading() as connection:
                rows = connection.execute(page).all()
            keys = self._keys("evidence", [row.subject for row in rows])
            portraits = self._keys("portrait", [row.subject for row in rows if row.ink_purpose == "portrait"])
            for row in rows:
                if row.subject in keys:
                    inks = portraits if row.ink_purpose == "portrait" else keys
                    yield self._opened(row, keys[row.subject], inks.get(row.subject))
            if len(rows) < BATCH:
                return
            last = rows[-1].ordinal

    def people(self) -> dict[SessionId, frozenset[SubjectId]]:
        """Who signed something, by the session they signed in; nothing is opened."""
        query = select(receipt.c.session, receipt.c.subject).distinct()
        found: dict[SessionId, set[SubjectId]] = {}
        with self._store.database.reading() as connection:
            for session, subject in connection.execute(query):
                found.setdefault(SessionId(session), set()).add(SubjectId(subject))
        return {session: frozenset(people) for session, people in found.items()}

    def _keys(self, purpose: SubjectKeyPurpose, people: Iterable[SubjectId]) -> dict[str, bytes]:
        """The keys of these people; raises for somebody whose key is missing although it was never destroyed."""
        asked = list(dict.fromkeys(people))
        keys = self._store.keys.many(purpose, asked)
        missing = [each for each in asked if each not in keys]
        gone = self._store.keys.gone() if missing else {}
        for each in missing:
            if purpose not in gone.get(each, ()):
                self._key(purpose, each)  # raises, and says that a key is lost
        return keys

    def receipt_ids(self, session: SessionId | None = None) -> tuple[tuple[ReceiptId, SubjectId], ...]:
        """Receipts and whose they are, oldest first, without opening any."""
        query = select(receipt.c.id, receipt.c.subject).order_by(receipt.c.ordinal)
        if session is not None:
            query = query.where(receipt.c.session == session)
        with self._store.database.reading() as connection:
            return tuple((ReceiptId(id), SubjectId(person)) for id, person in connection.execute(query))

    def _event_rows(self, query: Select[Any]) -> list[Any]:
        with self._store.database.reading() as connection:
            return list(connection.execute(query.order_by(consent_event.c.ordinal)))

    def _event(self, row: Any, key: bytes) -> ConsentEvent:
        event = decoded(
            ConsentEvent, self._store.open(key, "consent_event", row.id, 1, row.sealed), "a consent event"
        )
        told = (event.record, event.sequence, event.subject, rfc3339(event.at))
        if told != (row.record, row.sequence, row.subject, row.at):
            what = f"Consent event {row.id} was put on another record or day."
            raise Malformed(what, "Restore a backup.", (f"consent_event/{row.id}",))
        return event

    def _key(self, purpose: SubjectKeyPurpose, person: SubjectId) -> bytes:
        keys = self._store.keys
        return keys.portrait(person) if purpose == "portrait" else keys.evidence(person)

    def _values(self, t: Transaction, signed: SignedReceiptFile, version: int) -> dict[str, object]:
        if signed.pdf is not None:
            stored = self._files.register(t, signed.pdf)
            if stored.owners != (signed.subject,) or stored.purpose != "evidence":
                raise WrongUsage("The PDF of a receipt is stored for its subject alone, as evidence.")
        key = self._store.keys.evidence(signed.subject)
        sealed = self._store.seal(key, "receipt", signed.receipt.id, version, receipt_bytes(signed))
        return {"pdf": signed.pdf, "version": version, "sealed": sealed}

    def _signed(self, row: Any) -> SignedReceiptFile:
        key = self._store.keys.evidence(row.subject)
        try:
            ink_key = self._key(row.ink_purpose, row.subject)
        except Refused:
            return self._opened(row, key, None)
        return self._opened(row, key, ink_key)

    def _opened(self, row: Any, key: bytes, ink_key: bytes | None) -> SignedReceiptFile:
        """The receipt of ``row``; without ``ink_key`` the ink was erased."""
        signed = read_receipt(self._store.open(key, "receipt", row.id, row.version, row.sealed))
        sealed_told = (signed.subject, signed.receipt.session, signed.pdf, rfc3339(signed.receipt.issued_at))
        clear_told = (row.subject, row.session, row.pdf, row.issued_at)
        if (*sealed_told, _ink_purpose(signed.receipt.signing.kind)) != (*clear_told, row.ink_purpose):
            raise Malformed(
                f"Receipt {row.id} was put elsewhere than it belongs.", "Restore a backup.", (f"receipt/{row.id}",)
            )
        if ink_key is None:
            return signed
        evidence = self._store.open(ink_key, "receipt.ink", row.id, 1, row.ink)
        return replace(signed, evidence=evidence, evidence_erased=False)


def _ink_purpose(kind: SignatureKind) -> SubjectKeyPurpose:
    """Handwriting goes when the pictures go; a typed name stays with the proof."""
    return "portrait" if kind is SignatureKind.INK else "evidence"


_EVENT = (
    consent_event.c.id,
    consent_event.c.record,
    consent_event.c.sequence,
    consent_event.c.subject,
    consent_event.c.at,
    consent_event.c.sealed,
)
_RECEIPT = (
    receipt.c.id,
    receipt.c.subject,
    receipt.c.session,
    receipt.c.pdf,
    receipt.c.issued_at,
    receipt.c.ink_purpose,
    receipt.c.version,
    receipt.c.sealed,
    receipt.c.ink,
)
