"""The shoot screen on a real studio: who is on set, what comes in of them, what is done to it, and how it is undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.desk.pictures.acts import Act
from safelight.desk.shoot import switching
from safelight.desk.shoot.alarm_answers import AlarmAnswers
from safelight.desk.shoot.rows import Filter, Place, Purpose
from safelight.desk.shoot.wording import client_frames
from safelight.desk.status import SourceState
from safelight.domain.alarms import Unclear, alarms
from safelight.domain.culling import Pick
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.settings.desk_texts import desk_texts
from safelight.studio.assignments import settle
from safelight.studio.badges import badge_code
from safelight.studio.hot_intake import HotIntake
from safelight.studio.queries.board import session_board
from safelight.studio.queries.on_set import on_set, switches
from safelight.studio.queries.shots import ShotRow
from safelight.studio.session_places import hot_folder_of
from safelight.studio.sessions import NewSession, new_session
from safelight.studio.subject_changes import remove_subject
from support.desk_day import DeskDay, frame


@pytest.fixture
def at_work(day: DeskDay) -> DeskDay:
    """The screen is open and the hot folder is watched."""
    day.open()
    day.at_work.presenter.source.choose(day.hot)
    day.until(lambda: day.at_work.presenter.source.news is not None, "the folder is watched")
    day.rest()
    return day


def banner(day: DeskDay) -> str:
    return day.at_work.view.banner.name.text


def press(day: DeskDay, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key that is not taken for the end of the one before."""
    QTest.qWait(round(switching.KEY_PAUSE_S * 1000) + 20)
    strike(day, key, modifiers)


def strike(day: DeskDay, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the system gives it: to the window first."""
    assert day.window is not None
    QTest.keyClick(day.window.windowHandle(), key, modifiers)


def enter(day: DeskDay) -> None:
    press(day, Qt.Key.Key_Return)


# Frames.


def test_frames_are_of_whoever_is_on_set_and_seen_at_once(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(3)
    day.until(lambda: len(day.shots(2)) == 3, "three frames are in")
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: view.banner.count.text() == "3", "the banner counts them")
    assert banner(day) == "Ana Sousa"
    assert panel.looked_at == day.shots(2)[-1].shot
    row = view.roster.model.rows[2]
    assert (row.shots, row.planned, row.on_set) == (3, 5, True)
    assert [each.owner for each in panel.last.tiles] == ["Ana Sousa"] * 3


def test_frames_before_anybody_is_on_set_are_nobodys(at_work: DeskDay) -> None:
    day = at_work
    assert day.at_work.view.banner.name.text == day.desk.words.get("shoot.nobody-on-set")
    day.photograph()
    day.until(lambda: len(day.shots()) == 1, "a frame of nobody")
    day.until(lambda: any(number == "1" for number, _ in _pace(day)), "it is counted")


def _pace(day: DeskDay) -> list[tuple[str, str]]:
    return [(number.text, what.text) for number, what in day.at_work.view.pace._lines]


def test_the_newest_is_followed_until_the_focus_is_moved(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    panel = day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 2, "two shots")
    panel.shots.setFocus()
    QTest.keyClick(panel.shots, Qt.Key.Key_Home)
    first = panel.shots.tiles[0].shot
    day.until(lambda: panel.looked_at == first, "the first is looked at")
    assert not panel.following and not day.at_work.view.follow.isChecked()
    day.photograph()
    day.until(lambda: len(panel.shots.tiles) == 3, "three shots")
    assert panel.looked_at == first, "what came in stole the view"
    day.at_work.view.follow.click()
    assert panel.looked_at == panel.shots.tiles[-1].shot


def test_an_answer_gives_nobody_a_frame_that_cannot_be_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, ben, cleo = ((SubjectId(each),) for each in ("ada", "ben", "cleo"))
    either, later = PhotoGuid("either"), PhotoGuid("later")
    asked = Unclear(either, 7, ben, (ada,)), Unclear(later, 7, ben, (cleo,))
    (alarm,) = alarms(unclear=asked)
    answers, given = AlarmAnswers(desk_texts("en")), list[object]()
    answers.given.connect(lambda *all: given.append(all))
    monkeypatch.setattr(answers, "_alarms", {alarm.key: alarm})
    monkeypatch.setattr(answers, "_unclear", asked)
    wanted = [each.subjects for each in alarm.choices]
    for people in (ada, ben, cleo):
        answers.answer(alarm.key, str(wanted.index(people)))
    assert given == [((), (either,), ada), ((either, later), (), ben), ((), (later,), cleo)]


def test_a_sixth_shot_of_five_is_an_alarm(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(6)
    view = day.at_work.view
    day.until(lambda: any(each.key.startswith("too-many") for each in view.alarms.cards), "the alarm")
    day.until(lambda: view.banner.count.text() == "6", "all are counted")
    QTest.keyClick(day.at_work.panel.shots, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert not any(each.key.startswith("too-many") for each in view.alarms.cards), "more of this one was said"


# Switching.


def test_enter_takes_who_waited_longest_of_those_who_are_ready(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.sign(1)
    day.arrive(3)
    time.sleep(1.1)
    day.arrive(1)
    day.until(lambda: "Jonas" in day.at_work.view.banner.next.words, "the button says who is next")
    enter(day)
    assert banner(day) == "Jonas Ångström", "it is on the screen at once"
    day.rest()
    assert on_set(day.studio, day.session) == (day.people[3].id,)


def test_nobody_leaves_without_a_frame_unasked(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.arrive(3)
    day.put(2)
    day.until(lambda: "Jonas" in day.at_work.view.banner.next.words, "Jonas is next")
    enter(day)
    view = day.at_work.view
    assert banner(day) == "Ana Sousa" and "Ana Sousa" in view.banner.question.text
    enter(day)
    assert banner(day) == "Jonas Ångström"
    day.rest()
    assert on_set(day.studio, day.session) == (day.people[3].id,)


def test_a_frame_that_comes_takes_the_question_back(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.arrive(3)
    day.put(2)
    day.until(lambda: "Jonas" in day.at_work.view.banner.next.words, "Jonas is next")
    enter(day)
    day.photograph()
    day.until(lambda: not day.at_work.view.banner.question.isVisible(), "nothing is asked any more")
    enter(day)
    assert banner(day) == "Jonas Ångström", "she has a frame, so nothing was asked"


def test_a_frame_that_came_between_two_looks_is_no_reason_to_ask(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph()
    day.until(lambda: day.at_work.view.banner.count.text() == "1", "her frame")
    day.rest()
    reader = day.at_work.presenter.set._reader
    assert reader.day is not None
    people = tuple(replace(each, shots=0) for each in reader.day.board.people)
    reader.lay_over(lambda was: replace(was, board=replace(was.board, people=people)))
    day.at_work.presenter.set.wish(switching.Wish((day.people[3].id,), "find"))
    assert banner(day) == "Jonas Ångström"


def test_enter_soon_after_another_key_does_nothing(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.arrive(3)
    day.until(lambda: "Jonas" in day.at_work.view.banner.next.words, "Jonas is next")
    shots = day.at_work.panel.shots
    shots.setFocus()
    strike(day, Qt.Key.Key_7)
    strike(day, Qt.Key.Key_Return)
    assert day.at_work.presenter.set.on_set == ()
    enter(day)
    assert banner(day) == "Jonas Ångström"


def test_enter_after_a_card_nobody_knows_does_nothing(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.arrive(3)
    day.until(lambda: "Jonas" in day.at_work.view.banner.next.words, "Jonas is next")
    day.desk.scanned.emit("https://example.org/somebody")
    day.until(lambda: day.said, "one sentence")
    enter(day)
    assert day.at_work.presenter.set.on_set == () and len(day.said) == 1
    assert day.said[0][0] == day.desk.words.get("shoot.scan-unknown")


def test_a_card_puts_its_owner_on_set_and_notes_that_they_came(at_work: DeskDay) -> None:
    day = at_work
    day.at_work.view.roster.search.setFocus()
    day.desk.scanned.emit(badge_code(day.studio, day.session.id, day.people[4].id))
    day.until(lambda: banner(day) == "Yūki Tanaka", "the card's owner is on set")
    day.rest()
    row = next(each for each in session_board(day.studio, day.session).people if each.id == day.people[4].id)
    assert row.arrived_at is not None
    assert switches(day.studio, day.session)[-1].how == "scan"


def test_two_letters_find_across_scripts_and_enter_puts_on_set(at_work: DeskDay) -> None:
    day = at_work
    view = day.at_work.view
    day.until(lambda: day.at_work.presenter.reader.index is not None, "names are at hand")
    view.look_for()
    QTest.keyClicks(view.roster.search, "oz")
    assert [each.name for each in view.roster.model.rows] == ["Mehmet Öztürk"]
    enter(day)
    assert banner(day) == "Mehmet Öztürk"
    assert len(view.roster.model.rows) == len(day.people)


def test_shift_enter_goes_back_to_the_last_person(at_work: DeskDay) -> None:
    day = at_work
    day.put(1)
    day.photograph()
    day.until(lambda: len(day.shots(1)) == 1, "a frame")
    day.put(2)
    press(day, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert banner(day) == "Mehmet Öztürk"
    day.rest()
    assert switches(day.studio, day.session)[-1].how == "back"


def test_a_walk_in_is_added_by_what_was_typed_and_is_on_set(at_work: DeskDay) -> None:
    day = at_work
    view = day.at_work.view
    press(day, Qt.Key.Key_F4)
    day.until(lambda: banner(day) == "Walk-in 01", "the first walk-in")
    day.photograph()
    day.until(lambda: day.at_work.view.banner.count.text() == "1", "a frame of the walk-in")
    view.look_for()
    QTest.keyClicks(view.roster.search, "Zoe OBrien")
    press(day, Qt.Key.Key_F4)
    day.until(lambda: banner(day) == "Zoe OBrien", "by name")


def test_a_group_is_put_together_and_its_frames_are_of_all(at_work: DeskDay) -> None:
    day = at_work
    day.put(0)
    view, panel = day.at_work.view, day.at_work.panel
    day.at_work.presenter._act(Act.GROUP, ())
    for letters in ("meh", "ana"):
        QTest.keyClicks(view.roster.search, letters)
        enter(day)
    assert view.roster.purpose is Purpose.GROUP
    QTest.keyClick(view.roster.search, Qt.Key.Key_Escape)
    day.rest()
    assert set(on_set(day.studio, day.session)) == {day.people[each].id for each in (0, 1, 2)}
    assert day.at_work.presenter.set.banner(day.at_work.presenter.reader.day).place is Place.GROUP  # type: ignore[arg-type]
    day.photograph()
    day.until(lambda: len(panel.shots.tiles) == 1, "the group's frame")
    assert len(day.shots(0)) == len(day.shots(1)) == len(day.shots(2)) == 1


# Acts.


def test_keys_judge_at_once_and_undo_brings_everything_back(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(3)
    panel = day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 3, "three shots")
    panel.shots.setFocus()
    QTest.keyClick(panel.shots, Qt.Key.Key_Home)
    QTest.keyClick(panel.shots, Qt.Key.Key_4)
    assert panel.shots.tiles[0].rating == 4, "seen before it is durable"
    QTest.keyClick(panel.shots, Qt.Key.Key_X)
    day.rest()
    first = day.shots(2)[0]
    assert (first.rating, first.mark) == (4, Pick.REJECT)
    QTest.keyClick(panel.shots, Qt.Key.Key_End)
    day.desk.undo.undo()
    day.rest()
    assert day.shots(2)[0].mark is Pick.NONE and panel.shots.focused == first.shot
    day.desk.undo.undo()
    day.rest()
    assert day.shots(2)[0].rating == 0
    day.desk.undo.redo()
    day.rest()
    assert day.shots(2)[0].rating == 4


def test_what_is_discarded_goes_to_the_bin_and_comes_back(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    panel = day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 2, "two shots")
    panel.shots.setFocus()
    QTest.keyClick(panel.shots, Qt.Key.Key_Delete)
    assert len(panel.shots.tiles) == 1
    day.rest()
    assert len(day.shots(2)) == 1 and day.said
    day.desk.undo.undo()
    day.until(lambda: len(panel.shots.tiles) == 2, "both are there again")


def test_m_and_a_name_move_and_undo_moves_back(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 2, "two shots")
    panel.shots.setFocus()
    moved = panel.shots.meant
    QTest.keyClick(panel.shots, Qt.Key.Key_M)
    assert view.roster.purpose is Purpose.MOVE and QApplication.focusWidget() is view.roster.search
    QTest.keyClicks(view.roster.search, "jonas")
    enter(day)
    assert len(panel.shots.tiles) == 1 and view.roster.model.rows[3].shots == 1, "seen at once"
    assert banner(day) == "Ana Sousa", "nobody was put on set"
    day.rest()
    assert [each.shot for each in day.shots(3)] == list(moved)
    assert "Jonas" in day.said[-1][0]
    day.desk.undo.undo()
    day.rest()
    assert len(day.shots(2)) == 2 and not day.shots(3)


def test_frames_dropped_on_a_name_go_there(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 2, "two shots")
    view.roster.moved.emit((panel.shots.tiles[1].shot,), day.people[0].id)
    day.rest()
    assert len(day.shots(0)) == 1 and len(day.shots(2)) == 1


def test_a_move_that_fails_is_taken_back_with_a_sentence(at_work: DeskDay, monkeypatch: pytest.MonkeyPatch) -> None:
    from safelight.desk.shoot import shot_acts
    from safelight.domain.errors import DeviceFailure

    def full(*_: object, **__: object) -> None:
        raise DeviceFailure("The disk is full.", "Nothing was moved.")

    day = at_work
    day.put(2)
    day.photograph(1)
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 1, "a shot")
    monkeypatch.setattr(shot_acts, "move_photos", full)
    view.roster.moved.emit((panel.shots.tiles[0].shot,), day.people[0].id)
    assert not panel.shots.tiles
    day.until(lambda: day.said, "a sentence")
    assert day.said[-1][0] == "The disk is full." and day.desk.words.get("shoot.failed-back") in day.said[-1][1]
    assert len(panel.shots.tiles) == 1
    assert day.desk.undo.label == ""


def test_one_digit_answers_all_questions_of_a_switch(at_work: DeskDay) -> None:
    day = at_work
    day.put(1)
    day.photograph(1)
    day.until(lambda: len(day.shots(1)) == 1, "a frame")
    day.put(2)
    day.photograph(2)
    view = day.at_work.view
    day.until(lambda: any(each.key.startswith("check") for each in view.alarms.cards), "a question", 20)
    day.until(lambda: len(day.at_work.panel.last.tiles) == 3, "three frames")
    day.rest()
    while cards := [each for each in view.alarms.cards if each.key.startswith("check")]:
        names = [each.words for each in cards[0].choices]
        assert {"Ana", "Mehmet"} & set(names)
        view.alarms.answered.emit(cards[0].key, cards[0].choices[0].key)
        assert cards[0].key not in [each.key for each in view.alarms.cards], "answered at once"
        day.rest()
    assert not any(each.check for each in (*day.shots(1), *day.shots(2)))
    day.desk.undo.undo()
    day.until(lambda: any(each.check for each in (*day.shots(), *day.shots(1), *day.shots(2))), "asked again")


# Privacy.


def test_covered_nothing_of_anybody_is_held_and_frames_go_on_coming_in(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 2, "two shots")
    day.desk.cover(True)
    day.at_work.forget()
    day.photograph(2)
    day.until(lambda: len(day.shots(2)) == 4, "they come in all the same")
    QTest.qWait(50)
    assert view.roster.model.rows == () and panel.shots.tiles == [] and panel.large.frame is None
    assert view.banner.name.text == "" and not view.alarms.cards and panel._thumbnails.held_bytes == 0
    day.at_work.presenter._beat.timeout.emit()  # five seconds later
    QTest.qWait(50)
    day.rest()
    assert day.at_work.presenter.reader.day is None and day.at_work.presenter.reader.index is None
    assert not day.at_work.presenter._names
    day.desk.cover(False)
    day.at_work.opened()
    day.until(lambda: len(panel.shots.tiles) == 4, "all of them are seen")
    assert banner(day) == "Ana Sousa"


def test_answers_close_when_somebody_else_is_on_set(at_work: DeskDay) -> None:
    day = at_work
    day.sign(2)
    day.put(2)
    view = day.at_work.view
    view.toggle_answers()
    day.until(lambda: view.answers._grid.count() > 0, "answers are shown")
    day.put(1)
    assert not view.answers.is_open and view.answers._grid.count() == 0


def test_the_roster_never_says_what_somebody_answered(at_work: DeskDay) -> None:
    day = at_work
    day.sign(1)
    day.rest()
    spoken = day.at_work.view.roster.spoken(day.at_work.view.roster.model.rows[1])
    assert "ready" in spoken and "no" not in spoken.replace("not", "").split()


# Sources.


def test_the_folder_is_remembered_and_its_chip_goes_red_and_back(at_work: DeskDay) -> None:
    day = at_work
    assert hot_folder_of(day.studio, day.session.id) == day.hot
    day.until(lambda: day.desk.status.source is SourceState.QUIET, "amber: no camera's clock is known")
    away = day.hot.with_name("away")
    day.hot.rename(away)
    day.until(lambda: day.desk.status.source is SourceState.GONE, "red")
    view = day.at_work.view
    day.until(lambda: any(each.key.startswith("folder-gone") for each in view.alarms.cards), "an alarm")
    (away / "while-away.jpg").write_bytes(frame(day.picture, 900, day.studio.now()))
    away.rename(day.hot)
    day.until(lambda: day.desk.status.source is not SourceState.GONE, "it is back")
    day.until(lambda: len(day.shots()) == 1, "what came meanwhile is in")


def test_intake_that_ends_by_itself_is_said_and_begun_again(
    at_work: DeskDay,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expect_log: Callable[[str], None],
) -> None:
    day, turn = at_work, HotIntake._turn
    expect_log("failed unexpectedly: ValueError")

    def broken(*_: object) -> None:
        raise ValueError("Ana Sousa")

    monkeypatch.setattr(HotIntake, "_turn", broken)
    day.until(lambda: day.desk.status.source is SourceState.GONE, "red")
    assert len(day.said) == 1 and "not foreseen" in day.said[0][0]
    monkeypatch.setattr(HotIntake, "_turn", turn)
    day.photograph(1)
    day.until(lambda: len(day.shots()) == 1, "the frame is in")
    assert "Ana" not in caplog.text


def test_files_and_folders_are_dropped_in_and_addresses_are_refused(at_work: DeskDay, tmp_path: Path) -> None:
    day = at_work
    card = tmp_path / "card" / "DCIM"
    card.mkdir(parents=True)
    for number in range(3):
        (card / f"C{number}.jpg").write_bytes(frame(day.picture, 500 + number, day.studio.now()))
    drop(day, QUrl.fromLocalFile(str(tmp_path / "card")), QUrl("https://example.org/a.jpg"))
    day.until(lambda: len(day.said) == 2, "two sentences")
    assert day.said[0][0] == day.desk.words.get("shoot.drop.url")
    assert "3" in day.said[1][0] and len(day.shots()) == 3
    drop(day, QUrl("https://example.org/a.jpg"))
    assert day.said[2][0] == day.desk.words.get("shoot.drop.url") and not day.desk.status.running


def drop(day: DeskDay, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(list(urls))
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    day.at_work.view.dropEvent(event)  # Qt sends drops only to where a drag entered


def test_closing_ends_the_intake_before_the_studio(day: DeskDay) -> None:
    day.open()
    day.at_work.presenter.source.choose(day.hot)
    day.until(lambda: day.at_work.presenter.source.news is not None, "watched")
    day.photograph(2)
    day.desk.lock()
    assert not any(each.name in ("hot-intake", "hot-folder") for each in threading.enumerate())


def test_a_client_picks_their_frame_and_no_name_is_in_their_window(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(3)
    day.until(lambda: len(day.at_work.panel.shots.tiles) == 3, "three shots")
    settled = [each.shown for each in day.shots(2)]  # they came just after the switch
    day.desk.jobs.write(lambda report: settle(day.studio, settled, day.by.id, report), lambda _: None, day.desk.failed)
    day.rest()
    presenter = day.at_work.presenter
    presenter._open_client()
    client = day.at_work.windows._client
    assert client is not None
    day.until(lambda: len(client._frames._frames) == 3, "three frames")
    assert "Ana" not in client.windowTitle() and "Ana" not in client._frames.accessibleName()
    client.tap_number(2)
    day.rest()
    assert [each.picked_by_subject for each in day.shots(2)] == [False, True, False]
    assert day.window is not None
    day.window.activateWindow()
    day.until(lambda: QApplication.activeWindow() is day.window, "back at the desk")
    view = day.at_work.view
    view.look_for("#3")
    enter(day)
    day.rest()
    assert [each.picked_by_subject for each in day.shots(2)] == [False, True, True]
    day.at_work.left()  # the photographer looks at another screen, and the next card is scanned
    day.put(1)
    day.until(lambda: not client._frames._frames, "another person's frames are not shown to them")
    client.close()


def test_a_client_sees_no_frame_of_which_nobody_said_whose_it_is() -> None:
    photo = PhotoGuid("g")
    row = ShotRow(
        "s", (photo,), photo, "g.jpg", (), "", None, True, 0, Pick.NONE, False, False, pair=False, vetoed=False
    )
    assert client_frames([row]) == ()
    assert [each.number for each in client_frames([row, replace(row, check=False)])] == [2]


def test_chips_leave_those_who_are_asked_for(at_work: DeskDay) -> None:
    day = at_work
    day.sign(0)
    day.at_work.view.roster.filtered.emit(Filter.NOT_READY)
    day.until(lambda: len(day.at_work.view.roster.model.rows) == len(day.people) - 1, "one is ready")


# Figures.


def test_a_switch_is_on_screen_within_50_ms(at_work: DeskDay) -> None:
    day = at_work
    took = []
    for number in (0, 1, 2, 3, 4, 1, 2, 3):
        began = time.thread_time()
        day.at_work.presenter.set.wish(switching.Wish((day.people[number].id,), "find"), sure=True)
        day.window.repaint() if day.window else None
        took.append(time.thread_time() - began)
        assert banner(day) == day.people[number].name
        day.rest()
    assert sorted(took)[len(took) // 2] < 0.05


def test_the_window_never_waits_for_the_archive(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(2)
    day.until(lambda: len(day.at_work.panel.shots.tiles) == 2, "two shots")
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with day.studio.archive.transaction(day.studio.now()):
            held.set()
            free.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    try:
        began = time.monotonic()
        panel = day.at_work.panel
        panel.shots.setFocus()
        QTest.keyClick(panel.shots, Qt.Key.Key_5)
        day.at_work.presenter.set.wish(switching.Wish((day.people[1].id,), "find"), sure=True)
        assert banner(day) == "Mehmet Öztürk"
        assert time.monotonic() - began < 0.5
    finally:
        free.set()
        holder.join()
    day.rest()
    assert on_set(day.studio, day.session) == (day.people[1].id,)


# What goes wrong.


def test_somebody_taken_off_the_list_while_on_set_is_on_set_no_more(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    _, changes = remove_subject(day.studio, day.people[2].id, day.by.id)
    day.desk.jobs.tell(changes)
    day.until(lambda: day.at_work.view.banner.name.text == day.desk.words.get("shoot.nobody-on-set"), "nobody")
    day.photograph()
    day.until(lambda: len(day.shots()) == 1, "the frame is nobody's")


def test_a_name_of_five_hundred_letters_and_markup_changes_no_layout(at_work: DeskDay, shoot: Callable) -> None:
    day = at_work
    view = day.at_work.view
    width = view.banner.next.width()
    for name in ("<b>" + "n" * 500 + "</b>", "أمينة " * 60, "🎉" * 120, "Zoë\u202egnorts"):
        day.at_work.presenter.set.walk_in(name)
        shown = " ".join(name.split())
        day.until(partial(lambda wanted: view.banner.name.text == wanted, shown), "on set")
        assert view.width() == 1600 and view.roster.list.horizontalScrollBar().maximum() == 0
        shoot(day.at_work.view, f"shoot-name-{len(name)}")
        day.photograph()
        day.until(lambda: view.banner.count.text() == "1", "a frame")
    assert width <= view.banner.next.width() < 400


def test_another_session_shows_nothing_of_the_one_before(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(1)
    day.until(lambda: len(day.at_work.panel.shots.tiles) == 1, "a shot")
    other, _ = new_session(
        day.studio,
        NewSession("Autumn", "Other", "Kiel", "DE", day.studio.today(), day.by.id, day.session.offered, zone="UTC"),
    )
    day.desk.open_session(other)
    day.until(lambda: not day.at_work.view.roster.model.rows, "an empty roster")
    day.rest()
    assert not day.at_work.panel.shots.tiles and not day.at_work.panel.last.tiles
    assert day.at_work.presenter.source.news is None
    day.desk.open_session(day.session)
    day.until(lambda: banner(day) == "Ana Sousa", "the first one as it was")
    day.until(lambda: day.at_work.presenter.source.news is not None, "its folder is watched again")


def test_ratings_written_into_a_file_make_no_second_frame(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    (path,) = day.photograph(1)
    day.until(lambda: len(day.shots(2)) == 1, "a frame")
    data = path.read_bytes()
    rated = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmp:Rating="5"/>'
    packet = b"http://ns.adobe.com/xap/1.0/\0" + rated
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet + data[2:])
    QTest.qWait(2500)
    day.rest()
    assert len(day.shots(2)) == 1 and not day.shots()


def test_picture_only_leaves_the_picture_and_comes_back(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(1)
    view, panel = day.at_work.view, day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 1, "a shot")
    panel.shots.setFocus()
    press(day, Qt.Key.Key_F)
    assert not view.roster.isVisible() and not view.right.isVisible() and panel.large.isVisible()
    press(day, Qt.Key.Key_F)
    assert view.roster.isVisible() and view.right.isVisible()


def test_moving_a_frame_a_signed_receipt_names_says_that_the_receipt_stays(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(1)
    panel = day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 1, "a shot", 20)
    day.rest()
    words, view = day.desk.words, day.at_work.view

    def moved_to(number: int, from_: int | None) -> tuple[str, str]:
        day.said.clear()
        view.roster.moved.emit((day.shots(from_)[0].shot,), day.people[number].id)
        day.until(lambda: bool(day.said), "said")
        day.rest()
        return day.said[0]

    assert moved_to(3, 2)[1] == words.get("shoot.moved-hint"), "nobody has signed"
    moved_to(2, 3)
    day.sign(2)
    day.rest()
    title, hint = moved_to(3, 2)
    assert hint == words.get("shoot.moved-signed") and "Jonas" in title
    assert [each.shot for each in day.shots(3)], "it is moved all the same"
