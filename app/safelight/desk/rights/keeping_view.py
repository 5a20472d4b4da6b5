"""The end of one person's page: what keeps their data, and the plan of an erasure before it is done."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.desk.sheet import Sheet
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .day_field import DayField
from .parts import Act, Line, LinesCard
from .rows import Held, HoldLine, Keeping

CLASSES = ("photos", "proof", "templates", "all")
_REVIEW_AFTER = 180
"""Days after which a hold is to be looked at again, unless another day is chosen."""
_WIDE = 640


class KeepingView(QWidget):
    """Shows a :class:`Keeping`."""

    hold_asked = Signal()
    release_asked = Signal(str)
    erase_asked = Signal()
    certificate_asked = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.holds = LinesCard(words.get("rights.holds"), words.get("rights.no_holds"))
        self.add = Button(words.get("rights.add_hold"))
        self.holds.body.addWidget(self.add)
        self.holds.body.setAlignment(self.add, Qt.AlignmentFlag.AlignLeading)
        self.erasure = CardFrame()
        self.erasure.setAccessibleName(words.get("rights.erasure"))
        self.state, self.plan = TextLabel("", "body"), TextLabel("", "body")
        self.erase, self.certificate = Button(words.get("rights.erase")), Button(words.get("rights.certificate"))
        inside = self.erasure.body
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(8)
        for part in (TextLabel(words.get("rights.erasure"), "heading"), self.state, self.plan):
            inside.addWidget(part)
        for button in (self.erase, self.certificate):
            inside.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(self.holds)
        rows.addWidget(self.erasure)
        self.add.clicked.connect(self.hold_asked)
        self.certificate.clicked.connect(self.certificate_asked)
        self.erase.clicked.connect(self.erase_asked)

    def show_keeping(self, keeping: Keeping) -> None:
        """Another person's, or the same after something changed."""
        self.holds.show_lines([self._hold(each) for each in keeping.holds])
        self.state.setText(keeping.state)
        self.state.setVisible(bool(keeping.state))
        self.plan.setText("\n".join(keeping.plan))
        for part in (self.plan, self.erase):
            part.setVisible(bool(keeping.plan))
        self.certificate.setVisible(keeping.erased)

    def _hold(self, hold: HoldLine) -> Line:
        label = self._words.get("rights.release")
        act: Act = (label, f"{label}: {hold.title}", lambda: self.release_asked.emit(hold.id))
        return Line(hold.id, hold.title, (hold.told,), (act,))


class HoldSheet(Sheet):
    """Asks what a hold is to keep, why, and when it is looked at again."""

    given = Signal(object)
    """A :class:`Held`."""

    def __init__(self, parent: QWidget, words: DeskTexts, today: date) -> None:
        super().__init__(parent, words.get("rights.add_hold"), wide=_WIDE, tall=False)
        self._words = words
        self.what, self.reason = Picker(words.get("rights.hold_what")), EntryField(words.get("rights.hold_why"))
        self.what.offer([(each, words.get(f"rights.hold_{each}")) for each in CLASSES], CLASSES[0])
        self.reason.edit.setMaxLength(500)
        first = today + timedelta(days=1)
        self.review = DayField(words, words.get("rights.hold_review"), today + timedelta(_REVIEW_AFTER), first=first)
        self.fault = TextLabel("", "warning")
        self.do, self.stay = Button(words.get("rights.hold_do"), "primary"), Button(words.get("rights.leave_it"))
        for part in (self.what, self.reason, self.review, self.fault):
            self.rows.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.do, 1)
        row.addWidget(self.stay, 1)
        self.rows.addLayout(row)
        self.fault.hide()
        self.do.clicked.connect(self._do)
        self.stay.clicked.connect(self.dismiss)
        self.open(self.what.box)

    def _do(self) -> None:
        if not self.reason.text():
            self.fault.setText(self._words.get("rights.say_why"))
            self.fault.show()
            self.reason.setFocus()
            return
        held = Held(self.what.value or CLASSES[0], self.reason.text(), self.review.value)
        self.dismiss()
        self.given.emit(held)
