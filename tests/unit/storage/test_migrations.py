"""Every migration is run and compared with the tables the program uses; what is newer than the program is refused."""

from __future__ import annotations

import shutil
import sqlite3
import textwrap
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from safelight.domain.errors import CannotOpen, SafelightError
from safelight.storage.archive import Archive
from safelight.storage.database import Database
from safelight.storage.engine import ENGINE
from safelight.storage.engine.interface import Trigger
from safelight.storage.migrations import REVISIONS
from safelight.storage.schema import MIGRATIONS, bring_up_to_date, copy_before, revision_of
from safelight.storage.tables import METADATA
from safelight.storage.triggers import APPEND_ONLY, DECIDING, MOVE_ON
from support import studio_maker as maker

NEXT = textwrap.dedent(
    '''
    """A step for the test."""
    import sqlalchemy as sa
    from alembic import op
    revision, down_revision, branch_labels, depends_on = "9999", "{last}", None, None
    def upgrade() -> None:
        op.add_column("session", sa.Column("extra", sa.String(), nullable=True))
        op.execute("UPDATE session SET extra = 'moved'")
        {more}
    '''
)


def schema(path: Path) -> dict[str, str]:
    with sqlite3.connect(path) as connection:
        rows = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    connection.close()
    return rows


@pytest.fixture
def with_next(tmp_path: Path) -> Any:
    """``with_next(more)``: the migrations with one more at the end."""

    def build(more: str = "pass") -> tuple[tuple[str, ...], Path]:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        (folder / "versions" / "9999.py").write_text(NEXT.format(last=REVISIONS[-1], more=more))
        return (*REVISIONS, "9999"), folder

    return build


def test_the_list_of_revisions_is_the_chain_of_files() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(each.revision for each in reversed(list(scripts.walk_revisions()))) == REVISIONS
    assert scripts.get_heads() == [REVISIONS[-1]]


def test_the_migrations_make_the_tables_the_program_uses(studio: Any) -> None:
    with studio.archive._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert revision_of(ENGINE, connection) == REVISIONS[-1]
    made = schema(studio.folder.database)
    triggers: list[Trigger] = []
    for table in APPEND_ONLY:
        triggers += ENGINE.append_only_triggers(table)
    for table in DECIDING:
        triggers += ENGINE.change_triggers(table, MOVE_ON)
    assert {each.name: each.statements[-1] for each in triggers}.items() <= made.items()
    for table in ("photo_owner", "disclosed_photo"):
        assert "WITHOUT ROWID" in made[table]


@pytest.mark.parametrize("at", range(len(REVISIONS)))
def test_each_revision_is_reached_from_each_earlier_one(at: int, tmp_path: Path) -> None:
    database = Database(tmp_path / "a.sqlite", create=True)
    bring_up_to_date(database, REVISIONS[: at + 1])
    bring_up_to_date(database)
    database.close()
    direct = Database(tmp_path / "b.sqlite", create=True)
    bring_up_to_date(direct)
    direct.close()
    assert schema(tmp_path / "a.sqlite") == schema(tmp_path / "b.sqlite")


def test_an_upgrade_keeps_everything_and_a_copy_of_before(full: Any, with_next: Any) -> None:
    before = sqlite3.connect(full.folder.database)
    rows = list(before.iterdump())
    before.close()
    database = Database(full.folder.database)
    bring_up_to_date(database, *with_next())
    bring_up_to_date(database, *with_next())
    with database.reading() as connection:
        assert revision_of(ENGINE, connection) == "9999"
        assert set(connection.exec_driver_sql("SELECT extra FROM session").scalars()) == {"moved"}
        assert connection.exec_driver_sql("SELECT count(*) FROM photo").scalar() == 4
    database.close()
    copy = sqlite3.connect(copy_before(full.folder.database, REVISIONS[-1]))
    assert list(copy.iterdump()) == rows
    copy.close()


def test_what_a_newer_program_wrote_is_refused_untouched(full: Any, with_next: Any) -> None:
    database = Database(full.folder.database)
    bring_up_to_date(database, *with_next())
    database.close()
    before = full.folder.database.read_bytes()
    with pytest.raises(CannotOpen, match="newer Safelight"):
        Archive.open(full.folder, full.id, maker.MASTER)
    assert full.folder.database.read_bytes() == before


def test_an_upgrade_that_fails_changes_nothing(full: Any, with_next: Any) -> None:
    before = schema(full.folder.database)
    database = Database(full.folder.database)
    with pytest.raises(SafelightError):
        bring_up_to_date(database, *with_next('op.execute("INSERT INTO nowhere VALUES (1)")'))
    database.close()
    assert schema(full.folder.database) == before
    archive = full.open().archive
    assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()


def test_a_newer_key_store_is_refused(full: Any) -> None:
    with sqlite3.connect(full.folder.key_store) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(CannotOpen, match="newer Safelight"):
        full.open()
