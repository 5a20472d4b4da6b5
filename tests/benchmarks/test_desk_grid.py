"""What a grid of 5,000 frames costs the window's thread, how soon it is full after jumps, and that it never waits.

Frames are painted as a screen would: one every 16.7 ms, the rest of the time is the workers'. The same view with Qt's
own delegate and a decoration scrolls beside it, in the same run.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PySide6", reason="needs the desktop extra")

from PySide6.QtCore import QAbstractListModel, QBuffer, QByteArray, QEventLoop, QIODevice, QModelIndex, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPixmap
from PySide6.QtWidgets import QApplication, QListView

from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.culling import Pick
from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.qt.app import make_application
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import desk_texts
from support.sampling import examples

ROWS = 5000
STEP = 60
FRAMES = examples(180, 300)
JUMPS = 80
FRAME_S = 1 / 60
FRAMES_WHILE_HELD = 120
"""Two seconds of them."""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as people get it."""
    return make_application()


@dataclass
class Held:
    """A source of thumbnails that another thread can hold up, as one that holds the database does."""

    picture: bytes
    free: threading.Event

    def __call__(self, guids: Sequence[PhotoGuid]) -> dict[PhotoGuid, bytes]:
        assert self.free.wait(20)
        return dict.fromkeys(guids, self.picture)


@pytest.fixture(scope="module")
def picture(portraits: Path) -> bytes:
    """A real portrait as a thumbnail."""
    small = QImage(str(portraits / "grace_hopper.jpg")).scaled(256, 256, Qt.AspectRatioMode.KeepAspectRatio)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, b"jpeg").write(small)
    return bytes(kept.data())


@pytest.fixture
def source(picture: bytes) -> Held:
    held = Held(picture, threading.Event())
    held.free.set()
    return held


def tile(number: int) -> ShotTile:
    """Every tenth is picked, every thirtieth asks for a look: as on a day."""
    mark = Pick.PICK if number % 10 == 0 else Pick.REJECT if number % 17 == 0 else Pick.NONE
    return ShotTile(
        f"s{number}", PhotoGuid(f"g{number}"), f"SLN_{number:05}.JPG", "10:42:07", "Ana Sousa", number % 30 == 0,
        number % 6, mark, picked_by_subject=number % 40 == 0,
    )  # fmt: skip


@pytest.fixture
def grid(qapp: QApplication, source: Held) -> Iterator[FrameGrid]:
    """The grid in a window of 1400 x 900, full of pictures."""
    jobs = Jobs()
    made = FrameGrid(Thumbnails(jobs, source), desk_texts("en"), lambda _: "")
    theme.apply(made, theme.DESK_DARK)
    made.resize(1400, 900)
    made.show_tiles([tile(number) for number in range(ROWS)])
    made.show()
    until(lambda: is_full(made))
    yield made
    source.free.set()
    jobs.close()
    made.close()
    made.deleteLater()


def is_full(grid: FrameGrid) -> bool:
    rows = (grid.tiles[row] for row in grid.visible_rows() if row < len(grid.tiles))
    return all(grid._picture(each) is not None for each in rows)


def until(reached: Callable[[], bool], seconds: float = 20.0) -> float:
    """Turn the event loop until ``reached``; how long that took."""
    start = time.perf_counter()
    while not reached():
        assert time.perf_counter() - start < seconds
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    return time.perf_counter() - start


def painted(view: QListView, places: Sequence[int]) -> tuple[list[float], list[float]]:
    """The thread's CPU time and the clock's for each frame at these places of the scroll bar, in milliseconds."""
    bar, cpu, wall = view.verticalScrollBar(), [], []
    for place in places:
        start, used = time.perf_counter(), time.thread_time()
        bar.setValue(place)
        QApplication.processEvents()
        view.viewport().repaint()
        cpu.append((time.thread_time() - used) * 1000)
        wall.append((time.perf_counter() - start) * 1000)
        while (rest := start + FRAME_S - time.perf_counter()) > 0:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
            time.sleep(min(rest, 0.001))
    return cpu, wall


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Stock(QAbstractListModel):
    """The same rows for Qt's own delegate: a name and a decoration."""

    def __init__(self, pixmap: QPixmap) -> None:
        super().__init__()
        self._pixmap = pixmap

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008
        return 0 if parent.isValid() else ROWS

    def data(self, index: QModelIndex, role: int = 0) -> object:  # type: ignore[override]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"SLN_{index.row():05}.JPG"
        return self._pixmap if role == Qt.ItemDataRole.DecorationRole else None


@pytest.fixture
def stock(qapp: QApplication, picture: bytes) -> Iterator[QListView]:
    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    pixmap = QPixmap.fromImage(QImage.fromData(picture)).scaled(184, 220, Qt.AspectRatioMode.KeepAspectRatio)
    model = Stock(pixmap)
    view.setModel(model)
    view.setIconSize(QSize(184, 220))
    view.resize(1400, 900)
    view.show()
    QApplication.processEvents()
    yield view
    view.close()
    view.deleteLater()


def test_a_frame_of_five_thousand_is_painted_in_time(grid, stock, keep_figure, full_size):
    places = [STEP * number for number in range(FRAMES)]
    ours, _ = painted(grid, places)
    theirs, _ = painted(stock, places)
    p95, p99, ratio = quantile(ours, 0.95), quantile(ours, 0.99), quantile(ours, 0.95) / quantile(theirs, 0.95)
    keep_figure("grid of 5,000: CPU of a frame, p95", p95, "ms", "< 12")
    keep_figure("grid of 5,000: CPU of a frame, p99", p99, "ms", "< 17")
    keep_figure("grid of 5,000: p95 against Qt's own delegate with a picture and a name", ratio, "times", "< 3")
    assert ratio < 3
    if full_size:
        assert p95 < 12 and p99 < 17


def test_all_on_screen_soon_after_eighty_jumps(grid, keep_figure, full_size):
    rng, bar = random.Random(4), grid.verticalScrollBar()
    painted(grid, [rng.randrange(bar.maximum()) for _ in range(JUMPS)])
    took = until(lambda: is_full(grid)) * 1000
    keep_figure("grid of 5,000: everything on screen after 80 jumps", took, "ms", "< 300")
    assert took < (300 if full_size else 1000)


def test_no_frame_waits_while_somebody_holds_the_database(grid, source, keep_figure, full_size):
    _, floor = painted(grid, [STEP * number for number in range(FRAMES_WHILE_HELD)])
    source.free.clear()
    held, walls = painted(grid, [STEP * number for number in range(FRAMES_WHILE_HELD, 2 * FRAMES_WHILE_HELD)])
    source.free.set()
    slowest, by_clock = quantile(held, 0.99), quantile(walls, 0.99)
    keep_figure("grid while the database is held 2 s: CPU of a frame, p99", slowest, "ms", "< 33")
    keep_figure("grid while the database is held 2 s: the same by the clock", by_clock, "ms", "< 33")
    keep_figure("grid while nobody holds it: by the clock, p99", quantile(floor, 0.99), "ms", "the floor")
    assert max(walls) < 1000, "no frame waited for the source"
    if full_size:
        # On a machine that is busy with other things the clock tells of those: then the floor of the same run counts.
        assert slowest < 33 and by_clock < max(33, 1.5 * quantile(floor, 0.99))
    assert until(lambda: is_full(grid)) < 2


def test_the_first_paint_hardly_grows_with_the_list(qapp, source, keep_figure):
    jobs = Jobs()
    took = []
    for rows in (50, ROWS):
        view = FrameGrid(Thumbnails(jobs, source), desk_texts("en"), lambda _: "")
        theme.apply(view, theme.DESK_DARK)
        view.resize(1400, 900)
        made = [tile(number) for number in range(rows)]
        start = time.thread_time()
        view.show_tiles(made)
        view.show()
        QApplication.processEvents()
        view.viewport().repaint()
        took.append((time.thread_time() - start) * 1000)
        view.close()
        view.deleteLater()
    jobs.close()
    keep_figure("grid of 5,000: CPU to the first paint", took[1], "ms", "< 100")
    assert took[1] < 100 + took[0]
