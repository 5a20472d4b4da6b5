"""The door to the database: what is behind it keeps its promises, and storage uses nothing of a database but the door.

Two engines show the second: one that notes every call and every statement that goes past it, and one that does all
that a database may do in its own way differently; a whole archive lives on either.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError

from safelight.domain.errors import CannotOpen, DeviceFailure, Malformed, SafelightError, WrongUsage
from safelight.storage.backup import back_up, restore
from safelight.storage.catalogue_migrations import FOLDER
from safelight.storage.catalogue_migrations import REVISIONS as CATALOGUE_REVISIONS
from safelight.storage.database import Database
from safelight.storage.engine.interface import Beginning, ChangedRow, Engine, ToldBy, Trigger
from safelight.storage.engine.several import Queue, Stations
from safelight.storage.engine.sqlite import SqliteEngine
from safelight.storage.migrations import REVISIONS
from safelight.storage.schema import MIGRATIONS, bring_up_to_date
from support import studio_maker as maker

DOOR = frozenset(Engine.__abstractmethods__)


def lived_through(path: Path) -> Any:
    """A studio in which everything happened that storage can do; open at the end."""
    made = maker.Made(path / "studio").create()
    shoot = made.session()
    made.staff()
    grace, ana = made.subject(shoot, "Grace"), made.subject(shoot, "Ana")
    photos = [made.photo(shoot, [grace]), made.photo(shoot, [grace, ana], b"both"), made.photo(shoot, [], b"nobody")]
    for person in (grace, ana):
        made.validation(made.signed(person, shoot))
        made.hold(person, shoot)
    made.disclosure(made.recipient(), photos)
    archive = made.archive
    archive.rely_on((grace.id, shoot.id), ("culling", "recipient"))
    counted = archive.changes()
    with archive.transaction(made.now) as t:
        archive.subjects.set_state(t, ana.id, "signed")
    assert archive.changes() == counted + 1
    with pytest.raises(WrongUsage), archive.transaction(made.now) as t:
        archive.sessions.add(t, shoot)  # it is there already: the database refuses
    entries = archive.journal.entries()
    assert archive.journal.entries(1) == entries[1:] != ()
    assert len(archive.subjects.names(1)) == 1
    with archive.transaction(made.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
    archive.keys.add([grace.id], made.now)
    assert archive.keys.destroy([grace.id], ["portrait", "evidence"], made.now) == 2  # noted as gone already
    assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()
    back_up(archive, path / "backup", made.now)
    archive.close()
    restore(path / "backup", path / "restored")
    made.path = path / "restored"
    made.open()
    assert made.archive.subjects.get(ana.id) == ana
    return made


# What goes past the door ---------------------------------------------------------------------------------------------


class Noting:
    """What an engine was asked for, and what was executed on its connections by anybody else."""

    def __init__(self, inner: Engine) -> None:
        self.inner = inner
        self.called: set[str] = set()
        self.made: set[str] = set()
        self.past: list[str] = []
        self._inside = 0
        methods = {name: self._noted(name) for name in DOOR}
        # Only what the door has: whoever reaches for anything else gets an AttributeError.
        self.engine: Engine = type("NotingEngine", (Engine,), methods | {"driver_error": inner.driver_error})()

    def _noted(self, name: str) -> Callable[..., Any]:
        def method(_engine: Engine, *given: Any) -> Any:
            self.called.add(name)
            self._inside += 1
            try:
                answer = getattr(self.inner, name)(*given)
                if inspect.isgenerator(answer):
                    answer = iter(list(answer))
            finally:
                self._inside -= 1
            if isinstance(answer, sa.Engine):
                sa.event.listen(answer, "before_cursor_execute", self._executed)
            elif isinstance(answer, sa.Insert):
                self.made.add(str(answer).split(" (")[0])
            elif name.endswith("_triggers"):
                self.made |= {statement for trigger in answer for statement in trigger.statements}
            return answer

        return method

    def _executed(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not self._inside and not any(statement.startswith(each) for each in self.made):
            self.past.append(" ".join(statement.split()))


PLAIN = re.compile(
    r"(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|CREATE INDEX|ALTER TABLE \w+ ADD COLUMN) .*"
    r"|BEGIN|BEGIN IMMEDIATE"  # how the engine's own connections begin
    r'|PRAGMA (main|temp)\.table_info\("\w+"\)'  # how SQLAlchemy asks whether a table is there
)
DIALECT = re.compile(r"sqlite_|PRAGMA (?!main\.table_|temp\.table_)|\bOR (IGNORE|REPLACE)\b|VACUUM|TRIGGER")


def test_storage_uses_the_door_and_nothing_past_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noting = Noting(SqliteEngine())
    monkeypatch.setattr("safelight.storage.engine.ENGINE", noting.engine)
    lived_through(tmp_path).archive.close()
    assert noting.called == DOOR, "something of the door is never used"
    assert [each for each in noting.past if not PLAIN.fullmatch(each) or DIALECT.search(each)] == []
    assert len(noting.past) > 200


def test_what_goes_past_the_door_is_noted(tmp_path: Path) -> None:
    noting = Noting(SqliteEngine())
    database = Database(tmp_path / "a.sqlite", create=True, engine=noting.engine)
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA user_version")
        connection.exec_driver_sql("SELECT sql FROM sqlite_master")
    database.close()
    assert [each for each in noting.past if DIALECT.search(each)] == noting.past[-2:]
    with pytest.raises(AttributeError):
        _ = noting.engine.pragmas  # type: ignore[attr-defined]


# Another engine ------------------------------------------------------------------------------------------------------


class OtherEngine(Engine):
    """Keeps every promise of the door, and nothing that SQLite's engine does besides: other names, other statements.

    The rows still lie in a file, so that no server is needed.
    """

    driver_error = sqlite3.Error

    def __init__(self) -> None:
        self._file = SqliteEngine()
        self.compacted = 0
        self.noted: list[ChangedRow] = []

    def readers(self, path: Path) -> sa.Engine:
        return self._file.readers(path)

    def writers(self, path: Path, create: bool) -> sa.Engine:
        writers = self._file.writers(path, create)
        sa.event.listen(writers, "rollback", lambda _connection: self.noted.clear())
        return writers

    def queue(self, path: Path) -> Queue:
        return self._file.queue(path)

    def stations(self, path: Path, command: str) -> Stations:
        return self._file.stations(path, command)

    def recover(self, writer: sa.Connection) -> None:
        writer.execute(sa.select(1))

    def compact(self, writer: sa.Connection) -> None:
        self.compacted += 1

    def copy_to(self, reader: sa.Connection, target: Path, durable: bool = True) -> None:
        raw = reader.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        with sqlite3.connect(target) as copy:
            copy.executescript("\n".join(raw.iterdump()))
        copy.close()

    def sentence(self, error: Exception, name: str) -> SafelightError | None:
        return WrongUsage(f"The other engine does not take this ({type(error).__name__}).")

    def is_device_fault(self, error: Exception) -> bool:
        return False

    def has_table(self, connection: sa.Connection, table: str) -> bool:
        return sa.inspect(connection).has_table(table)

    def stored_format(self, connection: sa.Connection) -> int:
        return int(connection.exec_driver_sql("SELECT number FROM format").scalar_one())

    def store_format(self, connection: sa.Connection, number: int) -> None:
        connection.exec_driver_sql("CREATE TABLE format AS SELECT ? AS number", (number,))

    def append_only_triggers(self, table: str) -> tuple[Trigger, ...]:
        refuse = "SELECT RAISE(FAIL, 'not here')"
        actions = ("delete", "update")
        return tuple(_trigger(f"{each}_of_{table}", f"BEFORE {each}", table, refuse) for each in actions)

    def change_triggers(self, table: str, statement: str) -> tuple[Trigger, ...]:
        actions = ("delete", "insert", "update")
        return tuple(_trigger(f"count_{each}_of_{table}", f"AFTER {each}", table, statement) for each in actions)

    def altered(self, connection: sa.Connection, triggers: Iterable[Trigger]) -> list[Trigger]:
        found = set(connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").scalars())
        return [each for each in triggers if each.name not in found]

    def schema(self, connection: sa.Connection) -> dict[str, str]:
        rows = connection.exec_driver_sql("SELECT name, coalesce(sql, '') FROM sqlite_schema")
        return {name: sql for name, sql in rows}  # noqa: C416 - mypy takes no rows for pairs

    def rows(
        self, connection: sa.Connection, table: str, told_by: ToldBy, values: Sequence[str] | None = None
    ) -> Iterator[tuple[str | None, str]]:
        names = _names(connection, table)
        for row in connection.exec_driver_sql(f'SELECT {names} FROM "{table}"').mappings():
            part = None
            if isinstance(told_by, Beginning):
                part = row[told_by.column][: told_by.length]
            elif told_by is not None:
                part = row[told_by]
            if values is None or part in values:
                yield part, repr([*row.values()])

    def watch_rows(self, writer: sa.Connection, tables: Mapping[str, ToldBy]) -> None:
        def note(table: str, part: str | None, sign: int, *row: Any) -> None:
            self.noted.append(ChangedRow(table, part, sign, repr([*row])))

        writer.rollback()
        raw = writer.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.create_function("note", -1, note)
        for table, told_by in tables.items():
            column = told_by.column if isinstance(told_by, Beginning) else told_by
            assert column is told_by, "no catalogue is opened with this engine"
            for action, sides in (("DELETE", ["OLD"]), ("INSERT", ["NEW"]), ("UPDATE", ["NEW", "OLD"])):
                made = "".join(
                    f"SELECT note('{table}', {f'{side}.{column}' if column else 'NULL'}, {1 if side == 'NEW' else -1}, "
                    f"{_names(writer, table, f'{side}.')}); "
                    for side in sides
                )
                writer.rollback()
                raw.execute(f'CREATE TEMP TRIGGER "{action} of {table}" AFTER {action} ON "{table}" BEGIN {made} END')

    def changed_rows(self, writer: sa.Connection) -> list[ChangedRow]:
        found, self.noted = self.noted, []
        return found

    def others_wrote(self, connection: sa.Connection) -> int:
        return self._file.others_wrote(connection)

    def is_indexed_right(self, connection: sa.Connection, table: str) -> bool:
        return self._file.is_indexed_right(connection, table)

    def insert_if_absent(self, table: sa.Table) -> sa.Insert:
        return sqlite_insert(table).on_conflict_do_nothing()

    def insert_or_replace(self, table: sa.Table) -> sa.Insert:
        made = sqlite_insert(table)
        keys = [each.name for each in table.primary_key]
        rest = {each.name: made.excluded[each.name] for each in table.c if each.name not in keys}
        return made.on_conflict_do_update(index_elements=keys, set_=rest)

    def faults(self, connection: sa.Connection, name: str) -> Iterator[str]:
        if connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
            yield f"{name} is broken, says the other engine."


def _names(connection: sa.Connection, table: str, before: str = "") -> str:
    return ", ".join(sorted(f"{before}{each['name']}" for each in sa.inspect(connection).get_columns(table)))


def _trigger(name: str, when: str, table: str, statement: str) -> Trigger:
    making = f"CREATE TRIGGER {name} {when} ON {table} WHEN true BEGIN {statement}; END"
    return Trigger(name, table, (f"DROP TRIGGER IF EXISTS {name}", making))


def test_a_whole_archive_lives_on_another_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = OtherEngine()
    monkeypatch.setattr("safelight.storage.engine.ENGINE", other)
    made = lived_through(tmp_path)
    assert other.compacted == 2
    for query in ("DELETE FROM journal_entry", "UPDATE consent_event SET at = 'x'"):
        with pytest.raises(WrongUsage, match="other engine"), made.archive._database.writing() as connection:
            connection.exec_driver_sql(query)
    made.archive.close()
    with sqlite3.connect(made.folder.database) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        connection.execute("DROP TRIGGER delete_of_journal_entry")
        connection.execute("DROP TRIGGER count_insert_of_photo")
    connection.close()
    assert len(names) == 43 and not any("_no_" in name or "_changed_by_" in name for name in names)
    problems = made.open().archive.check(signers=(maker.SIGNER.public_ssh,)).problems
    assert [each.split()[3] for each in problems] == ["delete_of_journal_entry", "count_insert_of_photo"]
    made.archive.close()
    with sqlite3.connect(made.folder.key_store) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        connection.execute("UPDATE format SET number = 3")
    connection.close()
    with pytest.raises(CannotOpen, match="newer Safelight"):
        made.open()


# SQLite --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "kind", "said"),
    [
        (sqlite3.SQLITE_FULL, "database or disk is full", DeviceFailure, "The disk is full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error", DeviceFailure, "reported an error"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "readonly database", DeviceFailure, "could not be opened for writing"),
        (sqlite3.SQLITE_CANTOPEN, "unable to open", DeviceFailure, "could not be opened for writing"),
        (sqlite3.SQLITE_PERM, "access denied", DeviceFailure, "could not be opened for writing"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked", CannotOpen, "Another program holds"),
        (sqlite3.SQLITE_LOCKED, "table is locked", CannotOpen, "Another program holds"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "malformed", Malformed, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "not a database", Malformed, "is damaged"),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, "consent_event is append-only", WrongUsage, "append-only"),
        (sqlite3.SQLITE_ERROR, "no such column: photo.ink", Malformed, "not as this program made it"),
        (0, "Could not decode to UTF-8 column 'sealed' with text 'Grace'", Malformed, "text where sealed bytes belong"),
    ],
)
def test_what_sqlite_says_becomes_two_sentences(code: int, text: str, kind: type[SafelightError], said: str) -> None:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    spoken = SqliteEngine().sentence(error, "archive.sqlite")
    assert type(spoken) is kind and said in spoken.title and spoken.hint and "Grace" not in spoken.title
    assert SqliteEngine().is_device_fault(error) is (code == sqlite3.SQLITE_IOERR_FSYNC)


def test_a_fault_of_the_program_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    assert SqliteEngine().sentence(sqlite3.ProgrammingError("near SELEC: syntax error"), "a") is None
    database = Database(tmp_path / "a.sqlite", create=True)
    with pytest.raises(OperationalError), database.reading() as connection:
        connection.exec_driver_sql("SELEC 1")
    database.close()


def test_sqlite_keeps_the_promises_of_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safelight.storage.engine.sqlite.BUSY_MILLISECONDS", 20)
    monkeypatch.setattr("safelight.storage.database.PATIENCE", 0.05)
    path = tmp_path / "a.sqlite"
    one = Database(path, create=True)
    two = Database(path)
    with one.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b INTEGER PRIMARY KEY)")
        with pytest.raises(CannotOpen, match="Another Safelight has been writing"), two.writing():
            pass
        with two.engine.writers(path, create=False).connect() as stranger:  # who does not stand in the queue
            with pytest.raises(OperationalError) as caught:
                stranger.begin()
        assert caught.value.orig is not None
        said = one.engine.sentence(caught.value.orig, "a.sqlite")
        assert isinstance(said, CannotOpen) and said.title.startswith("Another program holds")
        with two.reading() as other:
            assert not one.engine.has_table(other, "a")
    with one.reading() as connection:
        assert one.engine.has_table(connection, "a") and not one.engine.has_table(connection, "sqlite_autoindex_a_1")
        assert one.engine.stored_format(connection) == 0
    with pytest.raises(DeviceFailure), one.reading() as connection:
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
    with pytest.raises(DeviceFailure), one.still():
        one.copy_to(tmp_path / "nowhere" / "copy.sqlite")
    with one.still():
        one.copy_to(tmp_path / "copy.sqlite")
    for made in (path, tmp_path / "copy.sqlite"):
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    one.close()
    two.close()


SCHEMAS = {
    ("archive", "0001"): "febcb7381050721574b3a4c8072765afc90d8629b1515e67327f38f4b7d3132e",
    ("archive", "0002"): "8f745868f687c63a95a2235b4737fbfb4bd1aee6d1e67f1ff1bd026464fb02d6",
    ("archive", "0003"): "a826777fe6f6b4d8048cb86a761782f4ea418ad8e3dfbc10712ea40dae8008cb",
    ("archive", "0004"): "314708a2b9ec31d1cec4b9e8bac1efcaa24d4b8661fa30f88400b6a884a44f5b",
    ("archive", "0005"): "e6cda04de04d4dcca1204c6be7be8c9a458672674853e67ea85c270e05662fea",
    ("archive", "0006"): "74c78d12d338fad653b8cff563225353a188c8f2ded0b4567636f282aaa5fad1",
    ("archive", "0007"): "07f6dca7435bbe67adea381066a01e7fd3bb73af4880b90a974275938224bc14",
    ("catalogue", "0001"): "ef19cfbf3de30388fe34a3b2e508a9fe216cfc85aa04ee8f857d0c3585e15e5a",
    ("catalogue", "0002"): "fd3c32eb4bc4018f4e011c8bb297be301e113add3ef56e396ea9558ee77b8fa0",
    ("catalogue", "0003"): "accdcc62e0549228723f2eec26f9c1508f73e9ae2bbba4f2a233bdd85823e66e",
    ("catalogue", "0004"): "1d10de1ed0427fbae0e8361af8193e5d18f401e4529af1e6f964c3cf3dbb14ba",
}
"""The hash of every statement of the schema as each revision first made it: studios out there have exactly that."""


def test_every_revision_is_pinned() -> None:
    made = [("archive", each) for each in REVISIONS] + [("catalogue", each) for each in CATALOGUE_REVISIONS]
    assert list(SCHEMAS) == made, "a new revision adds its hash, which the next test prints; the others stay"


@pytest.mark.parametrize(("what", "revision"), SCHEMAS)
def test_a_migration_makes_on_sqlite_what_it_always_made(what: str, revision: str, tmp_path: Path) -> None:
    revisions, folder = (REVISIONS, MIGRATIONS) if what == "archive" else (CATALOGUE_REVISIONS, FOLDER)
    database = Database(tmp_path / "a.sqlite", create=True)
    bring_up_to_date(database, revisions[: revisions.index(revision) + 1], folder)
    with database.reading() as connection:
        made = [str(sql) for sql in connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").scalars()]
    database.close()
    assert hashlib.sha256("\n".join(made).encode()).hexdigest() == SCHEMAS[what, revision]


def test_a_statement_is_compiled_once_for_everybody_who_asks(tmp_path: Path) -> None:
    """Readers, writers and another database; the answers are of the database that was asked."""
    asked = sa.select(sa.literal(1).label("by_nobody_else"), sa.text("n")).select_from(sa.table("numbers"))
    hits = []
    for number, name in enumerate(("one", "two")):
        writers = SqliteEngine().writers(tmp_path / name, create=True)
        with writers.begin() as writing:
            writing.exec_driver_sql("CREATE TABLE numbers (n)")
            writing.exec_driver_sql("INSERT INTO numbers VALUES (?)", (number,))
        readers = SqliteEngine().readers(tmp_path / name)
        for pool in (writers, readers):
            with pool.connect() as connection:
                told = connection.execute(asked)
                hits.append(told.context.cache_hit.name)
                assert told.all() == [(1, number)]
            pool.dispose()
    assert hits == ["CACHE_MISS", "CACHE_HIT", "CACHE_HIT", "CACHE_HIT"]
