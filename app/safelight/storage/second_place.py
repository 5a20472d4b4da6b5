"""The second place: a folder on another drive with every sealed file, and rows and keys as of a moment ago.

It has the form of a backup, so ``restore`` works from it. Sealed files lie under their hashes and never change. Rows
and keys are exchanged whole: each time into a folder of its own, then the list names it, then the one before is
overwritten and removed. Killed at any point, the list that is there describes files that are there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId, Sha256, is_uuid4
from safelight.keys.durable import device_failure, durable_write, fsync_folder, remove_unfinished
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import (
    MANIFEST,
    PIECE,
    ROWS,
    Member,
    copied,
    manifest_bytes,
    read_backup,
)
from safelight.storage.destroyed import KnownErasures
from safelight.storage.folder import StudioFolder
from safelight.storage.past_cache import hash_past_cache
from safelight.storage.rows import FileId
from safelight.storage.snapshot import Snapshot

FORMAT = "safelight-second-place/1"
ID_FILE = "second-place.json"
_STATE = "state.json"
_LARGEST = 4096
_SUFFIX = ".age"


@dataclass(frozen=True, slots=True)
class RowsCopy:
    """What is known of the last copy of rows and keys: of which state, when, and how long it took in seconds.

    ``destroyed`` is how many keys had been destroyed by then.
    """

    stamp: str = ""
    at: datetime | None = None
    took: float = 0.0
    destroyed: int = 0


def prepare_place(folder: Path, studio: OrganisationId, fresh: str) -> str:
    """Make ``folder`` a second place of ``studio`` under the id ``fresh``; one it is already keeps its id.

    Raises :class:`WrongUsage` for a folder with anything else in it, or that is another studio's second place.
    """
    known = _identity(folder)
    if known is not None:
        if known[0] != studio:
            raise WrongUsage(
                f"“{folder.name}” is the second place of another studio.", "Nothing was changed. Name another folder."
            )
        return known[1]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"“{folder.name}” is not an empty folder.", "Nothing was changed. Name a new or empty folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fsync_folder(folder.parent)
    durable_write(folder / ID_FILE, canonical({"format": FORMAT, "studio": studio, "id": fresh}) + b"\n")
    return fresh


def is_place(folder: Path, studio: OrganisationId, id: str) -> bool:
    """Whether the second place with this id lies in ``folder`` now: a drive that was pulled leaves an empty folder."""
    try:
        return _identity(folder) == (studio, id)
    except WrongUsage:
        return False


def put_file(source: Path, folder: Path, id: FileId) -> bool:
    """Copy one sealed file, and read it back; whether its bytes then came from the device.

    One that lies there already is only read. Raises :class:`FileNotFoundError` when the source is gone,
    :class:`Malformed` when it is damaged, :class:`DeviceFailure` or :class:`OSError` when the place does not take it.
    """
    target = sealed_place(folder, id)
    with contextlib.suppress(OSError):
        digest, _, past_cache = hash_past_cache(target)
        if str(digest) == id:
            return past_cache
    _make(folder, target.parent)
    made = copied(source, target, "")
    if str(made.sha256) != id:
        target.unlink()
        raise Malformed(
            f"The sealed file {id} was changed.", "Restore it from a backup before it is copied.", (f"files/{id}",)
        )
    digest, _, past_cache = hash_past_cache(target)
    if str(digest) != id:
        target.unlink()
        raise _forgetful(folder)
    return past_cache


def _make(place: Path, folder: Path) -> None:
    """Make ``folder`` inside the place, but never the place itself.

    A drive that was pulled leaves no folder, or an empty one on the disk that its copies are to outlive.
    """
    missing = [each for each in (folder, *folder.parents) if place in each.parents and not each.is_dir()]
    try:
        if missing:
            (place / ID_FILE).stat()
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
            fsync_folder(each.parent)
    except OSError as error:
        raise device_failure(error, place) from error


def sealed_place(folder: Path, id: FileId) -> Path:
    """Where a sealed file lies in a second place."""
    return folder / "files" / id[:2] / f"{id}{_SUFFIX}"


def state_of(archive: Archive) -> str:
    """Another text whenever rows or keys were written since."""
    places = archive.folder
    kept = (places.database, places.key_store, places.master, places.secrets)
    told = [each.stat() for each in kept if each.exists()]
    return " ".join(f"{each.st_mtime_ns}/{each.st_size}" for each in told)


def last_rows(folder: Path) -> RowsCopy:
    """What is known of the last copy of rows and keys; nothing where that cannot be read, so another one is made."""
    try:
        told = json.loads(_read(folder / _STATE))
        destroyed = int(told.get("destroyed", 0))
        return RowsCopy(str(told["stamp"]), parse_time(told["at"]), float(told["took"]), destroyed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Malformed):
        return RowsCopy()


def put_rows(archive: Archive, folder: Path, now: datetime) -> tuple[tuple[FileId, ...], str, int]:
    """Copy rows and keys as they are now, and list everything that is in the place; writers wait for the copy alone.

    Files that are listed by the rows and missing from the place are copied too. Returns which these were, the state
    (:func:`state_of`) that was copied, and how many keys had been destroyed. What no row names any more is removed from
    the place.
    """
    turn = f"rows/{token_hex(16)}"
    fresh = StudioFolder(folder / turn)
    try:
        _make(folder, fresh.keys)
        with Snapshot(archive) as snapshot:
            with archive.still():
                stamp = state_of(archive)
                snapshot.take()
                known, head = archive.copies.files(), archive.journal.end()
                gone = KnownErasures(archive.keys.destroyed(), archive.erasures.rows())
            # The drive may be slow: nobody waits for it. The small files are only ever replaced whole.
            sources = {path: snapshot.sources.get(path, archive.folder.path / path) for path in ROWS}
            members = [carried(lies, fresh.path, path) for path, lies in sources.items() if lies.exists()]
        more, sealed = _completed(archive, folder, known)
        for each in (fresh.keys, fresh.path, fresh.path.parent, folder):
            fsync_folder(each)
        durable_write(folder / MANIFEST, manifest_bytes(archive.studio_id, now, [*members, *sealed], head, turn, gone))
    except BaseException:
        # The list may bear its name already, and only making that durable have failed: then it stays beside the old.
        if not _is_named(folder, turn):
            shutil.rmtree(fresh.path, ignore_errors=True)
        raise
    _clear(folder, fresh.path, known)
    return more, stamp, len(gone.pairs)


def note_rows(folder: Path, made: RowsCopy) -> None:
    """Remember when rows were copied last; only for the pace, so a crash before it costs one more copy."""
    if made.at is not None:
        told = {"stamp": made.stamp, "at": rfc3339(made.at), "took": f"{made.took:.3f}", "destroyed": made.destroyed}
        durable_write(folder / _STATE, canonical(told) + b"\n")


def _is_named(folder: Path, turn: str) -> bool:
    """Whether the list in ``folder`` says that rows and keys lie in ``turn``."""
    try:
        return read_backup(folder).turn == turn
    except CannotOpen:
        return False
    except Malformed:
        return True  # nobody can tell, so nothing is taken away


def carried(source: Path, folder: Path, path: str) -> Member:
    """Copy ``source`` into ``folder`` as the member ``path``, and read it back from the device."""
    made = copied(source, folder / path, path)
    digest, size, _ = hash_past_cache(folder / path)
    if Member(path, size, digest) != made:
        raise _forgetful(folder)
    return made


def _forgetful(folder: Path) -> DeviceFailure:
    return DeviceFailure(
        f"“{folder.name}” does not give back what was written to it.",
        "The studio has everything. Use another drive as the second place.",
    )


def _completed(
    archive: Archive, folder: Path, known: Iterable[FileId]
) -> tuple[tuple[FileId, ...], list[Member]]:
    """The sealed files that had to be copied, and all that are there now, as members."""
    more, members = [], []
    for id in sorted(known):
        target = sealed_place(folder, id)
        if not target.exists():
            try:
                put_file(archive.files.lies_at(id), folder, id)
            except (FileNotFoundError, Malformed):
                continue  # gone or damaged in the studio; its check says so
            more.append(id)
        members.append(Member(f"files/{id[:2]}/{id}{_SUFFIX}", target.stat().st_size, Sha256(id)))
    return tuple(more), members


def _clear(folder: Path, present: Path, known: Iterable[FileId]) -> None:
    """Take away rows and keys of before, and sealed files that no row names any more; what fails is tried next time."""
    for turn in present.parent.iterdir():
        if turn != present:
            overwrite_all(turn)
    wanted = set(known)
    for part in (folder / "files").iterdir() if (folder / "files").is_dir() else ():
        for each in part.iterdir() if part.is_dir() else ():
            if each.suffix == _SUFFIX and each.stem not in wanted:
                with contextlib.suppress(OSError):
                    each.unlink()
        with contextlib.suppress(DeviceFailure):
            remove_unfinished(part)


def overwrite_all(folder: Path) -> None:
    """Overwrite every file in ``folder``, then remove it; what fails is left."""
    for each in folder.rglob("*"):
        _overwrite(each)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(file: Path) -> None:
    """Zeros over what is about to be removed, so that old wrapped keys do not lie about (a drive may keep them)."""
    with contextlib.suppress(OSError):
        if file.is_file() and not file.is_symlink():
            with file.open("r+b", buffering=0) as writing:
                left = os.fstat(writing.fileno()).st_size
                while left > 0:
                    left -= writing.write(bytes(min(left, PIECE)))
                os.fsync(writing.fileno())


def _identity(folder: Path) -> tuple[str, str] | None:
    """The studio and the id written into a second place; None where there is none."""
    try:
        told = json.loads(_read(folder / ID_FILE))
        if told["format"] == FORMAT and is_uuid4(told["studio"]) and is_uuid4(told["id"]):
            return told["studio"], told["id"]
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise WrongUsage(f"“{ID_FILE}” in “{folder.name}” cannot be read.", "Nothing was changed. Name an empty folder.")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)
