"""The section about the status list: the file agencies take in between bundles, and when to write one."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, Page


class StatusView(Page):
    """One card with one button."""

    write_asked = Signal()
    """A file for the list is to be chosen."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.status"))
        self.block = Block(words.get("settings.status_write_title"), words.get("settings.status_told"))
        self.write = Button(words.get("settings.status_write"), "primary")
        self.filling = TextLabel("", "warning")
        self.show_filling("")
        self.block.put(self.filling)
        self.block.put_row(self.write)
        self.block.finish()
        self.put(self.block)
        self.finish()
        self.write.clicked.connect(self.write_asked)

    def show_filling(self, sentence: str) -> None:
        """That the newest list is nearly full; empty while it is not."""
        self.filling.setText(sentence)
        self.filling.setVisible(bool(sentence))

    def forget(self) -> None:
        """Nothing that happened is told."""
        self.block.say("")
