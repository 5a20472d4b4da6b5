"""What photos there are, who is on them, and whether a file is one of them; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from safelight.capture.reading import read_source
from safelight.domain.culling import UNCULLED, Pick
from safelight.domain.days import NO_ZONE
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import Photo, shot_of
from safelight.domain.session import Session
from safelight.keys.secrets import content_tag
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import Sent, sent_pictures, sent_with
from safelight.studio.queries.lookup import photo_ids
from safelight.studio.queries.people import PersonRow, named, people_of

PAGE = 200
"""So many photos are read at once."""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as lists show it; ``damaged`` when its row does not open (the name is empty then).

    Photos of one shutter have the same ``shot``. ``rating`` to ``hidden`` are what counts for the whole shot: 0 to 5,
    what the photographer decided, whether the person on it wants it, and whether it is in the bin.
    """

    guid: PhotoGuid
    short: str
    name: str
    session: SessionId
    people: tuple[PersonRow, ...]
    taken_at: datetime | None
    flagged: bool
    damaged: bool = False
    shot: str = ""
    rating: int = 0
    mark: Pick = Pick.NONE
    picked_by_subject: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PhotoDetails:
    """Everything known of a photo: whom it shows, who struck it out, and which bundles it left in.

    ``session_zone`` is the time zone by which days are told.
    """

    row: PhotoRow
    photo: Photo
    session_name: str
    session_zone: str
    struck_out_by: tuple[PersonRow, ...]
    sent: tuple[Sent, ...]


class Sameness(StrEnum):
    """In which way a file is a photo of the archive."""

    FILE = "same file"
    PICTURE = "same picture, other metadata"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A photo that a file is.

    ``details`` is None for a photo that left in a bundle and has been removed from the archive since.
    """

    guid: PhotoGuid
    sameness: Sameness
    details: PhotoDetails | None
    sent: tuple[Sent, ...]


class PhotoPages:
    """The photos of a session in the order they came in, page by page: all, or those that are asked for.

    What is in the bin is left out, and with ``hidden`` shown alone.

    Names and short ids are read once, so that a page costs the same three readings wherever in the list it is.
    """

    def __init__(
        self,
        studio: OpenStudio,
        session: Session,
        *,
        unassigned: bool = False,
        flagged: bool = False,
        subject: SubjectId | None = None,
        hidden: bool = False,
    ) -> None:
        self._studio, self._session = studio, session
        self._short, self._people = photo_ids(studio), people_of(studio, session.id)
        self._culled = studio.archive.culling.by_shot(session.id)
        self._narrow(unassigned, flagged, subject, hidden)

    def only(self, *, unassigned: bool = False, flagged: bool = False, hidden: bool = False) -> PhotoPages:
        """Other photos of the same session, without reading the names again."""
        other = copy(self)
        other._narrow(unassigned, flagged, None, hidden)
        return other

    def _narrow(self, unassigned: bool, flagged: bool, subject: SubjectId | None, hidden: bool) -> None:
        in_bin = frozenset(shot for shot, each in self._culled.items() if each.hidden)
        self._unassigned, self._flagged, self._subject = unassigned, flagged, subject
        self._only: frozenset[str] | None = in_bin if hidden else None
        self._without = frozenset[str]() if hidden else in_bin

    def page(self, offset: int = 0, limit: int = PAGE) -> tuple[PhotoRow, ...]:
        """At most ``limit`` rows from the ``offset``-th on; none after the last."""
        lines = self._studio.archive.photos.page(
            self._session.id, offset, limit,
            subject=self._subject, unassigned=self._unassigned, flagged=self._flagged,
            only=self._only, without=self._without,
        )  # fmt: skip
        return tuple(
            PhotoRow(
                # One that came in after the ids were read has no short id yet.
                line.guid, self._short.get(line.guid, line.guid), line.name, line.session,
                named(self._people, line.subjects), line.taken_at, line.flagged, line.damaged, line.shot,
                told.rating, told.mark, told.picked_by_subject, told.hidden,
            )
            for line in lines
            for told in [self._culled.get(line.shot, UNCULLED)]
        )  # fmt: skip

    def __iter__(self) -> Iterator[PhotoRow]:
        """Every row, read page by page."""
        offset = 0
        while page := self.page(offset):
            yield from page
            offset += len(page)
            if len(page) < PAGE:
                return


def list_photos(
    studio: OpenStudio,
    session: Session,
    *,
    unassigned: bool = False,
    flagged: bool = False,
    subject: SubjectId | None = None,
    hidden: bool = False,
) -> tuple[PhotoRow, ...]:
    """All rows of :class:`PhotoPages` at once."""
    return tuple(PhotoPages(studio, session, unassigned=unassigned, flagged=flagged, subject=subject, hidden=hidden))


def photo_details(studio: OpenStudio, photo: Photo) -> PhotoDetails:
    """Everything known of one photo."""
    people = people_of(studio, photo.session)
    short = photo_ids(studio)[photo.guid]
    shot = shot_of(photo)
    told = studio.archive.culling.of_shots([shot]).get(shot, UNCULLED)
    row = PhotoRow(
        photo.guid, short, photo.name, photo.session, named(people, photo.subjects), photo.taken_at, photo.flagged,
        False, shot, told.rating, told.mark, told.picked_by_subject, told.hidden,
    )  # fmt: skip
    session = studio.archive.sessions.get(photo.session)
    struck_out = named(people, photo.vetoed_by)
    return PhotoDetails(row, photo, session.name, session.zone or NO_ZONE, struck_out, sent_with(studio, photo.guid))


def find_file(studio: OpenStudio, path: Path) -> tuple[FoundFile, ...]:
    """The photos that the file at ``path`` is: the very file first, then those with the same image data.

    Metadata, a new name, and the marks put in at export make no difference; an edited or newly compressed picture is
    another one. Raises what :func:`~safelight.capture.reading.read_source` raises for a file that is no whole picture.
    """
    source = read_source(path.resolve() if path.is_symlink() else path)
    exact = studio.archive.photos.find(content_tag(studio.secrets, source.sha256))
    found: dict[PhotoGuid, FoundFile] = {}
    if exact is not None:
        details = photo_details(studio, studio.archive.photos.get(exact))
        found[exact] = FoundFile(exact, Sameness.FILE, details, details.sent)
    # No index holds image hashes in clear, so every photo is opened: seconds for tens of thousands.
    for session in studio.archive.sessions.ids():
        for photo in studio.archive.photos.of_session(session):
            same = (photo.image_hash_kind, photo.image_sha256) == (source.image.kind, source.image.sha256)
            if same and photo.guid not in found:
                details = photo_details(studio, photo)
                found[photo.guid] = FoundFile(photo.guid, Sameness.PICTURE, details, details.sent)
    left: dict[PhotoGuid, list[Sent]] = {}
    for guid, sent in sent_pictures(studio, source.image.sha256):
        if guid not in found:
            left.setdefault(guid, []).append(sent)
    gone = [FoundFile(guid, Sameness.PICTURE, None, tuple(sent)) for guid, sent in left.items()]
    return (*found.values(), *gone)
