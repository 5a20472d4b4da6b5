"""A page over the window that takes the focus and gives it back: the keys, and what happens when jobs still run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.bars import KeyCap
from safelight.desk.keys import Hand
from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import Scroll
from safelight.settings.desk_texts import DeskTexts

WIDE = 920


class Sheet(QWidget):
    """Lies over everything in its window; Esc closes it, what is below cannot be reached."""

    def __init__(self, parent: QWidget, title: str, *, wide: int = WIDE, tall: bool = True) -> None:
        super().__init__(parent)
        self._before = QApplication.focusWidget()
        self.setProperty("role", "screen")
        self.setProperty("lies_over", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.card = QFrame()
        self.card.setProperty("role", "card")
        self.card.setMaximumWidth(theme.tokens_of(parent).px(wide))
        self.rows = QVBoxLayout(self.card)
        self.rows.setContentsMargins(20, 16, 20, 16)
        self.rows.setSpacing(12)
        self.rows.addWidget(TextLabel(title, "heading"))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card, 100)
        middle.addStretch(1)
        around = QVBoxLayout(self)
        around.addStretch(1)
        around.addLayout(middle, 100 if tall else 0)
        around.addStretch(1 if tall else 2)
        self.setAccessibleName(title)
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())

    def open(self, first: QWidget) -> None:
        """Show it, with the focus at ``first``."""
        self.raise_()
        self.show()
        first.setFocus()

    def dismiss(self) -> None:
        """Go, and give the focus back."""
        before, self._before = self._before, None
        self.close()
        if before is not None and before.isVisible():
            before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; every other key stays here."""
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()

    def focusNextPrevChild(self, onwards: bool) -> bool:
        """Tab goes round inside the sheet."""
        inside = [
            each for each in self.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
            and each.focusProxy() is None
        ]  # fmt: skip
        now = QApplication.focusWidget()
        place = inside.index(now) if now in inside else -1
        if inside:
            reason = Qt.FocusReason.TabFocusReason if onwards else Qt.FocusReason.BacktabFocusReason
            inside[(place + (1 if onwards else -1)) % len(inside)].setFocus(reason)
        return bool(inside)


def keys_sheet(parent: QWidget, words: DeskTexts, hand: Hand) -> Sheet:
    """All keys, in three columns."""
    sheet = Sheet(parent, words.get("keys.title"))
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setHorizontalSpacing(24)
    lines = [(keys.shown(each.act, hand), words.get(f"keys.{each.act}"), each.twin) for each in keys.KEYS]
    lines += [("Alt+1–9", words.get("keys.alarm"), ""), ("Esc", words.get("keys.cancel"), "")]
    height = (len(lines) + 2) // 3
    for place, (cap, word, twin) in enumerate(lines):
        shown = f"{cap}  {twin}" if twin else cap
        grid.addWidget(KeyCap(shown, word), place % height, place // height)
    area = Scroll(inside, words.get("keys.title"))
    close = Button(words.get("keys.close"), "choice")
    close.clicked.connect(sheet.dismiss)
    sheet.rows.addWidget(area, 1)
    sheet.rows.addWidget(close)
    sheet.open(close)
    return sheet


def closing_sheet(
    parent: QWidget, words: DeskTexts, running: int, finish: Callable[[], None], stop: Callable[[], None]
) -> Sheet:
    """The window is to be closed while jobs run: finish them first, stop them, or stay."""
    sheet = Sheet(parent, words.get("closing.title", n=running), wide=560, tall=False)
    sheet.rows.addWidget(TextLabel(words.get("closing.kept"), "body"))
    wait = Button(words.get("closing.finish"), "primary")
    end = Button(words.get("closing.stop"), "choice")
    stay = Button(words.get("closing.stay"), "quiet")

    def chosen(call: Callable[[], None]) -> None:
        sheet.dismiss()
        call()

    wait.clicked.connect(lambda: chosen(finish))
    end.clicked.connect(lambda: chosen(stop))
    stay.clicked.connect(sheet.dismiss)
    for button in (wait, end, stay):
        sheet.rows.addWidget(button)
    sheet.open(wait)
    return sheet
