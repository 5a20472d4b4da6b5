"""The shoot screen in its window as it looks on a working day: every size, look and language, kept to be looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safelight.demo.desk_studio import DeskStudio, found_desk_studio
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.desk.desk import Desk
from safelight.desk.preferences import Preferences
from safelight.desk.shoot.screen import ShootScreen
from safelight.desk.shoot.switching import Wish
from safelight.desk.window import DeskWindow
from safelight.domain.ids import SubjectId
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import desk_texts
from safelight.studio.arrivals import mark_arrived
from safelight.studio.decoding import DecoderPool
from support.desk_day import NoSigningScreen

Shoot = Callable[[QWidget, str], QImage]
NOBODY: tuple[SubjectId, ...] = ()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStudio]:
    demo = found_desk_studio(tmp_path_factory.mktemp("desk"))
    with demo.studio:
        yield demo


class Shown:
    """The window with the screen in it, and ways to wait."""

    def __init__(
        self, demo: DeskStudio, decoders: DecoderPool, file: Preferences, look: str, language: str, scale: float,
        size: tuple[int, int],
    ) -> None:  # fmt: skip
        self.demo = demo
        self.jobs = Jobs()
        self.desk = Desk(self.jobs, desk_texts(language), NoSigningScreen(), file)
        self.window = DeskWindow(self.desk)
        theme.apply(self.window, theme.scaled(theme.THEMES[look], scale))
        theme.speak(self.window, language)
        self.desk.unlock(demo.studio, decoders, demo.by)
        self.desk.open_session(demo.session)
        self.screen = ShootScreen(self.desk)
        self.window.resize(*size)
        self.window.show()
        self.window.show_screens([(self.screen, self.desk.words.get("window.shoot"))], "shoot")
        self.until(lambda: self.screen.presenter.reader.day is not None)

    def until(self, holds: Callable[[], object], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end
            QTest.qWait(10)

    def settle(self) -> None:
        """Until everything in view is painted."""
        reader = self.screen.presenter.reader
        self.until(lambda: not self.jobs.busy and not reader.is_busy)
        QTest.qWait(150)
        self.until(lambda: not self.jobs.busy)

    def put(self, people: tuple[SubjectId, ...]) -> None:
        self.screen.presenter.set.wish(Wish(people, "find"), sure=True)
        self.settle()

    def close(self) -> None:
        self.window.drop_screens()
        self.jobs.close()
        self.desk.lock()
        self.window.close_now()
        self.window.deleteLater()
        QCoreApplication.processEvents()


@pytest.fixture
def shown(
    qapp: QApplication, made: DeskStudio, decoders: DecoderPool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Shown]]:
    opened: list[Shown] = []

    def show(
        look: str = "desk_dark", language: str = "en", scale: float = 1.0, size: tuple[int, int] = (1600, 1000)
    ) -> Shown:
        file = Preferences(tmp_path_factory.mktemp("preferences") / "desk.ini")
        found = Shown(made, decoders, file, look, language, scale, size)
        opened.append(found)
        return found

    yield show
    for each in opened:
        each.close()


def photograph(made: DeskStudio, shown: Shown, count: int) -> None:
    """The camera writes frames of whoever is on set, some of them close to the switch."""
    for number in range(count):
        at = datetime.now(UTC) + timedelta(milliseconds=200)
        path = made.hot_folder / f"SLN_{time.monotonic_ns() % 10**8:08}.JPG"
        path.write_bytes(drawn_portrait(1009, (1120, 1400), camera_time=at, frame=number, camera_model="Lantern Two"))


def test_a_working_day_is_looked_at_in_every_way(shown: Callable[..., Shown], made: DeskStudio, shoot: Shoot) -> None:
    first = shown()
    shoot(first.window, "shoot-day-nobody")
    first.screen.presenter.source.choose(made.hot_folder)
    people = [each.id for each in made.people]
    for place in (7, 9, 2):
        mark_arrived(made.studio, made.session, people[place])
    first.put((people[6],))
    first.put((people[9],))
    photograph(made, first, 3)
    panel = first.screen.panel
    first.until(lambda: len(panel.shots.tiles) >= 3, 60)
    first.settle()
    shoot(first.window, "shoot-day-1600")
    first.screen.view.client_asked.emit()
    first.screen.view.clock_asked.emit()
    first.settle()
    client, clock = first.screen.windows.open_windows
    shoot(client, "shoot-day-client")
    shoot(clock, "shoot-day-clock")
    for window in (client, clock):
        window.close()
    first.screen.view.toggle_answers()
    first.settle()
    shoot(first.window, "shoot-day-answers")
    first.put(tuple(people[:5]))
    shoot(first.window, "shoot-day-group")
    first.put((people[11],))
    first.screen.presenter.set.enter_next()
    first.settle()
    shoot(first.window, "shoot-day-question")
    first.screen.view.look_for("ma")
    first.settle()
    shoot(first.window, "shoot-day-find")
    first.screen.view.roster.give_up()
    first.put((people[9],))
    first.desk.cover(True)
    first.screen.forget()
    shoot(first.window, "shoot-day-covered")
    first.desk.cover(False)
    ways: dict[str, dict[str, Any]] = {
        "1280": {"size": (1280, 720)},
        "1280-light-de": {"size": (1280, 720), "look": "desk_light", "language": "de"},
        "light": {"look": "desk_light"},
        "de": {"language": "de"},
        "fr": {"language": "fr"},
        "es": {"language": "es"},
        "ar": {"language": "ar"},
        "ar-light-1280": {"language": "ar", "look": "desk_light", "size": (1280, 720)},
        "150": {"scale": 1.5},
        "150-1280": {"scale": 1.5, "size": (1280, 720)},
        "200": {"scale": 2.0, "size": (1920, 1200)},
        "contrast": {"look": "desk_high_contrast"},
    }
    for name, given in ways.items():
        each = shown(**given)
        each.settle()
        shoot(each.window, f"shoot-day-{name}")
        if name == "1280":
            large = each.screen.panel.large
            assert large.width() >= 390 and large.height() >= 490
        each.window.hide()
