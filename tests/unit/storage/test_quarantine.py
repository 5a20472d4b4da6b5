"""The check deletes nothing that somebody else made look superfluous: it puts it aside and says so."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import Malformed
from safelight.storage.archive import Archive
from safelight.storage.key_store import KeyStore
from support import studio_maker as maker

SIGNERS = (maker.SIGNER.public_ssh,)


def run(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def files_of(studio: Any) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in studio.folder.files.rglob("*.age")}


def test_a_planted_note_of_destroyed_keys_erases_nobody(full: Any) -> None:
    grace = full.people[0]
    before = files_of(full)
    run(full.folder.key_store, *(
        f"INSERT INTO gone (owner, purpose, at) VALUES ('{grace.id}', '{purpose}', '2026-05-02T09:00:00Z')"
        for purpose in ("portrait", "evidence")
    ))  # fmt: skip
    archive = full.open().archive
    report = archive.check(signers=SIGNERS)
    assert report.tidied["erasures finished"] == 0 and files_of(full) == before
    assert sum("another program noted" in each and grace.id in each for each in report.problems) == 2
    assert archive.subjects.get(grace.id) == grace and archive.photos.count() == 4
    with archive.transaction(full.now) as t:  # and whoever is erased afterwards is erased all the same
        archive.erase(t, grace.id, portrait=True, evidence=True)
    assert archive.check(signers=SIGNERS).problems == ()


def test_nor_does_one_beside_keys_that_were_taken_away(full: Any) -> None:
    """Without its keys nothing of a person opens; with them, from a backup, everything does again."""
    grace = full.people[0]
    before, keys = files_of(full), full.folder.key_store.read_bytes()
    run(
        full.folder.key_store,
        f"INSERT INTO gone SELECT owner, purpose, created_at, '00' FROM subject_key WHERE owner = '{grace.id}'",
        f"DELETE FROM subject_key WHERE owner = '{grace.id}'",
    )
    archive = full.open().archive
    report = archive.check(signers=SIGNERS)
    assert report.tidied["erasures finished"] == 0 and files_of(full) == before
    assert any(grace.id in each and "missing or damaged" in each for each in report.problems)
    with pytest.raises(Malformed, match="lacks the evidence key"):
        archive.subjects.get(grace.id)
    archive.close()
    full.folder.key_store.write_bytes(keys)
    assert full.open().archive.check(signers=SIGNERS).problems == ()


def test_a_key_that_was_destroyed_and_is_there_again_is_named(full: Any) -> None:
    grace = full.people[0]
    with contextlib.closing(sqlite3.connect(full.folder.key_store)) as connection:
        rows = connection.execute("SELECT * FROM subject_key WHERE owner = ?", (grace.id,)).fetchall()
    archive = full.open().archive
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
    archive.close()
    with contextlib.closing(sqlite3.connect(full.folder.key_store)) as connection:
        connection.executemany("INSERT INTO subject_key VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
    problems = full.open().archive.check(signers=SIGNERS).problems
    assert sum("was destroyed, and was put back" in each for each in problems) == 2


def test_an_older_copy_of_the_rows_deletes_no_newer_original(full: Any) -> None:
    older = full.folder.database.read_bytes()
    full.open()
    newer = full.photo(full.archive.sessions.list()[0], [full.people[0]], b"the newest picture")
    name = f"{full.archive.photos.original(newer.guid)}.age"
    full.archive.close()
    content, rows = files_of(full)[name], full.folder.database.read_bytes()
    full.folder.database.write_bytes(older)
    report = full.open().archive.check(signers=SIGNERS)
    assert report.tidied["files nobody names"] == 1 and report.quarantined == (f"quarantine/{name}",)
    assert (full.folder.quarantine / name).read_bytes() == content
    assert full.folder.quarantine.stat().st_mode & 0o077 == 0
    again = full.archive.check(signers=SIGNERS)
    assert again.tidied["files nobody names"] == 0 and again.quarantined == report.quarantined
    full.archive.close()
    full.folder.database.write_bytes(rows)  # the right rows come back, and so does the file
    shutil.move(full.folder.quarantine / name, full.folder.files / name[:2] / name)
    assert full.open().archive.check(signers=SIGNERS).problems == ()


def test_an_older_copy_of_the_rows_costs_nobody_newer_their_key(full: Any) -> None:
    """Whoever came after that copy was made is in no row of it, and their key is younger than all it has seen."""
    older = full.folder.database.read_bytes()
    full.open()
    newer = full.subject(full.archive.sessions.list()[0], "Kim")
    full.archive.close()
    rows = full.folder.database.read_bytes()
    full.folder.database.write_bytes(older)
    archive = full.open().archive
    assert newer.id not in archive.subjects.ids()
    report = archive.check(signers=SIGNERS)
    assert report.tidied["keys nobody uses"] == 0 and report.quarantined == ()
    archive.close()
    full.folder.database.write_bytes(rows)
    assert full.open().archive.subjects.get(newer.id) == newer


def test_nothing_is_put_aside_while_rows_are_missing(full: Any) -> None:
    before = files_of(full)
    with contextlib.closing(sqlite3.connect(full.folder.database)) as connection:
        connection.execute("DELETE FROM file WHERE kind = 'photo'")
        connection.execute("DELETE FROM subject")
        connection.commit()
    archive = full.open().archive
    keys = archive.keys.names()
    report = archive.check(signers=SIGNERS)
    assert report.tidied == {} and report.quarantined == () and report.problems
    assert files_of(full) == before and archive.keys.names() == keys


def test_keys_that_are_put_aside_are_kept_wrapped(full: Any) -> None:
    archive = full.open().archive
    archive.keys.add(["11111111-1111-4111-8111-111111111111"], full.now)
    with archive.transaction(full.now):
        assert archive.keys.names()
    wrapped = {key.owner for key in archive.keys.names()}
    report = archive.check(signers=SIGNERS)
    assert report.tidied["keys nobody uses"] == 1
    (name,) = report.quarantined
    kept = json.loads((full.path / name).read_text())
    assert {each["owner"] for each in kept} == wrapped - {key.owner for key in archive.keys.names()}
    assert all(len(bytes.fromhex(each["wrapped"])) == 60 for each in kept) and len(kept) == 2


def test_a_key_store_of_before_is_believed_once(full: Any) -> None:
    grace = full.people[0]
    archive = full.open().archive
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=True)
    archive.close()
    undo = ("ALTER TABLE gone DROP COLUMN proof", "PRAGMA user_version = 1")
    run(full.folder.key_store, *undo)
    archive = full.open().archive
    assert archive.keys.gone() == {grace.id: {"portrait", "evidence"}}
    assert archive.check(signers=SIGNERS).problems == ()
    archive.close()
    run(full.folder.key_store, *undo)
    with pytest.raises(Malformed, match="older version than this studio has"):
        Archive.open(full.folder, full.id, maker.MASTER, maker.sign, digested=True)
    with pytest.raises(Malformed, match="older version"):
        KeyStore(full.folder.key_store, full.id, maker.MASTER, proven=True)
