"""The tamper table of an agency: each table and file, and everything that can be done to it without the key.

Whatever is done, the check of the agency names it, and the command that would rely on it refuses; where none does, the
reason stands beside the case. A seeded sample in every run, all of it with ``--long``.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from safelight.agency.answering import answer_notices
from safelight.agency.applying import take_notices
from safelight.agency.founding import Founding, agency_card, found_agency, open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.published import refresh_published
from safelight.agency.queries.photos import list_photos
from safelight.agency.questions import may
from safelight.agency.registered_uses import UsedFor, end_use, list_uses, register_use
from safelight.agency.reports import report_rows
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.documents.acknowledgements import UseKind
from safelight.documents.identity_cards import read_card
from safelight.documents.withdrawal_notices import PhotoState
from safelight.keys.passphrases import FLOOR_COST
from safelight.storage import catalogue_tables, key_rows
from support import deliveries
from support.derived_keys import keys_derived_once
from support.notices import NoticeBook, ended, said
from support.row_edits import OLDER, RowEdits, kinds_of_edit, refused
from support.sampling import LONG
from support.without_key import edited

USE, PASSPHRASE = "use.directory", "four unrelated words here"
WRITTEN_AGAIN = {"mark", "own", "pin", "status", "photo", "photo_notice", "registered_use", "feed", "sent_ack",
                 "journal_head", "digest"}  # fmt: skip
"""The tables of which the older copy has a row that reads otherwise now."""


@dataclass(frozen=True)
class Lived:
    """The folder of an agency that was closed, another of an hour before, a bundle it has not, and what it asks."""

    folder: Path
    older: Path
    bundle: Path
    photo: str
    published: Path
    now: Any
    opened: tuple[OpenAgency, ...] = ()

    @property
    def agency(self) -> OpenAgency:
        return self.opened[0]


def follow(agency: OpenAgency, book: NoticeBook, shots: list[deliveries.Shot], receipt: Any, folder: Path) -> None:
    """A use that ends, a photo that is held back and then released, a use of it that is taken down, and the answer."""
    again = len(shots) > 1
    state = PhotoState.RELEASED if again else PhotoState.WITHHELD
    take_notices(agency, [book.write([ended(receipt, USE, shots[-1])], [said(shots[0], state)], at=agency.now())])
    used = UsedFor(shots[0].guid, UseKind.WEB, "Page")
    if again:
        end_use(agency, used)
    else:
        register_use(agency, used)
    answer_notices(agency, book.studio.identity.id)
    book.publish(folder, agency.now())
    refresh_published(agency, folder)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """One agency for the whole table; whoever edits it edits a copy."""
    home = tmp_path_factory.mktemp("tampered")
    now = [deliveries.START]
    picture = deliveries.small_jpeg
    with keys_derived_once():
        wanted = Founding("Agence Lumière", "FR", "rights@lumiere.example")
        with found_agency(home / "agency", wanted, PASSPHRASE, clock=lambda: now[0], cost=FLOOR_COST) as agency:
            studios = [deliveries.StudioDouble(name, read_card(agency_card(agency)).as_recipient())
                       for name in ("Atelier", "Another")]  # fmt: skip
            books = [NoticeBook(each) for each in studios]
            mine: list[list[deliveries.Shot]] = [[] for _ in studios]
            people = [deliveries.Person(), deliveries.Person()]
            shots = [deliveries.Shot((each,), picture(shade)) for shade, each in enumerate(people)]
            for turn in range(2):
                now[0] += timedelta(hours=1)
                for number, (studio, book) in enumerate(zip(studios, books, strict=True)):
                    trust_studio(agency, studio.card(at=now[0]))
                    file = home / f"{turn}-{number}.age"
                    taken = [shots[number], deliveries.Shot((deliveries.Person(),), picture(10 + 2 * turn + number))]
                    asked = [(each, [studio.receipt([USE])]) for each in taken]
                    studio.deliver(file, turn + 1, asked, [USE], at=now[0])
                    import_bundle(agency, file)
                    may(agency, taken[0].guid, USE, "FR")
                    mine[number].append(taken[1])
                    follow(agency, book, mine[number], asked[1][1][0], home / f"published-{number}")
                with agency.catalogue.transaction(now[0]) as t:
                    agency.catalogue.trusted_studios.put_own(t, agency.identity)
                if turn == 0:
                    shutil.copytree(home / "agency", home / "older")
            studios[0].deliver(home / "next.age", 3, [(shots[0], [studios[0].receipt([USE])])], [USE], at=now[0])
            assert check_agency(agency)[0].problems == ()
        yield Lived(home / "agency", home / "older", home / "next.age", shots[0].guid, home / "published-0", now[0])


@pytest.fixture
def made(lived: Lived, tmp_path: Path) -> Iterator[Lived]:
    """A copy of it, not open yet."""
    shutil.copytree(lived.folder, tmp_path / "agency")
    with keys_derived_once():
        yield replace(lived, folder=tmp_path / "agency")


def opening(lived: Lived) -> OpenAgency:
    return open_agency(lived.folder, PASSPHRASE, clock=lambda: lived.now)


COMMANDS: Mapping[str, Callable[[OpenAgency, Lived], object]] = {
    "may": lambda agency, made: may(agency, made.photo, USE, "FR"),
    "report": lambda agency, _: report_rows(agency),
    "list": lambda agency, _: list_photos(agency),
    "answer": lambda agency, _: answer_notices(agency, agency.catalogue.trusted_studios.list()[0].studio),
    "uses": lambda agency, _: list_uses(agency),
    "import": lambda agency, made: import_bundle(agency, made.bundle),
    "refresh": lambda agency, made: refresh_published(agency, made.published),
    "card": lambda agency, _: agency_card(agency),
}


@dataclass(frozen=True)
class Nobody:
    """Why no command refuses."""

    because: str


RELIES: Mapping[str, str | Nobody] = {
    "mark": "may",
    "own": "card",
    "pin": "import",
    "status": "may",
    "bundle": "import",
    "photo": "list",
    "record": "list",
    "file": Nobody("what a sealed photo names is found by its hash; these rows tell the check alone what is loose"),
    "file_owner": Nobody("whose a file is shows by opening it: that takes the key of the photo"),
    "journal_entry": Nobody("what was asked and answered decides about no other answer"),
    "journal_head": Nobody("whoever writes signs anew what the digests vouch for, and those stand under no other key"),
    "withdrawal_notice": "answer",
    "ended_record": "may",
    "photo_notice": "may",
    "registered_use": "uses",
    "feed": "refresh",
    "sent_ack": "answer",
    "digest": "list",
    "subject_key": Nobody("a picture opens under its own key alone; whether it may be used rests on no key of a photo"),
    "gone": Nobody("it says why a key is missing, and none is"),
}
"""Which command relies on a row of each table, and refuses."""
OTHERWISE: Mapping[tuple[str, str], str | Nobody] = {
    **{("record", kind): Nobody("no photo came under it: a record is found by its id alone")
       for kind in ("duplicated", "planted")},
    ("journal_head", "deleted"): "may",
    ("journal_head", "emptied"): "may",
    ("journal_head", "number changed"): "may",
    ("journal_head", "hash changed"): "may",
    **{("journal_entry", kind): "may" for kind in ("number changed", "duplicated", "planted", "emptied")},
}  # fmt: skip
SHUT = {
    *(("mark", each) for each in ("studio changed", "deleted", "emptied")),
    *(("own", each) for each in ("name changed", "version changed", "sealed changed", "deleted", "emptied")),
    ("subject_key", "emptied"),
}
"""After these the agency does not open: every command is refused, the check as well."""
ALSO = {"subject_key": ("photos.sqlite", "keys-"), "journal_head": ("journal",)}
"""By what else than its name the check speaks of a table."""
UNSEEN: Mapping[tuple[str, str], str] = {
    ("subject_key", "created_at changed"): "it only delays that a key nobody uses is put aside",
}
"""What the check does not name, and why that is no harm."""

CASES = [
    (table, kind)
    for table in (*catalogue_tables.METADATA.tables.values(), key_rows.key)
    for kind in kinds_of_edit(table, False, table.name in WRITTEN_AGAIN)
]
ALWAYS = {("bundle", "sealed changed"), ("subject_key", "deleted"), ("mark", "duplicated")}
"""What was not named, or in no sentence for people, before there was this table."""
DRAWN = random.Random("tamper table").sample(CASES, 25)
SAMPLE = [each for each in CASES if LONG or each in DRAWN or (each[0].name, each[1]) in ALWAYS]


def edit(made: Lived, table: sa.Table, kind: str) -> int:
    name = "keys/photos.sqlite" if table.name in key_rows.METADATA.tables else "catalogue.sqlite"
    with edited(made.folder / name) as connection:
        connection.execute(f"ATTACH ? AS {OLDER}", (str(made.older / name),))
        of_a_photo = f"owner = '{made.photo}'" if table is key_rows.key else "true"
        return RowEdits(connection, table, among=of_a_photo).do(kind)


def checked(agency: OpenAgency) -> str:
    report, _ = check_agency(agency)
    return "\n".join((*report.problems, *report.quarantined))


@pytest.mark.parametrize(("table", "kind"), SAMPLE, ids=[f"{table.name}-{kind}" for table, kind in SAMPLE])
def test_what_is_done_to_a_row_is_named_and_refused(table: sa.Table, kind: str, made: Lived) -> None:
    case = (table.name, kind)
    assert edit(made, table, kind)
    if case in SHUT:
        refused(lambda: opening(made))
        return
    with opening(made) as agency:
        named = checked(agency)
        assert any(each in named for each in (table.name, *ALSO.get(table.name, ()))) is (case not in UNSEEN), named
        relies = OTHERWISE.get(case, RELIES[table.name])
        if isinstance(relies, str):
            refused(lambda: COMMANDS[relies](agency, made))


def test_the_table_says_of_each_case_who_refuses() -> None:
    assert len(CASES) >= 100
    known = {(table.name, kind) for table, kind in CASES}
    assert {name for name, _ in known} | {"gone"} == RELIES.keys()
    assert OTHERWISE.keys() <= known and UNSEEN.keys() <= known and known >= SHUT
    assert {each for each in (*RELIES.values(), *OTHERWISE.values()) if isinstance(each, str)} <= COMMANDS.keys()


OPENS = {("catalogue.sqlite", "changed")}
"""The pages that opening needs are not among those that were changed."""


@pytest.mark.parametrize("how", ["changed", "emptied", "deleted", "cut off", "exchanged"])
@pytest.mark.parametrize(
    "file",
    ["agency.json", "catalogue.sqlite", "keys/master.json", "keys/agency.sealed", "keys/photos.sqlite", "a picture"],
)
def test_what_is_done_to_a_file_is_named_and_refused(file: str, how: str, made: Lived) -> None:
    sealed = sorted(made.folder.rglob("*.age"))
    path = sealed[0] if file == "a picture" else made.folder / file
    data = path.read_bytes()
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes({
            "changed": data[: len(data) // 2] + bytes(each ^ 0xFF for each in data[len(data) // 2 :]),
            "emptied": b"",
            "cut off": data[: len(data) // 2],
            "exchanged": sealed[1].read_bytes(),
        }[how])  # fmt: skip
    if (file, how) not in OPENS and file != "a picture":
        refused(lambda: opening(made))
        return
    with opening(made) as agency:  # no command hands out a picture; what may be used rests on rows
        if file == "a picture":
            assert path.stem in checked(agency)
        else:
            refused(lambda: COMMANDS["list"](agency, made))
            assert "sqlite" in refused(lambda: checked(agency))


OLDER_FILES = {
    "catalogue.sqlite": Nobody("it is not told from that day: its digests and its signed head are of that day too"),
    "keys/photos.sqlite": Nobody("the keys of photos that came since are missed"),
}
"""Whole files as they were an hour ago: what remains possible with a folder and an older copy of it."""


@pytest.mark.parametrize("file", OLDER_FILES)
def test_an_older_file_put_back_loses_nothing_quietly(file: str, made: Lived) -> None:
    shutil.copyfile(made.older / file, made.folder / file)
    kept = {each.name for each in made.folder.rglob("*.age")}
    with opening(made) as agency:
        named = checked(agency)
        assert file != "keys/photos.sqlite" or "photos.sqlite" in named or "key" in named, named
    assert {each.name for each in made.folder.rglob("*.age")} == kept, "nothing is deleted"
