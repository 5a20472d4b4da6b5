"""Rows of a catalogue that somebody changed without the key: whoever would rely on them refuses, the check names them.

Each case is what the edit was for: a "no" that came later gone, a bit that was set unset, a key that was replaced.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.founding import agency_card, agency_identity, open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.queries.photos import list_photos, photo_of_file
from safelight.agency.questions import may
from safelight.agency.refreshing import refresh_status
from safelight.agency.reports import report_rows
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.domain.errors import Malformed
from safelight.keys.master import MasterKey
from safelight.keys.secrets import load_secrets, save_secrets
from safelight.keys.wrapping import unlock_with_passphrase
from support import deliveries
from support.without_key import edited, exchange_index

PASSPHRASE = "four unrelated words here"
USE = "use.directory"


class Desk:
    """An agency that closes its catalogue for whoever edits it, and opens it again; ``out`` is no part of it."""

    def __init__(self, agency: OpenAgency, studio: Any, out: Path) -> None:
        self.agency, self.studio, self.out = agency, studio, out
        self.numbers = iter(range(1, 100))

    def deliver(self, *shots: Any, **told: Any) -> Path:
        number = next(self.numbers)
        file = self.out / f"{number}.age"
        self.studio.deliver(file, number, shots, [USE], **told)
        return file

    def take(self, *shots: Any, **told: Any) -> None:
        import_bundle(self.agency, self.deliver(*shots, **told))

    def may(self, photo: str) -> bool:
        return may(self.agency, photo, USE, "FR")[0].decision.allowed

    def reopen(self) -> None:
        self.agency.catalogue.close()
        self.agency = open_agency(self.agency.catalogue.folder.path, PASSPHRASE, clock=self.agency.clock)

    def as_of_now(self) -> Path:
        return Path(shutil.copyfile(self.agency.catalogue.folder.database, self.out / "before.sqlite"))

    @contextlib.contextmanager
    def behind(self, before: Path | None = None) -> Iterator[sqlite3.Connection]:
        self.agency.catalogue.close()
        with edited(self.agency.catalogue.folder.database) as connection:
            if before is not None:
                connection.execute("COMMIT")
                connection.execute("ATTACH ? AS older", (str(before),))
                connection.execute("BEGIN IMMEDIATE")
            yield connection
        self.reopen()

    def list_file(self) -> Path:
        """A folder with the studio's list as it is now."""
        folder = self.out / "list"
        folder.mkdir(exist_ok=True)
        listed = self.studio.listed(1, self.agency.now(), self.agency.now() + timedelta(days=30))
        (folder / "list.json").write_bytes(listed)
        (folder / "list.json.sig").write_bytes(self.studio._sign(listed, "safelight-status"))
        return folder

    def problems(self) -> tuple[str, ...]:
        return check_agency(self.agency)[0].problems

    def named(self, *what: str) -> None:
        assert all(any(word in each for each in self.problems()) for word in what), (what, self.problems())


@pytest.fixture
def desk(agency: OpenAgency, studio: Any, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(agency, studio, tmp_path)
    yield made
    made.agency.catalogue.close()


def refused(act: Callable[[], object], *words: str) -> None:
    """``act`` is refused in one sentence that says so, and how to go on."""
    with pytest.raises(Malformed) as caught:
        act()
    assert caught.value.title.endswith(".") and caught.value.title.count(". ") == 0
    assert all(word in caught.value.title for word in words), caught.value.title
    assert "agency check" in caught.value.hint and "studio check" not in caught.value.hint


def every_command(desk: Desk, photo: str) -> dict[str, Callable[[], object]]:
    """What an agency asks about its photos."""
    return {
        "may": lambda: desk.may(photo),
        "report": lambda: report_rows(desk.agency),
        "list": lambda: list_photos(desk.agency),
    }


def test_an_honest_agency_is_relied_on(desk: Desk, shot: Any) -> None:
    first, second = shot(), shot()
    desk.take((first, [desk.studio.receipt([USE])]))
    desk.take((first, [desk.studio.receipt([USE])]), (second, [desk.studio.receipt([USE])]))
    refresh_status(desk.agency, desk.list_file())
    trust_studio(desk.agency, desk.studio.card(at=deliveries.START + timedelta(hours=1)))
    assert agency_card(desk.agency) and agency_identity(desk.agency)
    for _ in range(2):
        assert desk.may(first.guid) and desk.may(second.guid) and not desk.may(deliveries.new_uuid())
        assert len(report_rows(desk.agency)[0]) == len(list_photos(desk.agency)) == 2
        assert desk.problems() == ()
        desk.reopen()


def test_a_no_that_came_later_put_back_to_the_yes_before(desk: Desk, shot: Any) -> None:
    """The studio found out that somebody else is on the picture, who said no; the older row knew one person."""
    somebody, other = deliveries.Person(), deliveries.Person()
    photo = shot(somebody)
    desk.take((photo, [desk.studio.receipt([USE])]))
    assert desk.may(photo.guid)
    before = desk.as_of_now()
    both = replace(photo, people=(somebody, other))
    desk.take((both, [desk.studio.receipt([USE])]), at=deliveries.START + timedelta(minutes=1))
    assert not desk.may(photo.guid)
    with desk.behind(before) as connection:
        connection.execute("REPLACE INTO main.photo SELECT * FROM older.photo")
    for act in every_command(desk, photo.guid).values():
        refused(act, "changed or exchanged by another program", "table photo")
    refused(lambda: desk.take((photo, [desk.studio.receipt([USE])])), "table photo")
    file = desk.out / "photo.jpg"
    file.write_bytes(photo.data)
    refused(lambda: photo_of_file(desk.agency, file), "table photo")
    desk.named("(table photo)")


def test_a_bit_that_was_set_put_back(desk: Desk, shot: Any) -> None:
    photo, receipt = shot(), desk.studio.receipt([USE])
    desk.take((photo, [receipt]))
    before = desk.as_of_now()
    desk.studio.end(receipt, USE)
    desk.agency.clock.forward(hours=1)  # type: ignore[attr-defined]
    refresh_status(desk.agency, desk.list_file())
    assert not desk.may(photo.guid)
    with desk.behind(before) as connection:
        connection.execute("REPLACE INTO main.status SELECT * FROM older.status")
    for act in every_command(desk, photo.guid).values():
        refused(act, "table status")
    refused(lambda: refresh_status(desk.agency, desk.list_file()), "table status")
    refused(lambda: desk.take((shot(), [desk.studio.receipt([USE])])), "table status")
    desk.named("table status")


def test_a_key_that_was_replaced_put_back(desk: Desk, shot: Any) -> None:
    before = desk.as_of_now()
    old, desk.studio.key = desk.studio.key, desk.studio.new_key()
    trust_studio(desk.agency, desk.studio.card(previous=old, at=deliveries.START + timedelta(hours=1)))
    with desk.behind(before) as connection:
        connection.execute("REPLACE INTO main.pin SELECT * FROM older.pin")
    desk.studio.key = old
    refused(lambda: desk.take((shot(), [desk.studio.receipt([USE])])), "table pin")
    refused(lambda: trust_studio(desk.agency, desk.studio.card()), "table pin")
    refused(lambda: refresh_status(desk.agency, desk.list_file()), "table pin")
    desk.named("table pin")


@pytest.mark.parametrize("table", ["record", "photo", "status", "pin", "bundle"])
def test_rows_deleted(table: str, desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    with desk.behind() as connection:
        assert connection.execute(f"DELETE FROM {table}").rowcount == 1
    for name, act in every_command(desk, photo.guid).items():
        if table == "bundle" and name == "may":
            assert desk.may(photo.guid)  # what a bundle is for decides only about a use the rules do not know
        else:
            refused(act, "removed by another program", f"table {table}")
    if table == "bundle":
        refused(lambda: may(desk.agency, photo.guid, "use.of-tomorrow", "FR"), "table bundle")
        refused(lambda: desk.take((shot(), [desk.studio.receipt([USE])])), "table bundle")
    desk.named(f"table {table}")


def test_whoever_lets_another_studio_off_what_it_was_told(desk: Desk, shot: Any, new_studio: Any) -> None:
    """Two studios delivered one picture, and one was told no: its row is made to look like another picture."""
    picture = shot()
    desk.take((picture, [desk.studio.receipt([USE])]))
    first, desk.studio = desk.studio, new_studio("Another")
    twin, no = replace(picture, guid=deliveries.new_uuid()), desk.studio.receipt([USE])
    desk.studio.end(no, USE)
    desk.numbers = iter(range(1, 100))
    desk.take((twin, [no]))
    assert not desk.may(picture.guid) and first is not desk.studio
    with desk.behind() as connection:
        assert connection.execute("UPDATE photo SET tag = ? WHERE guid = ?", ("ab" * 32, twin.guid)).rowcount == 1
    refused(lambda: desk.may(picture.guid), "table photo")
    desk.named("table photo")


@pytest.mark.parametrize("index", ["ix_photo_tag", "sqlite_autoindex_photo_1", "sqlite_autoindex_status_1"])
def test_rows_that_an_index_does_not_find(index: str, desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    with desk.behind() as connection:
        table, column = ("photo", "tag" if "tag" in index else "guid") if "photo" in index else ("status", "studio")
        exchange_index(connection, table, column, index)
    for act in (*every_command(desk, photo.guid).values(), lambda: desk.take((shot(), [desk.studio.receipt([USE])]))):
        with pytest.raises(Malformed, match=r"An index does not hold|table photo"):
            act()
    assert any(index in each for each in desk.problems())


def test_an_older_row_that_only_the_index_of_ids_finds(desk: Desk, shot: Any) -> None:
    """The row that counts is found by its tag, and is all that digests see; a second one stands where its id leads."""
    somebody = deliveries.Person()
    photo = shot(somebody)
    desk.take((photo, [desk.studio.receipt([USE])]))
    before = desk.as_of_now()
    both = replace(photo, people=(somebody, deliveries.Person()))
    desk.take((both, [desk.studio.receipt([USE])]), at=deliveries.START + timedelta(minutes=1))
    with desk.behind() as connection:
        exchange_index(connection, "photo", "guid", "sqlite_autoindex_photo_1")
    with desk.behind(before) as connection:
        connection.execute("UPDATE older.photo SET ordinal = ordinal + 50")
        connection.execute("INSERT INTO main.photo SELECT * FROM older.photo")
        exchange_index(connection, "photo", "tag", "ix_photo_tag", "ordinal < 50")
    database = desk.agency.catalogue.folder.database
    with contextlib.closing(sqlite3.connect(database)) as connection:
        find = "SELECT ordinal FROM photo WHERE {} = (SELECT {} FROM photo LIMIT 1)"
        assert connection.execute(find.format("guid", "guid")).fetchall() == [(51,)]
        assert connection.execute(find.format("tag", "tag")).fetchall() == [(1,)]
    assert not desk.may(photo.guid), "what is read is the row that digests vouch for"
    for act in (lambda: list_photos(desk.agency), lambda: report_rows(desk.agency)):
        refused(act, "An index does not hold what its table holds")
    desk.named("table photo", "sqlite_autoindex_photo_1")


def test_a_planted_trigger_and_a_view(desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    with desk.behind() as connection:
        connection.execute("CREATE TRIGGER kind AFTER INSERT ON journal_entry BEGIN DELETE FROM status; END")
    for act in every_command(desk, photo.guid).values():
        refused(act, "schema of the catalogue")
    assert any("trigger kind was put in" in each for each in desk.problems())


def test_the_newest_time_seen_set_back(desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    with desk.behind() as connection:
        connection.execute("UPDATE mark SET newest_seen = '2001-01-01T00:00:00Z'")
    for act in every_command(desk, photo.guid).values():
        refused(act, "table mark")
    desk.named("table mark")


def test_the_end_of_the_journal_cut_off_with_its_signature(desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    with desk.behind() as connection:
        connection.execute("DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)")
        connection.execute("DELETE FROM journal_head")
    refused_to_write = pytest.raises(Malformed, match="signature over the end of the journal was removed")
    with refused_to_write:
        desk.may(photo.guid)
    desk.named("never signed", "table journal_entry")


def test_an_older_name_put_back(desk: Desk) -> None:
    before = desk.as_of_now()
    catalogue = desk.agency.catalogue
    with catalogue.transaction(desk.agency.now()) as writing:
        catalogue.trusted_studios.put_own(writing, replace(desk.agency.identity, name="Agence Nouvelle"))
    with desk.behind(before) as connection:
        connection.execute("REPLACE INTO main.own SELECT * FROM older.own")
    for command in (agency_card, agency_identity, report_rows):
        refused(partial(command, desk.agency), "table own")
    desk.named("table own")


def test_a_file_whose_row_was_removed_is_not_deleted(desk: Desk, shot: Any) -> None:
    """Nor is it where somebody also left the marker of an import that was cut off."""
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    folder = desk.agency.catalogue.folder
    kept = {each.name: each.read_bytes() for each in folder.files.rglob("*.age")}
    older = desk.as_of_now()
    desk.take((shot(), [desk.studio.receipt([USE])]))
    everything = {each.name: each.read_bytes() for each in folder.files.rglob("*.age")}
    desk.agency.catalogue.close()
    shutil.copyfile(older, folder.database)
    folder.importing.write_bytes(b"")
    desk.agency = open_agency(folder.path, PASSPHRASE, clock=desk.agency.clock)
    there = {each.name: each.read_bytes() for each in (*folder.files.rglob("*.age"), *folder.quarantine.glob("*.age"))}
    assert there == everything and {each.name for each in folder.files.rglob("*.age")} == kept.keys()
    report, _ = check_agency(desk.agency)
    assert len(report.quarantined) == len(everything) - len(kept) + 1  # and the keys of the photo
    with desk.behind() as connection:
        connection.execute("DELETE FROM file_owner")
        connection.execute("DELETE FROM file WHERE id NOT IN (SELECT front FROM bundle)")
    desk.named("table file")
    assert {each.name for each in folder.files.rglob("*.age")} == kept.keys()


# Catalogues of before there were digests ------------------------------------------------------------------------------

WITHDRAWAL = ("withdrawal_notice", "ended_record", "photo_notice", "registered_use", "feed", "sent_ack")
BEFORE = (
    *(f"DROP TABLE {each}" for each in WITHDRAWAL),
    "DROP TABLE digest",
    "UPDATE alembic_version SET version_num = '0002'",
)


def _master(desk: Desk) -> MasterKey:
    return unlock_with_passphrase(desk.agency.catalogue.folder.master, PASSPHRASE, desk.agency.identity.id)


def test_a_catalogue_of_before_there_were_digests_is_taken_as_it_is_once(desk: Desk, shot: Any) -> None:
    photo = shot()
    desk.take((photo, [desk.studio.receipt([USE])]))
    folder, own = desk.agency.catalogue.folder, desk.agency.identity.id
    secrets = load_secrets(folder.secrets, _master(desk), own)
    save_secrets(folder.secrets, _master(desk), own, replace(secrets, digested=False))
    with desk.behind() as connection:
        for statement in BEFORE:
            connection.execute(statement)
    assert desk.may(photo.guid) and desk.problems() == ()
    assert load_secrets(folder.secrets, _master(desk), own).digested
    assert (folder.path / "catalogue.before-upgrade-from-0002.sqlite").exists()


def test_a_catalogue_set_back_to_before_there_were_digests(desk: Desk, shot: Any) -> None:
    desk.take((shot(), [desk.studio.receipt([USE])]))
    with pytest.raises(Malformed, match="agency had digests and have none any more"), desk.behind() as connection:
        for statement in BEFORE:
            connection.execute(statement)
