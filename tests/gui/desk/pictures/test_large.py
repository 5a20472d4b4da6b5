"""The large view: whole and at 100 %, its place kept from frame to frame, neighbours opened ahead, and forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safelight.desk.keys import KEYS
from safelight.desk.pictures import large_painting as painting
from safelight.desk.pictures.acts import Act
from safelight.desk.pictures.exposure import LOST_DARK, LOST_LIGHT, exposure_of
from safelight.desk.pictures.frame_source import FrameSource, LargeFrame, box_holds
from safelight.desk.pictures.large import LargeView
from safelight.desk.pictures.large_canvas import Looks
from safelight.desk.pictures.large_painting import Guide
from safelight.domain.errors import DeviceFailure, Malformed
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Box
from safelight.settings.desk_texts import desk_texts

from .conftest import finished_unseen, jpeg_of

KEY = Qt.Key
WIDE, HIGH = 4000, 5000
GREEN, GREY = "#20a040", "#707070"


def frame(number: int, person: str = "ana", **known: Any) -> LargeFrame:
    made = LargeFrame(f"s{number}", PhotoGuid(f"g{number}"), f"SLN_{number}", "10:42:03", WIDE, HIGH, person)
    return replace(made, **known)


def filled(size: QSize, colour: str) -> QImage:
    made = QImage(size, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


class Camera:
    """Grey previews, green originals; notes what it was asked for, and waits while it is held."""

    def __init__(self) -> None:
        self.previews: list[PhotoGuid] = []
        self.regions: list[tuple[PhotoGuid, Box, float]] = []
        self.broken: set[PhotoGuid] = set()
        self.sealed = False
        self.free = threading.Event()
        self.free.set()

    def preview(self, guid: PhotoGuid) -> bytes:
        self.previews.append(guid)
        assert self.free.wait(10)
        if guid in self.broken:
            raise DeviceFailure("The disk does not answer.", "Try again.")
        return jpeg_of(filled(QSize(819, 1024), GREY))

    def region(self, guid: PhotoGuid, box: Box, scale: float) -> bytes:
        self.regions.append((guid, box, scale))
        assert self.free.wait(10)
        if self.sealed:
            raise Malformed("The file is damaged.", "Restore it.")
        return jpeg_of(filled(QSize(box.width, box.height), GREEN))


@pytest.fixture
def camera(jobs):
    made = Camera()
    yield made
    made.free.set()


@pytest.fixture
def view(jobs, camera, act_of, window, qtbot):
    made = LargeView(FrameSource(jobs, camera.preview, camera.region), desk_texts("en"), act_of, "Newest")
    qtbot.waitActive(window(made, size=(700, 800)))
    return made


@pytest.fixture
def settle(jobs, qtbot):
    def wait() -> None:
        QApplication.processEvents()
        if jobs.busy:
            with qtbot.waitSignal(jobs.idle, timeout=10_000):
                pass
        QApplication.processEvents()

    return wait


def colour(view: LargeView, place: QPoint | None = None) -> str:
    image = view.grab().toImage()
    return near(image.pixelColor(place or view._room().center().toPoint()))


def near(seen: QColor) -> str:
    """The one of our colours that it is, JPEG taken into account."""
    for each in (GREEN, GREY):
        other = QColor(each)
        if max(abs(seen.red() - other.red()), abs(seen.green() - other.green()), abs(seen.blue() - other.blue())) < 9:
            return each
    return seen.name()


def test_a_frame_is_shown_whole_and_its_neighbours_are_opened_ahead(view, camera, settle):
    view.show_frame(frame(1), (frame(2), frame(0)))
    settle()
    assert colour(view) == GREY
    assert camera.previews == ["g1", "g2", "g0"] and camera.regions == []
    view.show_frame(frame(2), (frame(3), frame(1)))
    assert colour(view) == GREY, "at once, without a read"
    settle()
    assert camera.previews == ["g1", "g2", "g0", "g3"]
    assert view.accessibleName() == "Newest: SLN_2, 10:42:03"


def test_z_shows_the_original_pixel_by_pixel(view, camera, settle):
    view.show_frame(frame(1), (frame(2),))
    settle()
    QTest.keyClick(view, KEY.Key_Z)
    assert view.looks.whole_size
    settle()
    assert colour(view) == GREEN
    guid, box, scale = camera.regions[0]
    assert (guid, scale) == ("g1", 1.0)
    seen_wide, seen_high = round(view._room().width()), round(view._room().height())
    assert seen_wide <= box.width <= seen_wide + 256 and seen_high <= box.height <= seen_high + 256
    assert camera.regions[1][0] == "g2" and len(camera.regions) == 2, "the next one is opened ahead at the same place"
    view.show_frame(frame(2), (frame(3),))
    assert colour(view) == GREEN, "at once"
    QTest.keyClick(view, KEY.Key_Z)
    assert not view.looks.whole_size and colour(view) == GREY


def test_the_place_is_kept_from_frame_to_frame_of_a_person(view, camera, settle):
    view.set_looks(Looks(whole_size=True))
    view.show_frame(frame(1))
    settle()
    for _ in range(3):
        QTest.keyClick(view, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    settle()
    moved = camera.regions[-1][1]
    assert moved.top > camera.regions[0][1].top + 300
    view.show_frame(frame(2))
    settle()
    assert camera.regions[-1][:2] == ("g2", moved)
    view.show_frame(frame(9, person="mehmet"))
    settle()
    assert camera.regions[-1][:2] == ("g9", camera.regions[0][1]), "another person is looked at in the face first"
    view.show_frame(frame(3))
    settle()
    assert camera.regions[-1][:2] == ("g3", moved)


def test_the_mouse_moves_the_picture_and_never_beyond_its_edge(view, camera, settle):
    view.set_looks(Looks(whole_size=True))
    view.show_frame(frame(1))
    settle()
    for _ in range(20):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(600, 600))
        QTest.mouseMove(view, QPoint(100, 100))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    settle()
    box = camera.regions[-1][1]
    assert (box.left + box.width, box.top + box.height) == (WIDE, HIGH)
    assert colour(view) == GREEN and colour(view, view._room().bottomRight().toPoint() - QPoint(3, 60)) == GREEN


def test_a_move_asks_only_for_where_it_ends(view, camera, settle):
    view.set_looks(Looks(whole_size=True))
    view.show_frame(frame(1))
    settle()
    camera.free.clear()
    before = len(camera.regions)
    for _ in range(12):
        view._move(QPointF(0, -150))
    camera.free.set()
    settle()
    assert len(camera.regions) <= before + 2, "the first step and the last"
    assert colour(view) == GREEN


def test_what_was_asked_before_it_was_forgotten_is_never_painted(view, camera, settle):
    camera.free.clear()
    view.set_looks(Looks(whole_size=True))
    view.show_caption("Ana Sousa", 3, 5)
    view.show_frame(frame(1))
    view._move(QPointF(0, -200))
    QApplication.processEvents()
    view.forget()
    camera.free.set()
    settle()
    assert view.frame is None and view._source.held_bytes == 0 and view.accessibleName() == "Newest"
    assert view._places == {} and view._caption == "" and view._scaled == {} and view._clipped == {}
    view.show_frame(frame(1))
    settle()
    assert colour(view) == GREEN


def test_what_was_ready_when_everything_was_forgotten_is_dropped(view, jobs, settle):
    view.set_looks(Looks(whole_size=True))
    view.show_frame(frame(1))
    finished_unseen(jobs)
    view.forget()
    settle()
    assert view._source.held_bytes == 0


def test_a_frame_that_cannot_be_read_is_said_so_and_tried_again_when_shown_again(view, camera, settle):
    camera.broken = {PhotoGuid("g1")}
    view.show_frame(frame(1))
    settle()
    assert view._source.is_gone(PhotoGuid("g1")) and camera.previews == ["g1"]
    camera.broken = set()
    view.show_frame(frame(2))
    view.show_frame(frame(1))
    settle()
    assert colour(view) == GREY


def test_nobody_takes_a_preview_for_the_original(view, camera, settle):
    said: list[str] = []
    view.show_frame(frame(1))
    settle()
    get = view._words.get
    view._words = SimpleNamespace(get=lambda key, **values: said.append(key) or get(key, **values), language="en")
    camera.free.clear()
    view.set_looks(Looks(whole_size=True))
    view.grab()
    assert "pictures.opening_original" in said
    camera.sealed = True
    camera.free.set()
    settle()
    said.clear()
    view.grab()
    assert "pictures.no_original" in said and colour(view) == GREY
    camera.sealed = False
    view.show_frame(frame(1))
    settle()
    said.clear()
    assert colour(view) == GREEN and not {"pictures.no_original", "pictures.opening_original"} & set(said)


def test_the_keys_are_those_of_the_grid(view, camera, settle):
    acts: list[tuple[Act, tuple[str, ...]]] = []
    steps: list[int] = []
    view.act_asked.connect(lambda act, shots: acts.append((act, shots)))
    view.step_asked.connect(steps.append)
    QTest.keyClick(view, KEY.Key_X)
    view.show_frame(frame(1))
    for key in (KEY.Key_P, KEY.Key_X, KEY.Key_4, KEY.Key_M, KEY.Key_Right, KEY.Key_Left, KEY.Key_PageDown):
        QTest.keyClick(view, key)
    assert acts == [(Act.PICK, ("s1",)), (Act.REJECT, ("s1",)), (Act.RATE_4, ("s1",)), (Act.MOVE, ("s1",))]
    assert steps == [1, -1, 1]
    for key, look in (
        (KEY.Key_C, "compare"), (KEY.Key_O, "guide"), (KEY.Key_J, "clipping"), (KEY.Key_F, "picture_only"),
    ):  # fmt: skip
        QTest.keyClick(view, key)
        assert getattr(view.looks, look)
        QTest.keyClick(view, key)
        assert view.looks == Looks()


def test_the_table_of_keys_names_every_act():
    letters = {each.act for each in KEYS if each.in_grid}
    assert {act.value for act in Act} <= letters


def test_c_shows_the_pick_beside_it_and_moves_both(view, camera, settle):
    view.show_frame(frame(1))
    view.show_pick(frame(7))
    view.look(Act.COMPARE)
    settle()
    assert [each.shot for each, _ in view._rooms()] == ["s1", "s7"]
    left, right = (room for _, room in view._rooms())
    assert left.right() < right.left() and left.width() == right.width()
    assert colour(view, right.center().toPoint()) == GREY and "g7" in camera.previews
    view.look(Act.WHOLE_SIZE)
    settle()
    assert camera.regions[0][1] == camera.regions[1][1] and {each[0] for each in camera.regions} == {"g1", "g7"}
    view.show_frame(frame(7))
    assert len(view._rooms()) == 1, "the pick is not compared with itself"


def test_o_lays_the_guide_and_the_first_approved_frame_over(view, camera, settle):
    view.show_frame(frame(1))
    view.show_guide(Guide(1.0, 0.4), PhotoGuid("g50"))
    settle()
    assert "g50" not in camera.previews
    plain = view.grab().toImage()
    view.look(Act.GUIDE)
    settle()
    assert "g50" in camera.previews
    guided = view.grab().toImage()
    place = painting.fitted(QRectF(0, 0, WIDE, HIGH).size(), view._room())
    cut_off = (place.topLeft() + QPointF(place.width() / 2, 20)).toPoint()
    assert guided.pixelColor(cut_off).lightness() < plain.pixelColor(cut_off).lightness() - 20
    eyes = QPoint(round(place.center().x()) + 60, round(place.center().y() - place.width() / 2 + 0.4 * place.width()))
    lines = {guided.pixelColor(eyes + QPoint(0, dy)).name() for dy in range(-2, 3)}
    assert "#ffffff" in lines


@pytest.mark.parametrize("name", ["desk_dark", "desk_light"])
def test_every_look_is_painted(jobs, act_of, window, shoot, portrait, settle, name):
    data = jpeg_of(portrait)
    source = FrameSource(
        jobs, lambda _: data, lambda _, box, __: jpeg_of(portrait.copy(box.left, box.top, box.width, box.height))
    )
    view = LargeView(source, desk_texts("en"), act_of, "Newest")
    page = window(view, name=name, size=(700, 800))
    shown = frame(1, width=portrait.width(), height=portrait.height(), is_newest=True)
    view.show_caption("Ana Sousa", 3, 5)
    view.show_guide(Guide(0.8, 0.38), None)
    view.show_pick(replace(shown, shot="s2"))
    view.show_frame(shown)
    pictures = []
    for look in ("whole_size", "compare", "guide", "clipping", "picture_only", "surround"):
        view.set_looks(replace(Looks(), **{look: True}))
        settle()
        pictures.append(shoot(page, f"pictures-large-{look}-{name}"))
    for number, one in enumerate(pictures):
        assert all(one != other for other in pictures[:number])
    view.set_looks(Looks(surround=True))
    corner = view.grab().toImage().pixelColor(10, 10)
    assert corner.red() == corner.green() == corner.blue() == 118, "18 % grey"


def test_light_is_measured():
    half = filled(QSize(200, 100), "#000000")
    for x in range(100):
        for y in range(100):
            half.setPixelColor(x, y, QColor("#ffffff"))
    seen = exposure_of(half)
    assert seen.mean == pytest.approx(0.5, abs=0.01)
    assert (seen.bright, seen.dark) == (0.5, 0.5)
    assert sum(seen.bins) == pytest.approx(1) and seen.bins[0] == pytest.approx(0.5, abs=0.02)
    assert (seen.clipping.pixelIndex(10, 50), seen.clipping.pixelIndex(190, 50)) == (LOST_LIGHT, LOST_DARK)
    red = exposure_of(filled(QSize(33, 300), "#ff3020"))
    assert (red.bright, red.dark) == (1.0, 0.0), "one colour at its end is lost light"
    assert exposure_of(filled(QSize(5, 5), "#808080")).bright == 0


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("centre", [QPointF(0, 0), QPointF(0.5, 0.4), QPointF(1, 1)])
def test_what_is_read_covers_what_is_seen(ratio, centre):
    room = QRectF(0, 0, 700, 800)
    place = painting.at_full_size(frame(1), room, centre, ratio)
    assert place.adjusted(-1, -1, 1, 1).contains(room)
    seen = painting.visible_box(frame(1), place, room, ratio)
    assert seen is not None
    read = painting.box_to_read(frame(1), seen)
    assert box_holds(read, seen) and read.width <= painting.MOST_EDGE and read.height <= painting.MOST_EDGE
    small = frame(1, width=300, height=200)
    assert painting.at_full_size(small, room, centre, 1.0).center() == room.center()
