"""What people read and touch: words that wrap and are never cut, buttons large enough for any finger, one line to type.
All text is plain: a name with ``<b>`` or ``&`` in it is shown as typed. Every size grows with the tokens' scale.
"""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from . import icons, theme
from .lettering import LatelyLaidOut, Lettering
from .theme import Tokens

Kind = Literal["primary", "choice", "quiet"]
MOST_UNPARTED = 320
"""No word asks for more pixels than this to itself: on a narrow screen in large type it is parted instead."""

_DRESSED_BY = (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange, QEvent.Type.LanguageChange)
_SHOWN = QEvent.Type.ShowToParent


class TextLabel(QLabel):
    """Text that wraps at the width it has and always gets the height for it; ``role`` is a key of ``Density.type``."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._lately = role, LatelyLaidOut()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._lately.forget()
        self._keep_height()

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self, self._role)
            self._keep_height()
        return super().event(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return math.ceil(self._laid_out(width).height) if self.text() else 0

    def sizeHint(self) -> QSize:
        # As a paragraph of a readable width, not as one endless line.
        natural = math.ceil(self._lately.natural(self.text(), self.font())) + 1
        tokens = theme.tokens_of(self)
        wide = min(natural, tokens.px(tokens.density.paragraph))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        word = math.ceil(self._lately.word(self.text(), self.font())) + 1
        return QSize(min(word, MOST_UNPARTED), self.fontMetrics().height() if self.text() else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QStylePainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        lettering = self._laid_out(self.width())
        lettering.draw(painter, 0, max(0.0, (self.height() - lettering.height) / 2))

    def _laid_out(self, width: int) -> Lettering:
        return self._lately.within(self.text(), self.font(), max(1, width), self.alignment(), self.layoutDirection())

    def _keep_height(self) -> None:
        # A layout asks for the height at a width only if all above it do; a least height holds everywhere.
        was_shown = self.testAttribute(Qt.WidgetAttribute.WA_WState_Created)  # otherwise it has no width yet
        if was_shown and (wanted := self.heightForWidth(self.width())) != self.minimumHeight():
            self.setMinimumHeight(wanted)
        self.updateGeometry()


class Button(QPushButton):
    """A button whose words wrap. A checkable one shows that it is chosen by fill and a mark, ``chosen_icon``.

    ``about`` is what a screen reader says instead of the words alone ("Yes: the studio's website").
    """

    chosen_icon = "check"
    leading = False
    """Whether the words stand where reading starts, as in a list, and not in the middle."""

    def __init__(
        self, text: str, kind: Kind = "choice", icon: str = "", about: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._drawing, self._kind, self._neighbour = text, icon, kind, 0
        self._lately = LatelyLaidOut()
        self.setProperty("kind", kind)
        self.setAutoDefault(True)  # Enter presses it, as Space does
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_words(text, about)

    @property
    def words(self) -> str:
        """The text as shown."""
        return self._words

    def set_words(self, text: str, about: str = "") -> None:
        """Other words on the same button."""
        self._words = text
        self._lately.forget()
        self.setText(text.replace("&", "&&"))  # no letter becomes a shortcut
        self.setAccessibleName(about or text)
        self.updateGeometry()
        self._keep_height()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Another drawing before the words; empty for none."""
        self._drawing = icon
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        if (kind := event.type()) in _DRESSED_BY:
            theme.dress(self, "button")
            self._keep_height()
        elif kind == _SHOWN:
            self._keep_height()
        return super().event(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._high(width, theme.tokens_of(self))

    def _high(self, width: int, tokens: Tokens) -> int:
        words = self._laid_out(max(1, width - self._around(tokens)))
        return max(self._least(tokens), math.ceil(words.height) + 2 * tokens.px(tokens.density.gap))

    def sizeHint(self) -> QSize:
        tokens = theme.tokens_of(self)
        width = math.ceil(self._lately.natural(self._words, self.font())) + 1 + self._around(tokens)
        width = max(width, self._least(tokens) * (1 if self._kind == "quiet" else 2))
        return QSize(width, self._high(width, tokens))

    def minimumSizeHint(self) -> QSize:
        word = min(MOST_UNPARTED, math.ceil(self._lately.word(self._words, self.font())) + 1)
        tokens = theme.tokens_of(self)
        return QSize(max(tokens.px(tokens.density.small), word + self._around(tokens)), self._least(tokens))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        tokens = theme.tokens_of(self)
        filled = tokens.on_chosen if self.isChecked() else tokens.on_accent if self._kind == "primary" else tokens.text
        colour = filled if self.isEnabled() else tokens.muted
        drawing = self.chosen_icon if self.isChecked() else self._drawing
        gap, padding = tokens.px(tokens.density.gap), self._padding(tokens)
        before = self._icon_size() + gap if drawing and self._words else 0
        room = max(1, self.width() - self._around(tokens))
        lettering = self._laid_out(room)
        wide = lettering.width
        spare = self.width() - wide - before
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = spare - padding if backwards else padding
        left = start if self.leading else spare / 2
        if drawing:
            size = self._icon_size()
            last = backwards is not (drawing == "next")  # what leads on stands after the words
            x = left + wide + gap if last else left
            x = x if self._words else (self.width() - size) / 2
            arrow = backwards and drawing in ("back", "next", "undo")
            picture = icons.pixmap(drawing, colour, size, self.devicePixelRatioF(), mirrored=arrow)
            painter.drawPixmap(QPointF(x, (self.height() - size) / 2), picture)
            left += 0 if last else before
        painter.setPen(colour)
        # The layout sets its lines in the whole room for words, of which only ``wide`` is used.
        share = float(backwards) if self.leading else 0.5
        lettering.draw(painter, left - (room - wide) * share, (self.height() - lettering.height) / 2)

    def set_least(self, width: int, height: int) -> None:
        """Be no smaller than a neighbour is."""
        self._neighbour = height
        if width != self.minimumWidth():
            self.setMinimumWidth(width)
        self._keep_height()

    def _keep_height(self) -> None:
        # While hidden it hears of no resize: words in a width of before must not make its row taller.
        wanted = max(self._neighbour, 0 if self.isHidden() else self.heightForWidth(self.width()))
        if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created) and wanted != self.minimumHeight():
            self.setMinimumHeight(wanted)

    def _icon_size(self) -> int:
        return round(self.fontInfo().pixelSize() * 1.3)  # by the letters: some scripts stand in far taller lines

    def _least(self, tokens: Tokens) -> int:
        return tokens.px(tokens.density.small if self._kind == "quiet" else tokens.density.control)

    def _around(self, tokens: Tokens) -> int:
        """What is left and right of the words; room for the mark is kept before there is one."""
        marked = (self._drawing or self.isCheckable()) and self._words
        return 2 * self._padding(tokens) + (self._icon_size() + tokens.px(tokens.density.gap) if marked else 0)

    def _padding(self, tokens: Tokens) -> int:
        return tokens.px(tokens.density.pad_quiet if self._kind == "quiet" else tokens.density.pad)

    def _laid_out(self, width: float) -> Lettering:
        align = Qt.AlignmentFlag.AlignLeading if self.leading else Qt.AlignmentFlag.AlignHCenter
        return self._lately.within(self._words, self.font(), width, align, self.layoutDirection())


class IconButton(Button):
    """A square button with a drawing and no words; ``name`` is spoken, and shown as a tool tip."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", "quiet", icon, name, parent)
        self.set_name(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        """What it is called."""
        self.setAccessibleName(name)
        self.setToolTip(name.replace("<", "‹"))  # a tool tip would read tags

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._least(theme.tokens_of(self))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:  # noqa: ARG002 - a square
        return self._least(theme.tokens_of(self))


class EntryField(QWidget):
    """One line to type, under its label."""

    edited = Signal(str)
    entered = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = TextLabel(label, "body")
        self.edit = QLineEdit()
        self.label.setBuddy(self.edit)
        self.edit.setAccessibleName(label)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # it leads to the clipboard of others
        self.edit.textChanged.connect(self.edited)  # textEdited is silent when a screen reader writes
        self.edit.returnPressed.connect(self.entered)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.label)
        rows.addWidget(self.edit)
        self.setFocusProxy(self.edit)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            theme.dress(self.edit, "body")
        return super().event(event)

    def set_label(self, label: str) -> None:
        """Another label, in another language perhaps; what was typed stays."""
        self.label.setText(label)
        self.edit.setAccessibleName(label)

    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Put ``text`` into the line, which is no typing: nothing is signalled."""
        with QSignalBlocker(self.edit):
            self.edit.setText(text)
