"""Writes what somebody takes home, such as a report or a sheet of cards, where they chose."""

from __future__ import annotations

from pathlib import Path

from safelight.domain.errors import WrongUsage
from safelight.keys.durable import durable_write


def save_file(path: Path, data: bytes) -> None:
    """Write ``data`` durably to ``path``; a file that is there is replaced, whoever chose it was asked.

    Raises :class:`WrongUsage` when there is no such folder, :class:`DeviceFailure` when the disk fails; a file of
    before is whole then.
    """
    if not path.parent.is_dir():
        raise WrongUsage(f"There is no folder '{path.parent}'.", "Nothing was written; choose another one.")
    durable_write(path, data)
