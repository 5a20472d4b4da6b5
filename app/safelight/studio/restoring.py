"""Makes a studio anew from a backup, tells the keyring that this is the newest now, and notes it in the journal."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safelight.domain.errors import Malformed, SafelightError
from safelight.keys.durable import fsync_folder
from safelight.keys.keychain import keyring_may_be_here, replace_head
from safelight.storage.backup import read_backup, restore
from safelight.storage.destroyed import read_known
from safelight.studio.erasing import end_again
from safelight.studio.open_studio import OpenStudio

_NOTE = 4096
"""Bytes of the note that a restore leaves, at most."""
_KNOWN = 256 * 1024 * 1024
"""Bytes of what is known of erasures, at most."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many files were brought back; ``anchored``: the keyring, if there is one, takes the backup for the newest."""

    files: int
    anchored: bool


def why_older(studio: OpenStudio) -> SafelightError | None:
    """What to tell people who open a folder that was put back to an earlier day; None where nothing says so."""
    return studio.archive.older_than_known()


def restore_studio(source: Path, target: Path, keep_keys: bool = False, i_know: bool = False) -> Restored:
    """Bring a backup back into a new folder; every file is compared with the hash noted when it was made.

    From now on the archive is no older than the keyring of this computer knows; the next opening notes it, and erases
    again whoever is known to be erased. ``keep_keys``: in the place of the studio that is there, whose keys stay.
    ``i_know``: with keys that are older than what is known as well.
    """
    files = restore(source, target, keep_keys, i_know=i_know)
    made = read_backup(source)
    return Restored(files, replace_head(made.studio, target, made.head) if keyring_may_be_here() else True)


def note_restored(studio: OpenStudio) -> OpenStudio:
    """The studio that was just opened; that its folder was made from a backup is noted, if it was not yet."""
    folder = studio.archive.folder
    _erase_again(studio)
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


def _erase_again(studio: OpenStudio) -> None:
    """Erase whoever is known to be erased since the backup that this folder was made from; killed, it starts over."""
    folder, archive = studio.archive.folder, studio.archive
    try:
        with folder.known_erasures.open("rb") as file:
            untrusted = file.read(_KNOWN)
    except FileNotFoundError:
        return
    try:
        known = read_known(json.loads(untrusted))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(
            f"“{folder.known_erasures.name}” is not as this program writes it.", "Restore the backup again."
        ) from error
    # The keys first, and whatever the clock shows: from then on nothing of these people opens.
    archive.keys.destroy_known(known.destroyed)
    with archive.transaction(studio.now()) as writing:
        for row in known.rows:
            with suppress(Malformed):  # not of this studio's key: nothing is believed of it
                archive.erasures.take_over(writing, row)
    made = archive.erasures.list()
    for each in made:
        if each.destroyed:
            archive.keys.destroy([each.person], sorted(each.destroyed), each.portrait_at or each.asked_at)
    with archive.transaction(studio.now()) as writing:
        end_again(studio, writing, made)
        archive.finish_erasing(writing)
    folder.known_erasures.unlink(missing_ok=True)
    fsync_folder(folder.path)
