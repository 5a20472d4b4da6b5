"""One recipient's page: every notice it got, what it has not answered, what it keeps and why."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.qt.controls import TextLabel
from safelight.settings.desk_texts import DeskTexts

from .parts import Line, LinesCard
from .rows import RecipientPage


class RecipientView(QWidget):
    """Shows a :class:`RecipientPage`."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.name, self.about, self.remind = TextLabel("", "title"), TextLabel("", "muted"), TextLabel("", "heading")
        self.notices = LinesCard(words.get("rights.notices"), words.get("rights.no_notices"))
        self.kept = LinesCard(words.get("rights.kept"), words.get("rights.nothing_kept"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 8, 12)
        rows.setSpacing(12)
        for each in (self.name, self.about, self.remind, self.notices, self.kept):
            rows.addWidget(each)
        rows.addStretch(1)

    def show_recipient(self, page: RecipientPage) -> None:
        """Another recipient, or the same one after something changed."""
        self.setAccessibleName(page.name)
        for label, text in ((self.name, page.name), (self.about, page.about), (self.remind, page.remind)):
            label.setText(text)
            label.setVisible(bool(text))
        self.notices.show_lines([Line(each.title, each.title, (each.told,)) for each in page.notices])
        self.kept.show_lines([Line(each, each) for each in page.kept])

    def forget(self) -> None:
        """Show and remember nobody."""
        self.show_recipient(RecipientPage("", "", "", (), ()))
