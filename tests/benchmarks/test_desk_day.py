"""Whether the desk stays at hand while a card's worth of large frames comes in, and what it holds with 5,000 of them.

The window's thread is asked every 5 ms; a gap is the time between two answers. The same window scrolling the same way
while two other programs work as hard as the decoders, and nothing comes in, is the floor of the same run.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytest.importorskip("PySide6", reason="needs the desktop extra")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.domain.binding import KNOWN_MARGIN_MS
from safelight.domain.ids import Country, Language, ScopeId, SubjectId
from safelight.domain.people import Subject
from safelight.qt.app import make_application
from safelight.storage.files import Stored
from safelight.storage.rows import FileId
from safelight.studio.cameras import clocks, set_clock
from safelight.studio.decoding import DecoderPool
from safelight.studio.exports import PackingProcess, export_bundle
from safelight.studio.founding import open_studio
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import new_id
from safelight.studio.packing import ExportRequest
from safelight.studio.queries.staff import staff_rows
from safelight.studio.recipients import add_recipient
from safelight.studio.sessions import NewSession, new_session
from support.desk.at_desk import PASSPHRASE, found
from support.desk_day import DeskDay, found_studio, open_day, taken_at
from support.grown import photo_of
from support.sampling import LONG, examples
from support.shoot import agency, said_yes

CHECKOUT = Path(__file__).parents[2]
Keep = Callable[[str, float, str, str], None]
COMING = examples(16, 500)
P99_MS, MOST_MS = 33, 100
OWN_MS = 33
"""What the window's thread may work itself between two answers, whatever else the machine does."""
PHOTOS, EACH = examples(1_000, 5_000), 50
MIB = 280
USE = "use.portfolio"
BURN = "while True: sum(range(10_000))"
FLOOR_SECONDS = examples(4, 8)
SHOWN = datetime(2026, 5, 1, 9, tzinfo=UTC)
"""What the large frame says of when it was taken; the camera writes what its clock shows instead."""
WRITER = """
import sys, time
sys.path[:0] = {path!r}
from support.exposures import exposure
hot, count, data, shown = sys.argv[1], int(sys.argv[2]), open(sys.argv[3], "rb").read(), sys.argv[4].encode()
assert shown in data
for number in range(count):
    now = time.strftime("%Y:%m:%d %H:%M:%S", time.gmtime()).encode()
    with open(f"{{hot}}/SLN_{{number:05}}.JPG", "wb") as file:
        file.write(exposure(data, number).replace(shown, now))
    time.sleep(0.1)
"""
HELD = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from safelight.bootstrap import SigningScreenBeside, found_demonstration, tune_interpreter
tune_interpreter()
from safelight.desk.opening import Opening
from safelight.desk.preferences import Preferences
from safelight.desk.unlock.view import UnlockView
from safelight.qt.app import make_application
application = make_application()
folder = Path(sys.argv[1])
opening = Opening(SigningScreenBeside(), found_demonstration, folder / "studio", Preferences(folder / "desk.ini"))
opening.open()
asked = []
def look():
    page = opening.window.stack.currentWidget()
    if isinstance(page, UnlockView) and page.unlock.isEnabled() and not asked:
        asked.append(True)
        page.passphrase.edit.setText(sys.argv[2])
        page.unlock.click()
watch = QTimer(interval=50)
watch.timeout.connect(look)
watch.start()
def resident():
    told = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]
    shot = opening.window._screens["shoot"]
    print(json.dumps({"mib": int(told) / 1024, "tiles": len(shot.panel.shots.tiles)}))
    opening.close()
    application.quit()
def shoot():
    from safelight.studio.queries.sessions import session_rows
    opening.desk.open_session(session_rows(opening.desk.studio)[0].session)
    opening.window.open_screen("shoot")
    QTimer.singleShot(10_000, resident)
opening.ready.connect(shoot)
QTimer.singleShot(120_000, application.quit)
application.exec()
"""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as people get it."""
    return make_application()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, portraits: Path) -> Path:
    """A real portrait of 24 MP with the grain of a sensor, taken by the same camera as the small ones."""
    path = tmp_path_factory.mktemp("large") / "one.jpg"
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        grain = Image.effect_noise((1500, 1000), 40).resize((6000, 4000)).convert("RGB")
        large = Image.blend(picture.convert("RGB").resize((6000, 4000)), grain, 0.15)
        large.save(path, "JPEG", quality=88, exif=taken_at(SHOWN))
    return path


@pytest.fixture
def day(qapp: QApplication, tmp_path: Path, portraits: Path) -> Iterator[DeskDay]:
    """The shoot screen, open, with somebody on set and two hundred small frames of them."""
    with DecoderPool() as decoders, Image.open(portraits / "grace_hopper.jpg") as picture:
        found_studio(tmp_path / "studio")
        made = open_day(tmp_path, picture.copy(), decoders)
        made.open()
        made.at_work.presenter.source.choose(made.hot)
        made.until(lambda: made.at_work.presenter.source.news is not None, "the folder is watched")
        made.photograph()
        made.until(lambda: clocks(made.studio, made.session), "the camera is known")
        (camera,) = clocks(made.studio, made.session)
        made.desk.jobs.tell(set_clock(made.studio, made.session, camera.tag, 0, made.by.id)[1])
        made.put(2)
        QTest.qWait(KNOWN_MARGIN_MS + 1_500)  # nearer to the switch each frame would be a question
        made.photograph(examples(60, 200))
        made.until(lambda: len(made.shots(2)) == made.frames - 1, "they are in", 120)
        made.rest()
        yield made
        made.close()
        made.studio.archive.close()


@dataclass(frozen=True)
class Gaps:
    """Milliseconds between two answers of the window's thread, and how many of them it worked itself; both sorted."""

    sorted_ms: list[float]
    own_ms: list[float]

    @property
    def p50(self) -> float:
        return self.sorted_ms[len(self.sorted_ms) // 2]

    @property
    def p99(self) -> float:
        return self.sorted_ms[int(len(self.sorted_ms) * 0.99)]

    @property
    def own_p99(self) -> float:
        return self.own_ms[int(len(self.own_ms) * 0.99)]

    @property
    def most(self) -> float:
        return self.sorted_ms[-1]


def scrolling(day: DeskDay, ends: Callable[[], bool], seconds: float) -> Gaps:
    """The gaps while the grid scrolls up and down, until ``ends``."""
    gaps, own = [], []
    last = [time.perf_counter(), time.thread_time()]
    bar, step = day.at_work.panel.shots.verticalScrollBar(), [40]

    def tick() -> None:
        now = [time.perf_counter(), time.thread_time()]
        gaps.append((now[0] - last[0]) * 1000)
        own.append((now[1] - last[1]) * 1000)
        last[:] = now

    def scroll() -> None:
        at = bar.value()
        bar.setValue(at + step[0])
        if bar.value() == at:
            step[0] = -step[0]

    ticks = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=5)
    ticks.timeout.connect(tick)
    moves = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=16)
    moves.timeout.connect(scroll)
    ticks.start()
    moves.start()
    latest = time.monotonic() + seconds
    application = QApplication.instance()
    assert application is not None
    checked = time.monotonic()
    while True:
        application.processEvents()
        if time.monotonic() > checked + 0.5:
            # What the asking costs this thread is no gap of the desk's.
            if ends():
                break
            assert time.monotonic() < latest, "they never came in"
            checked = time.monotonic()
            last[:] = time.perf_counter(), time.thread_time()
        time.sleep(0.0005)
    ticks.stop()
    moves.stop()
    return Gaps(sorted(gaps), sorted(own))


@contextmanager
def burning(programs: int) -> Iterator[None]:
    """So many other programs that do nothing but work, as politely as decoders do."""
    started = [subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", BURN]) for _ in range(programs)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def floor_of(day: DeskDay) -> Gaps:
    """The gaps while nothing comes in and others work."""
    with burning(2):
        end = time.monotonic() + FLOOR_SECONDS
        return scrolling(day, lambda: time.monotonic() > end, 30)


def coming_in(day: DeskDay, large: Path) -> Gaps:
    """The gaps while :data:`COMING` large frames come in, ten a second or as fast as they are taken."""
    before = day.frames
    program = WRITER.format(path=[str(CHECKOUT / "tests")])
    shown = f"{SHOWN:%Y:%m:%d %H:%M:%S}"
    writer = subprocess.Popen([sys.executable, "-c", program, str(day.hot), str(COMING), str(large), shown])
    photos = day.studio.archive.photos
    try:
        return scrolling(day, lambda: photos.count(day.session.id) == before + COMING, 60 + 3 * COMING)
    finally:
        writer.wait()


class Exports:
    """One export of the session after the other, until it is ended."""

    def __init__(self, day: DeskDay, folder: Path) -> None:
        self._day, self._folder = day, folder
        self._to = agency("Lumiere", 1)
        add_recipient(day.studio, self._to.card())
        day.sign(2, said_yes(USE, self._to))
        self.done, self._wanted = 0, True
        self._next()

    def end(self) -> None:
        self._wanted = False
        self._day.until(lambda: not self._day.desk.jobs.busy, "the last export is done", 120)

    def _next(self) -> None:
        day, path = self._day, self._folder / f"{self.done}.age"
        wish = ExportRequest(self._to.recipient, None, (ScopeId(USE),), Country(self._to.recipient.country), False)

        def succeeded(_: object) -> None:
            path.unlink()
            self.done += 1
            if self._wanted:
                self._next()

        day.desk.jobs.long(
            lambda report: export_bundle(day.studio, day.session, wish, path, report, PackingProcess()),
            succeeded, day.desk.failed,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("beside", "p99_ms", "most_ms"),
    [
        pytest.param("", P99_MS, MOST_MS, id="alone"),
        pytest.param(
            " beside an export", 50, 150, id="export",
            marks=pytest.mark.skipif(not LONG, reason="./run test --long measures it"),
        ),
    ],
)  # fmt: skip
def test_the_window_is_at_hand_while_large_frames_come_in_and_the_grid_scrolls(
    day: DeskDay, large: Path, tmp_path: Path, full_size: bool, keep_figure: Keep,
    beside: str, p99_ms: int, most_ms: int,
) -> None:  # fmt: skip
    floor, before = floor_of(day), day.frames
    exports = Exports(day, tmp_path) if beside else None
    coming = coming_in(day, large)
    if exports is not None:
        exports.end()
        assert exports.done and not day.said
    name = f"gap of the window while {COMING} frames of 24 MP come in{beside}"
    keep_figure(f"{name}, p50", coming.p50, "ms", f"floor {floor.p50:.0f}")
    keep_figure(f"{name}, p99", coming.p99, "ms", f"< {p99_ms}, floor {floor.p99:.0f}")
    keep_figure(f"{name}, at most", coming.most, "ms", f"< {most_ms}, floor {floor.most:.0f}")
    keep_figure(f"{name}, p99 of its own work", coming.own_p99, "ms", f"< {OWN_MS}, floor {floor.own_p99:.0f}")
    day.rest()
    assert not any(each.check for each in day.shots(2))
    assert (len(day.shots(2)), len(day.shots())) == (before - 1 + COMING, 1)
    assert coming.own_p99 < OWN_MS * (1 if full_size else 3)
    if full_size:  # by the clock on the wall only where nobody else is at work
        assert coming.p99 < p99_ms
        assert coming.most < most_ms


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_a_desk_with_five_thousand_photos_open_holds_little(
    tmp_path: Path, portraits: Path, keep_figure: Keep, full_size: bool
) -> None:
    found(tmp_path / "studio", staffed=True)
    grow(tmp_path / "studio", portraits)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    argv = [sys.executable, "-c", HELD, str(tmp_path), PASSPHRASE]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["tiles"] == EACH
    keep_figure(f"memory of the desk ten seconds after unlocking, {PHOTOS} photos", told["mib"], "MiB", f"<= {MIB}")
    assert told["mib"] <= MIB * (1 if full_size else 1.2)


def grow(folder: Path, portraits: Path) -> None:
    """A session of 5,000 photos with real thumbnails, a hundred people, the last of them on set."""
    small, larger = io.BytesIO(), io.BytesIO()
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        picture.convert("RGB").resize((205, 256)).save(small, "JPEG", quality=85)
        picture.convert("RGB").resize((819, 1024)).save(larger, "JPEG", quality=80)
    with open_studio(folder, PASSPHRASE) as studio:
        by = staff_rows(studio)[0].member.id
        session, _ = new_session(studio, NewSession("Spring", "Acme", "Berlin", "DE", studio.today(), by))
        people = [
            Subject(SubjectId(new_id()), f"Person {number:03}", Language("en"), Country("DE"))
            for number in range(PHOTOS // EACH)
        ]
        archive = studio.archive
        with archive.transaction(studio.now()) as writing:
            archive.subjects.add_many(writing, people, session.id, "registered")
        for number, person in enumerate(people):
            with archive.transaction(studio.now()) as writing:
                for place in range(EACH):
                    photo = photo_of(session.id, person.id, number * EACH + place)
                    file = FileId(os.urandom(32).hex())
                    archive.files._pending[file] = Stored(file, "photo", "portrait", 1, photo.subjects)
                    archive.photos.add(writing, photo, file, small.getvalue(), larger.getvalue(), photo.sha256)
        put_on_set(studio, session, (people[-1].id,), by, How.ENTER)
