"""How much room is left on the studio's drive, and for how many frames like those of this session."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

from safelight.domain.session import Session
from safelight.keys.durable import device_failure
from safelight.studio.open_studio import OpenStudio

RENDITIONS = 64 * 1024
"""Bytes a frame takes in the rows besides its original: renditions (27 to 49 KB measured) and what is known of it."""


@dataclass(frozen=True, slots=True)
class Space:
    """``free_bytes`` this account may still write; ``frames_left`` is None while no frame tells how large they are."""

    free_bytes: int
    frames_left: int | None


def free_space(studio: OpenStudio, session: Session) -> Space:
    """By the mean frame of ``session``, or of all sessions while it has none. Raises :class:`DeviceFailure`."""
    folder = studio.archive.folder.path
    try:
        free = shutil.disk_usage(os.fspath(folder)).free
    except OSError as error:
        raise device_failure(error, folder) from error
    count, size = studio.archive.photos.sizes(session.id)
    if not count:
        count, size = studio.archive.photos.sizes()
    return Space(free, free // (size // count + RENDITIONS) if count else None)
