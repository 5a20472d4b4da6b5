"""A list that comes twice adds nobody twice, changes nobody silently, and says of every row what became of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.studio import rosters, subjects
from support.shoot import Shoot


def take(shoot: Shoot, text: str, dry_run: bool = False) -> rosters.ImportedRoster:
    path = shoot.scratch / "list.csv"
    path.write_text(text)
    return rosters.import_roster(shoot.studio, shoot.session, path, None, dry_run)[0]


def test_the_same_row_and_the_same_list_again_add_nobody(shoot: Shoot) -> None:
    text = "Employee ID,Name,Email\n7,Ada Muster,ada@example.org\n8,Bob Muster,bob@example.org\n"
    again = text + "8,Bob Muster,bob@example.org\n"
    dry = take(shoot, again, dry_run=True)
    assert ([each.name for each in dry.added], [each.line for each in dry.known]) == (["Ada Muster", "Bob Muster"], [4])
    first = take(shoot, again)
    assert first.lines == (2, 3) and [(each.line, each.differs) for each in first.known] == [(4, ())]
    second = take(shoot, again)
    assert second.added == () and [each.line for each in second.known] == [2, 3, 4] and second.bad == ()
    assert shoot.studio.archive.subjects.count(shoot.session.id) == 2
    path = shoot.scratch / "list.csv"
    assert rosters.import_roster(shoot.studio, shoot.session, path, None, False)[1] is Changes.NONE


def test_an_updated_list_adds_the_new_and_names_what_differs(shoot: Shoot) -> None:
    take(shoot, "Name,Email,Number\nAda Muster,ada@example.org,7\nBob Muster,,\n")
    before = {each.id: each for each in shoot.studio.archive.subjects.opened()}
    done = take(
        shoot,
        "Name,Email,Number,Phone,Department\nAda Berg,ada@example.org,7,1234,Sales\nBOB MUSTER,bob@example.org,,,\n"
        "Cyd Muster,,9,,\n",
    )
    assert [each.name for each in done.added] == ["Cyd Muster"]
    assert [each.differs for each in done.known] == [("name", "phone", "department"), ("name", "email")]
    after = {each.id: each for each in shoot.studio.archive.subjects.opened()}
    assert {id: after[id] for id in before} == before, "nobody is changed by a list"


def test_one_number_for_two_names_is_no_number_of_a_person(shoot: Shoot) -> None:
    done = take(shoot, "Name,Number\nAda,5b\nBob,5b\n")
    assert [each.name for each in done.added] == ["Ada"]
    assert [(each.line, each.reason) for each in done.bad] == [
        (3, "its number stands in line 2 already, beside another name")
    ]


def test_what_was_not_understood_or_is_not_kept_is_named(shoot: Shoot) -> None:
    done = take(shoot, "Name,Country,Shoe size,Language\nAda,Atlantis,39,Klingon\nBob,France,40,fr\n")
    assert done.unused == ("Shoe size",)
    assert [(line, column) for line, column, _ in done.unread] == [(2, "Language"), (2, "Country")]
    assert [(each.country, each.language) for each in done.added] == [("DE", "en"), ("FR", "fr")]


def test_birth_dates_have_one_rule_for_lists_and_for_people_added_by_hand(shoot: Shoot, tmp_path: Path) -> None:
    done = take(shoot, "Name,Birth date\nAda,2031-01-01\nBob,2001-01-01\n")
    assert [each.name for each in done.added] == ["Bob"] and "in the future" in done.bad[0].reason
    for born in (date(2031, 1, 1), date(1850, 1, 1)):
        with pytest.raises(WrongUsage, match="birth date"):
            shoot.person("Cyd", born=born)
    assert subjects.find_subject(shoot.studio, "Bob").born == date(2001, 1, 1)


def look(shoot: Shoot, text: str, mapping: dict[str, str] | None = None) -> rosters.RosterPreview:
    path = shoot.scratch / "list.csv"
    path.write_text(text)
    return rosters.preview_roster(shoot.studio, shoot.session, path, mapping)


def test_a_preview_tells_of_every_row_what_the_import_then_does_and_writes_nothing(shoot: Shoot) -> None:
    take(shoot, "Name,Number,Birth date\nAda Muster,7,1990-01-02\nBob Muster,,1991-03-04\n")
    before = shoot.studio.archive.journal.head(), shoot.studio.archive.subjects.opened()
    text = (
        "Staff,,\nName,Number,Birth date,Country\nAda Berg,7,1990-01-02,\nBOB MUSTER,,1991-03-04,\n"
        "Bob Muster,,1999-01-01,Atlantis\n,,,\nCyd,8,31.31.1990,\nDan,9,,\nEve,9,,\n"
    )
    seen = look(shoot, text)
    assert [(row.line, row.outcome.value) for row in seen.rows] == [
        (1, "left-out"), (3, "known"), (4, "known"), (5, "added"), (7, "left-out"), (8, "added"), (9, "left-out"),
    ]  # fmt: skip
    rows = {row.line: row for row in seen.rows}
    assert rows[3].differs == ("name",) and rows[3].person is not None and rows[3].person.name == "Ada Berg"
    assert rows[5].unread == (("Country", "Atlantis"),)
    assert rows[7].reason == "the birth date is not in the calendar" and "31.31.1990" in rows[7].raw
    assert rows[9].reason.startswith("its number stands in line 8")
    assert (shoot.studio.archive.journal.head(), shoot.studio.archive.subjects.opened()) == before
    path = shoot.scratch / "list.csv"
    done, _ = rosters.import_roster(shoot.studio, shoot.session, path, None, False, looked_at=seen.sha256)
    assert done.lines == (5, 8) and len(done.added) == seen.count(rosters.RowOutcome.ADDED)
    assert {row.outcome for row in look(shoot, text).rows} == {rosters.RowOutcome.KNOWN, rosters.RowOutcome.LEFT_OUT}


def test_columns_are_shown_with_examples_and_can_be_told(shoot: Shoot) -> None:
    seen = look(shoot, "Who;Mail;Shoe size\nAda;ada@example.org;39\nBob;;\nCyd;c@example.org;39\nDan;;41\n")
    assert not seen.named and seen.rows == ()
    assert [(each.name, each.field, each.examples) for each in seen.columns] == [
        ("Who", None, ("Ada", "Bob", "Cyd")),
        ("Mail", "email", ("ada@example.org", "c@example.org")),
        ("Shoe size", None, ("39", "41")),
    ]
    told = look(shoot, (shoot.scratch / "list.csv").read_text(), {"Who": "full_name"})
    assert told.named and [row.person and row.person.name for row in told.rows] == ["Ada", "Bob", "Cyd", "Dan"]
    with pytest.raises(WrongUsage):
        look(shoot, "Who\nAda\n", {"Whom": "full_name"})


def test_a_list_that_changed_after_it_was_looked_at_is_not_taken_in(shoot: Shoot) -> None:
    seen = look(shoot, "Name\nAda\n")
    path = shoot.scratch / "list.csv"
    path.write_text("Name\nAda\nBob\n")
    with pytest.raises(WrongUsage, match="changed"):
        rosters.import_roster(shoot.studio, shoot.session, path, None, False, looked_at=seen.sha256)
    assert shoot.studio.archive.subjects.count(shoot.session.id) == 0
