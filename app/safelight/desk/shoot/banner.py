"""The head of the shoot screen: who is on set, how many shots there are, hand over, and the one primary button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPropertyAnimation, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.one_line import FitText, OneLine
from safelight.desk.shoot.rows import BannerRow, Place
from safelight.qt import theme
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.texts import texts

APART = 24
"""Between what leads to the signing screen and what takes the next person: nobody hits one for the other."""
SHAKE, SHAKE_MS = 6, 300
HIGH, LOW, MOST_LOW = 72, 56, 68
READ_FROM_AFAR = 26
"""Letters of the name in a low window, where it is short enough for them."""


class Banner(QFrame):
    """Shows a :class:`BannerRow`; its buttons say what is wanted."""

    next_asked = Signal()
    hand_over_asked = Signal()
    take_back_asked = Signal()

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._row, self._low = words, BannerRow(Place.NO_SESSION), False
        self._comma = texts(words.language).words["comma"]
        self._said: BannerRow | None = None  # what is to be read now; None once it has to be said anew
        self.setProperty("role", "banner")
        self.name = FitText("", "title", least=18)
        self.details = FitText("", "body", "muted", least=11)
        self.details.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.question = FitText("", "list", "waiting", least=12)
        self.group = FitText("", "list", least=12)
        self.count = QLabel()
        self.count.setProperty("role", "count")
        self.of = OneLine("", "body", "muted")
        self.hand_over = KeyButton(words.get("shoot.hand-over"), keys.shown("hand_over"))
        self.take_back = KeyButton(words.get("shoot.take-back"), keys.shown("take_back"))
        self.next = KeyButton("", words.get("shoot.enter"), "primary")
        self.hand_over.clicked.connect(self.hand_over_asked)
        self.take_back.clicked.connect(self.take_back_asked)
        self.next.clicked.connect(self.next_asked)
        self.next.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self.moves = True
        """Whether anything may move; not for whoever asked for no motion."""
        self._shaking = QPropertyAnimation(self.name, b"pos", self)
        self.show_row(self._row)

    def show_row(self, row: BannerRow) -> None:
        """Say this; a shot too many shakes the name once, when it comes."""
        if row == self._said:
            return
        came, self._row, self._said = row.over and not self._row.over, row, row
        words, place = self._words, row.place
        title = {
            Place.NO_SESSION: words.get("shoot.no-session"),
            Place.NOBODY: words.get("shoot.nobody-on-set"),
            Place.GROUP: words.get("shoot.group-of", n=len(row.names)),
        }.get(place, row.names[0] if row.names else "")
        self.name.set_text(title)
        self.name.set_colour("muted" if place in (Place.NO_SESSION, Place.NOBODY) else "text")
        details = row.details
        if place is Place.NO_SESSION:
            details = (words.get("shoot.choose-session"),)
        elif place is Place.NOBODY:
            details = (words.get("shoot.frames-go-to-nobody"),)
        elif place is Place.AT_SIGNING:
            details = (words.get("shoot.at-signing", name=row.names[0] if row.names else ""),)
        self.details.set_text(" · ".join(map(_apart, details)))
        self.question.set_text(row.question)
        self.question.setVisible(bool(row.question))
        self.details.setVisible(not row.question and place is not Place.GROUP)
        group = place is Place.GROUP and not row.question
        # On a low window there is room for one of them: the question, which names whom it is about.
        self.name.setVisible(not group and not (self._low and row.question))
        self.group.setVisible(group)
        self.group.set_text(f"{title}: {self._comma.join(map(_apart, row.names))}" if group else "")
        counted = place in (Place.PERSON, Place.GROUP, Place.AT_SIGNING)
        self.count.setVisible(counted)
        self.of.setVisible(counted and not self._low)
        self.count.setText(f"{row.shots}/{row.planned}" if self._low and row.planned else str(row.shots))
        self.of.set_text(
            words.get("shoot.of-frames", n=row.planned) if row.planned else words.get("shoot.frames", n=row.shots)
        )
        theme.mark(self.count, over=row.over)
        self.hand_over.setVisible(place in (Place.PERSON, Place.GROUP, Place.NOBODY))
        self.take_back.setVisible(place is Place.AT_SIGNING)
        self.next.setEnabled(bool(row.next_name) and place is not Place.NO_SESSION)
        asked = "shoot.next-anyway" if row.question else "shoot.next"
        self.next.set_words(words.get(asked, name=row.next_name) if row.next_name else words.get("shoot.nobody-waits"))
        spoken = (*row.names, *details, row.question, f"{row.shots} {self.of.text}" if counted else "")
        self.setAccessibleName(", ".join(part for part in spoken if part))
        if came:
            QApplication.beep()
            self._shake()

    @property
    def is_shaking(self) -> bool:
        """Whether the name moves just now."""
        return self._shaking.state() == QPropertyAnimation.State.Running

    def forget(self) -> None:
        """Say nothing of anybody."""
        self.show_row(BannerRow(Place.NO_SESSION))
        self._said = None
        self.name.set_text("")
        self.details.set_text("")

    def set_low(self, low: bool) -> None:
        """On a low window everything stands in less room, and in smaller letters where it must."""
        if low != self._low:
            self._low = low
            self._titles.setSpacing(0 if low else 2)
            self._said = None
            self.show_row(self._row)
            self._keep_height()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LayoutRequest):
            self._keep_height()
            theme.dress(self.count, "title")
        return super().event(event)

    def _keep_height(self) -> None:
        px = theme.tokens_of(self).px
        # Some scripts stand in far taller lines than others; on a low window the newest frame needs the room more.
        lines = self.name.sizeHint().height() + self.details.sizeHint().height() + 2
        below = self.details.sizeHint().height()
        least = self.name.minimumSizeHint().height() + below
        wanted = min(self.name.height_in(px(READ_FROM_AFAR)) + below, px(MOST_LOW))
        self.setFixedHeight(max(least, wanted, px(LOW)) if self._low else max(lines, px(HIGH)))

    def _shake(self) -> None:
        if not self.moves or self.is_shaking:
            return
        at = self.name.pos()
        self._shaking.setDuration(SHAKE_MS)
        for step, shift in ((0.0, 0), (0.2, SHAKE), (0.4, -SHAKE), (0.6, SHAKE), (0.8, -SHAKE), (1.0, 0)):
            self._shaking.setKeyValueAt(step, at + QPoint(shift, 0))
        self._shaking.start()

    def _lay_out(self) -> None:
        titles = QWidget()
        self._titles = QVBoxLayout(titles)
        self._titles.setContentsMargins(0, 0, 0, 0)
        self._titles.setSpacing(2)
        for each in (self.name, self.details, self.question, self.group):
            self._titles.addWidget(each)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(titles, 1)
        across.addWidget(self.count, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self.of, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addSpacing(12)
        across.addWidget(self.hand_over)
        across.addWidget(self.take_back)
        across.addSpacing(APART - 8)
        across.addWidget(self.next)


def _apart(words: str) -> str:
    """Words beside others, each read in its own direction."""
    return f"\u2068{words}\u2069"
