"""What a check found and somebody may accept: under whose name, that it silences nothing else, and what nobody may."""

from __future__ import annotations

from random import Random

import pytest

from safelight.domain.changes import Changes
from safelight.domain.culling import Culling, Pick
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.photo import Photo
from safelight.storage.digests import WATCHED
from safelight.storage.findings import Accepted, CheckReport, Finding
from safelight.studio import intake
from safelight.studio.accepting import ACCEPTED, accept_finding, accepted_findings
from safelight.studio.screen_pin import is_screen_pin, set_screen_pin
from safelight.studio.sessions import close_session
from safelight.studio.staff import retire_staff
from safelight.studio.upkeep import check_studio
from support.another_program import as_of_now, behind
from support.one_yes import TO, USE, export, ready
from support.shoot import Shoot, said_yes


def check(shoot: Shoot) -> CheckReport:
    return check_studio(shoot.studio)[0]


def finding(shoot: Shoot, *words: str) -> Finding:
    (found,) = [each for each in check(shoot).findings if all(word in each.says for word in words)]
    return found


def accept(shoot: Shoot, found: Finding, by: str = "Robin") -> Accepted:
    (_, done), changes = accept_finding(shoot.studio, check(shoot), found.name, shoot.staff[by].id)
    assert Changes.JOURNAL in changes
    return done


def refused(shoot: Shoot, found: Finding, *words: str) -> None:
    """Nobody may accept it, the sentence says why, and nothing is written."""
    assert found.why_not
    head = shoot.studio.archive.journal.head()
    with pytest.raises(Refused) as caught:
        accept_finding(shoot.studio, check(shoot), found.name, shoot.staff["Robin"].id)
    assert all(word in caught.value.title for word in words), caught.value.title
    assert "backup" in caught.value.hint
    assert shoot.studio.archive.journal.head() == head


def cull(shoot: Shoot, photo: Photo) -> None:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.culling.put(writing, photo.guid, Culling(mark=Pick.PICK))


def test_the_command_that_refused_works_again_and_the_check_goes_on_saying_what_was_accepted(shoot: Shoot) -> None:
    person, photo = ready(shoot)
    shoot.photo(person)
    cull(shoot, photo)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    with pytest.raises(Malformed, match="culling"):
        export(shoot)
    found = finding(shoot, "table culling")
    assert not found.why_not
    done = accept(shoot, found)
    assert (done.by, done.table, done.before, done.after) == (shoot.staff["Robin"].id, "culling", 1, 0)
    assert export(shoot)
    shoot.reopen()
    report = check(shoot)
    assert report.sound and report.findings == ()
    assert report.accepted == (done,) and done.says == found.says
    entry = shoot.studio.archive.journal.of_kinds(ACCEPTED)[0][0]
    assert entry.number == done.entry and entry.reference == shoot.studio.identity.id
    assert shoot.studio.archive.journal.signed_head() is not None


def test_a_pin_of_before_may_be_accepted(shoot: Shoot) -> None:
    set_screen_pin(shoot.studio, "2468")
    before = as_of_now(shoot)
    set_screen_pin(shoot.studio, "1357")
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("REPLACE INTO main.setting SELECT * FROM older.setting WHERE name LIKE '%screen-pin'")
    accept(shoot, finding(shoot, "changed or exchanged", "table setting"))
    assert is_screen_pin(shoot.studio, "2468")


def test_words_about_a_person_are_sealed_under_their_key(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    with behind(shoot) as connection:
        connection.execute("INSERT INTO seat SELECT ?, session, 'x' FROM subject WHERE id = ?", (person.id, person.id))
    about_her = finding(shoot, "Ada Falk", "table seat")
    done = accept(shoot, about_her)
    ((_, owner),) = shoot.studio.archive.journal.of_kinds(ACCEPTED)
    assert owner == person.id and "Ada Falk" in done.says
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, person.id, portrait=True, evidence=True)
    (left,) = accepted_findings(shoot.studio)
    assert (left.entry, left.says, left.by) == (done.entry, "", "")


def test_only_what_was_read_is_accepted(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    found, report = finding(shoot, "table culling"), check(shoot)
    by = shoot.staff["Robin"].id
    for wanted in ("1", "1-", "-", found.mark, f"{found.number}-000000", f"{found.name}0", ""):
        with pytest.raises(WrongUsage, match="finds nothing that is named"):
            accept_finding(shoot.studio, report, wanted, by)
    with behind(shoot) as connection:
        connection.execute("INSERT INTO culling SELECT guid, 1, x'00' FROM photo")
    with pytest.raises(Refused, match="others now than those that were found"):
        accept_finding(shoot.studio, report, found.name, by)
    assert list(accepted_findings(shoot.studio)) == []


def test_somebody_who_works_here_must_take_it_on(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    retire_staff(shoot.studio, "Robin")
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    with pytest.raises(WrongUsage, match="retired"):
        accept(shoot, finding(shoot, "table culling"))
    with behind(shoot) as connection:
        connection.execute("DELETE FROM staff WHERE id = ?", (shoot.staff["Robin"].id,))
    with pytest.raises(Malformed, match="table staff"):
        accept(shoot, finding(shoot, "table culling"), "Sam")
    accept(shoot, finding(shoot, "table staff"), "Sam")
    accept(shoot, finding(shoot, "table culling"), "Sam")
    assert check(shoot).sound


# What nobody may accept ----------------------------------------------------------------------------------------------


def test_a_no_that_is_gone_while_the_journal_names_it(shoot: Shoot) -> None:
    person, _ = ready(shoot)
    shoot.clock.on(hours=1)
    shoot.ask(person)
    with behind(shoot) as connection:
        (kept,) = connection.execute("SELECT min(ordinal) FROM receipt").fetchone()
        connection.execute("DELETE FROM receipt WHERE ordinal > ?", (kept,))
        connection.execute("DELETE FROM consent_event WHERE sequence > 1")
        connection.execute("DELETE FROM consent_event WHERE at > '2026-05-04T09:30:00Z'")
        connection.execute("UPDATE status SET revoked_at = NULL")
    report = check(shoot)
    assert any("of Ada Falk, which journal entry" in each and "is not there" in each for each in report.problems)
    refused(shoot, finding(shoot, "removed by another program", "table receipt"), "contradict")
    for each in report.findings:
        if "table receipt" in each.says:
            assert each.why_not
    with pytest.raises(Malformed):
        export(shoot)


def test_a_yes_that_holds_again(shoot: Shoot) -> None:
    """The receipt that ended it is there; what says that the yes ended is not, and the status list agrees."""
    person, _ = ready(shoot)
    shoot.clock.on(hours=1)
    shoot.ask(person)
    with behind(shoot) as connection:
        assert connection.execute("DELETE FROM consent_event WHERE sequence > 1").rowcount
        connection.execute("UPDATE status SET revoked_at = NULL")
    assert any("was asked again, and it does not say so any more" in each for each in check(shoot).problems)
    refused(shoot, finding(shoot, "removed", "table consent_event"), "contradict")


def test_a_veto_that_is_gone(shoot: Shoot) -> None:
    person, photo = ready(shoot)
    before = as_of_now(shoot)
    shoot.clock.on(hours=1)
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]), shown=(photo,), vetoed=(photo,))
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("REPLACE INTO main.photo SELECT * FROM older.photo")
        connection.execute("REPLACE INTO main.picture SELECT * FROM older.picture")
    found = check(shoot)
    assert any(f"Photo {photo.guid} was struck out by Ada Falk" in each for each in found.problems)
    assert all(each.why_not for each in found.findings if "table photo" in each.says)


def test_a_photo_put_back_to_whom_it_belonged_before(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    before = as_of_now(shoot)
    other = shoot.person("Bo Lind")
    shoot.ask(other)
    intake.assign_photo(shoot.studio, photo, (other.id,))
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("DELETE FROM main.picture")
        connection.execute("DELETE FROM main.photo_owner")
        connection.execute("DELETE FROM main.photo")
        for table in ("photo", "photo_owner", "picture"):
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM older.{table}")
    report = check(shoot)
    assert any("are not those it was given last" in each for each in report.problems)
    assert all(each.why_not for each in report.findings if "table photo" in each.says)


def test_a_session_that_was_closed(shoot: Shoot) -> None:
    ready(shoot)
    before = as_of_now(shoot)
    close_session(shoot.studio, shoot.session)
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("REPLACE INTO main.session SELECT * FROM older.session")
    assert any("was closed, and it is open now" in each for each in check(shoot).problems)


def test_a_bundle_the_journal_names(shoot: Shoot) -> None:
    ready(shoot)
    export(shoot)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM disclosed_photo")
        connection.execute("DELETE FROM disclosure")
    assert any("is not listed any more (table disclosure)" in each for each in check(shoot).problems)
    refused(shoot, finding(shoot, "removed", "table disclosure"), "contradict")
    accept(shoot, finding(shoot, "removed", "table disclosed_photo"))


FOUNDATION = {
    "journal": "DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)",
    "head": "DELETE FROM journal_head",
    "time": "UPDATE mark SET newest_seen = '2099-01-01T00:00:00Z'",
    "digests": "DELETE FROM digest WHERE part = 'total'",
    "one digest": "DELETE FROM digest WHERE part != 'total' AND part != 'studio'",
    "schema": "CREATE TRIGGER kind AFTER INSERT ON journal_entry BEGIN UPDATE status SET revoked_at = NULL; END",
}


@pytest.mark.parametrize("statement", FOUNDATION.values(), ids=FOUNDATION.keys())
def test_what_an_acceptance_rests_on(statement: str, shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
        connection.execute(statement)
    report = check(shoot)
    assert report.findings and all(each.why_not for each in report.findings)
    for each in report.findings:
        with pytest.raises((Refused, Malformed)):
            accept_finding(shoot.studio, report, each.name, shoot.staff["Robin"].id)
    assert list(accepted_findings(shoot.studio)) == []


def test_a_sealed_file_that_is_missing_and_a_row_that_does_not_open(shoot: Shoot) -> None:
    ready(shoot)
    with behind(shoot) as connection:
        connection.execute("UPDATE photo SET sealed = x'00'")
    next((shoot.folder / "files").rglob("*.age")).unlink()
    report = check(shoot)
    assert len(report.findings) >= 2
    for each in report.findings:
        refused(shoot, each, "cannot be accepted")


# Nothing else falls silent -------------------------------------------------------------------------------------------

def test_accepting_one_finding_silences_no_other(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    random = Random(11)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
        connection.execute("DELETE FROM recipient WHERE ordinal > 1")
        connection.execute("INSERT INTO guess VALUES ('0', 3, '2026-05-04T09:00:00Z')")
        connection.execute("INSERT INTO source_mark SELECT 'm', id, NULL FROM session")
        connection.execute("INSERT INTO seat SELECT id, session, 'x' FROM subject")
        connection.execute("UPDATE photo SET flagged = 1 - flagged")
    left = {each.says: each for each in check(shoot).findings}
    assert sum(not each.why_not for each in left.values()) >= 5
    told: list[Accepted] = []
    while mine := [each for each in left.values() if not each.why_not]:
        told.append(accept(shoot, random.choice(mine)))
        del left[told[-1].says]
        report = check(shoot)
        assert {each.says for each in report.findings} == set(left)
        assert {each.mark for each in report.findings} == {each.mark for each in left.values()}
        assert list(report.accepted) == told
        left = {each.says: each for each in report.findings}
    assert left and not check(shoot).sound
    assert {each.table for each in told} <= WATCHED.keys()


def test_what_changes_after_it_was_accepted_is_found_again(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    before = as_of_now(shoot)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    accept(shoot, finding(shoot, "table culling"))
    with behind(shoot) as connection:
        connection.execute("ATTACH ? AS older", (str(before),))
        connection.execute("INSERT INTO main.culling SELECT * FROM older.culling")
    found = finding(shoot, "table culling")
    assert "put in" in found.says and len(check(shoot).accepted) == 1
    with pytest.raises(Malformed, match="culling"):
        export(shoot)


def test_digests_that_are_not_whole_take_in_nothing(shoot: Shoot) -> None:
    _, photo = ready(shoot)
    cull(shoot, photo)
    with behind(shoot) as connection:
        connection.execute("DELETE FROM culling")
    rows = finding(shoot, "table culling").rows
    assert rows is not None
    with behind(shoot) as connection:
        connection.execute("DELETE FROM digest WHERE part = ?", (shoot.session.id,))
    archive = shoot.studio.archive
    with pytest.raises(Malformed, match="table digest"), archive.transaction(shoot.studio.now()) as writing:
        archive.accept(writing, rows)
