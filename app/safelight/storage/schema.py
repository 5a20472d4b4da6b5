"""Brings the archive's schema to the newest revision, after a copy was put aside; refuses what is newer than itself."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from safelight.domain.errors import CannotOpen, DeviceFailure
from safelight.keys.durable import TEMPORARY_PREFIX, device_failure, fsync_folder
from safelight.storage.database import Database
from safelight.storage.engine.interface import Engine
from safelight.storage.migrations import REVISIONS

MIGRATIONS = Path(__file__).parent / "migrations"


def copy_before(database: Path, revision: str) -> Path:
    """Where the copy of a database lies that was made before it left ``revision``."""
    return database.with_name(f"{database.stem}.before-upgrade-from-{revision}{database.suffix}")


Upgrading = Callable[[Connection, str], AbstractContextManager[None]]
"""What is done before and after the migrations of a database that is at this revision, in their transaction."""


def bring_up_to_date(
    database: Database,
    revisions: tuple[str, ...] = REVISIONS,
    migrations: Path = MIGRATIONS,
    upgrading: Upgrading | None = None,
    alone: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
) -> None:
    """Run the missing migrations in one transaction; nothing happens when there are none.

    A database that already holds rows is copied first (:func:`copy_before`). Killed at any point, the database is at
    the old revision or the new one. All of it happens inside ``alone``. Raises :class:`CannotOpen` when it was written
    by a newer program.
    """
    with database.reading() as connection:
        if revision_of(database.engine, connection) == revisions[-1]:
            return
    with alone():
        _bring_up_to_date(database, revisions, migrations, upgrading)


def _bring_up_to_date(
    database: Database, revisions: tuple[str, ...], migrations: Path, upgrading: Upgrading | None
) -> None:
    with database.still() as connection:
        present = revision_of(database.engine, connection)
    if present == revisions[-1]:
        return  # another program did it a moment ago
    if present is not None:
        if present not in revisions:
            raise CannotOpen(
                "This studio was last opened by a newer Safelight.",
                "Nothing was changed. Install the newer version here, or restore a backup made by this one.",
            )
        _put_copy_aside(database, present)
    # Imported here: needed once per upgrade, and slow to load.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with contextlib.ExitStack() as around:
        connection = around.enter_context(database.writing())
        if present is not None and upgrading is not None:
            around.enter_context(upgrading(connection, present))
        config.attributes["connection"] = connection
        config.attributes["engine"] = database.engine
        command.upgrade(config, revisions[-1])


def revision_of(engine: Engine, connection: Connection) -> str | None:
    """The revision a database says it is at; None for an empty one."""
    if not engine.has_table(connection, "alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def schema_faults(
    database: Database, connection: Connection, migrate: Callable[[Database], None] = bring_up_to_date
) -> Iterator[str]:
    """What of the schema is not as ``migrate`` makes it, one sentence each; it says what it is and its name."""
    with TemporaryDirectory() as folder:
        scratch = Database(Path(folder) / database.path.name, create=True, engine=database.engine)
        try:
            migrate(scratch)
            with scratch.reading() as fresh:
                made = database.engine.schema(fresh)
        finally:
            scratch.close()
    here = database.engine.schema(connection)
    for name in sorted(made.keys() | here.keys()):
        if here.get(name) != made.get(name):
            verb = "put in" if name not in made else "removed" if name not in here else "changed"
            yield f"{database.path.name}: the {name} was {verb} by another program."


def _put_copy_aside(database: Database, present: str) -> None:
    target = copy_before(database.path, present)
    unfinished = target.with_name(f"{TEMPORARY_PREFIX}{target.name}")
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(unfinished)
        with database.still():
            database.copy_to(unfinished)
        # The copy is on the device; its name still needs the folder.
        os.replace(unfinished, target)
    except DeviceFailure:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
    except OSError as error:
        raise device_failure(error, target) from error
    fsync_folder(target.parent)
