"""Copies of photos are found by their image data: renamed, stripped or edited, in any folder; nothing else is."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from safelight.agency.applying import take_notices
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.sweeping import Swept, sweep_folders
from safelight.domain.errors import Cancelled, WrongUsage
from support import deliveries
from support.notices import NoticeBook, ended, said

USE, OTHER = "use.directory", "use.social"


@pytest.fixture
def book(studio: Any) -> NoticeBook:
    return NoticeBook(studio)


@pytest.fixture
def withdrawn(agency: OpenAgency, studio: Any, book: NoticeBook, shot: Any, tmp_path: Path) -> list[Any]:
    """Three photos: one nothing allows any more, one that is held back, one that may be used."""
    shots = [shot(data=noise(number)) for number in range(3)]
    receipts = [studio.receipt([USE]) for _ in shots]
    studio.deliver(tmp_path / "b.age", 1, [(one, [two]) for one, two in zip(shots, receipts, strict=True)], [USE])
    import_bundle(agency, tmp_path / "b.age")
    take_notices(agency, [book.write([ended(receipts[0], USE, shots[0])], [said(shots[1])])], delete=True)
    return shots


def noise(seed: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((40, 30), 60 + seed).save(out, "JPEG", quality=80)
    return out.getvalue()


def with_comment(jpeg: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe\x00\x09stolen!" + jpeg[2:]


def stripped(jpeg: bytes) -> bytes:
    """Without the JFIF segment after the beginning."""
    assert jpeg[2:4] == b"\xff\xe0"
    return jpeg[:2] + jpeg[4 + int.from_bytes(jpeg[4:6], "big") :]


def names(done: Swept) -> list[str]:
    return [each.path.name for each in done.copies]


def test_copies_are_found_whatever_became_of_their_metadata(
    agency: OpenAgency, withdrawn: list[Any], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "deep" / "deeper").mkdir(parents=True)
    gone, held, fine = (each.data for each in withdrawn)
    (home / "a.jpg").write_bytes(gone)
    (home / "deep" / "edited.JPG").write_bytes(with_comment(gone))
    (home / "deep" / "deeper" / "no name").write_bytes(stripped(held))
    (home / "fine.jpg").write_bytes(fine)
    (home / "other.jpg").write_bytes(deliveries.small_jpeg(77))
    cropped = io.BytesIO()
    Image.open(io.BytesIO(gone)).crop((0, 0, 20, 20)).save(cropped, "JPEG")
    (home / "cropped.jpg").write_bytes(cropped.getvalue())
    (home / "notes.txt").write_text("hello")
    (home / "empty.jpg").write_bytes(b"")
    done, _ = sweep_folders(agency, [home, home / "deep"])
    assert names(done) == ["a.jpg", "edited.JPG", "no name"] and all(each.stopped for each in done.copies)
    assert [each.photos for each in done.copies] == [(withdrawn[n].guid,) for n in (0, 0, 1)]
    assert (done.pictures, done.others, done.links, done.unread) == (6, 2, 0, ())
    done, _ = sweep_folders(agency, [home], every=True)
    assert [each.stopped for each in done.copies if each.path.name == "fine.jpg"] == [False]
    assert [each.kind for each in agency.catalogue.journal.entries()][-2:] == ["swept", "swept"]


def test_links_are_not_followed_and_what_cannot_be_read_is_named(
    agency: OpenAgency, withdrawn: list[Any], tmp_path: Path
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    away.mkdir()
    (away / "a.jpg").write_bytes(withdrawn[0].data)
    (home / "folder").symlink_to(away)
    (home / "file.jpg").symlink_to(away / "a.jpg")
    (home / "round").symlink_to(home)
    (home / "torn.jpg").write_bytes(withdrawn[0].data[:-20])
    os.mkfifo(home / "pipe.jpg")
    done, _ = sweep_folders(agency, [home])
    assert names(done) == [] and done.links == 3 and done.others == 1
    assert [each.path.name for each in done.unread] == ["torn.jpg"] and "no whole picture" in done.unread[0].why
    for wrong in (home / "nothing", away / "a.jpg"):
        with pytest.raises(WrongUsage, match="is not a folder"):
            sweep_folders(agency, [wrong])


def test_files_and_folders_that_may_not_be_read_are_named(
    agency: OpenAgency, withdrawn: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "closed").mkdir(parents=True)
    (home / "a.jpg").write_bytes(withdrawn[0].data)
    scan = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("safelight.agency.sweeping.os.scandir", refusing)
    done, _ = sweep_folders(agency, [home])
    assert [(each.path.name, each.why) for each in done.unread] == [("closed", "Permission denied")]
    assert names(done) == ["a.jpg"]


def test_a_photo_that_only_a_notice_names_is_found(
    agency: OpenAgency, book: NoticeBook, shot: Any, studio: Any, tmp_path: Path
) -> None:
    """Its bundle never came, or the catalogue was begun anew; one without a kind of hash, by its whole file."""
    one, two = shot(data=noise(7)), shot(data=noise(8))
    item = ended(studio.receipt([USE]), USE, one, two)
    whole = replace(item.photos[1], image_hash_kind=None)
    take_notices(agency, [book.write([replace(item, photos=(item.photos[0], whole))])])
    home = tmp_path / "home"
    home.mkdir()
    (home / "1.jpg").write_bytes(with_comment(one.data))
    (home / "2.jpg").write_bytes(two.data)
    (home / "3.jpg").write_bytes(with_comment(two.data))
    assert names(sweep_folders(agency, [home])[0]) == ["1.jpg", "2.jpg"]


def test_a_sweep_can_be_stopped(agency: OpenAgency, withdrawn: list[Any], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for number in range(40):
        (home / f"{number}.jpg").write_bytes(withdrawn[0].data)

    def stop(done: int, _total: int, _what: str) -> None:
        if done == 3:
            raise Cancelled

    before = len(agency.catalogue.journal.entries())
    with pytest.raises(Cancelled):
        sweep_folders(agency, [home], report=stop)
    assert len(agency.catalogue.journal.entries()) == before

