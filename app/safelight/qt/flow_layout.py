"""A layout that runs on like text: side by side while there is room, then on the next line, from the reading side."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLayout, QLayoutItem, QStyle, QWidget


class FlowLayout(QLayout):
    """Items from the leading edge, each as wide as it likes but never wider than the line."""

    def __init__(self, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._items]
        wide = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(wide, max((hint.height() for hint in hints), default=0)).grownBy(self.contentsMargins())

    def setGeometry(self, rectangle: QRect) -> None:
        super().setGeometry(rectangle)
        self._arrange(rectangle, place=True)

    def _arrange(self, rectangle: QRect, *, place: bool) -> int:
        inside = rectangle.marginsRemoved(self.contentsMargins())
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        x, y, tall = inside.x(), inside.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            wide = min(item.sizeHint().width(), inside.width())
            high = item.heightForWidth(wide) if item.hasHeightForWidth() else item.sizeHint().height()
            high = max(high, item.minimumSize().height())
            if x > inside.x() and x + wide > inside.x() + inside.width():
                if place:
                    _set(line, tall, direction, inside)
                x, y, tall, line = inside.x(), y + tall + self.spacing(), 0, []
            line.append((item, QRect(x, y, wide, high)))
            x, tall = x + wide + self.spacing(), max(tall, high)
        if place:
            _set(line, tall, direction, inside)
        margins = self.contentsMargins()
        return y + tall - rectangle.y() + margins.bottom()


def _set(line: list[tuple[QLayoutItem, QRect]], tall: int, direction: Qt.LayoutDirection, inside: QRect) -> None:
    """Place one line: buttons beside each other are equally tall, whatever script they are in."""
    for item, place in line:
        if isinstance(item.widget(), QAbstractButton):
            place.setHeight(tall)
        item.setGeometry(QStyle.visualRect(direction, inside, place))
