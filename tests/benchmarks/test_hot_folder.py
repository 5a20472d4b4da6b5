"""How soon a frame is handed on after camera software closed it, and what a folder full of older files adds to that.

Files are written by another process in eight pieces over 40 ms, as tethering software does. ``--figures`` takes the
sizes of a day; an ordinary run a sample with bounds that hold on a busy machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("PySide6", reason="needs the desktop extra")

from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.hot_folder import CALM, HotFolder, Listener
from safelight.capture.reading import FileMark
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.changes import Changes
from safelight.domain.people import Role
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.tags import file_tags
from safelight.qt.app import make_application
from safelight.qt.folder_watch import FolderWatch
from safelight.studio import founding, sessions
from safelight.studio.frame_binding import ByArrival
from safelight.studio.hot_intake import HotIntake, IntakeListener
from safelight.studio.incoming import remember
from safelight.studio.intake import Intake
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff import add_staff
from support.exposures import exposure
from support.shoot import START

CHECKOUT = Path(__file__).parents[2]
Keep = Callable[[str, float, str, str], None]
WRITER = """
import hashlib, json, sys, time
sys.path[:0] = {path!r}
from support.exposures import exposure
hot, count, rate, data = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), open(sys.argv[4], "rb").read()
start = time.time()
for number in range(count):
    frame = exposure(data, number)
    step = len(frame) // 8 + 1
    with open(f"{{hot}}/SLN_{{number:05}}.JPG", "wb", buffering=0) as file:
        for at in range(0, len(frame), step):
            file.write(frame[at : at + step])
            time.sleep(0.005)
    print(json.dumps([f"SLN_{{number:05}}.JPG", time.time(), hashlib.sha256(frame).hexdigest()]), flush=True)
    time.sleep(max(0, start + (number + 1) / rate - time.time()))
"""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as people get it."""
    return make_application()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn photograph of some 600 KB."""
    path = tmp_path_factory.mktemp("picture") / "one.jpg"
    path.write_bytes(drawn_portrait(1, camera_time=START))
    return path


@dataclass
class Writing:
    """Camera software in a process of its own; ``closed`` are its files with when each was closed, and its hash."""

    process: subprocess.Popen[str]
    closed: dict[str, tuple[float, str]]

    def finish(self) -> None:
        out, _ = self.process.communicate(timeout=600)
        assert self.process.returncode == 0
        self.closed |= {name: (at, sha256) for name, at, sha256 in map(json.loads, out.splitlines())}


def writing(hot: Path, picture: Path, count: int, rate: float) -> Writing:
    program = WRITER.format(path=[str(CHECKOUT / "tests")])
    argv = [sys.executable, "-c", program, str(hot), str(count), str(rate), str(picture)]
    return Writing(subprocess.Popen(argv, stdout=subprocess.PIPE, text=True), {})


@dataclass(frozen=True)
class Handed:
    """How long files took from closed to handed on (ms, sorted), and what looking cost (ms of processor a look)."""

    waits: list[float]
    torn: int
    look: float

    def at(self, part: float) -> float:
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * part))]


def handed_on(qapp: QApplication, folder: Path, picture: Path, count: int, older: int, rate: float = 10) -> Handed:
    """Watch a folder, woken as the desk is, while another process writes ``count`` files into it."""
    folder.mkdir()
    for number in range(older):
        (folder / f"OLD_{number:05}.JPG").write_bytes(b"old %d" % number)
    wake = threading.Event()
    watch = FolderWatch(wake)

    class Watching(Listener):
        def looks_into(self, folder: Path) -> None:
            watch.add(folder)

    def known(files: Sequence[tuple[Path, FileMark]]) -> list[FileMark]:
        return [mark for path, mark in files if path.name.startswith("OLD")]

    hot = HotFolder(folder, known=known, listener=Watching(), wake=wake)
    found: dict[str, tuple[float, str]] = {}
    end = time.monotonic() + 60 + count / rate

    def look() -> None:
        for arrival in hot.watch(lambda: len(found) >= count or time.monotonic() > end):
            found[arrival.source.name] = (time.time(), arrival.source.sha256)

    looking = threading.Thread(target=look)
    looking.start()
    while hot.looks < 2:
        qapp.processEvents()
        QThread.msleep(5)
    writer = writing(folder, picture, count, rate)
    while looking.is_alive():
        qapp.processEvents()
        QThread.msleep(5)
    writer.finish()
    watch.deleteLater()
    assert found.keys() == writer.closed.keys(), "lost"
    torn = sum(found[name][1] != sha256 for name, (_, sha256) in writer.closed.items())
    waits = sorted((found[name][0] - closed) * 1000 for name, (closed, _) in writer.closed.items())
    looks = []
    for _ in range(20):
        start = time.thread_time()
        hot.look()
        looks.append((time.thread_time() - start) * 1000)
    shutil.rmtree(folder)
    return Handed(waits, torn, sorted(looks)[10])


def test_a_frame_is_handed_on_within_moments_however_many_lie_there(
    qapp: QApplication, tmp_path: Path, picture: Path, full_size: bool, keep_figure: Keep
) -> None:
    count = 200 if full_size else 30
    alone = handed_on(qapp, tmp_path / "empty", picture, count, 0)
    among = handed_on(qapp, tmp_path / "full", picture, count, 3000)
    assert (alone.torn, among.torn) == (0, 0)
    for what, each in (("an empty folder", alone), ("3,000 older files", among)):
        keep_figure(f"hot folder, {what}: closed to handed on, p50", each.at(0.5), "ms", "< 300")
        keep_figure(f"hot folder, {what}: closed to handed on, p95", each.at(0.95), "ms", "< 600")
    keep_figure("hot folder: p50 among 3,000 older files beside none", among.at(0.5) / alone.at(0.5), "x", "<= 1.3")
    keep_figure("hot folder: one look over 3,000 older files, processor", among.look, "ms", "< 10")
    assert among.look < 10
    slack = 1 if full_size else 5
    for each in (alone, among):
        assert each.at(0.5) < 300 * slack and each.at(0.95) < 600 * slack
    assert among.at(0.5) < alone.at(0.5) * 1.3 * slack


class Counting(IntakeListener):
    """Keeps the names and hashes of what came in."""

    def __init__(self) -> None:
        self.added: dict[str, str] = {}
        self.others: list[Intake] = []

    def took_in(self, intake: Intake, _changes: Changes) -> None:
        for photo in intake.added:
            self.added[photo.name] = photo.sha256
        if not intake.added:
            self.others.append(intake)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[OpenStudio]:
    wanted = founding.Founding("Lampe", "DE", "rights@lampe.example")
    with founding.found_studio(tmp_path / "studio", wanted, "a passphrase for tests alone", cost=FLOOR_COST) as opened:
        kim, _ = add_staff(opened, "Kim", frozenset({Role.PHOTOGRAPHER}))
        sessions.new_session(opened, sessions.NewSession("Spring", "Acme", "Berlin", "DE", opened.today(), kim.id))
        yield opened


def take_in(studio: OpenStudio, folder: Path, done: Callable[[Counting, HotIntake], bool]) -> Counting:
    """Run an intake of ``folder`` until ``done``."""
    (session,) = studio.archive.sessions.list()
    heard = Counting()
    with DecoderPool() as decoders:
        hot = HotIntake(studio, session, folder, decoders, ByArrival(studio, session, None), heard)
        hot.run(lambda: done(heard, hot))
    return heard


def test_a_burst_of_a_day_comes_in_whole_and_a_restart_reads_none_of_it(
    studio: OpenStudio, tmp_path: Path, picture: Path, full_size: bool, keep_figure: Keep
) -> None:
    folder, count = tmp_path / "hot", 500 if full_size else 25
    folder.mkdir()
    writer = writing(folder, picture, count, 10)
    written = threading.Thread(target=writer.finish)
    written.start()
    end = time.monotonic() + 120 + count
    heard = take_in(studio, folder, lambda got, _: len(got.added) >= count or time.monotonic() > end)
    done = time.time()
    written.join()
    late = done - max(at for at, _ in writer.closed.values())
    assert heard.others == [] and heard.added == {name: sha256 for name, (_, sha256) in writer.closed.items()}
    keep_figure(f"hot folder: {count} frames at 10 a second, all in after the last was closed", late, "s", "< 90")
    assert late < 90

    again = take_in(studio, folder, lambda _, hot: hot.folder.looks >= 3 and hot.behind == 0)
    assert again.added == {} and again.others == []


def test_a_restart_on_two_thousand_known_files(studio: OpenStudio, tmp_path: Path, keep_figure: Keep) -> None:
    """What was dealt with is told by name and by what the disk says: nothing is read, so the sizes do not matter."""
    folder, count = tmp_path / "hot", 2000
    folder.mkdir()
    files = []
    for number in range(count):
        path = folder / f"SLN_{number:05}.JPG"
        path.write_bytes(b"known %d" % number)
        seen = path.stat()
        files.append((path.name, (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)))
    (session,) = studio.archive.sessions.list()
    remember(studio, session, dict.fromkeys(file_tags(studio.secrets, files)))
    before, start = time.process_time(), time.monotonic()
    heard = take_in(studio, folder, lambda _, hot: hot.folder.looks >= 2 and hot.folder.pause == CALM)
    processor, whole = time.process_time() - before, time.monotonic() - start
    assert heard.added == {} and heard.others == []
    keep_figure(f"restart on {count} known files", whole, "s", "< 20")
    keep_figure(f"restart on {count} known files, processor", processor, "s", "< 1")
    assert whole < 20 and processor < 1


def test_known_files_from_elsewhere_are_read_and_not_developed(
    studio: OpenStudio, tmp_path: Path, picture: Path, full_size: bool, keep_figure: Keep
) -> None:
    """Copies have other inodes: they are read once, which must cost far less than taking them in did."""
    folder, copies, count = tmp_path / "hot", tmp_path / "copies", 60 if full_size else 12
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.jpg").write_bytes(exposure(picture.read_bytes(), number))
    start = time.monotonic()
    take_in(studio, folder, lambda got, _: len(got.added) >= count)
    first, start = time.monotonic() - start, time.monotonic()
    shutil.copytree(folder, copies)
    heard = take_in(studio, copies, lambda got, _: len(got.others) >= count)
    again = time.monotonic() - start
    assert heard.added == {}
    keep_figure(f"{count} known frames again from other files, beside taking them in", again / first, "x", "<= 0.7")
    if full_size:
        assert again < 0.7 * first
