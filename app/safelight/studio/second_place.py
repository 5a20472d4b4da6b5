"""The second place: every frame lies on a second drive within a minute, and the studio can be restored from there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.domain.progress import Report, silent
from safelight.keys.durable import device_failure
from safelight.storage import second_place as places
from safelight.storage.rows import FileId
from safelight.studio.open_studio import OpenStudio, new_id

SECOND_PLACE = "second-place"
"""Setting: id and folder of the second place."""
ROWS_EVERY = timedelta(seconds=60)
"""Rows and keys are copied no more often than that, and take at most a tenth of the time."""
_BATCH = 16
"""After so many files it is written down that they are there; what a crash forgets is read again, not copied."""
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """Where the second place is. ``same_disk``: it lies on the studio's own drive, so one failure takes both."""

    id: str
    folder: Path
    same_disk: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """What one run did: sealed files that are there now and were not, whether rows and keys were copied, what is left.

    ``damaged`` are files of the studio that are not what they should be and were not copied. ``past_cache`` says
    whether everything was read back from the device itself.
    """

    files: int
    rows: bool
    waiting: int
    damaged: tuple[FileId, ...] = ()
    past_cache: bool = True


def set_second_place(studio: OpenStudio, folder: Path) -> tuple[SecondPlace, Changes]:
    """Keep a copy of everything in ``folder`` (missing, empty, or this studio's second place already) from now on.

    Raises :class:`WrongUsage` for a folder that holds anything else, or lies in the studio's folder or around it.
    """
    wanted, own = folder.resolve(), studio.archive.folder.path.resolve()
    if wanted == own or own in wanted.parents or wanted in own.parents:
        raise WrongUsage("The second place lies within the studio, or around it.", "Name a folder on another drive.")
    try:
        id = places.prepare_place(wanted, studio.identity.id, new_id())
    except OSError as error:
        raise device_failure(error, folder) from error
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.studio.set_setting(writing, SECOND_PLACE, json.dumps({"id": id, "folder": str(wanted)}))
        entry = studio.archive.journal.append(writing, "second-place-set", id, canonical({"folder": str(wanted)}))
    studio.acknowledge(id, entry.hash)
    return SecondPlace(id, wanted, _same_disk(wanted, own)), Changes.STUDIO | Changes.COPIES | Changes.JOURNAL


def forget_second_place(studio: OpenStudio) -> Changes:
    """Copy nothing any more; what lies in the second place stays there."""
    with studio.archive.transaction(studio.now()) as writing:
        known = second_place(studio)
        if known is None:
            return Changes.NONE
        studio.archive.studio.set_setting(writing, SECOND_PLACE, None)
        studio.archive.journal.append(writing, "second-place-ended", known.id, b"")
    return Changes.STUDIO | Changes.COPIES | Changes.JOURNAL


def second_place(studio: OpenStudio) -> SecondPlace | None:
    """The second place of this studio, None while there is none; whether its drive is attached is not looked at."""
    kept = studio.archive.studio.setting(SECOND_PLACE)
    if kept is None:
        return None
    told = json.loads(kept)
    folder = Path(told["folder"])
    return SecondPlace(told["id"], folder, _same_disk(folder, studio.archive.folder.path))


def copy_waiting(studio: OpenStudio, report: Report = silent) -> tuple[Copied, Changes]:
    """Copy what is not in the second place yet, read it back, and bring rows and keys there when a minute has passed.

    Run it again and again; it goes on where it was stopped. Raises :class:`WrongUsage` while there is no second place,
    :class:`DeviceFailure` when its drive is gone, full or broken: nothing of the studio waits for it or is lost.
    """
    place = second_place(studio)
    if place is None:
        raise WrongUsage("This studio has no second place.", "Set one first: safelight studio second-place DIR")
    with _ONE_AT_A_TIME, studio.archive.one_at_a_time("second-place", _busy()):
        _attached(studio, place)
        try:
            files, damaged, past_cache, changes = _copy_files(studio, place, report)
            rows, more, also = _copy_rows(studio, place)
        except OSError as error:
            raise _failed(studio, place, device_failure(error, place.folder)) from error
        except DeviceFailure as error:
            raise _failed(studio, place, error) from error
    left = len(studio.archive.copies.waiting(place.id)) - len(damaged)
    return Copied(files + more, rows, max(left, 0), damaged, past_cache), changes | also


def _copy_files(
    studio: OpenStudio, place: SecondPlace, report: Report
) -> tuple[int, tuple[FileId, ...], bool, Changes]:
    archive = studio.archive
    waiting = archive.copies.waiting(place.id)
    there: list[FileId] = []
    damaged: list[FileId] = []
    past_cache, changes, copied = True, Changes.NONE, 0
    try:
        for done, id in enumerate(waiting):
            report(done, len(waiting), "second place")
            try:
                past_cache &= places.put_file(archive.files.lies_at(id), place.folder, id)
                there.append(id)
            except FileNotFoundError:
                continue  # taken out of the studio since, or missing there: its check says which
            except Malformed:
                damaged.append(id)
            if len(there) >= _BATCH:
                changes |= _note(studio, place, there)
                copied += len(there)
                there = []
    finally:
        # Also when the drive is full or somebody stops it: what is there need not be copied again.
        if there:
            changes |= _note(studio, place, there)
            copied += len(there)
    report(len(waiting), len(waiting), "second place")
    return copied, tuple(damaged), past_cache, changes


def _busy() -> CannotOpen:
    return CannotOpen(
        "Another Safelight is copying to the second place.",
        "Nothing was changed. Wait until it is done, then try again.",
    )


def copy_rows_now(studio: OpenStudio) -> Changes:
    """Copy rows and keys at once: somebody was erased, and the copy of before has their keys.

    Raises :class:`DeviceFailure` when the place is not there or takes nothing.
    """
    place = second_place(studio)
    if place is None:
        return Changes.NONE
    with _ONE_AT_A_TIME, studio.archive.one_at_a_time("second-place", _busy()):
        _attached(studio, place)
        try:
            return _copy_rows(studio, place, at_once=True)[2] | Changes.COPIES
        except OSError as error:
            raise _failed(studio, place, device_failure(error, place.folder)) from error


def _copy_rows(studio: OpenStudio, place: SecondPlace, at_once: bool = False) -> tuple[bool, int, Changes]:
    """Rows and keys, if they changed and it is time; whether they were copied, and which files were missing there."""
    archive, now = studio.archive, studio.now()
    before = places.last_rows(place.folder)
    pause = max(ROWS_EVERY, timedelta(seconds=10 * before.took))
    same = before.stamp == places.state_of(archive)
    if not at_once and before.at is not None and (same or before.at <= now < before.at + pause):
        return False, 0, Changes.NONE
    began = time.monotonic()
    more, stamp, destroyed = places.put_rows(archive, place.folder, now)
    places.note_rows(place.folder, places.RowsCopy(stamp, now, time.monotonic() - began, destroyed))
    return True, len(more), _note(studio, place, more) if more else Changes.NONE


def _note(studio: OpenStudio, place: SecondPlace, files: Sequence[FileId]) -> Changes:
    _attached(studio, place)  # else what was written last may lie where the drive was
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.copies.note(writing, place.id, files)
    return Changes.COPIES


def _attached(studio: OpenStudio, place: SecondPlace) -> None:
    if (gone := _gone(studio, place)) is not None:
        raise gone


def _gone(studio: OpenStudio, place: SecondPlace) -> DeviceFailure | None:
    if places.is_place(place.folder, studio.identity.id, place.id):
        return None
    return DeviceFailure(
        f"The second place “{place.folder.name}” is not there.",
        "Everything is in the studio. Attach its drive again: copying goes on where it was.",
    )


def _failed(studio: OpenStudio, place: SecondPlace, error: DeviceFailure) -> DeviceFailure:
    return _gone(studio, place) or DeviceFailure(
        f"The second place “{place.folder.name}” takes nothing more: {error.phrase}.",
        "Everything is in the studio, and what was copied stays. Make room or attach another drive, then copy again.",
    )


def _same_disk(folder: Path, own: Path) -> bool:
    try:
        return folder.stat().st_dev == own.stat().st_dev
    except OSError:
        return False
