"""Finding photographs, and telling frames from what lies beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight.capture.folders import dropped_paths, find_photos, natural_order
from safelight.domain.errors import WrongUsage


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_folders_in_the_order_of_cameras(tmp_path):
    names = ["IMG_10.JPG", "IMG_9.jpg", "b/IMG_1.nef", "a/x.HEIC", "IMG_9.DNG"]
    for name in names:
        touch(tmp_path / name)
    for name in (".hidden.jpg", ".Trashes/a.jpg", "System Volume Information/a.jpg", "note.txt", "clip.mov"):
        touch(tmp_path / name)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "IMG_9.jpg")
    (tmp_path / "loop").symlink_to(tmp_path)
    aside: list[tuple[str, str]] = []
    found = list(find_photos([tmp_path], aside=lambda path, why: aside.append((path.name, why))))
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        *("a/x.HEIC", "b/IMG_1.nef", "IMG_9.DNG", "IMG_9.jpg", "IMG_10.JPG"),
    ]
    assert sorted(aside) == [
        *(("clip.mov", "not a picture"), ("link.jpg", "a link"), ("loop", "a link"), ("note.txt", "not a picture")),
    ]


def test_of_a_card_only_dcim(tmp_path):
    for name in ("DCIM/100CANON/IMG_1.CR3", "DCIM/100CANON/IMG_1.JPG", "PRIVATE/thumb.jpg", "backdrop.jpg"):
        touch(tmp_path / name)
    assert [path.name for path in find_photos([tmp_path])] == ["IMG_1.CR3", "IMG_1.JPG"]


def test_each_once_and_files_named_outright_whatever_their_name(tmp_path):
    odd, photo = touch(tmp_path / "scan"), touch(tmp_path / "a.jpg")
    assert list(find_photos([odd, photo, tmp_path, photo])) == [odd.resolve(), photo.resolve()]
    with pytest.raises(WrongUsage, match="nothing at gone"):
        list(find_photos([tmp_path / "gone"]))


def test_natural_order():
    names = ["IMG_2", "img_10", "IMG_1", "10", "9", "a9b", "a10b", ""]
    assert sorted(names, key=natural_order) == ["", "9", "10", "a9b", "a10b", "IMG_1", "IMG_2", "img_10"]


def test_what_editors_and_writers_leave_is_no_frame(tmp_path):
    frames = ["Capture/IMG_1.jpg", "Selects/IMG_2.jpg", "Trash/IMG_3.jpg"]
    beside = ["Capture/CaptureOne/Cache/IMG_1.jpg", "Capture/IMG_1.xmp", "Capture/IMG_1.jpg.part", "Capture/.IMG_4.jpg"]
    beside += [
        "Capture/IMG_1.cos",
        "IMG_5.jpg.tmp",
        "IMG_1.jpg_original",
        "IMG_1.jpg_exiftool_tmp",
        "Roll.lrdata/1.jpg",
    ]
    for name in (*frames, *beside, "Output/IMG_1.jpg"):
        touch(tmp_path / name)
    aside: list[str] = []
    found = list(find_photos([tmp_path], aside=lambda path, _: aside.append(path.name)))
    assert [str(path.relative_to(tmp_path)) for path in found] == frames
    assert aside == ["Output"], "what looks like pictures and is not taken is told"
    assert [path.name for path in find_photos([tmp_path / "Output"])] == ["IMG_1.jpg"], "named outright it is meant"


def test_of_what_is_dropped_only_files_of_this_computer_are_taken():
    texts = [
        *("# a comment", "", "file:///card/DCIM/IMG%201.jpg", "file://localhost/card/IMG_2.jpg", "/card/IMG_3.jpg"),
        *("https://example.org/a.jpg", "file://server/share/a.jpg", "a.jpg", "javascript:alert(1)", "file:///a%00.jpg"),
        *("file:///card/DCIM/IMG%201.jpg", "file://[bad/a.jpg"),
    ]
    paths, refused = dropped_paths(texts)
    assert list(map(str, paths)) == ["/card/DCIM/IMG 1.jpg", "/card/IMG_2.jpg", "/card/IMG_3.jpg"]
    assert len(refused) == 6 and all(why == "It is no file of this computer." for _, why in refused)
    many, _ = dropped_paths([f"file:///card/IMG_{number:05}.jpg" for number in range(20_000)])
    assert len(many) == 20_000
