"""Rows that somebody changed without the key: the command that would rely on them refuses, and the check names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from safelight.domain.culling import Culling, Pick
from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import Country, PhotoGuid, ScopeId
from safelight.keys.secrets import save_secrets
from safelight.studio import founding, intake, upkeep
from safelight.studio.deliveries import deliver
from safelight.studio.originals import original_of
from safelight.studio.queries.permissions import who_allows
from safelight.studio.receipts import issue_receipt
from safelight.studio.screen_pin import is_screen_pin, set_screen_pin
from safelight.studio.staff import add_staff
from safelight.studio.staff_pins import check_pin
from safelight.studio.status_lists import write_status
from support.another_program import as_of_now, behind
from support.before_digests import NEWER
from support.one_yes import TO, USE, export, ready
from support.shoot import Shoot, said_yes
from support.without_key import exchange_index


def problems(shoot: Shoot) -> tuple[str, ...]:
    return upkeep.check_studio(shoot.studio)[0].problems


def refused(act: Callable[[], object], *words: str) -> None:
    """``act`` is refused in one sentence that says so, and how to go on."""
    with pytest.raises(Malformed) as caught:
        act()
    assert caught.value.title.endswith(".") and caught.value.title.count(". ") == 0
    assert all(word in caught.value.title for word in words), caught.value.title
    assert "studio check" in caught.value.hint and "restore a backup" in caught.value.hint


def test_an_honest_studio_is_relied_on(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    shoot.check(person)
    issue_receipt(shoot.studio, person.id)
    assert export(shoot) and problems(shoot) == ()


def test_a_no_that_was_removed_with_every_trace_of_it(shoot: Shoot) -> None:
    """Rows, the end of the journal and its signature: what is left is consistent, and was so once."""
    person, _ = ready(shoot)
    entries = shoot.studio.archive.journal.head()
    assert entries is not None
    shoot.clock.on(hours=1)
    shoot.ask(person)
    with behind(shoot) as connection:
        (kept,) = connection.execute("SELECT min(ordinal) FROM receipt").fetchone()
        records = connection.execute("SELECT record, count(*) FROM consent_event GROUP BY record").fetchall()
        connection.execute("DELETE FROM receipt WHERE ordinal > ?", (kept,))
        connection.execute("DELETE FROM consent_event WHERE sequence > 1")
        connection.execute("DELETE FROM consent_event WHERE at > '2026-05-04T09:30:00Z'")
        connection.execute("UPDATE status SET revoked_at = NULL")
        connection.execute("DELETE FROM journal_entry WHERE number > ?", (entries.number,))
        connection.execute("DELETE FROM journal_head")
        assert records
    refused(lambda: export(shoot), "Ada Falk", "removed by another program", "consent_event")
    refused(lambda: who_allows(shoot.studio, ScopeId(USE), Country("DE")), "Ada Falk")
    refused(lambda: shoot.ask(person), "Ada Falk")
    refused(lambda: issue_receipt(shoot.studio, person.id), "Ada Falk")
    refused(lambda: deliver(shoot.studio, person, shoot.scratch / "hers"), "Ada Falk")
    refused(lambda: write_status(shoot.studio), "status")
    refused(lambda: shoot.person("Next"), "signature over the end of the journal was removed")
    assert not (shoot.scratch / "out.age").exists()
    found = problems(shoot)
    for table in ("consent_event", "receipt", "status", "journal_entry", "journal_head"):
        assert any(table in each for each in found), (table, found)


def test_other_peoples_pictures_leave_all_the_same(shoot: Shoot) -> None:
    ready(shoot)
    other = shoot.person("Bo Lind")
    shoot.ask(other)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM consent_event WHERE subject = ? AND sequence = 1", (other.id,))
    assert export(shoot)
    assert any("Bo Lind" in each for each in problems(shoot))


def test_the_originals_of_two_photos_exchanged(shoot: Shoot) -> None:
    """The picture of somebody who refused under the name of a photo that may leave."""
    _, photo = ready(shoot)
    other = shoot.person("Bo Lind")
    shoot.ask(other)
    theirs = shoot.photo(other)
    with behind(shoot) as connection:
        originals = dict(connection.execute("SELECT guid, original FROM photo").fetchall())
        for one, two in ((photo, theirs), (theirs, photo)):
            connection.execute("UPDATE photo SET original = ? WHERE guid = ?", (originals[two.guid], one.guid))
    refused(lambda: export(shoot), "exchanged by another program", "photo")
    refused(lambda: original_of(shoot.studio, photo), photo.guid, "belongs to other people")
    assert any("table photo" in each for each in problems(shoot))


def test_the_originals_of_one_persons_photos_exchanged(shoot: Shoot) -> None:
    person, photo = ready(shoot)
    second = shoot.photo(person)
    with behind(shoot) as connection:
        originals = dict(connection.execute("SELECT guid, original FROM photo").fetchall())
        for one, two in ((photo, second), (second, photo)):
            connection.execute("UPDATE photo SET original = ? WHERE guid = ?", (originals[two.guid], one.guid))
    refused(lambda: export(shoot), "photo")
    refused(lambda: original_of(shoot.studio, photo), photo.guid, "not the picture that came in")


def test_a_check_moved_to_another_receipt(shoot: Shoot) -> None:
    """No digest is asked: a check is signed and names its receipt, so that the photo waits for another one."""
    person, checked = shoot.person(), "ai.retouch"
    shoot.ask(person, said_yes(checked, shoot.agencies[TO]))
    shoot.photo(person)
    shoot.check(person)
    assert shoot.why(TO, checked) == set()
    shoot.clock.on(hours=1)
    shoot.ask(person, said_yes(checked, shoot.agencies[TO]))
    with behind(shoot) as connection:
        connection.execute("UPDATE validation SET receipt = (SELECT id FROM receipt ORDER BY ordinal DESC LIMIT 1)")
    assert shoot.why(TO, checked) == {("not-validated", "a second person has not checked this consent")}
    assert any("is about another receipt" in each and "table validation" in each for each in problems(shoot))


def test_a_rejected_photo_whose_mark_was_removed(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.culling.put(writing, photo.guid, Culling(mark=Pick.REJECT))
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    refused(lambda: export(shoot), "culling")


@pytest.mark.parametrize("index", ["sqlite_autoindex_culling_1", "sqlite_autoindex_photo_1"])
def test_a_rejected_photo_whose_mark_an_index_does_not_find(shoot: Shoot, index: str) -> None:
    """All rows are there and the schema reads as before, but the index by which they are found is another one."""
    _, photo = ready(shoot)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.culling.put(writing, photo.guid, Culling(mark=Pick.REJECT))
    with behind(shoot) as connection:
        table, column = ("culling", "photo") if "culling" in index else ("photo", "guid")
        exchange_index(connection, table, column, index)
    if table == "culling":
        refused(lambda: export(shoot), "An index does not hold what its table holds")
    with pytest.raises(SafelightError):  # what is said of a photo may be looked for from either side
        export(shoot)
    assert not (shoot.scratch / "out.age").exists()
    assert any(index in each for each in problems(shoot))


def test_a_photo_that_was_put_back_to_whom_it_belonged_before(shoot: Shoot) -> None:
    person, photo = ready(shoot)
    before = as_of_now(shoot)
    other = shoot.person("Bo Lind")
    shoot.ask(other)
    intake.assign_photo(shoot.studio, photo, (other.id,))
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        for table, key in (("photo", "guid"), ("photo_owner", "photo"), ("picture", "photo")):
            connection.execute(f"DELETE FROM main.{table} WHERE {key} = ?", (photo.guid,))
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM older.{table} WHERE {key} = ?", (photo.guid,))
    assert shoot.studio.archive.photos.get(PhotoGuid(photo.guid)).subjects == (person.id,)
    refused(lambda: export(shoot), "another program")
    assert problems(shoot)


def test_whoever_refused_taken_off_a_picture_of_two(shoot: Shoot) -> None:
    """The row is the refuser's, about whom nobody asks any more; but photo and file need the keys of both to open."""
    person, _ = ready(shoot)
    other = shoot.person("Bo Lind")
    shoot.ask(other)
    both = shoot.photo(person, other)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM photo_owner WHERE subject = ?", (other.id,))
        connection.execute("DELETE FROM file_owner WHERE owner = ?", (other.id,))
    with pytest.raises(SafelightError):
        export(shoot)
    assert not (shoot.scratch / "out.age").exists()
    with pytest.raises(SafelightError):
        original_of(shoot.studio, shoot.studio.archive.photos.get(both.guid))
    assert any("photo_owner" in each for each in problems(shoot))


def test_a_pin_of_before_put_back(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, "2468")
    before = as_of_now(shoot)
    set_screen_pin(shoot.studio, "1357")
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("REPLACE INTO main.setting SELECT * FROM older.setting WHERE name LIKE '%screen-pin'")
    refused(lambda: is_screen_pin(shoot.studio, "2468"), "setting")
    refused(lambda: check_pin(shoot.studio, shoot.staff["Robin"], "2718"), "setting")
    assert any("table setting" in each for each in problems(shoot))


def test_people_whose_session_was_removed_are_told_of_all_the_same(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM session")
    (row,) = who_allows(shoot.studio, ScopeId(USE), Country("DE"))
    assert row.subject == person.id and shoot.session.id.startswith(row.session_name)
    assert any("table session" in each for each in problems(shoot))


def test_a_planted_trigger_that_takes_back_what_the_status_list_says(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    with behind(shoot) as connection:
        connection.execute(
            "CREATE TRIGGER kind AFTER INSERT ON journal_entry BEGIN UPDATE status SET revoked_at = NULL; END"
        )
    refused(lambda: shoot.ask(person), "schema of the archive")
    refused(lambda: write_status(shoot.studio), "schema of the archive")
    assert any("trigger kind was put in" in each for each in problems(shoot))


def test_bits_of_the_status_list_set_back(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    shoot.clock.on(hours=1)
    shoot.ask(person)
    with behind(shoot) as connection:
        connection.execute("UPDATE status SET revoked_at = NULL")
    refused(lambda: write_status(shoot.studio), "status")


def test_an_archive_set_back_to_before_there_were_digests(shoot: Shoot) -> None:
    ready(shoot)
    with pytest.raises(Malformed, match="had digests and have none any more"), behind(shoot) as connection:
        for table in ("digest", *NEWER):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX photo_by_subject")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    with pytest.raises(SafelightError):
        shoot.reopen()


def test_a_studio_of_before_there_were_digests_is_told_from_one(shoot: Shoot) -> None:
    """Its keys say that it never had any: they are made once, and from then on must be there."""
    ready(shoot)
    archive, secrets = shoot.studio.archive, shoot.studio.secrets
    assert secrets.digested
    save_secrets(archive.folder.secrets, shoot.studio.master, archive.studio_id, replace(secrets, digested=False))
    with behind(shoot) as connection:
        for table in ("digest", *NEWER):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX photo_by_subject")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    assert shoot.studio.secrets.digested and problems(shoot) == ()
    shoot.reopen()
    assert shoot.studio.secrets.digested


def test_new_keys_of_the_studio_sign_the_same_rows(shoot: Shoot) -> None:
    ready(shoot)
    (shoot.studio, _), _ = founding.renew_keys(shoot.studio)
    assert problems(shoot) == () and shoot.studio.secrets.digested
    add_staff(shoot.studio, "Lou", frozenset())
    shoot.reopen()
    assert problems(shoot) == ()
