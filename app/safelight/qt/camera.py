"""A camera that reads the cards held before it while a window wants them, and keeps nothing.

Nobody is filmed unasked: the window says that it is on, no picture is shown, and of a frame nothing remains but the
text of a slate. It needs QtMultimedia (the extra ``senses``); without that, or without a camera, it stays off and
nothing is offered.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from safelight.capture.badge_frames import read_badges
from safelight.domain.errors import SafelightError

from .jobs import Jobs

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QVideoFrameInput, QVideoSink

Device: TypeAlias = "QCamera | QVideoFrameInput"
Attach: TypeAlias = "Callable[[QMediaCaptureSession], Device | None]"
"""Opens what frames come from and puts it into the session; None where there is nothing to open."""

LOOK_MS = 200
"""A frame is looked at so often; those between are dropped unseen."""
GONE_LOOKS = 10
"""A card that was read counts again once it was out of sight for so many looks: about two seconds."""
WIDEST = 1280
"""More pixels across only cost time: at 1280 a card is read from more than a metre away."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Eye:
    """What exists only while the camera is on. Nobody else refers to it, so letting go of it ends it, light and all."""

    session: QMediaCaptureSession
    sink: QVideoSink
    device: Device


class Camera(QObject):
    """Reads cards while they are wanted; ``attach`` opens what the frames come from, for a session."""

    seen = Signal(str)
    """The text of a slate that came into sight; once for each time it does."""
    changed = Signal(bool)
    """It went on or off."""

    def __init__(self, jobs: Jobs, attach: Attach, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._attach = jobs, attach
        self._eye: _Eye | None = None
        self._turn = 0
        self._reading = self._lost = self._told = False
        # Cards in sight, under a key of this run, and for how many looks they were not: their texts are not kept.
        self._key = os.urandom(32)
        self._known: dict[bytes, int] = {}
        self._pulse = QTimer(self, interval=LOOK_MS)
        self._pulse.timeout.connect(self.look)

    @property
    def on(self) -> bool:
        """Whether the device is open."""
        return self._eye is not None

    def want(self, cards: bool) -> None:
        """On while ``cards`` are wanted, off as soon as they are not; one that failed is tried again after that."""
        if not cards:
            self._lost = False
            self.stop()
        elif not self.on and not self._lost:
            self.start()

    def start(self) -> None:
        """Open the device, if there is one."""
        self._eye = _open(self._attach)
        if self._eye is None:
            if not self._told:
                _LOG.warning("no camera reads cards here: none was found, or the extra 'senses' is not installed")
            self._told = True
            return
        failed = getattr(self._eye.device, "errorOccurred", None)
        if failed is not None:  # later, from the event loop: the device must not end inside its own signal
            failed.connect(self.lose, Qt.ConnectionType.QueuedConnection)
        self._reading = False
        self._pulse.start()
        self.changed.emit(True)

    def stop(self) -> None:
        """Close the device and forget the frame it saw last; what is being read is dropped when it arrives."""
        self._pulse.stop()
        self._turn += 1
        if self._eye is not None:
            _close(self._eye)
            self._eye = None
            self.changed.emit(False)

    def close(self) -> None:
        """Off, and off it stays."""
        self._lost = True
        self.stop()

    def look(self) -> None:
        """Take the newest frame, if there is one, and have it read in the background."""
        if self._eye is None or self._reading:
            return
        if not _available(self._eye.device):
            self.lose()
            return
        image = _newest(self._eye.sink)
        if image is None:
            return
        turn = self._turn
        self._reading = True

        def failed(_: SafelightError) -> None:
            self._take(turn, ())

        self._jobs.read(lambda _: _read(image), lambda texts: self._take(turn, texts), failed)

    def lose(self) -> None:
        """Unplugged, or taken by another program: not again before somebody else has been here."""
        if self._eye is not None:
            _LOG.warning("the camera that reads cards has failed")
            self._lost = True
            self.stop()

    # Inside.

    def _take(self, turn: int, texts: tuple[str, ...]) -> None:
        if turn != self._turn:
            return
        self._reading = False
        cards = {hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest(): text for text in texts}
        fresh = [mark for mark in cards if mark not in self._known]
        away = {mark: 0 if mark in cards else looks + 1 for mark, looks in self._known.items()}
        self._known = {mark: looks for mark, looks in away.items() if looks < GONE_LOOKS}
        if len(fresh) == 1:  # of two at once nobody knows whose turn it is
            self._known[fresh[0]] = 0
            self.seen.emit(cards[fresh[0]])


def attach_camera(session: QMediaCaptureSession) -> QCamera | None:
    """The camera that faces the person, else the system's first, started at a modest size; None without one."""
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaDevices

    there = QMediaDevices.videoInputs()
    facing = [each for each in there if each.position() is QCameraDevice.Position.FrontFace]
    chosen = facing[0] if facing else QMediaDevices.defaultVideoInput()
    if chosen.isNull():
        return None
    camera = QCamera(chosen)
    if not camera.isAvailable():  # it is not said by a signal
        return None
    _keep_small(camera, chosen)
    session.setCamera(camera)
    camera.start()
    return camera


def _keep_small(camera: QCamera, device: QCameraDevice) -> None:
    sizes = [each for each in device.videoFormats() if each.resolution().width() <= WIDEST]
    if sizes:
        camera.setCameraFormat(max(sizes, key=lambda each: each.resolution().width() * each.resolution().height()))


def _open(attach: Attach) -> _Eye | None:
    try:
        from PySide6.QtMultimedia import QMediaCaptureSession, QVideoSink
    except ImportError:
        return None
    session, sink = QMediaCaptureSession(), QVideoSink()
    device = attach(session)
    if device is None:
        return None
    session.setVideoSink(sink)
    return _Eye(session, sink, device)


def _close(eye: _Eye) -> None:
    from PySide6.QtMultimedia import QCamera, QVideoFrame

    if isinstance(eye.device, QCamera):
        eye.device.stop()
    eye.sink.setVideoFrame(QVideoFrame())


def _available(device: Device) -> bool:
    from PySide6.QtMultimedia import QCamera

    return not isinstance(device, QCamera) or device.isAvailable()


def _newest(sink: QVideoSink) -> QImage | None:
    """The frame that came last, taken out of ``sink``, so that no other look sees it again."""
    from PySide6.QtMultimedia import QVideoFrame

    frame = sink.videoFrame()
    if not frame.isValid():
        return None
    sink.setVideoFrame(QVideoFrame())
    image = frame.toImage()
    return None if image.isNull() else image


def _read(image: QImage) -> tuple[str, ...]:
    """What ``image`` shows, in grey without the gaps that Qt leaves at the ends of rows; on a worker thread."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height, step = grey.width(), grey.height(), grey.bytesPerLine()
    pixels = bytes(grey.constBits())
    if step != width:
        pixels = b"".join(pixels[row * step : row * step + width] for row in range(height))
    return read_badges(pixels, width, height)
