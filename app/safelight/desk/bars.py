"""The bars around every screen: above, the job, its tabs and counts; below, the long job and the keys."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QStyle, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.progress_words import bar_of, progress_words
from safelight.desk.status import Count, Running, SourceState, Status
from safelight.qt import theme
from safelight.qt.controls import Button
from safelight.settings.desk_texts import DeskTexts

GAP = 16
KEYS_SHOWN = ("find", "next_person", "hand_over", "walk_in", "undo", "cover", "keys")
KEYS_OF = {
    "shoot": frozenset({"find", "next_person", "hand_over", "walk_in", "undo", "keys"}),
    "sessions": frozenset({"find", "undo", "cover", "keys"}),
    "rights": frozenset({"find", "cover", "keys"}),
}
KEYS_ELSEWHERE = frozenset({"undo", "cover", "keys"})
_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LanguageChange})


def direction_of(text: str) -> Qt.LayoutDirection:
    """From which side ``text`` is read: by its first letter that says so."""
    kinds = map(bidirectional, text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return Qt.LayoutDirection.LeftToRight if first == "L" else Qt.LayoutDirection.RightToLeft

class Line(QLabel):
    """One line of plain text that gives way when there is no room; the whole of it is its tool tip.

    One that ``stays`` is never cut.
    """

    def __init__(self, role: str = "body", parent: QWidget | None = None, *, stays: bool = False) -> None:
        super().__init__(parent)
        self._role, self._whole, self._stays = role, "", stays
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Another text."""
        if text != self._whole:
            self._whole = text
            self.setText(text)
            self.setAccessibleName(text)
            self.setToolTip(text.replace("<", "‹"))  # a tool tip would read tags
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        # Before it stands in a window of the desk, where some roles are, it is dressed in nothing.
        if event.type() in _DRESSED_BY and self._role in theme.tokens_of(self).density.type:
            theme.dress(self, self._role)
            self.updateGeometry()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._stays else QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._role == "key":  # a drawn cap, which the style paints
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setLayoutDirection(direction_of(self._whole))  # a date in Arabic reads from the right
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        side = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.drawText(self.rect(), int(side) | Qt.TextFlag.TextSingleLine, shown)


class Dot(QWidget):
    """How the source is doing, as a colour beside a word: green live, amber quiet, red gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = SourceState.NONE
        self.setFixedSize(12, 12)

    def show_state(self, state: SourceState) -> None:
        """Another colour."""
        self.state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small
        tokens = theme.tokens_of(self)
        colours = {
            SourceState.LIVE: tokens.yes, SourceState.QUIET: tokens.waiting, SourceState.GONE: tokens.warning,
            SourceState.NONE: tokens.line,
        }  # fmt: skip
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours[self.state]))
        painter.drawEllipse(QPoint(6, 6), 5, 5)


class CountLabel(QWidget):
    """A number over its word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.word = Line("heading"), Line("small")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 2, 8, 2)
        rows.setSpacing(0)
        for each in (self.number, self.word):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)  # a number alone says nothing
            rows.addWidget(each)

    def show_count(self, count: Count) -> None:
        """Another number."""
        self.number.say(count.number)
        self.word.say(count.word)
        self.setAccessibleName(f"{count.number} {count.word}")


class TopBar(QFrame):
    """Job, day, tabs, counts, source."""

    chosen = Signal(str)
    """The tab of this screen was pressed."""

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "top")
        self._words, self._counted = words, 0
        self.tabs: dict[str, Button] = {}
        self.job, self.day = Line("heading"), Line("small")
        self.counts = [CountLabel() for _ in range(4)]
        self.dot, self.source = Dot(), Line("small")
        job = QVBoxLayout()
        job.setSpacing(0)
        job.addWidget(self.job)
        job.addWidget(self.day)
        self._tab_row = QHBoxLayout()
        self._tab_row.setSpacing(4)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 4, 16, 4)
        columns.setSpacing(12)
        columns.addLayout(job, 3)
        columns.addLayout(self._tab_row)
        columns.addStretch(1)
        for each in self.counts:
            columns.addWidget(each)
            each.hide()
        columns.addWidget(self.dot)
        columns.addWidget(self.source)
        self.job.setMinimumWidth(120)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.tabs:
            self._fit()
        return super().event(event)

    def set_tabs(self, screens: list[tuple[str, str]]) -> None:
        """Offer these screens: key and word of each."""
        for button in self.tabs.values():
            self._tab_row.removeWidget(button)
            button.hide()  # without a parent, one that was about to be shown came up as a window and took the keys
            button.deleteLater()
        self.tabs = {}
        for key, word in screens:
            button = Button(word, "quiet")
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self.tabs[key] = button
            self._tab_row.addWidget(button)

    def show_tab(self, key: str) -> None:
        """Which tab is the one on screen."""
        for each, button in self.tabs.items():
            theme.mark(button, on="true" if each == key else "false")

    def show_job(self, job: str, day: str) -> None:
        """What is worked on."""
        self.job.say(job or self._words.get("window.no_session"))
        self.day.say(day)
        self.day.setVisible(bool(day))

    def show_status(self, status: Status) -> None:
        """Counts and source as they are now."""
        self._counted = len(status.counts)
        for label, count in zip(self.counts, status.counts, strict=False):
            label.show_count(count)
        self._fit()
        self.dot.show_state(status.source)
        self.source.say(status.source_words or self._words.get("window.source_none"))
        theme.mark(self.source, role="warning" if status.source is SourceState.GONE else "small")

    def _fit(self) -> None:
        """Show as many counts as there is room for: no tab's word is parted for them."""
        tabs = sum(each.sizeHint().width() + 4 for each in self.tabs.values())
        room = self.width() - tabs - self.job.minimumWidth() - self.dot.width() - 6 * 12 - 2 * 16
        for place, label in enumerate(self.counts):
            room -= label.sizeHint().width() + 12
            label.setVisible(place < self._counted and room >= 0)


class KeyCap(QWidget):
    """A key and what it does."""

    def __init__(self, cap: str, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cap, self.word = Line("key", stays=True), Line("small", stays=True)
        self.cap.say(cap)
        self.word.say(word)
        self.setAccessibleName(f"{cap}: {word}")
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(6)
        self.cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        columns.addWidget(self.cap)
        columns.addWidget(self.word, 1)


class BottomBar(QFrame):
    """The long job with its count and cancel, where frames are kept, how much room is left, and six keys."""

    cancel_asked = Signal()
    _is_made = False

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._words = words
        self.label, self.count, self.bar = Line("small"), Line("small", stays=True), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setMinimumWidth(120)
        self.cancel = Button(words.get("window.cancel"), "quiet", "close")
        self.cancel.clicked.connect(self.cancel_asked)
        self.backup, self.space = Line("small", stays=True), Line("small", stays=True)
        self.caps = {act: KeyCap(keys.shown(act), words.get(f"keys.{act}")) for act in KEYS_SHOWN}
        self._acts = KEYS_ELSEWHERE
        self._job = QWidget()
        job = QHBoxLayout(self._job)
        job.setContentsMargins(0, 0, 0, 0)
        job.setSpacing(8)
        for part in (self.label, self.bar, self.count, self.cancel):
            job.addWidget(part)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(GAP, 0, GAP, 0)
        columns.setSpacing(GAP)
        columns.addWidget(self._job)
        columns.addWidget(self.backup)
        columns.addWidget(self.space)
        columns.addStretch(1)
        for each in self.caps.values():
            columns.addWidget(each)
        self._job.hide()
        self._is_made = True

    def show_status(self, status: Status) -> None:
        """The job that began last, and what is kept where."""
        running: Running | None = status.running[-1] if status.running else None
        self._job.setVisible(running is not None)
        if running is not None:
            self.label.say(running.label)
            steps, value = bar_of(running)
            self.bar.setRange(0, steps)
            self.bar.setValue(value)
            self.bar.setAccessibleName(running.label)
            self.count.say(progress_words(self._words, running))
        self.backup.say(status.backup)
        self.space.say(status.space)
        theme.mark(self.space, role="warning" if status.alarming else "small")
        self.fit(self.width())

    def hush(self) -> None:
        """Say and remember nothing of a job."""
        for line in (self.label, self.count, self.backup, self.space):
            line.say("")
        self.bar.setAccessibleName("")

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self._is_made:
            self.fit(self.width())  # also in letters of another size
        return super().event(event)

    def show_keys_of(self, screen: str) -> None:
        """The keys that do something on this screen."""
        self._acts = KEYS_OF.get(screen, KEYS_ELSEWHERE)
        self.fit(self.width())

    def fit(self, width: int) -> None:
        """Show as many keys as there is room for: fewer beside a running job."""
        taken = [each for each in (self._job, self.backup, self.space) if not each.isHidden()]
        room = width - 3 * GAP - sum(each.sizeHint().width() + GAP for each in taken)
        for act, cap in self.caps.items():
            here = act in self._acts
            room -= cap.sizeHint().width() + GAP if here else 0
            cap.setVisible(here and room >= 0)
