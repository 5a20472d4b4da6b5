"""The client's window on a second screen: only the frames of who is on set, numbered; a tap picks one for them.

No name, no answer and no other person's frame is ever shown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from safelight.desk.pictures.thumbnails import Thumbnails, Wanted
from safelight.desk.pictures.tile_look import draw_glyph
from safelight.desk.shoot.one_line import OneLine
from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts

MOST = 60
"""So many of the newest frames are shown; more would be stamps."""
_GAP = 16


@dataclass(frozen=True, slots=True)
class ClientFrame:
    """One frame with its number; ``picked`` by the person on it."""

    shot: str
    guid: PhotoGuid
    number: int
    picked: bool = False


class ClientView(QWidget):
    """A window of its own; numbers typed on its keyboard count as taps."""

    tapped = Signal(str)
    """This shot was tapped, or its number typed."""
    shut = Signal()

    def __init__(self, pictures: Thumbnails, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "screen")
        self.setWindowTitle("Safelight")
        self._frames = _Frames(pictures, self)
        self._frames.tapped.connect(self.tapped)
        self._hint = OneLine(words.get("shoot.client-hint"), "heading", "muted")
        self._typed = ""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(12)
        rows.addWidget(self._frames, 1)
        rows.addWidget(self._hint)

    def show_frames(self, frames: Sequence[ClientFrame]) -> None:
        """Show these, and nothing of before."""
        self._frames.show_frames(tuple(frames)[-MOST:])

    def forget(self) -> None:
        """Show nothing."""
        self.show_frames(())

    def tap_number(self, number: int) -> bool:
        """As a tap on the frame with this number; whether there is one."""
        return self._frames.tap_number(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            typed, self._typed = self._typed, ""
            if typed:
                self.tap_number(int(typed))
        elif event.text().isdecimal():
            self._typed = (self._typed + event.text())[-3:]
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.forget()
        self.shut.emit()
        super().closeEvent(event)


class _Frames(QWidget):
    """Paints the frames as large as all of them fit."""

    tapped = Signal(str)

    def __init__(self, pictures: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._frames: tuple[ClientFrame, ...] = ()
        self._cells: list[QRectF] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        pictures.arrived.connect(self.update)

    def show_frames(self, frames: tuple[ClientFrame, ...]) -> None:
        if frames != self._frames:
            self._frames = frames
            self.setAccessibleName(", ".join(str(each.number) for each in frames))
            self.update()

    def tap_number(self, number: int) -> bool:
        for each in self._frames:
            if each.number == number:
                self.tapped.emit(each.shot)
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        for each, cell in zip(self._frames, self._cells, strict=False):
            if cell.contains(at):
                self.tapped.emit(each.shot)
                return

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - few, and all of them at once
        tokens = theme.tokens_of(self)
        self._place()
        ratio = self.devicePixelRatioF()
        wanted = [
            Wanted(each.guid, round(cell.width() * ratio), round(cell.height() * ratio), ratio)
            for each, cell in zip(self._frames, self._cells, strict=True)
        ]
        self._pictures.wish(self, reversed(wanted))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for each, cell, wish in zip(self._frames, self._cells, wanted, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.card))
            painter.drawRoundedRect(cell, 8, 8)
            shown, place = self._pictures.picture(wish), cell
            if shown is not None and shown.pixmap is not None:
                size = QSize(shown.width, shown.height).scaled(cell.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                left = cell.center() - QPoint(size.width() // 2, size.height() // 2)
                place = QRectF(left.x(), left.y(), size.width(), size.height())
                painter.drawPixmap(place, shown.pixmap, QRectF(shown.pixmap.rect()))
            self._badge(painter, each, place, tokens)

    def _badge(self, painter: QPainter, frame: ClientFrame, cell: QRectF, tokens: theme.Tokens) -> None:
        side = min(56.0, cell.width() / 3, cell.height() / 3)
        box = QRectF(cell.x() + 8, cell.y() + 8, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.page))
        painter.drawRoundedRect(box, 8, 8)
        number = theme.font(tokens, "title")
        number.setPixelSize(max(10, round(side * 0.55)))
        painter.setFont(number)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(frame.number))
        if frame.picked:
            mark = QRectF(cell.right() - 8 - side, cell.y() + 8, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.text))
            painter.drawRoundedRect(mark, 8, 8)
            inset = side * 0.25
            draw_glyph(painter, "heart", mark.adjusted(inset, inset, -inset, -inset), QColor(tokens.page))

    def _place(self) -> None:
        """The number of columns that makes the frames largest."""
        count = len(self._frames)
        best, columns = 0.0, 1
        for tried in range(1, count + 1):
            lines = -(-count // tried)
            wide = (self.width() - _GAP * (tried - 1)) / tried
            high = (self.height() - _GAP * (lines - 1)) / lines
            if min(wide, high * 0.8) > best:
                best, columns = min(wide, high * 0.8), tried
        lines = max(1, -(-count // columns))
        wide = (self.width() - _GAP * (columns - 1)) / columns
        high = (self.height() - _GAP * (lines - 1)) / lines
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._cells = []
        for place in range(count):
            line, column = divmod(place, columns)
            column = columns - 1 - column if backwards else column
            self._cells.append(QRectF(column * (wide + _GAP), line * (high + _GAP), wide, high))
