"""The right side of the shoot screen: answers, alarms, how the day goes, and what is opened once a day."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from safelight.desk.shoot.alarm_cards import AlarmCards
from safelight.desk.shoot.answers_panel import AnswersPanel
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.pace_card import PaceCard
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import Scroll
from safelight.settings.desk_texts import DeskTexts

WIDTH = 316


class SidePanel(QFrame):
    """Alarms come first that can only be answered while the person is there; what does not fit scrolls."""

    folder_asked = Signal()
    clock_asked = Signal()
    client_asked = Signal()

    def __init__(self, words: DeskTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side-right")
        self.answers, self.alarms, self.pace = AnswersPanel(words), AlarmCards(words), PaceCard(words)
        cards = QWidget()
        inside = QVBoxLayout(cards)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.answers)
        inside.addWidget(self.alarms)
        inside.addStretch(1)
        scroll = Scroll(cards, words.get("shoot.beside"))
        scroll.setProperty("role", "side-scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        cards.setProperty("role", "inner-side")  # what it lies on is no page
        tools = QWidget()
        flow = FlowLayout(8, tools)
        for key, asked in (
            ("shoot.source.folder-button", self.folder_asked), ("shoot.clock", self.clock_asked),
            ("shoot.client", self.client_asked),
        ):  # fmt: skip
            button = KeyButton(words.get(key), "")
            button.clicked.connect(asked)
            flow.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        rows.addWidget(scroll, 1)
        rows.addWidget(self.pace)
        rows.addWidget(tools)
