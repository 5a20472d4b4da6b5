"""The desk's window: bars, the screen between them, the strip that says what happened. Its title carries no name.

The file is long because it is one idea: what the window shows, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.desk import Desk
from safelight.desk.making import Making
from safelight.desk.screen import Later, Screen
from safelight.desk.strip import Strip
from safelight.domain.session import Session
from safelight.qt import theme
from safelight.qt.scan_watch import ScanWatch

if TYPE_CHECKING:
    from safelight.desk.bars import BottomBar, TopBar

LOW = 800
"""A window this low, in pixels, is on a laptop on a tripod table: screens fold what they can."""
TOP, BOTTOM = 52, 44
TABS = 7
"""So many screens have a key that goes there."""
USUAL = (1600, 1000)
SMALLEST = (960, 600)


class DeskWindow(QWidget):
    """Shows one page at a time: before unlocking a gate without bars, afterwards a screen between them."""

    close_asked = Signal()
    """Somebody wants to close the window; whoever hears it calls :meth:`close_now`, at once or later."""
    cover_asked = Signal()
    keys_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._may_close = False
        self._painted: Callable[[], None] | None = None
        self._screens: dict[str, Screen] = {}
        self._offered: list[str] = []
        """The keys of all screens in the order of their tabs, made or not."""
        self.making = Making(self)
        self._shown: Screen | None = None
        self._cover: QWidget | None = None
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)
        words = desk.words
        self.top: TopBar
        self.bottom: BottomBar
        self._has_bars = False
        self.strip, self.stack = Strip(words.get("window.dismiss")), QStackedWidget()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.strip)
        self._rows.addWidget(self.stack, 1)
        self.scans = ScanWatch(self)
        self._connect()

    # Pages.

    def show_gate(self, page: QWidget) -> None:
        """Show ``page`` alone: unlocking, the first run. The one before it is thrown away."""
        self._leave()
        before = self.stack.currentWidget()
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        if before is not None and before not in [each.widget for each in self._screens.values()]:
            self.stack.removeWidget(before)
            before.deleteLater()
        self._bars_shown(False)
        page.setFocus()

    def show_screens(self, screens: Sequence[tuple[Screen | Later, str]], first: str) -> None:
        """Offer ``screens`` (each with the word on its tab) from now on, and show the one called ``first``.

        Those that are not made yet are made in turns of their own from now on, or when somebody goes there.
        """
        gate = self.stack.currentWidget()
        for screen, _ in screens:
            if screen.key not in self._offered:
                self._offered.append(screen.key)
            if not isinstance(screen, Later):
                self.add_screen(screen)
        self.making.offer(each for each, _ in screens if isinstance(each, Later) and each.key not in self._screens)
        self.make_bars()
        self.top.set_tabs([(screen.key, word) for screen, word in screens])
        self._bars_shown(True)
        self.open_screen(first)
        if gate is not None and gate not in [each.widget for each in self._screens.values()]:
            self.stack.removeWidget(gate)
            gate.deleteLater()

    def add_screen(self, screen: Screen) -> None:
        """Take ``screen`` in without showing it: to dress it takes its time, so screens come one by one."""
        if self._screens.get(screen.key) is not screen:
            self._screens[screen.key] = screen
            self.stack.addWidget(screen.widget)

    def open_screen(self, key: str) -> None:
        """Show the screen ``key``; nothing happens when there is none of that name."""
        if (wanted := self.making.take(key)) is not None:
            self.add_screen(wanted)
        screen = self._screens.get(key)
        if screen is None or screen is self._shown:
            return
        self._leave()
        self._shown = screen
        self.stack.setCurrentWidget(screen.widget)
        self.top.show_tab(key)
        self.bottom.show_keys_of(key)
        screen.opened()

    @property
    def sheets(self) -> list[QWidget]:
        """What lies over the window now."""
        return [each for each in self.findChildren(QWidget) if each.property("lies_over")]

    @property
    def screen_key(self) -> str:
        """The screen that is shown; empty at the gate."""
        return self._shown.key if self._shown is not None else ""

    def cover(self, cover: QWidget) -> None:
        """Everything but ``cover`` is hidden, and the screens forget pixmaps, names and answers."""
        self._cover = cover
        for sheet in self.sheets:
            sheet.close()
        self.strip.hush()
        self.scans.forget()
        self.strip.hide()
        self.stack.hide()
        self._bars_shown(False)
        for screen in self._screens.values():
            screen.forget()
        if self._has_bars:
            self.top.show_job("", "")
            self.bottom.hush()
        cover.setGeometry(self.rect())

    def uncover(self) -> None:
        """The screen that was there asks for its rows again."""
        self._cover = None
        self._bars_shown(bool(self._offered))
        self.stack.show()
        if self._has_bars:
            self._show_session(self._desk.session)
            self._show_status()
        if self._shown is not None:
            self._shown.opened()

    def drop_screens(self) -> None:
        """Throw every screen away, also those that are being made."""
        self.making.drop()
        self._leave()
        for screen in self._screens.values():
            screen.forget()
            self.stack.removeWidget(screen.widget)
            screen.widget.deleteLater()
        self._screens, self._offered = {}, []
        if self._has_bars:
            self.top.set_tabs([])

    def step_aside(self) -> None:
        """The signing screen is open: on the only screen there is, nothing of the desk may be found behind it."""
        if len(QGuiApplication.screens()) == 1:
            self.hide()

    def step_back(self) -> None:
        """The signing screen is gone."""
        if not self.isVisible() and not self._may_close:
            self.show()
        self.activateWindow()

    def drop_bars(self) -> None:
        """Throw the bars away; those that come with the next screens speak the words of then."""
        self.strip.dismiss.set_name(self._desk.words.get("window.dismiss"))
        if not self._has_bars:
            return
        self._desk.status.changed.disconnect(self._show_status)
        self._desk.session_changed.disconnect(self._show_session)
        self._has_bars = False
        for bar in (self.top, self.bottom):
            self._rows.removeWidget(bar)
            bar.deleteLater()

    # What the window is told.

    def after_first_paint(self, call: Callable[[], None]) -> None:
        """Make ``call`` once the window has been painted for the first time."""
        self._painted = call

    def close_now(self) -> None:
        """Close, without asking anybody again."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_asked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (handle := self.windowHandle()) is not None:
            self.scans.listen(handle)
        if self._painted is not None:
            call, self._painted = self._painted, None
            # The event that paints is in the queue before this one.
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, call))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where no screen wants it for itself, stops the long job that began last."""
        if event.key() == Qt.Key.Key_Escape and not self._desk.is_covered and self._desk.status.cancel():
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._desk.compact = self.height() <= LOW
        if self._cover is not None:
            self._cover.setGeometry(self.rect())
        if self._has_bars:
            self.bottom.fit(self.width())

    # Inside.

    def _connect(self) -> None:
        desk = self._desk
        desk.went.connect(self.open_screen)
        desk.said.connect(self._say)
        self.making.made.connect(self.add_screen)
        self.scans.scanned.connect(self._scanned)
        self.scans.used.connect(desk.worked)
        for place in range(TABS):
            keys.bind(self, f"tab_{place + 1}", partial(self._tab, place), Qt.ShortcutContext.WindowShortcut)
        for act, call in (
            ("undo", partial(self._step, "window.undone", desk.undo.undo)),
            ("redo", partial(self._step, "window.redone", desk.undo.redo)), ("cover", self.cover_asked.emit),
            ("keys", self.keys_asked.emit),
        ):  # fmt: skip
            keys.bind(self, act, call, Qt.ShortcutContext.WindowShortcut)

    def make_bars(self) -> None:
        """Make the bars, hidden, when there will be something to show in them: a turn of the window in itself."""
        if self._has_bars:
            return
        from safelight.desk.bars import BottomBar, TopBar  # a first window has none

        desk = self._desk
        self.top, self.bottom, self._has_bars = TopBar(desk.words), BottomBar(desk.words), True
        self.top.hide()
        self.bottom.hide()
        self._rows.insertWidget(0, self.top)
        self._rows.addWidget(self.bottom)
        self.top.chosen.connect(desk.go)
        self.bottom.cancel_asked.connect(desk.status.cancel)
        desk.status.changed.connect(self._show_status)
        desk.session_changed.connect(self._show_session)
        self._show_session(desk.session)
        self._show_status()
        self.bottom.fit(self.width())

    def _say(self, title: str, hint: str) -> None:
        if self._cover is None:
            self.strip.say(title, hint)

    def _bars_shown(self, shown: bool) -> None:
        if not self._has_bars:
            return
        self.top.setVisible(shown)
        self.bottom.setVisible(shown)
        scale = theme.tokens_of(self).scale
        self.top.setMinimumHeight(round(TOP * scale))
        self.bottom.setMinimumHeight(round(BOTTOM * scale))

    def _leave(self) -> None:
        left, self._shown = self._shown, None
        if left is not None:
            left.left()

    def _tab(self, place: int) -> None:
        if place < len(self._offered) and not self._desk.is_covered:
            self.open_screen(self._offered[place])

    def _scanned(self, code: str) -> None:
        if not self._desk.is_covered and self._desk.is_open:
            self._desk.scanned.emit(code)

    def _show_status(self) -> None:
        if self._cover is not None:
            return
        self.top.show_status(self._desk.status)
        self.bottom.show_status(self._desk.status)

    def _show_session(self, session: Session | None) -> None:
        if session is None or self._cover is not None:
            self.top.show_job("", "")
            return
        from safelight.settings.locales import day_words  # CLDR's tables, which the first window need not wait for

        self.top.show_job(session.name, day_words(self._desk.words.language, session.country, session.day))

    def _step(self, key: str, step: Callable[[], str]) -> None:
        words = self._desk.words
        if not self._desk.is_covered:
            act = step()
            self._desk.say(words.get(key, act=act) if act else words.get("window.nothing_to_undo"))
