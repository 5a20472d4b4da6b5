"""A mail somebody sent, word by word, with a box for each use: the team says what it takes back, nobody else does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from safelight.desk.bars import direction_of
from safelight.qt.controls import Button, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.tick_line import TickLine
from safelight.settings.desk_texts import DeskTexts

from .rows import MailLines, UseLine


class MailCard(CardFrame):
    """Stands on top of the page of whom it is from; what is ticked goes out, and nothing ticked means everything."""

    taken = Signal(object)
    """These uses (a tuple of ids) are to be taken back; empty: all."""
    put_away = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.ticks: dict[str, TickLine] = {}
        self.head, self.text = TextLabel("", "muted"), TextLabel("", "body")
        self.told = TextLabel("", "muted")
        self.take, self.away = Button(words.get("rights.mail_take")), Button(words.get("rights.mail_away"), "quiet")
        self._ticks = QVBoxLayout()
        self._ticks.setSpacing(0)
        title = words.get("rights.mail")
        self.setAccessibleName(title)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.take)
        row.addWidget(self.away)
        row.addStretch(1)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        for part in (TextLabel(title, "heading"), self.head, self.text, self.told):
            self.body.addWidget(part)
        self.body.addLayout(self._ticks)
        self.body.addLayout(row)
        self.take.clicked.connect(self._take)
        self.away.clicked.connect(self.put_away)
        self.show_mail(None, None)

    def show_mail(self, mail: MailLines | None, uses: Sequence[UseLine] | None) -> None:
        """A mail, or none; ``uses`` are what its sender allows now, None while nobody knows who that is."""
        self.setVisible(mail is not None)
        self.head.setText(mail.head if mail else "")
        self.text.setLayoutDirection(direction_of(mail.text if mail else ""))  # it is read from where it was written
        self.text.setText(mail.text if mail else "")
        known, allows = uses is not None, bool(uses)
        key = "rights.mail_tick" if allows else "rights.mail_nothing" if known else "rights.mail_whose"
        self.told.setText(self._words.get(key))
        if [each.scope for each in uses or ()] != list(self.ticks):
            self._show_ticks(uses or ())
        self.take.setVisible(allows)

    def _show_ticks(self, uses: Sequence[UseLine]) -> None:
        for old in self.ticks.values():
            self._ticks.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.ticks = {each.scope: TickLine(each.title) for each in uses}
        for tick in self.ticks.values():
            self._ticks.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeading)

    def _take(self) -> None:
        self.taken.emit(tuple(scope for scope, tick in self.ticks.items() if tick.ticked))
