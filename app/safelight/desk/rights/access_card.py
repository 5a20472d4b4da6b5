"""The card from which somebody is given everything that is held about them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from safelight.qt.controls import Button, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import CardFrame
from safelight.settings.desk_texts import DeskTexts

ENDINGS = (".zip", ".pdf")


class AccessCard(CardFrame):
    """Two ways: into the person's hands, or locked, to be sent."""

    def __init__(self, words: DeskTexts, asked: Callable[[str], None]) -> None:
        super().__init__()
        title = words.get("rights.access")
        self.setAccessibleName(title)
        self.buttons: dict[str, Button] = {}
        line = QWidget()
        flow = FlowLayout(12, line)
        for ending in ENDINGS:
            button = self.buttons[ending] = Button(words.get(f"rights.access_{ending[1:]}"))
            button.clicked.connect(lambda _=False, ending=ending: asked(ending))
            flow.addWidget(button)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        for part in (TextLabel(title, "heading"), TextLabel(words.get("rights.access_told"), "muted"), line):
            self.body.addWidget(part)
