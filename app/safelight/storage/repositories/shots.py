"""Reads photos for the desk, thousands at once: what is sealed of each, without the cost of checking every field."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select

from safelight.documents.times import parse_time
from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import CameraTime, upright_size
from safelight.keys.sealing import TableOpener
from safelight.storage.key_rows import combined
from safelight.storage.opened_rows import OpenedRows
from safelight.storage.repositories.photos import SHOT
from safelight.storage.rows import PhotoFacts, ShotOwner
from safelight.storage.sealed_store import SealedStore
from safelight.storage.tables import photo, photo_owner


class ShotsRepository:
    """Photos in the order they came in. Everything of one session is three queries, however many there are."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def of_session(
        self, session: SessionId, subject: SubjectId | None = None, opened: OpenedRows | None = None
    ) -> tuple[PhotoFacts, ...]:
        """All photos of a session, or only those of one person."""
        return self._read(_narrowed(session, subject), opened)

    def of_shots(self, shots: Collection[str], opened: OpenedRows | None = None) -> tuple[PhotoFacts, ...]:
        """All photos of these few shots."""
        return self._read(photo.c.shot.in_(shots) | (photo.c.shot.is_(None) & photo.c.guid.in_(shots)), opened)

    def by_age(
        self, session: SessionId, subject: SubjectId | None = None, *, skip: int = 0, most: int | None = None
    ) -> tuple[str, ...]:
        """The shots of a session (and person), the one that came in last first, unopened: ``most`` after ``skip``.

        A shot is as old as its first photo: the raw file of an earlier one does not make it the newest again.
        """
        query = select(SHOT).where(_narrowed(session, subject)).group_by(SHOT)
        query = query.order_by(func.min(photo.c.ordinal).desc()).limit(most).offset(skip)
        with self._store.database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def owners(self, session: SessionId, subject: SubjectId | None = None) -> tuple[ShotOwner, ...]:
        """Who is on which shot, one row for each person (and for nobody), and whether that is settled; unopened."""
        query = select(SHOT, photo_owner.c.subject, func.max(photo.c.flagged))
        query = query.join(photo_owner, photo_owner.c.photo == photo.c.guid).where(_narrowed(session, subject))
        with self._store.database.reading() as connection:
            rows = connection.execute(query.group_by(SHOT, photo_owner.c.subject)).all()
        return tuple(ShotOwner(shot, subject, bool(flagged)) for shot, subject, flagged in rows)

    def counts(self, without: Collection[str] = ()) -> dict[SessionId, int]:
        """How many shots there are in each session that has any, ``without`` these."""
        query = select(photo.c.session, func.count(SHOT.distinct())).group_by(photo.c.session)
        query = query.where(SHOT.not_in(sorted(without))) if without else query
        with self._store.database.reading() as connection:
            return {SessionId(session): int(count) for session, count in connection.execute(query)}

    def people(self, without: Collection[str] = ()) -> dict[SessionId, frozenset[SubjectId]]:
        """Who of each session is on any shot, ``without`` these; nothing is opened."""
        query = select(photo.c.session, photo_owner.c.subject).join(photo_owner, photo_owner.c.photo == photo.c.guid)
        query = query.where(photo_owner.c.subject.is_not(None)).distinct()
        query = query.where(SHOT.not_in(sorted(without))) if without else query
        found: dict[SessionId, set[SubjectId]] = {}
        with self._store.database.reading() as connection:
            for session, subject in connection.execute(query):
                found.setdefault(session, set()).add(subject)
        return {session: frozenset(each) for session, each in found.items()}

    def _read(self, wanted: ColumnElement[bool], opened: OpenedRows | None) -> tuple[PhotoFacts, ...]:
        query = select(*_ROW, SHOT.label("whole")).where(wanted).order_by(photo.c.ordinal)
        people = select(photo_owner.c.photo, photo_owner.c.owner, photo_owner.c.subject)
        people = people.join(photo, photo.c.guid == photo_owner.c.photo).where(wanted)
        people = people.order_by(photo_owner.c.photo, photo_owner.c.position)
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
            owners: dict[str, list[tuple[str, SubjectId | None]]] = {}
            for guid, owner, subject in connection.execute(people):
                owners.setdefault(guid, []).append((owner, subject))
        if opened is None:
            return tuple(self._opened(rows, owners))
        stamps = {row.guid: (tuple(row), owners.get(row.guid)) for row in rows}
        facts = {guid: opened.find(("photo", guid), stamp) for guid, stamp in stamps.items()}
        for each in self._opened([row for row in rows if facts[row.guid] is None], owners):
            facts[each.guid] = each
            if not each.damaged:
                opened.keep(("photo", each.guid), stamps[each.guid], each)
        return tuple(facts.values())

    def _opened(
        self, rows: Iterable[Any], owners: dict[str, list[tuple[str, SubjectId | None]]]
    ) -> Iterable[PhotoFacts]:
        whose_of = [(row, owners.get(row.guid, [])) for row in rows]
        keys = self._store.keys.many("portrait", (o for _, each in whose_of for o, _ in each), skip_damaged=True)
        openers: dict[tuple[str, ...], TableOpener] = {}
        for row, mine in whose_of:
            whose = tuple(sorted(owner for owner, _ in mine))
            told: dict[str, Any] = {}
            try:
                if whose not in openers:
                    key = combined([keys[owner] for owner in whose])
                    openers[whose] = TableOpener(key, self._store.studio, "photo")
                # The seal has vouched for the bytes, so they are read without a second look at every field.
                told = json.loads(openers[whose](row.guid, row.version, row.sealed))
            except (Malformed, LookupError):
                told = {}
            shown = told.get("camera_time")
            yield PhotoFacts(
                PhotoGuid(row.guid),
                row.ordinal,
                SessionId(row.session),
                row.whole,
                told.get("name", ""),
                row.media_type,
                tuple(subject for _, subject in mine if subject is not None),
                None if row.taken_at is None else parse_time(row.taken_at),
                None if shown is None else CameraTime(shown["shown"], shown.get("offset_minutes")),
                told.get("camera_tag", ""),
                told.get("first_seen_ms"),
                bool(row.flagged),
                bool(told.get("vetoed_by")),
                not told,
                upright_size(told.get("width", 0), told.get("height", 0), told.get("orientation", 1)),
            )


def _narrowed(session: SessionId, subject: SubjectId | None) -> ColumnElement[bool]:
    if subject is None:
        return photo.c.session == session
    mine = select(photo_owner.c.photo).where(photo_owner.c.owner == subject)
    return (photo.c.session == session) & photo.c.guid.in_(mine)


_ROW = (
    photo.c.guid,
    photo.c.ordinal,
    photo.c.session,
    photo.c.media_type,
    photo.c.taken_at,
    photo.c.flagged,
    photo.c.version,
    photo.c.sealed,
)
