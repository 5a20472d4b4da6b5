"""Repository of the withdrawal notices an agency applied, of the records they ended and the photos they hold back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Table, bindparam, insert, select, update

from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256, StudioId
from safelight.storage.catalogue_tables import ended_record, photo_notice, withdrawal_notice
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.transaction import Transaction
from safelight.storage.withdrawal_rows import EndedByNotice, KeptNotice, PhotoByNotice

_BATCH = 500
"""How many ids one query names at most."""
_Told = TypeVar("_Told", bound=EndedByNotice | PhotoByNotice)


class SaidOf(Generic[_Told]):
    """Rows by the id of a record or photo: what each studio's notice with the highest number says of it.

    Anybody may name any id in a notice, so what another studio said stays beside it and does not hide it.
    """

    def __init__(self, store: SealedStore, table: Table, key: str, told: type[_Told]) -> None:
        self._store, self._table, self._key = store, table, key
        self._form: Any = tuple[told, ...]  # type: ignore[valid-type]
        # Made once: each answer about a photo that was not asked about yet takes one of these.
        wanted = table.c[key].in_(bindparam("ids", expanding=True))
        columns = select(table.c[key], table.c.version, table.c.sealed)
        self._query, self._few = columns.where(wanted), columns.limit(_BATCH + 1)

    def of(self, ids: Sequence[str]) -> dict[str, tuple[_Told, ...]]:
        """What was said of those of ``ids`` that something was said of."""
        return {id: said for id, _, said in self._rows(ids)}

    def add(self, t: Transaction, told: Mapping[str, _Told]) -> int:
        """Note what one studio says, by id; where a notice with a higher number was heard, that stays.

        Returns how many ids it had never said anything of.
        """
        known = {id: (version, said) for id, version, said in self._rows(list(told))}
        nothing: tuple[int, tuple[_Told, ...]] = (0, ())
        new, fresh = 0, []
        for id, each in told.items():
            version, said = known.get(id, nothing)
            before = next((one for one in said if one.studio == each.studio), None)
            new += before is None
            if before is not None and before.number >= each.number:
                continue
            kept = (*(one for one in said if one.studio != each.studio), each)
            content = self._store.seal_own(self._table.name, id, version + 1, encoded(kept))
            values = {"studio": kept[0].studio, "version": version + 1, "sealed": content}
            if version:
                t.connection.execute(update(self._table).where(self._table.c[self._key] == id).values(values))
            else:
                fresh.append({self._key: id, **values})
        if fresh:
            t.connection.execute(insert(self._table), fresh)
        return new

    def _rows(self, ids: Sequence[str]) -> list[tuple[str, int, tuple[_Told, ...]]]:
        rows: list[Any] = []
        with self._store.database.reading() as connection:
            if len(ids) > _BATCH and len(few := connection.execute(self._few).all()) <= _BATCH:
                # Notices are about few of all photos: reading every row is less than naming so many ids.
                asked = set(ids)
                rows = [each for each in few if each[0] in asked]
            else:
                for start in range(0, len(ids), _BATCH):
                    rows += connection.execute(self._query, {"ids": ids[start : start + _BATCH]})
        if not rows:
            return []
        opened = self._store.own_rows(self._table.name)
        return [
            (id, version, decoded(self._form, opened(id, version, sealed), "a notice")) for id, version, sealed in rows
        ]


class NoticeLink(NamedTuple):
    """The hash of a notice, and that of the one before it as it says."""

    sha256: Sha256
    previous: Sha256 | None


class IncomingNoticesRepository:
    """Notices by studio and number, sealed under the agency's key, and what follows from them."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store
        self.ended: SaidOf[EndedByNotice] = SaidOf(store, ended_record, "record", EndedByNotice)
        self.photos: SaidOf[PhotoByNotice] = SaidOf(store, photo_notice, "photo", PhotoByNotice)

    def add(self, t: Transaction, made: Sequence[KeptNotice]) -> None:
        """Keep notices; a number their studio has given before is refused by the database."""
        rows = []
        for each in made:
            place = _row(each.studio, each.number)
            sealed = self._store.seal_own(withdrawal_notice.name, place, 1, encoded(each))
            rows.append({"studio": each.studio, "number": each.number, "version": 1, "sealed": sealed})
        if rows:
            t.connection.execute(insert(withdrawal_notice), rows)

    def of(self, studio: StudioId) -> Iterator[KeptNotice]:
        """All of one studio, by rising number, one after the other: they may be large."""
        for number in self.numbers(studio):
            yield from self._opened(studio, [number])

    def links(self, studio: StudioId, numbers: Sequence[int]) -> dict[int, NoticeLink]:
        """The hashes of those of these notices that there are, by rising number."""
        found: dict[int, NoticeLink] = {}
        for start in range(0, len(numbers), _BATCH):
            some = self._opened(studio, sorted(numbers)[start : start + _BATCH])
            found |= {each.number: NoticeLink(each.sha256, each.previous) for each in some}
        return found

    def numbers(self, studio: StudioId) -> tuple[int, ...]:
        """The numbers of a studio's notices that were applied, rising."""
        columns = withdrawal_notice.c
        query = select(columns.number).where(columns.studio == studio).order_by(columns.number)
        with self._store.database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def studios(self) -> tuple[StudioId, ...]:
        """The studios that sent a notice, by id."""
        query = select(withdrawal_notice.c.studio).distinct().order_by(withdrawal_notice.c.studio)
        with self._store.database.reading() as connection:
            return tuple(StudioId(each) for each in connection.execute(query).scalars())

    def faults(self) -> Iterator[str | None]:
        """A sentence per notice that does not open or was put elsewhere, None per sound one."""
        columns = withdrawal_notice.c
        with self._store.database.reading() as connection:
            rows = connection.execute(select(columns.studio, columns.number)).all()
        for studio, number in rows:
            try:
                for _ in self._opened(studio, [number]):
                    yield None
            except Malformed as error:
                yield error.title

    def _opened(self, studio: StudioId, numbers: Sequence[int]) -> Iterator[KeptNotice]:
        columns = withdrawal_notice.c
        query = select(columns.number, columns.version, columns.sealed).order_by(columns.number)
        with self._store.database.reading() as connection:
            rows = connection.execute(query.where(columns.studio == studio, columns.number.in_(numbers))).all()
        opened = self._store.own_rows(withdrawal_notice.name)
        for number, version, sealed in rows:
            yield decoded(KeptNotice, opened(_row(studio, number), version, sealed), "a notice")


def _row(studio: StudioId, number: int) -> str:
    return f"{studio}/{number}"
