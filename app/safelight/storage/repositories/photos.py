"""Repository of photos: who is on them, the sealed original's file, the small renditions lists and screens show.

The file is long because it is one idea: a photo's row, its owners and its renditions are sealed under one key and
change together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.storage.files import FileStore
from safelight.storage.key_rows import combined
from safelight.storage.key_store import BATCH
from safelight.storage.repositories.legal_holds import LegalHoldsRepository
from safelight.storage.rows import FileId, PhotoLine
from safelight.storage.sealed_store import SealedStore, decoded, encoded, unknown
from safelight.storage.tables import file, photo, photo_owner, picture, source_mark
from safelight.storage.transaction import Transaction

_PAGE = 200


class PhotosRepository:
    """Photos by guid, in the order they came in, sealed under the portrait keys of everybody on them.

    Thumbnail and preview are sealed into the database rather than into files of their own: two durable files less per
    frame, and a page of the contact sheet is one query.
    """

    def __init__(self, store: SealedStore, files: FileStore, holds: LegalHoldsRepository) -> None:
        self._store = store
        self._files = files
        self._holds = holds

    def add(
        self,
        t: Transaction,
        taken: Photo,
        original: FileId,
        thumbnail: bytes,
        preview: bytes,
        content_tag: str,
        image_tag: str | None = None,
    ) -> None:
        """Take a photo in. ``original`` was stored for exactly ``taken.subjects`` (None where that is empty).

        ``content_tag`` is a keyed hash of the original's content (``keys.secrets.content_tag``): equal originals have
        equal tags, and nobody without the key learns more. ``image_tag`` is the same of the image data alone.
        """
        owners = self._owners(t, taken.subjects, original)
        key = self._store.keys.shared("portrait", owners)
        first: dict[str, object] = {"guid": taken.guid, "content_tag": content_tag, "image_tag": image_tag}
        t.connection.execute(insert(photo), first | self._values(taken, key, 1, original))
        self._write_owners(t.connection, taken.guid, owners, taken.subjects)
        pictures = self._pictures(taken.guid, key, 1, thumbnail, preview)
        t.connection.execute(insert(picture), {"photo": taken.guid, **pictures})

    def put(self, t: Transaction, taken: Photo) -> None:
        """Replace what is known of a photo, its people excepted (:meth:`rebind`)."""
        row, owners = self._row(t.connection, taken.guid)
        if tuple(each for each in (pair[1] for pair in owners) if each) != taken.subjects:
            raise WrongUsage("Who is on a photo is changed by rebinding it.", "Nothing was changed.")
        self._rewrite(t, taken, row, owners, tuple(owner for owner, _ in owners), row.original)

    def rebind(self, t: Transaction, guid: PhotoGuid, subjects: Sequence[SubjectId], original: FileId) -> Photo:
        """Put a photo on other people (or nobody). ``original`` was stored for them (``files.reseal``).

        The old file, and a key that was made for it alone, go once this is durable. Returns the photo as it is now.
        Nobody whose photos are under a hold is taken off: erasing the others would then take the photo along.
        """
        row, owners = self._row(t.connection, guid)
        off = [person for _, person in owners if person and person not in subjects]
        self._holds.require_none(t, off, portrait=True)
        before = self._decoded(guid, row, [owner for owner, _ in owners])
        after = replace(before, subjects=tuple(subjects))
        if original == row.original:
            raise WrongUsage("A photo is bound to other people by a newly sealed file.", "Nothing was changed.")
        self._rewrite(t, after, row, owners, self._owners(t, after.subjects, original), original)
        self._files.remove(t, row.original)
        return after

    def remove(self, t: Transaction, guid: PhotoGuid) -> None:
        """Take a photo out, with its renditions and its original; :class:`UnderHold` while a hold keeps it."""
        _, owners = self._row(t.connection, guid)
        self._holds.require_none(t, [person for _, person in owners if person], portrait=True)
        self.remove_erased(t, guid)

    def remove_erased(self, t: Transaction, guid: PhotoGuid) -> None:
        """As :meth:`remove`, for a photo that nothing opens any more: a key of somebody on it was destroyed."""
        row, _ = self._row(t.connection, guid)
        # Its file may still lie in a hot folder, perhaps with a rating written into it since: place, content and image
        # data stay known, as of no photo, and it does not come back by itself.
        t.connection.execute(update(source_mark).where(source_mark.c.photo == guid).values(photo=None))
        query = select(photo.c.session, photo.c.content_tag, photo.c.image_tag).where(photo.c.guid == guid)
        session, *tags = t.connection.execute(query).one()
        marks = [{"mark": each, "session": session} for each in tags if each]
        t.connection.execute(self._store.database.engine.insert_if_absent(source_mark), marks)
        t.connection.execute(delete(photo).where(photo.c.guid == guid))
        self._files.remove(t, row.original)

    def get(self, guid: PhotoGuid) -> Photo:
        """One photo; :class:`WrongUsage` if unknown, :class:`Malformed` if its row was changed."""
        with self._store.database.reading() as connection:
            row, owners = self._row(connection, guid)
        return self._decoded(guid, row, [owner for owner, _ in owners])

    def original(self, guid: PhotoGuid) -> FileId:
        """The sealed file of the original."""
        with self._store.database.reading() as connection:
            found = connection.execute(select(photo.c.original).where(photo.c.guid == guid)).scalar()
        if found is None:
            raise unknown("photo", guid)
        return FileId(found)

    def thumbnail(self, guid: PhotoGuid) -> bytes:
        """The smallest rendition (JPEG as it was handed in)."""
        return self._picture(guid, "thumbnail")

    def thumbnails(self, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, bytes]:
        """Those of many photos in two readings a batch, without photos that are not there or do not open."""
        found: dict[PhotoGuid, bytes] = {}
        for start in range(0, len(guids), BATCH):
            query = select(photo.c.guid, photo.c.version, picture.c.thumbnail).join(picture)
            with self._store.database.reading() as connection:
                rows = connection.execute(query.where(photo.c.guid.in_(guids[start : start + BATCH]))).all()
                owners = self._owners_of(connection, [row.guid for row in rows])
            owned = {guid: sorted(owner for owner, _ in pairs) for guid, pairs in owners.items()}
            keys = self._store.keys.many("portrait", (o for each in owned.values() for o in each), skip_damaged=True)
            for guid, version, sealed in rows:
                try:
                    key = combined([keys[owner] for owner in owned[guid]])
                    found[guid] = self._store.open(key, "picture.thumbnail", guid, version, sealed)
                except (Malformed, LookupError):
                    continue
        return found

    def preview(self, guid: PhotoGuid) -> bytes:
        """The rendition for a screen."""
        return self._picture(guid, "preview")

    def find(self, content_tag: str) -> PhotoGuid | None:
        """The first photo whose original has this content, None if there is none."""
        query = select(photo.c.guid).where(photo.c.content_tag == content_tag).order_by(photo.c.ordinal).limit(1)
        with self._store.database.reading() as connection:
            return connection.execute(query).scalar()

    def by_content(self) -> dict[str, PhotoGuid]:
        """What :meth:`find` says of every tag there is, in one pass."""
        query = select(photo.c.content_tag, photo.c.guid).order_by(photo.c.ordinal.desc())
        with self._store.database.reading() as connection:
            return {str(tag): PhotoGuid(guid) for tag, guid in connection.execute(query)}

    def find_image(self, image_tag: str) -> PhotoGuid | None:
        """The first photo with this image data, whatever its metadata; None if there is none."""
        query = select(photo.c.guid).where(photo.c.image_tag == image_tag).order_by(photo.c.ordinal).limit(1)
        with self._store.database.reading() as connection:
            return connection.execute(query).scalar()

    def image_tags(self, session: SessionId) -> dict[PhotoGuid, str]:
        """The tag of the image data of every photo of a session that has one."""
        query = select(photo.c.guid, photo.c.image_tag).where(photo.c.session == session)
        query = query.where(photo.c.image_tag.is_not(None))
        with self._store.database.reading() as connection:
            return {PhotoGuid(guid): str(tag) for guid, tag in connection.execute(query)}

    def guids(self, beginning: str = "") -> tuple[PhotoGuid, ...]:
        """The ids that begin so, in order, without opening a photo."""
        query = select(photo.c.guid).where(photo.c.guid.startswith(beginning, autoescape=True))
        with self._store.database.reading() as connection:
            return tuple(connection.execute(query.order_by(photo.c.ordinal)).scalars())

    def count(self, session: SessionId | None = None, subject: SubjectId | None = None) -> int:
        """How many photos there are: in all, of a session, of a person."""
        query = _narrowed(select(func.count()).select_from(photo), session, subject)
        with self._store.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def sizes(self, session: SessionId | None = None) -> tuple[int, int]:
        """How many originals there are (of a session) and how many bytes they have together, before sealing."""
        query = select(func.count(), func.coalesce(func.sum(file.c.size), 0)).select_from(photo)
        query = _narrowed(query.join(file, file.c.id == photo.c.original), session, None)
        with self._store.database.reading() as connection:
            count, size = connection.execute(query).one()
        return int(count), int(size)

    def page(
        self,
        session: SessionId | None,
        offset: int = 0,
        limit: int = _PAGE,
        *,
        subject: SubjectId | None = None,
        unassigned: bool = False,
        flagged: bool = False,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> tuple[PhotoLine, ...]:
        """A page of the list (all sessions if None); a photo that does not open is marked as damaged.

        ``subject`` leaves only photos of that person, ``unassigned`` those of nobody, ``flagged`` those to look at.
        ``only`` leaves only these shots, ``without`` leaves them out.
        """
        query = _narrowed(select(*_LINE), session, subject)
        if unassigned:
            owner = select(photo_owner.c.photo).where(photo_owner.c.subject.is_not(None))
            query = query.where(photo.c.guid.not_in(owner))
        if flagged:
            query = query.where(photo.c.flagged != 0)
        if only is not None:
            query = query.where(SHOT.in_(sorted(only)))
        if without:
            query = query.where(SHOT.not_in(sorted(without)))
        return self._lines(query.order_by(photo.c.ordinal).limit(limit).offset(offset))

    def lines(self, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, PhotoLine]:
        """The lines of these photos, without those that are not there."""
        found = {}
        for start in range(0, len(guids), BATCH):
            query = select(*_LINE).where(photo.c.guid.in_(guids[start : start + BATCH]))
            found.update({line.guid: line for line in self._lines(query)})
        return found

    def shots_of(self, guids: Sequence[PhotoGuid]) -> tuple[PhotoGuid, ...]:
        """These photos and every other one of the same shutters, in order; :class:`WrongUsage` for one unknown."""
        found: dict[PhotoGuid, tuple[int, SessionId]] = {}
        with self._store.database.reading() as connection:
            for start in range(0, len(guids), BATCH):
                named = photo.c.guid.in_(guids[start : start + BATCH])
                shots = select(photo.c.shot).where(named & photo.c.shot.is_not(None))
                query = select(photo.c.guid, photo.c.ordinal, photo.c.session)
                rows = connection.execute(query.where(named | photo.c.shot.in_(shots)))
                found.update({guid: (ordinal, session) for guid, ordinal, session in rows})
        if missing := set(guids) - found.keys():
            raise unknown("photo", min(missing))
        within = {found[guid][1] for guid in guids}
        return tuple(sorted((guid for guid in found if found[guid][1] in within), key=lambda guid: found[guid][0]))

    def _lines(self, query: Select[Any]) -> tuple[PhotoLine, ...]:
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
            owners = self._owners_of(connection, [row.guid for row in rows])
        keys = self._store.keys.many("portrait", (o for each in owners.values() for o, _ in each), skip_damaged=True)
        return tuple(self._line(row, owners.get(row.guid, []), keys) for row in rows)

    def of_session(self, session: SessionId) -> Iterator[Photo]:
        """The photos of a session in order, read page by page."""
        return self._each(_narrowed(select(*_WHOLE), session, None))

    def flagged(self, session: SessionId) -> Iterator[Photo]:
        """The photos of a session somebody has to look at, in order, read page by page."""
        return self._each(_narrowed(select(*_WHOLE), session, None).where(photo.c.flagged != 0))

    def newest(self, session: SessionId, limit: int) -> tuple[Photo, ...]:
        """The photos of a session that came in last, in order, at most so many."""
        query = select(photo.c.ordinal).where(photo.c.session == session).order_by(photo.c.ordinal.desc())
        with self._store.database.reading() as connection:
            ordinals = connection.execute(query.limit(limit)).scalars().all()
        if not ordinals:
            return ()
        return tuple(self._each(_narrowed(select(*_WHOLE), session, None), ordinals[-1] - 1))

    def of_subject(self, subject: SubjectId) -> tuple[Photo, ...]:
        """The photos a person is on, in order."""
        return tuple(self._each(_narrowed(select(*_WHOLE), None, subject)))

    def beside(self, people: Sequence[SubjectId]) -> tuple[SubjectId, ...]:
        """Who else is on photos that any of ``people`` is on, each once; nothing is opened."""
        found: dict[SubjectId, None] = {}
        with self._store.database.reading() as connection:
            for start in range(0, len(people), BATCH):
                theirs = select(photo_owner.c.photo).where(photo_owner.c.owner.in_(people[start : start + BATCH]))
                query = select(photo_owner.c.subject).where(photo_owner.c.photo.in_(theirs)).distinct()
                found |= dict.fromkeys(each for each in connection.execute(query).scalars() if each)
        return tuple(each for each in found if each not in set(people))

    def _each(self, query: Select[Any], last: int = 0) -> Iterator[Photo]:
        while True:
            # A page at a time: an open cursor would keep the writer waiting for as long as the caller dawdles.
            page = query.where(photo.c.ordinal > last).order_by(photo.c.ordinal).limit(_PAGE)
            with self._store.database.reading() as connection:
                rows = connection.execute(page).all()
                owners = self._owners_of(connection, [row.guid for row in rows])
            named = {guid: [owner for owner, _ in pairs] for guid, pairs in owners.items()}
            keys = self._store.keys.shared_each("portrait", [named.get(row.guid, []) for row in rows])
            for row, key in zip(rows, keys, strict=True):
                yield self._opened(row.guid, row, key)
            if len(rows) < _PAGE:
                return
            last = rows[-1].ordinal

    def _owners(self, t: Transaction, subjects: Sequence[SubjectId], original: FileId) -> tuple[str, ...]:
        """Whose keys seal the photo: its people in order, or the one owner made for the file of nobody."""
        stored = self._files.register(t, original)
        if subjects:
            if stored.owners != tuple(sorted(set(subjects))) or stored.purpose != "portrait":
                raise WrongUsage("The original was stored for other people than those on the photo.")
            return tuple(dict.fromkeys(subjects))
        if not self._files.unassigned(t.connection, stored):
            raise WrongUsage("The original was stored for people, but nobody is on the photo.")
        return stored.owners

    def _rewrite(
        self,
        t: Transaction,
        after: Photo,
        row: Any,
        before: Sequence[tuple[str, SubjectId | None]],
        owners: tuple[str, ...],
        original: FileId,
    ) -> None:
        old_key = self._store.keys.shared("portrait", [owner for owner, _ in before])
        key = self._store.keys.shared("portrait", owners)
        seals = t.connection.execute(select(picture).where(picture.c.photo == after.guid)).one()
        opened = (
            self._store.open(old_key, f"picture.{name}", after.guid, row.version, getattr(seals, name))
            for name in ("thumbnail", "preview")
        )
        version = row.version + 1
        pictures = self._pictures(after.guid, key, version, *opened)
        t.connection.execute(update(picture).where(picture.c.photo == after.guid).values(**pictures))
        values = self._values(after, key, version, original)
        t.connection.execute(update(photo).where(photo.c.guid == after.guid).values(**values))
        t.connection.execute(delete(photo_owner).where(photo_owner.c.photo == after.guid))
        self._write_owners(t.connection, after.guid, owners, after.subjects)

    @staticmethod
    def _write_owners(
        connection: Connection, guid: PhotoGuid, owners: Sequence[str], subjects: Sequence[SubjectId]
    ) -> None:
        rows = [
            {"photo": guid, "position": position, "owner": owner, "subject": owner if subjects else None}
            for position, owner in enumerate(owners)
        ]
        connection.execute(insert(photo_owner), rows)

    def _values(self, taken: Photo, key: bytes, version: int, original: FileId) -> dict[str, object]:
        seal = self._store.seal
        return {
            "session": taken.session,
            "original": original,
            "media_type": taken.media_type,
            "shot": taken.shot or taken.guid,
            "taken_at": None if taken.taken_at is None else rfc3339(taken.taken_at),
            "flagged": int(taken.flagged),
            "version": version,
            "line": seal(key, "photo.line", taken.guid, version, taken.name.encode()),
            "sealed": seal(key, "photo", taken.guid, version, encoded(taken)),
        }

    def _pictures(
        self, guid: PhotoGuid, key: bytes, version: int, thumbnail: bytes, preview: bytes
    ) -> dict[str, object]:
        seal = self._store.seal
        return {
            "thumbnail": seal(key, "picture.thumbnail", guid, version, thumbnail),
            "preview": seal(key, "picture.preview", guid, version, preview),
        }

    def _row(self, connection: Connection, guid: PhotoGuid) -> tuple[Any, list[tuple[str, SubjectId | None]]]:
        row = connection.execute(select(*_WHOLE).where(photo.c.guid == guid)).first()
        if row is None:
            raise unknown("photo", guid)
        return row, self._owners_of(connection, [guid]).get(guid, [])

    @staticmethod
    def _owners_of(
        connection: Connection, guids: Sequence[PhotoGuid]
    ) -> dict[PhotoGuid, list[tuple[str, SubjectId | None]]]:
        found: dict[PhotoGuid, list[tuple[str, SubjectId | None]]] = {}
        query = select(photo_owner.c.photo, photo_owner.c.owner, photo_owner.c.subject)
        query = query.where(photo_owner.c.photo.in_(guids)).order_by(photo_owner.c.photo, photo_owner.c.position)
        for guid, owner, subject in connection.execute(query):
            found.setdefault(guid, []).append((owner, subject))
        return found

    def _decoded(self, guid: PhotoGuid, row: Any, owners: Sequence[str]) -> Photo:
        return self._opened(guid, row, self._store.keys.shared("portrait", owners))

    def _opened(self, guid: PhotoGuid, row: Any, key: bytes) -> Photo:
        return decoded(Photo, self._store.open(key, "photo", guid, row.version, row.sealed), "a photo")

    def _line(
        self, row: Any, owners: Sequence[tuple[str, SubjectId | None]], keys: dict[str, bytes]
    ) -> PhotoLine:
        subjects = tuple(subject for _, subject in owners if subject is not None)
        taken_at = None if row.taken_at is None else parse_time(row.taken_at)
        try:
            key = combined([keys[owner] for owner, _ in sorted(owners)])
            name = self._store.open(key, "photo.line", row.guid, row.version, row.line).decode()
        except (Malformed, LookupError):
            name, damaged = "", True
        else:
            damaged = False
        return PhotoLine(
            row.guid, row.ordinal, row.session, subjects, name, row.media_type, taken_at, bool(row.flagged), damaged,
            row.shot or row.guid,
        )  # fmt: skip

    def _picture(self, guid: PhotoGuid, name: str) -> bytes:
        query = select(photo.c.version, picture.c[name]).join(picture).where(photo.c.guid == guid)
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
            owners = self._owners_of(connection, [guid]).get(guid, [])
        if row is None or not owners:
            raise unknown("photo", guid)
        key = self._store.keys.shared("portrait", [owner for owner, _ in owners])
        return self._store.open(key, f"picture.{name}", guid, row.version, row[1])


SHOT = func.coalesce(photo.c.shot, photo.c.guid)
"""What photos of one shutter share; a photo of before there were shots is one by itself."""
_LINE = (
    photo.c.ordinal,
    photo.c.guid,
    photo.c.session,
    photo.c.media_type,
    photo.c.shot,
    photo.c.taken_at,
    photo.c.flagged,
    photo.c.version,
    photo.c.line,
)
_WHOLE = (photo.c.ordinal, photo.c.guid, photo.c.original, photo.c.version, photo.c.sealed)


def _narrowed(query: Select[Any], session: SessionId | None, subject: SubjectId | None) -> Select[Any]:
    if session is not None:
        query = query.where(photo.c.session == session)
    if subject is not None:
        query = query.join(photo_owner, photo_owner.c.photo == photo.c.guid).where(photo_owner.c.owner == subject)
    return query
