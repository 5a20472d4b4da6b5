"""The parts of the shoot screen in a window of the desk, with people whose names are hard to paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.shoot.view import ShootView
from safelight.qt import theme
from safelight.settings.desk_texts import desk_texts
from support.desk_people import Blank, page


@pytest.fixture
def in_window(qtbot: QtBot) -> Iterator[Callable[..., QWidget]]:
    """``in_window(widget, width, height, look, language, scale)``: shown as it is on the desk."""
    windows: list[QWidget] = []

    def show(
        widget: QWidget, width: int = 1600, height: int = 912, look: str = "desk_dark", language: str = "en",
        scale: float = 1.0,
    ) -> QWidget:  # fmt: skip
        window = QWidget()
        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget)
        theme.apply(window, theme.scaled(theme.THEMES[look], scale))
        theme.speak(window, language)
        window.resize(width, height)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window and QApplication.focusWindow() is not None)
        widget.setFocus()
        windows.append(window)
        return window

    yield show
    for each in windows:
        each.close()
    QApplication.processEvents()  # the next window is not to lose the focus to one that goes


@pytest.fixture
def view() -> ShootView:
    """The screen with everybody on it, the pictures left out."""
    made = ShootView(desk_texts("en"), Blank(), Blank(), Blank())
    made.roster.show_page(page())
    return made
