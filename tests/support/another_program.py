"""What somebody without the key does to the rows of a studio whose program is closed."""

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
