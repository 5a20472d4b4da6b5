"""The shoot screen: the roster left, who is on set and the newest frame in the middle, what is doubtful at the right.

The pictures themselves are painted by widgets that are handed in. On a low window the roster and the right side fold,
so that the newest frame keeps its size.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
    QWindow,
)  # fmt: skip
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.shoot.alarm_cards import MOST_KEYS
from safelight.desk.shoot.banner import Banner
from safelight.desk.shoot.dressing import dress
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.one_line import OneLine
from safelight.desk.shoot.roster_view import RosterView
from safelight.desk.shoot.rows import Purpose
from safelight.desk.shoot.side_panel import WIDTH as RIGHT
from safelight.desk.shoot.side_panel import SidePanel
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts

SHOTS, SHOTS_LOW = 316, 164
STRIP, STRIP_LOW = 154, 76
LOW_WINDOW = 800
"""A window this low is on a laptop beside the tripod."""

_NO_KEYS = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
     Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock}
)  # fmt: skip
"""Enter itself, and what is no key on its own."""


class ShootView(QWidget):
    """Places the parts, folds them, and says which keys were pressed; it knows nothing of what they mean."""

    next_asked = Signal()
    back_asked = Signal()
    hand_over_asked = Signal()
    take_back_asked = Signal()
    walk_in_asked = Signal()
    nobody_asked = Signal()
    follow_asked = Signal(bool)
    folder_chosen = Signal(str)
    client_asked = Signal()
    number_typed = Signal(int)
    """``#3`` in the line to find somebody: the person on set said the number of a frame."""
    clock_asked = Signal()
    key_pressed = Signal()
    """Another key than Enter was pressed, whatever has the focus."""
    lowered = Signal(bool)
    """The window became low, or high again."""
    dropped = Signal(object)
    """Addresses (:class:`QUrl`) were dropped from another program."""

    def __init__(
        self, words: DeskTexts, large: QWidget, shots: QWidget, strip: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._low, self._right_wanted, self._roster_folded = words, False, True, False
        self._picture_only = False
        self._listened: QWindow | None = None
        self.setProperty("role", "screen")
        self.setAcceptDrops(True)
        self.large, self.shots, self.strip = large, shots, strip
        shots.installEventFilter(self)
        self.roster = RosterView(words)
        self.banner = Banner(words)
        self.right = SidePanel(words)
        self.alarms, self.answers, self.pace = self.right.alarms, self.right.answers, self.right.pace
        self.follow = QPushButton(words.get("shoot.follow"))
        self.follow.setProperty("kind", "chip")
        self.follow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self.follow_asked)
        self._fold = KeyButton("☰", "")
        self._fold.setAccessibleName(words.get("shoot.roster-fold"))
        self._fold.clicked.connect(self.toggle_roster)
        self._lay_out()
        self._join()

    def set_low(self, low: bool) -> None:
        """Whether the window is low (800 pixels or less): everything that can gives way to the newest frame."""
        if low == self._low:
            return
        self._low, self._right_wanted = low, not low
        self.lowered.emit(low)
        if not low:
            self._roster_folded = False
        self.banner.set_low(low)
        self._arrange()

    def toggle_roster(self) -> None:
        """Fold the roster away, or bring it back."""
        self._roster_folded = not self._roster_folded
        self._arrange()
        if self._roster_folded:
            self.shots.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_answers(self) -> None:
        """Show or hide the answers; the right side comes with them."""
        self.answers.toggle()
        self._arrange()

    def toggle_picture_only(self) -> None:
        """Show the newest frame and nothing else, or everything again."""
        self._picture_only = not self._picture_only
        self._arrange()
        (self.large if self._picture_only else self.shots).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_folder(self) -> None:
        """Let somebody choose the folder the camera software writes to."""
        asking = QFileDialog(self, self._words.get("shoot.source.choose"))
        asking.setFileMode(QFileDialog.FileMode.Directory)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(self.folder_chosen)
        asking.open()

    def look_for(self, begun: str = "", purpose: Purpose = Purpose.SET, number: int = 0) -> None:
        """Find somebody: the roster comes back if it was folded."""
        self._roster_folded = False
        self._arrange()
        self.roster.look_for(begun, purpose, number)

    def work(self) -> None:
        """The focus goes to the shots, where letters act."""
        self.shots.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Drop every name and answer; pictures are dropped by whoever shows them."""
        self.banner.forget()
        self.answers.close_answers()
        self.roster.forget()
        self.alarms.show_cards(())

    def enter(self) -> None:
        """What Enter does: press the button with the focus, else take whom the cursor stands on, else the next."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        elif focus is self.roster.search and (number := numbered(self.roster.search.text())):
            self.roster.clear_search()
            self.number_typed.emit(number)
        elif focus in (self.roster.search, self.roster.list):
            if not self.roster.choose() and not self.roster.search.text():
                self.next_asked.emit()
        else:
            self.next_asked.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            tokens = theme.tokens_of(self)
            self.follow.setMinimumHeight(tokens.px(tokens.density.chip))
            dress(self.follow, "small")
            self._arrange()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle: QWindow | None = self.window().windowHandle()
        if handle is not None and handle is not self._listened:
            # There each key passes once, before it is known whom it is meant for.
            self._listened = handle
            handle.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_low(self.window().height() <= LOW_WINDOW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and watched is self._listened and isinstance(event, QKeyEvent):
            if event.key() not in _NO_KEYS:
                self.key_pressed.emit()
            return False
        if watched is self.shots and self._low and isinstance(event, QKeyEvent) and _is_tab(event):
            # Qt would take it to go to the next control; beside the tripod it folds the roster.
            self.toggle_roster()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What the pictures have no use for; a line to type keeps its letters.
        if keys.letter_act(event) == "panel":
            self.toggle_answers()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(addresses(event.mimeData()))
        event.acceptProposedAction()

    def _arrange(self) -> None:
        tokens = theme.tokens_of(self)
        low, px = self._low, tokens.px
        only = self._picture_only
        self.roster.setVisible(not self._roster_folded and not only)
        for each in (self.shots, self.strip, self._top):
            each.setVisible(not only)
        self._fold.setVisible(low)
        right = self._right_wanted or bool(self.alarms.cards) or self.answers.is_open
        self.right.setVisible(right and not only)
        self.right.setFixedWidth(px(RIGHT))
        self.pace.setVisible(not low or self._right_wanted)
        self.strip.setFixedHeight(px(STRIP_LOW if low else STRIP))
        self.shots.setFixedWidth(px(SHOTS_LOW if low else SHOTS))
        self._strip_head.setVisible(not low and not only)
        self._middle.setContentsMargins(px(8 if low else 20), px(0 if low else 8), px(8), px(2 if low else 8))
        self._middle.setSpacing(px(2 if low else 10))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(12)
        head.addWidget(OneLine(self._words.get("shoot.last-frames"), "step", "muted"))
        head.addWidget(OneLine(self._words.get("shoot.last-frames-hint"), "small", "faint"), 1)
        head.addWidget(self.follow)
        self._strip_head = QWidget()
        self._strip_head.setLayout(head)
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(self._fold)
        top.addWidget(self.banner, 1)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(self.large, 1)
        pictures.addWidget(self.shots)
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.addWidget(self._top)
        self._middle.addLayout(pictures, 1)
        self._middle.addWidget(self._strip_head)
        self._middle.addWidget(self.strip)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.roster)
        across.addWidget(middle, 1)
        across.addWidget(self.right)

    def _join(self) -> None:
        for act, call in (
            ("find", self.look_for), ("next_person", self.enter), ("last_person", self.back_asked.emit),
            ("hand_over", self.hand_over_asked.emit), ("take_back", self.take_back_asked.emit),
            ("walk_in", self.walk_in_asked.emit), ("nobody", self.nobody_asked.emit),
        ):  # fmt: skip
            keys.bind(self, act, call, Qt.ShortcutContext.WindowShortcut)
        for digit in range(1, MOST_KEYS + 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{digit}"), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda digit=digit: self.alarms.answer(digit))
        self.banner.next_asked.connect(self.next_asked)
        self.banner.hand_over_asked.connect(self.hand_over_asked)
        self.banner.take_back_asked.connect(self.take_back_asked)
        self.roster.walk_in_asked.connect(self.walk_in_asked)
        self.roster.nobody_asked.connect(self.nobody_asked)
        self.roster.gave_up.connect(self.work)
        twin = QShortcut(QKeySequence(keys.key("panel").twin), self)
        twin.activated.connect(self.toggle_answers)
        self.right.folder_asked.connect(self.ask_folder)
        self.right.clock_asked.connect(self.clock_asked)
        self.right.client_asked.connect(self.client_asked)
        self.alarms.came.connect(self._arrange)
        self.answers.opened.connect(self._arrange)
        self.answers.closed.connect(self._arrange)


def _is_tab(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and not event.modifiers()


def numbered(text: str) -> int:
    """The number in ``#3``; 0 for anything else."""
    digits = text.strip().removeprefix("#")
    return int(digits) if text.strip().startswith("#") and digits.isdecimal() and len(digits) < 5 else 0


def addresses(data: QMimeData) -> tuple[QUrl, ...]:
    """What was dropped, as addresses."""
    return tuple(data.urls()) if data.hasUrls() else ()
