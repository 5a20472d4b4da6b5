"""The pad under real Qt events: pens with pressure and tilt, fingers, palms, the mouse, keys; every sample is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QInputDevice,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
)  # fmt: skip
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from safelight.capture.ink import ink_png, inkml, read_inkml
from safelight.kiosk import pad, stroke_drawing
from safelight.kiosk.pad import SignaturePad
from safelight.qt import theme

CAN = QInputDevice.Capability
FULL = CAN.Position | CAN.Pressure | CAN.XTilt | CAN.YTilt
PEN = QPointingDevice.PointerType.Pen


def make_pen(can: QInputDevice.Capability = FULL, kind: QPointingDevice.PointerType = PEN) -> QPointingDevice:
    unique = QPointingDeviceUniqueId.fromNumericId(77)
    return QPointingDevice("pen", 1001, QInputDevice.DeviceType.Stylus, kind, can, 1, 2, "", unique)


def send(
    widget: SignaturePad, pen: QPointingDevice, kind: QEvent.Type, at: QPointF, pressure: float = 0.5,
    tilt: tuple[float, float] = (0, 0), stamp: int = 0,
) -> bool:  # fmt: skip
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, pen, at, QPointF(widget.mapToGlobal(at.toPoint())), pressure, *tilt, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier,
        none if kind == QEvent.Type.TabletMove else left, none if kind == QEvent.Type.TabletRelease else left,
    )  # fmt: skip
    event.setTimestamp(stamp)
    QCoreApplication.sendEvent(widget, event)
    return event.isAccepted()


def loops(count: int, left: float = 60) -> list[tuple[QPointF, float]]:
    """Handwriting: places and pressures."""
    return [
        (QPointF(left + 300 * u + 30 * math.sin(30 * u), 150 + 60 * math.cos(25 * u)), 0.2 + 0.7 * abs(math.sin(9 * u)))
        for u in (n / (count - 1) for n in range(count))
    ]


def write(widget: SignaturePad, pen: QPointingDevice, places: list[tuple[QPointF, float]], stamp: int = 0) -> None:
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(places) - 2), QEvent.Type.TabletRelease]
    for n, (kind, (at, pressure)) in enumerate(zip(kinds, places, strict=True)):
        assert send(widget, pen, kind, at, pressure, (20, -15), stamp + round(n * 1000 / 240) if stamp else 0)


@pytest.fixture(scope="module")
def touch() -> QPointingDevice:
    # Made with its constructor, a device is not registered, and touch events for it are silently lost.
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen, CAN.Position | CAN.Pressure)


@pytest.fixture
def widget(qtbot: QtBot) -> Iterator[SignaturePad]:
    made = SignaturePad("Your signature", "Sign here with your finger or pen")
    qtbot.addWidget(made)
    made.resize(900, 320)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.clear()


def dark(picture: QImage) -> int:
    """How many pixels carry ink, beside the line and the edge."""
    part = picture.copy(4, 4, picture.width() - 8, 226).convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(bytes(part.constBits()), np.uint8).reshape(part.height(), part.bytesPerLine())
    return int((pixels[:, : part.width()] < 100).sum())


def test_a_pen_leaves_every_sample_with_pressure_tilt_and_time(widget: SignaturePad, qtbot: QtBot) -> None:
    places = loops(240)
    with qtbot.waitSignal(widget.changed):
        write(widget, make_pen(), places, stamp=5_000)
    (stroke,) = widget.strokes()
    assert [(point.x, point.y) for point in stroke] == [(at.x(), at.y()) for at, _ in places]
    assert [point.pressure for point in stroke] == pytest.approx([pressure for _, pressure in places], abs=1e-3)
    assert {(point.tilt_x, point.tilt_y) for point in stroke} == {(20, -15)}
    assert [point.t for point in stroke] == [round(n * 1000 / 240) for n in range(240)]
    assert widget.sources == {"pen"}
    assert read_inkml(inkml(widget.strokes())) is not None


def test_two_strokes_keep_the_pause_between_them(widget: SignaturePad) -> None:
    pen = make_pen()
    write(widget, pen, loops(20), stamp=5_000)
    time.sleep(0.15)  # longer than the stroke says it took
    write(widget, pen, loops(20), stamp=90_000)  # a clock that jumped
    first, second = widget.strokes()
    assert 30 <= second[0].t - first[0].t < 5_000
    assert second[-1].t - second[0].t == first[-1].t - first[0].t


def test_events_without_a_time_get_one(widget: SignaturePad) -> None:
    write(widget, make_pen(), loops(20))
    (stroke,) = widget.strokes()
    times = [point.t for point in stroke]
    assert times == sorted(times)
    assert times[0] == 0
    assert all(isinstance(each, int) for each in times)


def test_a_pen_without_tilt_claims_none(widget: SignaturePad) -> None:
    write(widget, make_pen(CAN.Position), loops(12))
    (stroke,) = widget.strokes()
    assert {(point.tilt_x, point.pressure) for point in stroke} == {(None, 0.5)}


def test_a_pen_near_the_glass_does_not_write(widget: SignaturePad) -> None:
    send(widget, make_pen(), QEvent.Type.TabletMove, QPointF(80, 80), 0.0)
    assert widget.is_empty


def test_an_eraser_does_not_write(widget: SignaturePad) -> None:
    write(widget, make_pen(kind=QPointingDevice.PointerType.Eraser), loops(12))
    assert widget.is_empty


def test_a_finger_writes(widget: SignaturePad, touch: QPointingDevice) -> None:
    places = [at.toPoint() for at, _ in loops(60)]
    QTest.touchEvent(widget, touch).press(0, places[0], widget).commit()
    for each in places[1:]:
        QTest.touchEvent(widget, touch).move(0, each, widget).commit()
    QTest.touchEvent(widget, touch).release(0, places[-1], widget).commit()
    assert widget.sources == {"touch"}
    (stroke,) = widget.strokes()
    assert [(point.x, point.y) for point in stroke][:60] == [(each.x(), each.y()) for each in places]
    assert {point.pressure for point in stroke} == {0.5}


def test_a_second_finger_does_not_write(widget: SignaturePad, touch: QPointingDevice) -> None:
    QTest.touchEvent(widget, touch).press(0, QPoint(20, 20), widget).commit()
    QTest.touchEvent(widget, touch).move(0, QPoint(40, 30), widget).press(1, QPoint(500, 200), widget).commit()
    QTest.touchEvent(widget, touch).move(0, QPoint(60, 40), widget).move(1, QPoint(520, 210), widget).commit()
    QTest.touchEvent(widget, touch).release(1, QPoint(520, 210), widget).commit()
    QTest.touchEvent(widget, touch).release(0, QPoint(60, 40), widget).commit()
    (stroke,) = widget.strokes()
    assert max(point.x for point in stroke) == 60


def test_a_palm_beside_the_pen_does_not_write(widget: SignaturePad, touch: QPointingDevice) -> None:
    pen = make_pen()
    send(widget, pen, QEvent.Type.TabletPress, QPointF(50, 50))
    QTest.touchEvent(widget, touch).press(0, QPoint(300, 200), widget).commit()
    QTest.touchEvent(widget, touch).move(0, QPoint(310, 205), widget).commit()
    send(widget, pen, QEvent.Type.TabletMove, QPointF(55, 52))
    send(widget, pen, QEvent.Type.TabletRelease, QPointF(60, 50))
    QTest.touchEvent(widget, touch).release(0, QPoint(310, 205), widget).commit()
    QTest.touchEvent(widget, touch).press(0, QPoint(300, 200), widget).commit()  # the hand still lies there
    QTest.touchEvent(widget, touch).release(0, QPoint(300, 200), widget).commit()
    assert widget.sources == {"pen"}
    assert [len(stroke) for stroke in widget.strokes()] == [3]


def test_a_palm_that_came_first_is_taken_back(widget: SignaturePad, touch: QPointingDevice) -> None:
    QTest.touchEvent(widget, touch).press(0, QPoint(300, 200), widget).commit()
    QTest.touchEvent(widget, touch).move(0, QPoint(320, 200), widget).commit()
    write(widget, make_pen(), loops(30))
    QTest.touchEvent(widget, touch).release(0, QPoint(320, 200), widget).commit()
    assert widget.sources == {"pen"}
    assert len(widget.strokes()) == 1


def test_after_the_pen_is_away_a_finger_may_write(
    widget: SignaturePad, touch: QPointingDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(widget, make_pen(), loops(30))
    monkeypatch.setattr(pad, "PALM_MS", 0)
    QTest.touchEvent(widget, touch).press(0, QPoint(300, 200), widget).commit()
    QTest.touchEvent(widget, touch).release(0, QPoint(330, 200), widget).commit()
    assert widget.sources == {"pen", "touch"}
    # Ink has one set of channels: a finger has no tilt, so none is claimed.
    assert {point.tilt_x for stroke in widget.strokes() for point in stroke} == {None}
    inkml(widget.strokes())


def test_the_mouse_writes_once(widget: SignaturePad) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(40, 150))
    for n in range(40):
        QTest.mouseMove(widget, QPoint(40 + n * 20, 150 + int(20 * math.sin(n / 2))))
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(840, 150))
    assert widget.sources == {"mouse"}
    (stroke,) = widget.strokes()
    assert len(stroke) >= 40
    assert (stroke[0].x, stroke[-1].x) == (40, 840)


def test_another_mouse_button_does_not_write(widget: SignaturePad) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.RightButton, pos=QPoint(40, 150))
    assert widget.is_empty


def test_undo_takes_a_stroke_and_clear_takes_all(widget: SignaturePad, qtbot: QtBot) -> None:
    pen = make_pen()
    blank = widget.grab().toImage()
    write(widget, pen, loops(30))
    once = widget.grab().toImage()
    write(widget, pen, loops(30, 420))
    with qtbot.waitSignal(widget.changed):
        widget.undo()
    assert len(widget.strokes()) == 1
    assert widget.grab().toImage() == once
    with qtbot.waitSignal(widget.changed):
        widget.clear()
    assert widget.is_empty
    assert widget.sources == frozenset()
    assert widget.grab().toImage() == blank
    widget.undo()  # of nothing


def test_what_is_painted_piece_by_piece_is_the_curve_through_all_samples(widget: SignaturePad, shoot: Callable) -> None:
    blank = widget.grab().toImage()
    pen = make_pen()
    for left in (40, 330, 560):
        write(widget, pen, loops(120, left))
    painted = shoot(widget, "signature")
    whole = QImage(blank)
    painter = QPainter(whole)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in widget.strokes():
        stroke_drawing.draw_all(painter, stroke, QColor(theme.PAPER.ink))
    painter.end()
    assert dark(painted) > 2_000
    assert abs(dark(painted) - dark(whole)) <= dark(whole) * 0.01
    assert len(ink_png(widget.strokes(), 600, 200)) > 1_000


def test_harder_is_wider(widget: SignaturePad) -> None:
    pen = make_pen()
    weights = []
    for pressure in (0.1, 0.5, 1.0):
        widget.clear()
        write(widget, pen, [(QPointF(60 + 4 * n, 100), pressure) for n in range(100)])
        weights.append(dark(widget.grab().toImage()))
    assert weights[0] * 1.5 < weights[1]
    assert weights[1] * 1.3 < weights[2]


def test_a_stroke_is_seen_while_it_is_written(widget: SignaturePad) -> None:
    pen = make_pen()
    places = loops(40)
    send(widget, pen, QEvent.Type.TabletPress, *places[0])
    before = dark(widget.grab().toImage())
    for at, pressure in places[1:]:
        send(widget, pen, QEvent.Type.TabletMove, at, pressure)
    assert dark(widget.grab().toImage()) > before + 300


class PaintWatch(QObject):
    """Notes how large an area each paint event asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            assert isinstance(event, QPaintEvent)
            box = event.rect()
            self.areas.append(box.width() * box.height())
        return False


def test_only_the_surroundings_of_a_sample_are_painted(widget: SignaturePad) -> None:
    watch = PaintWatch()
    pen = make_pen()
    places = loops(60)
    send(widget, pen, QEvent.Type.TabletPress, *places[0])
    QCoreApplication.processEvents()
    widget.installEventFilter(watch)
    for at, pressure in places[1:]:
        send(widget, pen, QEvent.Type.TabletMove, at, pressure)
        QCoreApplication.processEvents()
    assert len(watch.areas) >= 30
    assert max(watch.areas) < widget.width() * widget.height() / 8


def test_a_turned_screen_keeps_what_was_written(widget: SignaturePad) -> None:
    write(widget, make_pen(), loops(60))
    before, strokes = dark(widget.grab().toImage()), widget.strokes()
    widget.resize(700, 500)
    QCoreApplication.processEvents()
    assert widget.strokes() == strokes
    assert dark(widget.grab().toImage().copy(0, 0, 700, 240)) == pytest.approx(before, rel=0.02)


def test_the_paper_is_white_in_every_theme(widget: SignaturePad) -> None:
    for tokens in theme.THEMES.values():
        theme.apply(widget, tokens)
        QCoreApplication.processEvents()
        assert widget.grab().toImage().pixelColor(450, 60).name() == "#ffffff"


def test_by_keyboard_one_is_offered_to_type(widget: SignaturePad, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_A):
        with qtbot.waitSignal(widget.typing_asked):
            QTest.keyClick(widget, key)
    write(widget, make_pen(), loops(20))
    QTest.keyClick(widget, Qt.Key.Key_Backspace)
    assert widget.is_empty
    with qtbot.assertNotEmitted(widget.typing_asked):
        QTest.keyClick(widget, Qt.Key.Key_Tab)


def test_a_screen_reader_hears_what_it_is(widget: SignaturePad) -> None:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found.text(QAccessible.Text.Name) == "Your signature"
    assert found.text(QAccessible.Text.Description) == "Sign here with your finger or pen"
