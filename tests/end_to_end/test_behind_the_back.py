"""Somebody edits the studio's files without its key: the command that would rely on them refuses, the check says where.

Each case is what the edit was for: a later "no" gone, another person's picture, an older answer, something erased.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from support.without_key import edited

NOBODY = b"0a1b2c3d-0000-4000-8000-00000000000a"
POINTS = "identity,answers-match-receipt,recipients-named,age-and-guardian,signature-present"


class Studio:
    """A copy of the day's studio: what its commands say, and its files in the hands of somebody without the key."""

    def __init__(self, folder: Path, day: Any, source: Path | None = None) -> None:
        self.folder, self.day = folder / "studio", day
        self.out = folder / "out"
        shutil.copytree(source or day.folder / "studio", self.folder)
        self.out.mkdir()

    def say(self, *arguments: str | Path) -> tuple[int, str]:
        """The exit code of a command and all it said, run inside this process."""
        from safelight.cli.main import main

        out = io.StringIO()
        place = ("--studio", self.folder, "--passphrase-file", self.day.folder / "passphrase")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = main([str(each) for each in (*place, *arguments)])
        return code, out.getvalue()

    def well(self, *arguments: str | Path) -> str:
        code, said = self.say(*arguments)
        assert code == 0, (arguments, said)
        return said

    def refused(self, *arguments: str | Path, about: str) -> None:
        """One sentence and how to go on, and nothing was written."""
        code, said = self.say(*arguments)
        assert code == 4 and about in said and "Traceback" not in said, (arguments, code, said)
        assert "backup" in said, said
        assert not any(self.out.iterdir())

    def check_names(self, *what: str) -> None:
        code, said = self.say("studio", "check")
        assert code == 1 and "Something is wrong." in said, said
        assert all(each in said for each in what), (what, said)

    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.say("--json", "studio", "check")[1])["findings"]
        return found

    def export(self, use: str = "use.editorial", place: str = "FR") -> tuple[str | Path, ...]:
        where = ("--territory", place, "-o", self.out / "bundle.age")
        return ("export", "Spring", "--to", "Agence Lumière", "--use", use, *where)

    @property
    def files(self) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in (self.folder / "files").rglob("*.age")}

    def behind(self) -> AbstractContextManager[sqlite3.Connection]:
        return edited(self.folder / "archive.sqlite")

    def as_of_now(self) -> Path:
        return Path(shutil.copyfile(self.folder / "archive.sqlite", self.folder.parent / "before.sqlite"))

    def put_back(self, before: Path, table: str) -> None:
        """The rows of a table as they were in an older copy of it."""
        with contextlib.closing(sqlite3.connect(before)) as source:
            rows = source.execute(f"SELECT * FROM {table}").fetchall()
        with self.behind() as connection:
            connection.executemany(f"REPLACE INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


@pytest.fixture
def studio(day: Any, tmp_path: Path) -> Studio:
    return Studio(tmp_path, day)


def test_a_later_no_removed_with_every_trace_of_it(studio: Studio) -> None:
    """Rows, the end of the journal and its signature: what is left fits together, as it once did."""
    before = studio.day.before["export"] / "studio" / "archive.sqlite"
    with contextlib.closing(sqlite3.connect(before)) as connection:
        ((entries,),) = connection.execute("SELECT max(number) FROM journal_entry")
        events = [each[0] for each in connection.execute("SELECT id FROM consent_event")]
        receipts = [each[0] for each in connection.execute("SELECT id FROM receipt")]
    with studio.behind() as connection:
        for table, kept in (("consent_event", events), ("receipt", receipts)):
            holes = ", ".join("?" * len(kept))
            assert connection.execute(f"DELETE FROM {table} WHERE id NOT IN ({holes})", kept).rowcount
        connection.execute("UPDATE status SET revoked_at = NULL")
        connection.execute("DELETE FROM journal_entry WHERE number > ?", (entries,))
        connection.execute("DELETE FROM journal_head")
    removed = "Grace Hopper were removed by another program"
    studio.refused(*studio.export("use.directory"), about=removed)
    studio.refused("who", "may", "use.directory", "--in", "FR", about=removed)
    studio.refused("consent", "show", "Grace", about=removed)
    studio.refused("receipt", "Grace", "-o", studio.out / "receipt.pdf", about=removed)
    studio.refused("deliver", "Grace", "-o", studio.out / "own", about=removed)
    studio.refused("status", "-o", studio.out / "status.json", about="table status")
    studio.refused("subject", "add", "Spring", "Ada", about="signature over the end of the journal was removed")
    studio.check_names("table consent_event", "table receipt", "table status", "table journal_entry", "never signed")


def test_the_originals_of_two_photos_exchanged(studio: Studio) -> None:
    with studio.behind() as connection:
        rows = connection.execute(
            "SELECT guid, original FROM photo JOIN photo_owner ON photo = guid GROUP BY subject"
        ).fetchall()
        (one, hers), (two, theirs) = rows
        connection.execute("UPDATE photo SET original = ? WHERE guid = ?", (theirs, one))
        connection.execute("UPDATE photo SET original = ? WHERE guid = ?", (hers, two))
    studio.refused(*studio.export(), about="changed or exchanged by another program (table photo)")
    studio.refused("deliver", "Grace", "-o", studio.out / "own", about="table photo")
    studio.check_names("table photo")


def test_a_check_moved_to_another_receipt(day: Any, tmp_path: Path) -> None:
    """No digest is asked: a check is signed and names its receipt, so the photo waits for another check."""
    studio = Studio(tmp_path, day, day.before["export"] / "studio")
    use = "ai.train-generative"
    assert "in" in json.loads(studio.well("--json", *studio.export(use, "US")))
    (studio.out / "bundle.age").unlink()
    with studio.behind() as connection:
        rows = connection.execute("SELECT ordinal, receipt FROM validation ORDER BY ordinal").fetchall()
        (first, one), (second, two) = rows
        connection.execute("UPDATE validation SET receipt = ? WHERE ordinal = ?", (two, first))
        connection.execute("UPDATE validation SET receipt = ? WHERE ordinal = ?", (one, second))
    code, said = studio.say(*studio.export(use, "US"))
    assert code == 1 and "has not checked this consent" in said and not any(studio.out.iterdir()), said
    studio.check_names("is about another receipt", "table validation")


def test_a_pin_of_before_put_back(studio: Studio, tmp_path: Path) -> None:
    """A PIN that was changed opens nothing again."""
    before = studio.as_of_now()
    pin = tmp_path / "pin"
    pin.write_text("8642\n")
    pin.chmod(0o600)
    studio.well("staff", "pin", "Robin", "--pin-file", pin)
    studio.put_back(before, "setting")
    old = studio.day.folder / "reviewer-pin"
    argv = ("consent", "validate", "Dorothy", "--by", "Robin", "--pin-file", old, "--points", POINTS)
    studio.refused(*argv, about="table setting")
    studio.refused(*studio.export(), about="table setting")
    studio.check_names("table setting")


def test_a_session_that_was_closed_put_back(studio: Studio) -> None:
    before = studio.as_of_now()
    studio.well("session", "close", "Spring", "--anyway")
    studio.put_back(before, "session")
    studio.refused("subject", "add", "Spring", "Ada", about="table session")
    cards = studio.day.folder / "cards" / "grace"
    code, said = studio.say("capture", "add", "Spring", cards, "--subject", "Grace", "--made", "camera")
    assert code != 0 or "new" not in said, said
    studio.refused(*studio.export(), about="table session")
    studio.check_names("table session")


def test_the_cover_of_transfers_put_back(studio: Studio) -> None:
    before = studio.as_of_now()
    studio.well("recipient", "add", studio.day.folder / "agency-card.json", "--cover", "SCC")
    studio.put_back(before, "recipient")
    studio.refused(*studio.export(), about="table recipient")
    studio.check_names("table recipient")


ADOPTED = "DELETE FROM setting WHERE name LIKE '%rules%'"


@pytest.mark.parametrize("table", ["photo", "validation", "disclosure", "setting", "recipient", "staff", "notice"])
def test_rows_deleted(table: str, studio: Studio) -> None:
    with studio.behind() as connection:
        assert connection.execute(ADOPTED if table == "setting" else f"DELETE FROM {table}").rowcount
    if table in ("photo", "setting"):
        studio.refused(*studio.export(), about=f"table {table}")
    if table == "disclosure":  # its number would be given to another bundle
        studio.refused(*studio.export(), about="table disclosure")
    if table in ("recipient", "staff"):  # nobody is known by that name any more
        argv = {
            "recipient": studio.export(),
            "staff": ("consent", "validate", "Dorothy", "--by", "Robin", "--points", POINTS, "--pin-file",
                      studio.day.folder / "reviewer-pin"),
        }[table]  # fmt: skip
        code, said = studio.say(*argv)
        assert code in (2, 4) and not any(studio.out.iterdir()), said
    studio.check_names(f"table {table}")


def test_a_studio_that_is_nobodys_any_more_says_so(studio: Studio) -> None:
    with studio.behind() as connection:
        connection.execute("DELETE FROM setting")
    studio.refused("studio", "check", about="whose studio this is was removed (table setting)")


CLEAR = {
    "it is settled who is on it": ("photo", "UPDATE photo SET flagged = 1 - flagged"),
    "when it was taken": ("photo", "UPDATE photo SET taken_at = '2001-01-01T00:00:00Z'"),
    "a session that is open": ("session", "UPDATE session SET state = 'archived'"),
    "the newest time seen": ("mark", "UPDATE mark SET newest_seen = '2001-01-01T00:00:00Z'"),
    "a time in 2099": ("mark", "UPDATE mark SET newest_seen = '2099-01-01T00:00:00Z'"),
    "who signed": ("subject", "UPDATE subject SET state = 'signed'"),
    "bits that were set": ("status", "UPDATE status SET revoked_at = NULL"),
}


@pytest.mark.parametrize(("table", "statement"), CLEAR.values(), ids=CLEAR.keys())
def test_columns_in_clear_edited(table: str, statement: str, studio: Studio) -> None:
    if table == "subject":
        studio.well("subject", "add", "Spring", "Ada")
    with studio.behind() as connection:
        assert connection.execute(statement).rowcount
    argv: tuple[str | Path, ...] = studio.export()
    if table == "status":
        argv = ("status", "-o", studio.out / "status.json")
    elif table == "subject":
        argv = ("who", "may", "use.editorial", "--in", "FR")
    studio.refused(*argv, about=f"table {table}")
    studio.check_names(f"table {table}")


def test_a_planted_trigger(studio: Studio) -> None:
    with studio.behind() as connection:
        connection.execute(
            "CREATE TRIGGER kind AFTER INSERT ON journal_entry BEGIN UPDATE status SET revoked_at = NULL; END"
        )
    for argv in (studio.export(), ("status", "-o", studio.out / "status.json"), ("subject", "add", "Spring", "Ada")):
        studio.refused(*argv, about="schema of the archive")
    studio.check_names("trigger kind was put in")


def test_a_view_in_place_of_a_table(studio: Studio) -> None:
    """It may show each question other rows: those that were left, and none of the answers that came later."""
    with contextlib.closing(sqlite3.connect(studio.folder / "archive.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute("ALTER TABLE attendance RENAME TO kept")
        connection.execute("CREATE VIEW attendance AS SELECT * FROM kept WHERE random() > 0")
    for argv in (studio.export(), ("who", "may", "use.editorial", "--in", "FR"), ("subject", "add", "Spring", "Ada")):
        code, said = studio.say(*argv)
        assert code == 4 and "Traceback" not in said, said
        assert "schema of the archive" in said or "attendance" in said, said
    code, said = studio.say("studio", "check")
    assert code in (1, 4) and "attendance" in said, said


def test_a_planted_note_of_destroyed_keys_erases_nothing(studio: Studio) -> None:
    with contextlib.closing(sqlite3.connect(studio.folder / "keys" / "subjects.sqlite")) as connection:
        connection.execute(
            "INSERT INTO gone SELECT owner, purpose, created_at, '00' FROM subject_key WHERE purpose = 'portrait'"
        )
        connection.commit()
    before = studio.files
    studio.check_names("another program noted", "table gone")
    assert studio.files == before


def test_an_older_archive_deletes_no_newer_original(studio: Studio, tmp_path: Path) -> None:
    """Rows of an earlier day are not told from that day; what they do not name is put aside, and nothing is deleted."""
    older = studio.as_of_now()
    card = tmp_path / "card"
    card.mkdir()
    shutil.copyfile(studio.day.folder / "cards" / "eileen" / "astronaut.png", card / "again.png")
    known = studio.files
    other = card / "again.png"
    other.write_bytes(_reshaded(other))
    studio.well("capture", "add", "Spring", card, "--subject", "Eileen", "--made", "camera")
    newer = {name: content for name, content in studio.files.items() if name not in known}
    assert newer
    newest = (studio.folder / "archive.sqlite").read_bytes()
    shutil.copyfile(older, studio.folder / "archive.sqlite")
    said = studio.say("studio", "check")[1]
    aside = studio.folder / "quarantine"
    assert "put aside, because no row names it" in said
    assert {each.name: each.read_bytes() for each in aside.glob("*.age")} == newer
    (studio.folder / "archive.sqlite").write_bytes(newest)
    for name, content in newer.items():
        (studio.folder / "files" / name[:2]).mkdir(exist_ok=True)
        (studio.folder / "files" / name[:2] / name).write_bytes(content)
    studio.well("studio", "check")


def _reshaded(path: Path) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.open(path).convert("RGB").point(lambda value: 255 - value).save(made, "PNG")
    return made.getvalue()


# What somebody takes on -----------------------------------------------------------------------------------------------


def test_what_was_found_is_accepted_by_name_and_told_ever_after(studio: Studio) -> None:
    """The command that refused works again; the check lists what was accepted, and by whom."""
    before = studio.as_of_now()
    studio.well("recipient", "add", studio.day.folder / "agency-card.json", "--cover", "SCC")
    studio.put_back(before, "recipient")
    with studio.behind() as connection:
        (one, two) = connection.execute("SELECT min(receipt), max(receipt) FROM validation").fetchone()
        connection.execute("UPDATE validation SET receipt = iif(receipt = ?, ?, ?)", (one, two, one))
    studio.refused(*studio.export(), about="table recipient")
    found = {each["says"]: each for each in studio.findings()}
    mine = next(each for said, each in found.items() if "table recipient" in said)
    assert mine["acceptable"]
    assert any("table validation" in said and not each["acceptable"] for said, each in found.items())
    code, said = studio.say("studio", "accept", "--finding", mine["finding"], "--by", "Nobody")
    assert code == 2 and "no single person" in said
    assert "Accepted by Robin" in studio.well("studio", "accept", "--finding", mine["finding"], "--by", "Robin")
    studio.well(*studio.export())
    code, said = studio.say("studio", "check")
    assert code == 1 and "by Robin (journal entry" in said and "table recipient" in said
    left = {each["says"] for each in studio.findings()}
    assert left == set(found) - {mine["says"]}
    for each in studio.findings():
        if not each["acceptable"]:
            code, said = studio.say("studio", "accept", "--finding", each["finding"], "--by", "Robin")
            assert code == 1 and "cannot be accepted" in said and "backup" in said, said


# The whole folder as it was on an earlier day -------------------------------------------------------------------------


def test_a_folder_put_back_is_told_by_what_left_it_since(studio: Studio, tmp_path: Path) -> None:
    """From inside nothing tells it: the check alone finds nothing."""
    earlier = tmp_path / "earlier"
    shutil.copytree(studio.folder, earlier)
    studio.well("subject", "add", "Spring", "Ada")
    studio.well("studio", "backup", tmp_path / "backup")
    studio.well("receipt", "Grace", "-o", studio.out / "receipt.pdf")
    argv = ("studio", "check", "--against", tmp_path / "backup", studio.out / "receipt.pdf")
    assert studio.well(*argv).count("The archive is not older than this") == 2
    shutil.rmtree(studio.folder)
    shutil.copytree(earlier, studio.folder)
    studio.well("studio", "check")
    code, said = studio.say(*argv)
    assert code == 1 and "This archive is older than this backup" in said and "restore the newest backup" in said
    foreign = tmp_path / "backup" / "backup.json"
    foreign.write_bytes(re.sub(rb'"studio":"[0-9a-f-]+"', b'"studio":"%s"' % NOBODY, foreign.read_bytes()))
    code, said = studio.say("studio", "check", "--against", tmp_path / "backup")
    assert code == 2 and "of another studio" in said
    code, said = studio.say("--json", "studio", "check", "--against", studio.out / "receipt.pdf", tmp_path / "pin")
    assert code in (1, 4) and json.loads(said)["against"][1]["outcome"] == "not-readable"


# No alarm where nothing was done ------------------------------------------------------------------------------------


def test_an_honest_studio_raises_no_alarm(studio: Studio, tmp_path: Path) -> None:
    """One command after the other, each in a program of its own: backup and restore, new keys, a second place."""
    pin = tmp_path / "pin"
    pin.write_text("8642\n")
    pin.chmod(0o600)
    studio.well("subject", "add", "Spring", "Ada", "--email", "ada@falk.example")
    studio.well("staff", "pin", "Robin", "--pin-file", pin)
    studio.well("studio", "second-place", tmp_path / "second")
    studio.well("studio", "copy")
    studio.well("studio", "check")
    studio.well("studio", "backup", tmp_path / "backup")
    studio.well("subject", "add", "Spring", "Ben")
    studio.well(*studio.export())
    studio.well("studio", "check")
    shutil.rmtree(studio.folder)
    studio.well("studio", "restore", tmp_path / "backup")
    for argv in (("studio", "check"), ("subject", "add", "Spring", "Cleo"), ("studio", "check")):
        studio.well(*argv)
    (studio.out / "bundle.age").unlink()
    studio.well(*studio.export())
    studio.well("session", "close", "Spring", "--anyway")
    studio.well("session", "reopen", "Spring")
    studio.well("studio", "rotate", "--signing", "-o", tmp_path / "card.json")
    studio.well("studio", "check")
