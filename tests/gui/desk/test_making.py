"""Screens that are made while somebody works: whatever is done before the last is there works as it does afterwards."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.cover.view import CoverView
from safelight.desk.desk import Desk
from safelight.desk.making import Making
from safelight.desk.screen import Later, Screen
from safelight.desk.screens import Make, Named, load
from safelight.desk.sheet import Sheet
from safelight.desk.turns import Turns
from safelight.desk.waiting_page import WaitingPage
from safelight.desk.window import DeskWindow
from safelight.qt import theme
from safelight.studio.founding import open_studio
from support.desk.at_desk import PASSPHRASE, AtDesk, until
from support.sampling import LONG

CTRL = Qt.KeyboardModifier.ControlModifier
KEYS = ["sessions", "shoot", "review", "export", "rights", "journal", "settings"]
STATES = range(8) if LONG else (0, 2, 4)
"""How many of the screens are made when something happens; after the first two the window is shown."""
PLACES = range(7) if LONG else (1, 2, 5)


class Plain:
    """A screen that shows a word and remembers what it was told."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.widget: QWidget = QLabel(key)
        self.told: list[str] = []

    def opened(self) -> None:
        self.told.append("opened")

    def left(self) -> None:
        self.told.append("left")

    def forget(self) -> None:
        self.told.append("forget")


class Started:
    """A desk whose studio was opened this moment, and the keys of the screens in the order in which they were made."""

    def __init__(self, at: AtDesk) -> None:
        self.at, self.made = at, list[str]()
        self.gone: list[str] = []
        """Those that were thrown away again."""

    @property
    def window(self) -> DeskWindow:
        return self.at.opening.window

    @property
    def desk(self) -> Desk:
        return self.at.opening.desk

    def come_to(self, number: int) -> None:
        """Until so many screens are made."""
        until(lambda: len(self.made) >= number)

    def be_active(self) -> None:
        """The window has the keys, as a window manager gives them."""
        self.window.activateWindow()
        until(lambda: QApplication.activeWindow() is self.window and QApplication.focusWindow() is not None)

    def finish(self) -> None:
        """Until the first is shown and every one is made, each of them once."""
        until(lambda: bool(self.at.ready) and len(self.window._screens) == len(KEYS))
        assert sorted(self.made) == sorted(KEYS) and list(self.window.top.tabs) == KEYS

    def come_back(self) -> None:
        """Somebody of the team gives the PIN."""
        self.at.opening.covering.give_pin("2468")
        until(lambda: not self.desk.is_covered)


@pytest.fixture
def started(
    desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Started:
    copied(tmp_path / "studio", staffed=True)
    at = desks(tmp_path / "studio")
    started = Started(at)

    def watched(named: Named) -> Make:
        make = load(named)

        def making(desk: Desk) -> Screen:
            started.made.append(named.key)
            screen = make(desk)
            screen.widget.destroyed.connect(lambda *_: started.gone.append(named.key))
            return screen

        return making

    monkeypatch.setattr("safelight.desk.opening.load", watched)
    at.opening.window.show()
    at.opening.enter(open_studio(tmp_path / "studio", PASSPHRASE))
    return started


def strays(window: QWidget) -> list[QWidget]:
    """Windows that nobody opened."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]


def test_what_is_not_wanted_yet_is_made_after_the_first_screen_is_shown(started: Started) -> None:
    until(lambda: bool(started.at.ready))
    assert started.window.screen_key == "sessions" and started.made == ["sessions", "shoot"]
    assert list(started.window.top.tabs) == KEYS
    started.finish()
    assert started.made == KEYS and started.window.screen_key == "sessions"
    for key in KEYS:
        assert started.window._screens[key].widget.parentWidget() is started.window.stack


@pytest.mark.parametrize("number", STATES)
def test_the_keys_of_the_window_work_whatever_is_made(started: Started, qtbot: QtBot, number: int) -> None:
    started.come_to(number)
    started.be_active()
    until(lambda: started.desk.is_open)
    qtbot.keyClick(started.window, Qt.Key.Key_F1)
    (sheet,) = started.window.findChildren(Sheet)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.keyClick(started.window, Qt.Key.Key_L, CTRL)
    assert started.desk.is_covered
    (view,) = started.window.findChildren(CoverView)
    assert view.isVisible() and not started.window.stack.isVisible()
    # The others are made behind the cover; nothing of them is seen.
    for _ in range(200):
        QCoreApplication.processEvents()
    until(lambda: not started.at.opening.jobs.busy)
    assert started.desk.is_covered and not started.window.stack.isVisible()
    started.come_back()
    started.finish()
    assert started.window.screen_key == "sessions" and started.window.stack.isVisible()
    assert started.window.top.isVisible() and started.window.bottom.isVisible() and not view.isVisible()
    assert strays(started.window) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_screen_that_is_not_made_yet_is_there_at_once_when_somebody_goes_there(
    started: Started, qtbot: QtBot, place: int
) -> None:
    until(lambda: bool(started.at.ready))
    started.be_active()
    qtbot.keyClick(started.window, Qt.Key(Qt.Key.Key_1 + place), CTRL)
    key = KEYS[place]
    shown = started.window._screens[key].widget
    assert started.window.screen_key == key and started.window.stack.currentWidget() is shown and shown.isVisible()
    assert [each for each, tab in started.window.top.tabs.items() if tab.property("on") == "true"] == [key]
    started.finish()
    assert started.window.screen_key == key and strays(started.window) == []


@pytest.mark.parametrize("number", STATES)
def test_closed_while_screens_are_being_made_nothing_is_left(started: Started, number: int) -> None:
    started.come_to(number)
    before = list(started.made)
    started.at.opening.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(50):
        QCoreApplication.processEvents()
    assert started.made == before
    assert sorted(started.gone) == sorted(before), "also one that was made and not taken in yet is thrown away"
    assert not started.desk.is_open and not started.window.isVisible() and strays(started.window) == []


def test_covered_before_the_first_screen_it_is_shown_when_somebody_is_back(started: Started) -> None:
    until(lambda: started.desk.is_open)
    started.at.opening.covering.cover()
    until(lambda: len(started.window._screens) == 2 and not started.at.opening.jobs.busy)
    for _ in range(50):
        QCoreApplication.processEvents()
    assert not started.at.ready and isinstance(started.window.stack.currentWidget(), WaitingPage)
    started.come_back()
    started.finish()
    assert started.window.screen_key == "sessions" and started.window.top.isVisible()


def test_another_language_and_another_look_reach_those_that_are_not_made_yet(started: Started) -> None:
    until(lambda: bool(started.at.ready))
    started.desk.preferences.keep("language", "ar")
    started.desk.preferences.keep("look", "light")
    until(lambda: started.desk.words.language == "ar")
    until(lambda: len(started.window._screens) == len(KEYS))
    assert started.window.screen_key == "sessions"
    for key in KEYS:
        started.desk.go(key)
        shown = started.window._screens[key].widget
        assert shown.layoutDirection() == Qt.LayoutDirection.RightToLeft
        assert theme.tokens_of(shown).name == "desk_light"
        assert started.window.top.tabs[key].words == started.desk.words.get(f"window.{key}")


def test_screens_offered_twice_leave_no_window_beside_and_no_key_dead(started: Started, qtbot: QtBot) -> None:
    """A tab that was taken away before it was ever shown came up as a window of its own, and had the keys."""
    until(lambda: bool(started.at.ready))
    other, plain = Plain("other"), Plain("plain")
    started.window.show_screens([(other, "Other")], "other")
    started.window.show_screens([(plain, "Plain")], "plain")
    for _ in range(20):
        QCoreApplication.processEvents()
    assert strays(started.window) == [] and started.window.screen_key == "plain"
    started.be_active()
    qtbot.keyClick(started.window, Qt.Key.Key_6, CTRL)
    assert started.window.screen_key == "journal", "what was offered before is still to be had"
    qtbot.keyClick(started.window, Qt.Key.Key_L, CTRL)
    assert started.desk.is_covered and plain.told == ["opened", "left", "forget"]


# What does it.


def test_a_turn_does_one_step(qtbot: QtBot) -> None:
    turns, done, seen = Turns(), list[int](), list[int]()
    other = Turns()
    turns.add(*(lambda number=number: done.append(number) for number in range(4)))
    other.add(*[lambda: seen.append(len(done))] * 4)
    until(lambda: len(done) == len(seen) == 4)
    assert done == [0, 1, 2, 3] and max(after - before for before, after in itertools.pairwise(seen)) <= 2
    turns.add(lambda: done.append(4), lambda: done.append(5))
    turns.stop()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert done == [0, 1, 2, 3]


def test_one_that_is_wanted_is_made_once_in_every_state(qtbot: QtBot) -> None:
    making, made, handed = Making(), list[str](), list[str]()
    making.made.connect(lambda screen: handed.append(screen.key))

    def later(key: str) -> Later:
        return Later(key, lambda: made.append(key) or Plain(key))

    making.offer([later("first"), later("second"), later("third")])
    assert making.take("third") is not None and making.take("third") is None and making.take("none") is None
    until(lambda: made == ["third", "first"])
    assert handed == []
    half = making.take("first")
    assert half is not None and half.key == "first"
    with qtbot.waitSignal(making.finished):
        pass
    assert made == ["third", "first", "second"] and handed == ["second"] and making.take("second") is None


def test_what_is_half_made_is_thrown_away_with_the_others(qtbot: QtBot) -> None:
    making, plain = Making(), Plain("plain")
    gone: list[bool] = []
    plain.widget.destroyed.connect(lambda *_: gone.append(True))
    making.offer([Later("plain", lambda: plain), Later("never", lambda: pytest.fail("made after it was dropped"))])
    until(lambda: bool(making._undressed))
    making.drop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert plain.told == ["forget"] and len(gone) == 1
    for _ in range(50):
        QCoreApplication.processEvents()
