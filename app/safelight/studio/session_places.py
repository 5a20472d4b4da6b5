"""Where the pictures of a session come from: the folder that is watched for it, remembered with the studio."""

from __future__ import annotations

from pathlib import Path

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import SessionId
from safelight.studio.open_studio import OpenStudio

_HOT_FOLDER = "hot-folder:"
"""Setting, with the id of the session behind it: a path often names a client, so it is sealed like all settings."""


def hot_folder_of(studio: OpenStudio, session: SessionId) -> Path | None:
    """The folder that is watched for a session; None when none was chosen. It need not be there just now."""
    kept = studio.archive.studio.setting(_HOT_FOLDER + session)
    return Path(kept) if kept else None


def set_hot_folder(studio: OpenStudio, session: SessionId, folder: Path | None) -> tuple[Path | None, Changes]:
    """Watch ``folder`` for a session from now on, or none (None); nothing is read or written there.

    Raises WrongUsage for what is no folder, for the studio's own, and for an unknown session.
    """
    wanted = None if folder is None else folder.resolve()
    if wanted is not None:
        if not wanted.is_dir():
            raise WrongUsage("That is not a folder.", "Nothing was changed. Name the one the camera software fills.")
        if wanted == studio.archive.folder.path or studio.archive.folder.path in wanted.parents:
            raise WrongUsage("That is where the studio itself is kept.", "Nothing was changed. Name another folder.")
    name = _HOT_FOLDER + session
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.sessions.get(session)
        if studio.archive.studio.setting(name) == (None if wanted is None else str(wanted)):
            return wanted, Changes.NONE
        studio.archive.studio.set_setting(writing, name, None if wanted is None else str(wanted))
    return wanted, Changes.SESSIONS
