"""Makes a studio anew from a backup, tells the keyring that this is the newest now, and notes it in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safelight.domain.errors import SafelightError
from safelight.keys.durable import fsync_folder
from safelight.keys.keychain import keyring_may_be_here, replace_head
from safelight.storage.backup import read_backup, restore
from safelight.studio.open_studio import OpenStudio

_NOTE = 4096
"""Bytes of the note that a restore leaves, at most."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many files were brought back; ``anchored``: the keyring, if there is one, takes the backup for the newest."""

    files: int
    anchored: bool


def why_older(studio: OpenStudio) -> SafelightError | None:
    """What to tell people who open a folder that was put back to an earlier day; None where nothing says so."""
    return studio.archive.older_than_known()


def restore_studio(source: Path, target: Path) -> Restored:
    """Bring a backup back into a new folder; every file is compared with the hash noted when it was made.

    From now on the archive is no older than the keyring of this computer knows; the next opening notes it.
    """
    files = restore(source, target)
    made = read_backup(source)
    return Restored(files, replace_head(made.studio, target, made.head) if keyring_may_be_here() else True)


def note_restored(studio: OpenStudio) -> OpenStudio:
    """The studio that was just opened; that its folder was made from a backup is noted, if it was not yet."""
    folder = studio.archive.folder
    try:
        with folder.restored.open("rb") as file:
            told = file.read(_NOTE)
    except FileNotFoundError:
        return studio
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.journal.append(writing, "studio-restored", studio.identity.id, told)
    folder.restored.unlink(missing_ok=True)
    fsync_folder(folder.path)
    return studio
