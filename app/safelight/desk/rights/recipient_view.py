"""One recipient's page: every notice it got, what it has not answered, what it keeps and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .parts import Act, Line, LinesCard
from .rows import NoticeLine, RecipientPage


class RecipientView(QWidget):
    """Shows a :class:`RecipientPage`; notices are saved, answers taken in, and all of it published."""

    save_asked = Signal(str, int)
    """The notice with this number to this recipient is to be saved."""
    answer_asked = Signal()
    publish_asked = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self.name, self.about, self.remind = TextLabel("", "title"), TextLabel("", "muted"), TextLabel("", "heading")
        self.notices = LinesCard(words.get("rights.notices"), words.get("rights.no_notices"))
        self.kept = LinesCard(words.get("rights.kept"), words.get("rights.nothing_kept"))
        self._words = words
        self.answer = Button(words.get("rights.take_answer"))
        self.publish, self.publish_told = (
            Button(words.get("rights.publish")), TextLabel(words.get("rights.publish_lead"), "muted")
        )  # fmt: skip
        for part in (self.answer, self.publish_told, self.publish):
            self.notices.body.addWidget(part)
        for button in (self.answer, self.publish):
            self.notices.body.setAlignment(button, Qt.AlignmentFlag.AlignLeading)
        self.answer.clicked.connect(self.answer_asked)
        self.publish.clicked.connect(self.publish_asked)
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
        self.notices.show_lines([self._notice(page.id, each) for each in page.notices])
        self.kept.show_lines([Line(each, each) for each in page.kept])

    def work(self) -> None:
        """The focus goes to the newest notice."""
        buttons = [each.buttons[0] for each in self.notices.lines]
        (buttons[0] if buttons else self.answer).setFocus()

    def _notice(self, recipient: str, notice: NoticeLine) -> Line:
        label = self._words.get("rights.save_notice")
        save: Act = (label, f"{label}: {notice.title}", lambda: self.save_asked.emit(recipient, notice.number))
        return Line(str(notice.number), notice.title, (notice.told,), (save,))

    def forget(self) -> None:
        """Show and remember nobody."""
        self.show_recipient(RecipientPage("", "", "", "", (), ()))
