"""What lies beside the shoot screen: the signing screen that is handed over, and the clock card cameras photograph."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.capture.clock_codes import clock_matrix
from safelight.desk.shoot.pin_sheet import PinSheet
from safelight.desk.shoot.switching import Wish
from safelight.desk.status import SourceState
from safelight.domain.binding import KNOWN_MARGIN_MS
from safelight.qt.controls import TextLabel
from safelight.studio.cameras import clocks
from support.desk_day import DeskDay, frame


@pytest.fixture
def at_work(day: DeskDay) -> DeskDay:
    """The screen is open and the hot folder is watched."""
    day.open()
    day.at_work.presenter.source.choose(day.hot)
    day.until(lambda: day.at_work.presenter.source.news is not None, "the folder is watched")
    day.rest()
    return day


def photographed_code(day: DeskDay, shown: datetime, clock: datetime, camera: str) -> bytes:
    """A frame of the clock card, taken by a camera whose clock shows ``clock``."""
    rows = clock_matrix(shown)
    side = len(rows) + 8
    code = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows, 4):
        for x, dark in enumerate(row, 4):
            code.putpixel((x, y), 0 if dark else 255)
    sheet = Image.new("RGB", (900, 1100), (90, 90, 90))
    sheet.paste(code.resize((600, 600), Image.Resampling.NEAREST).convert("RGB"), (150, 200))
    out = io.BytesIO()
    with Image.open(io.BytesIO(frame(day.picture, 0, clock, camera))) as like:
        sheet.save(out, "JPEG", quality=92, exif=like.getexif())
    return out.getvalue()


def test_the_signing_screen_is_handed_over_and_taken_back_by_a_pin(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.at_work.view.hand_over_asked.emit()
    view = day.at_work.view
    day.until(lambda: day.screens.is_open, "the signing screen is open")
    day.until(lambda: view.banner.take_back.isVisible(), "the banner says so")
    assert "Ana Sousa" in view.banner.details.text and not view.banner.hand_over.isVisible()
    taken_by = day.screens.given[0]
    assert taken_by is not None
    view.take_back_asked.emit()
    assert day.window is not None
    sheet = day.window.findChild(PinSheet)
    assert sheet is not None
    sheet.field.set_text("0000")
    QTest.keyClick(sheet.field.edit, Qt.Key.Key_Return)
    day.until(lambda: sheet.said.text(), "a wrong one is refused")
    assert day.screens.is_open
    sheet.field.set_text("2718")
    QTest.keyClick(sheet.field.edit, Qt.Key.Key_Return)
    day.until(lambda: not day.screens.is_open, "taken back")
    day.until(lambda: view.banner.hand_over.isVisible(), "the desk is as before")


def test_a_day_begins_by_asking_for_the_code_and_one_frame_of_it_answers(at_work: DeskDay) -> None:
    day = at_work
    view = day.at_work.view
    day.until(lambda: any(each.key == "first-clock" for each in view.alarms.cards), "asked at the beginning")
    view.alarms.answered.emit("first-clock", "0")
    window = day.at_work.windows._clock
    assert window is not None and window.isVisible()
    behind = timedelta(minutes=47)
    now = datetime.now(UTC)
    (day.hot / "CODE.jpg").write_bytes(photographed_code(day, now, now - behind, "Lantern Two"))
    day.until(lambda: any(each.known for each in clocks(day.studio, day.session)), "the clock is known", 20)
    (camera,) = clocks(day.studio, day.session)
    assert camera.offset_ms is not None and abs(camera.offset_ms - behind / timedelta(milliseconds=1)) < 1000
    assert not day.shots(), "the frame of the code is not kept"
    day.until(lambda: day.desk.status.source is SourceState.LIVE, "the source is green from now on")
    day.put(2)
    QTest.qWait(KNOWN_MARGIN_MS + 1200)  # nearer to the switch it would be a question
    (day.hot / "A.jpg").write_bytes(frame(day.picture, 77, datetime.now(UTC) - behind, "Lantern Two"))
    day.until(lambda: len(day.shots(2)) == 1, "bound by the corrected time", 20)
    assert not day.shots(2)[0].check
    window.close()


def test_what_was_not_asked_is_never_shown_as_a_no(at_work: DeskDay) -> None:
    day = at_work
    view, words = day.at_work.view, day.desk.words
    day.put(2)
    view.toggle_answers()
    day.until(lambda: view.answers._grid.count() > 0, "answers are shown")
    texts = [each.text() for each in view.answers.findChildren(TextLabel) if each.isVisible()]
    assert words.get("shoot.answers-none") in texts and words.get("shoot.answer-no") not in texts
    view.answers.close_answers()
    day.sign(1)
    day.at_work.presenter.set.wish(Wish((day.people[1].id, day.people[2].id), "find"), sure=True)
    day.rest()
    view.toggle_answers()
    day.until(lambda: view.answers._grid.count() > 0, "the group's answers are shown")
    texts = [each.text() for each in view.answers.findChildren(TextLabel) if each.isVisible()]
    told = f"{words.get('shoot.answers-blocked', name='Mehmet Öztürk')}, "
    assert told + words.get("shoot.answers-not-asked", name="Ana Sousa") in texts


def test_enter_over_the_desk_puts_nobody_on_set(at_work: DeskDay) -> None:
    day = at_work
    day.sign(3)
    day.arrive(3)
    view = day.at_work.view
    day.until(lambda: "Jonas" in view.banner.next.words, "Jonas is next")
    assert day.window is not None
    QTest.qWait(400)
    sheet = view.ask_pin()
    given: list[str] = []
    sheet.given.connect(given.append)
    day.until(lambda: sheet.field.edit.hasFocus(), "the sheet has the keys")
    for step in range(1, 5):  # Tab goes round, and comes back to where the PIN is typed
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        assert sheet.field.edit.hasFocus() is (step % 2 == 0)
    QTest.keyClicks(sheet.field.edit, "0000")
    QTest.qWait(400)
    QTest.keyClick(day.window.windowHandle(), Qt.Key.Key_Return)
    assert given == ["0000"] and day.at_work.presenter.set.on_set == ()
    sheet.dismiss()
    QTest.qWait(400)
    QTest.keyClick(day.window.windowHandle(), Qt.Key.Key_Return)
    assert view.banner.name.text == "Jonas Ångström"


def test_an_act_on_more_than_twenty_waits_for_enter(at_work: DeskDay) -> None:
    day = at_work
    day.put(2)
    day.photograph(21)
    panel = day.at_work.panel
    day.until(lambda: len(panel.shots.tiles) == 21, "21 shots", 40)
    day.rest()
    panel.shots.setFocus()
    panel.shots.selectAll()
    day.said.clear()
    QTest.keyClick(panel.shots, Qt.Key.Key_3)
    assert day.said and "21" in day.said[0][0] and panel.shots.tiles[0].rating == 0
    QTest.qWait(400)
    assert day.window is not None
    QTest.keyClick(day.window.windowHandle(), Qt.Key.Key_Return)
    assert {each.rating for each in panel.shots.tiles} == {3}
    assert day.at_work.presenter.set.on_set == (day.people[2].id,), "Enter did that and nothing else"
    day.rest()
    day.desk.undo.undo()
    day.rest()
    assert {each.rating for each in day.shots(2)} == {0}
