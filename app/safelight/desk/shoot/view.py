"""The shoot screen: the roster left, who is on set and the newest frame in the middle, what is doubtful at the right.

The pictures themselves are painted by widgets that are handed in. On a low window the roster and the right side fold,
so that the newest frame keeps its size.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
    QWindow,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QHBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.shoot.alarm_cards import MOST_KEYS
from safelight.desk.shoot.key_presses import NO_KEYS, is_tab
from safelight.desk.shoot.middle import Middle
from safelight.desk.shoot.pin_sheet import PinSheet
from safelight.desk.shoot.roster_view import RosterView
from safelight.desk.shoot.rows import Purpose, numbered
from safelight.desk.shoot.side_panel import WIDTH as RIGHT
from safelight.desk.shoot.side_panel import SidePanel
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts

RIGHT_LOW = 272
LOW_WINDOW, NARROW_WINDOW = 800, 1180
"""A window this low is on a laptop beside the tripod; in one this narrow the roster is there only while needed."""


class ShootView(QWidget):
    """Places the parts, folds them, and says which keys were pressed; it knows nothing of what they mean."""

    next_asked = Signal()
    back_asked = Signal()
    hand_over_asked = Signal()
    take_back_asked = Signal()
    walk_in_asked = Signal()
    nobody_asked = Signal()
    deliver_asked = Signal()
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
    """Addresses (``QUrl`` values) were dropped from another program."""

    def __init__(
        self, words: DeskTexts, large: QWidget, shots: QWidget, strip: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._low, self._right_wanted, self._roster_folded = words, False, True, False
        self._picture_only, self._has_person, self._narrow = False, True, False
        self._listened: QWindow | None = None
        self.hand = keys.Hand.LETTERS
        self.setProperty("role", "screen")
        self.setAcceptDrops(True)
        self.large, self.shots, self.strip = large, shots, strip
        shots.installEventFilter(self)
        self.roster = RosterView(words)
        self._middle = Middle(words, large, shots, strip)
        self.banner, self.follow = self._middle.banner, self._middle.follow
        self.follow.clicked.connect(self.follow_asked)
        self._middle.fold.clicked.connect(self.toggle_roster)
        self.right = SidePanel(words)
        self.alarms, self.answers, self.pace = self.right.alarms, self.right.answers, self.right.pace
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
        if self._narrow:
            self.roster.give_up() if self.roster.is_wanted else self.look_for()
            return
        self._roster_folded = not self._roster_folded
        self._arrange()
        if self._roster_folded:
            self.work()

    def toggle_answers(self) -> None:
        """Show or hide the answers; the right side comes with them."""
        self.answers.toggle()
        self._arrange()

    def show_picture_only(self, only: bool) -> None:
        """Show the newest frame and nothing else, or everything again."""
        if only != self._picture_only:
            self._picture_only = only
            self._arrange()
            self.work()

    def ask_folder(self) -> None:
        """Let somebody choose the folder the camera software writes to."""
        asking = QFileDialog(self, self._words.get("shoot.source.choose"))
        asking.setFileMode(QFileDialog.FileMode.Directory)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(self.folder_chosen)
        asking.open()

    def ask_delivery(self, name: str, then: Callable[[Path], None]) -> None:
        """Let somebody say where the new folder with a person's pictures shall lie; ``name`` is proposed."""
        asking = QFileDialog(self, self._words.get("shoot.deliver-where"))
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten
        asking.selectFile(name)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda chosen: then(Path(chosen)))
        asking.open()

    def ask_pin(self) -> PinSheet:
        """A sheet that asks for the PIN of somebody of the team."""
        return PinSheet(self.window(), self._words)

    def look_for(self, begun: str = "", purpose: Purpose = Purpose.SET, number: int = 0) -> None:
        """Find somebody: the roster comes back if it was folded."""
        self._roster_folded = False
        self.roster.is_wanted = True
        self._arrange()
        self.roster.look_for(begun, purpose, number)

    def work(self) -> None:
        """The focus goes to the shots, where letters act; to the newest frame while nobody is on set."""
        there = self._has_person and not self._picture_only
        (self.shots if there else self.large).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_person(self, there: bool) -> None:
        """Whether anybody is on set, who has shots and places for those planned; else the newest frame takes all."""
        if there != self._has_person:
            focused = self.window().focusWidget() in (None, self.shots, self.large)
            self._has_person = there
            self._arrange()
            if focused:
                self.work()

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
            self._take()
        else:
            self.next_asked.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
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
        scale = theme.tokens_of(self).scale
        self._narrow = self.width() < NARROW_WINDOW * scale
        self.set_low(self.window().height() <= LOW_WINDOW * scale)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and watched is self._listened and isinstance(event, QKeyEvent):
            if event.key() not in NO_KEYS:
                self.key_pressed.emit()
            return False
        if watched is self.shots and self._low and isinstance(event, QKeyEvent) and is_tab(event):
            # Qt would take it to go to the next control; beside the tripod it folds the roster.
            self.toggle_roster()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What the pictures have no use for; a line to type keeps its letters.
        if keys.letter_act(event, self.hand) == "panel":
            self.toggle_answers()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(tuple(event.mimeData().urls()))
        event.acceptProposedAction()

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        """What lies over the window has its keys to itself: Enter there puts nobody on set."""
        while now is not None and not now.property("lies_over"):
            now = now.parentWidget()
        for each in self.findChildren(QShortcut):
            each.setEnabled(now is None)

    def _gave_up(self) -> None:
        self.roster.is_wanted = False
        self._arrange()
        self.work()

    def _take(self) -> None:
        """Whom the cursor of the roster stands on, else the next."""
        if not self.roster.choose() and not self.roster.search.text():
            self.next_asked.emit()

    def _arrange(self) -> None:
        low, narrow, only, looking = self._low, self._narrow, self._picture_only, self.roster.is_wanted
        people = (looking or not (self._roster_folded or narrow)) and not only
        self.roster.setVisible(people)
        right = (self._right_wanted and not narrow) or bool(self.alarms.cards) or self.answers.is_open
        self.right.setVisible(right and not only and not (narrow and looking))
        self.right.setFixedWidth(theme.tokens_of(self).px(RIGHT_LOW if low else RIGHT))
        self.pace.setVisible(not low or self._right_wanted)
        self._middle.arrange(low=low, only=only, person=self._has_person, folded=not people)

    def _lay_out(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.roster)
        across.addWidget(self._middle, 1)
        across.addWidget(self.right)

    def _join(self) -> None:
        for act, call in (
            ("find", self.look_for), ("next_person", self.enter), ("last_person", self.back_asked.emit),
            ("hand_over", self.hand_over_asked.emit), ("take_back", self.take_back_asked.emit),
            ("walk_in", self.walk_in_asked.emit), ("nobody", self.nobody_asked.emit),
            ("deliver", self.deliver_asked.emit),
        ):  # fmt: skip
            keys.bind(self, act, call, Qt.ShortcutContext.WindowShortcut)
        for digit in range(1, MOST_KEYS + 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{digit}"), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda digit=digit: self.alarms.answer(digit))
        self.banner.next_asked.connect(self._take)
        self.banner.hand_over_asked.connect(self.hand_over_asked)
        self.banner.take_back_asked.connect(self.take_back_asked)
        self.roster.walk_in_asked.connect(self.walk_in_asked)
        self.roster.nobody_asked.connect(self.nobody_asked)
        self.roster.gave_up.connect(self._gave_up)
        twin = QShortcut(QKeySequence(keys.key("panel").twin), self)
        twin.activated.connect(self.toggle_answers)
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._focus_moved)
        self.right.folder_asked.connect(self.ask_folder)
        self.right.clock_asked.connect(self.clock_asked)
        self.right.client_asked.connect(self.client_asked)
        self.alarms.changed.connect(self._arrange)
        self.answers.opened.connect(self._arrange)
        self.answers.closed.connect(self._arrange)
