"""Pages on the screen: the very bytes, readable by eye, by finger, by key and by a screen reader."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safelight.domain.errors import Malformed
from safelight.qt.page_view import MOST_ZOOM, PageView
from safelight.qt.pages import Pages


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Three pages, made by a library of its own: a black square and a sentence on each."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    for number in range(3):
        canvas.drawString(40, 550, f"Page {number + 1} says yes & no")
        canvas.rect(100, 200, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def view(qtbot: QtBot, pdf: bytes) -> Iterator[PageView]:
    made = PageView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    qtbot.waitExposed(made)
    made.show_pdf(pdf, "What you sign")
    QApplication.processEvents()
    yield made
    made.clear()


def test_a_page_is_a_picture_and_a_text(pdf: bytes) -> None:
    with Pages(pdf) as pages:
        assert pages.count == 3
        assert pages.size(1) == (400, 600)
        assert pages.text(1).strip() == "Page 2 says yes & no"
        picture = pages.image(0, 800)
    assert (picture.width(), picture.height()) == (800, 1200)
    assert picture.pixelColor(300, 700).name() == "#000000"
    assert picture.pixelColor(700, 700).name() == "#ffffff"


def test_what_is_no_pdf_is_said_to_be_none() -> None:
    with pytest.raises(Malformed, match="cannot be shown"):
        Pages(b"GIF89a")


def test_a_closed_document_shows_nothing(pdf: bytes) -> None:
    pages = Pages(pdf)
    pages.close()
    with pytest.raises(Malformed):
        pages.text(0)


def test_a_page_that_is_zoomed_far_in_stays_a_picture_of_some_size(pdf: bytes) -> None:
    with Pages(pdf) as pages:
        picture = pages.image(0, 100_000)
    assert picture.width() * picture.height() < 41_000_000


def test_it_is_read_aloud_from_the_text_of_the_page(view: PageView) -> None:
    assert view.accessibleName() == "What you sign"
    assert [f"Page {n} says yes & no" in view.accessibleDescription() for n in (1, 2, 3)] == [True] * 3
    assert view.text() == view.accessibleDescription()
    assert view.pages == 3


def test_a_page_is_as_wide_as_the_view(view: PageView, shoot: Callable) -> None:
    picture = shoot(view, "pages")
    dark = [x for x in range(picture.width()) if picture.pixelColor(x, 480).lightness() < 40]
    assert 100 < len(dark) < 180
    assert view.horizontalScrollBar().maximum() == 0


def test_keys_scroll_and_enlarge(view: PageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoomed):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom == pytest.approx(1.25)
    assert view.horizontalScrollBar().maximum() > 0
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom == 1
    for _ in range(20):
        view.zoom_in()
    assert view.zoom == MOST_ZOOM
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == 1
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.verticalScrollBar().value() > 100
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0


def test_the_end_is_noticed_once_and_the_page_told(view: PageView, qtbot: QtBot) -> None:
    shown: list[tuple[int, int]] = []
    ends: list[bool] = []
    view.page_shown.connect(lambda number, count: shown.append((number, count)))
    view.end_reached.connect(lambda: ends.append(True))
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(view, key)
    assert shown == [(3, 3), (1, 3), (3, 3)]
    assert ends == [True]


def test_the_middle_stays_where_it_was(view: PageView) -> None:
    down = view.verticalScrollBar()
    page = view.widget()
    assert page is not None
    down.setValue(400)
    before = (down.value() + view.viewport().height() / 2) / page.height()
    view.zoom_in()
    QApplication.processEvents()
    page = view.widget()
    assert page is not None
    after = (down.value() + view.viewport().height() / 2) / page.height()
    assert after == pytest.approx(before, abs=0.03)


def test_the_wheel_enlarges_with_control(view: PageView) -> None:
    def turn(keys: Qt.KeyboardModifier) -> None:
        at = QPointF(300, 250)
        event = QWheelEvent(
            at, view.viewport().mapToGlobal(at), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    turn(Qt.KeyboardModifier.NoModifier)
    assert view.zoom == 1
    turn(Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == pytest.approx(1.25)


def test_two_fingers_enlarge(view: PageView) -> None:
    touch = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen, QPointingDevice.Capability.Position)
    port = view.viewport()
    QTest.touchEvent(port, touch).press(0, QPoint(280, 250), port).press(1, QPoint(320, 250), port).commit()
    for step in range(1, 16):
        left, right = QPoint(280 - 8 * step, 250), QPoint(320 + 8 * step, 250)
        QTest.touchEvent(port, touch).move(0, left, port).move(1, right, port).commit()
        QTest.qWait(5)
    QTest.touchEvent(port, touch).release(0, left, port).release(1, right, port).commit()
    assert view.zoom > 1.5


def test_one_finger_scrolls(view: PageView) -> None:
    touch = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen, QPointingDevice.Capability.Position)
    port = view.viewport()
    QTest.touchEvent(port, touch).press(0, QPoint(300, 400), port).commit()
    for step in range(1, 16):
        QTest.touchEvent(port, touch).move(0, QPoint(300, 400 - 16 * step), port).commit()
        QTest.qWait(8)
    QTest.touchEvent(port, touch).release(0, QPoint(300, 160), port).commit()
    assert view.verticalScrollBar().value() > 100


def test_it_forgets(view: PageView, qtbot: QtBot) -> None:
    view.clear()
    QApplication.processEvents()
    assert view.pages == 0
    assert view.text() == ""
    assert view.accessibleDescription() == ""
    blank = view.viewport().grab().toImage()
    assert blank.pixelColor(300, 480) == blank.pixelColor(10, 10)


def test_another_document_starts_at_its_beginning(view: PageView, pdf: bytes) -> None:
    view.zoom_in()
    QTest.keyClick(view, Qt.Key.Key_End)
    view.show_pdf(pdf, "Again")
    assert (view.zoom, view.verticalScrollBar().value(), view.pages) == (1, 0, 3)


def test_pdfium_is_loaded_only_when_a_page_is_asked_for() -> None:
    program = "import sys, safelight.qt.page_view; print('pypdfium2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
