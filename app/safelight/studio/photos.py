"""What photos there are, who is on them, and whether a file is one of them; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from safelight.capture.reading import read_source
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.session import Session
from safelight.keys.secrets import content_tag
from safelight.studio.ledger import Sent, sent_pictures, sent_with
from safelight.studio.lookup import photo_ids, photo_lines, subject_ids
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as lists name them: id, short id, name (empty where the row does not open)."""

    id: SubjectId
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as lists show it; ``damaged`` when its row does not open (the name is empty then)."""

    guid: PhotoGuid
    short: str
    name: str
    session: SessionId
    people: tuple[PersonRow, ...]
    taken_at: datetime | None
    flagged: bool
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class PhotoDetails:
    """Everything known of a photo: whom it shows, who struck it out, and which bundles it left in."""

    row: PhotoRow
    photo: Photo
    session_name: str
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


def list_photos(
    studio: OpenStudio, session: Session, *, unassigned: bool = False, subject: SubjectId | None = None
) -> tuple[PhotoRow, ...]:
    """The photos of a session in the order they came in: all, those of nobody, or those of one person."""
    short, people = photo_ids(studio), people_of(studio, session.id)
    rows = []
    for line in photo_lines(studio, session.id):
        if (unassigned and line.subjects) or (subject is not None and subject not in line.subjects):
            continue
        rows.append(
            PhotoRow(
                line.guid, short[line.guid], line.name, line.session, _named(people, line.subjects),
                line.taken_at, line.flagged, line.damaged,
            )
        )  # fmt: skip
    return tuple(rows)


def photo_details(studio: OpenStudio, photo: Photo) -> PhotoDetails:
    """Everything known of one photo."""
    people = people_of(studio, photo.session)
    short = photo_ids(studio)[photo.guid]
    row = PhotoRow(
        photo.guid, short, photo.name, photo.session, _named(people, photo.subjects), photo.taken_at, photo.flagged
    )
    session = studio.archive.sessions.get(photo.session)
    struck_out = _named(people, photo.vetoed_by)
    return PhotoDetails(row, photo, session.name, struck_out, sent_with(studio, photo.guid))


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


def people_of(studio: OpenStudio, session: SessionId) -> dict[SubjectId, PersonRow]:
    """Everybody of a session, by id."""
    short = subject_ids(studio)
    return {
        each.id: PersonRow(each.id, short[each.id], each.name)
        for each in studio.archive.subjects.names(session=session)
    }


def _named(people: dict[SubjectId, PersonRow], ids: Iterable[SubjectId]) -> tuple[PersonRow, ...]:
    """Those of ``ids``; somebody who is not of the session any more is shown by the id."""
    return tuple(people.get(each, PersonRow(each, each[:8], "")) for each in ids)
