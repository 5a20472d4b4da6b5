"""Who else on this computer could get at a folder of ours: everything in it is made for one account only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from safelight.keys.durable import device_failure

_OTHERS = 0o077


def make_private(path: Path) -> None:
    """Make an empty file at ``path`` that only this account may read, unless there is one; SQLite would not ask."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise device_failure(error, path) from error


def loose_places(folder: Path, everything: bool = False) -> tuple[str, ...]:
    """The files and folders in ``folder`` that other accounts have rights to, by their place in it (``.`` is itself).

    Without ``everything`` the many sealed files are not looked at one by one. Nothing is changed: somebody may have
    opened them to a backup program on purpose. Always empty on Windows, which says such things in another way.
    """
    if os.name != "posix":
        return ()
    return tuple(each.relative_to(folder).as_posix() for each in _places(folder, everything) if _is_loose(each))


def loose_sentence(folder: Path, loose: Iterable[str]) -> str:
    """What a person is told about them, and the command that closes them; empty when there are none."""
    places = list(loose)
    if not places:
        return ""
    named = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
    return f"Other accounts of this computer have rights to {named} in '{folder}'. To close it: chmod -R go= '{folder}'"


def _places(folder: Path, everything: bool) -> Iterator[Path]:
    yield folder
    try:
        for entry in sorted(folder.iterdir()):
            yield entry
            if entry.is_dir() and not entry.is_symlink():
                inside = entry.rglob("*") if everything else entry.glob("*")
                yield from sorted(inside)
    except OSError as error:
        raise device_failure(error, folder) from error


def _is_loose(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False  # removed since it was listed
    return not stat.S_ISLNK(mode) and bool(mode & _OTHERS)
