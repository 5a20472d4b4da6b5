"""Frames from a hot folder come in fast, once and never wrongly, whatever disks, editors and people do meanwhile."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from safelight.capture.clock_codes import clock_text
from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.hot_folder import Arrival
from safelight.capture.reading import read_source
from safelight.capture.slates import SlateRef, slate_png, slate_text
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled, DeviceFailure, WrongUsage
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.photo import Photo
from safelight.studio import hot_intake, incoming, intake, sessions, upkeep
from safelight.studio.assignments import remove_photos
from safelight.studio.cameras import clocks, set_clock
from safelight.studio.card_report import card_report
from safelight.studio.frame_binding import ByArrival, BySwitchLog, FrameBinder, Taking
from safelight.studio.on_set import How, put_on_set
from support.shoot import START, Shoot


class Hearing(hot_intake.IntakeListener):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.taken: list[intake.Intake] = []
        self.lines: list[str] = []

    def took_in(self, taken: intake.Intake, _changes: Changes) -> None:
        self.taken.append(taken)

    def waiting(self, names: tuple[str, ...], why: str) -> None:
        self.lines.append(f"waiting {','.join(names)}: {why}" if names else "not waiting")

    def waits(self, path: Path, why: str) -> None:
        self.lines.append(f"waits: {why}")

    def gone(self) -> None:
        self.lines.append("gone")

    def back(self) -> None:
        self.lines.append("back")

    @property
    def added(self) -> list[Photo]:
        return [photo for each in self.taken for photo in each.added]

    @property
    def known(self) -> list[incoming.KnownPhoto]:
        return [known for each in self.taken for known in each.known]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        return [pair for each in self.taken for pair in each.left_out]


class Named:
    """Binds as a test says, by the camera's time, and keeps what it heard."""

    by, how = PersonId("somebody"), "test"

    def __init__(self) -> None:
        self.people: Callable[[Taking], tuple[tuple[SubjectId, ...], bool]] = lambda _: ((), False)
        self.asked: list[Taking] = []
        self.slates: list[tuple[SlateRef, Taking]] = []
        self.clocks: list[tuple[datetime, Taking]] = []
        self.noted_of: list[Taking] = []

    def begin(self) -> Changes:
        return Changes.NONE

    def noted(self, _writing: object, taking: Taking) -> None:
        self.noted_of.append(taking)

    def owners(self, taking: Taking) -> tuple[tuple[SubjectId, ...], bool]:
        self.asked.append(taking)
        return self.people(taking)

    def slate(self, slate: SlateRef, taking: Taking) -> Changes:
        self.slates.append((slate, taking))
        return Changes.JOURNAL

    def clock(self, shown: datetime, taking: Taking) -> Changes:
        self.clocks.append((shown, taking))
        return Changes.JOURNAL


class Desk:
    """A running intake of one folder."""

    def __init__(self, shoot: Shoot, folder: Path, binder: FrameBinder | None = None) -> None:
        self.shoot, self.folder, self.heard = shoot, folder, Hearing()
        self.binder = binder or ByArrival(shoot.studio, shoot.session, None)
        self.ended = False
        self.intake: hot_intake.HotIntake | None = None

    @property
    def looks(self) -> int:
        return self.intake.folder.looks if self.intake is not None else 0

    def until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, (self.heard.taken, self.heard.lines)
            time.sleep(0.02)


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    folder = tmp_path / "hot"
    folder.mkdir()
    return folder


@contextmanager
def running(shoot: Shoot, folder: Path, binder: FrameBinder | None = None) -> Iterator[Desk]:
    """An intake that runs while the block does, and has ended well after it."""
    desk = Desk(shoot, folder, binder)
    made = hot_intake.HotIntake(
        shoot.studio, shoot.session, folder, shoot.decoders, desk.binder, desk.heard, try_again=0.3
    )
    desk.intake = made
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(made.run, lambda: desk.ended)
        try:
            yield desk
        finally:
            desk.ended = True
        run.result(60)


def write(folder: Path, name: str, data: bytes) -> Path:
    """As camera software does it, in one go under the name it keeps."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def frame(seed: int, second: float = 0, *, serial: str = "1", slate: str | None = None) -> bytes:
    """A drawn photograph; with a slate large enough for its code."""
    size, at = (800, 1000) if slate else (400, 500), START + timedelta(seconds=second)
    return drawn_portrait(seed, size, camera_time=at, frame=seed, serial=serial, slate=slate)


def is_sound(shoot: Shoot) -> bool:
    return upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_frames_come_in_with_all_that_binding_needs(shoot: Shoot, hot: Path, portraits: Path) -> None:
    ada, binder = shoot.person(), Named()
    binder.people = lambda taking: ((ada.id,), taking.time is None)
    with running(shoot, hot, binder) as desk:
        time.sleep(0.3)  # what comes from now on is seen arriving
        write(hot, "SLN_0001.JPG", frame(1, 1.25))
        shutil.copyfile(portraits / "grace_hopper.jpg", hot / "SLN_0002.JPG")
        desk.until(lambda: len(desk.heard.added) == 2)
    one, two = sorted(desk.heard.added, key=lambda each: each.name)
    assert one.subjects == two.subjects == (ada.id,) and (one.flagged, two.flagged) == (False, True)
    assert one.camera_time is not None and one.camera_time.shown == "2026-05-04T09:00:01.250"
    assert one.camera_tag and two.camera_tag != one.camera_tag
    assert one.first_seen_ms == two.first_seen_ms == shoot.studio.now_ms()
    assert sorted(each.name for each in binder.noted_of) == ["", "Safelight Lantern One"]
    assert shoot.studio.archive.photos.get(one.guid) == one and {(one.guid, one.sha256)} <= set(shoot.acks)
    assert is_sound(shoot)


def test_a_restart_reads_nothing_twice_and_a_copy_starts_no_decoder(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person()
    write(hot, "s.png", slate_png(slate_text(shoot.session.id, ada.id)))
    for number in range(4):
        write(hot, f"Capture/{number}.jpg", frame(number))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.taken) == 5)
    assert len(desk.heard.added) == 4 and is_sound(shoot)
    with monkeypatch.context() as careful:
        careful.setattr(DecoderPool, "develop", lambda *_, **__: pytest.fail("a known file was developed"))
        with monkeypatch.context() as blind:
            blind.setattr("safelight.capture.hot_folder.read_source", lambda path: pytest.fail(f"{path} was read"))
            with running(shoot, hot) as desk:
                time.sleep(1)
            assert desk.heard.taken == []
        shutil.copyfile(hot / "s.png", hot / "copied slate.png")
        shutil.copyfile(hot / "Capture" / "2.jpg", write(hot, "Selects/.x", b"").with_name("copy.jpg"))
        with running(shoot, hot) as desk:
            desk.until(lambda: len(desk.heard.known) == 1)
            time.sleep(0.5)
    assert [each.name for each in desk.heard.known] == ["copy.jpg"] and desk.heard.added == []
    with running(shoot, hot) as desk:
        time.sleep(1)
    assert desk.heard.taken == [], "copies are remembered too"


def test_ratings_written_into_files_make_no_second_frames(
    shoot: Shoot, hot: Path, stock_tool: Callable[[str], str]
) -> None:
    exiftool = stock_tool("exiftool")
    files = [write(hot, f"{number}.jpg", frame(number)) for number in range(3)]
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 3)
        first = {each.name: each.sha256 for each in desk.heard.added}
        for path, flags in zip(files, ((), ("-overwrite_original_in_place",), ("-overwrite_original",)), strict=True):
            argv = [exiftool, "-q", "-XMP:Rating=4", "-IPTC:Keywords=pick", "-DateTimeOriginal=2001:01:01 00:00:00"]
            subprocess.run([*argv, *flags, str(path)], check=True, capture_output=True)
        desk.until(lambda: len(desk.heard.known) == 3)
    assert len(desk.heard.added) == 3 and all(each.edited for each in desk.heard.known)
    photos = list(shoot.studio.archive.photos.of_session(shoot.session.id))
    assert {each.name: each.sha256 for each in photos} == first, "the original stays as it came in"
    with running(shoot, hot) as desk:
        time.sleep(1)
    assert desk.heard.taken == [] and is_sound(shoot)
    card = [path.rename(path.with_suffix(".jpeg")) for path in files]
    again = intake.capture_photos(shoot.studio, shoot.session, card, None, shoot.decoders)[0]
    assert len(again.known) == 3 and again.added == ()


RATED = b"\xff\xfe\x00\x08rated!"
"""A segment as an editor puts it ahead of all others in a JPEG."""


def test_what_was_taken_out_does_not_come_back_by_itself(shoot: Shoot, hot: Path) -> None:
    path = write(hot, "1.jpg", frame(1))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 1)
    remove_photos(shoot.studio, [desk.heard.added[0].guid], shoot.staff["Kim"].id)
    with running(shoot, hot) as desk:
        time.sleep(0.8)
    assert desk.heard.taken == []
    write(hot, "copy.jpg", path.read_bytes())
    path.write_bytes(RATED.join((path.read_bytes()[:2], path.read_bytes()[2:])))
    with running(shoot, hot) as desk:
        time.sleep(0.8)
    assert desk.heard.taken == [], "nor when an editor wrote into it, nor under another name"
    taken = intake.capture_photos(shoot.studio, shoot.session, [path], None, shoot.decoders)[0]
    assert len(taken.added) == 1, "who names it, means it"
    assert is_sound(shoot)


def test_slates_and_clock_codes_are_heard_and_are_no_frames(shoot: Shoot, hot: Path) -> None:
    ada, binder = shoot.person(), Named()
    shown = datetime(2026, 5, 4, 9, 0, 0, 120_000, UTC)
    write(hot, "1.jpg", frame(1, 5, slate=slate_text(shoot.session.id, ada.id)))
    write(hot, "2.png", slate_png(clock_text(shown)))
    with running(shoot, hot, binder) as desk:
        desk.until(lambda: len(desk.heard.taken) == 2)
    assert [each.subject for each, _ in binder.slates] == [ada.id] and binder.slates[0][1].time is not None
    assert [when for when, _ in binder.clocks] == [shown] and desk.heard.added == []
    assert [each.slates or each.clocks for each in desk.heard.taken] == [("1.jpg",), ("2.png",)]


def test_a_slate_counts_for_the_frame_behind_it_that_was_sealed_already(shoot: Shoot, hot: Path) -> None:
    """Two are developed side by side: the frame is ready before its slate was read, and is sealed anew."""
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    for number in range(0, 12, 2):
        who = (ada, ben)[number // 2 % 2]
        write(hot, f"{number:02}.jpg", frame(number, slate=slate_text(shoot.session.id, who.id)))
        write(hot, f"{number + 1:02}.jpg", frame(number + 1))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.taken) == 12)
    assert [each.subjects for each in desk.heard.added] == [(who.id,) for who in (ada, ben) * 3]
    assert is_sound(shoot)


def test_a_full_disk_ends_nothing_and_what_waits_comes_in_when_there_is_room(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.jpg" for number in range(7)]
    store = type(shoot.studio.archive.files).store

    def full(files: object, owners: object, source: io.BytesIO, *more: object) -> object:
        raise DeviceFailure("The disk is full.", "Make room.")

    with running(shoot, hot) as desk:
        write(hot, names[0], frame(0))
        desk.until(lambda: len(desk.heard.added) == 1)
        monkeypatch.setattr(type(shoot.studio.archive.files), "store", full)
        for number, name in enumerate(names[1:], 1):
            write(hot, name, frame(number))
        desk.until(lambda: any(names[6] in line for line in desk.heard.lines))
        time.sleep(1)
        assert len(desk.heard.added) == 1
        monkeypatch.setattr(type(shoot.studio.archive.files), "store", store)
        desk.until(lambda: len(desk.heard.added) == 7)
    assert [each.name for each in desk.heard.added] == names, "in the order they came"
    assert desk.heard.lines[0].startswith("waiting 1.jpg") and "The disk is full." in desk.heard.lines[0]
    assert desk.heard.lines[-1] == "not waiting" and desk.heard.left_out == []
    assert shoot.studio.archive.files.pending()[0] == frozenset() and is_sound(shoot)


def test_a_disk_that_is_full_for_the_rows_alone_keeps_no_sealed_files(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, left = type(shoot.studio.archive.photos).add, [3]

    def full(*arguments: object) -> None:
        if left[0]:
            left[0] -= 1
            raise DeviceFailure("The disk is full.", "Make room.")
        add(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(shoot.studio.archive.photos), "add", full)
    for number in range(5):
        write(hot, f"{number}.jpg", frame(number))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 5)
    assert shoot.studio.archive.files.pending()[0] == frozenset()
    assert len(list(shoot.studio.archive.files.on_disk())) == 5 and is_sound(shoot)


def test_a_database_held_by_another_program_is_waited_for(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safelight.storage.engine.sqlite.BUSY_MILLISECONDS", 100)
    shoot.reopen()
    other = sqlite3.connect(shoot.studio.archive.folder.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        write(hot, "1.jpg", frame(1))
        with running(shoot, hot) as desk:
            desk.until(lambda: bool(desk.heard.lines))
            other.execute("ROLLBACK")
            desk.until(lambda: len(desk.heard.added) == 1)
    finally:
        other.close()
    assert "Another program holds" in desk.heard.lines[0] and desk.heard.lines[-1] == "not waiting"


def test_frames_of_a_session_that_was_closed_are_listed_and_stay_in_the_folder(shoot: Shoot, hot: Path) -> None:
    with running(shoot, hot) as desk:
        write(hot, "1.jpg", frame(1))
        desk.until(lambda: len(desk.heard.added) == 1)
        closed = sessions.close_session(shoot.studio, shoot.session)[0]
        write(hot, "2.jpg", frame(2))
        desk.until(lambda: len(desk.heard.left_out) == 1)
    name, why = desk.heard.left_out[0]
    assert name == "2.jpg" and "is closed" in why and (hot / "2.jpg").exists()
    shoot.session = closed
    with pytest.raises(WrongUsage), running(shoot, hot):
        pass
    shoot.session = shoot.new_session()
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 1)
    assert desk.heard.added[0].name == "2.jpg" and is_sound(shoot)


def test_somebody_erased_while_their_frame_is_sealed_is_not_on_it(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person()
    original = incoming.keep

    def keep(*arguments: object) -> object:
        with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
            shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(hot_intake, "keep", keep)
    write(hot, "1.jpg", frame(1))
    with running(shoot, hot, ByArrival(shoot.studio, shoot.session, ada.id)) as desk:
        desk.until(lambda: len(desk.heard.taken) == 1)
    assert [each.subjects for each in desk.heard.added] == [()], desk.heard.left_out
    assert is_sound(shoot)


def test_a_folder_that_goes_in_the_middle_loses_nothing(shoot: Shoot, hot: Path) -> None:
    away = hot.with_name("away")
    with running(shoot, hot) as desk:
        for number in range(6):
            write(hot, f"{number}.jpg", frame(number))
        desk.until(lambda: len(desk.heard.taken) >= 1)
        hot.rename(away)
        desk.until(lambda: "gone" in desk.heard.lines)
        write(away, "6.jpg", frame(6))
        away.rename(hot)
        desk.until(lambda: len(desk.heard.added) == 7)
    assert sorted(each.name for each in desk.heard.added) == [f"{number}.jpg" for number in range(7)]
    assert desk.heard.lines.count("gone") == desk.heard.lines.count("back") == 1 and is_sound(shoot)


def test_of_a_folder_that_goes_for_a_moment_no_frame_comes_in_ahead_of_the_slate_before_it(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, away, real, back = shoot.person("Ada"), hot.with_name("away"), incoming.prepare, threading.Event()

    def prepare(studio: Any, decoders: Any, source: Any, *more: Any) -> Any:
        """The folder is away while the slate is read, and there again for those behind it."""
        if source.name != "0.jpg":
            assert back.wait(30)
        elif not back.is_set():
            hot.rename(away)
            try:
                return real(studio, decoders, source, *more)
            finally:
                away.rename(hot)
                back.set()
        return real(studio, decoders, source, *more)

    monkeypatch.setattr(hot_intake, "prepare", prepare)
    write(hot, "0.jpg", frame(0, slate=slate_text(shoot.session.id, ada.id)))
    for number in range(1, 9):
        write(hot, f"{number}.jpg", frame(number))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 8)
    assert [each.subjects for each in desk.heard.added] == [(ada.id,)] * 8 and is_sound(shoot)


def test_bad_files_are_told_and_the_others_come_in(shoot: Shoot, hot: Path, progressive_bomb: bytes) -> None:
    write(hot, "bomb.jpg", progressive_bomb)
    Image.new("1", (20_000, 15_000)).save(hot / "300 MP.png")
    write(hot, "torn.jpg", frame(1)[:3000])
    write(hot, "text.jpg", b"this is no picture at all, whatever its name says")
    write(hot, "good.jpg", frame(2))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.taken) == 3 and len(desk.heard.lines) == 2)
    assert [each.name for each in desk.heard.added] == ["good.jpg"]
    assert sorted(name for name, _ in desk.heard.left_out) == ["300 MP.png", "bomb.jpg"]
    assert all(why.endswith(".") for _, why in desk.heard.left_out)
    assert sorted(line.split()[1] for line in desk.heard.lines) == ["text.jpg", "torn.jpg"]


def test_what_was_not_begun_when_it_was_ended_comes_in_next_time(shoot: Shoot, hot: Path) -> None:
    for number in range(8):
        write(hot, f"{number}.jpg", frame(number))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) >= 1)
    first = {each.name for each in desk.heard.added}
    assert len(first) < 8
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 8 - len(first))
        time.sleep(0.5)
    assert first.isdisjoint(each.name for each in desk.heard.added) and desk.heard.known == []
    assert shoot.studio.archive.photos.count() == 8 and is_sound(shoot)


def test_when_it_ends_no_frame_comes_in_ahead_of_a_slate_that_was_not_begun(shoot: Shoot, hot: Path) -> None:
    desk = Desk(shoot, hot)
    ending = hot_intake.HotIntake(shoot.studio, shoot.session, hot, shoot.decoders, desk.binder, desk.heard)
    source = read_source(write(hot, "A.JPG", frame(1)))
    slate, after = Waiting(), Waiting()
    slate.next = after
    for each in (slate, after):
        ending._under_way.append((Arrival(source, None), each))
    ending._finish()
    assert slate.cancelled() and after.cancelled()
    assert desk.heard.taken == []


class Waiting(Future[incoming.Prepared | incoming.Failed]):
    """Waits in line; when it is given up, the thread that is free takes the next one at that moment."""

    next: Waiting | None = None

    def cancel(self) -> bool:
        given_up = super().cancel()
        if given_up and self.next is not None and self.next.set_running_or_notify_cancel():
            self.next.set_result(incoming.Failed(Path("A.JPG"), WrongUsage("it is gone")))
        return given_up


def test_the_same_picture_twice_at_one_moment_is_one_frame(shoot: Shoot, hot: Path) -> None:
    """A card slot and the cable, or an editor that is faster than we are: both are developed side by side."""
    for number in range(5):
        data = frame(number)
        write(hot, f"a/{number}.jpg", data)
        write(hot, f"b/{number}.jpg", data[:2] + b"\xff\xfe\x00\x08rated!" + data[2:])
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.taken) == 10)
    assert len(desk.heard.added) == 5 and len(desk.heard.known) == 5
    assert shoot.studio.archive.files.pending()[0] == frozenset()
    assert len(list(shoot.studio.archive.files.on_disk())) == 5 and is_sound(shoot)


def test_a_file_that_is_taken_away_before_it_is_in_is_listed_and_found_where_it_lies(
    shoot: Shoot, hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, moved = DecoderPool.develop, list[str]()

    def slow(pool: DecoderPool, data: bytes, media_type: object, *, name: str = "", image: object = None) -> object:
        if not moved:
            moved.append(name)
            (hot / "Trash").mkdir()
            (hot / "2.jpg").rename(hot / "Trash" / "2.jpg")
            (hot / "3.jpg").unlink()
            time.sleep(0.5)
        return original(pool, data, media_type, name=name, image=image)  # type: ignore[arg-type]

    monkeypatch.setattr(DecoderPool, "develop", slow)
    monkeypatch.setattr(hot_intake, "AT_ONCE", 1)
    for number in range(1, 4):
        write(hot, f"{number}.jpg", frame(number))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 2)
    assert sorted(each.name for each in desk.heard.added) == ["1.jpg", "2.jpg"]
    assert [name for name, _ in desk.heard.left_out] == ["2.jpg", "3.jpg"]
    assert is_sound(shoot)


# One shutter, one shot ----------------------------------------------------------------------------------------------


def tiff_like_raw(jpeg: bytes, *, serial: bool = True) -> bytes:
    """The other file of a shutter: the same EXIF (with or without the serial number), other image data."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        out, exif = io.BytesIO(), picture.getexif()
        if not serial:
            del exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber]
        picture.rotate(180).save(out, "TIFF", exif=exif)
    return out.getvalue()


def test_what_one_shutter_wrote_is_one_shot_whichever_comes_first_and_when(shoot: Shoot, hot: Path) -> None:
    one, two = frame(1, 10.5), frame(2, 11.5)
    write(hot, "SLN_1.TIF", tiff_like_raw(one))
    write(hot, "SLN_2.JPG", two)
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 2)
    shot = {each.name: each.shot for each in desk.heard.added}
    card = [write(hot.parent / "card", "sln_1.jpg", one), write(hot.parent / "card", "SLN_2.TIF", tiff_like_raw(two))]
    taken = intake.capture_photos(shoot.studio, shoot.session, card, None, shoot.decoders)[0]
    shot |= {each.name: each.shot for each in taken.added}
    assert shot["SLN_1.TIF"] == shot["sln_1.jpg"] != shot["SLN_2.JPG"] == shot["SLN_2.TIF"]
    lines = shoot.studio.archive.photos.page(shoot.session.id)
    assert len(lines) == 4 and len({each.shot for each in lines}) == 2 and is_sound(shoot)


@pytest.mark.parametrize("raw_first", [False, True])
def test_a_raw_file_without_a_serial_number_is_of_the_shot_of_its_jpeg(
    shoot: Shoot, hot: Path, raw_first: bool
) -> None:
    jpeg = frame(1, 10, serial="7")
    files = [("SLN_1.JPG", jpeg), ("SLN_1.TIF", tiff_like_raw(jpeg, serial=False))]
    files = files[::-1] if raw_first else files
    files += [("b/SLN_1.JPG", frame(2, 10, serial="8")), ("b/SLN_1.TIF", tiff_like_raw(frame(2, 10, serial="8")))]
    with running(shoot, hot) as desk:
        for number, (name, data) in enumerate(files, 1):
            write(hot, name, data)
            desk.until(lambda number=number: len(desk.heard.added) == number)  # type: ignore[misc]
    shots = {(each.name, each.camera_tag): each.shot for each in desk.heard.added}
    assert len(shots) == 3 + 1 and len(set(shots.values())) == 2
    assert desk.heard.added[0].shot == desk.heard.added[1].shot != desk.heard.added[2].shot
    assert is_sound(shoot)


def test_the_second_file_of_a_shutter_goes_where_the_first_one_is(shoot: Shoot, hot: Path) -> None:
    """The raw file is twice as large and comes after the switch: it is still the same picture of the same person."""
    ada, ben, binder = shoot.person("Ada"), shoot.person("Ben"), Named()
    with running(shoot, hot, binder) as desk:
        binder.people = lambda _: ((ada.id,), True)
        write(hot, "SLN_1.JPG", frame(1, 10))
        desk.until(lambda: len(desk.heard.added) == 1)
        binder.people = lambda _: ((ben.id,), False)
        write(hot, "SLN_1.TIF", tiff_like_raw(frame(1, 10)))
        desk.until(lambda: len(desk.heard.added) == 2)
    assert [(each.subjects, each.flagged) for each in desk.heard.added] == [((ada.id,), True)] * 2
    assert is_sound(shoot)


def test_frames_are_bound_by_the_switch_log_by_slates_and_by_the_clock_code(shoot: Shoot, hot: Path) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    put_on_set(shoot.studio, shoot.session, [ada.id], kim, How.ENTER)
    binder = BySwitchLog(shoot.studio, shoot.session, kim)
    with running(shoot, hot, binder) as desk:
        time.sleep(0.4)  # what comes from now on is seen arriving
        code = io.BytesIO()
        with Image.open(io.BytesIO(slate_png(clock_text(START + timedelta(seconds=1))))) as picture:
            exif = Image.Exif()
            exif[271], exif[272], exif[36867], exif[306] = "Safelight", "Lantern One", "x", "2026:05:04 08:13:01"
            picture.convert("RGB").save(code, "JPEG", exif=exif)
        write(hot, "0.jpg", code.getvalue())
        desk.until(lambda: len(desk.heard.taken) == 1)
        shoot.clock.on(seconds=40)
        write(hot, "1.jpg", frame(1, 40, serial="7"))
        desk.until(lambda: len(desk.heard.added) == 1)
        shoot.clock.on(seconds=60)
        put_on_set(shoot.studio, shoot.session, [ben.id], kim, How.ENTER)
        shoot.clock.on(seconds=60)
        write(hot, "2.jpg", frame(2, 160, serial="7"))
        desk.until(lambda: len(desk.heard.added) == 2)
    assert [each.clocks for each in desk.heard.taken[:1]] == [("0.jpg",)]
    assert [(each.subjects, each.flagged) for each in desk.heard.added] == [((ada.id,), False), ((ben.id,), False)]
    cameras = clocks(shoot.studio, shoot.session)
    assert len(cameras) == 2 and is_sound(shoot)


def test_a_frame_that_came_in_before_the_slate_beside_it_goes_where_the_slate_says(
    shoot: Shoot, hot: Path, tmp_path: Path
) -> None:
    """Nobody was looking as both were taken, and somebody moved the frame: by its name it comes first now."""
    ada, ben, cleo, kim = *map(shoot.person, ("Ada", "Ben", "Cleo")), shoot.staff["Kim"].id
    put_on_set(shoot.studio, shoot.session, [ada.id], kim, How.ENTER)
    binder = BySwitchLog(shoot.studio, shoot.session, kim)
    with running(shoot, hot, binder) as desk:
        write(hot, "0.jpg", frame(1, 10, serial="7"))
        desk.until(lambda: len(desk.heard.added) == 1)
    set_clock(shoot.studio, shoot.session, clocks(shoot.studio, shoot.session)[0].tag, 0, kim)
    named = write(tmp_path / "card", "named.jpg", frame(2, 90, serial="7"))
    intake.capture_photos(shoot.studio, shoot.session, [named], cleo.id, shoot.decoders)
    write(hot, "Selects/1.jpg", frame(3, 90, serial="7"))
    write(hot, "slate.jpg", frame(4, 80, serial="7", slate=slate_text(shoot.session.id, ben.id)))
    with running(shoot, hot, binder) as desk:
        desk.until(lambda: len(desk.heard.taken) == 2)
    assert desk.heard.taken[1].slates == ("slate.jpg",), "the frame came in first"
    photos = shoot.studio.archive.photos.of_session(shoot.session.id)
    there = {each.name: (each.subjects, each.flagged) for each in photos}
    assert there["1.jpg"] == ((ben.id,), False)
    assert there["named.jpg"] == ((cleo.id,), False), "somebody said whose it is"
    assert is_sound(shoot)


def test_a_clock_that_is_wrong_missing_or_set_back_leaves_a_question_and_never_a_wrong_person(
    shoot: Shoot, hot: Path
) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    put_on_set(shoot.studio, shoot.session, [ada.id], kim, How.ENTER)
    shoot.clock.on(seconds=40)
    day = timedelta(days=1).total_seconds()
    with running(shoot, hot, BySwitchLog(shoot.studio, shoot.session, kim)) as desk:
        desk.until(lambda: desk.looks >= 2)
        write(hot, "steady.jpg", frame(1, 40, serial="steady"))
        desk.until(lambda: len(desk.heard.added) == 1)
        (steady,) = clocks(shoot.studio, shoot.session)
        set_clock(shoot.studio, shoot.session, steady.tag, 0, kim)
        shoot.clock.on(seconds=60)
        put_on_set(shoot.studio, shoot.session, [ben.id], kim, How.ENTER)
        shoot.clock.on(seconds=5)
        write(hot, "2001.jpg", frame(2, -25 * 365 * day, serial="old"))
        write(hot, "2051.jpg", frame(3, 25 * 365 * day, serial="new"))
        write(hot, "set back.jpg", frame(4, 40 - 3600, serial="steady"))
        with Image.open(io.BytesIO(frame(5))) as picture:
            picture.save(hot / "no exif.jpg")
        desk.until(lambda: len(desk.heard.added) == 5)
    there = {each.name: each for each in desk.heard.added}
    assert (there["steady.jpg"].subjects, there["steady.jpg"].flagged) == ((ada.id,), False)
    for name in ("2001.jpg", "2051.jpg", "set back.jpg", "no exif.jpg"):
        photo = there[name]
        assert photo.flagged, f"{name} came in five seconds after the switch"
        assert photo.subjects in ((ada.id,), (ben.id,))
    (known,) = [each for each in clocks(shoot.studio, shoot.session) if each.tag == steady.tag]
    assert known.contradicted, "it is asked for anew"
    assert is_sound(shoot)


def test_a_portrait_of_somebody_who_wears_their_badge_is_a_frame(shoot: Shoot, hot: Path, tmp_path: Path) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    put_on_set(shoot.studio, shoot.session, [ada.id], kim, How.ENTER)
    shoot.clock.on(seconds=60)
    whole = io.BytesIO()
    with (
        Image.open(io.BytesIO(drawn_portrait(1, (2000, 2500), camera_time=shoot.clock.at, frame=1))) as portrait,
        Image.open(io.BytesIO(slate_png(slate_text(shoot.session.id, ben.id)))) as badge,
    ):
        portrait.paste(badge.convert("RGB").resize((140, 140)), (900, 1900))
        portrait.save(whole, "JPEG", quality=92, exif=portrait.getexif())
    with running(shoot, hot, BySwitchLog(shoot.studio, shoot.session, kim)) as desk:
        desk.until(lambda: desk.looks >= 2)
        write(tmp_path / "card", "1.jpg", whole.getvalue())
        card = card_report(shoot.studio, shoot.session, [tmp_path / "card"], shoot.decoders)
        assert (card.safe, card.total) == (0, 1), "it is not in yet"
        write(hot, "1.jpg", whole.getvalue())
        desk.until(lambda: len(desk.heard.added) == 1)
    (photo,) = desk.heard.added
    assert photo.subjects == (ben.id,) and photo.flagged, "the badge is of somebody else: somebody has to look"
    card = card_report(shoot.studio, shoot.session, [tmp_path / "card"], shoot.decoders)
    assert (card.safe, card.total, card.slates) == (1, 1, 0)
    assert is_sound(shoot)


def test_the_same_name_from_two_cameras_stays_two(shoot: Shoot, hot: Path) -> None:
    write(hot, "a/SLN_1.JPG", frame(1, 10, serial="1"))
    write(hot, "b/SLN_1.JPG", frame(2, 10, serial="2"))
    write(hot, "c/SLN_1.JPG", frame(3, 12, serial="1"))
    with running(shoot, hot) as desk:
        desk.until(lambda: len(desk.heard.added) == 3)
    assert len({each.shot for each in desk.heard.added}) == 3
    assert len({each.camera_tag for each in desk.heard.added}) == 2


def test_a_card_with_a_binder_is_bound_again_when_its_slates_are_known(shoot: Shoot, hot: Path) -> None:
    ada, binder = shoot.person(), Named()
    binder.people = lambda _: ((ada.id,), True) if binder.slates else ((), False)
    slate = slate_text(shoot.session.id, ada.id)
    files = [write(hot, "1.jpg", frame(1, 20)), write(hot, "2.jpg", frame(2, slate=slate))]
    taken = intake.capture_photos(shoot.studio, shoot.session, files, None, shoot.decoders, binder=binder)[0]
    assert [(each.subjects, each.flagged) for each in taken.added] == [((ada.id,), True)]
    assert taken.added[0].first_seen_ms is None, "nobody saw it arrive"


def test_an_import_that_is_cancelled_leaves_nothing_half_done(shoot: Shoot, hot: Path) -> None:
    files = [write(hot, f"{number}.jpg", frame(number)) for number in range(8)]

    def report(done: int, total: int, what: str) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        intake.capture_photos(shoot.studio, shoot.session, files, None, shoot.decoders, report)
    assert shoot.studio.archive.photos.count() == 3
    assert shoot.studio.archive.files.pending()[0] == frozenset()
    assert len(list(shoot.studio.archive.files.on_disk())) == 3
    taken = intake.capture_photos(shoot.studio, shoot.session, files, None, shoot.decoders)[0]
    assert (len(taken.known), len(taken.added)) == (3, 5) and is_sound(shoot)


def test_twenty_thousand_dropped_files_can_be_cancelled_while_they_are_looked_for(shoot: Shoot, hot: Path) -> None:
    for number in range(300):
        (hot / f"{number:05}.jpg").touch()
    told: list[int] = []

    def report(_done: int, total: int, _what: str) -> None:
        told.append(total)
        if total >= 200:
            raise Cancelled

    with pytest.raises(Cancelled):
        intake.capture_photos(shoot.studio, shoot.session, [hot], None, shoot.decoders, report)
    assert told == [100, 200] and shoot.studio.archive.photos.count() == 0
