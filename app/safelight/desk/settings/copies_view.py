"""The section about backup places: a second drive that is kept up to date, and a backup of everything now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, Page
from .rows import PlaceState


class CopiesView(Page):
    """Shows a :class:`PlaceState`; asks for folders."""

    place_asked = Signal()
    """A folder for the second place is to be chosen."""
    copy_asked = Signal()
    off_asked = Signal()
    backup_asked = Signal()
    """A folder for a backup is to be chosen."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.copies"))
        self.place, self.backup = _PlaceBlock(words), _BackupBlock(words)
        self.put(self.place, self.backup)
        self.finish()
        self.place.choose.clicked.connect(self.place_asked)
        self.place.copy.clicked.connect(self.copy_asked)
        self.place.off.clicked.connect(self.off_asked)
        self.backup.begin.clicked.connect(self.backup_asked)

    def forget(self) -> None:
        """No folder is named."""
        self.place.show_state(None)
        self.place.say("")
        self.backup.say("")


class _PlaceBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.second_place"), words.get("settings.second_place_told"))
        self._words = words
        self.folder, self.state = TextLabel("", "body"), TextLabel("", "body")
        self.warning, self.bar = TextLabel("", "warning"), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.choose = Button(words.get("settings.choose_folder"), "primary")
        self.copy, self.off = Button(words.get("settings.copy_now")), Button(words.get("settings.second_place_off"))
        self.put(self.folder, self.state, self.bar, self.warning)
        self.put_row(self.choose, self.copy, self.off)
        self.finish()
        self.show_state(None)

    def show_state(self, state: PlaceState | None) -> None:
        """Where it is and how far; None while nobody looks."""
        there = state is not None and bool(state.folder)
        self.folder.setText(state.folder if state else "")
        self.state.setText("\n".join(state.told) if state else "")
        self.warning.setText(state.warning if state else "")
        for part, shown in ((self.folder, there), (self.bar, there), (self.copy, there), (self.off, there)):
            if not shown and part.hasFocus():
                self.choose.setFocus()
            part.setVisible(shown)
        self.warning.setVisible(bool(self.warning.text()))
        if state is not None and there:
            self.bar.setRange(0, max(1, state.total))
            self.bar.setValue(state.done if state.total else 1)
            self.bar.setAccessibleName(self.state.text())
        self.choose.set_words(self._words.get("settings.other_folder" if there else "settings.choose_folder"))


class _BackupBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.backup"), words.get("settings.backup_told"))
        self.begin = Button(words.get("settings.backup_begin"))
        self.put_row(self.begin)
        self.finish()
