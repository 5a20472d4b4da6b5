"""The first run by keyboard alone: from nothing to an open desk, the recovery sheets kept and proven."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safelight.desk.founding.view import AgencyReady, FoundingView, SheetsView, TeamView, WaysIn
from safelight.desk.unlock.view import UnlockView
from safelight.studio import founding
from safelight.studio.queries.staff import staff_rows
from support.desk.at_desk import PASSPHRASE, AtDesk, until

Desks = Callable[..., AtDesk]


class Hands:
    """Somebody at the keyboard, who looks at what has the focus."""

    def __init__(self, desk: AtDesk, qtbot: QtBot) -> None:
        self._desk, self._qtbot = desk, qtbot

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self._qtbot.keyClicks(focus, text)

    def press(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            focus = QApplication.focusWidget()
            assert focus is not None
            self._qtbot.keyClick(focus, key)


def test_a_studio_is_set_up_by_keyboard_alone(
    desks: Desks, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Callable
) -> None:
    sheets, folder = tmp_path / "sheets.pdf", tmp_path / "data" / "studio"
    kept: list[tuple[str, ...]] = []
    real = founding.recovery_shares
    monkeypatch.setattr(founding, "recovery_shares", lambda *given: kept.append(real(*given)) or kept[-1])
    desk = desks(folder, lambda _: sheets)
    desk.open()
    hands = Hands(desk, qtbot)

    shoot(desk.page(WaysIn).window(), "desk-first-run-ways")
    hands.press(Qt.Key.Key_Return)
    page = desk.page(FoundingView)
    until(lambda: page.country.count() > 200)
    hands.type("Studio Nordlicht")
    hands.press(Qt.Key.Key_Tab)
    page.country.setCurrentIndex(page.country.findData("DE"))  # typing its name does this where the language is known
    hands.press(Qt.Key.Key_Tab)
    hands.type("hallo@nordlicht.example")
    hands.press(Qt.Key.Key_Return, 2)
    hands.type(PASSPHRASE)
    said = page.meter.text()
    assert said == desk.opening.desk.words.get("founding.good")
    hands.press(Qt.Key.Key_Return)
    hands.type(PASSPHRASE)
    shoot(page.window(), "desk-first-run-who")
    hands.press(Qt.Key.Key_Return)
    assert page.passphrase.text() == page.again.text() == "", "no field keeps a passphrase"

    proving = desk.page(SheetsView)
    hands.press(Qt.Key.Key_Space)
    until(sheets.exists)
    until(lambda: not desk.opening.jobs.busy)
    assert sheets.read_bytes().startswith(b"%PDF") and sheets.stat().st_mode & 0o077 == 0
    hands.type("nonsense")
    hands.press(Qt.Key.Key_Return)
    assert proving.said.text() == desk.opening.desk.words.get("founding.wrong_word")
    proof = desk.opening.first_run._founding._proof
    proving.word.edit.selectAll()
    hands.type(kept[0][proof.sheet - 1].split()[proof.word - 1])
    shoot(proving.window(), "desk-first-run-sheets")
    hands.press(Qt.Key.Key_Return)

    team = desk.page(TeamView)
    hands.type("Kim Sandberg")
    hands.press(Qt.Key.Key_Return)
    hands.type("2468")
    hands.press(Qt.Key.Key_Return)
    hands.type("Robin Voss")
    hands.press(Qt.Key.Key_Return)
    hands.type("2468")
    hands.press(Qt.Key.Key_Return)
    until(lambda: bool(team.said.text()))  # the same PIN twice
    team.reviewer_pin.edit.clear()
    team.reviewer_pin.setFocus()
    hands.type("1357")
    shoot(team.window(), "desk-first-run-team")
    hands.press(Qt.Key.Key_Return)
    until(lambda: bool(desk.ready))
    assert desk.opening.desk.by.name == "Kim Sandberg"
    assert [each.member.name for each in staff_rows(desk.opening.desk.studio)] == ["Kim Sandberg", "Robin Voss"]
    assert desk.opening.first_run._founding.sheets == b""


def test_a_first_run_that_broke_off_goes_on_with_the_team(
    desks: Desks, copied: Callable[..., None], qtbot: QtBot, tmp_path: Path
) -> None:
    copied(tmp_path / "studio")
    desk = desks(tmp_path / "studio")
    desk.open()
    hands = Hands(desk, qtbot)
    page = desk.page(UnlockView)
    until(lambda: page.unlock.isEnabled())
    hands.type(PASSPHRASE)
    hands.press(Qt.Key.Key_Return)
    desk.page(TeamView)


def test_an_agency_is_told_what_to_do_next(
    desks: Desks, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Callable
) -> None:
    monkeypatch.setenv("SAFELIGHT_AGENCY", str(tmp_path / "data" / "agency"))
    desk = desks(tmp_path / "studio")
    desk.open()
    desk.page(WaysIn).agency.click()
    page = desk.page(FoundingView)
    until(lambda: page.country.count() > 200)
    page.country.setCurrentIndex(page.country.findData("FR"))
    page.name.set_text("Agence Lumière")
    page.contact.set_text("droits@lumiere.example")
    page.passphrase.edit.setText(PASSPHRASE)
    page.again.edit.setText(PASSPHRASE + "!")
    page.go_on.click()
    assert page.said.text() == desk.opening.desk.words.get("founding.differ")
    page.again.edit.setText(PASSPHRASE)
    page.go_on.click()
    shoot(desk.page(AgencyReady).window(), "desk-first-run-agency")
    assert (tmp_path / "data" / "agency" / "agency.json").exists() or any((tmp_path / "data" / "agency").iterdir())
