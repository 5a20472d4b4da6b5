"""Cards held before the camera: drawn frames go the way real ones do, from a source of Qt's to the studio's door."""

from __future__ import annotations

import gc
import hashlib
import logging
import random
import sys
import time
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtMultimedia import (
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoFrameInput,
    QVideoSink,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from safelight.asking.scene import Page
from safelight.capture.slates import slate_png, slate_text
from safelight.domain.ids import Language, SessionId, SubjectId
from safelight.kiosk.opening import Kiosk
from safelight.kiosk.waiting import Waiting
from safelight.qt import camera
from safelight.qt.camera import GONE_LOOKS, LOOK_MS, attach_camera
from safelight.settings.texts import texts
from support.alive import alive
from support.kiosk.desk_double import LANGUAGES, SittingDouble, person_double
from support.kiosk.driving import Driven
from support.kiosk.taking_back import QR_TEXT, RECEIPT, TakingBackDouble

# What Qt says when it finds no graphics card or sound server to use is no fault of ours.
pytestmark = pytest.mark.qt_log_ignore("Couldn't (load|resolve)", "No RHI backend", extend=True)

DAY = SessionId("22222222-2222-4222-8222-222222222222")
ADA, BO, STRANGER = (
    slate_text(DAY, SubjectId(f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}")) for digit in "356"
)


class Held:
    """A camera in whose view a test holds things: every look takes the newest frame, as from a real one."""

    def __init__(self) -> None:
        self.opened: list[weakref.ref[QVideoFrameInput]] = []
        self.ended: list[str] = []

    def __call__(self, session: QMediaCaptureSession) -> QVideoFrameInput:
        source = QVideoFrameInput()
        session.setVideoFrameInput(source)
        self.opened.append(weakref.ref(source))
        # Told by Qt when the objects themselves are gone, not only Python's names for them.
        source.destroyed.connect(lambda: self.ended.append("source"))
        session.destroyed.connect(lambda: self.ended.append("session"))
        return source

    def show(self, frame: QImage) -> None:
        source = self.opened[-1]()
        assert source is not None
        assert source.sendVideoFrame(QVideoFrame(frame))


class Watched(Driven):
    """A signing screen with a camera; it looks when the test says so."""

    def __init__(self, people: Mapping[str, SittingDouble]) -> None:
        self.held = Held()
        super().__init__(dict(people), eye=self.held)
        assert self.camera is not None
        self.eye = self.camera
        self.eye._pulse.stop()

    def see(self, frame: QImage, looks: int = 1) -> None:
        for _ in range(looks):
            if not self.eye.on:
                return
            self.eye._pulse.stop()
            self.held.show(frame)
            until = time.monotonic() + 5
            while self.eye.on and not self._eye_sink().videoFrame().isValid():
                assert time.monotonic() < until, "the frame never came"
                QCoreApplication.processEvents()
            self.eye.look()
            self.settle()

    @property
    def offers(self) -> bool:
        """Whether the page says that a camera is on."""
        page = self.window.content
        return isinstance(page, Waiting) and page.camera.isVisible()

    def _eye_sink(self) -> QVideoSink:
        assert self.eye._eye is not None
        return self.eye._eye.sink


def scene(*texts: str, turn: float = 0, size: int = 300, blur: int = 0, light: int = 150) -> QImage:
    """A frame of a room, somewhat noisy, with these QR codes in it side by side, ``size`` pixels wide each."""
    frame = QImage(1280, 720, QImage.Format.Format_RGB32)
    frame.fill(QColor(light, light - 20, light - 30))
    painter = QPainter(frame)
    painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
    dice = random.Random(7)
    for _ in range(200):
        shade = dice.randrange(256)
        painter.fillRect(dice.randrange(1280), dice.randrange(720), 40, 12, QColor(shade, shade, 255 - shade, 60))
    for place, text in enumerate(texts):
        code = QImage.fromData(slate_png(text))
        painter.save()
        painter.translate(640 + (place - (len(texts) - 1) / 2) * 560, 360)
        painter.rotate(turn)
        painter.drawImage(-size // 2, -size // 2, code.scaledToWidth(size, Qt.TransformationMode.SmoothTransformation))
        painter.restore()
    painter.end()
    if blur:
        small = frame.scaledToWidth(1280 // blur, Qt.TransformationMode.SmoothTransformation)
        frame = small.scaledToWidth(1280, Qt.TransformationMode.SmoothTransformation)
    return frame


@pytest.fixture
def screen(qapp: QApplication) -> Iterator[Callable[..., Watched]]:
    opened: list[Watched] = []

    def make(*texts: str) -> Watched:
        kiosk = Watched({text: SittingDouble(person_double(f"Guest {at}")) for at, text in enumerate(texts)})
        opened.append(kiosk)
        return kiosk

    yield make
    for kiosk in opened:
        kiosk.close()


WAYS: dict[str, Callable[[], QImage]] = {
    "straight": lambda: scene(ADA),
    "tilted": lambda: scene(ADA, turn=17),
    "sideways": lambda: scene(ADA, turn=90),
    "upside down": lambda: scene(ADA, turn=212),
    "far away": lambda: scene(ADA, size=140),
    "blurred": lambda: scene(ADA, blur=2),
    "dim": lambda: scene(ADA, turn=-33, size=220, light=70),
    "mirrored": lambda: scene(ADA).flipped(Qt.Orientation.Horizontal),
    "slanted": lambda: scene(ADA).transformed(QTransform().shear(0.15, 0.05)),
    "of an odd width": lambda: scene(ADA).scaled(641, 361),
    "in grey": lambda: scene(ADA).convertToFormat(QImage.Format.Format_Grayscale8),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_card_before_the_camera_opens_the_door(screen: Callable[..., Watched], way: str) -> None:
    kiosk = screen(ADA)
    kiosk.see(WAYS[way]())
    assert kiosk.desk.asked == [ADA]
    assert kiosk.page is Page.HELLO
    assert kiosk.asking.person.name == "Guest 0"


def test_codes_that_are_no_slates_of_ours_are_passed_over(screen: Callable[..., Watched]) -> None:
    kiosk = screen(ADA)
    forged = ADA[:-1] + ("A" if ADA[-1] != "A" else "B")
    for text in ("HTTPS://EXAMPLE.ORG/", forged, "AB12CD", ADA + "A", ADA[7:]):
        kiosk.see(scene(text), looks=2)
    kiosk.see(scene())
    assert kiosk.desk.asked == []
    assert kiosk.eye.on


def test_a_card_of_nobody_here_is_answered_once_and_the_next_card_opens(screen: Callable[..., Watched]) -> None:
    kiosk = screen(ADA)
    kiosk.see(scene(STRANGER), looks=4)
    assert kiosk.desk.asked == [STRANGER]
    assert isinstance(kiosk.window.content, Waiting) and kiosk.window.content.wrong.isVisible()
    kiosk.see(scene(), looks=GONE_LOOKS - 1)
    kiosk.see(scene(STRANGER))
    assert kiosk.desk.asked == [STRANGER], "a glance away is not another try"
    kiosk.see(scene(), looks=GONE_LOOKS)
    kiosk.see(scene(STRANGER))
    assert kiosk.desk.asked == [STRANGER, STRANGER]
    kiosk.see(scene(STRANGER, ADA))
    assert kiosk.desk.asked[2:] == [ADA]


def test_of_two_cards_at_once_nobody_is_let_in(screen: Callable[..., Watched]) -> None:
    kiosk = screen(ADA, BO)
    kiosk.see(scene(ADA, BO), looks=3)
    assert kiosk.desk.asked == []
    kiosk.see(scene(BO))
    assert kiosk.desk.asked == [BO]


def test_it_is_off_while_somebody_sits_here_and_their_card_does_not_call_them_back(
    screen: Callable[..., Watched],
) -> None:
    kiosk = screen(ADA, BO)
    assert kiosk.eye.on and kiosk.offers
    kiosk.see(scene(ADA))
    assert not kiosk.eye.on and not kiosk.eye._pulse.isActive()
    assert sorted(kiosk.held.ended) == ["session", "source"], "the light goes off with the device"
    kiosk.window.hide_person()
    kiosk.window.uncover()
    assert not kiosk.eye.on
    kiosk.flow.wait()
    assert kiosk.eye.on and kiosk.offers and len(kiosk.held.opened) == 2
    kiosk.see(scene(ADA), looks=3)
    assert kiosk.page is Page.WAITING, "who has just left still stands there"
    kiosk.see(scene(ADA, BO))
    assert kiosk.asking.person.name == "Guest 1"
    kiosk.flow.wait()
    kiosk.see(scene(), looks=GONE_LOOKS)
    kiosk.see(scene(ADA))
    assert kiosk.desk.asked == [ADA, BO, ADA]


def test_a_card_read_while_somebody_types_their_code_is_dropped(screen: Callable[..., Watched]) -> None:
    kiosk = screen(ADA, "AB12CD")
    kiosk.held.show(scene(ADA))
    QTest.qWait(50)
    kiosk.flow.admit("AB12CD")
    kiosk.eye.look()  # read after the other's door was opened
    kiosk.settle()
    assert kiosk.desk.asked == ["AB12CD"]
    assert kiosk.asking.person.name == "Guest 1"


def test_closing_closes_the_device(screen: Callable[..., Watched]) -> None:
    kiosk = screen(ADA)
    kiosk.held.show(scene(ADA))
    QTest.qWait(50)
    kiosk.eye.look()
    Kiosk.close(kiosk)  # the fixture closes the rest
    assert not kiosk.eye.on
    assert sorted(kiosk.held.ended) == ["session", "source"]
    QTest.qWait(3 * LOOK_MS)
    assert kiosk.desk.asked == []


def test_it_looks_no_more_than_five_times_a_second(
    screen: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = screen(ADA)
    looks: list[float] = []
    monkeypatch.setattr(camera, "read_badges", lambda *_: looks.append(time.monotonic()) or ())
    picture = scene()
    kiosk.eye._pulse.start()
    until = time.monotonic() + 1.1
    while time.monotonic() < until:
        kiosk.held.show(picture)
        QTest.qWait(15)
    assert 1 <= len(looks) <= 6


def test_no_camera_no_offer(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("no camera reads cards here")
    monkeypatch.setattr(QMediaDevices, "videoInputs", list)
    monkeypatch.setattr(QMediaDevices, "defaultVideoInput", QCameraDevice)
    kiosk = Driven(eye=attach_camera)
    assert kiosk.camera is not None and not kiosk.camera.on
    assert isinstance(kiosk.window.content, Waiting) and not kiosk.window.content.camera.isVisible()
    kiosk.close()


def test_without_the_extra_nothing_is_offered_and_the_team_is_told_once(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expect_log: Callable[[str], None],
) -> None:
    expect_log("no camera reads cards here")
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    kiosk = Driven(eye=attach_camera)
    for _ in range(3):
        kiosk.flow.wait()
    assert kiosk.camera is not None and not kiosk.camera.on
    assert isinstance(kiosk.window.content, Waiting) and not kiosk.window.content.camera.isVisible()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    kiosk.close()


def test_nobody_is_filmed_unasked(qapp: QApplication) -> None:
    kiosk = Driven()
    assert kiosk.camera is None
    assert isinstance(kiosk.window.content, Waiting) and not kiosk.window.content.camera.isVisible()
    kiosk.close()


def test_a_camera_that_fails_is_not_offered_until_the_next_person(
    screen: Callable[..., Watched], expect_log: Callable[[str], None]
) -> None:
    expect_log("has failed")
    kiosk = screen(ADA)
    kiosk.eye.lose()
    assert not kiosk.eye.on and not kiosk.offers
    kiosk.flow.speak(Language("fr"))
    assert not kiosk.eye.on and not kiosk.offers
    kiosk.scan(ADA)
    assert kiosk.page is Page.HELLO
    kiosk.flow.wait()
    assert kiosk.eye.on and kiosk.offers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_in_every_language_that_it_is_on(
    screen: Callable[..., Watched], shoot: Callable[..., QImage], language: Language
) -> None:
    kiosk = screen(ADA)
    kiosk.window.resize(1280, 800)
    kiosk.flow.speak(language)
    for _ in range(3):  # the layout asks for heights again
        kiosk.settle()
    assert kiosk.offers
    said = [label.text() for label in kiosk.window.findChildren(QLabel) if label.isVisible()]
    assert texts(language).ceremony["camera_on"] in said
    if language in ("en", "ar"):
        shoot(kiosk.window, f"waiting-camera-{language}")


def test_a_receipt_held_up_leads_to_taking_back_and_a_card_shows_whose_it_is(screen: Callable[..., Watched]) -> None:
    kiosk = screen()
    kiosk.desk.receipts[RECEIPT] = taking = TakingBackDouble("use.social")
    kiosk.see(scene(QR_TEXT))
    assert (kiosk.page, kiosk.eye.on) == (Page.MIND_USES, False)
    assert kiosk.desk.asked == [RECEIPT], "its code alone, not the address around it"
    kiosk.click(kiosk.words("mind_show"))
    assert kiosk.eye.on
    kiosk.see(scene(ADA))
    assert taking.tried == [ADA]
    assert kiosk.words("mind_wrong") in [each.text() for each in kiosk.window.findChildren(QLabel)]


def test_nothing_of_what_it_saw_is_kept(screen: Callable[..., Watched]) -> None:
    kiosk = screen()
    seen: list[str] = []

    def admit(text: str) -> SittingDouble:
        seen.append(hashlib.sha256(text.encode()).hexdigest())
        return SittingDouble(person_double("Guest"))

    kiosk.desk.admit = admit  # type: ignore[method-assign, assignment]
    before = pictures()
    kiosk.see(scene(slate_text(DAY, SubjectId(str(uuid4())))))
    assert len(seen) == 1 and kiosk.page is Page.HELLO
    kiosk.flow.wait()
    assert slates() == []
    assert pictures() <= before


def slates() -> list[str]:
    """The text of every slate that anything holds, but for those this file names."""
    with alive() as things:
        return [
            each
            for thing in things
            if not isinstance(thing, types.FrameType)
            for each in gc.get_referents(thing)
            if isinstance(each, str) and len(each) == len(ADA) and each.startswith("SLATE1:")
            and each not in (ADA, BO, STRANGER)
        ]  # fmt: skip


def pictures() -> int:
    """How many frames anything holds; the program's own drawings are smaller."""
    with alive() as things:
        return sum(isinstance(each, QImage | QVideoFrame) and each.width() >= 640 for each in things)
