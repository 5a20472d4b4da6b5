"""A PDF on the screen, page below page: scrolled and enlarged by fingers, wheel or keys, readable aloud."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QGestureEvent,
    QPinchGesture,
    QScrollArea,
    QScroller,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from . import theme
from .frames import FocusLine
from .pages import Pages

LEAST_ZOOM, MOST_ZOOM, ZOOM_STEP = 1.0, 5.0, 1.25
_MARGIN = 16
_KEPT_PICTURES = 4


class PageView(QScrollArea):
    """Shows exactly the bytes it is given. At zoom 1.0 a page is as wide as the view."""

    zoomed = Signal(float)
    page_shown = Signal(int, int)
    """The page in the middle of the view, from 1, and how many there are."""
    end_reached = Signal()
    """The end of the last page came into view, once for each document."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Pages | None = None
        self._sheets: list[_Sheet] = []
        self._zoom, self._pinched_from, self._ended, self._middle = 1.0, 1.0, False, -1
        self._column = QWidget()
        self._column.setProperty("role", "inner")
        self._rows = QVBoxLayout(self._column)
        self._rows.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._rows.setSpacing(_MARGIN)
        self.setWidget(self._column)
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or the width would change the height
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusLine(self)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self._settled = QTimer(self, singleShot=True, interval=120)
        self._settled.timeout.connect(self._sharpen)

    def show_pdf(self, pdf: bytes, name: str) -> None:
        """Show ``pdf`` from its beginning; ``name`` is spoken. Raises Malformed if it is no PDF."""
        self.clear()
        self._pages = pages = Pages(pdf)
        for number in range(pages.count):
            sheet = _Sheet(pages, number, self._column)
            sheet.setAccessibleName(f"{name} {number + 1}/{pages.count}")
            sheet.setAccessibleDescription(pages.text(number))
            self._sheets.append(sheet)
            self._rows.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
            sheet.show()
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.text())
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self._moved()

    def clear(self) -> None:
        """Show nothing, and forget the bytes, the pictures and the text."""
        self._settled.stop()
        for sheet in self._sheets:
            self._rows.removeWidget(sheet)
            sheet.forget()
            sheet.setParent(None)
            sheet.deleteLater()
        self._sheets = []
        if self._pages is not None:
            self._pages.close()
        self._pages = None
        self._zoom, self._ended, self._middle = 1.0, False, -1
        self.setAccessibleName("")
        self.setAccessibleDescription("")

    @property
    def zoom(self) -> float:
        """How many times as wide as the view a page is."""
        return self._zoom

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._sheets)

    def text(self) -> str:
        """What the document says, page after page."""
        return "\n\n".join(sheet.accessibleDescription() for sheet in self._sheets)

    def zoom_in(self) -> None:
        """A step larger."""
        self._zoom_to(self._zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        """A step smaller, down to the width of the view."""
        self._zoom_to(self._zoom / ZOOM_STEP)

    def fit(self) -> None:
        """As wide as the view."""
        self._zoom_to(1.0)

    def _zoom_to(self, zoom: float, around: QPoint | None = None) -> None:
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, zoom))
        if abs(zoom - self._zoom) < 0.001:
            return
        centre = around or self.viewport().rect().center()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        factor = zoom / self._zoom
        x, y = across.value() + centre.x(), down.value() + centre.y()
        self._zoom = zoom
        self._lay_out()
        across.setValue(round(x * factor) - centre.x())
        down.setValue(round(y * factor) - centre.y())
        self._settled.start()
        self.zoomed.emit(zoom)

    def _lay_out(self) -> None:
        wide = max(100, round((self.viewport().width() - 2 * _MARGIN) * self._zoom))
        for sheet in self._sheets:
            sheet.set_width(wide)
        self._column.adjustSize()
        self._rows.activate()

    def _sharpen(self) -> None:
        for sheet in self._sheets:
            sheet.sharpen()

    def _moved(self) -> None:
        if not self._sheets:
            return
        top, high = self.verticalScrollBar().value(), self.viewport().height()
        middle = top + high // 2
        at = min(range(len(self._sheets)), key=lambda n: abs(self._sheets[n].geometry().center().y() - middle))
        at = next((n for n, each in enumerate(self._sheets) if each.y() <= middle <= each.geometry().bottom()), at)
        for number, sheet in enumerate(self._sheets):
            if abs(number - at) >= _KEPT_PICTURES:
                sheet.forget()
        if at != self._middle:
            self._middle = at
            self.page_shown.emit(at + 1, len(self._sheets))
        if not self._ended and self.isVisible() and top + high >= self._sheets[-1].geometry().bottom():
            self._ended = True
            self.end_reached.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self._settled.start()
        self._moved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        keys = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_Home: lambda: bar.setValue(0),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Space: lambda: bar.setValue(bar.value() + bar.pageStep()),
        }
        act = keys.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()  # type: ignore[no-untyped-call] # its stub lost the types

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_to(self._zoom * ZOOM_STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                if pinch.state() == Qt.GestureState.GestureStarted:
                    self._pinched_from = self._zoom
                around = self.viewport().mapFromGlobal(pinch.hotSpot().toPoint())
                self._zoom_to(self._pinched_from * pinch.totalScaleFactor(), around)
                event.accept(pinch)
                return True
        return super().viewportEvent(event)


class _Sheet(QWidget):
    """One page on white; its picture is made when it is first seen."""

    def __init__(self, pages: Pages, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages, self._number = pages, number
        self._image: QImage | None = None
        wide, high = pages.size(number)
        self._shape = high / wide

    def set_width(self, wide: int) -> None:
        self.setFixedSize(wide, round(wide * self._shape))
        self.update()

    def forget(self) -> None:
        self._image = None

    def sharpen(self) -> None:
        """Make the picture anew if it was only stretched."""
        if self._image is not None and self._image.width() != self._wanted():
            self._image = None
            self.update()

    def _wanted(self) -> int:
        return round(self.width() * self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            self._image = self._pages.image(self._number, self._wanted())
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.setPen(QColor(theme.tokens_of(self).edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
