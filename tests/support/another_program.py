"""What somebody without the key does to the rows and the folder of a studio whose program is closed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from support.shoot import Shoot
from support.without_key import edited


@contextlib.contextmanager
def behind(shoot: Shoot) -> Iterator[sqlite3.Connection]:
    """The database of the studio, closed for as long, in the hands of somebody without the key."""
    shoot.studio.archive.close()
    with edited(shoot.folder / "archive.sqlite") as connection:
        yield connection
    shoot.reopen()


def as_of_now(shoot: Shoot) -> Path:
    """A copy of the database that somebody may put back rows from."""
    copy = shoot.scratch / "before.sqlite"
    shutil.copyfile(shoot.folder / "archive.sqlite", copy)
    return copy


def whole_folder(shoot: Shoot, name: str = "earlier") -> Path:
    """A copy of the studio's folder that somebody may put back."""
    shoot.studio.archive.close()
    copy = shoot.scratch.parent / name
    shutil.copytree(shoot.folder, copy)
    shoot.reopen()
    return copy


def put_back(shoot: Shoot, copy: Path) -> None:
    """The studio's folder is the ``copy`` again."""
    shoot.studio.archive.close()
    shutil.rmtree(shoot.folder)
    shutil.copytree(copy, shoot.folder)
    shoot.reopen()
