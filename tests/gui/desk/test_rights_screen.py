"""People's rights on the desk: found by name or code, taken back after one question, who holds what, what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from safelight.desk.rights.ask_sheet import AskSheet, ReasonSheet
from safelight.desk.rights.keeping_view import HoldSheet
from safelight.desk.rights.screen import RightsScreen, open_screen
from safelight.desk.rights.words_sheet import WordsSheet
from safelight.desk.settings.file_chooser import FileChooser
from safelight.documents.acknowledgements import Acknowledgement, AnsweredNotice, Reaction, Reply, ack_bytes, asked_in
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.ids import RecipientId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RequestState
from safelight.domain.withdrawal import Channel
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import new_id
from safelight.studio.queries.people import search_subjects
from safelight.studio.recipients import add_recipient
from safelight.studio.requests import NewRequest, new_request
from safelight.studio.withdrawal_codes import code_hash
from support.desk.rights_states import disclose
from support.desk_day import DeskDay
from support.desk_screen import photographed, settle, shown, sign_yes
from support.shoot import agency

LUMIERE = agency("Lumiere", 1)
USE = "use.directory"


@pytest.fixture
def rights(day: DeskDay) -> Iterator[tuple[DeskDay, RightsScreen]]:
    """Amélie allows the directory to Lumiere, which has her photo; nothing is due yet."""
    add_recipient(day.studio, LUMIERE.card())
    photographed(day, 0, 2)
    sign_yes(day, 0, USE, LUMIERE)
    disclose(day.studio, day.people[0], RecipientId(LUMIERE.recipient.id))
    screen = open_screen(day.desk)
    with shown(day, screen):
        settle(day)
        yield day, screen


def find(day: DeskDay, screen: RightsScreen, typed: str) -> None:
    screen.view.look_for()
    screen.view.search.edit.setText(typed)
    settle(day)


def show(day: DeskDay, screen: RightsScreen, number: int = 0) -> None:
    screen.presenter.choose(f"person {day.people[number].id}")
    settle(day)


def sheet(screen: RightsScreen) -> AskSheet:
    (found,) = (each for each in screen.view.window().findChildren(AskSheet) if each.isVisible())
    return found


def reason(screen: RightsScreen) -> ReasonSheet:
    (found,) = (each for each in screen.view.window().findChildren(ReasonSheet) if each.isVisible())
    return found


def say(asked: AskSheet, role: int = 0, channel: int = 0) -> None:
    asked.role.buttons[role].click()
    asked.channel.buttons[channel].click()
    asked.do.click()


def due(screen: RightsScreen) -> list[tuple[str, ...]]:
    return [each.cells for each in screen.view.due.rows]


def test_somebody_is_found_while_typing_and_enter_shows_them(
    rights: tuple[DeskDay, RightsScreen], shoot: Callable[[QWidget, str], QImage]
) -> None:
    day, screen = rights
    assert screen.view.nothing.isVisible() and screen.view.pages.currentWidget() is screen.view.hint
    name = day.people[0].name
    find(day, screen, name[:3])
    wanted = {each.id for each in search_subjects(day.studio, name[:3])}
    assert {each.key for each in screen.view.found.rows} == wanted
    QTest.keyClick(screen.view.search.edit, Qt.Key.Key_Return)
    settle(day)
    page = screen.view.person
    assert page.id == day.people[0].id and page.name.text() == name
    assert page.uses.lines[0].buttons[0].hasFocus(), "the focus is where something can be done"
    (holder,) = page.holders.lines
    assert LUMIERE.name in holder.accessibleName() and "2 photos" in holder.accessibleName()
    shoot(screen.view, "desk/rights")
    screen.view.look_for()
    QTest.keyClick(screen.view.search.edit, Qt.Key.Key_Escape)
    assert not screen.view.found.isVisible()


def test_what_has_the_focus_is_in_view_also_when_it_came_from_outside(rights: tuple[DeskDay, RightsScreen]) -> None:
    day, screen = rights
    show(day, screen)
    screen.view.window().resize(1280, 480)
    settle(day)
    area, first = screen.view.pages.currentWidget(), screen.view.person.stop
    assert isinstance(area, QScrollArea)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert first.visibleRegion().isEmpty()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    day.until(lambda: not first.visibleRegion().isEmpty(), "it is in view")


def test_the_code_of_a_receipt_leads_to_its_person_and_a_wrong_one_is_told(
    rights: tuple[DeskDay, RightsScreen], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, screen = rights
    (file,) = day.studio.archive.consents.receipts_of(day.people[0].id)
    find(day, screen, "2345-6789-ABCD-EFGH")
    screen.view.search.entered.emit()
    settle(day)
    assert day.said[-1][0] == "No receipt has this code." and screen.view.person.id == ""
    assert file.withdrawal_hash != code_hash("2345-6789-ABCD-EFGH")
    monkeypatch.setattr("safelight.studio.withdrawal_codes.code_hash", lambda _: file.withdrawal_hash)
    screen.view.search.entered.emit()
    settle(day)
    assert screen.view.person.id == day.people[0].id


def test_a_use_is_taken_back_only_after_who_and_how_were_said(
    rights: tuple[DeskDay, RightsScreen], shoot: Callable[[QWidget, str], QImage]
) -> None:
    day, screen = rights
    show(day, screen)
    screen.view.person.uses.lines[0].buttons[0].click()
    asked = sheet(screen)
    told = "\n".join(each.text() for each in asked.findChildren(type(asked.fault)))
    assert "Staff directory" in told and LUMIERE.name in told and "cannot be undone" in told
    asked.do.click()
    assert asked.isVisible() and asked.fault.isVisible(), "nothing is guessed"
    shoot(screen.view.window(), "desk/rights-take-back")
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    settle(day)
    assert screen.view.person.uses.lines, "Esc changed nothing"
    screen.view.person.uses.lines[0].buttons[0].click()
    say(sheet(screen), role=1, channel=1)
    settle(day)
    assert not screen.view.person.uses.lines and not screen.view.person.all.isVisible()
    assert "taken back" in screen.view.person.ended.text()
    assert day.said[-1] == ("Taken back: 1 use.", f"Hand over the notices to: {LUMIERE.name}.")
    last = max(day.studio.archive.consents.events_of(day.people[0].id), key=lambda each: each.sequence)
    assert (last.by, last.channel, last.entered_by) == (Role.GUARDIAN, Channel.MAIL, day.by.id)
    ((what, left),) = due(screen)
    assert what == f"Answer to notice 1: {LUMIERE.name}" and left == "in 14 days"
    screen.view.person.holders.lines[0].buttons[0].click()
    settle(day)
    assert "2 without an answer" in screen.view.recipient.notices.lines[0].accessibleName()
    assert day.desk.undo.label == "", "what is final is not offered to undo"


def test_a_photo_is_struck_out_and_stays_so(rights: tuple[DeskDay, RightsScreen]) -> None:
    day, screen = rights
    show(day, screen)
    pictures = screen.view.person.pictures
    first = pictures.grid.focused
    assert first is not None and pictures.strike.isVisible()
    pictures.strike.click()
    say(sheet(screen))
    settle(day)
    assert [each.owner for each in pictures.grid.tiles] == ["× struck out", ""]
    assert not pictures.strike.isVisible() and pictures.told.text().startswith("Struck out")
    assert screen.view.person.uses.lines, "no use ended"
    assert day.said[-1][0] == "The photo is struck out." and due(screen)[0][0].startswith("Answer to notice 1")


def test_nothing_is_used_for_now_and_then_again(rights: tuple[DeskDay, RightsScreen]) -> None:
    day, screen = rights
    show(day, screen)
    person = screen.view.person
    assert not person.restricted.isVisible()
    said = {"accuracy is in doubt": "Nothing of this person is used", "settled": "What this person allows"}
    for why, told in said.items():
        person.stop.click()
        asked = reason(screen)
        asked.do.click()
        assert asked.isVisible() and asked.fault.isVisible(), "it says why"
        asked.reason.edit.setText(why)
        asked.do.click()
        settle(day)
        assert day.said[-1][0].startswith(told) and day.said[-1][1] == "1 notice is to be handed over."
        assert ("accuracy is in doubt" in person.restricted.text()) is (why != "settled")
        assert person.uses.lines, "every yes stays"


def test_requests_are_entered_listed_by_their_days_and_answered(rights: tuple[DeskDay, RightsScreen]) -> None:
    day, screen = rights
    today = day.studio.today()
    late = NewRequest(day.people[1].id, RequestKind.ACCESS, today - timedelta(days=40))
    day.desk.jobs.tell(new_request(day.studio, late)[1])
    show(day, screen)
    screen.view.person.enter.click()
    asked = sheet(screen)
    assert asked.received is not None and asked.received.value == today
    say(asked)
    settle(day)
    assert [each[0] for each in due(screen)] == [f"Access: {day.people[at].name}" for at in (1, 0)]
    assert due(screen)[0][1].endswith("days late"), "late in words, not in a colour"
    (line,) = screen.view.person.requests.lines
    line.buttons[1].click()
    refusing = reason(screen)
    refusing.do.click()
    assert refusing.isVisible() and refusing.fault.isVisible(), "a refusal says its ground"
    refusing.reason.edit.setText("asked for somebody else")
    refusing.do.click()
    settle(day)
    (kept,) = day.studio.archive.requests.of(day.people[0].id)
    assert (kept.state, kept.reason) == (RequestState.REFUSED, "asked for somebody else")
    assert [each[0] for each in due(screen)] == [f"Access: {day.people[1].name}"]
    assert not screen.view.person.requests.lines[0].buttons, "an answer is never taken back"


def test_a_hold_keeps_pictures_from_an_erasure_until_it_is_released(
    rights: tuple[DeskDay, RightsScreen], tmp_path: Path
) -> None:
    day, screen = rights
    show(day, screen)
    keeping, person = screen.view.person.keeping, day.people[0].id
    screen.presenter.handing.chooser = Chosen(tmp_path)
    keeping.add.click()
    (asked,) = screen.view.window().findChildren(HoldSheet)
    asked.do.click()
    assert asked.fault.isVisible(), "a hold says why"
    asked.reason.edit.setText("a claim is pending")
    asked.do.click()
    settle(day)
    (line,) = keeping.holds.lines
    assert "a claim is pending" in line.accessibleName()
    assert "Waits for a hold: 2 photos" in keeping.plan.text()
    keeping.erase.click()
    asking = sheet(screen)
    assert asking.stay.hasFocus(), "a stray Enter erases nobody"
    asking.do.click()
    settle(day)
    assert day.said[-1] == ("The yeses have ended; the pictures wait for a hold.", "1 notice is to be handed over.")
    assert keeping.state.text().startswith("◐ Asked for") and not screen.view.person.uses.lines
    assert len(day.studio.archive.photos.of_subject(person)) == 2
    keeping.holds.lines[0].buttons[0].click()
    settle(day)
    assert day.said[-1][0].startswith("The hold is released, and the erasure")
    assert day.studio.archive.photos.of_subject(person) == ()
    assert keeping.state.text().startswith("× Erased") and not keeping.erase.isVisible()
    assert not screen.view.person.pictures.grid.tiles and screen.view.person.ended.text()
    keeping.certificate.click()
    settle(day)
    (certificate,) = tmp_path.glob("erasure-*.pdf")
    assert certificate.read_bytes().startswith(b"%PDF") and "found nothing left" in day.said[-1][0]


def test_who_is_erased_at_once_has_a_certificate_at_once(
    rights: tuple[DeskDay, RightsScreen], tmp_path: Path
) -> None:
    day, screen = rights
    screen.presenter.handing.chooser = Chosen(tmp_path)
    show(day, screen, 3)
    assert "no proof stays" in screen.view.person.keeping.plan.text()
    screen.view.person.keeping.erase.click()
    sheet(screen).do.click()
    settle(day)
    settle(day)
    assert len(list(tmp_path.glob("erasure-*.pdf"))) == 1
    assert screen.view.pages.currentWidget() is screen.view.hint, "of nobody there is no page"


def test_everything_about_somebody_is_written_to_hand_over_and_locked_to_send(
    rights: tuple[DeskDay, RightsScreen], tmp_path: Path
) -> None:
    day, screen = rights
    day.desk.jobs.tell(new_request(day.studio, NewRequest(day.people[0].id, RequestKind.ACCESS))[1])
    show(day, screen)
    page = screen.view.person
    target = screen.presenter.handing.chooser = Chosen(tmp_path / "sent")
    page.access.buttons[".pdf"].click()
    settle(day)
    assert "request is the person’s own" in day.said[-1][0] or "request is the person's own" in day.said[-1][0]
    page.requests.lines[0].buttons[-1].click()
    settle(day)
    page.access.buttons[".pdf"].click()
    settle(day)
    (words,) = screen.view.window().findChildren(WordsSheet)
    assert len(words.six.text().split()) == 6 and (tmp_path / "sent.pdf").is_file()
    words.done.click()
    settle(day)
    assert not page.requests.lines[0].buttons, "the request is answered"
    target.path = tmp_path / "given.zip"
    page.access.buttons[".zip"].click()
    settle(day)
    assert day.said[-1] == ("The file is written, with 2 photos.", "given.zip") and target.path.is_file()
    assert not any(each.name in target.proposed for each in day.people), "names are not for files"


MAIL = "From: ada@example.org\r\nSubject: Please stop{code}\r\n\r\nTake the directory down.\r\nhttps://example.org/x\r\n"


def test_a_mail_is_shown_beside_its_person_and_the_team_ticks_what_it_takes_back(
    rights: tuple[DeskDay, RightsScreen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, screen = rights
    path, view = tmp_path / "stop.eml", screen.view
    path.write_bytes(MAIL.format(code="").encode())
    screen.presenter.mails.chooser = Chosen(path)
    view.open_mail.click()
    settle(day)
    assert "No receipt’s code" in view.mail.told.text() and "Take the directory down." in view.mail.text.text()
    assert not view.mail.take.isVisible()
    show(day, screen)
    card = view.person.mail
    assert card.isVisible() and "ada@example.org" in card.head.text(), "it stays beside whoever is found"
    card.away.click()
    assert not card.isVisible() and view.search.edit.hasFocus()
    (file,) = day.studio.archive.consents.receipts_of(day.people[0].id)
    monkeypatch.setattr("safelight.studio.withdrawal_codes.code_hash", lambda _: file.withdrawal_hash)
    path.write_bytes(MAIL.format(code=" 2345-6789-ABCD-EFGH").encode())
    screen.presenter.choose(f"person {day.people[1].id}")
    settle(day)
    view.open_mail.click()
    settle(day)
    assert view.person.id == day.people[0].id and card.isVisible()
    (tick,) = card.ticks.values()
    tick.set_ticked(True)
    card.take.click()
    asked = sheet(screen)
    assert asked.channel.value == "mail", "how it came is known"
    asked.role.buttons[0].click()
    asked.do.click()
    settle(day)
    last = max(day.studio.archive.consents.events_of(day.people[0].id), key=lambda each: each.sequence)
    assert (last.channel, last.scope) == (Channel.MAIL, USE)
    assert "nothing to take back" in card.told.text()
    path.write_bytes(b"no mail at all")
    view.open_mail.click()
    settle(day)
    assert "mail" in day.said[-1][0]


class Chosen(FileChooser):
    """Answers every question for a file or folder at once."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.proposed = path, ""

    def save(self, parent: QWidget, title: str, name: str, then: Callable[[Path], None]) -> None:
        self.proposed = name
        then(self.path)

    def file(self, parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
        then(self.path)

    def folder(self, parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
        then(self.path)


def test_receipt_notice_and_published_folder_are_saved_and_an_answer_is_taken_in(
    rights: tuple[DeskDay, RightsScreen], tmp_path: Path
) -> None:
    day, screen = rights
    show(day, screen)
    person = screen.view.person
    assert not person.receipt.isVisible()
    person.uses.lines[0].buttons[0].click()
    say(sheet(screen))
    settle(day)
    papers, published = tmp_path / "papers", tmp_path / "published"
    papers.mkdir()
    screen.presenter.papers.chooser = Chosen(papers)
    person.receipt.click()
    settle(day)
    assert sorted(each.suffix for each in papers.iterdir()) == [".eml", ".pdf"]
    person.receipt.click()
    settle(day)
    assert day.said[-1][0].endswith("exists already."), "nothing is written over"
    screen.presenter.choose(f"recipient {LUMIERE.recipient.id}")
    settle(day)
    view = screen.view.recipient
    view.notices.lines[0].buttons[0].click()
    settle(day)
    (notice,) = papers.glob("notice-1-*.json")
    (message,) = day.studio.archive.outgoing_notices.list()
    assert notice.read_text(encoding="utf-8") == message.text and day.said[-1][0] == "Saved."
    assert not any(each.name in file.name for each in day.people for file in papers.glob("notice*"))
    screen.presenter.papers.chooser = Chosen(published)
    view.publish.click()
    settle(day)
    assert (published / "feed.json").is_file() and day.said[-1][0] == "Published: 1 notice."
    screen.presenter.papers.chooser = Chosen(notice)
    view.answer.click()
    settle(day)
    assert "malformed" in day.said[-1][0], "a notice is no answer"
    content, signature = acknowledged(message)
    answer = tmp_path / "ack.json"
    answer.write_bytes(content)
    (tmp_path / "ack.json.sig").write_text(signature, encoding="ascii")
    screen.presenter.papers.chooser = Chosen(answer)
    view.answer.click()
    settle(day)
    assert day.said[-1] == (f"The answer of {LUMIERE.name} is taken in.", "0 points are still open.")
    assert due(screen) == [] and "2 photos, all answered" in view.notices.lines[0].accessibleName()


def acknowledged(message: SignedMessage) -> tuple[bytes, str]:
    """What Lumiere answers to this notice: all of it is removed."""
    notice = read_notice(message.text.encode())
    reactions = tuple(Reaction(record, photo, Reply.REMOVED, message.at) for record, photo in asked_in(notice))
    told = AnsweredNotice(notice.number, message.sha256)
    ack = Acknowledgement(new_id(), 1, notice.studio, notice.recipient, message.at, (told,), reactions)
    content = ack_bytes(ack)
    return content, LUMIERE.key.sign(content, "safelight-ack")


def test_nothing_of_anybody_is_left_when_another_screen_is_shown(rights: tuple[DeskDay, RightsScreen]) -> None:
    day, screen = rights
    find(day, screen, day.people[0].name[:2])
    show(day, screen)
    screen.left()
    view = screen.view
    assert view.person.id == "" and not view.found.rows and not view.due.rows and view.search.text() == ""
    assert not view.person.pictures.grid.tiles and view.pages.currentWidget() is view.hint
    show(day, screen, 1)
    assert view.person.id == day.people[1].id
