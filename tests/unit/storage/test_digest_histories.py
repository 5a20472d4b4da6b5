"""Random histories: whatever this program writes it vouches for, and writing on makes up for nothing others did.

The statements are far wilder than the program's own: rows copied, replaced, moved and deleted in every table,
statements that fail half way, transactions that roll back. A sample in every run, ten thousand with ``--long``, and
two hundred on real folders, where the process is killed in the middle of one.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from safelight.domain.errors import Malformed
from safelight.keys.signing import verify_sshsig
from safelight.storage.archive import Archive
from safelight.storage.backup import back_up, restore
from safelight.storage.digests import WATCHED
from safelight.storage.tables import METADATA
from support import studio_maker as maker
from support.before_digests import ARCHIVE, KEY_STORE
from support.sampling import examples

MEMORY = Path("/dev/shm")
TABLES = [each for each in WATCHED if each not in ("mark", "journal_entry")]
"""Without the first nothing opens, and what is written into the other must follow from what is there."""
BATCH = 25
"""Histories a studio lives through before it is checked and begun anew."""


@pytest.fixture
def kept_in_memory(_furnished: Any) -> Iterator[Any]:
    """The furnished studio where nothing waits for a device, if there is such a place; open."""
    home = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    studio = maker.Made(home / "studio", _furnished.id)
    shutil.copytree(_furnished.path, studio.path)
    studio.open()
    yield studio
    studio.archive.close()
    shutil.rmtree(home)


def values_in(connection: sa.Connection, table: str, column: str) -> list[Any]:
    return list(connection.exec_driver_sql(f'SELECT "{column}" FROM "{table}"').scalars())


def statement(draw: random.Random, connection: sa.Connection) -> tuple[str, tuple[Any, ...]]:
    """One statement on one table, with values that are there or fresh ones."""
    table = METADATA.tables[draw.choice(TABLES)]
    columns = [each.name for each in table.c]
    column, key = draw.choice(columns), draw.choice([each.name for each in table.primary_key])
    present, keys = values_in(connection, table.name, column), values_in(connection, table.name, key)
    fresh = draw.choice([maker.new_id(), draw.randrange(10**6), draw.randbytes(40), None, "x\0y", "ü", ""])
    value = draw.choice([*present, fresh])
    which = draw.choice([*keys, fresh])
    listed = ", ".join(f'"{each}"' for each in columns)
    copied = ", ".join("?" if each in (column, key) else f'"{each}"' for each in columns)
    given = tuple(value if each == column else fresh for each in columns if each in (column, key))
    name = f'"{table.name}"'
    return draw.choice([
        (f'UPDATE {name} SET "{column}" = ? WHERE "{key}" = ?', (value, which)),
        (f'UPDATE {name} SET "{column}" = ?', (value,)),
        (f'UPDATE OR REPLACE {name} SET "{column}" = ?', (value,)),
        (f'UPDATE OR IGNORE {name} SET "{column}" = ?', (value,)),
        (f'DELETE FROM {name} WHERE "{key}" = ?', (which,)),
        (f"DELETE FROM {name}", ()),
        (f"INSERT INTO {name} ({listed}) SELECT {copied} FROM {name} LIMIT 2", given),
        (f"REPLACE INTO {name} ({listed}) SELECT {copied} FROM {name} LIMIT 2", given),
        (f"INSERT OR IGNORE INTO {name} ({listed}) SELECT {copied} FROM {name}", given),
    ])  # fmt: skip


class Undone(Exception):
    """Rolls a transaction back."""


def history(draw: random.Random, studio: Any) -> None:
    """One transaction of a few statements, some of which fail, that is kept or not."""
    archive: Archive = studio.archive
    with contextlib.suppress(Undone), archive.transaction(studio.now) as t:
        for _ in range(draw.randrange(1, 7)):
            with contextlib.suppress(sa.exc.IntegrityError):
                t.connection.exec_driver_sql(*statement(draw, t.connection))
            if draw.random() < 0.1:
                archive.rely_on(own=["status"])
        if draw.random() < 0.3:
            archive.journal.append(t, "x", "y", b"")
        if draw.random() < 0.2:
            raise Undone


def differences(archive: Archive) -> list[str]:
    assert archive._digests is not None
    with archive._database.reading() as connection:
        return [str(each) for each in archive._digests.differences(connection)]


@pytest.mark.parametrize("seed", range(examples(6, 10_000 // BATCH)))
def test_no_honest_history_raises_an_alarm(seed: int, kept_in_memory: Any) -> None:
    draw, archive = random.Random(seed), kept_in_memory.archive
    for _ in range(BATCH):
        history(draw, kept_in_memory)
        assert differences(archive) == []
    sound(kept_in_memory)
    archive.close()
    sound(kept_in_memory.open())


def sound(studio: Any) -> None:
    """Every row is vouched for, and the signature stands over it."""
    archive: Archive = studio.archive
    assert differences(archive) == []
    head = archive.journal.signed_head()
    assert head is not None
    verify_sshsig(maker.SIGNER.public_ssh, archive.journal.statement(*head[:2]), head[2], "safelight-journal")


def lives_until_it_is_killed(studio: Any, draw: random.Random) -> None:
    """A process of its own lives through histories, and ends in the middle of one."""
    ready, told = os.pipe()
    seed, later = draw.randrange(1 << 30), draw.random() * 0.08
    child = os.fork()
    if child == 0:
        try:
            histories = random.Random(seed)
            studio.open()
            while True:
                history(histories, studio)
                os.write(told, b".")
        finally:
            os._exit(1)
    os.close(told)
    assert os.read(ready, 1) == b".", "it ended by itself"
    time.sleep(later)
    os.kill(child, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    os.close(ready)


def reopened(studio: Any, _home: Path) -> None:
    """As whoever starts the program again does."""
    studio.open()


def restored(studio: Any, home: Path) -> None:
    """From a backup that was made after the crash."""
    studio.open()
    back_up(studio.archive, home / "backup", studio.now)
    studio.archive.close()
    restore(home / "backup", home / "restored")
    studio.path = home / "restored"
    studio.open()


def upgraded(studio: Any, _home: Path) -> None:
    """From what a program left that knew no digests: they are made of the rows as they are."""
    for database, statements in ((studio.folder.database, ARCHIVE), (studio.folder.key_store, KEY_STORE)):
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
            for each in statements:
                connection.execute(each)
    studio.open()


@pytest.mark.skipif(sys.platform == "win32", reason="kills a copy of this process")
@pytest.mark.parametrize("seed", range(examples(6, 200)))
def test_nor_does_one_that_was_killed_restored_or_upgraded(seed: int, full: Any, tmp_path: Path) -> None:
    draw, studio = random.Random(2_000_000 + seed), full
    for _ in range(2):
        lives_until_it_is_killed(studio, draw)
    (reopened, restored, upgraded)[seed % 3](studio, tmp_path)
    sound(studio)
    for _ in range(3):
        history(draw, studio)
    sound(studio)
    studio.archive.close()
    sound(studio.open())
    studio.archive.close()


@pytest.mark.parametrize("seed", range(examples(6, 400)))
def test_no_history_makes_up_for_an_edit_behind_its_back(seed: int, kept_in_memory: Any) -> None:
    draw, archive = random.Random(1_000_000 + seed), kept_in_memory.archive
    history(draw, kept_in_memory)
    with contextlib.closing(sqlite3.connect(kept_in_memory.folder.database, isolation_level=None)) as connection:
        query = "SELECT sql FROM sqlite_master WHERE name = 'journal_entry_no_delete'"
        (made,) = connection.execute(query).fetchone()
        connection.execute("DROP TRIGGER journal_entry_no_delete")
        connection.execute("DELETE FROM journal_entry WHERE number = 2")
        connection.execute(made)
    for _ in range(BATCH):
        with contextlib.suppress(Malformed):
            history(draw, kept_in_memory)
        assert any("journal_entry" in each for each in differences(archive))
