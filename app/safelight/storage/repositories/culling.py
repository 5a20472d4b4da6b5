"""Repository of culling: what the photographer made of each photo, sealed under the studio's own key, read by shot."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update

from safelight.documents.times import parse_time, rfc3339
from safelight.domain.culling import UNCULLED, Culling, Pick, of_shot
from safelight.domain.ids import PhotoGuid, SessionId
from safelight.storage.key_store import BATCH
from safelight.storage.opened_rows import OpenedRows
from safelight.storage.repositories.photos import SHOT
from safelight.storage.sealed_store import SealedStore, unknown
from safelight.storage.tables import culling, photo
from safelight.storage.transaction import Transaction


class CullingRepository:
    """One row a photo that was ever culled. It names nobody, and stays when the photo is given to other people.

    Readers ask by shot: photos of one shutter count as one, also those that came in later than the others. A row that
    was written once is never taken out before its photo is, so that no older one can be put in its place.
    """

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, guid: PhotoGuid, told: Culling) -> None:
        """Write down what is made of a photo now; :class:`WrongUsage` for one that is not there."""
        query = select(culling.c.version).select_from(photo.outerjoin(culling)).where(photo.c.guid == guid)
        found = t.connection.execute(query).first()
        if found is None:
            raise unknown("photo", guid)
        version = 1 if found.version is None else found.version + 1
        values = {"version": version, "sealed": self._store.seal_own("culling", guid, version, _encoded(told))}
        if version == 1:
            t.connection.execute(insert(culling), {"photo": guid, **values})
        else:
            t.connection.execute(update(culling).where(culling.c.photo == guid).values(**values))

    def of(self, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, Culling]:
        """What was said of each of these photos by itself; :data:`UNCULLED` where nothing was."""
        found: dict[PhotoGuid, Culling] = dict.fromkeys(guids, UNCULLED)
        for start in range(0, len(guids), BATCH):
            query = select(*_ROW).where(culling.c.photo.in_(guids[start : start + BATCH]))
            for guid, told in self._opened(query):
                found[guid] = told
        return found

    def by_shot(self, session: SessionId | None = None, opened: OpenedRows | None = None) -> Mapping[str, Culling]:
        """What counts for each shot of which anything was ever said (of all sessions if None), in one query."""
        query = select(*_ROW, SHOT.label("shot")).join(photo, photo.c.guid == culling.c.photo)
        return self._joined(query if session is None else query.where(photo.c.session == session), opened)

    def of_shots(self, shots: Collection[str], opened: OpenedRows | None = None) -> Mapping[str, Culling]:
        """As :meth:`by_shot`, for these few shots."""
        wanted, found = list(shots), dict[str, Culling]()
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            query = select(*_ROW, SHOT.label("shot")).join(photo, photo.c.guid == culling.c.photo)
            found.update(self._joined(query.where(_of_these(some)), opened))
        return found

    def hidden_shots(self, session: SessionId | None = None, opened: OpenedRows | None = None) -> frozenset[str]:
        """The shots that are in the bin."""
        return frozenset(shot for shot, told in self.by_shot(session, opened).items() if told.hidden)

    def whole_shots(self, guids: Sequence[PhotoGuid]) -> tuple[tuple[PhotoGuid, str, SessionId], ...]:
        """These photos and all others of the same shots: guid, shot and session, in the order they came in.

        Ids that are no photos are left out.
        """
        shots: list[str] = []
        for start in range(0, len(guids), BATCH):
            some = select(SHOT).where(photo.c.guid.in_(guids[start : start + BATCH]))
            with self._store.database.reading() as connection:
                shots += connection.execute(some).scalars()
        return self.photos_of(tuple(dict.fromkeys(shots)))

    def photos_of(self, shots: Sequence[str]) -> tuple[tuple[PhotoGuid, str, SessionId], ...]:
        """All photos of these shots, as :meth:`whole_shots` gives them."""
        found: list[tuple[int, PhotoGuid, str, SessionId]] = []
        for start in range(0, len(shots), BATCH):
            query = select(photo.c.guid, photo.c.ordinal, SHOT.label("shot"), photo.c.session)
            with self._store.database.reading() as connection:
                rows = connection.execute(query.where(_of_these(shots[start : start + BATCH]))).all()
            found += [(row.ordinal, row.guid, row.shot, row.session) for row in rows]
        return tuple((guid, shot, session) for _, guid, shot, session in sorted(found))

    def _joined(self, query: Select[Any], opened: OpenedRows | None) -> dict[str, Culling]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        opener = self._store.own_rows("culling")
        found: dict[str, list[Culling]] = {}
        for row in rows:
            key, stamp = ("culling", row.photo), (row.version, row.sealed)
            told = None if opened is None else opened.find(key, stamp)
            if told is None:
                told = _decoded(opener(row.photo, row.version, row.sealed))
                if opened is not None:
                    opened.keep(key, stamp, told)
            found.setdefault(row.shot, []).append(told)
        return {shot: each[0] if len(each) == 1 else of_shot(each) for shot, each in found.items()}

    def _opened(self, query: Select[Any]) -> list[tuple[PhotoGuid, Culling]]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        opener = self._store.own_rows("culling")
        return [(row.photo, _decoded(opener(row.photo, row.version, row.sealed))) for row in rows]


def _of_these(shots: Sequence[str]) -> ColumnElement[bool]:
    # Two conditions for the two indexes; a photo of before there were shots is one by itself.
    return photo.c.shot.in_(shots) | (photo.c.shot.is_(None) & photo.c.guid.in_(shots))


_ROW = (culling.c.photo, culling.c.version, culling.c.sealed)


def _encoded(told: Culling) -> bytes:
    # Always of one length, so that the ciphertext does not tell what is in the bin.
    hidden = "" if told.hidden_at is None else rfc3339(told.hidden_at)
    return json.dumps([told.rating, _MARKS.index(told.mark), int(told.picked_by_subject), f"{hidden:20}"]).encode()


def _decoded(content: bytes) -> Culling:
    # The seal has vouched for the bytes.
    rating, mark, wanted, hidden = json.loads(content)
    return Culling(rating, _MARKS[mark], bool(wanted), None if hidden.isspace() else parse_time(hidden))


_MARKS = (Pick.NONE, Pick.PICK, Pick.REJECT)
"""By their numbers in the sealed rows."""
