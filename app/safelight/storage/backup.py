"""Backups: a consistent copy of everything with the hash of each member, and the way back, which checks every one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import CannotOpen, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId, Sha256, StudioId, is_sha256, is_uuid4
from safelight.domain.progress import Report, silent
from safelight.keys.durable import TEMPORARY_PREFIX, DurableFile, device_failure, durable_write, fsync_folder
from safelight.storage.archive import Archive
from safelight.storage.folder import StudioFolder, finish_folder, read_identity
from safelight.storage.lock import FolderLock

FORMAT = "safelight-backup/1"
MANIFEST = "backup.json"
_PIECE = 1024 * 1024
_LARGEST_MANIFEST = 256 * 1024 * 1024
_KEYS = ("keys/master.json", "keys/subjects.sqlite", "keys/studio.sealed")
_FIXED = ("studio.json", "archive.sqlite", *_KEYS)
_SEALED = re.compile(r"files/([0-9a-f]{2})/\1[0-9a-f]{62}\.age")
_REQUIRED = frozenset({"studio.json", "archive.sqlite", "keys/subjects.sqlite"})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup: its place in the folder, and what it must be."""

    path: str
    size: int
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself."""

    studio: OrganisationId
    made_at: datetime
    members: tuple[Member, ...]


def back_up(archive: Archive, target: Path, now: datetime, report: Report = silent) -> int:
    """Copy the whole studio into ``target`` (missing or empty), durably; nobody writes meanwhile.

    It opens with the studio's passphrase; the keyring is not part of it. A new folder gets its name only when the copy
    is whole, and the manifest is written last: what a kill leaves is not a backup, and what a full disk or Ctrl-C
    interrupts is taken away again. Returns how many files it has.
    """
    if target.exists() and any(target.iterdir()):
        raise WrongUsage(f"The folder “{target.name}” is not empty.", "Nothing was changed. Name a new folder.")
    # A folder that is there already may be a disk of its own, which nothing can be renamed onto.
    folder = target if target.is_dir() else target.with_name(f"{TEMPORARY_PREFIX}{token_hex(8)}")
    try:
        members = _copied_whole(archive, folder, report)
        listed = [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in members]
        content = {"format": FORMAT, "studio": archive.studio_id, "made_at": rfc3339(now), "members": listed}
        durable_write(folder / MANIFEST, canonical(content) + b"\n")
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


def _copied_whole(archive: Archive, folder: Path, report: Report) -> list[Member]:
    """Everything a studio consists of, copied into ``folder`` while nobody writes."""
    source, copy = archive.folder, StudioFolder(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy.keys.mkdir(mode=0o700)
    copy.files.mkdir(mode=0o700)
    with archive.still():
        archive.copy_database(copy)
        names = [id for id, _ in archive.files.on_disk()]
        members = [_measured(folder, path) for path in ("archive.sqlite", "keys/subjects.sqlite")]
        paths = [p for p in ("studio.json", "keys/master.json", "keys/studio.sealed") if (source.path / p).exists()]
        paths += [f"files/{id[:2]}/{id}.age" for id in names]
        for done, path in enumerate(paths):
            report(done, len(paths), "backup")
            members.append(_copied(source.path / path, folder / path, path))
    for made in (copy.keys, copy.files, folder):
        fsync_folder(made)
    report(len(paths), len(paths), "backup")
    return members


def read_backup(source: Path) -> Backup:
    """The manifest of a backup; :class:`CannotOpen` if there is none, :class:`Malformed` if it is not one of ours."""
    try:
        with (source / MANIFEST).open("rb") as file:
            untrusted = file.read(_LARGEST_MANIFEST)
    except OSError as error:
        raise CannotOpen(
            f"There is no finished backup in “{source.name}”.",
            "Nothing was changed. Name a folder that “studio backup” made.",
        ) from error
    try:
        content = json.loads(untrusted)
        if content["format"] != FORMAT:
            raise CannotOpen("This backup was made by a version this program does not know.", "Use a newer Safelight.")
        members = tuple(Member(each["path"], each["size"], Sha256(each["sha256"])) for each in content["members"])
        made = Backup(StudioId(content["studio"]), parse_time(content["made_at"]), members)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_a_backup("it cannot be read") from error
    paths = [each.path for each in members]
    # The grammar has no "..", no absolute path and no link: nothing outside the folder can be named.
    bad = [path for path in paths if path not in _FIXED and not _SEALED.fullmatch(str(path))]
    if bad or len(set(paths)) != len(paths) or not set(paths) >= _REQUIRED or not is_uuid4(made.studio):
        raise _not_a_backup("it names files that do not belong to a studio, or leaves some out")
    if not all(is_sha256(str(each.sha256)) for each in members):
        raise _not_a_backup("a hash is none")
    return made


def verify_backup(source: Path, report: Report = silent) -> Backup:
    """Read every member and compare it with the manifest; :class:`Malformed` lists all that differ."""
    made = read_backup(source)
    faults = []
    for done, member in enumerate(made.members):
        report(done, len(made.members), "verify backup")
        try:
            found = _measured(source, member.path)
        except OSError:
            faults.append(f"{member.path}: is missing or cannot be read")
        else:
            if found != member:
                faults.append(f"{member.path}: was changed")
    if faults:
        raise Malformed(
            f"The backup is damaged ({faults[0]}).", "Nothing was restored. Use another backup.", tuple(faults)
        )
    return made


def restore(source: Path, target: Path, keep_keys: bool = False, report: Report = silent) -> int:
    """Make the studio in ``target`` anew from a backup; every member is checked before anything takes its place.

    Without ``keep_keys`` ``target`` is missing or empty. With it ``target`` is the present folder of the same studio:
    its key folder stays in use, so that whoever was erased since the backup stays erased, and the folder as it was
    remains beside it as ``<name>.before-restore``. Killed at any point, ``target`` is the old state, or the new one, or
    (for the moment between two renames) waits under that name. Returns how many files the backup has.
    """
    made = verify_backup(source, report)
    fresh = target.with_name(f"{TEMPORARY_PREFIX}{token_hex(8)}")
    with _vacated(target, made.studio, keep_keys) as aside:
        try:
            fresh.mkdir(parents=True, mode=0o700)
            (fresh / "keys").mkdir(mode=0o700)
            (fresh / "files").mkdir(mode=0o700)
            for path in _KEYS if keep_keys else ():
                if (target / path).exists():
                    _copied(target / path, fresh / path, path)
            for done, member in enumerate(made.members):
                report(done, len(made.members), "restore")
                if keep_keys and member.path in _KEYS:
                    continue
                if _copied(source / member.path, fresh / member.path, member.path) != member:
                    raise Malformed(f"The backup is damaged ({member.path}).", "Nothing was restored.", (member.path,))
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
    lock = FolderLock(StudioFolder(target).lock)
    try:
        yield aside
    finally:
        lock.release()


def _copied(source: Path, target: Path, path: str) -> Member:
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb", buffering=0) as reading, DurableFile(target) as writing:
        while piece := reading.read(_PIECE):
            digest.update(piece)
            writing.write(piece)
    return Member(path, writing.size, Sha256(digest.hexdigest()))


def _measured(folder: Path, path: str) -> Member:
    digest = hashlib.sha256()
    size = 0
    with (folder / path).open("rb", buffering=0) as reading:
        while piece := reading.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Member(path, size, Sha256(digest.hexdigest()))


def _not_a_backup(why: str) -> Malformed:
    return Malformed(f"The list of this backup is not as this program writes it: {why}.", "Nothing was restored.")
