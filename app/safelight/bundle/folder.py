"""Extracts a bundle to plain files, because somebody asked for exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safelight.domain.progress import Report, silent
from safelight.keys.sealing import AgeIdentity

from .contents import OpenedBundle


def extract_to_folder(
    path: Path,
    identities: Sequence[AgeIdentity | str],
    destination: Path,
    pin: str | None,
    report: Report = silent,
) -> OpenedBundle:
    """The bundle's members as readable files in ``destination``, which must not exist yet or be empty.

    They appear all at once, after everything was checked, or not at all. Raises as
    :func:`safelight.bundle.reader.extract` does, and :class:`WrongUsage` for a folder with something in it.
    """
    ...
