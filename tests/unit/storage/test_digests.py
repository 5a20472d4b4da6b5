"""What somebody without the key does to the rows is found, whatever it is; what the program does never is."""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from safelight.documents.jcs import sha256_hex
from safelight.domain.cameras import Camera
from safelight.domain.culling import Culling
from safelight.domain.errors import CannotOpen, Malformed, SafelightError
from safelight.domain.session import SessionState
from safelight.storage import checking
from safelight.storage.archive import Archive
from safelight.storage.checking import unvouched_rows
from safelight.storage.digests import WATCHED, Difference, Untrue
from safelight.storage.tables import METADATA, UNWATCHED
from support import studio_maker as maker
from support.before_digests import ARCHIVE
from support.rights_rows import fill, rights_rows
from support.row_edits import RowEdits, kinds_of_edit
from support.without_key import copied_over, edited

SIGNERS = (maker.SIGNER.public_ssh,)
PLACE, CAMERA = "0a1b2c3d-0000-4000-8000-00000000000a", "ca" * 32


def worked_on(studio: Any, turn: int) -> None:
    """A transaction that writes into every table that is ever written again, another thing in each ``turn``."""
    archive = studio.archive
    shoot, (grace, ana) = archive.sessions.list()[0], studio.people
    with archive.transaction(studio.now) as t:
        archive.studio.set_setting(t, "withdraw_at", f"x{turn}")
        archive.staff.put(t, replace(archive.staff.list()[0], name=f"Ada {turn}"))
        for who in studio.recipients:
            archive.recipients.put(t, who, b'{"the":"card %d"}' % turn, None)
        archive.sessions.put(t, replace(shoot, state=(SessionState.OPEN, SessionState.CLOSED)[turn % 2]))
        archive.subjects.set_state(t, grace.id, ("signed", "left")[turn % 2])
        for photo in studio.photos:
            archive.culling.put(t, photo.guid, Culling(rating=1 + turn))
        archive.photos.put(t, replace(studio.photos[0], flagged=bool(turn % 2)))
        archive.source_marks.remember(t, shoot.id, {f"{turn}" * 64: None, f"{turn + 5}" * 64: studio.photos[0].guid})
        for session in archive.sessions.list():
            archive.cameras.put(t, session.id, CAMERA, Camera(f"Camera {turn}"))
        for person in (grace, ana):
            archive.seats.put(t, person.id, shoot.id, maker.new_id())
            archive.guesses.put(t, person.id, turn, t.now)
        archive.copies.note(t, PLACE, archive.copies.waiting(PLACE)[:2])
        rights_rows(archive, t, [who.id for who in studio.recipients], [grace.id, ana.id], turn)
        for id in archive.code_tags.missing():
            archive.code_tags.add(t, {id: (sha256_hex(id.encode()), grace.id)})
        fill(t, METADATA.tables["disclosed_record"], turn, {"bundle": archive.disclosures.list()[0].bundle})
    for person in (grace, ana):
        studio.hold(person, shoot, b"so far %d" % turn)
        studio.arrive(person, shoot)
    with archive.transaction(studio.now) as t:
        archive.statuses.revoke(t, studio.signings[turn].receipt.records[0].status_position, t.now)


@pytest.fixture
def lived(full: Any) -> Any:
    """``full``, open, with two rows in every table; ``lived.before`` is its database of a while ago."""
    full.open()
    worked_on(full, 0)
    full.before = full.path.with_name("before.sqlite")
    full.archive._database.copy_to(full.before)
    worked_on(full, 1)
    return full


def behind(studio: Any) -> contextlib.AbstractContextManager[sqlite3.Connection]:
    return edited(studio.folder.database)


def found(studio: Any) -> list[str]:
    return [str(each) for each in unvouched_rows(studio.archive._store, studio.archive._digests)]


WRITTEN_AGAIN = {"mark", "setting", "staff", "recipient", "session", "subject", "photo", "culling", "camera_clock",
                 "attendance", "held", "seat", "guess", "status"}  # fmt: skip


@pytest.mark.parametrize("table", [METADATA.tables[name] for name in WATCHED], ids=list(WATCHED))
def test_whatever_is_done_to_a_row_is_named(table: sa.Table, lived: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "schema_faults", lambda *_: ())  # slow, and asked for below
    assert found(lived) == []
    good = lived.path.with_name("good.sqlite")
    lived.archive._database.copy_to(good)
    done = 0
    part = WATCHED[table.name]
    numbered = ("consent_event", "disclosure", "withdrawal_notice", "acknowledgement")
    unique = {"record", "recipient"} if table.name in numbered else set()
    for what in kinds_of_edit(table, part is not None, table.name in WRITTEN_AGAIN):
        try:
            with behind(lived) as connection:
                connection.execute("ATTACH ? AS older", (str(lived.before),))
                others = f"SELECT part FROM digest WHERE length(part) = 36 AND part IS NOT {table.name}.{part}"
                assert RowEdits(connection, table, unique).do(what, f"{part} = ({others} LIMIT 1)")
        except sqlite3.IntegrityError:
            assert what.endswith("changed"), what  # a value that the database does not take
            continue
        said = found(lived)
        assert said and all(f"(table {table.name})" in each for each in said), (what, said)
        if what == "deleted":
            problems = lived.archive.check(signers=SIGNERS).problems
            assert any(table.name in each for each in problems), problems
        copied_over(good, lived.folder.database)
        done += 1
    assert done >= len(table.c) + 4
    assert found(lived) == []


def test_every_table_has_digests_or_a_reason_why_not() -> None:
    assert {*METADATA.tables} == {*WATCHED} | UNWATCHED


@pytest.mark.parametrize("part", ["studio", "total", "a person's"])
@pytest.mark.parametrize("how", ["removed", "put back", "version", "sealed"])
def test_the_digests_themselves_are_not_to_be_changed(part: str, how: str, lived: Any) -> None:
    one = lived.people[0].id if part == "a person's" else part
    with behind(lived) as connection:
        connection.execute("ATTACH ? AS older", (str(lived.before),))
        connection.execute({
            "removed": "DELETE FROM main.digest WHERE part = ?",
            "put back": "REPLACE INTO main.digest SELECT * FROM older.digest WHERE part = ?",
            "version": "UPDATE main.digest SET version = version + 1 WHERE part = ?",
            "sealed": "UPDATE main.digest SET sealed = randomblob(length(sealed)) WHERE part = ?",
        }[how], (one,))  # fmt: skip
    assert any("digest" in each for each in found(lived)), found(lived)


def test_rows_and_their_digest_of_before_are_not_taken_for_those_of_now(lived: Any) -> None:
    """Somebody's rows, all of them, as they were a while ago, and with them what vouched for them then."""
    one = lived.people[0].id
    with behind(lived) as connection:
        connection.execute("ATTACH ? AS older", (str(lived.before),))
        for name, column in (("digest", "part"), ("subject", "id"), ("held", "subject"), ("seat", "subject"),
                             ("attendance", "subject"), ("restriction", "subject"), ("rights_request", "subject"),
                             ("legal_hold", "subject")):  # fmt: skip
            connection.execute(f"DELETE FROM main.{name} WHERE {column} = ?", (one,))
            connection.execute(f"INSERT INTO main.{name} SELECT * FROM older.{name} WHERE {column} = ?", (one,))
    assert found(lived) == ["The digests of the archive were changed, removed or put back (table digest)."]
    with pytest.raises(Malformed, match="digests of the archive were changed"):
        lived.archive.rely_on([one])


def test_nobody_relies_on_anything_after_the_newest_time_was_set_back(lived: Any) -> None:
    """It decides what is over, whoever is asked about."""
    archive = lived.archive
    archive.rely_on()
    with behind(lived) as connection:
        connection.execute("UPDATE mark SET newest_seen = '2020-01-01T00:00:00Z'")
    for parts in ((), (lived.people[0].id,)):
        with pytest.raises(Untrue, match="table mark"):
            archive.rely_on(parts)
    with pytest.raises(Untrue, match="table mark"):
        lived.subject(archive.sessions.list()[0])


def test_writing_on_does_not_make_up_for_what_was_done_behind_our_back(lived: Any) -> None:
    archive, (grace, ana) = lived.archive, lived.people
    with behind(lived) as connection:
        connection.execute("DELETE FROM consent_event WHERE subject = ? AND ordinal = 1", (grace.id,))
    shoot = archive.sessions.list()[0]
    lived.signed(grace, shoot)
    lived.photo(shoot, [ana])
    worked_on(lived, 1)
    assert found(lived) == [f"A row of subject {grace.id} was removed by another program (table consent_event)."]


def test_what_was_undone_again_is_no_finding(lived: Any) -> None:
    with behind(lived) as connection:
        connection.execute("UPDATE photo SET flagged = 1 - flagged")
    assert found(lived)
    with behind(lived) as connection:
        connection.execute("UPDATE photo SET flagged = 1 - flagged")
    assert found(lived) == []


def test_what_a_transaction_rolled_back_leaves_no_difference(lived: Any) -> None:
    archive = lived.archive
    with pytest.raises(ZeroDivisionError), archive.transaction(lived.now) as t:
        archive.subjects.set_state(t, lived.people[0].id, "left")
        raise ZeroDivisionError
    with pytest.raises(SafelightError), archive.transaction(lived.now) as t:
        archive.subjects.set_state(t, lived.people[1].id, "left")
        archive.sessions.add(t, archive.sessions.list()[0])  # it is there already
    with archive.transaction(lived.now) as t:
        with pytest.raises(sa.exc.IntegrityError):  # undoes the statement alone, with the row it changed first
            t.connection.exec_driver_sql("UPDATE subject SET id = 'twice'")
        archive.subjects.set_state(t, lived.people[1].id, "left")
    assert archive.check(signers=SIGNERS).problems == ()


def test_cascades_and_replacements_are_noted(lived: Any) -> None:
    archive = lived.archive
    with archive.transaction(lived.now) as t:
        archive.photos.remove(t, lived.photos[2].guid)
        t.connection.exec_driver_sql("REPLACE INTO guess SELECT id, wrong + 1, at FROM guess")
        t.connection.exec_driver_sql("INSERT INTO seat SELECT subject, session, 'other' FROM seat WHERE true "
                                     "ON CONFLICT DO UPDATE SET sitting = excluded.sitting")  # fmt: skip
    assert archive.check(signers=SIGNERS).problems == ()


def test_who_asks_while_others_write_hears_of_no_difference(lived: Any) -> None:
    """As the signing screen and the desk of one program do: each asks and writes whenever it likes."""
    archive, done = lived.archive, threading.Event()
    parts = [*(each.id for each in lived.people), *(each.id for each in archive.sessions.list())]
    asked: list[int] = []

    def ask(writing: bool) -> None:
        while not done.is_set():
            if writing:
                with archive.transaction(lived.now) as t:
                    archive.guesses.put(t, maker.new_id(), 1, t.now)
                    archive.rely_on(parts, WATCHED)
            else:
                archive.rely_on(parts, WATCHED)
            asked.append(1)

    with ThreadPoolExecutor(3) as others:
        asking = [others.submit(ask, writing) for writing in (False, False, True)]
        try:
            for turn in range(5):
                worked_on(lived, turn % 2)
        finally:
            done.set()
        for each in asking:
            each.result()
    assert len(asked) > 5 and archive.check(signers=SIGNERS).problems == ()


def test_what_is_said_gets_from_one_process_to_another() -> None:
    said = Untrue(Difference("receipt", "0a1b2c3d-0000-4000-8000-00000000000a", -1), "Grace Hopper")
    again = pickle.loads(pickle.dumps(said))
    assert (str(again), again.faults, again.found) == (str(said), said.faults, said.found)
    assert str(again).startswith("A row of Grace Hopper was removed by another program")


# The head of the journal ---------------------------------------------------------------------------------------------


def test_the_head_covers_every_row(lived: Any) -> None:
    """A number, a hash and a signature that were right a while ago are not right for the rows of now."""
    archive, shoot = lived.archive, lived.archive.sessions.list()[0]
    before = archive.journal.signed_head()
    lived.hold(lived.people[0], shoot, b"something else")  # writes nothing into the journal
    after = archive.journal.signed_head()
    assert before[:2] == after[:2] and before[2] != after[2]
    with behind(lived) as connection:
        connection.execute("UPDATE journal_head SET signature = ?", (before[2],))
    assert any("does not hold" in each for each in archive.check(signers=SIGNERS).problems)


@pytest.mark.parametrize(
    "also", ["", "DELETE FROM consent_event WHERE ordinal = (SELECT max(ordinal) FROM consent_event)"]
)
def test_a_journal_that_was_cut_with_its_head_is_not_taken_for_a_new_one(also: str, lived: Any) -> None:
    with behind(lived) as connection:
        connection.execute("DELETE FROM journal_head")
        connection.execute("DELETE FROM journal_entry WHERE number >= (SELECT max(number) - 2 FROM journal_entry)")
        connection.execute(also or "SELECT 1")
    archive, before = lived.archive, lived.archive.journal.head()
    for _ in range(2):
        with pytest.raises(Malformed, match="signature over the end of the journal was removed"):
            lived.subject(archive.sessions.list()[0])
        lived.archive.close()
        archive = lived.open().archive
    assert archive.journal.head() == before
    problems = archive.check(signers=SIGNERS).problems
    assert any("never signed" in each for each in problems)
    assert any("3 rows of the studio were removed" in each and "journal_entry" in each for each in problems)


def test_nor_is_one_whose_every_entry_was_removed(lived: Any) -> None:
    with behind(lived) as connection:
        connection.execute("DELETE FROM journal_head")
        connection.execute("DELETE FROM journal_entry")
    with pytest.raises(Malformed, match="entries were written into the journal"):
        lived.subject(lived.archive.sessions.list()[0])


# The schema ----------------------------------------------------------------------------------------------------------

SCHEMA = {
    "a planted trigger": (
        "CREATE TRIGGER helpful AFTER INSERT ON journal_entry BEGIN UPDATE status SET revoked_at = NULL; END",
        "trigger helpful was put in",
    ),
    "a planted view": ("CREATE VIEW nice AS SELECT * FROM status", "view nice was put in"),
    "a planted table": ("CREATE TABLE changed_row (name, part, sign, content)", "table changed_row was put in"),
    "an index that is gone": ("DROP INDEX event_by_subject", "index event_by_subject was removed"),
    "another column": ("ALTER TABLE status ADD COLUMN more", "table status was changed"),
}


@pytest.mark.parametrize(("statement", "said"), SCHEMA.values(), ids=SCHEMA.keys())
def test_a_schema_that_somebody_changed_is_named_and_nothing_is_written(statement: str, said: str, full: Any) -> None:
    with behind(full) as connection:
        connection.execute(statement)
    archive = full.open().archive
    with pytest.raises(Malformed, match="schema of the archive is not as this program left it"):
        full.subject(archive.sessions.list()[0])
    assert any(said in each for each in archive.check(signers=SIGNERS).problems)


def test_a_trigger_that_is_planted_while_the_studio_is_open_fires_for_nobody(lived: Any) -> None:
    lived.subject(lived.archive.sessions.list()[0])
    with behind(lived) as connection:
        connection.execute(SCHEMA["a planted trigger"][0])
    with pytest.raises(Malformed, match="schema of the archive"):
        lived.subject(lived.archive.sessions.list()[0])


UNSEEN = {
    "a planted trigger": (SCHEMA["a planted trigger"][0], "DROP TRIGGER helpful"),
    "a trigger that was made harmless": (
        "UPDATE sqlite_master SET sql = replace(sql, 'RAISE(ABORT,', 'coalesce(NULL,') WHERE type = 'trigger'",
        "UPDATE sqlite_master SET sql = replace(sql, 'coalesce(NULL,', 'RAISE(ABORT,') WHERE type = 'trigger'",
    ),
    "the newest time": (
        "UPDATE mark SET newest_seen = replace(newest_seen, '20', '19')",
        "UPDATE mark SET newest_seen = replace(newest_seen, '19', '20')",
    ),
}


@pytest.mark.parametrize(("statement", "undone"), UNSEEN.values(), ids=UNSEEN.keys())
def test_what_every_write_rests_on_is_read_again_whenever_others_wrote(
    statement: str, undone: str, lived: Any
) -> None:
    """Though the number by which SQLite knows that its schema changed was put back, and however often it is done."""
    archive = lived.archive
    shoot = archive.sessions.list()[0]
    for _ in range(2):
        lived.subject(shoot)
        for edit, refused in ((statement, True), (undone, False)):
            with contextlib.closing(sqlite3.connect(lived.folder.database)) as connection:
                connection.execute("PRAGMA writable_schema = ON")
                (before,) = connection.execute("PRAGMA schema_version").fetchone()
                connection.execute(edit)
                connection.execute(f"PRAGMA schema_version = {before:d}")
                connection.commit()
            if refused:
                with pytest.raises(Untrue, match=r"schema of the archive|table mark"):
                    lived.subject(shoot)
    lived.subject(shoot)
    assert archive.check(signers=SIGNERS).problems == ()


def test_a_view_in_place_of_a_table_is_refused(full: Any) -> None:
    with contextlib.closing(sqlite3.connect(full.folder.database)) as connection:
        connection.execute("ALTER TABLE status RENAME TO bits")
        connection.execute("CREATE VIEW status AS SELECT position, NULL AS revoked_at FROM bits")
        connection.commit()
    with pytest.raises(Malformed, match="status"):
        full.open()


# The first time ------------------------------------------------------------------------------------------------------


def test_an_archive_of_before_gets_digests_once(full: Any) -> None:
    with behind(full) as connection:
        for statement in ARCHIVE:
            connection.execute(statement)
    archive = full.open().archive
    assert archive.check(signers=SIGNERS).problems == ()
    full.subject(archive.sessions.list()[0])
    assert archive.check(signers=SIGNERS).problems == ()
    archive.close()
    with behind(full) as connection:
        for statement in ARCHIVE:
            connection.execute(statement)
    with pytest.raises(Malformed, match="had digests and have none any more"):
        Archive.open(full.folder, full.id, maker.MASTER, maker.sign, digested=True)


@pytest.mark.parametrize("statements", [ARCHIVE[:1], ARCHIVE[2:], ARCHIVE[1:], ARCHIVE[:-1]])
def test_half_of_that_is_no_first_time_either(statements: tuple[str, ...], full: Any) -> None:
    with behind(full) as connection:
        for statement in statements:
            connection.execute(statement)
    with pytest.raises(SafelightError):
        full.open()
        full.subject(full.archive.sessions.list()[0])


def test_a_schema_that_was_changed_is_not_upgraded(full: Any) -> None:
    with behind(full) as connection:
        for statement in (*ARCHIVE, SCHEMA["a planted trigger"][0]):
            connection.execute(statement)
    with pytest.raises(Malformed, match="trigger helpful was put in"):
        full.open()


def test_another_studios_digests_vouch_for_nothing(full: Any, make: Callable[..., Any], tmp_path: Path) -> None:
    stranger = make("stranger")
    stranger.archive.close()
    with behind(full) as connection:
        connection.execute("ATTACH ? AS stranger", (str(stranger.folder.database),))
        connection.execute("DELETE FROM main.digest")
        connection.execute("INSERT INTO main.digest SELECT * FROM stranger.digest")
    with pytest.raises((Malformed, CannotOpen), match="digest"):
        full.open()
        full.subject(full.archive.sessions.list()[0])
    stranger.open()
