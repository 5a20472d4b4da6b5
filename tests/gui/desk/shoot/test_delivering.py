"""F8 at the desk: who is on set gets their own pictures in a new folder, and what stays is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from safelight.studio.assignments import settle
from support.desk_day import DeskDay


@pytest.fixture
def at_work(day: DeskDay) -> DeskDay:
    day.open()
    day.rest()
    return day


def f8() -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, Qt.Key.Key_F8)


def test_who_is_on_set_is_given_their_pictures(
    at_work: DeskDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, given = at_work, tmp_path / "given"
    proposed: list[str] = []

    def chosen(asking: QFileDialog) -> None:
        proposed.extend(asking.selectedFiles())
        asking.fileSelected.emit(str(given))

    monkeypatch.setattr(QFileDialog, "open", chosen)
    presenter = day.at_work.presenter
    presenter.source.choose(day.hot)
    day.until(lambda: presenter.source.news is not None, "the folder is watched")
    day.put(0)
    day.photograph(2, at=datetime.now(UTC) + timedelta(seconds=30))
    day.until(lambda: len(day.shots(0)) == 2, "the frames are in")
    day.rest()
    settle(day.studio, [day.shots(0)[0].guids[0]], day.by.id)
    day.said.clear()
    day.at_work.view.work()
    f8()
    day.until(lambda: bool(day.said), "what came of it is said")
    whole = len([each for each in day.shots(0) if not each.check])
    assert Path(proposed[0]).name == day.people[0].name
    assert len(list(given.glob("*.jpg"))) == whole > 0
    assert day.said[-1][0] == day.desk.words.get("shoot.delivered", n=whole, folder="given")
    f8()
    day.until(lambda: len(day.said) > 1, "a folder of that name is there")
    assert "given" in day.said[-1][0] and len(list(given.glob("*.jpg"))) == whole


def test_with_nobody_on_set_it_is_said_what_to_do(at_work: DeskDay) -> None:
    at_work.at_work.view.work()
    f8()
    assert at_work.said == [(at_work.desk.words.get("shoot.deliver-whom"), "")]
