"""The morning of a whole day at the desk: the first run, the session, its people, the folder and the clocks."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.agency import founding as agencies
from safelight.agency.open_agency import OpenAgency
from safelight.desk.founding.view import FoundingView, SheetsView, TeamView, WaysIn
from safelight.domain.people import Subject
from safelight.studio import founding
from safelight.studio.rosters import ImportedRoster, import_roster
from support.desk.at_desk import PASSPHRASE, until
from support.desk.ten_scripts import people as names
from support.desk.whole_day import FRAMES, KIM, LISTED, OTHER, OWN, ROBIN, USE, WholeDay


def first_run(day: WholeDay, monkeypatch: pytest.MonkeyPatch) -> None:
    """From nothing to an open desk by keyboard."""
    kept: list[tuple[str, ...]] = []
    real = founding.recovery_shares
    monkeypatch.setattr(founding, "recovery_shares", lambda *given: kept.append(real(*given)) or kept[-1])
    at = day.at

    def strike(*typed: str | Qt.Key) -> None:
        for each in typed:
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClicks(focus, each) if isinstance(each, str) else QTest.keyClick(focus, each)

    enter, tab = Qt.Key.Key_Return, Qt.Key.Key_Tab
    at.open(1600, 1000)
    at.page(WaysIn)
    strike(enter)
    page = at.page(FoundingView)
    until(lambda: page.country.count() > 200)
    strike("Studio Nordlicht", tab)
    strike("Germ")
    assert page.country.currentData() == "DE"
    strike(tab, "hallo@nordlicht.example", enter, enter, PASSPHRASE, enter, PASSPHRASE, enter)
    proving = at.page(SheetsView)
    strike(Qt.Key.Key_Space)
    until(lambda: not day.opening.jobs.busy and bool(proving.kept.text()))
    proof = day.opening.first_run._founding._proof
    strike(kept[0][proof.sheet - 1].split()[proof.word - 1], enter)
    at.page(TeamView)
    strike("Kim Sandberg", enter, KIM, enter, "Robin Voss", enter, ROBIN, enter)
    until(lambda: bool(at.ready), 60)


def make_session(day: WholeDay, agency: OpenAgency, folder: Path) -> None:
    """A session by the form, with the agency's card as recipient; it is opened for the shoot."""
    card = folder / "agency-card.json"
    card.write_bytes(agencies.agency_card(agency))
    view = day.screen("sessions").view
    view.list.first.click()
    form = view.form
    until(lambda: view.currentWidget() is form and bool(form.uses.boxes))
    form.name.set_text("Spring")
    form.client.set_text("Nordwind")
    form.place.set_text("Berlin")
    form.frames.set_text(str(FRAMES))
    for key, box in form.uses.boxes.items():
        box.setChecked(key in (USE, OWN, OTHER))
    form.card_chosen.emit(card)
    until(lambda: bool(form.recipients.added.text()))
    assert agency.identity.name in form.recipients.added.text()
    form.save.click()
    until(lambda: view.currentWidget() is view.list and bool(view.list.table.rows))
    day.rest()
    QTest.keyClick(view.list.table, Qt.Key.Key_Return)
    until(lambda: day.opening.desk.session is not None and day.opening.window.screen_key == "shoot")
    day.rest()
    assert {str(each) for each in day.session.offered} == {USE, OWN, OTHER} and len(day.session.recipients) == 1


def take_in_roster(day: WholeDay, folder: Path) -> tuple[Subject, ...]:
    """Everybody of a list with names from ten scripts; the fifth is a minor."""
    list_ = folder / "people.csv"
    with list_.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["Name", "Number", "Birth date", "Guardian"])
        for number, name in enumerate(names(LISTED)):
            minor = number == 4
            born = date(datetime.now(UTC).year - 14, 1, 1).isoformat()
            rows.writerow([name, f"A-{number:03}", born if minor else "", "Olga Lind" if minor else ""])
    studio, session = day.studio, day.session
    done: list[ImportedRoster] = []
    day.opening.jobs.write(
        lambda _: import_roster(studio, session, list_, None, False), done.append, day.opening.desk.failed
    )
    until(lambda: bool(done))
    day.rest()
    (imported,) = done
    assert len(imported.added) == LISTED and not imported.bad and not imported.unread
    until(lambda: len(day.shoot.view.roster.model.rows) == LISTED)
    return tuple(imported.added)


def start_shooting(day: WholeDay) -> None:
    """The folder is chosen, and each camera photographs the clock card once."""
    day.shoot.view.folder_chosen.emit(str(day.hot))
    until(lambda: day.shoot.presenter.source.news is not None)
    day.learn(day.first)
    day.learn(day.second)
    day.rest()
    assert day.count() == 0, "the code is nobody's frame"
