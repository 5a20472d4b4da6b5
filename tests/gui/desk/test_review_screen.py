"""The review on the desk: behind a PIN, everybody accounted for, the second person's check, the close of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from safelight.desk.review.screen import ReviewScreen, open_screen
from safelight.domain.attendance import Presence
from safelight.domain.session import SessionState
from safelight.studio.culling import hide_photos
from safelight.studio.queries.board import session_board
from safelight.studio.queries.releases import check_releases
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.recipients import add_recipient
from safelight.studio.validations import POINTS
from support.desk_day import DeskDay
from support.desk_screen import REVIEWER_PIN, photographed, settle, shown, sign_yes, with_reviewer
from support.shoot import agency

KIM = "2718"


@pytest.fixture
def review(day: DeskDay) -> Iterator[tuple[DeskDay, ReviewScreen]]:
    """Amélie and Mehmet are photographed and have signed; nobody else was seen yet. Robin may check."""
    with_reviewer(day)
    for number in (0, 1):
        photographed(day, number)
    lumiere = agency("Lumiere", 1)
    add_recipient(day.studio, lumiere.card())
    sign_yes(day, 0, "use.directory", lumiere)
    day.sign(1)
    screen = open_screen(day.desk)
    with shown(day, screen):
        settle(day)
        yield day, screen


def unlock(day: DeskDay, screen: ReviewScreen, pin: str = KIM) -> None:
    screen.view.gate.pin.edit.setText(pin)
    screen.view.gate.unlock.click()
    settle(day)
    settle(day)


def choose(day: DeskDay, screen: ReviewScreen, number: int) -> None:
    screen.view.table.choose(day.people[number].id)
    settle(day)
    settle(day)


def presence(day: DeskDay, number: int) -> Presence:
    rows = {each.id: each for each in session_board(day.studio, day.session).people}
    return rows[day.people[number].id].presence


def test_answers_are_shown_to_the_team_alone(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    assert screen.view.gate.isVisible() and not screen.view.table.rows
    unlock(day, screen, "0000")
    assert screen.view.gate.isVisible() and "Nobody of the team" in screen.view.gate.said.text()
    unlock(day, screen)
    assert not screen.view.gate.isVisible()
    assert [each.cells[2] for each in screen.view.table.rows][:3] == ["1 yes · 1 no", "0 yes · 2 no", "–"]
    screen.left()
    assert screen.view.gate.isVisible() and not screen.view.table.rows, "left, it is locked again"


def test_a_tally_shows_its_people_and_says_when_nobody_is_left(
    review: tuple[DeskDay, ReviewScreen], shoot: Callable[[QWidget, str], QImage]
) -> None:
    day, screen = review
    unlock(day, screen)
    assert "4 people not accounted for" in screen.view.buttons["unaccounted"].words
    screen.view.buttons["unaccounted"].click()
    assert [each.key for each in screen.view.table.rows] == [each.id for each in day.people[2:]]
    screen.view.buttons["check"].click()
    assert not screen.view.table.isVisible() and "Nobody is left here" in screen.view.empty.text()
    screen.view.buttons["check"].click()
    assert len(screen.view.table.rows) == len(day.people)
    choose(day, screen, 0)
    shoot(screen.view, "desk/review")


def test_absent_is_said_without_a_reason_and_can_be_taken_back(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    unlock(day, screen)
    choose(day, screen, 3)
    screen.view.absent.click()
    settle(day)
    assert presence(day, 3) is Presence.ABSENT
    assert day.desk.undo.undo()
    settle(day)
    assert presence(day, 3) is Presence.EXPECTED
    choose(day, screen, 0)
    screen.view.absent.click()
    settle(day)
    assert presence(day, 0) is Presence.EXPECTED and "Photos show this person" in day.said[-1][0]


def test_a_second_person_checks_point_by_point_with_their_own_pin(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    unlock(day, screen)
    choose(day, screen, 0)
    sheet = screen.view.sheet
    assert sheet.title.text() == "Amélie Béranger" and sheet.pages.pages > 0 and len(sheet.picks.tiles) == 1
    assert not sheet.validate.isEnabled()
    for each in POINTS:
        assert not sheet.points[each].ticked
        sheet.points[each].set_ticked(True)
    assert not sheet.validate.isEnabled(), "no PIN yet"
    sheet.pin.edit.setText("1111")
    sheet.validate.click()
    settle(day)
    assert "not the PIN of Robin" in day.said[-1][0]
    sheet.pin.edit.setText(REVIEWER_PIN)
    assert all(each.ticked for each in sheet.points.values()), "what was confirmed stays after a slip"
    sheet.validate.click()
    settle(day)
    settle(day)
    assert screen.view.table.rows[0].cells[4] == "Robin" and "Robin" in sheet.told.text()


def test_who_signed_nothing_has_nothing_to_check(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    unlock(day, screen)
    choose(day, screen, 2)
    assert not screen.view.sheet.form.isVisible() and "has not signed anything" in screen.view.sheet.told.text()


def test_the_day_closes_once_everybody_is_accounted_for_and_its_report_can_be_saved(
    review: tuple[DeskDay, ReviewScreen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, screen = review
    unlock(day, screen)
    foot = screen.view.foot
    assert not foot.close_day.isEnabled() and "4 people not accounted for" in foot.open.text()
    for number in (2, 3, 4, 5):
        choose(day, screen, number)
        screen.view.not_photographed.click()
        settle(day)
        settle(day)
    assert foot.close_day.isEnabled() and "Everybody is accounted for" in foot.open.text()
    foot.close_day.click()
    settle(day)
    settle(day)
    assert session_by_id(day.studio, day.session.id).state is SessionState.CLOSED
    assert day.desk.session is not None and day.desk.session.state is SessionState.CLOSED
    file = tmp_path / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    foot.report.click()
    settle(day)
    assert file.read_bytes().startswith(b"%PDF")


def test_the_backup_is_read_back_and_a_card_is_compared(
    review: tuple[DeskDay, ReviewScreen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, screen = review
    unlock(day, screen)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "backup"))
    screen.view.foot.backup.click()
    settle(day)
    assert (tmp_path / "backup").is_dir() and "Backed up and read back" in day.said[-1][0]
    assert "✓ backup" in screen.view.foot.steps.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(day.hot))
    screen.view.foot.card.click()
    settle(day)
    assert "2 of 2" in day.said[-1][0]
    day.photograph(1)
    screen.view.foot.card.click()
    settle(day)
    assert day.said[-1][0].startswith("Do not format: 2 of 3")


def test_everybody_is_held_against_an_agencys_form(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    unlock(day, screen)
    assert "0 releases" in screen.view.buttons["release"].words
    known = [screen.view.agency.box.itemData(n) for n in range(screen.view.agency.box.count())]
    assert known[0] == "" and len(known) > 1
    sign_yes(day, 2, "use.portfolio")
    screen.view.agency.box.setCurrentIndex(1)
    screen.view.agency.box.activated.emit(1)
    settle(day)
    settle(day)
    lacking = check_releases(day.studio, day.session, known[1]).rows
    people = {each.person.id for each in lacking if each.findings}
    shown_as = {each.key for each in screen.view.table.rows if "form lacks" in each.cells[5]}
    assert shown_as == people and f"{len(people)} release" in screen.view.buttons["release"].words


def test_what_is_in_the_bin_is_taken_out_or_deleted_and_proved_gone(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    (guid,) = day.shots(1)[0].guids
    day.desk.jobs.tell(hide_photos(day.studio, [guid], day.by.id)[1])
    unlock(day, screen)
    view = screen.view.bin
    assert view.isVisible() and view.title.text() == "1 shot in the bin"
    assert view.frames.tiles[0].owner == "Mehmet Öztürk"
    view.take_out.click()
    settle(day)
    settle(day)
    assert not view.isVisible() and len(day.shots(1)) == 1
    assert day.desk.undo.undo()
    settle(day)
    settle(day)
    assert view.isVisible() and day.shots(1) == ()
    view.delete.click()
    assert day.studio.archive.photos.count(day.session.id) == 2, "it asks first"
    view.keep.click()
    assert view.delete.words.startswith("Delete now")
    view.delete.click()
    view.delete.click()
    settle(day)
    settle(day)
    assert day.studio.archive.photos.count(day.session.id) == 1 and not view.isVisible()
    assert day.said[-1][0].startswith("1 file is gone")


def test_what_came_into_the_bin_after_somebody_was_asked_is_not_deleted(review: tuple[DeskDay, ReviewScreen]) -> None:
    day, screen = review
    first, second = day.studio.archive.photos.of_session(day.session.id)
    day.desk.jobs.tell(hide_photos(day.studio, [first.guid], day.by.id)[1])
    unlock(day, screen)
    screen.view.bin.delete.click()
    hide_photos(day.studio, [second.guid], day.by.id)  # by another program: nobody has seen it yet
    screen.view.bin.delete.click()
    settle(day)
    settle(day)
    assert [each.guid for each in day.studio.archive.photos.of_session(day.session.id)] == [second.guid]
