"""The catalogue itself: its schema, its append-only journal, what its check finds, and who may open it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from safelight.agency.founding import open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.domain.errors import CannotOpen, Malformed
from safelight.storage.catalogue_migrations import REVISIONS
from safelight.storage.catalogue_tables import APPEND_ONLY, METADATA
from safelight.storage.engine import ENGINE
from safelight.storage.schema import revision_of

USE = "use.directory"
PASSPHRASE = "four unrelated words here"


@pytest.fixture
def filled(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> OpenAgency:
    studio.deliver(tmp_path / "1.age", 1, [(shot(), [studio.receipt([USE])]) for _ in range(2)], [USE])
    import_bundle(agency, tmp_path / "1.age")
    return agency


def test_the_migrations_make_the_tables_the_program_uses(agency: OpenAgency) -> None:
    with agency.catalogue._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert revision_of(ENGINE, connection) == REVISIONS[-1]
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        made = {row[0]: row[1] for row in rows}
    for table in APPEND_ONLY:
        assert all((made[each.name],) == each.statements for each in ENGINE.append_only_triggers(table))
    assert "WITHOUT ROWID" in made["record"]


def test_the_journal_of_questions_cannot_be_edited(filled: OpenAgency, clock: Any) -> None:
    filled.catalogue.close()
    database = filled.catalogue.folder.database
    for query in ("DELETE FROM journal_entry", "UPDATE journal_entry SET kind = 'x'"):
        with sqlite3.connect(database) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(query)
        connection.close()
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_delete")
        connection.execute("DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)")
    connection.close()
    with open_agency(filled.catalogue.folder.path, PASSPHRASE, clock=clock) as again:
        problems = again.catalogue.check(signers=[again.signer.public_ssh]).problems
    assert any("trigger journal_entry_no_delete" in each for each in problems)
    assert any("something was removed" in each for each in problems)


def test_the_check_finds_what_is_missing_or_changed(filled: OpenAgency, clock: Any) -> None:
    files = sorted(filled.catalogue.folder.files.rglob("*.age"))
    data = files[0].read_bytes()
    files[0].write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert [each for each in filled.catalogue.check().problems if files[0].stem in each]
    files[0].unlink()
    assert [each for each in filled.catalogue.check().problems if "missing" in each]
    files[0].write_bytes(data)
    assert filled.catalogue.check().sound
    filled.catalogue.close()
    with sqlite3.connect(filled.catalogue.folder.database) as connection:
        connection.execute("DELETE FROM record WHERE id = (SELECT id FROM record LIMIT 1)")
    connection.close()
    with open_agency(filled.catalogue.folder.path, PASSPHRASE, clock=clock) as again:
        assert any("rests on record" in each for each in again.catalogue.check().problems)


def test_a_file_put_in_anothers_place_does_not_pass(filled: OpenAgency) -> None:
    one, two = (filled.catalogue.received.photos([each])[each] for each in filled.catalogue.received.guids())
    paths = {path.stem: path for path in filled.catalogue.folder.files.rglob("*.age")}
    paths[one.file].write_bytes(paths[two.file].read_bytes())
    with pytest.raises((Malformed, CannotOpen)):
        filled.catalogue.files.read_bytes(one.file)


def test_keys_of_another_agency_do_not_open_it(filled: OpenAgency, clock: Any) -> None:
    folder = filled.catalogue.folder
    filled.catalogue.close()
    with sqlite3.connect(folder.database) as connection:
        connection.execute("UPDATE mark SET studio = '00000000-0000-4000-8000-000000000000'")
    connection.close()
    with pytest.raises(CannotOpen, match="another agency"):
        open_agency(folder.path, PASSPHRASE, clock=clock)


def test_a_catalogue_of_a_newer_program_is_left_alone(filled: OpenAgency, clock: Any) -> None:
    folder = filled.catalogue.folder
    filled.catalogue.close()
    with sqlite3.connect(folder.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(CannotOpen, match=r"This agency .* newer"):
        open_agency(folder.path, PASSPHRASE, clock=clock)
