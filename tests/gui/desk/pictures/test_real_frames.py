"""Frames of a real studio, sealed and untrusted, in the grid, large and at 100 %."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from safelight.capture.decoder_pool import DecoderPool
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.desk.pictures.frame_source import FrameSource, LargeFrame
from safelight.desk.pictures.grid import FrameGrid
from safelight.desk.pictures.large import LargeView
from safelight.desk.pictures.large_canvas import Looks
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.people import Role
from safelight.domain.photo import Photo, upright_size
from safelight.keys.passphrases import FLOOR_COST
from safelight.qt.jobs import Jobs
from safelight.studio import founding, sessions
from safelight.studio.intake import capture_photos
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.pictures import preview, region, thumbnails
from safelight.studio.staff import add_staff


@dataclass
class Taken:
    studio: OpenStudio
    decoders: DecoderPool
    photos: list[Photo]
    original: QImage


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Taken]:
    """Three frames of one person as a camera leaves them."""
    at = datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001 - as cameras say it
    files = []
    for number in range(3):
        files.append(tmp_path / f"SLN_{number}.jpg")
        files[-1].write_bytes(drawn_portrait(9, (1200, 1500), camera_time=at, frame=number))
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example")
    with founding.found_studio(tmp_path / "studio", wanted, "a passphrase for tests alone", cost=FLOOR_COST) as studio:
        kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
        new = sessions.NewSession("Spring", "Acme", "Berlin", "DE", studio.today(), kim.id)
        session, _ = sessions.new_session(studio, new)
        with DecoderPool(workers=1) as decoders:
            photos = list(capture_photos(studio, session, files, None, decoders)[0].added)
            yield Taken(studio, decoders, photos, QImage(str(files[0])))


def frame(photo: Photo) -> LargeFrame:
    wide, high = upright_size(photo.width, photo.height, photo.orientation)
    return LargeFrame(photo.guid, photo.guid, photo.name, "09:30:00", wide, high)


def test_from_the_camera_to_the_screen(taken, jobs: Jobs, words, act_of, window, qtbot, shoot):
    small = Thumbnails(jobs, partial(thumbnails, taken.studio))
    source = FrameSource(jobs, partial(preview, taken.studio), partial(region, taken.studio, taken.decoders))
    grid, large = FrameGrid(small, words, act_of), LargeView(source, words, act_of, "Newest")
    page = window(large, grid, size=(900, 1100))
    grid.show_tiles([ShotTile(each.guid, each.guid, each.name, "09:30:00") for each in taken.photos], 2)
    first, second, _ = (frame(each) for each in taken.photos)
    large.show_frame(first, (second,))

    def settle() -> None:
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not jobs.busy, timeout=10_000)
        QApplication.processEvents()

    settle()
    assert all(grid._picture(each) is not None for each in grid.tiles)
    shoot(page, "pictures-real-frames")
    large.set_looks(Looks(whole_size=True))
    settle()
    place = large._rooms()[0][1].center().toPoint()
    seen = page.grab().toImage().pixelColor(large.mapTo(page, place))
    whole = taken.original
    centre = large._centre(first)
    truth = whole.pixelColor(round(centre.x() * whole.width()), round(centre.y() * whole.height()))
    assert abs(seen.lightness() - truth.lightness()) < 12
    workers = taken.decoders.pids
    large.forget()
    grid.forget()
    small.forget()
    taken.decoders.forget()
    assert len(taken.decoders.pids) == len(workers) - 1, "whoever held the originals decoded is gone"
    gone = set(workers) - set(taken.decoders.pids)
    assert not any(Path(f"/proc/{pid}").exists() for pid in gone) or os.name == "nt"
    assert source.held_bytes == small.held_bytes == 0
