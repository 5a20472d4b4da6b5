"""The export on the desk: who is in, who is out and why, the bundle, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.export.rows import Done
from safelight.desk.export.screen import ExportScreen, open_screen
from safelight.desk.progress_words import progress_words, size_words
from safelight.desk.status import Running
from safelight.settings.desk_texts import desk_texts
from safelight.studio.queries.ledger import export_rows
from safelight.studio.recipients import add_recipient
from support.desk_day import DeskDay
from support.desk_screen import photographed, settle, shown, sign_yes
from support.shoot import agency

LUMIERE = agency("Lumiere", 1)


@pytest.fixture
def export(day: DeskDay) -> Iterator[tuple[DeskDay, ExportScreen]]:
    """Amélie allowed the directory to Lumiere, Mehmet refused everything, Ana has not answered; each on two frames."""
    add_recipient(day.studio, LUMIERE.card())
    for number in range(3):
        photographed(day, number, 2)
    sign_yes(day, 0, "use.directory", LUMIERE)
    day.sign(1)
    screen = open_screen(day.desk)
    with shown(day, screen):
        settle(day)
        yield day, screen


def choose(day: DeskDay, screen: ExportScreen, use: str = "Staff directory") -> None:
    view = screen.view
    next(each for each in view.recipients.buttons if each.words.startswith(LUMIERE.recipient.name)).click()
    next(each for each in view.uses.buttons if each.words == use).click()
    settle(day)


def within(rows: QLayout) -> list[Any]:
    """The widgets of a layout."""
    return [item.widget() for number in range(rows.count()) if (item := rows.itemAt(number)) is not None]


def told(screen: ExportScreen) -> list[str]:
    return [within(card.body)[0].text() for card in within(screen.view.groups)]


def test_nothing_is_chosen_beforehand_and_nothing_can_be_exported(export: tuple[DeskDay, ExportScreen]) -> None:
    _, screen = export
    assert not screen.view.wish.whole and not screen.view.export.isEnabled()
    assert "Choose for whom" in screen.view.empty.text()


def test_who_is_in_and_who_is_out_by_reason(
    export: tuple[DeskDay, ExportScreen], shoot: Callable[[QWidget, str], QImage]
) -> None:
    day, screen = export
    choose(day, screen)
    assert screen.view.leaving.text() == "In: 2 photos" and screen.view.staying.text() == "Out: 4 photos"
    assert [each.owner for each in screen.view.grid.tiles] == ["Amélie Béranger"] * 2
    assert sorted(told(screen)) == ["2 · refused · Staff directory", "2 · was not asked · Staff directory"]
    assert screen.view.export.isEnabled() and screen.view.about.text().startswith("About ")
    assert "do not train" in within(screen.view.warnings)[0].text()
    shoot(screen.view, "desk/export")


def test_an_answer_given_meanwhile_is_seen_without_being_asked(export: tuple[DeskDay, ExportScreen]) -> None:
    day, screen = export
    choose(day, screen)
    sign_yes(day, 2, "use.directory", LUMIERE)
    settle(day)
    assert screen.view.leaving.text() == "In: 4 photos"


def test_the_bundle_is_written_and_listed_and_its_folder_shown(
    export: tuple[DeskDay, ExportScreen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, screen = export
    choose(day, screen)
    suggested = []

    def ask(_parent: object, _title: str, name: str, _filter: str) -> tuple[str, str]:
        suggested.append(name)
        return str(tmp_path / "out.age"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    screen.view.export.click()
    settle(day)
    (row,) = export_rows(day.studio)
    assert (row.photos, row.name) == (2, LUMIERE.recipient.name) and (tmp_path / "out.age").stat().st_size > 0
    assert screen.view.done.told.text().startswith(f"Bundle 1 for {LUMIERE.recipient.name}: 2 photos")
    assert "six words" in screen.view.done.phone.text()
    assert not any(each.name in suggested[0] for each in day.people), "names are not for files"
    # A second time to the same name: one sentence, and the first bundle stays as it is.
    before = (tmp_path / "out.age").read_bytes()
    screen.view.export.click()
    settle(day)
    assert (tmp_path / "out.age").read_bytes() == before and "exists already" in day.said[-1][0]


def test_in_a_low_window_the_bundle_that_was_written_is_scrolled_into_view(
    export: tuple[DeskDay, ExportScreen], qtbot: QtBot
) -> None:
    _, screen = export
    view = screen.view
    view.window().setFixedSize(1280, 330)
    view.show_done(Done("12 photos, 42 MB", "/home/kim/nordwind.age", "amber lantern forest window river seven"))
    page = view._page.viewport()
    qtbot.waitUntil(lambda: page.rect().contains(view.done.mapTo(page, view.done.rect().bottomLeft())))
    assert view._page.verticalScrollBar().maximum() > 0, "else this shows nothing"


def test_where_something_can_be_mended_a_button_leads_there(export: tuple[DeskDay, ExportScreen]) -> None:
    day, screen = export
    went: list[str] = []
    day.desk.went.connect(went.append)
    choose(day, screen)
    buttons = [card.mend for card in within(screen.view.groups) if card.mend is not None]
    assert [each.words for each in buttons] == ["To the Shoot screen"]
    buttons[0].click()
    assert went == ["shoot"]


def test_covered_it_holds_nobody(export: tuple[DeskDay, ExportScreen]) -> None:
    day, screen = export
    choose(day, screen)
    screen.forget()
    assert not screen.view.grid.tiles and not told(screen) and not screen.view.recipients.buttons


@pytest.mark.parametrize(
    ("size", "words"), [(0, "1 KB"), (900, "1 KB"), (820_000, "801 KB"), (44_040_192, "42 MB"), (3 << 30, "3.0 GB")]
)
def test_sizes_are_told_in_the_unit_people_read(size: int, words: str) -> None:
    assert size_words(size) == words


def test_the_bar_tells_how_many_how_fast_and_how_long() -> None:
    words, running = desk_texts("en"), Running("Bundle", bytes_of="encrypting")
    running.note(10, 214, "preparing photos", 100.0)
    assert progress_words(words, running) == "10 of 214", "nobody can say yet"
    running.note(112, 214, "preparing photos", 102.0)
    assert progress_words(words, running) == "112 of 214, 2 s left"
    running.note(0, 3 << 30, "encrypting", 104.0)
    assert progress_words(words, running) == "1 KB of 3.0 GB", "another part is timed anew"
    running.note(1 << 30, 3 << 30, "encrypting", 108.0)
    assert progress_words(words, running) == "1.0 GB of 3.0 GB, 256 MB/s, 8 s left"
