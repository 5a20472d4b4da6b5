"""The settings by mouse and keyboard on a real studio: every section does what it says, and keeps nothing typed."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from safelight.agency import founding as agencies
from safelight.desk.settings import keys_presenter
from safelight.desk.settings.reading import write_file
from safelight.documents import rules
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, DeviceFailure
from safelight.domain.people import Role
from safelight.keys.passphrases import FLOOR_COST
from safelight.qt.controls import Button, TextLabel
from safelight.storage.backup import read_backup
from safelight.studio import own_keys
from safelight.studio.founding import open_studio
from safelight.studio.presence import who_works
from safelight.studio.queries.recipients import recipient_rows
from safelight.studio.queries.rules import rules_in_force
from safelight.studio.queries.staff import staff_rows
from safelight.studio.screen_pin import is_screen_pin
from safelight.studio.second_place import second_place
from safelight.studio.sessions import NewSession, new_session
from support.desk.at_desk import PASSPHRASE, until
from support.keyring_store import named

from .conftest import AtSettings

NEW = "lantern plum orbit glove"


def typed(settings: AtSettings) -> str:
    """Everything that stands in a line to type, on all sections."""
    fields = settings.screen.view.findChildren(QLineEdit)
    return "".join(each.text() for each in fields if each.echoMode() is QLineEdit.EchoMode.Password)


def words(settings: AtSettings, key: str, **values: object) -> str:
    return settings.desk.words.get(f"settings.{key}", **values)


# This computer.


def test_what_is_chosen_for_this_computer_is_there_at_once(settings: AtSettings) -> None:
    view, kept = settings.screen.appearance, settings.desk.preferences
    for part, key in ((view.looks, "light"), (view.scales, "1.5"), (view.hands, "left")):
        next(each for each, name in zip(part.buttons, part._buttons, strict=True) if name == key).click()
    assert (kept.look, kept.scale, kept.hand.value) == ("light", 1.5, "left")
    assert settings.at.opening.appearance.tokens.name == "desk_light"
    kept.keep("look", "dark")
    assert view.looks.value == "dark", "also what was chosen elsewhere is shown"


def test_the_arrow_keys_go_through_the_sections_and_tab_into_the_page(settings: AtSettings, qtbot: QtBot) -> None:
    screen = settings.screen
    settings.window.activateWindow()
    # A dialog of the test before may be the active window until now; work begins where it always does.
    until(lambda: QApplication.activeWindow() is settings.window and QApplication.focusWindow() is not None)
    screen.opened()
    until(lambda: screen.view.list.buttons["appearance"].hasFocus())
    for key in ("team", "recipients", "keys", "copies", "rules", "status"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        settings.idle()
        assert screen.presenter.current == key and screen.view.list.buttons[key].hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert screen.presenter.current == "status", "the last one is the last one"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert screen.status.write.hasFocus()


# The team.


def test_somebody_is_taken_in_renamed_given_a_pin_and_retired_by_keyboard(settings: AtSettings, qtbot: QtBot) -> None:
    def press(key: Qt.Key) -> None:
        qtbot.keyClick(QApplication.focusWidget(), key)
        settings.idle()

    def type_in(text: str) -> None:
        qtbot.keyClicks(QApplication.focusWidget(), text)

    settings.window.activateWindow()
    settings.section("team")
    team, studio = settings.screen.team, settings.desk.studio
    team.new.name.setFocus()
    type_in("Noa Lind")
    press(Qt.Key.Key_Return)
    type_in("4321")
    press(Qt.Key.Key_Return)
    type_in("4321")
    press(Qt.Key.Key_Return)
    until(lambda: len(staff_rows(studio)) == 3)
    settings.idle()
    noa = staff_rows(studio)[2]
    assert noa.member.roles == {Role.PHOTOGRAPHER} and noa.has_pin
    assert team.new.said.text() == words(settings, "added", name="Noa Lind") and team.new.name.edit.hasFocus()

    team.list.buttons[noa.member.id].setFocus()
    press(Qt.Key.Key_Return)
    assert team.person.name.edit.hasFocus()
    team.person.name.edit.selectAll()
    type_in("Noa Berg")
    press(Qt.Key.Key_Return)
    assert staff_rows(studio)[2].member.name == "Noa Berg"
    assert team.person.title.text() == "Noa Berg" and team.person.name.edit.hasFocus(), "the focus came back"

    team.person.pins.first.setFocus()
    for _ in range(2):
        type_in("9753")
        press(Qt.Key.Key_Return)
    found = who_works(studio, "9753")
    assert found is not None and found.name == "Noa Berg"

    team.person.retire.setFocus()
    press(Qt.Key.Key_Return)
    assert not staff_rows(studio)[2].member.retired, "it is asked once more"
    press(Qt.Key.Key_Return)
    assert staff_rows(studio)[2].member.retired and not team.person.isVisible()
    assert typed(settings) == ""


def test_nobody_gets_a_pin_that_somebody_else_has(settings: AtSettings) -> None:
    settings.section("team")
    new = settings.screen.team.new
    new.name.set_text("Noa")
    new.role.buttons[1].click()
    new.pins.first.edit.setText("1357")  # Robin's
    new.pins.again.edit.setText("1357")
    new.pins.set.click()
    settings.idle()
    assert "in use already" in new.fault.text() and len(staff_rows(settings.desk.studio)) == 2
    new.pins.first.edit.setText("1111")
    new.pins.again.edit.setText("2222")
    new.pins.set.click()
    assert new.fault.text() == words(settings, "pin_differs") and typed(settings) == ""


def test_whoever_takes_over_gives_their_own_pin(settings: AtSettings) -> None:
    settings.section("team")
    team = settings.screen.team
    assert team.at_desk.who.text() == "Kim"
    for pin, name in (("0000", "Kim"), ("1357", "Robin")):
        team.at_desk.pin.edit.setText(pin)
        team.at_desk.take_over.click()
        settings.idle()
        assert settings.desk.by.name == name
    until(lambda: team.at_desk.who.text() == "Robin")
    team.list.buttons[settings.desk.by.id].click()
    assert not team.person.retire.isEnabled(), "whoever is at the desk cannot retire"


def test_a_rename_of_whoever_is_at_the_desk_is_known_there(settings: AtSettings) -> None:
    settings.section("team")
    team = settings.screen.team
    team.list.buttons[settings.desk.by.id].click()
    team.person.name.edit.setText("Kim Sandberg")
    team.person.rename.click()
    settings.idle()
    assert settings.desk.by.name == "Kim Sandberg"


# Recipients.


def agency_card(folder: Path, name: str = "Agence Lumière") -> Path:
    wanted = agencies.Founding(name, "FR", "droits@lumiere.example")
    with agencies.found_agency(folder / "agency", wanted, PASSPHRASE, cost=FLOOR_COST) as agency:
        file = folder / "card.json"
        file.write_bytes(agencies.agency_card(agency))
    return file


def test_an_agency_is_added_only_after_its_words_were_compared(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("recipients")
    view, studio = settings.screen.recipients, settings.desk.studio
    assert view.list.empty.isVisible()
    settings.chooser.path = agency_card(tmp_path)
    view.list.choose.click()
    settings.idle()
    assert len(view.card.words.text().split()) == 6 and view.card.isVisible() and not view.card.add.hasFocus()
    assert recipient_rows(studio) == (), "it is only looked at"
    view.card.refuse.click()
    settings.idle()
    assert recipient_rows(studio) == () and not view.card.isVisible()

    view.list.choose.click()
    settings.idle()
    told = view.card.words.text()
    view.card.cover.choose("SCC")
    view.card.add.click()
    settings.idle()
    row = recipient_rows(studio)[0]
    assert (row.recipient.name, " ".join(row.words), row.cover) == ("Agence Lumière", told, "SCC")
    settings.idle()
    assert not view.list.empty.isVisible()


def test_what_is_no_card_is_refused_with_a_sentence(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("recipients")
    for content in (b"hello", b"{}", b"x" * 300_000):
        (tmp_path / "no.json").write_bytes(content)
        settings.chooser.path = tmp_path / "no.json"
        settings.screen.recipients.list.choose.click()
        settings.idle()
        assert settings.screen.recipients.list.fault.text() and not settings.screen.recipients.card.isVisible()
    settings.chooser.path = tmp_path / "pipe"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    settings.screen.recipients.list.choose.click()
    settings.idle()
    assert "is no file" in settings.screen.recipients.list.fault.text(), "nobody waits for a pipe"


def test_a_client_is_named_without_a_card(settings: AtSettings) -> None:
    settings.section("recipients")
    form = settings.screen.recipients.name
    assert form.country.value == "DE", "most are where the studio is"
    form.add.click()
    assert form.fault.text() == words(settings, "name_missing")
    form.name.set_text("Nordwind AG")
    form.country.choose("FR")
    form.add.click()
    settings.idle()
    row = recipient_rows(settings.desk.studio)[0]
    assert (row.recipient.name, row.recipient.country, row.recipient.role, row.card) == (
        "Nordwind AG", "FR", "client", False,
    )  # fmt: skip
    assert form.name.text() == ""


# Keys.


def test_the_passphrase_is_changed_and_nothing_typed_stays(
    settings: AtSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_presenter, "replace_passphrase", partial(own_keys.replace_passphrase, cost=FLOOR_COST))
    settings.section("keys")
    block = settings.screen.keys.passphrase
    block.old.edit.setText("not this one")
    block.new.first.edit.setText(NEW)
    assert block.new.meter.text() == settings.desk.words.get("founding.good")
    block.new.again.edit.setText(NEW + "!")
    block.change.click()
    assert block.fault.text() == settings.desk.words.get("founding.differ")
    block.new.again.edit.setText(NEW)
    block.change.click()
    settings.idle()
    assert block.fault.text() and typed(settings) == ""
    block.old.edit.setText(PASSPHRASE)
    block.new.first.edit.setText(NEW)
    block.new.again.edit.setText(NEW)
    block.change.click()
    settings.idle()
    assert block.said.text() == words(settings, "passphrase_changed") and typed(settings) == ""
    settings.at.opening.close()
    with pytest.raises(CannotOpen):
        open_studio(tmp_path / "studio", PASSPHRASE)
    open_studio(tmp_path / "studio", NEW).archive.close()


def test_new_recovery_sheets_need_the_passphrase_and_only_their_owner_reads_them(
    settings: AtSettings, tmp_path: Path
) -> None:
    settings.section("keys")
    block, sheets = settings.screen.keys.sheets, tmp_path / "sheets.pdf"
    settings.chooser.path = sheets
    block.passphrase.edit.setText("not this one")
    block.save.click()
    settings.idle()
    assert block.fault.text() and not sheets.exists()
    sheets.touch(mode=0o644)
    block.passphrase.edit.setText(PASSPHRASE)
    block.save.click()
    until(lambda: bool(block.said.text()))
    assert sheets.read_bytes().startswith(b"%PDF") and sheets.stat().st_mode & 0o077 == 0
    assert typed(settings) == ""


def test_the_card_is_written_with_the_words_that_are_shown(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("keys")
    block = settings.screen.keys.card
    assert len(block.words.text().split()) == 6
    settings.chooser.path = tmp_path / "card.json"
    block.write.click()
    settings.idle()
    assert settings.chooser.proposed == "safelight-card.json" and "Lampe" not in settings.chooser.proposed
    assert json.loads((tmp_path / "card.json").read_bytes())["name"] == "Lampe & Söhne"
    assert block.said.text() == words(settings, "card_written", file="card.json")


def test_the_signing_screen_gets_a_pin(settings: AtSettings) -> None:
    settings.section("keys")
    block = settings.screen.keys.leaving
    assert block.state.text() == words(settings, "screen_unset")
    block.pins.first.edit.setText("8642")
    block.pins.again.edit.setText("8642")
    block.pins.set.click()
    settings.idle()
    until(lambda: block.state.text() == words(settings, "screen_set"))
    assert is_screen_pin(settings.desk.studio, "8642")


def test_the_keyring_keeps_a_copy_and_gives_it_up(settings: AtSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.section("keys")
    block = settings.screen.keys.keyring
    assert not block.keep.isVisible() and block.state.text() == words(settings, "keyring_unusable")
    store = named("keyring.backends.libsecret.Keyring")
    monkeypatch.setattr("keyring.get_keyring", lambda: store)
    settings.section("rules")
    settings.section("keys")
    assert block.state.text() == words(settings, "keyring_free")
    block.keep.click()
    settings.idle()
    until(lambda: block.drop.isVisible())
    assert len(store.held) == 1 and block.state.text() == words(settings, "keyring_kept")
    block.drop.click()
    settings.idle()
    until(lambda: block.keep.isVisible())
    assert store.held == {}


# Backup places.


def test_a_second_place_is_set_copied_to_and_ended(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("copies")
    block, studio = settings.screen.copies.place, settings.desk.studio
    assert block.state.text() == words(settings, "no_second_place") and not block.copy.isVisible()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "holiday.jpg").touch()
    settings.chooser.path = tmp_path / "full"
    block.choose.click()
    settings.idle()
    assert block.fault.text() and second_place(studio) is None
    settings.chooser.path = tmp_path / "drive"
    block.choose.click()
    settings.idle()
    until(lambda: block.copy.isVisible())
    assert block.folder.text().strip("\u2066\u2069") == str(tmp_path / "drive")
    assert block.warning.text() == words(settings, "same_disk"), "both lie on one drive here"
    block.copy.click()
    settings.idle()
    assert block.said.text()
    block.off.click()
    settings.idle()
    until(lambda: not block.copy.isVisible())
    assert second_place(studio) is None and block.said.text() == words(settings, "second_place_ended")


def test_a_backup_goes_into_a_folder_of_its_own_and_is_read_back(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("copies")
    (tmp_path / "drive").mkdir()
    settings.chooser.path = tmp_path / "drive"
    settings.screen.copies.backup.begin.click()
    until(lambda: bool(settings.screen.copies.backup.said.text()))
    keys, *made = sorted((tmp_path / "drive").iterdir(), key=lambda each: not each.name.startswith("safelight-keys-"))
    assert keys.name.startswith("safelight-keys-")
    assert len(made) == 1 and made[0].name.startswith("safelight-backup-")
    assert read_backup(made[0]).members
    assert made[0].name in settings.screen.copies.backup.said.text()


# Rules and status.


def test_old_rules_are_warned_about(settings: AtSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.section("rules")
    view = settings.screen.rules.rules
    assert len(view.lines) == 6 and "rules" in view.version.text()
    monkeypatch.setattr("safelight.studio.queries.rules.STALE_DAYS", 0)
    settings.section("status")
    settings.section("rules")
    assert view.warning.isVisible() and str(rules.STALE_DAYS) in view.warning.text()
    assert any(each.stale for each in rules_in_force(settings.desk.studio).lists)


def test_a_time_authority_is_named_and_left(settings: AtSettings) -> None:
    settings.section("rules")
    block, studio = settings.screen.rules.stamps, settings.desk.studio
    assert not block.off.isVisible()
    block.on.click()
    assert block.fault.text() == words(settings, "stamps_missing")
    block.address.set_text("ftp://no.example")
    block.on.click()
    settings.idle()
    assert block.fault.text() and rules_in_force(studio).time_authority is None
    block.address.set_text("https://time.example/tsa")
    block.on.click()
    settings.idle()
    until(lambda: block.off.isVisible())
    assert rules_in_force(studio).time_authority == "https://time.example/tsa"
    block.off.click()
    settings.idle()
    until(lambda: not block.off.isVisible())
    assert rules_in_force(studio).time_authority is None


def test_the_status_list_is_written(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("status")
    settings.chooser.path = tmp_path / "status.json"
    settings.screen.status.write.click()
    settings.idle()
    assert (tmp_path / "status.json").stat().st_size and "status.json" in settings.screen.status.block.said.text()


def test_a_status_list_that_is_nearly_full_is_told(settings: AtSettings) -> None:
    studio = settings.desk.studio
    filling = settings.screen.status.filling
    settings.section("status")
    settings.idle()
    assert filling.isHidden() and not filling.text()
    studio.archive.statuses.capacity = 10
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.statuses.allocate(writing, 9)
    settings.section("team")
    settings.section("status")
    settings.idle()
    assert filling.isVisible() and "Status list 1 is nearly full (9 of 10)" in filling.text()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(settings: AtSettings, tmp_path: Path) -> None:
    with pytest.raises(DeviceFailure, match="could not be written"):
        write_file(tmp_path / "missing" / "file", b"")
    settings.section("status")
    settings.chooser.path = tmp_path / "missing" / "status.json"
    settings.screen.status.write.click()
    settings.idle()
    assert "could not be written" in settings.screen.status.block.fault.text()


# Covered.


def test_a_covered_desk_forgets_names_folders_and_what_was_typed(settings: AtSettings) -> None:
    settings.section("team")
    team = settings.screen.team
    team.list.buttons[settings.desk.by.id].click()
    team.new.name.set_text("Noa")
    team.new.pins.first.edit.setText("4321")
    settings.at.opening.covering.cover()
    assert team._people == () and team.new.name.text() == team.person.name.text() == team.at_desk.who.text() == ""
    assert typed(settings) == ""
    settings.at.opening.covering.give_pin("2468")
    until(lambda: not settings.desk.is_covered)
    settings.idle()
    assert team.at_desk.who.text() == "Kim"


def test_what_comes_back_after_the_desk_was_covered_is_not_shown(settings: AtSettings, tmp_path: Path) -> None:
    settings.section("team")
    new = settings.screen.team.new
    new.name.set_text("Noa Lind")
    for field in (new.pins.first, new.pins.again):
        field.edit.setText("4321")
    new.pins.set.click()
    settings.at.opening.covering.cover()
    settings.idle()
    assert [each.member.name for each in staff_rows(settings.desk.studio)] == ["Kim", "Robin", "Noa Lind"]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = " ".join(each.text() for each in settings.screen.view.findChildren(TextLabel))
    assert not any(name in left for name in ("Kim", "Robin", "Noa")), left
    settings.at.opening.covering.give_pin("2468")
    until(lambda: not settings.desk.is_covered)

    settings.section("recipients")
    settings.chooser.path = agency_card(tmp_path)
    settings.screen.recipients.list.choose.click()
    settings.at.opening.covering.cover()
    settings.idle()
    assert settings.screen.recipients.card.words.text() == ""
    settings.at.opening.covering.give_pin("2468")
    until(lambda: not settings.desk.is_covered)

    settings.section("keys")
    settings.chooser.path = tmp_path / "sheets.pdf"
    settings.screen.keys.sheets.passphrase.edit.setText(PASSPHRASE)
    settings.screen.keys.sheets.save.click()
    settings.at.opening.covering.cover()
    settings.idle()
    assert not (tmp_path / "sheets.pdf").exists(), "nobody is asked where it goes, so nothing is written"


# Another language.


def test_another_language_is_spoken_at_once_by_bars_screens_and_cover(settings: AtSettings) -> None:
    desk, window, before = settings.desk, settings.window, settings.screen
    new = NewSession("Spring", "", "Berlin", "DE", desk.studio.today(), desk.by.id, ("use.portfolio",), zone="UTC")
    desk.open_session(new_session(desk.studio, new)[0])
    languages = before.appearance.languages
    next(each for each in languages.buttons if each.words == "العربية").click()
    until(lambda: desk.words.language == "ar")
    settings.idle()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert settings.screen is not before and window.screen_key == "settings"
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    said = [each.words for each in window.findChildren(Button)]
    assert desk.words.get("window.shoot") in said and "Shoot" not in said
    assert settings.screen.appearance.languages.value == "ar"

    for key in ("shoot", "sessions", "settings"):
        desk.go(key)
        settings.idle()
    # What was there before hears of nothing any more.
    desk.open_session(None)
    desk.preferences.keep("hand", "left")
    desk.preferences.keep("hand", "letters")
    settings.desk.jobs.tell(~Changes.NONE)
    settings.idle()
    settings.at.opening.covering.cover()
    assert desk.words.get("cover.back") in [each.words for each in window.findChildren(Button) if each.isVisible()]
    settings.at.opening.covering.give_pin("2468")
    until(lambda: not desk.is_covered)
    settings.idle()
    assert window.bottom.isVisible() and window.top.isVisible()


def test_what_has_the_focus_and_what_is_told_is_seen(settings: AtSettings) -> None:
    settings.window.resize(1280, 620)
    settings.window.activateWindow()
    settings.section("team")
    team, area = settings.screen.team, settings.screen.view._areas["team"]

    def seen(widget: QWidget) -> bool:
        QApplication.processEvents()
        top = widget.mapTo(area.viewport(), widget.rect().topLeft()).y()
        return top >= 0 and top + widget.height() <= area.viewport().height()

    team.list.buttons[settings.desk.by.id].click()
    until(lambda: seen(team.person))
    team.at_desk.pin.setFocus()
    until(lambda: seen(team.at_desk.take_over))
    team.at_desk.pin.edit.setText("0000")
    team.at_desk.take_over.click()
    settings.idle()
    until(lambda: bool(team.at_desk.fault.text()) and seen(team.at_desk.fault))
