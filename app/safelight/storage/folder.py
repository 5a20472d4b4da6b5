"""The folder of one studio: what lies where in it, how it is made, and how it says whose it is."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import CannotOpen, Malformed, WrongUsage
from safelight.domain.ids import OrganisationId, StudioId, is_uuid4
from safelight.keys.durable import device_failure, durable_write, fsync_folder

_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class StudioFolder:
    """The named places inside a studio's folder; nothing is touched by making one."""

    format: ClassVar[str] = "safelight-studio/1"
    noun: ClassVar[str] = "studio"

    path: Path

    @property
    def identity(self) -> Path:
        """``studio.json``: the public id of the studio and when it was made."""
        return self.path / "studio.json"

    @property
    def unfinished(self) -> Path:
        """Lies there from the first step of making a studio until its first transaction is durable."""
        return self.path / "unfinished"

    @property
    def restored(self) -> Path:
        """Lies there from a restore until the next opening, which notes it in the journal and takes it away."""
        return self.path / "restored.json"

    @property
    def known_erasures(self) -> Path:
        """Lies there from a restore until the next opening, which erases again whoever it says was erased."""
        return self.path / "erased.json"

    @property
    def lock(self) -> Path:
        """What the system's lock is taken on."""
        return self.path / "lock"

    @property
    def database(self) -> Path:
        """The rows."""
        return self.path / "archive.sqlite"

    @property
    def keys(self) -> Path:
        """The folder of everything that opens something."""
        return self.path / "keys"

    @property
    def master(self) -> Path:
        """The wrapped master key."""
        return self.keys / "master.json"

    @property
    def secrets(self) -> Path:
        """The studio's own sealed keys."""
        return self.keys / "studio.sealed"

    @property
    def key_store(self) -> Path:
        """The wrapped keys of the subjects, apart from the rows, so that an old backup of rows revives nobody."""
        return self.keys / "subjects.sqlite"

    @property
    def files(self) -> Path:
        """The sealed files, each under the hash of its ciphertext."""
        return self.path / "files"

    @property
    def quarantine(self) -> Path:
        """What the check found and no row names: sealed files and wrapped keys, for somebody to look at."""
        return self.path / "quarantine"


def create_folder(
    path: Path, owner: OrganisationId, now: datetime, places: type[StudioFolder] = StudioFolder
) -> StudioFolder:
    """Make the folder of a new studio (or what ``places`` describes) at ``path`` (missing or empty), durably.

    What an interrupted earlier attempt left there is cleared away first: until the first transaction of the new
    archive is durable a marker says that nothing in the folder was ever acknowledged.
    """
    folder = places(path)
    try:
        if folder.unfinished.exists():
            _clear(folder)
        elif path.exists() and any(path.iterdir()):
            taken = f"is a {folder.noun} already" if folder.identity.exists() else "is not empty"
            raise WrongUsage(f"The folder “{path.name}” {taken}.", "Nothing was changed. Choose an empty folder.")
        new = _missing_parents(path)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for parent in new:
            fsync_folder(parent)
        told = f"This {folder.noun} is being made; nothing in it is acknowledged yet.\n"
        durable_write(folder.unfinished, told.encode())
        folder.keys.mkdir(mode=0o700)
        folder.files.mkdir(mode=0o700)
    except OSError as error:
        raise device_failure(error, path) from error
    content = {"format": folder.format, "id": owner, "created_at": rfc3339(now)}
    durable_write(folder.identity, canonical(content) + b"\n")
    return folder


def finish_folder(folder: StudioFolder) -> None:
    """Take the marker away, durably; from now on the studio counts."""
    try:
        os.unlink(folder.unfinished)
    except FileNotFoundError:
        return
    except OSError as error:
        raise device_failure(error, folder.unfinished) from error
    fsync_folder(folder.path)


def read_identity(path: Path) -> tuple[StudioId, datetime]:
    """The id of the studio in ``path`` and when it was made; :class:`CannotOpen` if there is none."""
    id, created_at = identity_in(StudioFolder(path))
    return StudioId(id), created_at


def identity_in(folder: StudioFolder) -> tuple[str, datetime]:
    """The id in a folder and when it was made; what it is an id of, the folder's own kind says."""
    path = folder.path
    noun = folder.noun
    try:
        with folder.identity.open("rb") as file:
            untrusted = file.read(_LARGEST)
    except OSError as error:
        raise CannotOpen(
            f"There is no {noun} in “{path.name}”.",
            f"Nothing was changed. Name a folder that has one, or make one with “{noun} init”.",
        ) from error
    if folder.unfinished.exists():
        raise CannotOpen(
            f"The {noun} in “{path.name}” was never finished being made.",
            f"Nothing in it was acknowledged. Make it again with “{noun} init”.",
        )
    try:
        content = json.loads(untrusted)
        if content["format"] != folder.format:
            raise CannotOpen(f"This {noun} was made by a version this program does not know.", "Use a newer Safelight.")
        if not is_uuid4(content["id"]):
            raise ValueError("not an id")
        return str(content["id"]), parse_time(content["created_at"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Malformed(
            f"“{folder.identity.name}” is not readable.",
            f"Nothing was changed. Restore it from a backup of this {noun}.",
        ) from error


def _missing_parents(path: Path) -> list[Path]:
    """The folders that get a new name in them when ``path`` is made, outermost first."""
    touched = []
    current = path.absolute()
    while not current.exists() and current.parent != current:
        current = current.parent
        touched.append(current)
    return touched[::-1]


def _clear(folder: StudioFolder) -> None:
    for entry in folder.path.iterdir():
        if entry.name in (folder.unfinished.name, folder.lock.name):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
