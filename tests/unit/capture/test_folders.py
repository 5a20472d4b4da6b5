"""Finding photographs, and waiting until a hot folder's files are whole."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safelight.capture.folders import HotFolder, find_photos, natural_order
from safelight.capture.reading import read_source
from safelight.domain.errors import DeviceFailure, WrongUsage


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


# Hot folders -----------------------------------------------------------------------------------------------------


def play(folder: Path, script: list[Callable[[], object]], polls: int = 2, spare: int = 6) -> list[tuple[int, Path]]:
    """Look once after each step of ``script`` and a few times more; what was handed out, and at which look."""
    hot = HotFolder(folder, polls=polls)
    handed = []
    for turn, step in enumerate([*script, *[lambda: None] * spare]):
        step()
        handed += [(turn, path) for path in hot.look()]
    return handed


def test_a_file_written_in_pieces_comes_once_and_whole(tmp_path, portraits):
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"

    def append(start: int) -> Callable[[], object]:
        def step() -> None:
            with target.open("ab") as file:
                file.write(data[start : start + 8192])

        return step

    steps = [append(start) for start in range(0, len(data), 8192)]
    handed = play(tmp_path, steps)
    assert handed == [(len(steps) + 1, target.resolve())]


def test_a_pause_in_the_middle_does_not_fool_it(tmp_path, portraits):
    """Size and time are still, the file is not whole: it waits, and takes the file when the rest has come."""
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"
    pause: list[Callable[[], object]] = [lambda: None] * 10
    steps = [lambda: target.write_bytes(data[:30000]), *pause, lambda: target.write_bytes(data)]
    assert play(tmp_path, steps) == [(len(steps) + 1, target.resolve())]


def test_space_reserved_first_is_not_a_picture(tmp_path, portraits):
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"
    half = data[: len(data) // 2]
    steps: list[Callable[[], object]] = [lambda: target.write_bytes(half.ljust(len(data), b"\0")), *[lambda: None] * 5]
    handed = play(tmp_path, [*steps, lambda: target.write_bytes(data)])
    assert handed == [(len(steps) + 2, target.resolve())]


def test_renamed_replaced_and_removed(tmp_path, portraits):
    whole = portraits / "astronaut.jpg"
    other = portraits / "grace_hopper.jpg"
    final, part = tmp_path / "a.jpg", tmp_path / "a.jpg.part"

    def still() -> None:
        pass

    steps: list[Callable[[], object]] = [
        lambda: shutil.copyfile(whole, part),
        lambda: part.rename(final),
        *(still, still, still),
        lambda: shutil.copyfile(other, final),
        *(still, still, still),
        final.unlink,
    ]
    assert [turn for turn, _ in play(tmp_path, steps)] == [3, 7]


def test_what_never_becomes_whole_is_told_once(tmp_path, portraits):
    target = tmp_path / "a.jpg"
    target.write_bytes((portraits / "astronaut.jpg").read_bytes()[:20000])
    told: list[str] = []
    early: list[str] = []
    hot = HotFolder(
        tmp_path, give_up_after=10, aside=lambda _, why: told.append(why), waits=lambda _, why: early.append(why)
    )
    for _ in range(4):
        assert hot.look() == ()
    assert told == [] and len(early) == 1 and early[0].startswith("a.jpg is cut off")
    for _ in range(60):
        assert hot.look() == ()
    assert len(told) == 1 and told[0].startswith("a.jpg is cut off") and len(early) == 1


def test_hundreds_of_careless_writers(tmp_path, portraits):
    """Writers append, stop, truncate, rename and replace in random order; nothing torn is ever handed out."""
    dice = random.Random(7)
    small = _small(portraits)
    hot = HotFolder(tmp_path, polls=1)
    waiting = {f"{number:04}.jpg": 0 for number in range(300)}
    handed: list[Path] = []
    for _ in range(400):
        for name in dice.sample(sorted(waiting), min(len(waiting), 40)):
            path, at = tmp_path / name, waiting[name]
            deed = dice.random()
            if deed < 0.1 and path.exists():
                os.truncate(path, dice.randrange(path.stat().st_size + 1))
                waiting[name] = path.stat().st_size
            elif deed < 0.2:
                (tmp_path / f"{name}.tmp").write_bytes(small)
                (tmp_path / f"{name}.tmp").rename(path)
                del waiting[name]
            else:
                with path.open("ab") as file:
                    file.write(small[at : at + 1200])
                waiting[name] = at + 1200
                if at + 1200 >= len(small):
                    del waiting[name]
        new = hot.look()
        for path in new:
            assert path.read_bytes() == small, "torn"
        handed += new
        if not waiting and len({path.name for path in handed}) == 300:
            break
    for _ in range(3):
        handed += hot.look()
    assert {path.name for path in handed} == {f"{number:04}.jpg" for number in range(300)}
    assert len(handed) == 300


def _small(portraits: Path) -> bytes:
    import io

    from PIL import Image

    with Image.open(portraits / "grace_hopper.jpg") as picture:
        out = io.BytesIO()
        picture.resize((64, 76)).save(out, "JPEG")
    assert read_source(portraits / "grace_hopper.jpg").size > 0
    return out.getvalue()


def test_watching_sleeps_between_looks_and_remembers_what_was_seen(tmp_path, portraits):
    old, new = tmp_path / "old.jpg", tmp_path / "new.jpg"
    shutil.copyfile(portraits / "astronaut.jpg", old)
    shutil.copyfile(portraits / "astronaut.jpg", new)
    slept: list[float] = []
    hot = HotFolder(tmp_path, polls=2, interval=0.5, sleep=slept.append, seen=[old])
    assert list(hot.watch(lambda: len(slept) >= 5)) == [new.resolve()]
    assert slept == [0.5] * 5


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(WrongUsage, match="not a folder"):
        HotFolder(tmp_path / "gone")
    folder = tmp_path / "hot"
    folder.mkdir()
    hot = HotFolder(folder)
    folder.rmdir()
    with pytest.raises(DeviceFailure, match="hot folder hot is gone"):
        hot.look()
