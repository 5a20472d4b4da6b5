"""What can be measured of a shown window: clipped words, sizes of what is touched, names, contrast as painted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from safelight.kiosk.pad import SignaturePad
from safelight.qt.controls import Button

LEAST = 48


def shown(root: QWidget, kind: type[QWidget] | tuple[type[QWidget], ...]) -> Iterator[QWidget]:
    """What of these kinds can be seen, or scrolled to."""
    for widget in root.findChildren(QWidget):
        if isinstance(widget, kind) and widget.isVisibleTo(root) and not isinstance(widget, QScrollBar):
            yield widget


def called(widget: QWidget) -> str:
    """A short name for messages."""
    text = getattr(widget, "text", lambda: "")()
    return f"{type(widget).__name__} {widget.accessibleName() or text!r} {widget.size().toTuple()}"


def clipped(root: QWidget) -> list[str]:
    """Words that do not get the room they need, and widgets that stick out of what holds them."""
    found = []
    for widget in shown(root, (QLabel, QAbstractButton)):
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if not words:
            continue
        needs = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()
        if widget.height() < needs - 1:
            found.append(f"{called(widget)} needs a height of {needs}")
        longest = _longest_word(widget, words)
        if longest > widget.width() + 1:
            found.append(f"{called(widget)} has a word {longest} wide")
    found += [f"{called(widget)} sticks out" for widget in shown(root, QWidget) if _sticks_out(widget, root)]
    return found


def overlapping(root: QWidget) -> list[str]:
    """Words and buttons that lie on each other."""
    found = []
    for first, second in itertools.combinations(shown(root, (QLabel, QAbstractButton)), 2):
        if first.isAncestorOf(second) or second.isAncestorOf(first):
            continue
        one, other = (QRect(each.mapTo(root, QPoint()), each.size()) for each in (first, second))
        if one.adjusted(1, 1, -1, -1).intersects(other.adjusted(1, 1, -1, -1)):
            found.append(f"{called(first)} lies on {called(second)}")
    return found


def _longest_word(widget: QWidget, words: str) -> int:
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel) and not widget.wordWrap():
        return max(metrics.horizontalAdvance(line) for line in words.splitlines())
    return max((metrics.horizontalAdvance(word) for word in words.split() if _is_one(word)), default=0)


def _is_one(word: str) -> bool:
    """Whether a line cannot break inside ``word``: scripts without blanks may break anywhere."""
    return all(ord(letter) < 0x0E00 or 0x1E00 <= ord(letter) < 0x2E00 for letter in word)


def _sticks_out(widget: QWidget, root: QWidget) -> bool:
    if not isinstance(widget, QLabel | QAbstractButton | QLineEdit | SignaturePad):
        return False
    place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
    holder = widget.parentWidget()
    while holder is not None and holder is not root:
        above = holder.parentWidget()
        area = above.parentWidget() if above is not None else None
        if isinstance(area, QScrollArea) and holder is area.widget():
            room = QRect(holder.mapTo(root, QPoint(0, 0)), holder.size())
            seen = QRect(area.viewport().mapTo(root, QPoint(0, 0)), area.viewport().size())
            return not room.contains(place) or place.left() < seen.left() - 1 or place.right() > seen.right() + 1
        holder = holder.parentWidget()
    return not root.rect().contains(place)


def touchable(root: QWidget) -> list[QWidget]:
    """What a finger or a key can act on."""
    return list(shown(root, (QAbstractButton, QLineEdit, SignaturePad)))


def too_small(root: QWidget) -> list[str]:
    """Targets under 48 pixels (WCAG 2.2, 2.5.5 asks for 44)."""
    return [called(each) for each in touchable(root) if each.width() < LEAST or each.height() < LEAST]


def nameless(root: QWidget) -> list[str]:
    """What a screen reader would have no word for."""
    found = []
    for widget in [*touchable(root), *shown(root, QAbstractScrollArea)]:
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(called(widget))
    return found


def tab_order(root: QWidget) -> list[QWidget]:
    """What Tab reaches, in its order, once round."""
    stops = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        able = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
        if able and widget.isVisibleTo(root) and root.isAncestorOf(widget) and widget.focusProxy() is None:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(picture: QImage, place: QRect) -> float:
    """Between the most frequent colour of ``place`` and the one farthest from it, as painted (WCAG formula)."""
    part = picture.copy(place).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), dtype=np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    ground = luminance(QColor(int(colours[counts.argmax()])))
    often = sorted(zip(counts.tolist(), colours.tolist(), strict=True), reverse=True)[:400]
    lights = [luminance(QColor(colour)) for times, colour in often if times >= 3]
    return max(((max(each, ground) + 0.05) / (min(each, ground) + 0.05) for each in lights), default=1.0)


def faint(root: QWidget, least: float = 4.5) -> list[str]:
    """Words that are too faint against what is behind them; what cannot be pressed now does not count."""
    picture = root.grab().toImage()
    ratio = picture.devicePixelRatio()
    found = []
    for widget in shown(root, (QLabel, Button)):
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).intersected(root.rect())
        if not words or not widget.isEnabled() or place.height() < widget.height() or widget.visibleRegion().isEmpty():
            continue
        if widget.visibleRegion().boundingRect().height() < widget.height():
            continue
        inside = place.adjusted(4, 4, -4, -4)
        scaled = QRect(inside.topLeft() * ratio, inside.size() * ratio)
        found += [] if contrast(picture, scaled) >= least else [called(widget)]
    return found
