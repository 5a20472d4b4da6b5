"""A card is safe to format when every file of it is kept, and the disk gave it back; nothing on it is touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from safelight.capture.clock_codes import clock_text
from safelight.capture.slates import slate_png, slate_text
from safelight.domain.errors import WrongUsage
from safelight.storage import files
from safelight.storage.past_cache import PastCacheReader
from safelight.studio import assignments, intake
from safelight.studio.card_report import card_report


@pytest.fixture
def card(shoot: Any, tmp_path: Path) -> Path:
    """A card with three frames, all of them in the archive."""
    folder = tmp_path / "card" / "DCIM" / "100CANON"
    folder.mkdir(parents=True)
    for number in range(3):
        shoot.file().rename(folder / f"IMG_{number}.JPG")
    taken, _ = intake.capture_photos(shoot.studio, shoot.session, [folder], None, shoot.decoders)
    assert len(taken.added) == 3
    return tmp_path / "card"


def everything(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.rglob("*") if each.is_file()}


def test_a_card_whose_frames_are_all_in_is_safe(shoot: Any, card: Path) -> None:
    before = everything(card)
    told: list[tuple[int, int, str]] = []
    report = card_report(shoot.studio, shoot.session, [card], report=lambda *step: told.append(step))
    assert (report.safe, report.total, report.missing, report.slates) == (3, 3, (), 0)
    assert report.at == shoot.studio.now() and told[-1][:2] == (3, 3)
    assert report.may_be_formatted is report.past_cache
    assert everything(card) == before


def test_frames_that_are_not_in_films_and_torn_files_are_listed(shoot: Any, card: Path) -> None:
    folder = card / "DCIM" / "100CANON"
    shoot.file().rename(folder / "IMG_9.JPG")
    (folder / "MVI_4.MOV").write_bytes(b"film")
    (card / "PRIVATE" / "M4ROOT").mkdir(parents=True)
    (card / "PRIVATE" / "M4ROOT" / "C0001.MP4").write_bytes(b"film")
    (folder / "INDEX.CTG").write_bytes(b"the camera's own")
    (folder / "IMG_8.JPG").write_bytes((folder / "IMG_9.JPG").read_bytes()[:400])
    report = card_report(shoot.studio, shoot.session, [card])
    assert {name for name, _ in report.missing} == {"IMG_9.JPG", "MVI_4.MOV", "C0001.MP4", "IMG_8.JPG"}
    assert (report.safe, report.total) == (3, 7) and not report.may_be_formatted
    assert "take it in first" in dict(report.missing)["IMG_9.JPG"]


def test_a_frame_taken_out_of_the_archive_is_missing(shoot: Any, card: Path) -> None:
    (first, *_) = shoot.studio.archive.photos.guids()
    assignments.remove_photos(shoot.studio, [first], shoot.staff["Kim"].id)
    report = card_report(shoot.studio, shoot.session, [card])
    assert report.safe == 2 and len(report.missing) == 1


def test_a_copy_that_was_damaged_on_the_disk_is_not_safe(shoot: Any, card: Path) -> None:
    path = next(path for _, path in shoot.studio.archive.files.on_disk())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    report = card_report(shoot.studio, shoot.session, [card])
    assert report.safe == 2 and "was changed" in report.missing[0][1]
    path.unlink()
    report = card_report(shoot.studio, shoot.session, [card])
    assert report.safe == 2 and "is missing" in report.missing[0][1]


def test_metadata_an_editor_wrote_makes_no_other_frame(shoot: Any, card: Path) -> None:
    frame = card / "DCIM" / "100CANON" / "IMG_1.JPG"
    whole = frame.read_bytes()
    frame.write_bytes(whole[:2] + b"\xff\xfe\x00\x08rating" + whole[2:])
    report = card_report(shoot.studio, shoot.session, [card])
    assert (report.safe, report.missing) == (3, ())


def test_a_slate_is_not_missed(shoot: Any, card: Path) -> None:
    slate = slate_png(slate_text(shoot.session.id, shoot.person().id))
    (card / "DCIM" / "100CANON" / "IMG_5.PNG").write_bytes(slate)
    (card / "DCIM" / "100CANON" / "IMG_6.PNG").write_bytes(slate_png(clock_text(shoot.clock.at)))
    assert card_report(shoot.studio, shoot.session, [card]).safe == 3
    report = card_report(shoot.studio, shoot.session, [card], shoot.decoders)
    assert (report.safe, report.total, report.slates, report.missing) == (5, 5, 2, ())


def test_where_the_disk_cannot_be_asked_it_says_so(
    shoot: Any, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Remembered(PastCacheReader):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self.past_cache = False

    monkeypatch.setattr(files, "PastCacheReader", Remembered)
    report = card_report(shoot.studio, shoot.session, [card])
    assert report.safe == 3 and not report.past_cache and not report.may_be_formatted


def test_an_empty_card_is_not_said_to_be_safe(shoot: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert not card_report(shoot.studio, shoot.session, [tmp_path / "empty"]).may_be_formatted
    with pytest.raises(WrongUsage):
        card_report(shoot.studio, shoot.session, [tmp_path / "nowhere"])


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count what it reads")
def test_what_is_said_to_come_from_the_disk_does(shoot: Any, card: Path) -> None:
    """The system counts the bytes this process had fetched from devices."""

    def fetched() -> int:
        lines = Path("/proc/self/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))

    size = sum(path.stat().st_size for _, path in shoot.studio.archive.files.on_disk())
    for _, path in shoot.studio.archive.files.on_disk():
        path.read_bytes()  # the system remembers it now
    before = fetched()
    report = card_report(shoot.studio, shoot.session, [card])
    if not report.past_cache:
        pytest.skip("this file system cannot be read past the cache")
    assert fetched() - before >= size
    assert os.path.lexists(card)
