"""The day is read when something changed: how often at most, what of it, and that nothing which changed is missed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.desk.desk import Desk
from safelight.desk.pictures.acts import Act
from safelight.desk.shoot import day_reader
from safelight.desk.shoot.day_reader import DayReader
from safelight.desk.shoot.reading import EVERYTHING, FRAMES, Before, Day, read_day
from safelight.desk.shoot.screen import ShootScreen
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, SafelightError
from safelight.domain.ids import SessionId
from safelight.studio.arrivals import mark_arrived
from safelight.studio.queries.shots import OpenedRows
from support.desk_day import DeskDay
from support.sampling import examples


class Archive:
    """Stands for a desk whose archive answers when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open, self.is_covered, self.studio, self.jobs = True, False, None, self
        self.id = SessionId("s")
        self.asked: list[Before] = []
        self.at: list[float] = []
        self.failures: list[SafelightError] = []
        self._answer: Callable[[Any], None] | None = None
        self._fail: Callable[[SafelightError], None] | None = None
        monkeypatch.setattr(day_reader, "read_day", lambda _studio, _session, before: self.asked.append(before))
        monkeypatch.setattr(day_reader, "name_index", lambda *_: "names")
        self.reader = DayReader(cast(Desk, self))
        self.reader.follow(cast(Any, self))
        self.came: list[object] = []
        self.reader.came.connect(lambda: self.came.append(self.reader.day))

    def read(self, work: Callable[[Any], Any], succeeded: Callable[[Any], None], failed: Any, **_: Any) -> None:
        if work(None) == "names":  # not what is looked at here
            succeeded("names")
            return
        self.at.append(time.monotonic())
        self._answer, self._fail = succeeded, failed

    def failed(self, error: SafelightError) -> None:
        self.failures.append(error)

    def answer(self, day: object) -> None:
        answer, self._answer = self._answer, None
        assert answer is not None
        answer(day)

    def fail(self) -> None:
        assert self._fail is not None
        self._fail(CannotOpen("The database is busy.", "Wait."))

    @property
    def reads(self) -> bool:
        return self._answer is not None


@pytest.fixture
def archive(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Archive:
    return Archive(monkeypatch)


def rest(archive: Archive) -> None:
    """Until it may be read again; what waited for that has begun then."""
    end = time.monotonic() + 10
    while archive.reader._rest.isActive():
        assert time.monotonic() < end
        QTest.qWait(5)


def test_a_frame_that_comes_alone_is_read_at_once(archive: Archive) -> None:
    archive.reader.ask(Changes.PHOTOS)
    assert len(archive.asked) == 1 and archive.reader.is_busy
    archive.answer("first")
    assert archive.came == ["first"] and not archive.reader.is_busy
    rest(archive)
    assert len(archive.asked) == 1
    archive.reader.ask(Changes.PHOTOS)
    assert len(archive.asked) == 2


def test_frames_that_pour_in_are_read_together_and_the_last_is_not_missed(archive: Archive) -> None:
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        archive.reader.ask(Changes.PHOTOS | Changes.JOURNAL)
        if archive.reads:
            archive.answer(len(archive.asked))
        QTest.qWait(5)
    while archive.reader.is_busy:
        assert time.monotonic() < end + 10
        if archive.reads:
            archive.answer(len(archive.asked))
        QTest.qWait(5)
    apart = [after - before for before, after in zip(archive.at, archive.at[1:], strict=False)]
    assert len(apart) >= 2 and min(apart) >= (day_reader.REST_MS - 10) / 1000
    rest(archive)
    assert archive.came[-1] == len(archive.asked)


@pytest.mark.parametrize(("took", "rest_ms"), [(0.0, day_reader.REST_MS), (0.15, 450), (9.0, day_reader.MOST_REST_MS)])
def test_a_reading_that_takes_long_is_followed_by_a_longer_rest(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, took: float, rest_ms: int
) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(day_reader, "time", SimpleNamespace(monotonic=lambda: clock.now))
    archive.reader.ask()
    clock.now += took
    archive.answer("first")
    assert archive.reader._rest.interval() == rest_ms


def test_what_changed_is_told_to_the_reading_and_nothing_of_it_is_lost(archive: Archive) -> None:
    archive.reader.ask(Changes.PHOTOS)
    assert archive.asked[0].changes == EVERYTHING and archive.asked[0].day is None
    archive.reader.ask(Changes.PHOTOS)  # while it reads
    archive.reader.ask(Changes.ON_SET)
    archive.answer("first")
    rest(archive)
    assert archive.asked[1].changes == Changes.PHOTOS | Changes.ON_SET
    assert cast(object, archive.asked[1].day) == "first"
    archive.answer("second")
    rest(archive)
    archive.reader.ask(Changes.PHOTOS)
    assert archive.asked[2].changes == Changes.PHOTOS
    assert archive.asked[2].opened is archive.asked[0].opened
    archive.fail()
    assert len(archive.failures) == 1
    archive.reader.ask(Changes.PHOTOS)
    assert archive.asked[3].changes == EVERYTHING, "nobody knows what the one that failed had seen"


def test_what_was_opened_is_dropped_with_everything_else(archive: Archive) -> None:
    archive.reader.ask()
    archive.reader.forget()
    archive.answer("too late")
    assert archive.reader.day is None and archive.came == []
    archive.reader.ask(Changes.PHOTOS)
    rest(archive)
    assert archive.asked[-1].changes == EVERYTHING and archive.asked[-1].opened is not archive.asked[0].opened


def test_an_act_that_was_kept_is_in_the_next_reading_whatever_is_told(archive: Archive) -> None:
    archive.reader.ask()
    archive.answer("first")
    rest(archive)
    laid = archive.reader.lay_over(lambda day: cast(Day, f"{day} changed"))
    assert archive.came[-1] == "first changed"
    archive.reader.kept(laid)
    assert archive.asked[-1].changes == EVERYTHING
    archive.answer("second")
    assert archive.came[-1] == "second"


def test_after_anything_the_screen_shows_what_a_new_one_shows(day: DeskDay) -> None:
    screen, chance = day.open(), random.Random(7)
    screen.presenter.source.choose(day.hot)
    day.until(lambda: screen.presenter.source.news is not None, "the folder is watched")
    screen.presenter._beat.stop()  # which would read everything anew, whatever was told
    day.put(2)
    day.photograph(3)
    day.until(lambda: len(day.shots()) + len(day.shots(2)) == day.frames, "they are in")
    for number in range(examples(8, 80)):
        meddle(day, chance)
        day.until(lambda: not day.desk.jobs.busy, "it is done")
        if number % 4 == 3:
            day.until(lambda: len(set(day.studio.archive.photos.guids())) == day.frames, "all are in")
            day.until(lambda: is_as_read_first(day), "what is shown is what a first reading gives")
    other = ShootScreen(day.desk)
    other.opened()
    day.until(lambda: other.presenter.reader.day is not None and not day.desk.jobs.busy, "it was read")
    assert shown(screen) == shown(other)
    other.forget()
    other.widget.deleteLater()


def is_as_read_first(day: DeskDay) -> bool:
    """Apart from what the clock alone changes."""
    read, fresh = day.at_work.presenter.reader.day, read_day(day.studio, day.session, Before())
    return read is not None and replace(read, slow=fresh.slow, pace=fresh.pace) == fresh


def meddle(day: DeskDay, chance: random.Random) -> None:
    """Somebody or something does something."""
    presenter = day.at_work.presenter
    shots = [each.shot for each in presenter.reader.day.shots] if presenter.reader.day else []
    some = tuple(chance.sample(shots, min(len(shots), chance.randrange(1, 3))))
    act = chance.choice(("frame", "frame", "rate", "discard", "move", "switch", "arrive"))
    if act == "frame":
        day.photograph(chance.randrange(1, 3))
    elif act == "rate":
        presenter.shots.act(chance.choice((Act.RATE_3, Act.PICK, Act.REJECT)), some)
    elif act == "discard" and len(shots) > 1:
        presenter.shots.act(Act.DISCARD, some[:1])
    elif act == "move":
        presenter.shots.move(some, (day.people[chance.randrange(3)].id,), "somebody")
    elif act == "switch":
        day.put(chance.randrange(3))
    else:
        day.desk.jobs.tell(mark_arrived(day.studio, day.session, day.people[chance.randrange(6)].id)[1])


def shown(screen: ShootScreen) -> dict[str, object]:
    """What can be seen, apart from what runs on by itself and where somebody stands in it."""
    view, panel = screen.view, screen.panel
    banner = view.banner
    return {
        "roster": view.roster.model.rows,
        "chips": [each.text() for each in view.roster._chips.values()],
        "banner": (banner.name.text, banner.details.text, banner.count.text(), banner.of.text, banner.next.words),
        "shots": tuple(panel.shots.tiles),
        "last": tuple(panel.last.tiles),
        "planned": panel.shots._rows.planned,
        "alarms": view.alarms.cards,
        "pick": panel.large._pick,
    }


def test_opened_rows_count_only_with_the_stamp_they_were_kept_with() -> None:
    opened = OpenedRows()
    opened.keep("a", 1, "one")
    assert opened.find("a", 1) == "one" and opened.find("a", 2) is None and opened.find("b", 1) is None
    opened.turn()
    assert opened.find("a", 1) == "one"
    opened.turn()
    opened.turn()
    assert opened.find("a", 1) is None and len(opened) == 0


def test_what_frames_are_told_by_changes_no_person_and_no_switch() -> None:
    assert not FRAMES & (Changes.SUBJECTS | Changes.ON_SET | Changes.CONSENTS | Changes.RECEIPTS | Changes.SESSIONS)
