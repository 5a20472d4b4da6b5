"""The tamper table of a studio: each table and file, and everything that can be done to it without the key.

Whatever is done, the check of the studio names it, and the command that would rely on it refuses; where none does, the
reason stands beside the case. A seeded sample in every run, all of it with ``--long``.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from safelight.capture.decoder_pool import DecoderPool
from safelight.domain.cameras import Camera
from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.culling import Culling
from safelight.domain.ids import Country, ScopeId
from safelight.storage import key_rows, tables
from safelight.storage.rows import HeldCeremony
from safelight.storage.watched import ARCHIVE
from safelight.studio import founding, upkeep
from safelight.studio.assignments import remove_photos
from safelight.studio.closing import close_with_report
from safelight.studio.deliveries import deliver
from safelight.studio.erasing import erase
from safelight.studio.exports import export_bundle
from safelight.studio.journal_stretch import journal_stretch
from safelight.studio.open_studio import new_id
from safelight.studio.originals import original_of
from safelight.studio.queries.lookup import find_session
from safelight.studio.queries.permissions import who_allows
from safelight.studio.rate_limiter import SCREEN_PIN, RateLimiter
from safelight.studio.receipts import issue_receipt
from safelight.studio.screen_pin import is_screen_pin, set_screen_pin
from safelight.studio.staff import find_staff, set_staff_pin
from safelight.studio.status_lists import write_status
from safelight.studio.validations import validate_consent
from support import shoot as shoot_module
from support.derived_keys import keys_derived_once
from support.rights_rows import rights_rows
from support.row_edits import OLDER, RowEdits, kinds_of_edit, refused
from support.sampling import LONG
from support.shoot import Shoot, said_yes
from support.without_key import edited

TO, USE = "Prenzel", "use.portfolio"
PLACE, CAMERA = "0a1b2c3d-0000-4000-8000-00000000000a", "ca" * 32
WRITTEN_AGAIN = {"mark", "setting", "staff", "recipient", "session", "subject", "photo", "culling", "camera_clock",
                 "attendance", "held", "seat", "guess", "status", "restriction", "legal_hold", "rights_request",
                 "journal_head", "digest", "subject_key"}  # fmt: skip
"""The tables of which the older copy has a row that reads otherwise now."""
UNIQUE = {"consent_event": {"record"}, "disclosure": {"recipient"}, "withdrawal_notice": {"recipient"},
          "acknowledgement": {"recipient"}}  # fmt: skip
"""Columns whose values the table takes only once, without saying so of the column."""


@dataclass(frozen=True)
class Lived:
    """The folder of a studio that was closed, another of an hour before, and what commands about it name."""

    folder: Path
    older: Path
    shoot: Shoot
    ada: Any


def half_a_day(shoot: Shoot, people: list[Any], turn: int) -> None:
    """Something into every table, and another thing each ``turn`` into those that are written again."""
    studio, spring = shoot.studio, shoot.session
    archive = studio.archive
    shoot.clock.on(hours=1)
    for person in people:
        both = shoot.agencies[TO], shoot.agencies["Lumiere"]
        shoot.ask(person, said_yes(USE, *both), said_yes("ai.retouch", both[0]))
        shoot.photo(person)
        shoot.check(person)
        issue_receipt(studio, person.id)
    shoot.photo()
    export_bundle(studio, spring, shoot.wish(TO, USE), shoot.scratch / f"{turn}.age")
    export_bundle(studio, spring, shoot.wish("Lumiere", "use.portfolio"), shoot.scratch / f"other-{turn}.age")
    set_screen_pin(studio, f"246{turn}")
    set_staff_pin(studio, "Kim", f"271{turn}")
    photos = list(archive.photos.of_session(spring.id))
    with archive.transaction(studio.now()) as t:
        for member in archive.staff.list():
            archive.staff.put(t, replace(member))
        for row in archive.recipients.list():
            archive.recipients.put(t, row.recipient, row.card, row.cover)
        for session in archive.sessions.list():
            archive.sessions.put(t, session)
            archive.cameras.put(t, session.id, CAMERA, Camera(f"Camera {turn}"))
        for who in people:
            archive.subjects.put(t, who)
            archive.seats.put(t, who.id, spring.id, new_id())
            archive.guesses.put(t, who.id, 1 + turn, t.now)
            archive.held.put(t, HeldCeremony(who.id, spring.id, t.now, t.now + timedelta(days=14), b"{%d}" % turn))
            archive.attendance.put(t, who.id, spring.id, archive.attendance.get(who.id, spring.id))
        for taken in photos:
            archive.culling.put(t, taken.guid, Culling(rating=1 + turn))
            archive.photos.put(t, taken)
        archive.source_marks.remember(t, spring.id, {f"{turn}" * 64: None, f"{turn + 5}" * 64: photos[0].guid})
        archive.copies.note(t, PLACE, archive.copies.waiting(PLACE)[:2])
        rights_rows(archive, t, [each.id for each in shoot.agencies.values()], [who.id for who in people], turn)


@pytest.fixture(scope="module")
def lived(
    founded: tuple[Path, dict[str, Any]], decoders: DecoderPool, portraits: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lived]:  # fmt: skip
    """One studio for the whole table; whoever edits it edits a copy."""
    template, agencies = founded
    home = tmp_path_factory.mktemp("tampered")
    folder, scratch = home / "studio", home / "camera"
    shutil.copytree(template, folder)
    scratch.mkdir()
    clock = shoot_module.Hand()
    with keys_derived_once(), Image.open(portraits / "grace_hopper.jpg") as picture:
        studio = founding.open_studio(folder, shoot_module.PASSPHRASE, clock=clock)
        shoot = Shoot(
            studio, clock, folder, scratch, agencies, find_session(studio, "Spring"), decoders, picture.copy()
        )
        people = [shoot.person("Ada Falk"), shoot.person("Bo Lind"), shoot.person("Dee Still")]
        erased = shoot.person("Cleo Gone")
        half_a_day(shoot, people, 0)
        shutil.copytree(folder, home / "older")
        with studio.archive.transaction(studio.now()) as t:
            studio.archive.erase(t, erased.id, portrait=True, evidence=False)
        half_a_day(shoot, people, 1)
        assert upkeep.check_studio(shoot.studio)[0].problems == ()
        shoot.studio.archive.close()
        yield Lived(folder, home / "older", shoot, people[0])


@pytest.fixture
def studio(lived: Lived, tmp_path: Path) -> Iterator[Lived]:
    """A copy of it, in which the commands are given."""
    shutil.copytree(lived.folder, tmp_path / "studio")
    with keys_derived_once():
        made = replace(lived, folder=tmp_path / "studio", shoot=replace(lived.shoot, folder=tmp_path / "studio",
                                                                        scratch=tmp_path))  # fmt: skip
        yield made
        made.shoot.studio.archive.close()


COMMANDS: Mapping[str, Callable[[Lived], object]] = {
    "export": lambda made: export_bundle(
        made.shoot.studio, made.shoot.session, made.shoot.wish(TO, USE), made.shoot.scratch / "out.age"
    ),
    "who may": lambda made: who_allows(made.shoot.studio, ScopeId(USE), Country("DE")),
    "consent validate": lambda made: validate_consent(
        made.shoot.studio, made.ada.id, find_staff(made.shoot.studio, "Sam"), "3141", CHECK_POINTS
    ),
    "deliver": lambda made: deliver(made.shoot.studio, made.ada, made.shoot.scratch / "own"),
    "status": lambda made: write_status(made.shoot.studio),
    "subject add": lambda made: made.shoot.person("Next"),
    "session close": lambda made: close_with_report(
        made.shoot.studio, made.shoot.session, find_staff(made.shoot.studio, "Kim").id, anyway=True
    ),
    "photo remove": lambda made: remove_photos(
        made.shoot.studio, made.shoot.studio.archive.photos.guids()[:1], find_staff(made.shoot.studio, "Kim").id,
        although_sent=True,
    ),
    "PIN": lambda made: is_screen_pin(made.shoot.studio, "2461"),
    "open an original": lambda made: [
        original_of(made.shoot.studio, each) for each in made.shoot.studio.archive.photos.of_subject(made.ada.id)
    ],
    "a guess": lambda made: RateLimiter(made.shoot.studio, SCREEN_PIN, "here").judged(lambda: True),
    "erase": lambda made: erase(made.shoot.studio, [made.ada.id]),
    "journal show": lambda made: journal_stretch(made.shoot.studio, 1, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Nobody:
    """Why no command refuses."""

    because: str


NOT_THERE = Nobody("it is of somebody, or of a session, that is not there: nobody is asked about them")
RELIES: Mapping[str, str | Nobody] = {
    "mark": "subject add",
    "setting": "PIN",
    "staff": "consent validate",
    "recipient": "export",
    "session": "export",
    "subject": "export",
    "file": "session close",
    "file_owner": Nobody("whose a file is shows by opening it: that takes the keys of all of them"),
    "photo": "export",
    "photo_owner": "export",
    "picture": Nobody("a rendition opens under the key of its own photo alone, and decides nothing"),
    "culling": "export",
    "source_mark": "export",
    "camera_clock": "export",
    "attendance": "export",
    "second_copy": "session close",
    "consent_event": "export",
    "receipt": "export",
    "notice": "export",
    "validation": Nobody("a check is signed and names its receipt; one that is not there does not count"),
    "held": "export",
    "seat": "export",
    "guess": "a guess",
    "disclosure": "export",
    "disclosed_photo": "photo remove",
    "code_tag": Nobody("whoever types a code is told that it is not known, and asks the studio"),
    "disclosed_record": Nobody("no command reads it yet"),
    "withdrawal_notice": Nobody("no command reads it yet"),
    "acknowledgement": Nobody("what was answered decides about no picture"),
    "rights_request": "export",
    "legal_hold": "export",
    "restriction": "export",
    "erasure": "erase",
    "status": "status",
    "journal_entry": "journal show",
    "journal_head": Nobody("whoever writes signs anew what the digests vouch for, and those stand under no other key"),
    "change": "export",
    "digest": "export",
    "subject_key": "export",
    "gone": Nobody("what a missing key means decides about no picture that is there"),
}
"""Which command relies on a row of each table, and refuses."""
OTHERWISE: Mapping[tuple[str, str], str | Nobody] = {
    ("subject", "deleted"): "deliver",
    ("subject", "duplicated"): "who may",
    ("subject", "planted"): "who may",
    ("consent_event", "planted"): "who may",
    ("receipt", "planted"): "who may",
    **{(table, "planted"): NOT_THERE for table in ("session", "photo", "photo_owner", "source_mark", "camera_clock",
                                                  "attendance", "held", "seat", "rights_request", "legal_hold",
                                                  "restriction")},
    **{(table, "duplicated"): NOT_THERE for table in ("session", "camera_clock", "attendance", "held", "seat",
                                                     "restriction")},
    ("notice", "sealed changed"): Nobody("the text that was shown is what counts, and that is found by its hash"),
    ("notice", "duplicated"): Nobody("no receipt names its hash"),
    ("notice", "planted"): Nobody("no receipt names its hash"),
    ("journal_head", "deleted"): "subject add",
    ("journal_head", "emptied"): "subject add",
    ("journal_head", "number changed"): "subject add",
    ("journal_head", "hash changed"): "subject add",
    ("change", "id changed"): Nobody("there is one row, whatever its id is"),
    ("change", "number changed"): Nobody("it is compared with itself within one command, whatever it begins with"),
    ("subject_key", "created_at changed"): Nobody("it only delays that a key nobody uses is put aside"),
    ("subject_key", "duplicated"): Nobody("no row names its owner"),
    ("subject_key", "planted"): Nobody("no row names its owner"),
    ("subject_key", "put back"): Nobody("nothing is left that it would open"),
}  # fmt: skip
SHUT = {
    *(("mark", each) for each in ("studio changed", "deleted", "emptied")),
    *(("setting", each) for each in ("version changed", "sealed changed", "emptied")),
    ("subject_key", "emptied"),
}
"""After these the studio does not open: every command is refused, the check as well."""
ALSO = {"subject_key": ("subjects.sqlite", "keys-"), "gone": ("subjects.sqlite",), "journal_head": ("journal",)}
"""By what else than its name the check speaks of a table."""
UNSEEN: Mapping[tuple[str, str], str] = {
    ("change", "number changed"): "any number is a right one",
    ("subject_key", "created_at changed"): "nothing vouches for it, because nothing but that rests on it",
}
"""What the check does not name, and why that is no harm."""

CASES = [
    (table, kind)
    for table in (*tables.METADATA.tables.values(), key_rows.key, key_rows.gone)
    for kind in kinds_of_edit(table, ARCHIVE.tables.get(table.name) is not None, table.name in WRITTEN_AGAIN)
]
ALWAYS = {
    ("mark", "duplicated"), ("change", "deleted"), ("change", "duplicated"), ("subject", "deleted"),
    ("gone", "deleted"),
}  # fmt: skip
"""What was not refused, or not named, or in no sentence for people, before there was this table."""
DRAWN = random.Random("tamper table").sample(CASES, 30)
SAMPLE = [each for each in CASES if LONG or each in DRAWN or (each[0].name, each[1]) in ALWAYS]


def hers(made: Lived, table: sa.Table) -> str:
    """The rows (SQL) that are about the person and the session that commands are about."""
    photos = f"(SELECT photo FROM photo_owner WHERE subject = '{made.ada.id}')"
    if table is key_rows.key:
        return f"owner = '{made.ada.id}' AND purpose = 'portrait'"
    if table.name == "restriction":
        return "true"  # of others on photos of the session
    if table.name == "subject":
        return f"id = '{made.ada.id}'"
    if "subject" in table.c:
        return f"subject = '{made.ada.id}'"
    if table.name in ("picture", "culling", "disclosed_photo"):
        return f"photo IN {photos}"
    if table.name == "photo":
        return f"guid IN {photos}"
    if "session" in table.c or table.name == "session":
        return f"{'id' if table.name == 'session' else 'session'} = '{made.shoot.session.id}'"
    return "true"


def edit(made: Lived, table: sa.Table, kind: str) -> int:
    name = "keys/subjects.sqlite" if table.name in key_rows.METADATA.tables else "archive.sqlite"
    part = ARCHIVE.tables.get(table.name)
    with edited(made.folder / name) as connection:
        connection.execute(f"ATTACH ? AS {OLDER}", (str(made.older / name),))
        others = f"SELECT part FROM digest WHERE length(part) = 36 AND part IS NOT {table.name}.{part}"
        edits = RowEdits(connection, table, UNIQUE.get(table.name, ()), hers(made, table))
        return edits.do(kind, f"{part} = ({others} LIMIT 1)")


def checked(made: Lived) -> str:
    """All that the check of the opened studio names."""
    report, _ = upkeep.check_studio(made.shoot.studio)
    return "\n".join((*report.problems, *report.quarantined))


@pytest.mark.parametrize(("table", "kind"), SAMPLE, ids=[f"{table.name}-{kind}" for table, kind in SAMPLE])
def test_what_is_done_to_a_row_is_named_and_refused(table: sa.Table, kind: str, studio: Lived) -> None:
    case = (table.name, kind)
    assert edit(studio, table, kind)
    if case in SHUT:
        refused(studio.shoot.reopen)
        return
    studio.shoot.reopen()
    named = checked(studio)
    assert any(each in named for each in (table.name, *ALSO.get(table.name, ()))) is (case not in UNSEEN), named
    relies = OTHERWISE.get(case, RELIES[table.name])
    if isinstance(relies, str):
        refused(lambda: COMMANDS[relies](studio))


def test_the_table_is_large_and_says_of_each_case_who_refuses() -> None:
    assert len(CASES) >= 250
    assert {table.name for table, _ in CASES} == RELIES.keys()
    known = {(table.name, kind) for table, kind in CASES}
    assert OTHERWISE.keys() <= known and UNSEEN.keys() <= known
    assert {each for each in (*RELIES.values(), *OTHERWISE.values()) if isinstance(each, str)} <= COMMANDS.keys()


# The schema and the files ---------------------------------------------------------------------------------------------

SCHEMA = {
    "a trigger": "CREATE TRIGGER kind AFTER INSERT ON journal_entry BEGIN UPDATE status SET revoked_at = NULL; END",
    "a view": "CREATE VIEW nice AS SELECT * FROM status",
    "a table": "CREATE TABLE more (id)",
    "an index less": "DROP INDEX event_by_subject",
    "a column more": "ALTER TABLE status ADD COLUMN more",
    "a trigger less": "DROP TRIGGER status_changed_by_update",
}


@pytest.mark.parametrize("statement", SCHEMA.values(), ids=SCHEMA.keys())
def test_what_is_done_to_the_schema_is_named_and_refused(statement: str, studio: Lived) -> None:
    with sqlite3.connect(studio.folder / "archive.sqlite") as connection:
        connection.execute(statement)
    connection.close()
    studio.shoot.reopen()
    named = checked(studio)
    assert "by another program" in named or "trigger status_changed_by_update" in named
    for name in ("export", "status", "subject add"):
        assert "schema" in refused(lambda name=name: COMMANDS[name](studio))  # type: ignore[misc]


FILES = {
    "studio.json": "open", "archive.sqlite": "open", "keys/master.json": "open", "keys/studio.sealed": "open",
    "keys/subjects.sqlite": "open", "an original": "open an original",
}  # fmt: skip
"""Each kind of file, and the command that needs it; an export leaves the photo out and says why."""
OPENS = {("archive.sqlite", "changed"): "export"}
"""The pages that opening needs are not among those that were changed."""


def original(made: Lived) -> Path:
    """The sealed file of a photo that leaves, with nothing but what lies in the folder."""
    with sqlite3.connect(made.folder / "archive.sqlite") as connection:
        (id,) = connection.execute(
            "SELECT original FROM photo JOIN photo_owner ON photo = guid WHERE subject = ?", (made.ada.id,)
        ).fetchone()
    connection.close()
    return made.folder / "files" / id[:2] / f"{id}.age"


@pytest.mark.parametrize("how", ["changed", "emptied", "deleted", "cut off", "exchanged"])
@pytest.mark.parametrize("file", FILES)
def test_what_is_done_to_a_file_is_named_and_refused(file: str, how: str, studio: Lived) -> None:
    path = original(studio) if file == "an original" else studio.folder / file
    data = path.read_bytes()
    other = next(each for each in sorted(studio.folder.rglob("*.age")) if each != path)
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes({
            "changed": data[: len(data) // 2] + bytes(each ^ 0xFF for each in data[len(data) // 2 :]),
            "emptied": b"",
            "cut off": data[: len(data) // 2],
            "exchanged": other.read_bytes(),
        }[how])  # fmt: skip
    if (file, how) in OPENS:
        studio.shoot.reopen()
        refused(lambda: COMMANDS[OPENS[file, how]](studio))
        assert "sqlite" in refused(lambda: checked(studio))
    elif FILES[file] == "open":
        refused(studio.shoot.reopen)
    else:
        studio.shoot.reopen()
        assert path.stem in checked(studio)
        refused(lambda: COMMANDS[FILES[file]](studio))


def test_a_file_that_was_planted_is_put_aside(studio: Lived) -> None:
    """Wherever it was put."""
    planted = original(studio).with_name(f"{'ab' * 32}.age")
    planted.write_bytes(b"age-encryption.org/v1")
    studio.shoot.reopen()
    assert f"quarantine/{planted.name}" in checked(studio) and not planted.exists()


OLDER_FILES = {
    "archive.sqlite": Nobody("it is not told from that day: its digests and its signed head are of that day too"),
    "keys/subjects.sqlite": Nobody("keys made since are missed; it does not tell that one was destroyed since"),
    "keys/master.json": Nobody("it wraps the same key, under a passphrase of before"),
    "keys/studio.sealed": Nobody("it holds the same keys, unless they were renewed since: then nobody knows the head"),
}
"""Whole files as they were an hour ago: what remains possible with a folder and an older copy of it."""


@pytest.mark.parametrize("file", OLDER_FILES)
def test_an_older_file_put_back_loses_nothing_quietly(file: str, studio: Lived) -> None:
    shutil.copyfile(studio.older / file, studio.folder / file)
    kept = {each.name for each in studio.folder.rglob("*.age")}
    studio.shoot.reopen()
    checked(studio)
    assert {each.name for each in studio.folder.rglob("*.age")} == kept, "nothing is deleted"
