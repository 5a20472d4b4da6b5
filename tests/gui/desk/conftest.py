"""The desk under test, on a studio of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safelight.studio.decoding import DecoderPool
from safelight.studio.founding import open_studio
from safelight.studio.open_studio import OpenStudio
from support.desk.at_desk import PASSPHRASE, AtDesk, found
from support.desk_day import DeskDay, found_studio, open_day


@pytest.fixture
def desks(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., AtDesk]]:
    """``desks(folder, choose=…)``: a desk, not opened yet; closed when the test ends."""
    made: list[AtDesk] = []

    def make(folder: Path, choose: Callable[[str], Path | None] | None = None) -> AtDesk:
        made.append(AtDesk(folder, choose))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., None]:
    """``copied(folder, staffed=False)``: a copy of a studio as ``found`` makes it (see ``support/desk/at_desk.py``)."""
    made: dict[bool, Path] = {}

    def copy(folder: Path, *, staffed: bool = False) -> None:
        if staffed not in made:
            template = tmp_path_factory.mktemp("found") / "studio"
            found(template, staffed=staffed)
            made[staffed] = template
        shutil.copytree(made[staffed], folder)

    return copy


@pytest.fixture
def studio(copied: Callable[..., None], tmp_path: Path) -> Iterator[OpenStudio]:
    """A studio of nobody yet, open."""
    copied(tmp_path / "studio")
    with open_studio(tmp_path / "studio", PASSPHRASE) as made:
        yield made


@pytest.fixture(scope="session")
def decoders() -> Iterator[DecoderPool]:
    """One pool for all tests: its worker processes take a second to start."""
    with DecoderPool() as pool:
        yield pool


@pytest.fixture(scope="session")
def founded_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a studio with six people on the roster; to be copied."""
    folder = tmp_path_factory.mktemp("founded-day") / "studio"
    found_studio(folder)
    return folder


@pytest.fixture
def day(
    qapp: QApplication, founded_day: Path, tmp_path: Path, portraits: Path, decoders: DecoderPool
) -> Iterator[DeskDay]:
    """A studio with six people and a hot folder, open at the desk."""
    shutil.copytree(founded_day, tmp_path / "studio")
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        made = open_day(tmp_path, picture.copy(), decoders)
    yield made
    made.close()
    made.studio.archive.close()
