"""One file on its way in: known or new, developed at arm's length, sealed for its people, written with what it is."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool, Rendition
from safelight.capture.reading import FileMark, SourceFile
from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, DeviceFailure, Refused, SafelightError
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.session import Session
from safelight.images.cleaning import unwritable
from safelight.keys.secrets import content_tag
from safelight.keys.tags import camera_tag, file_tags, image_tag, shot_id
from safelight.storage.rows import FileId
from safelight.studio.frame_binding import FrameBinder, Taking, bound_at_intake
from safelight.studio.journal_kinds import PHOTO_ADDED
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import still_open

_TRIES = 5


@dataclass(frozen=True, slots=True)
class KnownPhoto:
    """A file that was in the archive before: under which id, in which session, who is on it now.

    ``assigned`` when this run gave it to somebody, because it was nobody's. ``edited`` when it is not the file that
    came in then: the picture is the same, what stands beside it (ratings, keywords) is not. The original stays.
    """

    name: str
    guid: PhotoGuid
    session: SessionId
    subjects: tuple[SubjectId, ...]
    assigned: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Tags:
    """By what a file is known again: its content, its image data, and its place (name and what the system says)."""

    content: str
    image: str
    place: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a file: the photo it is (None for a slate, or a photo that was taken out), edited or not."""

    photo: PhotoGuid | None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file after it was looked at: ``found`` if it was known, else developed; a slate is never sealed."""

    source: SourceFile
    tags: Tags
    taking: Taking
    found: Found | None = None
    rendition: Rendition | None = None
    people: tuple[SubjectId, ...] = ()
    original: FileId | None = None
    unwritable: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be taken in; ``ours`` where the fault is of the studio's own disk or database."""

    path: Path
    error: SafelightError
    ours: bool = False
    mark: FileMark = (0, 0, 0, 0)


def known_files(studio: OpenStudio, files: Sequence[tuple[str, FileMark]]) -> Iterator[tuple[FileMark, Found]]:
    """Which of these files (name, and what the system says of each) were dealt with before, without reading them."""
    tags = dict(zip(file_tags(studio.secrets, files), files, strict=True))
    for tag, photo in studio.archive.source_marks.known(tuple(tags)).items():
        yield tags[tag][1], Found(photo)


def prepare(
    studio: OpenStudio,
    decoders: DecoderPool,
    source: SourceFile,
    first_seen_ms: int | None,
    binder: FrameBinder,
    *,
    slates_again: bool = False,
) -> Prepared | Failed:
    """Look a file up; a new one is developed and sealed for its owners, so that only the rows are left to write.

    ``slates_again`` develops what is remembered as no photo: its slate is needed for what stands around it.
    """
    tags = Tags(
        content_tag(studio.secrets, source.sha256),
        image_tag(studio.secrets, source.image.kind, source.image.sha256),
        *file_tags(studio.secrets, [(source.name, source.mark)]),
    )
    try:
        found = _look_up(studio, tags)
    except SafelightError as error:
        return Failed(source.path, error, True, source.mark)
    if found is not None and (found.photo is not None or not slates_again):
        return Prepared(source, tags, Taking(first_seen_ms=first_seen_ms), found)
    try:
        data = source.read()
        rendition = decoders.develop(data, source.media_type, name=source.name, image=source.image)
    except SafelightError as error:
        return Failed(source.path, error, False, source.mark)
    taking = _taking(studio, rendition, first_seen_ms)
    if not rendition.beside and (rendition.slate is not None or rendition.clock is not None):
        return Prepared(source, tags, taking, None, rendition)
    try:
        people, _ = binder.owners(taking)
        original = studio.archive.files.store(people or None, io.BytesIO(data), "photo")
    except SafelightError as error:
        return Failed(source.path, error, isinstance(error, DeviceFailure | CannotOpen), source.mark)
    unwritten = unwritable(data, source.media_type)
    return Prepared(source, tags, taking, None, rendition, people, original, unwritten)


def keep(
    studio: OpenStudio, session: Session, prepared: Prepared, binder: FrameBinder, made: str = ""
) -> tuple[Photo | KnownPhoto, Changes]:
    """Write a prepared photo, at once: what was acknowledged survives whatever happens to those after it.

    Who is on it is asked again in the transaction, and it is sealed anew if that changed. Raises WrongUsage when the
    session is closed by now, DeviceFailure or CannotOpen when it could not be written; nothing is left of it then.
    """
    if prepared.original is None or prepared.rendition is None:
        raise AssertionError("only what was sealed is kept")
    original, people = prepared.original, prepared.people
    photo = _photo(session, prepared, prepared.rendition, made)
    for _ in range(_TRIES):
        try:
            with studio.archive.transaction(studio.now()) as writing:
                still_open(studio, session.id)
                found = _look_up(studio, prepared.tags, photos_only=True)
                shot, others = _shot(studio, photo, prepared.taking)
                photo = replace(photo, shot=shot)
                wanted, check = people, False
                if found is None:
                    # Both files of a shutter go to the same people, however late the larger one is transferred.
                    wanted, check = (
                        (others[0].subjects, others[0].flagged) if others else binder.owners(prepared.taking)
                    )
                if found is None and wanted == people:
                    photo = replace(photo, subjects=people, flagged=check)
                    renditions = prepared.rendition.thumbnail_jpeg, prepared.rendition.preview_jpeg
                    studio.archive.photos.add(
                        writing, photo, original, *renditions, prepared.tags.content, prepared.tags.image
                    )
                    marks = {prepared.tags.place: photo.guid}
                    studio.archive.source_marks.remember(writing, session.id, marks)
                    binder.noted(writing, prepared.taking)
                    told = bound_at_intake(binder, photo, by_shot=bool(others))
                    studio.archive.journal.append(writing, PHOTO_ADDED, photo.guid, canonical(told))
            if found is not None:
                studio.archive.files.discard(original)
                return recognised(studio, prepared.source.name, found), Changes.NONE
            if wanted == people:
                studio.acknowledge(photo.guid, photo.sha256)
                return photo, Changes.PHOTOS | Changes.JOURNAL
            sealed = _sealed_anew(studio, prepared.source, original, wanted)
            studio.archive.files.discard(original)
            original, people = sealed, wanted
        except SafelightError:
            with suppress(SafelightError):  # where it cannot be told whether the row is there, the check tidies up
                if photo.guid not in studio.archive.photos.guids(photo.guid):
                    studio.archive.files.discard(original)
            raise
    studio.archive.files.discard(original)
    raise Refused("Who is on set keeps changing.", "The photo was not taken in; take it in again.")


def _sealed_anew(studio: OpenStudio, source: SourceFile, original: FileId, people: tuple[SubjectId, ...]) -> FileId:
    try:
        return studio.archive.files.reseal(original, people or None)
    except Refused:  # somebody it was sealed for was erased in this moment
        return studio.archive.files.store(people or None, io.BytesIO(source.read()), "photo")


def _shot(studio: OpenStudio, photo: Photo, taking: Taking) -> tuple[str, list[Photo]]:
    """The shot a photo is of, and the other photos of it in its session.

    Raw files may lack the serial number their JPEG has, so the model counts at first. Where another camera of that
    model wrote a file of that name in that second, the serial number tells them apart.
    """
    if not taking.camera or taking.time is None:
        return "", []
    model = camera_tag(studio.secrets, taking.name, "")
    stem, second = Path(photo.name).stem, taking.time.shown[:19]
    for camera in (model, taking.camera):
        shot = shot_id(studio.secrets, camera, stem, second)
        there = studio.archive.culling.photos_of([shot])
        others = [studio.archive.photos.get(guid) for guid, _, session in there if session == photo.session]
        if not any(_are_two(photo, other, model) for other in others):
            return shot, others
    return "", []


def _are_two(one: Photo, other: Photo, model: str) -> bool:
    """Whether two files of one model, name and second cannot be of one shutter."""
    tags = {one.camera_tag, other.camera_tag}
    return one.media_type == other.media_type or (len(tags) == 2 and model not in tags)


def take_back(studio: OpenStudio, prepared: object) -> None:
    """Give up what was sealed for a photo that will not be kept after all; anything else is let be."""
    if isinstance(prepared, Prepared) and prepared.original is not None:
        studio.archive.files.discard(prepared.original)


def remember(studio: OpenStudio, session: Session, marks: Mapping[str, PhotoGuid | None]) -> Changes:
    """Files with these tags were dealt with: they are of these photos, or of none. No screen shows it."""
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.source_marks.remember(writing, session.id, marks)
    return Changes.NONE


def recognised(studio: OpenStudio, name: str, found: Found) -> KnownPhoto:
    """What is said of a file that is in the archive already."""
    if found.photo is None:
        raise AssertionError("there is no photo of it")
    photo = studio.archive.photos.get(found.photo)
    return KnownPhoto(name, photo.guid, photo.session, photo.subjects, edited=found.edited)


def _look_up(studio: OpenStudio, tags: Tags, *, photos_only: bool = False) -> Found | None:
    """The photo a file is, by content or, if an editor wrote into it, by image data; of none, if that was taken out."""
    photo = studio.archive.photos.find(tags.content)
    if photo is not None:
        return Found(photo)
    remembered = studio.archive.source_marks.known([tags.content, tags.image])
    if remembered.get(tags.content) is not None:
        return Found(remembered[tags.content], edited=True)
    photo = studio.archive.photos.find_image(tags.image)
    if photo is not None:
        return Found(photo, edited=True)
    return Found(None) if remembered and not photos_only else None


def _taking(studio: OpenStudio, rendition: Rendition, first_seen_ms: int | None) -> Taking:
    camera = camera_tag(studio.secrets, rendition.camera_model, rendition.camera_serial)
    time = rendition.camera_time
    if time is None:
        return Taking(camera, rendition.camera_model, None, first_seen_ms)
    offset = time.utcoffset()
    minutes = None if offset is None else int(offset.total_seconds()) // 60
    shown = time.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return Taking(camera, rendition.camera_model, CameraTime(shown, minutes), first_seen_ms)


def _photo(session: Session, prepared: Prepared, rendition: Rendition, made: str) -> Photo:
    source, taking = prepared.source, prepared.taking
    return Photo(
        guid=PhotoGuid(new_id()),
        session=session.id,
        subjects=prepared.people,
        name=source.name,
        media_type=source.media_type.value,
        size=source.size,
        sha256=source.sha256,
        image_hash_kind=rendition.pixel_hash_kind,
        image_sha256=rendition.pixel_sha256,
        width=rendition.width,
        height=rendition.height,
        orientation=rendition.orientation,
        taken_at=_in_utc(rendition.camera_time),
        removable=rendition.removable,
        unwritable=prepared.unwritable,
        said_made=made,
        camera=rendition.camera_model if rendition.camera_time else "",
        camera_tag=taking.camera,
        camera_time=taking.time,
        first_seen_ms=taking.first_seen_ms,
    )


def _in_utc(camera_time: datetime | None) -> datetime | None:
    """The camera's time; one without an offset is taken as UTC, because guessing a zone would be worse."""
    if camera_time is None:
        return None
    aware = camera_time if camera_time.tzinfo else camera_time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
