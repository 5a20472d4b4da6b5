"""Repository of disclosures: what left the studio, to whom, in which order; the ledger that withdrawal works from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, insert, select

from safelight.documents.times import rfc3339
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId
from safelight.storage.rows import Disclosure
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.tables import disclosed_photo, disclosed_record, disclosure
from safelight.storage.transaction import Transaction


class DisclosuresRepository:
    """Disclosures by bundle, sealed under the studio's key; they outlive the erasure of who is on the photos."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def next_sequence(self, t: Transaction, recipient: RecipientId) -> int:
        """The number of the next bundle for this recipient, counted from 1."""
        query = select(func.coalesce(func.max(disclosure.c.sequence), 0)).where(disclosure.c.recipient == recipient)
        return int(t.connection.execute(query).scalar_one()) + 1

    def add(self, t: Transaction, made: Disclosure) -> None:
        """Keep what was disclosed; a sequence number or bundle that is there already is refused."""
        sealed = self._store.seal_own("disclosure", made.bundle, 1, encoded(made))
        row = {"bundle": made.bundle, "recipient": made.recipient, "sequence": made.sequence}
        t.connection.execute(insert(disclosure), {**row, "at": rfc3339(made.at), "version": 1, "sealed": sealed})
        photos = [{"photo": each.guid, "bundle": made.bundle} for each in made.photos]
        if photos:
            t.connection.execute(insert(disclosed_photo), photos)
        self._index(t, made)

    def index_missing(self, t: Transaction) -> None:
        """Find by their records those bundles too that left before this was kept; :meth:`of_records` needs it once."""
        for made in self.not_indexed():
            self._index(t, made)

    @staticmethod
    def _index(t: Transaction, made: Disclosure) -> None:
        records = [{"record": each, "bundle": made.bundle} for each in dict.fromkeys(made.records)]
        if records:
            t.connection.execute(insert(disclosed_record), records)

    def of_records(self, records: Sequence[RecordId]) -> tuple[Disclosure, ...]:
        """The disclosures that rest on any of these records, in order."""
        bundles = select(disclosed_record.c.bundle).where(disclosed_record.c.record.in_(records))
        return self._opened(_COLUMNS.where(disclosure.c.bundle.in_(bundles)).order_by(disclosure.c.ordinal))

    def list(self, recipient: RecipientId | None = None) -> tuple[Disclosure, ...]:
        """All disclosures in order, or those to one recipient."""
        query = _COLUMNS.order_by(disclosure.c.ordinal)
        return self._opened(query if recipient is None else query.where(disclosure.c.recipient == recipient))

    def bundles(self) -> frozenset[str]:
        """The bundles that are listed, without opening any row."""
        with self._store.database.reading() as connection:
            return frozenset(connection.execute(select(disclosure.c.bundle)).scalars())

    def of_photo(self, photo: PhotoGuid) -> tuple[Disclosure, ...]:
        """The disclosures this photo was part of."""
        query = _COLUMNS.order_by(disclosure.c.ordinal)
        return self._opened(query.join(disclosed_photo).where(disclosed_photo.c.photo == photo))

    def of_photos(self, photos: Sequence[PhotoGuid]) -> tuple[Disclosure, ...]:
        """The disclosures any of these photos was part of, each once, in order."""
        bundles = select(disclosed_photo.c.bundle).where(disclosed_photo.c.photo.in_(photos))
        return self._opened(_COLUMNS.where(disclosure.c.bundle.in_(bundles)).order_by(disclosure.c.ordinal))

    def not_indexed(self) -> tuple[Disclosure, ...]:
        """Those that :meth:`of_records` does not find yet: they left before this was kept, and rest on records."""
        known = select(disclosed_record.c.bundle)
        return self._opened(_COLUMNS.where(disclosure.c.bundle.not_in(known)).order_by(disclosure.c.ordinal))

    def _opened(self, query: Select[Any]) -> tuple[Disclosure, ...]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            decoded(Disclosure, self._store.open_own("disclosure", bundle, version, sealed), "a disclosure")
            for bundle, version, sealed in rows
        )


_COLUMNS = select(disclosure.c.bundle, disclosure.c.version, disclosure.c.sealed)
