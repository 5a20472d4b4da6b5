"""Photos come in: read without touching the source, developed at arm's length, sealed, bound to who is on them."""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool, Rendition
from safelight.capture.folders import find_photos
from safelight.capture.hot_folder import HotFolder, Listener
from safelight.capture.reading import SourceFile, Unread, read_sources, shown_name
from safelight.capture.slates import Frame, bind_frames, read_slate_text
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, SafelightError
from safelight.domain.ids import PhotoGuid, SessionId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.images.cleaning import unwritable
from safelight.keys.secrets import content_tag
from safelight.storage.rows import FileId
from safelight.studio.assignments import assign_photo as assign_photo
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import must_be_open

AT_ONCE = 2
"""So many photos are read, developed and sealed side by side: one per core of a modest laptop."""
IN_FLIGHT = 2 * AT_ONCE
"""So many photos wait in memory at most, whatever the size of the card."""


@dataclass(frozen=True, slots=True)
class KnownPhoto:
    """A file that was in the archive before: under which id, in which session, who is on it now.

    ``assigned`` when this run gave it to somebody, because it was nobody's.
    """

    name: str
    guid: PhotoGuid
    session: SessionId
    subjects: tuple[SubjectId, ...]
    assigned: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one run: new photos, slates seen, files known already, and each file left out with the reason."""

    added: tuple[Photo, ...] = ()
    slates: tuple[str, ...] = ()
    known: tuple[KnownPhoto, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    on_set: SubjectId | None = None
    """Who is photographed now: as told, or as the last slate said."""


@dataclass(frozen=True, slots=True)
class _Developed:
    """One source after it was looked at; ``original`` is None for a slate and for a photo that is known already."""

    source: SourceFile
    rendition: Rendition
    tag: str
    owner: SubjectId | None
    original: FileId | None
    unwritable: str = ""


@dataclass(slots=True)
class _Run:
    """What one run gathers; frames are light, so a card of thousands fits."""

    active: SubjectId | None
    """For whom a photo is sealed as it comes in: right nearly always, so that binding seals few of them anew."""
    first: SubjectId | None
    """Who was on set before the first slate."""
    made: str = ""
    """How the pictures were made, in the photographer's word."""
    added: list[Photo] = field(default_factory=list)
    slates: list[str] = field(default_factory=list)
    known: list[KnownPhoto] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    changes: Changes = Changes.NONE


def capture_photos(
    studio: OpenStudio,
    session: Session,
    paths: Sequence[Path],
    active: SubjectId | None,
    decoders: DecoderPool,
    report: Report = silent,
    made: str = "",
) -> tuple[Intake, Changes]:
    """Take in every photo at ``paths`` (files, folders, cards); the sources are only ever read.

    A photographed slate binds the frames after it, by the camera's time; before the first slate ``active`` counts, and
    nobody when it is None. Slates are read, not kept. A file that cannot be taken in is listed and the others go on; a
    full disk stops the run, and what was acknowledged is kept. Memory does not grow with the size of the card. ``made``
    is the photographer's word on how the pictures came to be (a key of ``domain.photo.MADE``).
    """
    must_be_open(session)
    run = _Run(active, active, made)
    found = list(find_photos(paths, aside=lambda path, why: run.left_out.append((shown_name(path), why))))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="intake") as pool:
        for number, outcome in enumerate(_side_by_side(pool, studio, decoders, read_sources(found), run), 1):
            if isinstance(outcome, Unread):
                if isinstance(outcome.error, DeviceFailure):
                    raise outcome.error
                run.left_out.append((shown_name(outcome.path), outcome.error.title))
            else:
                _keep(studio, session, outcome, run)
            report(number, len(found), shown_name(outcome.path) if isinstance(outcome, Unread) else outcome.source.name)
    _bind(studio, session, run)
    taken = Intake(tuple(run.added), tuple(run.slates), tuple(run.known), tuple(run.left_out), run.active)
    return taken, run.changes


def _side_by_side(
    pool: ThreadPoolExecutor,
    studio: OpenStudio,
    decoders: DecoderPool,
    sources: Iterator[SourceFile | Unread],
    run: _Run,
) -> Iterator[_Developed | Unread]:
    """Each source developed and sealed, in order, never more than :data:`IN_FLIGHT` under way."""
    waiting: deque[Future[_Developed | Unread]] = deque()
    for source in sources:
        waiting.append(pool.submit(_develop, studio, decoders, source, run.active))
        if len(waiting) >= IN_FLIGHT:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _develop(
    studio: OpenStudio, decoders: DecoderPool, source: SourceFile | Unread, owner: SubjectId | None
) -> _Developed | Unread:
    if isinstance(source, Unread):
        return source
    try:
        tag = content_tag(studio.secrets, source.sha256)
        known = studio.archive.photos.find(tag) is not None
        data = source.read()
        rendition = decoders.develop(data, source.media_type, name=source.name)
        if rendition.slate is not None or known:
            return _Developed(source, rendition, tag, owner, None)
        original = studio.archive.files.store((owner,) if owner else None, io.BytesIO(data), "photo")
        return _Developed(source, rendition, tag, owner, original, unwritable(data, source.media_type))
    except SafelightError as error:
        return Unread(source.path, error)


def _keep(studio: OpenStudio, session: Session, developed: _Developed, run: _Run) -> None:
    """One photo into the archive, at once: what was acknowledged survives whatever happens to the rest of the card."""
    source, rendition = developed.source, developed.rendition
    slate = read_slate_text(rendition.slate) if rendition.slate else None
    guid = PhotoGuid(new_id())
    if slate is not None:
        run.slates.append(source.name)
        if slate.session == session.id:
            # A card of somebody who was taken out since: what follows is nobody's, and listed as that.
            run.active = slate.subject if slate.subject in studio.archive.subjects.ids(session.id) else None
        run.frames.append(Frame(guid, source.name, rendition.camera_time, slate))
        return
    known = studio.archive.photos.find(developed.tag)
    if known is not None:
        if developed.original is not None:
            studio.archive.files.discard(developed.original)
        _recognise(studio, session, developed, known, run)
        return
    if developed.original is None:
        why = "it was removed from the archive while it was taken in; take it in again"
        run.left_out.append((source.name, why))
        return
    photo = Photo(
        guid=guid,
        session=session.id,
        subjects=(developed.owner,) if developed.owner else (),
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
        unwritable=developed.unwritable,
        said_made=run.made,
        camera=rendition.camera_model if rendition.camera_time else "",
    )
    with studio.archive.transaction(studio.now()) as writing:
        must_be_open(studio.archive.sessions.get(session.id))
        studio.archive.photos.add(
            writing, photo, developed.original, rendition.thumbnail_jpeg, rendition.preview_jpeg, developed.tag
        )
        studio.archive.journal.append(writing, "photo-added", guid, b"")
    studio.acknowledge(guid, source.sha256)
    run.changes |= Changes.PHOTOS | Changes.JOURNAL
    run.added.append(photo)
    run.frames.append(Frame(guid, source.name, rendition.camera_time))


def _recognise(studio: OpenStudio, session: Session, developed: _Developed, known: PhotoGuid, run: _Run) -> None:
    """A file that is there already keeps its people; one that is nobody's waits for a person like the new ones."""
    photo = studio.archive.photos.get(known)
    run.known.append(KnownPhoto(developed.source.name, known, photo.session, photo.subjects))
    if photo.session == session.id and not photo.subjects and known not in {each.key for each in run.frames}:
        run.frames.append(Frame(known, developed.source.name, developed.rendition.camera_time))


def _bind(studio: OpenStudio, session: Session, run: _Run) -> None:
    """Give every frame to the person whose slate precedes it, now that all slates of the run are known."""
    people = set(studio.archive.subjects.ids(session.id))
    bindings = {each.key: each for each in bind_frames(run.frames, run.first, session=session.id)}
    for place, photo in enumerate(run.added):
        binding = bindings[photo.guid]
        wanted = (binding.subject,) if binding.subject in people and binding.subject else ()
        if run.slates and (wanted != photo.subjects or binding.check != photo.flagged):
            run.added[place], changes = assign_photo(studio, photo, wanted, flagged=binding.check)
            run.changes |= changes
    for place, known in enumerate(run.known):
        loose = bindings.get(known.guid)
        if loose is not None and loose.subject in people and not known.subjects and known.session == session.id:
            if studio.archive.photos.get(known.guid).subjects:  # the same file twice, or a new photo of this run
                continue
            there = studio.archive.photos.get(known.guid)
            after, changes = assign_photo(studio, there, (loose.subject,), flagged=loose.check)
            run.changes |= changes
            run.known[place] = replace(known, subjects=after.subjects, assigned=True)


def watch_folder(
    studio: OpenStudio,
    session: Session,
    folder: Path,
    active: SubjectId | None,
    decoders: DecoderPool,
    stop: Callable[[], bool],
    tell: Callable[[Intake, Changes], None],
    waits: Callable[[str, str], None],
) -> Changes:
    """Take in what appears in ``folder`` (tethering) until ``stop`` says so; each finished file is told at once.

    What it changed is told with it, so that nobody has to wait for the end; returned is all of it together.

    ``waits`` hears of a file (name, why) that lies still and is not whole, and again when it is given up.
    """

    class Telling(Listener):
        def waits(self, path: Path, why: str) -> None:
            waits(shown_name(path), f"{why} Waiting for the rest of it.")

        def aside(self, path: Path, why: str) -> None:
            waits(shown_name(path), f"{why} Not waiting any more; it is looked at if it changes.")

    bound, everything = active, Changes.NONE
    for arrival in HotFolder(folder, listener=Telling()).watch(stop):
        if os.path.lexists(arrival.source.path):  # else it was moved on by the camera software
            intake, changes = capture_photos(studio, session, [arrival.source.path], bound, decoders)
            bound = intake.on_set
            everything |= changes
            tell(intake, changes)
    return everything


def _in_utc(camera_time: datetime | None) -> datetime | None:
    """The camera's time; one without an offset is taken as UTC, because guessing a zone would be worse."""
    if camera_time is None:
        return None
    aware = camera_time if camera_time.tzinfo else camera_time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
