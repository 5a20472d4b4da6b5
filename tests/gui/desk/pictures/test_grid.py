"""The grid of frames under hands: focus, choosing, acts that set, and rows that come and go around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.desk.pictures.acts import Act
from safelight.desk.pictures.frame_drop import FRAMES_FORMAT, frames_in
from safelight.desk.pictures.frame_view import FrameView
from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.tile_look import LAST_FRAMES, LAST_FRAMES_LOW, SHOTS, TileLook, TileShape
from safelight.domain.culling import Pick
from safelight.qt import theme
from safelight.settings.desk_texts import desk_texts

from .conftest import KEYS, tile, tiles

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
KEY = Qt.Key


def press(grid, *keys, held=NONE):
    for each in keys:
        QTest.keyClick(grid, each, held)


def many(grid, count=200):
    grid.show_tiles(tiles(*range(count)))
    QApplication.processEvents()
    return grid


@pytest.fixture
def asked(grid):
    heard: list[tuple[Act, tuple[str, ...]]] = []
    grid.act_asked.connect(lambda act, shots: heard.append((act, shots)))
    return heard


def test_keys_move_the_one_focus(grid):
    many(grid, 50)
    columns, page = grid.columns, grid._rows_in_view() * grid.columns
    assert columns == 4
    for key, expected in (
        (KEY.Key_Right, 1), (KEY.Key_Down, 1 + columns), (KEY.Key_Left, columns), (KEY.Key_Up, 0), (KEY.Key_Up, 0),
        (KEY.Key_PageDown, page), (KEY.Key_End, 49), (KEY.Key_Right, 49), (KEY.Key_Up, 45), (KEY.Key_Right, 46),
        (KEY.Key_Up, 42), (KEY.Key_Right, 43), (KEY.Key_Right, 44), (KEY.Key_Left, 43), (KEY.Key_Home, 0),
    ):  # fmt: skip
        press(grid, key)
        assert (grid.focused, grid.chosen) == (f"s{expected}", (f"s{expected}",)), key
    press(grid, KEY.Key_End, KEY.Key_Up, KEY.Key_Right, KEY.Key_Right)
    assert grid.focused == "s47"
    press(grid, KEY.Key_Left, KEY.Key_Left, KEY.Key_Left)
    press(grid, KEY.Key_Right, KEY.Key_Right, KEY.Key_Right)
    assert grid.focused == "s47"


def test_shift_chooses_in_the_order_of_the_frames(grid):
    many(grid, 50)
    press(grid, KEY.Key_Right, KEY.Key_Right)
    press(grid, KEY.Key_Down, held=SHIFT)
    assert grid.chosen == ("s2", "s3", "s4", "s5", "s6") and grid.focused == "s6"
    press(grid, KEY.Key_Up, KEY.Key_Left, held=SHIFT)
    assert grid.chosen == ("s1", "s2")
    press(grid, KEY.Key_End, held=SHIFT)
    assert grid.chosen == tuple(f"s{n}" for n in range(2, 50))
    press(grid, KEY.Key_Home, held=SHIFT)
    assert grid.chosen == ("s0", "s1", "s2")
    press(grid, KEY.Key_A, held=CONTROL)
    assert len(grid.chosen) == 50


def test_every_key_asks_for_its_act_and_only_sets(grid, asked):
    many(grid, 5)
    press(grid, KEY.Key_Right)
    for name, text in KEYS.items():
        key = KEY.Key_Delete if text == "Del" else KEY(ord(text))
        press(grid, key, key)
        assert asked == [(Act(name), ("s1",))] * 2, "twice the same: nothing is switched back"
        asked.clear()
    press(grid, KEY.Key_P, held=SHIFT)
    assert asked == [(Act.UNMARK, ("s1",))]


@pytest.mark.parametrize("held", [CONTROL, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier])
def test_with_ctrl_or_alt_a_letter_belongs_to_somebody_else(grid, asked, held):
    many(grid, 5)
    press(grid, KEY.Key_P, KEY.Key_X, KEY.Key_1, held=held)
    assert asked == []


def test_letters_act_only_with_the_focus_in_the_grid(grid, asked, qtbot):
    many(grid, 5)
    grid.clearFocus()
    QTest.keyClick(grid.window(), KEY.Key_X)
    assert asked == []


def test_an_act_is_about_the_chosen_or_the_focus_when_that_is_elsewhere(grid, asked):
    many(grid, 10)
    grid.choose(["s2", "s3"], "s3")
    press(grid, KEY.Key_4)
    press(grid, KEY.Key_Right, held=CONTROL)
    press(grid, KEY.Key_X)
    grid.choose(["s2", "s3"], "s3")
    press(grid, KEY.Key_Z)
    assert asked == [(Act.RATE_4, ("s2", "s3")), (Act.REJECT, ("s4",)), (Act.WHOLE_SIZE, ("s3",))]
    assert [act.rating for act, _ in asked] == [4, None, None]


def test_more_than_twenty_frames_wait_for_enter(grid, asked, clock):
    questions, settled = [], []
    grid.many_asked.connect(lambda act, count: questions.append((act, count)))
    grid.many_settled.connect(lambda: settled.append(True))
    many(grid, 50)
    press(grid, KEY.Key_A, held=CONTROL)
    press(grid, KEY.Key_X)
    assert (questions, asked) == ([(Act.REJECT, 50)], [])
    clock.at += 0.2
    press(grid, KEY.Key_Return)
    assert asked == [], "an Enter right behind another key is the end of something else"
    clock.at += 0.2
    press(grid, KEY.Key_Return)
    assert asked == [(Act.REJECT, tuple(f"s{n}" for n in range(50)))] and settled == [True]
    clock.at += 1
    press(grid, KEY.Key_Return)
    assert len(asked) == 1
    for other in (KEY.Key_Escape, KEY.Key_Left):
        press(grid, KEY.Key_A, held=CONTROL)
        press(grid, KEY.Key_2)
        press(grid, other)
        clock.at += 1
        press(grid, KEY.Key_Return)
        assert len(asked) == 1
    grid.choose([f"s{n}" for n in range(20)])
    press(grid, KEY.Key_2)
    assert len(asked) == 2, "twenty are not many"


def test_while_an_act_waits_enter_is_no_shortcut_of_the_window(grid, asked, clock):
    pressed = []
    for key in ("Return", "Esc"):
        shortcut = QShortcut(QKeySequence(key), grid.window())
        shortcut.activated.connect(lambda key=key: pressed.append(key))
    many(grid, 50)
    for answer in (KEY.Key_Return, KEY.Key_Escape):
        press(grid, KEY.Key_A, held=CONTROL)
        press(grid, KEY.Key_X)
        clock.at += 1
        press(grid, answer)
    assert pressed == [] and len(asked) == 1
    press(grid, KEY.Key_Return, KEY.Key_Escape)
    assert pressed == ["Return", "Esc"]


def test_frames_that_left_meanwhile_are_not_touched(grid, asked, clock):
    many(grid, 50)
    press(grid, KEY.Key_A, held=CONTROL)
    press(grid, KEY.Key_X)
    grid.show_tiles(tiles(*range(10, 50)))
    clock.at += 1
    press(grid, KEY.Key_Return)
    assert asked == [(Act.REJECT, tuple(f"s{n}" for n in range(10, 50)))]


def test_the_focus_goes_to_the_nearest_frame_when_its_own_leaves(grid, asked):
    many(grid, 10)
    grid.choose(["s4"], "s4")
    grid.show_tiles(tiles(0, 1, 2, 3, 5, 6, 7, 8, 9))
    assert (grid.focused, grid.chosen) == ("s5", ("s5",)), "the next one, and it is chosen: X again means it"
    press(grid, KEY.Key_X)
    assert asked == [(Act.REJECT, ("s5",))]
    grid.choose(["s8", "s9"], "s9")
    grid.show_tiles(tiles(0, 1, 2, 3, 5, 6, 7, 8))
    assert (grid.focused, grid.chosen) == ("s8", ("s8",))
    grid.show_tiles(tiles(1, 2))
    assert (grid.focused, grid.chosen) == ("s2", ("s2",))
    grid.show_tiles([])
    assert grid.focused is None and grid.chosen == ()
    grid.show_tiles(tiles(7, 8))
    assert (grid.focused, grid.chosen) == ("s7", ()), "a focus there always is, but nothing is chosen by itself"


def test_after_a_rating_everything_stays_where_it_is(grid):
    many(grid)
    press(grid, *[KEY.Key_PageDown] * 4)
    bar, focus = grid.verticalScrollBar().value(), grid.focused
    assert bar > 0
    rated = [replace(each, rating=5) if each.shot == focus else each for each in grid.tiles]
    grid.show_tiles(rated)
    QApplication.processEvents()
    assert (grid.verticalScrollBar().value(), grid.focused, grid.chosen) == (bar, focus, (focus,))


def test_new_frames_never_take_the_focus_and_what_is_looked_at_stays_in_place(grid):
    many(grid)
    press(grid, *[KEY.Key_PageDown] * 4)
    focus, place = grid.focused, grid.visualRect(grid.currentIndex()).y()
    grid.show_tiles([*tiles(*range(900, 925)), *grid.tiles])
    QApplication.processEvents()
    assert grid.focused == focus and abs(grid.visualRect(grid.currentIndex()).y() - place) <= grid._look.cell.height()
    top = grid.tiles[grid.visible_rows().start].shot
    grid.show_tiles([*tiles(*range(800, 820)), *grid.tiles])
    QApplication.processEvents()
    assert grid.tiles[grid.visible_rows().start].shot == top
    grid.show_tiles([*grid.tiles, *tiles(*range(950, 990))])
    QApplication.processEvents()
    assert grid.tiles[grid.visible_rows().start].shot == top and grid.focused == focus


def test_another_order_keeps_what_is_chosen(grid):
    many(grid, 30)
    grid.choose(["s3", "s20"], "s20")
    grid.show_tiles(tiles(*reversed(range(30))))
    assert set(grid.chosen) == {"s3", "s20"} and grid.focused == "s20"
    assert grid.tiles[grid.currentIndex().row()].shot == "s20"


def test_undo_brings_back_selection_and_view(grid):
    many(grid)
    press(grid, KEY.Key_End)
    grid.choose(["s3", "s4"], "s4")
    assert grid.chosen == ("s3", "s4") and grid.focused == "s4"
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))


def test_a_new_frame_can_be_followed_without_taking_the_focus(grid):
    many(grid)
    press(grid, KEY.Key_Right)
    grid.reveal("s199")
    assert grid.viewport().rect().intersects(grid.visualRect(grid.model().index(199, 0))) and grid.focused == "s1"


def test_planned_places_stand_behind_and_are_nothing_to_choose(grid, asked):
    grid.show_tiles(tiles(1, 2, 3), planned=2)
    assert grid.model().rowCount() == 5 and grid.model().data(grid.model().index(3, 0)) == "4"
    press(grid, KEY.Key_End)
    assert grid.focused == "s3"
    press(grid, KEY.Key_A, held=CONTROL)
    assert grid.chosen == ("s1", "s2", "s3")
    QTest.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, NONE, grid.visualRect(grid.model().index(4, 0)).center()
    )
    assert grid.focused == "s3"
    grid.show_tiles(tiles(1, 2, 3, 4), planned=1)
    assert grid.model().data(grid.model().index(4, 0)) == "5"


def test_the_mouse_only_chooses(grid, asked):
    many(grid, 20)
    centre = [grid.visualRect(grid.model().index(row, 0)).center() for row in range(8)]
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(grid.viewport(), left, NONE, centre[1])
    assert (grid.focused, grid.chosen) == ("s1", ("s1",))
    QTest.mouseClick(grid.viewport(), left, SHIFT, centre[6])
    assert grid.chosen == tuple(f"s{n}" for n in range(1, 7)), "a range, not the rectangle"
    QTest.mouseClick(grid.viewport(), left, CONTROL, centre[3])
    assert "s3" not in grid.chosen
    QTest.mouseMove(grid.viewport(), centre[0])
    QTest.mouseDClick(grid.viewport(), left, NONE, centre[2])
    assert grid.focused == "s2" and asked == []


def test_nothing_goes_to_the_clipboard(grid):
    QGuiApplication.clipboard().setText("before")
    many(grid, 5)
    press(grid, KEY.Key_A, held=CONTROL)
    press(grid, KEY.Key_C, held=CONTROL)
    press(grid, KEY.Key_X, held=CONTROL)
    assert QGuiApplication.clipboard().text() == "before"
    QGuiApplication.clipboard().clear()


def test_dragged_frames_are_ids_and_nothing_else(grid):
    grid.show_tiles([tile(1), tile(2, mark=Pick.PICK), tile(3)], planned=1)
    data = grid.model().mimeData([grid.model().index(row, 0) for row in (2, 0, 3)])
    assert data.formats() == [FRAMES_FORMAT]
    assert not data.hasUrls() and not data.hasImage() and not data.hasText()
    assert frames_in(data) == ("s1", "s3")
    assert b"SLN" not in bytes(data.data(FRAMES_FORMAT).data())


def test_what_is_seen_while_dragging_is_a_number(grid, monkeypatch):
    many(grid, 10)
    grid.choose(["s1", "s2", "s3"])
    seen = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: seen.append((frames_in(drag.mimeData()), drag.pixmap().size())))
    grid.startDrag(Qt.DropAction.CopyAction)
    ((shots, size),) = seen
    assert shots == ("s1", "s2", "s3") and size.height() < 30
    grid.clearSelection()
    grid.startDrag(Qt.DropAction.CopyAction)
    assert len(seen) == 1


def test_pictures_of_what_is_in_view_are_asked_for_first(grid, source, jobs, qtbot):
    many(grid)
    with qtbot.waitSignal(jobs.idle, timeout=10_000):
        grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
        QApplication.processEvents()
    seen = set(source.seen)
    assert {each.guid for each in grid.tiles[-8:]} <= seen
    assert len(seen) < 100, "not the whole list"
    for page in source.asked:
        assert len(page) <= 40


def test_forgetting_leaves_no_row_and_no_picture(grid, pictures, jobs, qtbot):
    many(grid, 10)
    qtbot.waitUntil(lambda: pictures.held_bytes > 0 and not jobs.busy)
    grid.forget()
    pictures.forget()
    assert list(grid.tiles) == [] and pictures.held_bytes == 0 and grid.focused is None


def test_a_listener_hears_state_in_words(grid):
    grid.show_tiles([tile(1, check=True, rating=3, mark=Pick.REJECT, picked_by_subject=True, is_raw_pair=True)])
    said = grid.model().data(grid.model().index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Ana Sousa, SLN_0001, 10:00:01, check, 3 stars, rejected, their pick, RAW+JPEG"
    assert grid.accessibleName() == "Shots"


@pytest.mark.parametrize("name", ["desk_dark", "desk_light"])
def test_the_focus_is_always_drawn_in_its_colour(pictures, words, act_of, window, shoot, name, qapp, qtbot):
    grid = FrameGrid(pictures, words, act_of)
    page = window(grid, name=name)
    grid.show_tiles(tiles(1, 2, 3), 2)
    grid.choose(["s1", "s2"], "s2")
    grid.clearFocus()
    image = shoot(page, f"pictures-grid-{name}")
    ring = grid.visualRect(grid.currentIndex())
    at = grid.viewport().mapTo(page, QPoint(ring.center().x(), ring.y() + grid._look.gap // 2))
    assert image.pixelColor(at).name() == theme.THEMES[name].focus
    inside = at + QPoint(0, 1)
    assert image.pixelColor(inside).name() != theme.THEMES[name].focus, "thin where keys do not go"
    grid.setFocus()
    QApplication.processEvents()
    image = page.grab().toImage()
    assert [image.pixelColor(each).name() for each in (at, inside)] == [theme.THEMES[name].focus] * 2


@pytest.mark.parametrize("name", ["desk_dark", "desk_light", "desk_high_contrast"])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_words_on_tiles_can_be_read(qapp, name, scale):
    tokens = theme.scaled(theme.THEMES[name], scale)
    look = TileLook(tokens, "en", SHOTS, 1.0)
    least = 7 if name.endswith("contrast") else 4.5

    def ground(pixmap):
        return pixmap.toImage().pixelColor(round(pixmap.width() / 2), round(pixmap.height() - 6 * scale)).name()

    plain, chosen = ground(look.plain), ground(look.selected)
    assert plain != chosen
    for words, under in ((look.text, plain), (look.muted, plain), (look.text, chosen)):
        assert contrast(words.name(), under) >= least
    for kind in ("asks", "chosen", "quiet"):
        image = look.chip("star", "check", kind).toImage()
        seen = Counter(
            image.pixelColor(x, y).name() for x in range(image.width()) for y in range(4, image.height() - 4)
        )
        under = seen.most_common(1)[0][0]
        assert max(contrast(each, under) for each in seen) >= least
    assert look.small.pixelSize() >= round(12 * scale)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""

    def light(colour: str) -> float:
        parts = [part / 255 for part in bytes.fromhex(colour[1:])]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_in_arabic_the_frames_run_from_the_right(pictures, act_of, window, shoot, clock):
    grid = FrameGrid(pictures, desk_texts("ar"), act_of, clock=clock)
    page = window(grid, language="ar")
    grid.show_tiles([tile(1, check=True, rating=2), tile(2, mark=Pick.PICK), tile(3)], 2)
    QApplication.processEvents()
    first, second = (grid.visualRect(grid.model().index(row, 0)) for row in (0, 1))
    assert first.x() > second.x()
    grid.choose(["s1"])
    press(grid, KEY.Key_Left)
    assert grid.focused == "s2"
    shoot(page, "pictures-grid-ar")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_line_of_last_frames_shows_news_and_keeps_what_was_looked_up(pictures, act_of, window, language):
    strip = FrameGrid(pictures, desk_texts(language), act_of, LAST_FRAMES, one_line=True)
    window(strip, language=language, size=(900, 220))
    strip.show_tiles(tiles(*range(50, 0, -1)))
    QApplication.processEvents()
    assert strip.visible_rows().start == 0 and len(strip.visible_rows()) < 15
    strip.show_tiles(tiles(*range(51, 0, -1)))
    QApplication.processEvents()
    assert strip.viewport().rect().contains(strip.visualRect(strip.model().index(0, 0)).center()), "the new one is seen"
    strip.choose(["s20"])
    place = strip.visualRect(strip.currentIndex()).x()
    strip.show_tiles(tiles(*range(55, 0, -1)))
    QApplication.processEvents()
    assert strip.visualRect(strip.currentIndex()).x() == place and strip.focused == "s20"
    first = strip.visible_rows().start
    assert strip.viewport().rect().intersects(strip.visualRect(strip.model().index(first, 0)))


def test_a_view_without_hands_shows_frames_and_chooses_none(pictures, words, window, qtbot, shoot):
    view = FrameView(pictures, words, LAST_FRAMES, one_line=False, name="In")
    page = window(view)
    qtbot.waitActive(page)
    view.show_tiles(tiles(*range(100)))
    QApplication.processEvents()
    QGuiApplication.clipboard().setText("before")
    press(view, KEY.Key_C, held=CONTROL)
    press(view, KEY.Key_End)
    assert QGuiApplication.clipboard().text() == "before"
    QGuiApplication.clipboard().clear()
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 0
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, QPoint(40, 40))
    assert view.selectionModel().selectedIndexes() == []
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    top = view.tiles[view.visible_rows().start].shot
    view.show_tiles(tiles(*range(3 * view.columns, 130)))
    assert view.tiles[view.visible_rows().start].shot == top
    view.forget()
    assert list(view.tiles) == []


def test_in_a_low_window_the_line_is_low(pictures, words, act_of, window, shoot):
    strip = FrameGrid(pictures, words, act_of, LAST_FRAMES, one_line=True)
    page = window(strip, size=(900, 220))
    strip.show_tiles([tile(1, check=True), tile(2, mark=Pick.PICK), *tiles(*range(3, 30))])
    QApplication.processEvents()
    high = strip.height()
    assert high == strip.line_height
    strip.set_shape(LAST_FRAMES_LOW)
    QApplication.processEvents()
    assert strip.height() == strip.line_height < 100 < high
    low = shoot(page, "pictures-last-frames-low")
    strip.set_shape(TileShape(64, 40, 0))
    QApplication.processEvents()
    assert page.grab().toImage() != low and strip.height() == strip.line_height < 85
