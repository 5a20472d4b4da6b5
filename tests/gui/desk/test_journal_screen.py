"""The journal on the desk: what happened in words, one id's entries, and the check that finds what was changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from safelight.desk.journal.presenter import _verdict
from safelight.desk.journal.screen import JournalScreen, open_screen
from safelight.settings.desk_texts import DESK_LANGUAGES, desk_texts
from safelight.storage.findings import Accepted, CheckReport, Finding
from safelight.storage.rows import ListFill
from safelight.studio.founding import open_studio
from safelight.studio.queries.journal import journal_rows
from support.desk_day import DeskDay
from support.desk_screen import photographed, settle, shown


@pytest.fixture
def journal(day: DeskDay) -> Iterator[tuple[DeskDay, JournalScreen]]:
    screen = open_screen(day.desk)
    with shown(day, screen):
        settle(day)
        yield day, screen


def cells(screen: JournalScreen, column: int) -> list[str]:
    return [each.cells[column] for each in screen.view.table.rows]


def test_the_newest_stands_first_in_words(
    journal: tuple[DeskDay, JournalScreen], shoot: Callable[[QWidget, str], QImage]
) -> None:
    day, screen = journal
    assert cells(screen, 2)[-1] == "The studio was founded"
    photographed(day, 0)
    settle(day)
    assert "A photo came in" in cells(screen, 2)
    numbers = [int(each) for each in cells(screen, 0)]
    assert numbers == sorted(numbers, reverse=True) == [each.number for each in journal_rows(day.studio)]
    assert screen.view.head.text().startswith(f"{numbers[0]} entries")
    shoot(screen.view, "desk/journal")


def test_enter_shows_what_happened_to_one_thing_and_a_button_everything_again(
    journal: tuple[DeskDay, JournalScreen],
) -> None:
    day, screen = journal
    person = day.people[0].id
    row = next(each for each in screen.view.table.rows if person.startswith(each.cells[3]))
    screen.view.table.opened.emit(row.key)
    settle(day)
    assert set(cells(screen, 2)) == {"Somebody was added to a session"}
    screen.view.everything.click()
    settle(day)
    assert "The studio was founded" in cells(screen, 2)
    screen.view.about.set_text("nothing of this name")
    screen.view.about.entered.emit()
    settle(day)
    assert not screen.view.table.isVisible() and "Clear the line" in screen.view.empty.text()


def test_the_check_says_that_all_is_well_and_finds_a_row_that_was_changed(
    journal: tuple[DeskDay, JournalScreen],
) -> None:
    day, screen = journal
    photographed(day, 0)
    settle(day)
    screen.view.check.click()
    settle(day)
    assert screen.view.verdict.said.text().startswith("✓ All is well")
    assert "1 photo" in screen.view.verdict.counts.text()
    day.studio.archive.close()
    with sqlite3.connect(day.studio.archive.folder.database) as connection:
        connection.execute("UPDATE photo SET taken_at = '2001-01-01T00:00:00Z'")
    connection.close()
    # The archive is opened again, as after a restart; the screen has the studio of before.
    again = open_studio(day.studio.archive.folder.path, "a passphrase for tests alone")
    day.desk.unlock(again, day.desk.decoders, day.by)
    try:
        screen.view.check.click()
        settle(day)
        assert screen.view.verdict.said.text().startswith("! Something is wrong")
        assert "was put elsewhere than it belongs" in screen.view.verdict.problems.text()
        screen.forget()
        assert not screen.view.table.rows and not screen.view.verdict.isVisible()
    finally:
        again.archive.close()


def test_the_check_says_that_the_status_list_is_nearly_full() -> None:
    words = desk_texts("en")
    for newest, told in ((None, 0), (ListFill(1, 8, 10), 1)):
        verdict = _verdict(words, CheckReport({}, {}, (), nearly_full=newest), "DE")
        assert verdict.sound and len(verdict.problems) == told
        assert all("Status list 1 is nearly full (8 of 10)" in each for each in verdict.problems)


@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_findings_are_numbered_and_what_was_accepted_or_put_aside_is_told(language: str) -> None:
    words, at = desk_texts(language), datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    found = (
        Finding(1, "1f09ac", "A photo is missing."),
        Finding(2, "c0ffee", "A row of the studio was removed by another program (table culling).", why_not=""),
    )
    accepted = (Accepted(41, at, "A row of Ada was removed by another program (table seat).", name="Robin"),)
    report = CheckReport({}, {}, ("x",), findings=found, accepted=(*accepted, Accepted(42, at)), quarantined=("q/a",))
    verdict = _verdict(words, report, "DE")
    assert [each[:8] for each in verdict.problems[:2]] == ["1-1f09ac", "2-c0ffee"]
    assert "q/a" in verdict.problems[2] and not verdict.sound
    accept, by_name, erased = verdict.notes
    assert "studio accept" in accept and "Robin" in by_name and "Ada" in by_name and "Robin" not in erased
    assert not _verdict(words, replace(report, findings=found[:1]), "DE").notes[0].count("studio accept")
    well = replace(report, problems=(), findings=())
    said = {_verdict(words, replace(well, accepted=each), "DE").said for each in ((), accepted)}
    assert len(said) == 2
