"""The settings as a whole: the list of sections, and the page of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from safelight.qt.frames import Scroll
from safelight.settings.desk_texts import DeskTexts

from .blocks import Page
from .section_list import SectionList


class SettingsView(QWidget):
    """Shows one section at a time; it asks nobody."""

    section_chosen = Signal(str)

    def __init__(self, words: DeskTexts, pages: Mapping[str, Page]) -> None:
        super().__init__()
        self.setProperty("role", "screen")
        names = [(key, page.title.text()) for key, page in pages.items()]
        self.list = SectionList(words.get("settings.sections"), names)
        self._stack, self._areas = QStackedWidget(), dict[str, Scroll]()
        for key, page in pages.items():
            area = self._areas[key] = Scroll(page, page.title.text())
            self._stack.addWidget(area)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.list)
        columns.addWidget(self._stack, 1)
        self.list.chosen.connect(self.section_chosen)
        self.setFocusProxy(self.list)

    def show_section(self, key: str) -> None:
        """Show the page of this section from its top."""
        area = self._areas[key]
        self.list.show_chosen(key)
        self._stack.setCurrentWidget(area)
        area.verticalScrollBar().setValue(0)
