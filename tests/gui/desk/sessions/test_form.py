"""One form: a new session by keyboard alone, a change within the rules, one like another; nothing typed is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safelight.agency import founding as agencies
from safelight.desk.sessions import form_reading
from safelight.desk.sessions.form_page import FormPage
from safelight.desk.sheet import Sheet
from safelight.domain.ids import Country
from safelight.domain.session import Session
from safelight.keys.passphrases import FLOOR_COST
from safelight.qt import theme
from safelight.qt.controls import Button
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.recipients import recipient_rows
from safelight.studio.queries.sessions import session_by_id, session_rows
from safelight.studio.recipients import add_keyless, studio_as_recipient
from safelight.studio.sessions import USUAL

from .conftest import DAY, AtSessions

Make = Callable[..., Session]


def new_form(at: AtSessions) -> FormPage:
    at.open()
    (at.view.list.first if at.view.list.first.isVisible() else at.view.list.new).click()
    at.settle()
    assert at.view.currentWidget() is at.view.form
    return at.view.form


def change_form(at: AtSessions, session: Session, act: str = "change") -> FormPage:
    at.open()
    at.view.list.table.choose(session.id)
    at.settle()
    at.view.list.side.buttons[act].click()
    at.settle()
    return at.view.form


def sessions(studio: OpenStudio) -> list[Session]:
    return [row.session for row in session_rows(studio)]


def press(words: str) -> None:
    """The button of the sheet with these words."""
    window = QApplication.activeWindow() or QApplication.topLevelWidgets()[0]
    sheet = next(each for each in window.findChildren(Sheet) if each.isVisible())
    next(each for each in sheet.findChildren(Button) if each.words == words).click()


def focused() -> QWidget:
    """The widget with the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_by_keyboard_alone_a_session_is_made(at: AtSessions, studio: OpenStudio) -> None:
    page = new_form(at)
    QTest.keyClicks(focused(), "Spring")
    seen: list[QWidget] = []
    for typed in ("Nordwind", "Berlin"):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
        QTest.keyClicks(focused(), typed)
    assert seen == [page.client.edit, page.place.edit]
    while focused() is not page.save:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
        assert len(seen) < 60, "Tab never comes to Save"
    uses = list(page.uses.boxes.values())[:5]
    shown: list[QWidget] = [page.country.box, page.zone.box, page.days.lines[0].edit, *uses]
    shown += [page.uses.more, page.recipients.boxes["studio"], page.recipients.by_card, page.recipients.by_name]
    assert list(dict.fromkeys(each for each in seen if each in shown)) == shown  # a day has three parts
    QTest.keyClick(page.save, Qt.Key.Key_Return)
    at.settle()
    (made,) = sessions(studio)
    assert (made.name, made.client, made.place, made.country) == ("Spring", "Nordwind", "Berlin", "DE")
    assert made.zone == "Europe/Berlin" and made.photographer == at.by.id and set(made.offered) == set(USUAL)
    assert at.view.currentWidget() is at.view.list and at.view.list.table.current == made.id


def test_several_days_frames_and_further_uses_are_kept(at: AtSessions, studio: OpenStudio) -> None:
    page = new_form(at)
    page.name.edit.setText("Fair")
    page.days.lines[0].edit.setDate(QDate(2027, 3, 8))
    page.days.more.click()
    page.days.more.click()
    page.days.lines[2].edit.setDate(QDate(2027, 3, 20))
    page.frames.edit.setText("5")
    page.uses.more.click()
    further = next(key for key, box in page.uses.boxes.items() if not box.isChecked())
    page.uses.boxes[further].click()
    page.save.click()
    at.settle()
    (made,) = sessions(studio)
    assert made.days == (date(2027, 3, 8), date(2027, 3, 9), date(2027, 3, 20))
    assert made.frames_per_subject == 5 and set(made.offered) == {*USUAL, further}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_day_can_be_read_where_it_stands(at: AtSessions, language: str) -> None:
    theme.speak(at.window, language)
    page = new_form(at)
    page.days.more.click()
    at.settle()
    for line in page.days.lines:
        text = line.edit.lineEdit().fontMetrics().horizontalAdvance(line.edit.text())
        assert text < line.edit.lineEdit().width() <= line.edit.width()


def test_the_usual_uses_stand_first_and_the_rest_under_more(at: AtSessions) -> None:
    page = new_form(at)
    assert {key for key, box in page.uses.boxes.items() if box.isVisible()} == set(USUAL)
    page.uses.more.click()
    assert all(box.isVisible() for box in page.uses.boxes.values())


def test_the_cards_are_those_people_read_in_their_language(at: AtSessions, studio: OpenStudio) -> None:
    add_keyless(studio, "Prenzel AG", Country("DE"), "client")
    page = new_form(at)
    catalogue = studio.rules.catalogue
    cards = page.preview.cards
    assert set(cards) == set(USUAL)
    for language in ("de", "en", "ar", "zh-Hans"):
        page.preview.language.choose(language)
        page.preview.language.chosen.emit(language)
        at.settle()
        for use, card in cards.items():
            scope = catalogue.scope(use)
            assert card.title.text() == scope.title[language] and card.sentence.text() == scope.text[language]
    page.preview.language.choose("en")
    box = next(each for each in page.recipients.boxes.values() if each.text() == "Prenzel AG")
    box.click()
    at.settle()
    told = {use: card.relies.text() for use, card in cards.items()}
    for use in USUAL:
        named = "Prenzel AG (Germany)" if catalogue.scope(use).for_others else "Lampe & Söhne"
        assert named in told[use], use
        assert cards[use].cap.text().startswith("At most ")


def test_a_ticked_use_brings_its_card_and_an_unticked_one_takes_it_away(at: AtSessions) -> None:
    page = new_form(at)
    first = next(iter(page.uses.boxes))
    page.uses.boxes[first].click()
    at.settle()
    assert first not in page.preview.cards
    page.uses.boxes[first].click()
    at.settle()
    assert first in page.preview.cards


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("name", "", "missing"), ("name", "   ", "missing"), ("name", "x" * 500, "200 letters"),
     ("client", "é" * 201, "200 letters"), ("frames", "many", "number"), ("frames", "٣٠٠٠٠", "number")],
)  # fmt: skip
def test_what_cannot_be_saved_is_said_and_stays_as_typed(
    at: AtSessions, studio: OpenStudio, field: str, typed: str, said: str
) -> None:
    page = new_form(at)
    page.name.edit.setText("Spring")
    getattr(page, field).edit.setText(typed)
    page.save.click()
    at.settle()
    assert said in page.foot.said.text() and sessions(studio) == []
    assert getattr(page, field).edit.text() == typed and getattr(page, field).edit.hasFocus()


def test_without_a_use_nothing_is_saved(at: AtSessions, studio: OpenStudio) -> None:
    page = new_form(at)
    page.name.edit.setText("Spring")
    for box in page.uses.boxes.values():
        box.setChecked(False)
    at.settle()
    page.save.click()
    assert "missing" in page.foot.said.text() and not page.preview.cards and page.preview.none.isVisible()


@pytest.mark.parametrize("name", ["<b>Bold</b> & Söhne", "جلسة النور", "👩‍🎤 Café", "{name} %s \\ ' \""])
def test_any_name_is_kept_as_typed(at: AtSessions, studio: OpenStudio, name: str) -> None:
    page = new_form(at)
    page.name.edit.setText(name)
    page.save.click()
    at.settle()
    assert [each.name for each in sessions(studio)] == [name]


def test_a_change_is_written_and_can_be_undone_and_done_again(
    at: AtSessions, session: Make, studio: OpenStudio
) -> None:
    own = studio_as_recipient(studio).id
    spring = session("Spring", DAY, frames_per_subject=3, recipients=("studio",))
    assert spring.recipients == (own,)
    at.desk.open_session(spring)
    page = change_form(at, spring)
    assert page.name.text() == "Spring" and page.frames.text() == "3" and page.recipients.value == {"studio"}
    page.name.edit.setText("Summer")
    page.save.click()
    at.settle()
    after = session_by_id(studio, spring.id)
    assert after == replace(spring, name="Summer") and at.desk.session == after
    at.desk.undo.undo()
    at.settle()
    assert session_by_id(studio, spring.id) == spring and at.names() == ["Spring"] and at.desk.session == spring
    at.desk.undo.redo()
    at.settle()
    assert session_by_id(studio, spring.id) == after


def test_once_somebody_has_answered_the_form_says_what_stays_before_anybody_tries(
    at: AtSessions, session: Make, studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    spring = session("Spring")
    monkeypatch.setattr(form_reading, "anybody_answered", lambda *_: True)
    page = change_form(at, spring)
    assert page.stays.isVisible() and page.uses.locked.isVisible()
    assert not page.country.box.isEnabled() and not page.zone.box.isEnabled()
    assert [page.uses.boxes[each].isEnabled() for each in spring.offered] == [False] * len(spring.offered)
    page.uses.more.click()
    further = next(box for key, box in page.uses.boxes.items() if key not in spring.offered)
    further.click()
    page.save.click()
    at.settle()
    assert set(session_by_id(studio, spring.id).offered) == {*spring.offered, further.key}


def test_what_the_verb_refuses_is_one_sentence_and_the_form_stays(
    at: AtSessions, session: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safelight.studio import sessions as verbs

    spring = session("Spring")
    page = change_form(at, spring)
    monkeypatch.setattr(verbs, "anybody_answered", lambda *_: True)  # somebody signs meanwhile
    page.name.edit.setText("Summer")
    page.uses.boxes[spring.offered[0]].click()
    page.save.click()
    at.settle()
    assert "cannot be taken away" in page.foot.said.text() and page.name.text() == "Summer" and page.save.isEnabled()


def test_another_one_like_it_comes_with_everything_but_people(
    at: AtSessions, session: Make, studio: OpenStudio
) -> None:
    spring = session("Spring", DAY, DAY + timedelta(2), frames_per_subject=4)
    page = change_form(at, spring, "duplicate")
    today = page.days.value[0]
    assert page.days.value == (today, today + timedelta(2)) and abs(today - datetime.now(UTC).date()) < timedelta(2)
    page.name.edit.setText("Autumn")
    page.save.click()
    at.settle()
    made = next(each for each in sessions(studio) if each.id != spring.id)
    days = (today, today + timedelta(2))
    assert made == replace(spring, id=made.id, name="Autumn", day=today, days=days)
    assert at.view.list.table.rows and all(row.cells[3] == "0" for row in at.view.list.table.rows)


def test_esc_leaves_an_untouched_form_and_asks_before_it_throws_anything_away(at: AtSessions) -> None:
    page = new_form(at)
    QTest.keyClick(page.name.edit, Qt.Key.Key_Escape)
    assert at.view.currentWidget() is at.view.list
    page = at.view.form
    at.view.list.first.click()
    at.settle()
    QTest.keyClicks(page.name.edit, "Spring")
    QTest.keyClick(page.name.edit, Qt.Key.Key_Escape)
    press("Go on writing")
    assert at.view.currentWidget() is page and page.name.text() == "Spring"
    QTest.keyClick(page.name.edit, Qt.Key.Key_Escape)
    press("Throw away")
    assert at.view.currentWidget() is at.view.list


def test_what_was_typed_survives_the_cover_and_is_not_seen_meanwhile(at: AtSessions) -> None:
    page = new_form(at)
    page.name.edit.setText("Secret job")
    page.client.edit.setText("Secret client")
    at.screen.forget()
    at.settle()
    assert page.name.text() == page.client.text() == "" and page.photographer.value is None
    at.screen.opened()
    at.settle()
    assert at.view.currentWidget() is page and page.draft.client == "Secret client"
    QTest.keyClick(page.name.edit, Qt.Key.Key_Escape)
    press("Go on writing")


def test_a_recipient_is_added_by_name_and_ticked(at: AtSessions, studio: OpenStudio) -> None:
    page = new_form(at)
    page.recipients.by_name.click()
    part = page.recipients.name_card
    assert part.name.edit.hasFocus()
    part.name.edit.setText("Prenzel AG")
    part.role.buttons[1].click()
    part.add.click()
    at.settle()
    (row,) = recipient_rows(studio)
    assert (row.recipient.name, row.recipient.role, row.recipient.country) == ("Prenzel AG", "employer", "DE")
    assert page.recipients.value == {row.recipient.id} and "without a card" in page.recipients.added.text()
    page.recipients.by_name.click()
    part.name.edit.setText("Prenzel AG")
    part.add.click()
    at.settle()
    assert "already" in page.recipients.said.text() and part.name.text() == "Prenzel AG"
    assert len(recipient_rows(studio)) == 1


def test_a_recipient_is_added_by_card_with_six_words_to_compare(
    at: AtSessions, studio: OpenStudio, tmp_path: Path
) -> None:
    wanted = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, Paris")
    with agencies.found_agency(tmp_path / "agency", wanted, "another passphrase here", cost=FLOOR_COST) as agency:
        (tmp_path / "card.json").write_bytes(agencies.agency_card(agency))
    page = new_form(at)
    page.recipients.card_chosen.emit(tmp_path / "card.json")
    at.settle()
    (row,) = recipient_rows(studio)
    assert len(row.words) == 6 and " ".join(row.words) in page.recipients.added.text()
    assert page.recipients.value == {row.recipient.id}
    os.mkfifo(tmp_path / "pipe.json")
    wrong = (("empty.json", b""), ("noise.json", bytes(range(256))), ("none.json", None), ("pipe.json", None))
    for name, content in wrong:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        page.recipients.card_chosen.emit(tmp_path / name)
        at.settle()
        assert page.recipients.said.text() and page.recipients.value == {row.recipient.id}, name


def test_another_country_brings_its_time_zones(at: AtSessions) -> None:
    page = new_form(at)
    page.country.choose("JP")
    page.country.chosen.emit("JP")
    at.settle()
    assert page.zone.value == "Asia/Tokyo"
