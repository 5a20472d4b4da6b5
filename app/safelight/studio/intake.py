"""Photos come in from files, folders, cards: read without touching the source, developed, sealed, bound to people."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.folders import dropped_paths as dropped_paths
from safelight.capture.folders import find_photos
from safelight.capture.reading import FileMark, read_source, shown_name
from safelight.capture.slates import Frame, bind_frames, read_slate_text
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.keys.input_files import legible
from safelight.settings.background import step_back
from safelight.studio.assignments import assign_photo as assign_photo
from safelight.studio.frame_binding import ByArrival, FrameBinder, Taking
from safelight.studio.incoming import (
    Failed,
    Found,
    Prepared,
    keep,
    known_files,
    prepare,
    recognised,
    remember,
    take_back,
)
from safelight.studio.incoming import KnownPhoto as KnownPhoto
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import must_be_open

AT_ONCE = 2
"""So many photos are read, developed and sealed side by side: one per core of a modest laptop."""
IN_FLIGHT = 2 * AT_ONCE
"""So many photos wait in memory at most, whatever the size of the card."""
_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one run: new photos, slates seen, files known already, and each file left out with the reason."""

    added: tuple[Photo, ...] = ()
    slates: tuple[str, ...] = ()
    known: tuple[KnownPhoto, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    on_set: SubjectId | None = None
    """Who is photographed now: as told, or as the last slate said."""
    clocks: tuple[str, ...] = ()
    """Frames of the code that says when it was shown."""


@dataclass(slots=True)
class _Run:
    """What one run gathers; frames are light, so a card of thousands fits."""

    first: SubjectId | None
    """Who was on set before the first slate."""
    binder: FrameBinder
    made: str = ""
    """How the pictures were made, in the photographer's word."""
    added: list[Photo] = field(default_factory=list)
    takings: dict[PhotoGuid, Taking] = field(default_factory=dict)
    slates: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    known: list[KnownPhoto] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    marks: dict[str, PhotoGuid | None] = field(default_factory=dict)
    changes: Changes = Changes.NONE


def capture_photos(
    studio: OpenStudio,
    session: Session,
    paths: Sequence[Path],
    active: SubjectId | None,
    decoders: DecoderPool,
    report: Report = silent,
    made: str = "",
    binder: FrameBinder | None = None,
) -> tuple[Intake, Changes]:
    """Take in every photo at ``paths`` (files, folders, cards); the sources are only ever read.

    A photographed slate binds the frames after it, by the camera's time; before the first slate ``active`` counts, and
    nobody when it is None. With a ``binder`` it alone says whose a frame is, and ``active`` counts for nothing. Slates
    are read, not kept. A file that is known starts no decoder, and one the disk says is unchanged is not read. A file
    that cannot be taken in, be it that a card is broken or pulled, is listed and the others go on; a full disk of the
    studio stops the run, and what was acknowledged is kept. Memory does not grow with the size of the card. ``made`` is
    the photographer's word on how the pictures came to be (a key of ``domain.photo.MADE``).
    """
    must_be_open(session)
    run = _Run(active, binder or ByArrival(studio, session, active), made)
    found = []
    for path in find_photos(paths, aside=lambda path, why: run.left_out.append((shown_name(path), why))):
        found.append(path)
        if len(found) % 100 == 0:
            report(0, len(found), shown_name(path))
    known = _known_by_place(studio, found)
    try:
        with (
            ThreadPoolExecutor(AT_ONCE, thread_name_prefix="intake", initializer=step_back) as pool,
            closing(_side_by_side(pool, studio, decoders, found, known, run)) as outcomes,
        ):
            for number, (path, outcome) in enumerate(zip(found, outcomes, strict=True), 1):
                _keep(studio, session, outcome, run)
                report(number, len(found), shown_name(path))
    except SafelightError:
        with suppress(SafelightError):
            _remember(studio, session, run)
        raise
    _remember(studio, session, run)
    if binder is None:
        _bind(studio, session, run)
    else:
        _bind_anew(studio, run)
    on_set = run.binder.on_set if isinstance(run.binder, ByArrival) else None
    slates, clocks, left_out = tuple(run.slates), tuple(run.clocks), tuple(run.left_out)
    return Intake(tuple(run.added), slates, tuple(run.known), left_out, on_set, clocks), run.changes


def _known_by_place(studio: OpenStudio, found: Sequence[Path]) -> Mapping[FileMark, Found]:
    """Photos of files that are as they were when they were taken in, by what the file system says."""
    files = []
    for path in found:
        try:
            seen = path.lstat()
        except OSError:
            continue
        if seen.st_mtime_ns % _SECOND_NS:  # disks that write whole seconds only (cards) give numbers to files anew
            files.append((legible(path.name), (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)))
    return {mark: each for mark, each in known_files(studio, files) if each.photo is not None}


def _side_by_side(
    pool: ThreadPoolExecutor,
    studio: OpenStudio,
    decoders: DecoderPool,
    found: Sequence[Path],
    known: Mapping[FileMark, Found],
    run: _Run,
) -> Generator[Prepared | Failed | KnownPhoto]:
    """Each file developed and sealed, in order, never more than :data:`IN_FLIGHT` under way.

    What was sealed and is not asked for any more, because the run ended early, is taken back.
    """

    def one(path: Path) -> Prepared | Failed | KnownPhoto:
        try:
            if known:
                seen = path.lstat()
                there = known.get((seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns))
                if there is not None:
                    return recognised(studio, legible(path.name), there)
            source = read_source(path)
        except SafelightError as error:
            return Failed(path, error)
        except FileNotFoundError:
            return Failed(path, WrongUsage(f"There is no file {shown_name(path)}.", "It may have been moved."))
        return prepare(studio, decoders, source, None, run.binder, slates_again=True)

    waiting: deque[Future[Prepared | Failed | KnownPhoto]] = deque()
    try:
        for path in found:
            waiting.append(pool.submit(one, path))
            if len(waiting) >= IN_FLIGHT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for each in waiting:
            take_back(studio, each.result())


def _keep(studio: OpenStudio, session: Session, outcome: Prepared | Failed | KnownPhoto, run: _Run) -> None:
    if isinstance(outcome, Failed):
        if outcome.ours:
            raise outcome.error
        run.left_out.append((shown_name(outcome.path), outcome.error.title))
        return
    if isinstance(outcome, KnownPhoto):
        _recognise(studio, session, outcome, run)
        return
    source, rendition = outcome.source, outcome.rendition
    if outcome.found is not None:
        _recognise(studio, session, recognised(studio, source.name, outcome.found), run)
        run.marks |= {outcome.tags.place: outcome.found.photo, outcome.tags.content: outcome.found.photo}
        return
    if rendition is not None and rendition.clock is not None:
        run.clocks.append(source.name)
        run.changes |= run.binder.clock(rendition.clock, outcome.taking)
    slate = read_slate_text(rendition.slate) if rendition is not None and rendition.slate else None
    if rendition is not None and slate is not None:
        run.slates.append(source.name)
        run.changes |= run.binder.slate(slate, outcome.taking)
        run.frames.append(Frame(new_id(), source.name, rendition.camera_time, slate))
    if outcome.original is None:
        run.marks |= {outcome.tags.place: None, outcome.tags.content: None}
        return
    kept, changes = keep(studio, session, outcome, run.binder, run.made)
    if isinstance(kept, KnownPhoto):
        _recognise(studio, session, kept, run)
        run.marks |= {outcome.tags.place: kept.guid, outcome.tags.content: kept.guid}
        return
    run.changes |= changes
    run.added.append(kept)
    run.takings[kept.guid] = outcome.taking
    run.frames.append(Frame(kept.guid, source.name, camera_clock(kept)))


def _recognise(studio: OpenStudio, session: Session, known: KnownPhoto, run: _Run) -> None:
    """A file that is there already keeps its people; one that is nobody's waits for a person like the new ones."""
    run.known.append(known)
    if known.session == session.id and not known.subjects and known.guid not in {each.key for each in run.frames}:
        photo = studio.archive.photos.get(known.guid)
        run.frames.append(Frame(known.guid, known.name, camera_clock(photo)))


def _remember(studio: OpenStudio, session: Session, run: _Run) -> None:
    """What was looked at need not be looked at again; new photos were remembered with their rows."""
    if run.marks:
        run.changes |= remember(studio, session, run.marks)


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


def _bind_anew(studio: OpenStudio, run: _Run) -> None:
    """Ask again whose each new photo is: a slate may have come after frames that were taken after it."""
    for place, photo in enumerate(run.added if run.slates or run.clocks else ()):
        people, check = run.binder.owners(run.takings[photo.guid])
        there = studio.archive.photos.get(photo.guid)
        if there == photo and (people != photo.subjects or check != photo.flagged):
            run.added[place], changes = assign_photo(studio, photo, people, flagged=check)
            run.changes |= changes


def camera_clock(photo: Photo) -> datetime | None:
    """What the camera's clock showed, aware where it noted its offset; for photos of before that was kept, UTC."""
    if photo.camera_time is None:
        return photo.taken_at
    offset = photo.camera_time.offset_minutes
    shown = datetime.fromisoformat(photo.camera_time.shown)
    return shown if offset is None else shown.replace(tzinfo=timezone(timedelta(minutes=offset)) if offset else UTC)
