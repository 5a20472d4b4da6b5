"""The focus of a list of frames is always seen: without frames, scrolled away, and where frames are only looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.pictures.acts import ActOf
from safelight.desk.pictures.frame_view import FrameView
from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tile_look import LAST_FRAMES, SHOTS
from safelight.settings.desk_texts import desk_texts
from support.desk.seen import is_focus_drawn

from .conftest import tiles

Window = Callable[..., QWidget]


@pytest.fixture
def field() -> QLineEdit:
    """What has the focus before Tab leads on to the frames."""
    return QLineEdit()


@pytest.fixture
def shots(field: QLineEdit, pictures: Thumbnails, act_of: ActOf, window: Window, qtbot: QtBot) -> FrameGrid:
    made = FrameGrid(pictures, desk_texts("en"), act_of, name="Shots")
    with qtbot.waitActive(window(field, made)):
        pass
    return made


@pytest.fixture
def line(field: QLineEdit, pictures: Thumbnails, act_of: ActOf, window: Window, qtbot: QtBot) -> FrameGrid:
    made = FrameGrid(pictures, desk_texts("en"), act_of, LAST_FRAMES, one_line=True, name="Last frames")
    with qtbot.waitActive(window(field, made)):
        pass
    return made


def tab_to(view: FrameView) -> None:
    before = QApplication.focusWidget()
    assert before is not None
    QTest.keyClick(before, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert view.hasFocus()


def is_in_view(grid: FrameGrid) -> bool:
    return grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center())


@pytest.mark.parametrize("planned", [0, 5])
def test_without_a_frame_it_is_drawn_around_the_list(shots: FrameGrid, planned: int) -> None:
    shots.show_tiles((), planned)
    tab_to(shots)
    assert is_focus_drawn(shots)
    shots.show_tiles(tiles(1), planned)
    assert is_focus_drawn(shots)
    shots.show_tiles((), planned)
    assert is_focus_drawn(shots)


def test_an_empty_line_of_frames_draws_it_too(line: FrameGrid) -> None:
    tab_to(line)
    assert is_focus_drawn(line)


def test_tab_brings_the_frame_with_the_focus_into_view(shots: FrameGrid) -> None:
    shots.show_tiles(tiles(*range(60)))
    QApplication.processEvents()
    shots.verticalScrollBar().setValue(shots.verticalScrollBar().maximum())
    assert not is_in_view(shots)
    tab_to(shots)
    assert is_in_view(shots) and is_focus_drawn(shots)


def test_it_is_seen_when_its_frame_is_scrolled_away(shots: FrameGrid) -> None:
    shots.show_tiles(tiles(*range(60)))
    tab_to(shots)
    shots.verticalScrollBar().setValue(shots.verticalScrollBar().maximum())
    assert not is_in_view(shots) and is_focus_drawn(shots)
    shots.verticalScrollBar().setValue(0)
    assert is_in_view(shots) and not shots.focus_line.isVisible()


def test_a_line_nobody_is_in_keeps_it_at_the_newest(line: FrameGrid) -> None:
    """Coming there by Tab would scroll away from what came in since."""
    for number in range(30):
        line.show_tiles(tiles(*range(number, -1, -1)))
    assert line.focused == "s29"
    tab_to(line)
    line.show_tiles(tiles(*range(30, -1, -1)))
    assert line.focused == "s29", "under somebody's hands it stays"


def test_where_frames_are_only_looked_at_it_is_drawn_around_them(
    field: QLineEdit, pictures: Thumbnails, window: Window, qtbot: QtBot
) -> None:
    view = FrameView(pictures, desk_texts("en"), SHOTS, one_line=False, name="Leaving")
    with qtbot.waitActive(window(field, view)):
        pass
    view.show_tiles(tiles(1, 2))
    assert not is_focus_drawn(view)
    tab_to(view)
    assert is_focus_drawn(view)
    field.setFocus()
    QApplication.processEvents()
    assert not is_focus_drawn(view)
