"""Reads a file somebody chose: a real one, and no more of it than there can be."""

from __future__ import annotations

from pathlib import Path

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
