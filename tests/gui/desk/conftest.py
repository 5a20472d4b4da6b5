"""The desk under test, on a studio of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from support.desk.at_desk import AtDesk


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
