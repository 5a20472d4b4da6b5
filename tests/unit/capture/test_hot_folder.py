"""A hot folder hands on every whole file once, whatever camera software, editors and cables do to it."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from safelight.capture import hot_folder
from safelight.capture.hot_folder import BRISK, CALM, HotFolder, Listener
from safelight.capture.reading import FileMark
from safelight.domain.errors import DeviceFailure, WrongUsage

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Heard(Listener):
    """Keeps what a hot folder tells, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.folders: list[Path] = []

    def aside(self, path: Path, why: str) -> None:
        self.lines.append(f"aside: {why}")

    def waits(self, path: Path, why: str) -> None:
        self.lines.append(f"waits: {why}")

    def gone(self) -> None:
        self.lines.append("gone")

    def back(self) -> None:
        self.lines.append("back")

    def looks_into(self, folder: Path) -> None:
        self.folders.append(folder)


class Bench:
    """A hot folder whose clock moves a tenth of a second with each look."""

    def __init__(self, folder: Path, known: set[FileMark] | None = None, polls: int = 2) -> None:
        self.now, self.heard, self.asked = 0.0, Heard(), 0
        self.known = known or set()
        self.hot = HotFolder(
            folder, known=self._known, listener=self.heard, polls=polls,
            clock=lambda: self.now, wall=lambda: START + timedelta(seconds=self.now),
        )  # fmt: skip

    def _known(self, files: Sequence[tuple[Path, FileMark]]) -> set[FileMark]:
        self.asked += 1
        return self.known & {mark for _, mark in files}

    def look(self, times: int = 1, every: float = BRISK) -> list[str]:
        """The names handed on by so many looks."""
        names: list[str] = []
        for _ in range(times):
            self.now += every
            names += [each.source.name for each in self.hot.look()]
        return names


def play(folder: Path, script: list[Callable[[], object]], polls: int = 2, spare: int = 6) -> list[tuple[int, Path]]:
    """Look once after each step of ``script`` and a few times more; what was handed on, and at which look."""
    bench = Bench(folder, polls=polls)
    handed = []
    for turn, step in enumerate([*script, *[lambda: None] * spare]):
        step()
        bench.now += BRISK
        handed += [(turn, each.source.path) for each in bench.hot.look()]
    return handed


def test_a_file_written_in_pieces_comes_once_and_whole(tmp_path: Path, portraits: Path) -> None:
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"

    def append(start: int) -> Callable[[], object]:
        def step() -> None:
            with target.open("ab") as file:
                file.write(data[start : start + 8192])

        return step

    steps = [append(start) for start in range(0, len(data), 8192)]
    assert play(tmp_path, steps) == [(len(steps) + 1, target.resolve())]


def test_what_was_there_before_comes_in_the_order_of_its_names_whichever_folder_it_lies_in(
    tmp_path: Path, portraits: Path
) -> None:
    """A slate counts for the frames behind it, also when one of them was moved to the selects meanwhile."""
    for name in ("Selects/SLN_9.JPG", "SLN_2.JPG", "Trash/SLN_10.JPG", "SLN_8.JPG", "Capture/SLN_2.JPG"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(portraits / "astronaut.jpg", path)
    assert Bench(tmp_path).look(4) == ["SLN_2.JPG", "SLN_2.JPG", "SLN_8.JPG", "SLN_9.JPG", "SLN_10.JPG"]


def test_a_pause_in_the_middle_does_not_fool_it(tmp_path: Path, portraits: Path) -> None:
    """Size and time are still, the file is not whole: it waits, and takes the file when the rest has come."""
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"
    pause: list[Callable[[], object]] = [lambda: None] * 10
    steps = [lambda: target.write_bytes(data[:30000]), *pause, lambda: target.write_bytes(data)]
    assert play(tmp_path, steps) == [(len(steps) + 1, target.resolve())]


def test_space_reserved_first_is_not_a_picture(tmp_path: Path, portraits: Path) -> None:
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"
    half = data[: len(data) // 2]
    steps: list[Callable[[], object]] = [lambda: target.write_bytes(half.ljust(len(data), b"\0")), *[lambda: None] * 5]
    handed = play(tmp_path, [*steps, lambda: target.write_bytes(data)])
    assert handed == [(len(steps) + 2, target.resolve())]


def test_renamed_replaced_and_removed(tmp_path: Path, portraits: Path) -> None:
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


def test_what_never_becomes_whole_is_told_once_and_taken_when_it_does(tmp_path: Path, portraits: Path) -> None:
    data = (portraits / "astronaut.jpg").read_bytes()
    target = tmp_path / "a.jpg"
    target.write_bytes(data[:20000])
    bench = Bench(tmp_path)
    bench.look(10)
    assert [line[:22] for line in bench.heard.lines] == ["waits: a.jpg is cut of"]
    bench.look(200, every=1)
    assert [line[:22] for line in bench.heard.lines] == ["waits: a.jpg is cut of", "aside: a.jpg is cut of"]
    assert bench.hot.pause == CALM
    target.write_bytes(data)
    assert bench.look(4) == ["a.jpg"]


def test_what_grows_for_ever_is_told_and_does_not_keep_others(tmp_path: Path, portraits: Path) -> None:
    data = (portraits / "astronaut.jpg").read_bytes()
    bench, endless = Bench(tmp_path), tmp_path / "endless.jpg"
    for _ in range(130):
        with endless.open("ab") as file:
            file.write(data[:100])
        assert bench.look(every=0.5) == []
    assert bench.heard.lines == ["waits: endless.jpg is being written for more than 60 s."]
    assert bench.hot.pause == CALM, "it alone does not keep the disk busy"
    shutil.copyfile(portraits / "grace_hopper.jpg", tmp_path / "b.jpg")
    assert bench.look(4) == ["b.jpg"]
    endless.write_bytes(data)
    assert bench.look(4) == ["endless.jpg"]


def test_one_sentence_for_each_thing_that_is_no_frame(
    tmp_path: Path, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hot_folder, "MOST_BYTES", 1 << 20)
    (tmp_path / "link.jpg").symlink_to(portraits / "astronaut.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "note.txt").write_text("not a picture")
    (tmp_path / "huge.jpg").write_bytes(b"\xff\xd8" + bytes(2 << 20))
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("this is no picture, whatever its name says")
    (tmp_path / "side.xmp").touch()
    shutil.copyfile(portraits / "astronaut.png", tmp_path / "wrong.jpg")
    bench = Bench(tmp_path)
    assert bench.look(100, every=1) == ["wrong.jpg"], "a PNG called .jpg is a picture"
    told = sorted(line for line in bench.heard.lines if line.startswith("aside"))
    assert [line.split()[1] for line in told] == [
        *("empty.jpg", "huge.jpg", "link.jpg", "note.txt", "pipe.jpg", "text.jpg"),
    ]
    assert len(bench.heard.lines) == len(told) + 2, "and those that might have become whole were waited for"
    assert all(line.endswith(".") for line in told)
    (tmp_path / "link.jpg").unlink()
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "link.jpg")
    assert bench.look(4) == ["link.jpg"], "another file under the same name"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is locked for the system's owner")
def test_a_locked_file_is_taken_when_it_may_be_read(tmp_path: Path, portraits: Path) -> None:
    locked = tmp_path / "a.jpg"
    shutil.copyfile(portraits / "astronaut.jpg", locked)
    locked.chmod(0)
    bench = Bench(tmp_path)
    assert bench.look(300, every=1) == []
    assert bench.heard.lines == ["waits: a.jpg may not be read."]
    locked.chmod(stat.S_IRUSR)
    assert bench.look(4) == ["a.jpg"]


def test_a_file_that_cannot_be_read_is_tried_again_and_again(
    tmp_path: Path, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "a.jpg")
    bench, tries = Bench(tmp_path), 0

    def refused(path: Path) -> object:
        nonlocal tries
        tries += 1
        raise DeviceFailure(f"{path.name} could not be read: it is locked.")

    with monkeypatch.context() as locked:
        locked.setattr(hot_folder, "read_source", refused)
        assert bench.look(600, every=1) == []
    assert 10 < tries < 40 and len(bench.heard.lines) == 1
    assert bench.look(40, every=1) == ["a.jpg"]


def test_moves_between_folders_are_no_new_frames(tmp_path: Path, portraits: Path) -> None:
    for name in ("Capture", "Selects", "Trash", "CaptureOne", "Output"):
        (tmp_path / name).mkdir()
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "Capture" / "a.jpg")
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "Output" / "a_final.jpg")
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "CaptureOne" / "cache.jpg")
    bench = Bench(tmp_path)
    assert bench.look(4) == ["a.jpg"]
    (tmp_path / "Capture" / "a.jpg").rename(tmp_path / "Selects" / "a.jpg")
    assert bench.look(5) == []
    (tmp_path / "Selects" / "a.jpg").rename(tmp_path / "Trash" / "b.jpg")
    assert bench.look(5) == [] and bench.heard.lines == []
    assert {each.name for each in bench.heard.folders} == {tmp_path.name, "Capture", "Selects", "Trash"}


def test_a_folder_that_goes_and_comes_back_is_told_once_each_time(tmp_path: Path, portraits: Path) -> None:
    folder, away = tmp_path / "hot", tmp_path / "away"
    folder.mkdir()
    shutil.copyfile(portraits / "astronaut.jpg", folder / "a.jpg")
    bench = Bench(folder)
    assert bench.look(4) == ["a.jpg"]
    folder.rename(away)
    assert bench.look(30) == [] and bench.heard.lines == ["gone"]
    assert not bench.hot.is_there and bench.hot.pause == CALM
    shutil.copyfile(portraits / "grace_hopper.jpg", away / "b.jpg")
    away.rename(folder)
    bench.now += BRISK
    assert bench.look(4) == ["b.jpg"] and bench.heard.lines == ["gone", "back"]
    with pytest.raises(WrongUsage, match="not a folder"):
        HotFolder(tmp_path / "nowhere")


def test_an_empty_folder_where_a_disk_was_is_a_folder_that_is_gone(
    tmp_path: Path, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    bench.look()
    monkeypatch.setattr(bench.hot, "_device", -1)  # the mount point left behind is on another device
    bench.look()
    assert bench.heard.lines == ["gone"]
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "a.jpg")
    assert bench.look(4) == ["a.jpg"] and bench.heard.lines == ["gone", "back"]


def test_when_a_file_was_first_seen_is_known_except_for_those_of_before(tmp_path: Path, portraits: Path) -> None:
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "old.jpg")
    bench = Bench(tmp_path)
    seen = {}
    for turn in range(8):
        if turn == 2:
            shutil.copyfile(portraits / "grace_hopper.jpg", tmp_path / "new.jpg")
        bench.now += BRISK
        seen.update({each.source.name: each.first_seen for each in bench.hot.look()})
    assert seen == {"old.jpg": None, "new.jpg": START + timedelta(seconds=0.3)}


def test_files_remembered_from_an_earlier_run_are_not_read(
    tmp_path: Path, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        shutil.copyfile(portraits / "astronaut.jpg", tmp_path / f"{number}.jpg")
    first = Bench(tmp_path)
    assert len(first.look(4)) == 5
    monkeypatch.setattr(hot_folder, "read_source", lambda path: pytest.fail(f"{path} was read"))
    again = Bench(tmp_path, known=set(first.hot._marks))
    assert again.look(4) == [] and again.asked == 1 and again.hot.pause == CALM


def test_what_could_not_be_kept_is_handed_on_again_wherever_it_lies(tmp_path: Path, portraits: Path) -> None:
    (tmp_path / "Selects").mkdir()
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "a.jpg")
    bench = Bench(tmp_path)
    bench.now += BRISK
    arrived = [each for _ in range(4) for each in bench.hot.look()]
    (tmp_path / "a.jpg").rename(tmp_path / "Selects" / "a.jpg")
    assert bench.look(2) == []
    bench.hot.again(arrived[0].source.mark)
    assert bench.look(3) == ["a.jpg"]
    assert bench.look(3) == []


def test_a_file_an_editor_writes_into_is_handed_on_again(tmp_path: Path, portraits: Path) -> None:
    for number in range(1200):
        (tmp_path / f"old{number}.jpg").touch()
    target = tmp_path / "a.jpg"
    shutil.copyfile(portraits / "astronaut.jpg", target)
    bench = Bench(tmp_path)
    marks = {(s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns) for s in (p.stat() for p in tmp_path.glob("old*"))}
    bench.known = marks
    assert bench.look(4) == ["a.jpg"]
    with target.open("r+b") as file:  # in place: no name changes, nothing but size and time tell
        file.seek(0, os.SEEK_END)
        file.write(b"rating")
    assert bench.look(8) == ["a.jpg"]


def test_hundreds_of_careless_writers(tmp_path: Path, portraits: Path) -> None:
    """Writers append, stop, truncate, rename and replace in random order; nothing torn is ever handed on."""
    dice = random.Random(7)
    small = _small(portraits)
    bench = Bench(tmp_path, polls=1)
    waiting = {f"{number:04}.jpg": 0 for number in range(300)}
    handed: list[str] = []
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
        new = bench.look()
        for name in new:
            assert (tmp_path / name).read_bytes() == small, "torn"
        handed += new
        if not waiting and len(set(handed)) == 300:
            break
    handed += bench.look(40)
    assert sorted(handed) == [f"{number:04}.jpg" for number in range(300)]


def _small(portraits: Path) -> bytes:
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        out = io.BytesIO()
        picture.resize((64, 76)).save(out, "JPEG")
    return out.getvalue()


def test_a_wake_up_ends_the_wait(tmp_path: Path, portraits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_folder, "CALM", 60.0)
    wake, came = threading.Event(), threading.Event()
    hot = HotFolder(tmp_path, wake=wake)

    def watch() -> None:
        for _ in hot.watch(came.is_set):
            came.set()

    watching = threading.Thread(target=watch)
    watching.start()
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "a.jpg.part")
    (tmp_path / "a.jpg.part").rename(tmp_path / "a.jpg")
    wake.set()
    assert came.wait(10)
    wake.set()
    watching.join(10)
    assert not watching.is_alive()


def test_the_folder_is_listed_and_never_written(tmp_path: Path, portraits: Path) -> None:
    def state() -> Iterator[tuple[str, int, int]]:
        for path in sorted([tmp_path, *tmp_path.rglob("*")]):
            yield str(path), path.stat().st_mtime_ns, path.stat().st_size

    (tmp_path / "sub").mkdir()
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "sub" / "a.jpg")
    before = list(state())
    assert Bench(tmp_path).look(5) == ["a.jpg"]
    assert list(state()) == before
