"""Backups: a consistent copy with the hash of each member, the keys beside it, and the way back, which checks all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from safelight.documents.jcs import canonical
from safelight.domain.errors import CannotOpen, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId
from safelight.domain.journal_stretch import Head
from safelight.domain.progress import Report, silent
from safelight.keys.durable import device_failure, durable_write, fsync_folder, unfinished_name
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import KEYS, MANIFEST, Backup, Member, copied, manifest_bytes, note_of
from safelight.storage.backup_manifest import read_backup as read_backup
from safelight.storage.destroyed import KnownErasures, known_document, together
from safelight.storage.folder import StudioFolder, finish_folder, read_identity
from safelight.storage.key_copy import place_of, put_key_copy
from safelight.storage.lock import FolderLock
from safelight.storage.past_cache import hash_past_cache
from safelight.storage.restore_keys import ChosenKeys, choose_keys, known_around, known_here, require_newest
from safelight.storage.rows import FileId
from safelight.storage.snapshot import Snapshot

_ROUNDS = 2
"""How often sealed files are copied while others write: once all of them, then what came in during that."""


def back_up(
    archive: Archive,
    target: Path,
    now: datetime,
    report: Report = silent,
    place_id: str | None = None,
    i_know: bool = False,
) -> int:
    """Copy the whole studio into ``target`` (missing or empty), durably; others go on writing nearly all the time.

    Sealed files never change, so they are copied first. Then, while nobody writes, the rows and what came in meanwhile:
    the copy is of that moment. The keys are no part of it: the one key copy of the place that ``target`` lies in is
    written anew. ``place_id`` is the id that place gets if it has none. Raises :class:`NewerKeys` where the place has
    keys of a newer state of this studio, unless ``i_know``.

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
        # The keys are copied after the rows, so that none of the rows lacks its key, and before the list: what has one
        # can be restored.
        keys = put_key_copy(archive, place_of(target), place_id or str(uuid4()), now, i_know)
        listed = manifest_bytes(archive.studio_id, now, members, head, known=keys.known)
        durable_write(folder / MANIFEST, listed)
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
    """Everything of a studio but its keys, in ``folder``; others wait for no more than rows and what is new.

    Returns with it the end of the journal that was copied.
    """
    source, copy = archive.folder, StudioFolder(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy.files.mkdir(mode=0o700)
    sealed: dict[FileId, Member] = {}
    for _ in range(_ROUNDS):
        _take(archive, folder, sealed, report)
    with Snapshot(archive, keys=False) as snapshot:
        with archive.still():
            snapshot.take()
            head = archive.journal.end()
            here = _take(archive, folder, sealed, report)
            identity = copied(source.identity, copy.identity, source.identity.name)
        databases = [copied(lies, folder / path, path) for path, lies in snapshot.sources.items()]
    for id in sealed.keys() - here:  # taken out while others were copied: no row names it any more
        (folder / sealed.pop(id).path).unlink()
    for made in (copy.files, folder):
        fsync_folder(made)
    report(len(sealed), len(sealed), "backup")
    return [*databases, identity, *sealed.values()], head


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


def restore(
    source: Path, target: Path, keep_keys: bool = False, report: Report = silent, i_know: bool = False
) -> int:
    """Make the studio in ``target`` anew from a backup; every member is checked before anything takes its place.

    Without ``keep_keys`` ``target`` is missing or empty. With it ``target`` is the present folder of the same studio:
    its key folder stays in use, so that whoever was erased since the backup stays erased, and the folder as it was
    remains beside it as ``<name>.before-restore``. Killed at any point, ``target`` is the old state, or the new one, or
    (for the moment between two renames) waits under that name. Returns how many files the backup has.

    Raises :class:`OlderKeys` for keys that are older than an erasure known here, or than the backup, unless ``i_know``.
    Every erasure that is known goes along, and whoever opens the studio next erases those people again.
    """
    made = verify_backup(source, report)
    fresh = target.with_name(unfinished_name())
    with _vacated(target, made.studio, keep_keys) as aside:
        try:
            fresh.mkdir(parents=True, mode=0o700)
            (fresh / "keys").mkdir(mode=0o700)
            (fresh / "files").mkdir(mode=0o700)
            known = _restore_keys(source, made, fresh, target if keep_keys else None, i_know)
            for done, member in enumerate(made.members):
                report(done, len(made.members), "restore")
                if member.path not in KEYS:
                    _restored(source / made.lies(member), fresh, member)
            durable_write(StudioFolder(fresh).restored, note_of(made))
            if known:
                durable_write(StudioFolder(fresh).known_erasures, canonical(known_document(known)))
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


def _restore_keys(source: Path, made: Backup, fresh: Path, present: Path | None, i_know: bool) -> KnownErasures:
    """Put the keys into ``fresh``: those of the ``present`` folder, or the newest beside the backup.

    Returns every erasure that is known of.
    """
    known = [known_around(source, made, fresh)]
    if present is not None:
        known.append(known_here(StudioFolder(present)))
        for path in KEYS:
            if (present / path).exists():
                copied(present / path, fresh / path, path)
        keys = ChosenKeys(made.made_at, ())
    else:
        keys = choose_keys(source, made)
        for member, lies in keys.files:
            _restored(lies, fresh, member)
    erased = together(known)
    if not i_know:
        require_newest(made, keys, StudioFolder(fresh).key_store, erased)
    return erased


def _restored(lies: Path, fresh: Path, member: Member) -> None:
    try:
        right = copied(lies, fresh / member.path, member.path) == member
    except FileNotFoundError:
        right = False
    if not right:
        raise Malformed(f"The backup is damaged ({member.path}).", "Nothing was restored.", (member.path,))


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
