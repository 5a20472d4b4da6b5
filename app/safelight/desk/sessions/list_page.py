"""The list of sessions with what was counted in each, and beside it the one with the focus and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.qt import theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import CardFrame, Scroll
from safelight.qt.table import Row, Table
from safelight.settings.desk_texts import DeskTexts

from .page import GAP, MARGIN, takes_escape
from .rows import SessionAbout, SessionLine, found, short

COLUMNS = ("session", "client", "days", "people", "ready", "waiting", "photographed", "state")
LET_GO = ("client", "waiting", "ready", "photographed", "people")
"""What is left out of the list, this first, where there is little room: it stands beside the list too."""
BESIDE = 336
ACTS = ("open", "people", "cards", "change", "duplicate", "reopen")
_FACT_LETTERS = 160


class ListPage(QWidget):
    """Lines come in; which one has the focus, and what is wanted of it, goes out."""

    chosen = Signal(str)
    """The id of the session with the focus."""
    asked = Signal(str, str)
    """One of ``ACTS``, and the session it is wanted of."""
    new_asked = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self._lines: tuple[SessionLine, ...] = ()
        self._known = False
        self.title, self.told = TextLabel(words.get("sessions.title"), "title"), TextLabel("", "muted")
        self.new = Button(words.get("sessions.new"), icon="plus")
        self.search = _FindField(words.get("sessions.find"))
        self.table = Table(words.get("sessions.list"), [words.get(f"sessions.column_{each}") for each in COLUMNS])
        self.table.let_go([COLUMNS.index(each) for each in LET_GO])
        self.empty = TextLabel("", "lead")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.first = Button(words.get("sessions.new"), "primary", icon="plus")
        self.first.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.side = SidePart(words)
        self._lay_out()
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(lambda key: self.asked.emit("open", key))
        self.side.asked.connect(self._ask)
        self.search.edited.connect(lambda _: self._show_found())
        self.search.entered.connect(self._open_found)
        self.search.down_asked.connect(self._go_down)
        for each in (self.new, self.first):
            each.clicked.connect(self.new_asked)
        keys.bind(self, "find", self.look_for)
        keys.bind(self, "walk_in", self.new_asked.emit)
        for part in (self.table, self.empty, self.first, self.side):
            part.hide()  # until there is something to show, and a window that says how large

    def show_lines(self, lines: Sequence[SessionLine], *, known: bool = False) -> None:
        """All sessions, the newest first; while nothing is ``known`` yet an empty list says nothing."""
        self._lines, self._known = tuple(lines), known
        self._show_found()

    def show_about(self, about: SessionAbout | None) -> None:
        """What stands beside the list."""
        self.side.show_about(about)

    def look_for(self) -> None:
        """The focus goes to find."""
        self.search.setFocus()
        self.search.edit.selectAll()

    def work(self) -> None:
        """The focus goes to where work begins: the list, or the button that makes the first session."""
        (self.table if self.table.rows else self.first if self._known else self.new).setFocus()

    def forget(self) -> None:
        """Show and remember no session."""
        self.search.set_text("")
        self.show_lines(())
        self.side.show_about(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters typed over the list find."""
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.text().strip() and event.text().isprintable() and not held and self.search.isVisible():
            self.search.setFocus()
            self.search.edit.setText(event.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tokens = theme.tokens_of(self)
        self.side.setFixedWidth(tokens.px(BESIDE))
        # Words of two sizes stand on one line.
        deeper = self.title.fontMetrics().descent() - self.told.fontMetrics().descent()
        self._beside_title.setContentsMargins(0, 0, 0, deeper)
        self.table.horizontalHeader().setFixedHeight(tokens.px(tokens.density.field))

    def _lay_out(self) -> None:
        self.search.setMaximumWidth(420)
        self._beside_title = QVBoxLayout()
        self._beside_title.addStretch(1)
        self._beside_title.addWidget(self.told)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.title)
        head.addLayout(self._beside_title, 1)
        head.addWidget(self.search, 1)
        head.addWidget(self.new)
        head.setAlignment(self.new, Qt.AlignmentFlag.AlignBottom)
        head.setAlignment(self.title, Qt.AlignmentFlag.AlignBottom)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addStretch(0)
        left.addWidget(self.empty)
        left.addWidget(self.first, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addStretch(0)
        self._left = left
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addLayout(left, 1)
        columns.addWidget(self.side)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        rows.setSpacing(GAP)
        rows.addLayout(head)
        rows.addLayout(columns, 1)

    def _show_found(self) -> None:
        typed = self.search.text()
        shown = found(self._lines, typed)
        self.table.show_rows([Row(each.id, each.cells, "muted" if each.closed else "") for each in shown])
        self.told.setText(self._words.get("sessions.count", n=len(self._lines)) if self._lines else "")
        if shown and self.table.current is None:
            self.table.choose(shown[0].id)
        empty, none = not shown and self._known, not self._lines
        self.table.setVisible(not empty)
        self.search.setVisible(not (empty and none))
        self.new.setVisible(not (empty and none))
        self.empty.setVisible(empty)
        self.first.setVisible(empty and none)
        self.empty.setText(
            self._words.get("sessions.empty") if none else self._words.get("sessions.not_found", typed=short(typed))
        )
        for stretch in (1, 4):
            self._left.setStretch(stretch, 1 if empty else 0)
        if not shown:
            self.side.show_about(None)

    def _open_found(self) -> None:
        if self.table.current is not None and self.table.rows:
            self.asked.emit("open", self.table.current)

    def _go_down(self) -> None:
        if self.table.rows:
            self.table.setFocus()

    def _ask(self, act: str) -> None:
        if self.side.shown is not None:
            self.asked.emit(act, self.side.shown)


class _FindField(EntryField):
    down_asked = Signal()

    def event(self, event: QEvent) -> bool:
        return bool(self.text() and takes_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow leads from what was typed to what was found."""
        if event.key() == Qt.Key.Key_Down:
            self.down_asked.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.edit.clear()
        else:
            super().keyPressEvent(event)


class SidePart(CardFrame):
    """One session: its facts, how many signing places it needs, and the buttons."""

    asked = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.shown: str | None = None
        self.name = TextLabel("", "heading")
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(GAP)
        self.facts.setVerticalSpacing(4)
        self.facts.setColumnStretch(1, 1)
        self.plan = TextLabel("", "body")
        self.buttons = {
            each: Button(words.get(f"sessions.act_{each}"), "primary" if each == "open" else "choice") for each in ACTS
        }
        inside = QWidget()
        told = QVBoxLayout(inside)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(GAP)
        told.addWidget(self.name)
        told.addWidget(self.plan)
        told.addLayout(self.facts)
        told.addStretch(1)
        self.area = Scroll(inside, words.get("sessions.about"))
        self.body.setContentsMargins(16, 16, 16, 16)
        self.body.setSpacing(GAP)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.buttons["open"])
        for act, button in self.buttons.items():
            if act != "open":  # what there is no room for is scrolled to; to open the session is always at hand
                told.addWidget(button)
            button.clicked.connect(lambda _=False, act=act: self.asked.emit(act))

    def show_about(self, about: SessionAbout | None) -> None:
        """Another session, or none."""
        self.shown = about.id if about is not None else None
        self.setVisible(about is not None)
        while (item := self.facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.name.setText(short(about.name, _FACT_LETTERS) if about is not None else "")
        self.plan.setText(about.plan if about is not None else "")
        if about is None:
            return
        self.plan.setVisible(bool(about.plan))
        for row, (name, value) in enumerate(about.facts):
            self.facts.addWidget(TextLabel(name, "small"), row, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(TextLabel(short(value, _FACT_LETTERS), "body"), row, 1)
        for act in ("people", "cards", "change"):
            self.buttons[act].setVisible(not about.closed)
        self.buttons["reopen"].setVisible(about.closed)
