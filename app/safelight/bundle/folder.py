"""Extracts a bundle to plain files, because somebody asked for exactly that."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from safelight.documents.manifest import Member
from safelight.domain.errors import WrongUsage
from safelight.domain.progress import Report, silent
from safelight.keys.durable import device_failure, fsync_folder, unfinished_name
from safelight.keys.sealing import AgeIdentity

from .contents import OpenedBundle
from .reader import extract

_PIECE = 1024 * 1024


def extract_to_folder(
    path: Path,
    identities: Sequence[AgeIdentity | str],
    destination: Path,
    pin: str | None,
    report: Report = silent,
) -> OpenedBundle:
    """The bundle's members as readable files in ``destination``, which must not exist yet or be empty.

    They appear all at once, after everything was checked, or not at all; only this account may read them. Nothing is
    acknowledged here, so single files are not forced to the device: ``sha256sum -c`` tells after a power cut. Raises as
    :func:`safelight.bundle.reader.extract` does, and :class:`WrongUsage` for a folder with something in it.
    """
    _check_free(destination)
    staging = destination.with_name(unfinished_name())
    try:
        staging.mkdir(mode=0o700)
    except OSError as error:
        raise device_failure(error, destination) from error
    try:
        opened = _extracted(path, identities, pin, staging, report)
        # An empty folder in the way is replaced; one that got something in the meantime is not.
        if destination.is_dir():
            destination.rmdir()
        staging.rename(destination)
    except OSError as error:
        raise device_failure(error, destination) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    fsync_folder(destination.parent)
    return opened


def _extracted(
    path: Path, identities: Sequence[AgeIdentity | str], pin: str | None, staging: Path, report: Report
) -> OpenedBundle:
    def take(member: Member, stream: BinaryIO) -> None:
        with _new_file(staging, member.path) as file:
            shutil.copyfileobj(stream, file, _PIECE)

    opened = extract(path, identities, pin, take, report, staging)
    for name, data in opened.files.items():
        with _new_file(staging, name) as file:
            file.write(data)
    return opened


def _check_free(destination: Path) -> None:
    try:
        taken = destination.is_symlink() or (
            destination.exists() and (not destination.is_dir() or any(destination.iterdir()))
        )
    except OSError as error:
        raise device_failure(error, destination) from error
    if taken:
        raise WrongUsage(
            f"“{destination.name}” is already there and not an empty folder.", "Nothing was touched. Name a new folder."
        )


def _new_file(staging: Path, name: str) -> BinaryIO:
    # The reader lets only checked names pass: no step up, nothing absolute, nothing twice (ustar.is_name).
    target = staging.joinpath(*name.split("/"))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(target, flags, 0o600), "wb", buffering=0)
