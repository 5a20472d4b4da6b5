"""The settings as a whole: the list of sections, and the page of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from safelight.qt.frames import Scroll
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, Page
from .section_list import SectionList

_AROUND, _LITTLE = 100, 16
"""So many pixels around what has the focus, and around a sentence, are seen too."""


class SettingsView(QWidget):
    """Shows one section at a time; it asks nobody. The page of a section is made when it is shown first."""

    section_chosen = Signal(str)

    def __init__(self, words: DeskTexts, sections: Sequence[str], page_of: Callable[[str], Page]) -> None:
        """``page_of`` makes the page of one of ``sections``; it is called once for each."""
        super().__init__()
        self.setProperty("role", "screen")
        names = [(key, words.get(f"settings.{key}")) for key in sections]
        self.list = SectionList(words.get("settings.sections"), names)
        self._stack, self._areas, self._page_of = QStackedWidget(), dict[str, Scroll](), page_of
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        self._sections = Scroll(self.list, words.get("settings.sections"))
        self._sections.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        columns.addWidget(self._sections)
        columns.addWidget(self._stack, 1)
        self.list.chosen.connect(self.section_chosen)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_went)
        self.setFocusProxy(self.list)

    def show_section(self, key: str) -> None:
        """Show the page of this section from its top."""
        area = self._areas.get(key) or self._add(key)
        self.list.show_chosen(key)
        self._stack.setCurrentWidget(area)
        area.verticalScrollBar().setValue(0)

    def _add(self, key: str) -> Scroll:
        page = self._page_of(key)
        area = self._areas[key] = Scroll(page, page.title.text())
        self._stack.addWidget(area)
        for block in area.findChildren(Block):
            block.shown.connect(partial(self._bring_up, area, block))
        return area

    def _focus_went(self, _before: QWidget | None, now: QWidget | None) -> None:
        area = self._stack.currentWidget()
        if now is not None and self._sections.isAncestorOf(now):
            self._sections.ensureWidgetVisible(now, 0, _LITTLE)
        elif isinstance(area, Scroll) and now is not None and area.isAncestorOf(now):
            # Once the page is laid out: what has the focus may have been hidden a moment ago.
            QTimer.singleShot(0, now, partial(self._show_around, area, now))

    def _show_around(self, area: Scroll, now: QWidget) -> None:
        """The whole card is seen, where it is not too high."""
        card: QWidget | None = now
        while card is not None and not isinstance(card, Block):
            card = card.parentWidget()
        if card is not None and card.height() + 2 * _LITTLE <= area.viewport().height():
            area.ensureWidgetVisible(card, 0, _LITTLE)
        else:
            area.ensureWidgetVisible(now, 0, _AROUND)

    def _bring_up(self, area: Scroll, block: Block) -> None:
        sentence = block.fault if block.fault.text() else block.said
        QTimer.singleShot(0, sentence, partial(area.ensureWidgetVisible, sentence, 0, _LITTLE))
