"""What a person at the desk would stumble over, measured of the window as it is painted."""

from __future__ import annotations

import itertools

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableView,
    QWidget,
)  # fmt: skip

from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.qt.lettering import lay_out
from support.kiosk.looks import called, clipped, contrast, luminance, shown, touchable

LEAST = 40
TOUCHED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)


def cut(root: QWidget) -> list[str]:
    """Words that are cut without saying the rest in a tool tip, and widgets that stick out of what holds them."""
    found = [said for said in clipped(root) if "sticks out" in said and not said.startswith("QToolButton")]
    for widget in shown(root, (QLabel, QAbstractButton)):
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if not words:
            continue
        if isinstance(widget, TextLabel | Button):
            needs = widget.heightForWidth(widget.width())
            laid = lay_out(words, widget.font(), widget.width()).width
            parted = isinstance(widget, Button) and widget.width() < widget.minimumSizeHint().width()
            if parted or widget.height() < needs - 1 or laid > widget.width() + 1:
                found.append(f"{called(widget)} needs {laid:.0f} x {needs}")
        elif widget.toolTip():
            continue  # one line that ends in dots, and says the whole of it in its tool tip
        elif isinstance(widget, QLabel):
            letters = widget.fontMetrics().tightBoundingRect(words)
            if letters.width() > widget.width() + 1 or letters.height() > widget.height():
                found.append(f"{called(widget)} needs {letters.size().toTuple()}")
    return found


def small(root: QWidget) -> list[str]:
    """Targets, and rows of lists, of less than 40 pixels."""
    found = [called(each) for each in shown(root, TOUCHED) if _is_target(each) and _least_side(each) < LEAST]
    for view in _lists(root):
        heights = {place.height() for _, place in _rows(view)}
        found += [f"{called(view)}: rows of {min(heights)}"] if heights and min(heights) < LEAST else []
    return found


def pale(root: QWidget, least: float = 4.5) -> list[str]:
    """Words that are too faint, also those of rows."""
    picture = root.grab().toImage()
    ratio = picture.devicePixelRatio()
    found = []
    for widget in shown(root, (QLabel, Button)):
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        place = QRect(widget.mapTo(root, QPoint()), widget.size())
        in_view = widget.visibleRegion().boundingRect() == widget.rect()
        # A grave accent is a few pixels: too few to tell its colour from.
        if not words or words == "`" or not widget.isEnabled() or not in_view or not root.rect().contains(place):
            continue
        inset = 4 if isinstance(widget, Button) else 0
        scaled = QRect(place.topLeft() * ratio, place.size() * ratio).adjusted(inset, inset, -inset, -inset)
        if (seen := _seen(picture, scaled, words)) < least:
            found.append(f"{called(widget)} {seen:.1f}")
    for view in _lists(root):
        seen_part = view.viewport().visibleRegion().boundingRect()
        for words, place in _rows(view):
            whole = QRect(view.viewport().mapTo(root, place.topLeft()), place.size())
            if words and seen_part.contains(place):
                scaled = QRect(whole.topLeft() * ratio, whole.size() * ratio)
                if (seen := _seen(picture, scaled, words)) < least:
                    found.append(f"{called(view)}: {words[:40]!r} {seen:.1f}")
    return found


def _seen(picture: QImage, place: QRect, words: str) -> float:
    """The contrast of words; of so few signs that their pixels are all edge, that of the strongest one."""
    if sum(each.isalnum() for each in words) > 3:
        return contrast(picture, place)
    part = picture.copy(place).convertToFormat(QImage.Format.Format_RGB32)
    colours, counts = np.unique(np.frombuffer(part.constBits(), dtype=np.uint32), return_counts=True)
    ground = luminance(QColor(int(colours[counts.argmax()])))
    return max((max(ground, each) + 0.05) / (min(ground, each) + 0.05) for each in map(_luminance, colours.tolist()))


def _luminance(colour: int) -> float:
    return luminance(QColor(colour))


def sideways(root: QWidget) -> list[str]:
    """Pages that can only be read by moving them sideways."""
    return [
        f"{called(each)} moves sideways by {each.horizontalScrollBar().maximum()}"
        for each in shown(root, (QScrollArea, QTableView))
        if isinstance(each, QAbstractScrollArea) and each.horizontalScrollBar().maximum() > 0
    ]  # fmt: skip


def primaries(root: QWidget) -> list[str]:
    """The amber buttons that can be pressed now; there is to be one, so that nobody has to choose."""
    return [
        each.accessibleName() for each in shown(root, Button)
        if isinstance(each, Button) and each.property("kind") == "primary" and each.isEnabled()
        and not each.visibleRegion().isEmpty()
    ]  # fmt: skip


def overlapping(root: QWidget) -> list[str]:
    """Words and buttons that lie on each other; what is scrolled out of sight lies on nothing outside its page."""
    found = []
    each_of = [each for each in shown(root, (QLabel, QAbstractButton)) if _says(each)]
    places = {each: QRect(each.mapTo(root, QPoint()), each.size()) for each in each_of}
    pages = {each: _page_of(each, root) for each in each_of}
    seen = {
        each: each.visibleRegion().boundingRect().translated(places[each].topLeft()) for each in each_of
    }
    for first, second in itertools.combinations(each_of, 2):
        if first.isAncestorOf(second) or second.isAncestorOf(first):
            continue
        where = places if pages[first] is pages[second] else seen
        if where[first].isEmpty() or where[second].isEmpty():
            continue
        if where[first].adjusted(1, 1, -1, -1).intersects(where[second].adjusted(1, 1, -1, -1)):
            found.append(f"{called(first)} lies on {called(second)}")
    return found


def nameless(root: QWidget) -> list[str]:
    """What a screen reader would have no word for."""
    areas = [each for each in shown(root, QAbstractScrollArea) if not isinstance(each, QHeaderView)]
    found = []
    for widget in [*touchable(root), *shown(root, QComboBox), *areas]:
        interface = QAccessible.queryAccessibleInterface(widget)
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractItemView | QHeaderView | QAbstractSpinBox)
        if not inside and not interface.text(QAccessible.Text.Name).strip():
            found.append(called(widget))
    return found


def stuck(root: QWidget) -> list[str]:
    """Pages with more on them than is in view, where no key brings the rest: nothing on them or they can be focused."""
    found = []
    for area in shown(root, QScrollArea):
        assert isinstance(area, QScrollArea)
        stops = [area, *area.findChildren(QWidget)]
        focused = any(each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() for each in stops)
        if area.verticalScrollBar().maximum() > 0 and not focused:
            found.append(f"{called(area)} hides {area.verticalScrollBar().maximum()} below")
    return found


def is_focus_drawn(widget: QWidget) -> bool:
    """Whether something of the colour of the focus is painted at ``widget``, or around it."""
    window = widget.window()
    colour = QColor(theme.tokens_of(widget).focus).rgb() & 0xFFFFFF
    place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-6, -6, 6, 6)
    picture = window.grab(place.intersected(window.rect())).toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), dtype=np.uint32) & 0xFFFFFF
    return int((pixels == colour).sum()) >= 20


def faults(root: QWidget, above: QWidget | None = None) -> list[str]:
    """Everything of this file at once; ``above``, where something lies over the page and alone can be touched."""
    top = above or root
    found = [("cut", cut(top)), ("small", small(top)), ("pale", pale(top)), ("sideways", sideways(top)),
             ("nameless", nameless(top)), ("overlapping", overlapping(top)), ("stuck", stuck(top))]  # fmt: skip
    amber = primaries(top)
    found.append(("amber", amber if len(amber) > 1 else []))
    return [f"{kind}: {said}" for kind, those in found for said in those]


def _says(widget: QWidget) -> bool:
    return bool(widget.text()) if isinstance(widget, QLabel | QAbstractButton) else False


def _page_of(widget: QWidget, root: QWidget) -> QWidget:
    """The page that scrolls with ``widget`` on it; ``root`` where nothing scrolls."""
    holder = widget.parentWidget()
    while holder is not None and holder is not root:
        above = holder.parentWidget()
        if above is not None and isinstance(above.parentWidget(), QScrollArea):
            return holder
        holder = above
    return root


def _is_target(widget: QWidget) -> bool:
    inside = widget.parentWidget()
    part = isinstance(inside, QComboBox | QHeaderView | QAbstractItemView | QLineEdit | QAbstractSpinBox)
    return not part and not isinstance(widget.focusProxy(), QLineEdit)


def _least_side(widget: QWidget) -> int:
    return min(widget.width(), widget.height())


def _lists(root: QWidget) -> list[QAbstractItemView]:
    return [
        each for each in shown(root, QAbstractItemView)
        if isinstance(each, QAbstractItemView) and not isinstance(each, QHeaderView) and each.model() is not None
    ]  # fmt: skip


def _rows(view: QAbstractItemView) -> list[tuple[str, QRect]]:
    """The cells in view with their words."""
    model, found = view.model(), []
    columns = 1 if not hasattr(view, "isColumnHidden") else model.columnCount()
    for row in range(min(model.rowCount(), 200)):
        for column in range(columns):
            index = model.index(row, column)
            place = view.visualRect(index)
            if place.isValid() and view.viewport().rect().intersects(place):
                found.append((str(index.data(Qt.ItemDataRole.DisplayRole) or ""), place))
    return found
