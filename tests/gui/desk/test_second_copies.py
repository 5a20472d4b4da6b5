"""The second drive is kept up to date while the desk is open: by itself, beside everything else, until it closes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from safelight.desk.second_copies import SecondCopies
from safelight.domain.changes import Changes
from safelight.domain.people import Role
from safelight.qt.jobs import Jobs
from safelight.studio import sessions
from safelight.studio.open_studio import OpenStudio
from safelight.studio.second_place import second_place, set_second_place
from safelight.studio.staff import add_staff

SOON_MS = 20_000


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def copies(jobs: Jobs, studio: OpenStudio) -> Iterator[SecondCopies]:
    made = SecondCopies(jobs, look_every_s=0.05)
    made.start(studio)
    yield made
    made.stop()


def keep(studio: OpenStudio, content: bytes) -> None:
    """A sealed file of the studio's own, named by a row."""
    id = studio.archive.files.store_bytes(None, content, "other", evidence=True)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.files.register(writing, id)


def waiting(studio: OpenStudio) -> int:
    place = second_place(studio)
    return -1 if place is None else len(studio.archive.copies.waiting(place.id))


def test_what_comes_in_is_copied_and_said(
    qtbot: QtBot, jobs: Jobs, copies: SecondCopies, studio: OpenStudio, tmp_path: Path
) -> None:
    told: list[Changes] = []
    jobs.changed.connect(lambda changes, _: told.append(changes))
    set_second_place(studio, tmp_path / "drive")
    for number in range(3):
        keep(studio, b"%d" % number)
    qtbot.waitUntil(lambda: waiting(studio) == 0 and Changes.COPIES in told, timeout=SOON_MS)
    assert len(list((tmp_path / "drive" / "files").rglob("*.age"))) == 3 and copies.fault is None
    qtbot.waitUntil(lambda: (tmp_path / "drive" / "backup.json").exists(), timeout=SOON_MS)


def test_a_drive_that_is_gone_is_said_once_and_waited_for(
    qtbot: QtBot, copies: SecondCopies, studio: OpenStudio, tmp_path: Path
) -> None:
    said: list[str] = []
    copies.failed.connect(lambda error: said.append(error.title))
    set_second_place(studio, tmp_path / "drive")
    qtbot.waitUntil(lambda: (tmp_path / "drive" / "state.json").exists(), timeout=SOON_MS)
    shutil.move(tmp_path / "drive", tmp_path / "pulled")
    keep(studio, b"while it was gone")
    qtbot.waitUntil(lambda: bool(said), timeout=SOON_MS)
    qtbot.wait(300)
    assert len(said) == 1 and "is not there" in said[0] and copies.fault is not None
    with qtbot.waitSignal(copies.recovered, timeout=SOON_MS):
        shutil.move(tmp_path / "pulled", tmp_path / "drive")
    qtbot.waitUntil(lambda: waiting(studio) == 0, timeout=SOON_MS)


def test_once_stopped_nothing_of_the_studio_is_used(jobs: Jobs, studio: OpenStudio, tmp_path: Path) -> None:
    copies = SecondCopies(jobs, look_every_s=0.01)
    set_second_place(studio, tmp_path / "drive")
    for _ in range(3):
        copies.start(studio)
        copies.stop()
    add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
    keep(studio, b"after it was stopped")
    assert waiting(studio) > 0


def test_how_far_the_session_is_stands_in_the_bar(qtbot: QtBot, studio: OpenStudio, tmp_path: Path) -> None:
    kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
    new = sessions.NewSession("Spring", "Client", "Place", "DE", None, kim.id, zone="Europe/Berlin")
    session, _ = sessions.new_session(studio, new)
    copies = SecondCopies(Jobs(), look_every_s=0.05)
    copies.start(studio, lambda: session)
    try:
        qtbot.waitUntil(lambda: copies.places is not None, timeout=SOON_MS)
        assert copies.places is not None and not copies.places.set
        with qtbot.waitSignal(copies.counted, timeout=SOON_MS):
            set_second_place(studio, tmp_path / "drive")
        assert copies.places is not None and copies.places.set and copies.places.attached
        with qtbot.waitSignal(copies.counted, timeout=SOON_MS):
            shutil.move(tmp_path / "drive", tmp_path / "pulled")
        assert copies.places is not None and not copies.places.attached
    finally:
        copies.stop()
    assert copies.places is None
