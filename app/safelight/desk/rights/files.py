"""Reads a file somebody chose, no more of it than there can be, and writes new ones; nothing is written over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safelight.desk.settings.reading import write_file
from safelight.domain.errors import DeviceFailure, WrongUsage


def read_file(path: Path, most: int) -> bytes:
    """At most ``most`` bytes; raises :class:`WrongUsage` or :class:`DeviceFailure`."""
    if not path.is_file():  # a pipe never ends
        raise WrongUsage(f"“{path.name}” is no file.", "Nothing was taken in. The signature lies beside the answer.")
    try:
        with path.open("rb") as file:
            untrusted = file.read(most + 1)
    except OSError as error:
        raise DeviceFailure(f"“{path.name}” cannot be read ({error.strerror}).", "Choose another file.") from error
    if len(untrusted) > most:
        raise WrongUsage(f"“{path.name}” is too large.", "Nothing was taken in. Choose another file.")
    return untrusted


def write_new(folder: Path, files: Mapping[str, bytes]) -> str:
    """Write ``files`` into ``folder``, and name them; :class:`WrongUsage`, and none, if one is there already."""
    for name in files:
        if (folder / name).exists():
            raise WrongUsage(f"'{name}' exists already.", "Nothing was written. Choose another folder.")
    for name, content in files.items():
        write_file(folder / name, content)
    return ", ".join(files)
