"""Whoever changes the archive behind our back is found out, by name, and everything else still opens."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from safelight.domain.consent import ConsentEvent, EventKind
from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import EventId
from safelight.domain.people import Role
from safelight.keys.signing import SigningKey
from support import studio_maker as maker

SIGNERS = (maker.SIGNER.public_ssh,)


def change(studio: Any, *statements: str, hide: bool = False) -> None:
    """Run ``statements``; to ``hide`` it, make the triggers anew that were dropped on the way."""
    with sqlite3.connect(studio.folder.database) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in statements:
            connection.execute(statement)
        left = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        for name, made in triggers:
            if hide and name not in left:
                connection.execute(made)
    connection.close()


def problems(studio: Any) -> list[str]:
    studio.open()
    return list(studio.archive.check(signers=SIGNERS).problems)


SEALED = [
    ("setting", "sealed"), ("staff", "sealed"), ("recipient", "sealed"), ("session", "sealed"), ("subject", "sealed"),
    ("subject", "line"), ("photo", "sealed"), ("photo", "line"), ("picture", "thumbnail"), ("picture", "preview"),
    ("receipt", "sealed"), ("receipt", "ink"), ("notice", "text"), ("notice", "sealed"), ("validation", "sealed"),
    ("disclosure", "sealed"), ("held", "sealed"), ("attendance", "sealed"), ("consent_event", "sealed"),
    ("journal_entry", "payload"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), SEALED)
def test_a_flipped_byte_is_named(table: str, column: str, full: Any) -> None:
    with sqlite3.connect(full.folder.database) as connection:
        if table in ("consent_event", "journal_entry"):
            connection.execute(f"DROP TRIGGER {table}_no_update")
        rowid, sealed = connection.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 1").fetchone()
        place = random.Random(table + column).randrange(len(sealed))
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (broken, rowid))
    connection.close()
    found = problems(full)
    assert any(table in each for each in found), found


def test_text_where_sealed_bytes_belong_is_a_sentence_that_does_not_quote_it(full: Any) -> None:
    subject = full.archive.subjects.ids()[0] if getattr(full, "archive", None) else None
    with sqlite3.connect(full.folder.database) as connection:
        connection.execute("UPDATE subject SET sealed = CAST(sealed AS TEXT)")
        if subject is None:
            subject = connection.execute("SELECT id FROM subject LIMIT 1").fetchone()[0]
    connection.close()
    full.open()
    with pytest.raises(Malformed, match="damaged") as caught:
        full.archive.subjects.get(subject)
    assert "Could not decode" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "column"), [each for each in SEALED if each[0] not in ("notice", "consent_event", "journal_entry")]
)
def test_two_rows_whose_ciphertext_was_swapped_are_named(table: str, column: str, full: Any) -> None:
    with sqlite3.connect(full.folder.database) as connection:
        rows = connection.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 2").fetchall()
        for (rowid, _), (_, other) in zip(rows, rows[::-1], strict=True):
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (other, rowid))
    connection.close()
    found = problems(full)
    assert sum(table in each for each in found) == 2, found


def test_one_damaged_person_keeps_nobody_else_from_opening(full: Any) -> None:
    grace, ana = full.people
    change(full, f"UPDATE subject SET sealed = randomblob(200), line = randomblob(60) WHERE id = '{grace.id}'")
    archive = full.open().archive
    assert [(line.name, line.damaged) for line in archive.subjects.names()] == [("", True), ("Ana", False)]
    assert archive.subjects.get(ana.id) == ana
    with pytest.raises(Malformed, match=grace.id):
        archive.subjects.get(grace.id)
    assert len(archive.consents.receipts_of(ana.id)) == 1


def test_one_damaged_photo_keeps_no_other_from_opening(full: Any) -> None:
    guid = full.photos[0].guid
    change(full, f"UPDATE photo SET line = randomblob(60) WHERE guid = '{guid}'",
           f"DELETE FROM photo_owner WHERE photo = '{full.photos[2].guid}'")  # fmt: skip
    archive = full.open().archive
    assert [line.damaged for line in archive.photos.page(None)] == [True, False, True, False]
    assert archive.photos.get(full.photos[1].guid) == full.photos[1]
    with pytest.raises(Malformed):
        archive.photos.get(full.photos[2].guid)


SILENT_CHANGES: dict[str, str] = {
    "a photo in another session": "UPDATE photo SET session = (SELECT id FROM session ORDER BY ordinal DESC LIMIT 1)",
    "a photo on another person": "UPDATE photo_owner SET owner = (SELECT max(id) FROM subject), "
    "subject = (SELECT max(id) FROM subject) WHERE photo = (SELECT guid FROM photo ORDER BY ordinal LIMIT 1) "
    "OR photo = (SELECT guid FROM photo ORDER BY ordinal LIMIT 1 OFFSET 1)",
    "the order of people": "UPDATE photo_owner SET position = 9 - position",
    "a flag": "UPDATE photo SET flagged = 1",
    "a camera time": "UPDATE photo SET taken_at = '2020-01-01T00:00:00Z'",
    "a session's state": "UPDATE session SET state = 'closed'",
    "a receipt of another person": "UPDATE receipt SET subject = (SELECT max(id) FROM subject)",
    "a receipt without its PDF": "UPDATE receipt SET pdf = NULL",
    "a ceremony that never erases itself": "UPDATE held SET erase_at = '2099-01-01T00:00:00Z'",
    "a ceremony kept on another day": "UPDATE held SET kept_at = '2020-01-01T00:00:00Z'",
    "a ceremony of another session": "UPDATE held SET session = (SELECT id FROM session ORDER BY ordinal DESC LIMIT 1)",
    "a ceremony of another person": "UPDATE OR REPLACE held SET subject = (SELECT max(id) FROM subject)",
    "a disclosure number": "UPDATE disclosure SET sequence = sequence + 7",
    "a photo without pictures": "DELETE FROM picture",
    "a photo that is gone, its session too": "DELETE FROM session",
    "no notice": "DELETE FROM notice",
    "no status positions": "DELETE FROM status",
    "an old row": "UPDATE subject SET version = version + 1",
    "the head's signature": "UPDATE journal_head SET signature = replace(signature, 'A', 'B')",
    "the head's number": "UPDATE journal_head SET number = number - 1",
    "no signed head": "DELETE FROM journal_head",
    "no trigger": "DROP TRIGGER journal_entry_no_delete",
    "no counting": "DROP TRIGGER consent_event_changed_by_insert",
    "a weak trigger": "DROP TRIGGER consent_event_no_update",
}


@pytest.mark.parametrize("statement", SILENT_CHANGES.values(), ids=SILENT_CHANGES.keys())
def test_a_change_to_the_columns_in_clear_is_found(statement: str, full: Any) -> None:
    change(full, statement)
    assert problems(full)


@pytest.mark.parametrize("action", ["UPDATE {} SET at = '2020-01-01T00:00:00Z'", "DELETE FROM {}",
                                    "REPLACE INTO {} SELECT * FROM {} LIMIT 1"])  # fmt: skip
@pytest.mark.parametrize("table", ["journal_entry", "consent_event"])
def test_history_cannot_be_rewritten_through_sql(table: str, action: str, full: Any) -> None:
    archive = full.open().archive
    with pytest.raises(SafelightError, match="append-only"), archive.transaction(full.now) as t:
        t.connection.exec_driver_sql(action.format(table, table))
    assert archive.check(signers=SIGNERS).problems == ()


JOURNAL_FIELDS = ["at", "kind", "reference", "payload_sha256", "previous", "hash"]


@pytest.mark.parametrize("field", JOURNAL_FIELDS)
@pytest.mark.parametrize("number", [1, 4])
def test_every_field_of_the_journal_is_chained(field: str, number: int, full: Any) -> None:
    value = {"at": "2020-01-01T00:00:00Z"}.get(field, "0123456789abcdef" * 4)
    change(full, "DROP TRIGGER journal_entry_no_update",
           f"UPDATE journal_entry SET {field} = '{value}' WHERE number = {number}")  # fmt: skip
    assert any(f"ntry {number}" in each or f"ntry {number + 1}" in each for each in problems(full))


@pytest.mark.parametrize("which", ["number = 2", "number >= (SELECT max(number) FROM journal_entry)"])
def test_a_removed_entry_is_missed(which: str, full: Any) -> None:
    change(full, "DROP TRIGGER journal_entry_no_delete", f"DELETE FROM journal_entry WHERE {which}")
    assert any("ntry 2" in each or "was removed" in each for each in problems(full))


def test_a_journal_that_was_cut_is_not_signed_anew(full: Any) -> None:
    change(full, "DROP TRIGGER journal_entry_no_delete",
           "DELETE FROM journal_entry WHERE number >= (SELECT max(number) - 1 FROM journal_entry)", hide=True)
    archive = full.open().archive
    before = archive.journal.head()
    for _ in range(4):
        with pytest.raises(Malformed, match="which was signed"), archive.transaction(full.now) as t:
            archive.journal.append(t, "x", "y", b"")
            archive.journal.append(t, "x", "y", b"")
            archive.journal.append(t, "x", "y", b"")
    assert archive.journal.head() == before


def test_a_removed_event_is_missed(full: Any) -> None:
    change(full, "DROP TRIGGER consent_event_no_delete", "DELETE FROM consent_event WHERE ordinal = 1")
    assert any("has no event" in each for each in problems(full))


def test_a_removed_event_is_missed_where_others_of_its_record_are_left(full: Any) -> None:
    """The end of a yes is there and its beginning is not."""
    archive = full.open().archive
    signed = full.signings[0]
    record = signed.receipt.records[0]
    ended = ConsentEvent(
        EventId(maker.new_id()), record.id, signed.subject, record.scope, EventKind.WITHDRAWN, 2, full.now, Role.SUBJECT
    )
    with archive.transaction(full.now) as t:
        archive.consents.add_event(t, ended)
    archive.close()
    where = f"record = '{record.id}' AND sequence = 1"
    change(full, "DROP TRIGGER consent_event_no_delete", f"DELETE FROM consent_event WHERE {where}")
    assert f"An event of record {record.id} is missing (table consent_event)." in problems(full)


@pytest.mark.parametrize("what", ["a photo in another session", "a photo on another person", "a flag", "a camera time"])
def test_a_photo_put_elsewhere_is_named(what: str, full: Any) -> None:
    change(full, SILENT_CHANGES[what])
    told = " was put elsewhere than it belongs (table photo or photo_owner)."
    opened = " of the archive was changed or moved (table photo, "
    assert any(each.endswith(told) or opened in each for each in problems(full)), problems(full)


def test_the_head_is_checked_against_the_studios_keys(full: Any) -> None:
    archive = full.open().archive
    stranger = SigningKey(b"\x09" * 32).public_ssh
    assert any("does not hold" in each for each in archive.check(signers=(stranger,)).problems)
    assert archive.check(signers=(stranger, *SIGNERS)).problems == ()  # an earlier key of the studio's is enough


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "first byte": lambda data: b"\x00" + data[1:],
    "last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "cut short": lambda data: data[:-20],
    "longer": lambda data: data + b"x",
    "empty": lambda data: data[:0],
}


@pytest.mark.parametrize("how", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_changed_file_is_named(how: Callable[[bytes], bytes], full: Any) -> None:
    archive = full.open().archive
    id = archive.photos.original(full.photos[0].guid)
    path = full.path / "files" / id[:2] / f"{id}.age"
    path.write_bytes(how(path.read_bytes()))
    with pytest.raises(SafelightError, match=id):
        archive.files.read_bytes(id)
    assert [each for each in archive.check().problems if id in each]
    assert archive.files.read_bytes(archive.photos.original(full.photos[1].guid)) == b"Ana"


def test_files_that_were_exchanged_or_removed_are_named(full: Any) -> None:
    archive = full.open().archive
    second = full.photo(archive.sessions.list()[0], [full.people[0]], b"another of Grace")
    ids = [archive.photos.original(guid) for guid in (full.photos[0].guid, second.guid)]
    paths = [full.path / "files" / id[:2] / f"{id}.age" for id in ids]
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, contents[::-1], strict=True):
        path.write_bytes(content)  # both open with the same key, but neither is what its name says
    for id in ids:
        with pytest.raises(Malformed, match=id):
            archive.files.read_bytes(id)
    paths[0].unlink()
    with pytest.raises(Malformed, match="missing"):
        archive.files.read_bytes(ids[0])
    assert len([each for each in archive.check().problems if ids[0] in each or ids[1] in each]) == 2


def test_a_damaged_key_is_named_and_the_others_open(full: Any) -> None:
    grace, ana = full.people
    with sqlite3.connect(full.folder.key_store) as connection:
        connection.execute("UPDATE subject_key SET wrapped = randomblob(60) WHERE owner = ?", (grace.id,))
    connection.close()
    archive = full.open().archive
    assert archive.subjects.get(ana.id) == ana and archive.photos.get(full.photos[1].guid) == full.photos[1]
    with pytest.raises(Malformed):
        archive.subjects.get(grace.id)
    assert [line.damaged for line in archive.subjects.names()] == [True, False]
    assert any(grace.id in each for each in archive.check().problems)
    archive.close()
    with sqlite3.connect(full.folder.key_store) as connection:
        connection.execute("DELETE FROM subject_key WHERE owner = ?", (grace.id,))
    connection.close()
    archive = full.open().archive
    with pytest.raises(Malformed, match="lacks"):
        archive.subjects.get(grace.id)
    assert any(grace.id in each for each in archive.check().problems)


@pytest.mark.parametrize("seed", range(12))
def test_a_byte_changed_anywhere_in_the_database_is_found_or_harmless(seed: int, full: Any) -> None:
    path = full.folder.database
    before = path.read_bytes()
    place = random.Random(seed).randrange(len(before))
    path.write_bytes(before[:place] + bytes([before[place] ^ 0x10]) + before[place + 1 :])
    try:
        found = problems(full)
    except SafelightError:
        return
    if not found:  # only where SQLite itself says nothing is kept: unused space of a page
        with sqlite3.connect(path) as connection:
            now = list(connection.iterdump())
        connection.close()
        path.write_bytes(before)
        with sqlite3.connect(path) as connection:
            assert list(connection.iterdump()) == now
        connection.close()
