"""Unpacks tar archives of our own on every Python that is supported."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def unpack(archive: tarfile.TarFile, folder: Path, members: Iterable[tarfile.TarInfo] | None = None) -> None:
    """All of ``archive`` (or just ``members``) into ``folder``."""
    # Python has the filter from 3.11.4 on, and asks for it from 3.12 on.
    safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    archive.extractall(folder, members, **safely)
