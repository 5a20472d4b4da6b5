"""Repository of what studios delivered to an agency: bundles, photos with who is on them, and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, Table, bindparam, func, insert, select, update

from safelight.domain.ids import BundleId, PhotoGuid, RecordId, StudioId
from safelight.storage.catalogue_rows import KeptBundle, KeptPhoto, KeptRecord
from safelight.storage.catalogue_tables import bundle, photo, record
from safelight.storage.rows import FileId
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_ordinal, unknown
from safelight.storage.transaction import Transaction

_BATCH = 500
"""How many ids one query names at most."""


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Made once: making a query takes longer than asking it about one photo.
_SAME_PICTURES = (
    select(photo.c.guid, photo.c.tag, photo.c.version, photo.c.sealed)
    .where(photo.c.tag.in_(select(photo.c.tag).where(photo.c.guid.in_(_IDS))))
    .order_by(photo.c.tag, photo.c.ordinal)
)


class ReceivedRepository:
    """Everything that came in bundles, sealed under the agency's key; the pictures themselves lie in files."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    # Bundles -----------------------------------------------------------------------------------------------------

    def add_bundle(self, t: Transaction, kept: KeptBundle, front: FileId) -> None:
        """Write a bundle that was not there."""
        sealed = self._store.seal_own("bundle", kept.id, 1, encoded(kept))
        ordinal = next_ordinal(t.connection, bundle)
        row = {"ordinal": ordinal, "id": kept.id, "studio": kept.studio, "front": front, "version": 1, "sealed": sealed}
        t.connection.execute(insert(bundle).values(row))

    def bundle(self, id: BundleId) -> KeptBundle | None:
        """A bundle by id; None if it was never taken in."""
        return next(self._bundles(select(bundle).where(bundle.c.id == id)), None)

    def bundles(self, studio: StudioId | None = None) -> tuple[KeptBundle, ...]:
        """All bundles in the order they were taken in, or those of one studio."""
        query = select(bundle).order_by(bundle.c.ordinal)
        return tuple(self._bundles(query if studio is None else query.where(bundle.c.studio == studio)))

    def front(self, id: BundleId) -> FileId:
        """The file with everything of a bundle that came before its photos."""
        with self._store.database.reading() as connection:
            found = connection.execute(select(bundle.c.front).where(bundle.c.id == id)).scalar()
        if found is None:
            raise unknown("bundle", id)
        return FileId(found)

    # Photos ------------------------------------------------------------------------------------------------------

    def put_photo(self, t: Transaction, kept: KeptPhoto, tag: str) -> None:
        """Write or replace a photo. ``tag`` finds it by its image data (``keys.secrets.content_tag``)."""
        row = t.connection.execute(select(photo.c.version).where(photo.c.guid == kept.guid)).first()
        version = 1 if row is None else row.version + 1
        values = {"version": version, "sealed": self._store.seal_own("photo", kept.guid, version, encoded(kept))}
        if row is None:
            ordinal = next_ordinal(t.connection, photo)
            t.connection.execute(insert(photo).values(ordinal=ordinal, guid=kept.guid, tag=tag, **values))
        else:
            t.connection.execute(update(photo).where(photo.c.guid == kept.guid).values(**values))

    def photos(self, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, KeptPhoto]:
        """Those of ``guids`` that are in the catalogue."""
        with self._store.database.reading() as connection:
            rows = _in_batches(connection, photo, "guid", guids)
        opened = self._store.own_rows("photo")
        return {
            PhotoGuid(guid): decoded(KeptPhoto, opened(guid, version, sealed), "a photo")
            for guid, version, sealed in rows
        }

    def with_same_pictures(self, guids: Sequence[PhotoGuid]) -> tuple[tuple[str, KeptPhoto], ...]:
        """Those of ``guids`` that are in the catalogue, and every photo of the same pictures, each after its tag.

        Read by the tag alone, as those are counted that digests vouch for: who leads the index of ids to another row
        leads it to none.
        """
        rows: dict[str, tuple[str, int, bytes]] = {}
        with self._store.database.reading() as connection:
            for start in range(0, len(guids), _BATCH):
                found = connection.execute(_SAME_PICTURES, {"ids": guids[start : start + _BATCH]}).all()
                rows |= {guid: (tag, version, sealed) for guid, tag, version, sealed in found}
        opened = self._store.own_rows("photo")
        return tuple(
            (tag, decoded(KeptPhoto, opened(guid, version, sealed), "a photo"))
            for guid, (tag, version, sealed) in rows.items()
        )

    def guids(self) -> tuple[PhotoGuid, ...]:
        """Every photo, in the order they came."""
        with self._store.database.reading() as connection:
            found = connection.execute(select(photo.c.guid).order_by(photo.c.ordinal)).scalars()
            return tuple(PhotoGuid(each) for each in found)

    def guids_by_tag(self) -> dict[str, tuple[PhotoGuid, ...]]:
        """Every photo by the tag of its image data."""
        found: dict[str, tuple[PhotoGuid, ...]] = {}
        with self._store.database.reading() as connection:
            for tag, guid in connection.execute(select(photo.c.tag, photo.c.guid).order_by(photo.c.ordinal)):
                found[tag] = (*found.get(tag, ()), PhotoGuid(guid))
        return found

    def count(self) -> int:
        """How many photos there are."""
        with self._store.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(photo)).scalar_one())

    def tagged(self, tag: str) -> tuple[KeptPhoto, ...]:
        """The photos with this tag: the same picture, under one id or several, in the order they came."""
        query = select(photo).where(photo.c.tag == tag).order_by(photo.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(self._photo(row) for row in rows)

    def withhold(self, t: Transaction, guids: Iterable[PhotoGuid]) -> int:
        """Stop every use of these photos for good; returns for how many that is new."""
        changed = 0
        for guid in guids:
            row = t.connection.execute(select(photo).where(photo.c.guid == guid)).first()
            if row is None:
                continue
            kept = self._photo(row)
            if not kept.withheld:
                self.put_photo(t, replace(kept, withheld=True), row.tag)
                changed += 1
        return changed

    # Records -----------------------------------------------------------------------------------------------------

    def add_records(self, t: Transaction, made: Sequence[KeptRecord]) -> None:
        """Write records that were not there."""
        rows = [
            {"id": each.id, "version": 1, "sealed": self._store.seal_own("record", each.id, 1, encoded(each))}
            for each in made
        ]
        if rows:
            t.connection.execute(insert(record), rows)

    def records(self, ids: Sequence[RecordId]) -> dict[RecordId, KeptRecord]:
        """Those of ``ids`` that are in the catalogue."""
        with self._store.database.reading() as connection:
            rows = _in_batches(connection, record, "id", ids)
        opened = self._store.own_rows("record")
        found = (decoded(KeptRecord, opened(id, version, sealed), "a record") for id, version, sealed in rows)
        return {each.id: each for each in found}

    def _photo(self, row: Row[tuple[object, ...]]) -> KeptPhoto:
        return decoded(KeptPhoto, self._store.open_own("photo", row.guid, row.version, row.sealed), "a photo")

    def _bundles(self, query: object) -> Iterator[KeptBundle]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()  # type: ignore[call-overload]
        for row in rows:
            content = self._store.open_own("bundle", row.id, row.version, row.sealed)
            yield decoded(KeptBundle, content, "a bundle")


@cache
def _by_key(table: Table, key: str) -> Select[Any]:
    return select(table.c[key], table.c.version, table.c.sealed).where(table.c[key].in_(_IDS))


def _in_batches(connection: Connection, table: Table, key: str, ids: Sequence[str]) -> list[tuple[str, int, bytes]]:
    """Id, version and sealed content of those rows of ``ids`` that there are."""
    found: list[tuple[str, int, bytes]] = []
    query = _by_key(table, key)
    for start in range(0, len(ids), _BATCH):
        rows = connection.execute(query, {"ids": ids[start : start + _BATCH]})
        found += [(id, version, sealed) for id, version, sealed in rows]
    return found
