"""A day at the desk leaves nobody's name, and no name of a file of theirs, on the disk, in a log or on a window."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from safelight.domain.culling import Pick
from safelight.studio.assignments import move_photos
from safelight.studio.closing import close_with_report
from safelight.studio.culling import mark_photos
from safelight.studio.second_place import copy_waiting, set_second_place
from safelight.studio.upkeep import back_up_studio
from support.desk_day import NAMES, DeskDay

LEAKSCAN = Path(__file__).parents[2] / "tools" / "leakscan.py"


def titles() -> set[str]:
    told = {each.title() for each in QGuiApplication.allWindows()}
    for each in QApplication.topLevelWidgets():
        told |= {each.windowTitle(), each.windowIconText(), each.windowFilePath(), each.accessibleName()}
    return told


def test_nobody_is_named_outside_the_sealed(day: DeskDay, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "safelight")
    files = ("Béranger_portrait.jpg", "Mehmet_Oeztuerk_01.jpg")
    set_second_place(day.studio, tmp_path / "drive")
    source = day.open().presenter.source
    source.choose(day.hot)
    day.until(lambda: source.news is not None, "the folder is watched")
    shown = titles()
    for number, name in enumerate(files):
        day.put(number)
        day.photograph(name=name)
        day.until(lambda number=number: day.shots(number), "the frame is in")  # type: ignore[misc]
        day.sign(number)
        shown |= titles()
    guids = day.shots(0)[0].guids
    move_photos(day.studio, guids, [day.people[2].id], day.by.id)
    mark_photos(day.studio, guids, Pick.PICK, day.by.id)
    day.desk.say("Béranger", "said on the window alone")
    day.rest()
    day.desk.cover(True)
    shown |= titles()
    copy_waiting(day.studio)
    back_up_studio(day.studio, tmp_path / "backup")
    close_with_report(day.studio, day.session, day.by.id, True)
    day.desk.preferences.keep("look", "dark")
    wanted = (*NAMES, *files)
    markers = tmp_path.parent / f"{tmp_path.name}-markers"
    markers.write_text("\n".join(wanted))
    places = [tmp_path / each for each in ("studio", "drive", "backup", "desk.ini")]
    assert all(each.exists() for each in places)
    done = subprocess.run(
        [sys.executable, str(LEAKSCAN), "disk", str(markers), *map(str, places)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    markers.unlink()
    assert done.returncode == 0 and done.stdout.startswith("0 findings"), done.stdout
    for told in (*shown, *caplog.messages):
        assert not [each for each in wanted if each in told], told
