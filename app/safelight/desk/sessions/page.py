"""A page over the list of sessions: a head with the way back, what goes in the middle, what went wrong at its foot."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from safelight.qt import icons, theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

MARGIN, GAP = 20, 12
_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LanguageChange})


class Page(QWidget):
    """Esc and the arrow lead back to the list; ``middle`` is the layout for what the page is about."""

    back_asked = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.words = words
        self.back = Button(words.get("sessions.back"), "quiet", icon="back")
        self.title, self.about = TextLabel("", "heading"), TextLabel("", "muted")
        self.middle = QVBoxLayout()
        self.middle.setSpacing(GAP)
        self.foot = Foot()
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addWidget(self.about, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        rows.setSpacing(GAP)
        rows.addLayout(head)
        rows.addLayout(self.middle, 1)
        rows.addWidget(self.foot)
        self.back.clicked.connect(self.back_asked)

    def show_head(self, title: str, about: str = "") -> None:
        """What the page does, and for which session."""
        self.title.setText(title)
        self.about.setText(about)

    def show_error(self, title: str, hint: str = "") -> None:
        """What went wrong and what to do; nothing for nothing."""
        self.foot.said.setText(f"{title} {hint}".strip())

    def event(self, event: QEvent) -> bool:
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_asked.emit()
        else:
            super().keyPressEvent(event)


def takes_escape(event: QEvent) -> bool:
    """Whether ``event`` announces Esc: it is taken then, or the window would stop a long job instead."""
    announced = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
    if not announced or cast(QKeyEvent, event).key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True


class Foot(QFrame):
    """One sentence, and the buttons that act."""

    def __init__(self) -> None:
        super().__init__()
        self.said = TextLabel("", "warning")
        self.columns = QHBoxLayout(self)
        self.columns.setContentsMargins(0, 0, 0, 0)
        self.columns.setSpacing(GAP)
        self.columns.addWidget(self.said, 1)

    def add(self, *buttons: Button) -> None:
        """Buttons from the reading side on."""
        for each in buttons:
            self.columns.addWidget(each)


class Check(QCheckBox):
    """A use or a recipient that can be chosen; ``key`` is its id. Its words are plain text."""

    focused = Signal(str)

    def __init__(self, key: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.key = key
        self.setAccessibleName(text)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self, "list")
            tokens = theme.tokens_of(self)
            self.setMinimumHeight(tokens.px(tokens.density.control))
        elif event.type() == QEvent.Type.FocusIn:
            self.focused.emit(self.key)
        return bool(super().event(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A mark in the box besides its fill, so that no colour has to be understood."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        size = max(8, min(box.width(), box.height()) - 6)
        place = box.center() - QPoint(size // 2 - 1, size // 2 - 1)
        mark = icons.pixmap("check", theme.tokens_of(self).card, size, self.devicePixelRatioF())
        QPainter(self).drawPixmap(place, mark)


def of_fixed_height(field: EntryField) -> EntryField:
    """``field``, from whose height no sentence that appears later takes any."""
    field.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return field
