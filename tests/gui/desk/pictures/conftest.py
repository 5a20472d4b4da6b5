"""Frames to look at: real portraits as small JPEGs, a source that can be held up, a grid in a window of the desk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.pictures.acts import ActOf, by_sequences
from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import DeskTexts, desk_texts

KEYS = {
    **{f"rate_{n}": str(n) for n in range(6)}, "pick": "P", "reject": "X", "unmark": "U", "discard": "Del", "move": "M",
    "group": "G", "whole_size": "Z", "compare": "C", "guide": "O", "clipping": "J", "picture_only": "F",
}  # fmt: skip


class Source:
    """Gives pictures, notes who asked for what, and waits while it is held."""

    def __init__(self, picture: bytes) -> None:
        self.picture = picture
        self.asked: list[tuple[PhotoGuid, ...]] = []
        self.threads: set[int] = set()
        self.gone: set[PhotoGuid] = set()
        self._free = threading.Event()
        self._free.set()

    def hold(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def __call__(self, guids: Sequence[PhotoGuid]) -> Mapping[PhotoGuid, bytes]:
        self.asked.append(tuple(guids))
        self.threads.add(threading.get_ident())
        assert self._free.wait(10)
        return {guid: self.picture for guid in guids if guid not in self.gone}

    @property
    def seen(self) -> list[PhotoGuid]:
        return [guid for page in self.asked for guid in page]


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def tile(number: int, **known: Any) -> ShotTile:
    """Shot ``s<number>``, a moment after the one before."""
    return ShotTile(
        f"s{number}", PhotoGuid(f"g{number}"), f"SLN_{number:04}", f"10:{number // 60 % 60:02}:{number % 60:02}",
        **{"owner": "Ana Sousa", **known},
    )  # fmt: skip


def tiles(*numbers: int) -> list[ShotTile]:
    return [tile(each) for each in numbers]


def jpeg_of(image: QImage) -> bytes:
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, b"jpeg").write(image)
    return bytes(kept.data())


def finished_unseen(jobs: Jobs) -> None:
    """Wait until work has ended whose outcome nobody has been told yet."""
    start = time.monotonic()
    while not jobs._arrivals:
        assert time.monotonic() - start < 10
        time.sleep(0.005)


@pytest.fixture(scope="module")
def portrait(portraits: Path) -> QImage:
    """A real portrait."""
    return QImage(str(portraits / "grace_hopper.jpg"))


@pytest.fixture(scope="module")
def small(portrait: QImage) -> bytes:
    """The same as a thumbnail."""
    return jpeg_of(
        portrait.scaled(256, 256, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    )


@pytest.fixture
def source(small: bytes) -> Source:
    return Source(small)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def act_of() -> ActOf:
    return by_sequences({act: QKeySequence(key) for act, key in KEYS.items()})


@pytest.fixture
def words() -> DeskTexts:
    return desk_texts("en")


@pytest.fixture
def jobs(qapp: QApplication, source: Source) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    source.release()
    made.close()


@pytest.fixture
def pictures(jobs: Jobs, source: Source) -> Thumbnails:
    return Thumbnails(jobs, source)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Callable[..., QWidget]]:
    """``window(widget, …)``: shows widgets one above the other, dressed as the desk is."""
    made: list[QWidget] = []

    def show(
        *widgets: QWidget, size: tuple[int, int] = (900, 640), name: str = "desk_dark", scale: float = 1.0,
        language: str = "en",
    ) -> QWidget:  # fmt: skip
        page = QWidget()
        page.setProperty("role", "screen")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rows = QVBoxLayout(page)
        for each in widgets:
            rows.addWidget(each)
        theme.apply(page, theme.scaled(theme.THEMES[name], scale))
        theme.speak(page, language)
        page.resize(*size)
        page.show()
        page.activateWindow()
        widgets[0].setFocus()
        qapp.processEvents()
        made.append(page)
        return page

    yield show
    for page in made:
        page.close()
        page.deleteLater()


@pytest.fixture
def grid(pictures: Thumbnails, act_of: ActOf, clock: Clock, window: Callable[..., QWidget], qtbot: QtBot) -> FrameGrid:
    """A grid with the focus, four or so frames wide."""
    made = FrameGrid(pictures, desk_texts("en"), act_of, name="Shots", clock=clock)
    qtbot.waitActive(window(made))
    return made
