"""Where people sign: pen with pressure and tilt, finger or mouse, painted as it happens, every sample kept.

The pad is white paper with dark ink in every theme. What is painted for good lies in one picture; each new sample adds
one piece of curve to it, and the piece whose bend the next sample decides is painted on top. So a sample costs the
same whether the signature is short or long, and samples that arrive together are painted together.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)  # fmt: skip
from PySide6.QtWidgets import QSizePolicy, QWidget

from safelight.asking.strokes import EVEN, Sample, Source, StrokeRecording
from safelight.capture.ink import Stroke
from safelight.qt import theme

from . import stroke_drawing

PALM_MS = 500
"""So long after the pen was last near, what touches the glass is taken for the hand that holds it."""

LINE, LINE_AT, EDGE = "#8a8f99", 0.76, 3
"""The line to sign on, how far down it is, and how wide an edge is at most."""
_TOUCHES = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel})


class SignaturePad(QWidget):
    """Keeps what is written as ``capture.ink`` strokes; ``name`` and ``hint`` are what a screen reader says of it."""

    changed = Signal()
    """A stroke was finished, taken back, or all were."""
    typing_asked = Signal()
    """Somebody came here by keyboard and pressed a key that would write: offer them to type instead."""

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writing = StrokeRecording()
        self._source: Source | None = None
        self._finger: int | None = None
        self._pen_near = -PALM_MS
        self._done = 0  # pieces of the running stroke that are in the picture
        # What stays the same for a stroke is asked once: each question to Qt may wait for other threads.
        self._colour, self._pressed, self._tilted = QColor(), False, False
        self._picture = QImage()
        for attribute in (
            Qt.WidgetAttribute.WA_AcceptTouchEvents, Qt.WidgetAttribute.WA_TabletTracking,
            Qt.WidgetAttribute.WA_OpaquePaintEvent, Qt.WidgetAttribute.WA_StaticContents,
        ):  # fmt: skip
            self.setAttribute(attribute)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(280, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_words(name, hint)

    def set_words(self, name: str, hint: str) -> None:
        """What it is called and what to do with it, in the language of now."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)

    def strokes(self) -> tuple[Stroke, ...]:
        """What was written, in pixels of the pad, times in whole ms from the first sample."""
        return self._writing.strokes()

    @property
    def sources(self) -> frozenset[Source]:
        """What it was written with: pen, touch, mouse."""
        return self._writing.sources

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return self._writing.count == 0

    def undo(self) -> None:
        """Take the last stroke back."""
        self._lift()
        self._writing.undo()
        self._paint_anew()
        self.changed.emit()

    def clear(self) -> None:
        """Take everything back; nothing of it stays in memory."""
        self._lift()
        self._writing.clear()
        self._paint_anew()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(900, 320)

    # ------------------------------------------------------------------------------------------------ what comes in

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.accept()  # or Qt makes a mouse of it
        self._pen_near = _clock()
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            if event.pointerType() == QPointingDevice.PointerType.Eraser:
                return
            if self._source == "touch":  # the hand came down before the pen did
                self._discard()
            if self._source is None:
                can = event.pointingDevice().capabilities()
                self._pressed = bool(can & QPointingDevice.Capability.Pressure)
                self._tilted = bool(can & QPointingDevice.Capability.XTilt and can & QPointingDevice.Capability.YTilt)
                self._begin("pen", self._of_pen(event), event.timestamp())
        elif self._source == "pen":
            self._go_on(self._of_pen(event), event.timestamp())
            if kind == QEvent.Type.TabletRelease:
                self._end()

    def _of_pen(self, event: QTabletEvent) -> Sample:
        place = event.position()
        pressure = event.pressure() if self._pressed else EVEN
        return Sample(place.x(), place.y(), pressure, (event.xTilt(), event.yTilt()) if self._tilted else None)

    def event(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES and isinstance(event, QTouchEvent):
            self._touched(event)
            return True
        return super().event(event)

    def _touched(self, event: QTouchEvent) -> None:
        event.accept()
        if self._source == "pen" or _clock() - self._pen_near < PALM_MS:
            self._finger = None
            return
        if event.type() == QEvent.Type.TouchCancel:
            if self._source == "touch":
                self._discard()
            return
        for point in event.points():
            sample = Sample(point.position().x(), point.position().y())
            state = point.state()
            if state == QEventPoint.State.Pressed and self._source is None:
                self._finger = point.id()
                self._begin("touch", sample, event.timestamp())
            elif self._source == "touch" and point.id() == self._finger and state != QEventPoint.State.Stationary:
                self._go_on(sample, event.timestamp())
                if state == QEventPoint.State.Released:
                    self._end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        real = event.source() == Qt.MouseEventSource.MouseEventNotSynthesized
        if real and event.button() == Qt.MouseButton.LeftButton and self._source is None:
            self._begin("mouse", _of_mouse(event), event.timestamp())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._source == "mouse":
            self._go_on(_of_mouse(event), event.timestamp())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._source == "mouse" and event.button() == Qt.MouseButton.LeftButton:
            self._go_on(_of_mouse(event), event.timestamp())
            self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) or event.key() == Qt.Key.Key_Backspace:
            self.undo()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.text().strip() or event.text() == " ":
            self.typing_asked.emit()
        else:
            super().keyPressEvent(event)

    # --------------------------------------------------------------------------------------------------- the stroke

    def _begin(self, source: Source, sample: Sample, stamp: int) -> None:
        self._source, self._done, self._colour = source, 0, self._ink()
        self._writing.begin(source, sample, _clock(), stamp)
        self.update(stroke_drawing.room_of(self._writing.running))

    def _go_on(self, sample: Sample, stamp: int) -> None:
        self._writing.go_on(sample, _clock(), stamp)
        self.update(stroke_drawing.room_of(self._writing.running[-4:]))

    def _end(self) -> None:
        points = self._writing.running
        painter = self._on_picture()
        stroke_drawing.draw(painter, points, self._done, len(points) - 1, self._colour)
        painter.end()
        self._lift()
        self.update(stroke_drawing.room_of(points[-4:]))
        self.changed.emit()

    def _discard(self) -> None:
        self._lift()
        self._writing.undo()
        self._paint_anew()

    def _lift(self) -> None:
        self._source = self._finger = None

    # ----------------------------------------------------------------------------------------------------- painting

    def _ink(self) -> QColor:
        return QColor(theme.tokens_of(self).ink)

    def _on_picture(self) -> QPainter:
        """A painter on the picture of what was written; a new picture first gets every finished stroke."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        stale = self._picture.size() != size or self._picture.devicePixelRatio() != ratio
        if stale:
            self._picture = QImage(size, QImage.Format.Format_RGB32)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(theme.tokens_of(self).paper))
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if stale:
            self._done = 0
            y = round(self.height() * LINE_AT) + 0.5
            painter.setPen(QPen(QColor(LINE), 1.5))
            painter.drawLine(QPointF(28, y), QPointF(self.width() - 28, y))
            lines = self._writing.lines()
            for points in lines[:-1] if self._source is not None else lines:
                stroke_drawing.draw_all(painter, points, self._ink())
        return painter

    def _paint_anew(self) -> None:
        self._picture = QImage()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint_anew()

    def paintEvent(self, event: QPaintEvent) -> None:
        points = self._writing.running if self._source is not None else []
        known = max(0, len(points) - 2)  # pieces whose bend no sample can change any more
        if self._picture.isNull() or known > self._done:
            under = self._on_picture()
            if known > self._done:
                stroke_drawing.draw(under, points, self._done, known, self._colour)
                self._done = known
            under.end()
        painter = QPainter(self)
        part = event.rect()
        x, y, wide, high = part.x(), part.y(), part.width(), part.height()
        ratio = self._picture.devicePixelRatio()
        painter.drawImage(QRectF(part), self._picture, QRectF(x * ratio, y * ratio, wide * ratio, high * ratio))
        if points:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            stroke_drawing.draw(painter, points, self._done, len(points) - 1, self._colour)
        if x < EDGE or y < EDGE or x + wide > self.width() - EDGE or y + high > self.height() - EDGE:
            self._paint_edge(painter)
        painter.end()

    def _paint_edge(self, painter: QPainter) -> None:
        """The edge of the paper, which also shows who has the keyboard."""
        tokens = theme.tokens_of(self)
        wide = EDGE if self.hasFocus() else 2
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.edge), wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2))


def _of_mouse(event: QMouseEvent) -> Sample:
    return Sample(event.position().x(), event.position().y())


def _clock() -> int:
    return time.monotonic_ns() // 1_000_000
