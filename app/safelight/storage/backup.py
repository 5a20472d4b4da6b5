"""Backups: a consistent copy of everything with the hash of each member, and the way back, which checks every one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from safelight.domain.errors import CannotOpen, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId
from safelight.domain.journal_stretch import Head
from safelight.domain.progress import Report, silent
from safelight.keys.durable import device_failure, durable_write, fsync_folder, unfinished_name
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import KEYS, MANIFEST, Backup, Member, copied, manifest_bytes, note_of
from safelight.storage.backup_manifest import read_backup as read_backup
from safelight.storage.folder import StudioFolder, finish_folder, read_identity
from safelight.storage.lock import FolderLock
from safelight.storage.past_cache import hash_past_cache
from safelight.storage.rows import FileId
from safelight.storage.snapshot import Snapshot

_ROUNDS = 2
"""How often sealed files are copied while others write: once all of them, then what came in during that."""


def back_up(archive: Archive, target: Path, now: datetime, report: Report = silent) -> int:
    """Copy the whole studio into ``target`` (missing or empty), durably; others go on writing nearly all the time.

    Sealed files never change, so they are copied first. Then, while nobody writes, the rows, the keys and what came in
    meanwhile: the copy is of that moment.

    It opens with the studio's passphrase; the keyring is not part of it. A new folder gets its name only when the copy
    is whole, and the manifest is written last: what a kill leaves is not a backup, and what a full disk or Ctrl-C
    interrupts is taken away again. Returns how many files it has.
    """
    if target.exists() and any(target.iterdir()):
        raise WrongUsage(f"The folder “{target.name}” is not empty.", "Nothing was changed. Name a new folder.")
    # A folder that is there already may be a disk of its own, which nothing can be renamed onto.
    folder = target if target.is_dir() else target.with_name(unfinished_name())
    try:
        members, head = _copied_whole(archive, folder, report)
        durable_write(folder / MANIFEST, manifest_bytes(archive.studio_id, now, members, head))
        if folder != target:
            os.replace(folder, target)
        fsync_folder(target.parent)
    except BaseException as error:
        # Half a backup must not be taken for one, and on a full disk its room is needed.
        for each in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            if folder != target:
                folder.rmdir()
        if isinstance(error, OSError):
            raise device_failure(error, target) from error
        raise
    return len(members)


def _copied_whole(archive: Archive, folder: Path, report: Report) -> tuple[list[Member], Head]:
    """Everything a studio consists of, in ``folder``; others wait for no more than rows, keys and what is new.

    Returns with it the end of the journal that was copied.
    """
    source, copy = archive.folder, StudioFolder(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy.keys.mkdir(mode=0o700)
    copy.files.mkdir(mode=0o700)
    sealed: dict[FileId, Member] = {}
    for _ in range(_ROUNDS):
        _take(archive, folder, sealed, report)
    with Snapshot(archive) as snapshot:
        with archive.still():
            snapshot.take()
            head = archive.journal.end()
            here = _take(archive, folder, sealed, report)
            rows = [p for p in ("studio.json", "keys/master.json", "keys/studio.sealed") if (source.path / p).exists()]
            small = [copied(source.path / path, folder / path, path) for path in rows]
        databases = [copied(lies, folder / path, path) for path, lies in snapshot.sources.items()]
    for id in sealed.keys() - here:  # taken out while others were copied: no row names it any more
        (folder / sealed.pop(id).path).unlink()
    for made in (copy.keys, copy.files, folder):
        fsync_folder(made)
    report(len(sealed), len(sealed), "backup")
    return [*databases, *small, *sealed.values()], head


def _take(archive: Archive, folder: Path, sealed: dict[FileId, Member], report: Report) -> set[FileId]:
    """Copy the sealed files that ``sealed`` lacks, and note them there; returns all there are now."""
    here = dict(archive.files.on_disk())
    new = [id for id in here if id not in sealed]
    total = len(sealed) + len(new)
    for id in new:
        report(len(sealed), total, "backup")
        path = f"files/{id[:2]}/{id}.age"
        try:
            sealed[id] = copied(here[id], folder / path, path)
        except FileNotFoundError:
            del here[id]  # somebody took it out a moment ago
    return set(here)


def verify_backup(source: Path, report: Report = silent) -> Backup:
    """Read every member and compare it with the manifest; :class:`Malformed` lists all that differ."""
    return _compared(source, report)[0]


def read_back(source: Path, report: Report = silent) -> bool:
    """As :func:`verify_backup`; whether every byte came from the device and not from what the system remembered."""
    return _compared(source, report)[1]


def _compared(source: Path, report: Report) -> tuple[Backup, bool]:
    made = read_backup(source)
    faults, past_cache = [], True
    for done, member in enumerate(made.members):
        report(done, len(made.members), "verify backup")
        try:
            digest, size, asked = hash_past_cache(source / made.lies(member))
        except OSError:
            faults.append(f"{member.path}: is missing or cannot be read")
        else:
            past_cache = past_cache and asked
            if (digest, size) != (member.sha256, member.size):
                faults.append(f"{member.path}: was changed")
    report(len(made.members), len(made.members), "verify backup")
    if faults:
        raise Malformed(
            f"The backup is damaged ({faults[0]}).", "Nothing was restored. Use another backup.", tuple(faults)
        )
    return made, past_cache


def restore(source: Path, target: Path, keep_keys: bool = False, report: Report = silent) -> int:
    """Make the studio in ``target`` anew from a backup; every member is checked before anything takes its place.

    Without ``keep_keys`` ``target`` is missing or empty. With it ``target`` is the present folder of the same studio:
    its key folder stays in use, so that whoever was erased since the backup stays erased, and the folder as it was
    remains beside it as ``<name>.before-restore``. Killed at any point, ``target`` is the old state, or the new one, or
    (for the moment between two renames) waits under that name. Returns how many files the backup has.
    """
    made = verify_backup(source, report)
    fresh = target.with_name(unfinished_name())
    with _vacated(target, made.studio, keep_keys) as aside:
        try:
            fresh.mkdir(parents=True, mode=0o700)
            (fresh / "keys").mkdir(mode=0o700)
            (fresh / "files").mkdir(mode=0o700)
            for path in KEYS if keep_keys else ():
                if (target / path).exists():
                    copied(target / path, fresh / path, path)
            for done, member in enumerate(made.members):
                report(done, len(made.members), "restore")
                if keep_keys and member.path in KEYS:
                    continue
                if copied(source / made.lies(member), fresh / member.path, member.path) != member:
                    raise Malformed(f"The backup is damaged ({member.path}).", "Nothing was restored.", (member.path,))
            durable_write(StudioFolder(fresh).restored, note_of(made))
            for folder in (fresh / "keys", fresh / "files", fresh):
                fsync_folder(folder)
            finish_folder(StudioFolder(fresh))
            if aside is not None:
                os.replace(target, aside)
            elif target.exists():
                target.rmdir()
            os.replace(fresh, target)
            fsync_folder(target.parent)
        except OSError as error:
            raise device_failure(error, target) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    report(len(made.members), len(made.members), "restore")
    return len(made.members)


@contextmanager
def _vacated(target: Path, studio: OrganisationId, keep_keys: bool) -> Iterator[Path | None]:
    """Make sure that ``target`` may be replaced, and by whom; gives the name its present state will have."""
    if not keep_keys:
        if target.exists() and any(target.iterdir()):
            raise WrongUsage(
                f"The folder “{target.name}” is not empty.", "Nothing was changed. Restore into a new folder."
            )
        yield None
        return
    present, _ = read_identity(target)
    if present != studio:
        raise CannotOpen("The backup is of another studio.", "Nothing was changed. Name the backup of this studio.")
    aside = target.with_name(f"{target.name}.before-restore")
    if aside.exists():
        raise WrongUsage(
            f"There is a folder “{aside.name}” from an earlier restore.", "Nothing was changed. Move it away first."
        )
    lock = FolderLock(StudioFolder(target).lock, alone=True)
    try:
        yield aside
    finally:
        lock.release()
