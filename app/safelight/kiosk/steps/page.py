"""The two panels every step is laid out on: a column that scrolls, and a large thing with words beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from safelight.asking.wording import tied
from safelight.kiosk.view import StepView
from safelight.qt.controls import TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.theme import tokens_of


def large(words: TextLabel) -> TextLabel:
    """``words`` as large as a lead but as dark as any sentence: what is to be read first."""
    words.setProperty("role", "body")  # the colour; the size stays
    return words


WIDEST = 1120
"""A line of text is not wider than this many pixels at 100 %: longer lines lose the eye."""


class Column(QWidget):
    """Words and controls below each other, centred, not wider than the eye likes, scrolling when there are many."""

    def __init__(self, widest: int = WIDEST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widest = widest
        self.title = TextLabel("", "title")
        self.lead = TextLabel("", "lead")
        self._column = QWidget()
        self.body = QVBoxLayout(self._column)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(16)
        self.body.addWidget(self.title)
        self.body.addWidget(self.lead)
        inner = QWidget()
        self._sides = QHBoxLayout(inner)
        self._sides.addStretch(1)
        self._sides.addWidget(self._column, 1000)
        self._sides.addStretch(1)
        self.area = Scroll(inner, "")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        self._seen_end = False
        bar = self.area.verticalScrollBar()
        bar.valueChanged.connect(self._look)

    def say(self, title: str, lead: str = "") -> None:
        """The heading and the sentence below it."""
        self.title.setText(tied(title))
        self.lead.setText(tied(lead))
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(title)
        self.area.setAccessibleName(title)
        self._fit()

    def grown(self) -> None:
        """More was added below: it was not seen yet."""
        self._seen_end = False

    def turn(self) -> bool:
        """Show the next screenful of what was not seen yet; False when the end was seen."""
        bar = self.area.verticalScrollBar()
        if self._seen_end or bar.maximum() - bar.value() <= 8:
            self._seen_end = True
            return False
        # A little of what was seen stays in sight, so that nobody loses the place.
        bar.setValue(bar.value() + max(120, self.area.viewport().height() - 120))
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wide margins where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._column.setMaximumWidth(tokens_of(self).px(self._widest))
        side = 20 if self.width() < 900 else 48
        self._sides.setContentsMargins(side, 24, side, 24)

    def _look(self, value: int) -> None:
        bar = self.area.verticalScrollBar()
        if value >= bar.maximum() - 8:
            self._seen_end = True


class Spread(QWidget):
    """One large thing (a photo, a page, the pad) and a strip of words: beside it, or above it when upright."""

    def __init__(self, large: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.large = large
        self.title = TextLabel("", "heading")  # the strip is narrow
        self.lead = TextLabel("", "lead")
        self._strip = QWidget()
        self.body = QVBoxLayout(self._strip)
        self.body.setSpacing(14)
        self.body.addWidget(self.title)
        self.body.addWidget(self.lead)
        self.area = Scroll(self._strip, "")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.area)
        self._box.addWidget(large, 1)

    def say(self, title: str, lead: str = "") -> None:
        """The heading and the sentence below it."""
        self.title.setText(tied(title))
        self.lead.setText(tied(lead))
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(title)
        self.area.setAccessibleName(title)
        self._fit()

    @property
    def upright(self) -> bool:
        """Whether the words stand above the large thing."""
        return self.width() < self.height() * 1.1 or self.width() < 760

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside or above, as the screen is turned."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        side = 20 if self.width() < 900 or tokens_of(self).scale > 1 else 40
        self.body.setContentsMargins(side, 20, side, 20)
        if self.upright:
            self._box.setDirection(QBoxLayout.Direction.TopToBottom)
            wanted = self._strip.heightForWidth(self.width()) if self.body.hasHeightForWidth() else 0
            wanted = max(wanted, self._strip.minimumSizeHint().height())
            self.area.setFixedHeight(min(wanted, self.height() * 45 // 100))
            self.area.setMinimumWidth(0)
            self.area.setMaximumWidth(16777215)
        else:
            self._box.setDirection(QBoxLayout.Direction.LeftToRight)
            share = min(max(self.width() * 32 // 100, tokens_of(self).px(340)), self.width() * 42 // 100)
            self.area.setFixedWidth(share)
            self.area.setMinimumHeight(0)
            self.area.setMaximumHeight(16777215)


def fill_with(view: StepView, panel: QWidget) -> None:
    """Let ``panel`` be all of ``view``."""
    box = QVBoxLayout(view)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(panel)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
