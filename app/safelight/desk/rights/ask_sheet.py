"""Asks once before something that is final is done: what it does, who asked and how, who enters it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safelight.desk.sheet import Sheet
from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .day_field import DayField
from .rows import Question, Reasoned, Said

ROLES = ("subject", "guardian")
CHANNELS = ("in-person", "mail")
_WIDE, _LEAST, _MARGIN = 640, 120, 24


class AskSheet(Sheet):
    """Nothing is chosen beforehand but who sits here; what is missing is said, not guessed."""

    given = Signal(object)
    """A :class:`Said`: it is to be done."""

    def __init__(self, parent: QWidget, words: DeskTexts, question: Question) -> None:
        super().__init__(parent, question.title, wide=_WIDE, tall=False)
        self._words, self._question = words, question
        self.role, self.channel = OneOf(words.get("rights.who_asked")), OneOf(words.get("rights.how_asked"))
        self.role.offer([(each, words.get(f"rights.role_{each}")) for each in ROLES])
        self.channel.offer([(each, words.get(f"rights.channel_{each}")) for each in CHANNELS], question.channel)
        self.staff = Picker(words.get("rights.entered_by"))
        self.staff.offer(question.staff, question.by)
        self.fault = TextLabel("", "warning")
        self.do, self.stay = Button(question.do, "primary"), Button(words.get("rights.leave_it"))
        self._inside = inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(12)
        for sentence in question.told:
            rows.addWidget(TextLabel(sentence, "body"))
        asked: tuple[QWidget, ...] = (
            TextLabel(words.get("rights.who_asked"), "heading"), self.role,
            TextLabel(words.get("rights.how_asked"), "heading"), self.channel,
        )  # fmt: skip
        for part in (*(asked if question.asks_who else ()), self.staff):
            rows.addWidget(part)
        self.received: DayField | None = None
        if question.received is not None:
            last = question.received
            self.received = DayField(words, words.get("rights.received_on"), last, last=last)
            rows.addWidget(self.received)
        rows.addStretch(1)
        self._area = Scroll(inside, question.title)
        self.rows.addWidget(self._area)
        self.rows.addWidget(self.fault)
        self.rows.addLayout(_foot(self.do, self.stay))
        self.fault.hide()
        self._soon = QTimer(self, singleShot=True, interval=0)  # once the words have their width
        self._soon.timeout.connect(self._fit)
        self.do.clicked.connect(self._do)
        self.stay.clicked.connect(self.dismiss)
        # Where nothing is to be said first, a stray Enter changes nothing.
        self.open(self.role.buttons[0] if question.asks_who else self.stay)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as what is asked, and scrolled where the window is lower."""
        super().resizeEvent(event)
        self._soon.start()

    def _fit(self) -> None:
        layout = self._inside.layout()
        wanted = layout.totalHeightForWidth(self._area.viewport().width()) if layout is not None else 0
        around = self.card.height() - self._area.height()
        self._area.setFixedHeight(max(_LEAST, min(wanted, self.height() - around - 2 * _MARGIN)))

    def _do(self) -> None:
        role, channel = self.role.value, self.channel.value
        if self._question.asks_who and (role is None or channel is None):
            self.fault.setText(self._words.get("rights.choose_who_how"))
            self.fault.show()
            self._soon.start()
            (self.role if role is None else self.channel).buttons[0].setFocus()
            return
        received = self.received.value if self.received is not None else None
        said = Said(role or "", channel or "", self.staff.value or self._question.by, received)
        self.dismiss()
        self.given.emit(said)


class ReasonSheet(Sheet):
    """Asks for one sentence: the answer, the ground of a refusal, why it takes longer."""

    given = Signal(str)

    def __init__(self, parent: QWidget, words: DeskTexts, asked: Reasoned) -> None:
        super().__init__(parent, asked.title, wide=_WIDE, tall=False)
        self._asked = asked
        self.reason, self.fault = EntryField(asked.label), TextLabel("", "warning")
        self.reason.edit.setMaxLength(500)
        self.do, self.stay = Button(asked.do, "primary"), Button(words.get("rights.leave_it"))
        for part in (TextLabel(asked.told, "body"), self.reason, self.fault):
            self.rows.addWidget(part)
        self.rows.addLayout(_foot(self.do, self.stay))
        self.fault.hide()
        self.do.clicked.connect(self._do)
        self.reason.entered.connect(self._do)
        self.stay.clicked.connect(self.dismiss)
        self.open(self.reason.edit)

    def _do(self) -> None:
        told = self.reason.text()
        if self._asked.needed and not told:
            self.fault.setText(self._asked.missing)
            self.fault.show()
            self.reason.setFocus()
            return
        self.dismiss()
        self.given.emit(told)


def _foot(do: Button, stay: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    for button in (do, stay):
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row.addWidget(button, 1)
    return row
