"""A whole day at the real desk with real files, from the first run to the agency's answers, counted by somebody else.

The script knows whom it put before which camera; at the end the files on the cameras' cards, their hashes and that
knowledge are compared with the archive frame by frame and person by person, and with what the agency may do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("PySide6", reason="needs the desktop extra")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from safelight.agency import founding as agencies
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.trust import trust_studio
from safelight.bootstrap import SigningScreenBeside
from safelight.keys.passphrases import FLOOR_COST
from safelight.kiosk.opening import Kiosk
from safelight.qt.app import make_application
from safelight.studio import founding
from safelight.studio.signing_point import StudioSigningPoint
from support.desk import evening, morning, set_work
from support.desk.at_desk import AtDesk
from support.desk.by_keyboard import Keyboard
from support.desk.cameras import DayClock
from support.desk.whole_day import WholeDay
from support.kiosk.driving import Driven
from support.sampling import examples

SECONDS_AT_MOST = examples(240, 600)
"""For the whole day, by the script's own watch: it is no figure, it ends a day that hangs."""


class Beside(Driven):
    """The signing screen that the desk opens, with hands."""

    def __init__(self, application: QApplication, point: StudioSigningPoint) -> None:
        Kiosk.__init__(self, application, point, still=True)
        self.taps = 0

    def close(self) -> None:
        Kiosk.close(self)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as people get it."""
    return make_application()


@pytest.fixture
def clock() -> DayClock:
    # Yesterday: certificates are made by this clock and looked at by the machine's, which may show an earlier hour.
    return DayClock(datetime.combine(datetime.now(UTC).date() - timedelta(days=1), time_of_day(7, 30), UTC))


@pytest.fixture
def agency(tmp_path: Path, clock: DayClock) -> Iterator[OpenAgency]:
    wanted = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, Paris")
    words = "four unrelated words here"
    with agencies.found_agency(tmp_path / "agency", wanted, words, clock=clock, cost=FLOOR_COST) as made:
        yield made


@pytest.fixture
def day(
    qapp: QApplication, tmp_path: Path, portraits: Path, clock: DayClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WholeDay]:
    """The desk at its very first start, nothing there yet; its clock is the script's."""
    real = founding.found_studio
    monkeypatch.setattr(
        founding, "found_studio", lambda *told, **more: real(*told, **more, clock=clock, cost=FLOOR_COST)
    )
    monkeypatch.setattr("safelight.kiosk.opening.Kiosk", Beside)
    interval = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(0)  # hands of a test are fast
    sheets = tmp_path / "sheets.pdf"
    at = AtDesk(tmp_path / "data" / "studio", lambda _: sheets, SigningScreenBeside())
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        made = WholeDay(at, clock, tmp_path, picture.copy())
    yield made
    QApplication.setDoubleClickInterval(interval)
    at.close()


def test_a_day_from_first_run_to_bundle_is_accounted_for_frame_by_frame(
    day: WholeDay, agency: OpenAgency, monkeypatch: pytest.MonkeyPatch, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    began = time.monotonic()
    morning.first_run(day, monkeypatch)
    morning.make_session(day, agency, tmp_path)
    people = morning.take_in_roster(day, tmp_path)
    morning.start_shooting(day)
    absent, minor, refuser = people[3], people[4], people[5]
    set_work.shoot_everybody(day, people, skip=(absent, minor))
    set_work.walk_in(day)
    set_work.guardian_comes_late(day, minor)
    set_work.swap(day, people[6], people[7])
    set_work.switch_before_the_transfer(day, people[8], people[9])
    set_work.answer_a_check(day, people[10], people[11])
    set_work.group_of_nine(day, people[12:21])
    set_work.card_beside_the_folder(day, people[0])
    set_work.rate_in_place(day, stock_tool("exiftool"))
    assert not day.yes[refuser.id]
    evening.close_the_day(day, absent, people[0], tmp_path, monkeypatch)
    evening.count_independently(day)
    bundle = evening.export(day, agency, tmp_path, monkeypatch)
    evening.agency_checks(day, agency, bundle)
    assert time.monotonic() - began < SECONDS_AT_MOST


def test_the_same_by_keyboard_alone(
    day: WholeDay, agency: OpenAgency, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Three people, two of whom come: nothing on the way from first run to bundle needs a mouse."""
    morning.first_run(day, monkeypatch)
    hands = Keyboard(day, tmp_path, monkeypatch)
    hands.make_session(agency)
    hands.take_in_roster()
    hands.start_shooting(day.first)
    first = hands.find("Grace")
    hands.hand_over(first)
    day.photograph([first], 2, day.first)
    hands.press(Qt.Key.Key_F9)
    day.is_on_set()
    second = hands.find("Ada")
    hands.hand_over(second)
    day.photograph([second], 2, day.first)
    hands.close_the_day(hands.absent_one())
    bundle = hands.export(agency)
    trust_studio(agency, founding.studio_card(day.studio))
    assert import_bundle(agency, bundle)[0].photos == len(day.film.taken) == 4
