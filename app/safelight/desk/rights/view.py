"""The rights screen: on one side somebody is found and what is due stands in order, on the other what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from safelight.desk import keys
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.qt import theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.table import Row, Table
from safelight.settings.desk_texts import DeskTexts

from .ask_sheet import AskSheet, ReasonSheet
from .keeping_view import HoldSheet
from .mail_view import MailCard
from .person_view import PersonView
from .recipient_view import RecipientView
from .rows import DueLine, MailLines, PersonLine, PersonPage, Question, Reasoned, RecipientPage
from .words_sheet import WordsSheet

LEFT = 400
_AROUND = 48
"""So many pixels around what has the focus are seen too."""
_MOST_OF = 0.42
"""So much of the window the lists take at most, in large type too."""


class RightsView(QWidget):
    """Lines and pages come in; what is typed, and who is chosen, goes out."""

    typed = Signal(str)
    entered = Signal(str)
    """Enter in the search: it may be the code of a receipt."""
    chosen = Signal(str)
    """The key of a line: ``person`` or ``recipient``, a blank and the id."""
    opened = Signal(str)
    """The same, by Enter: the focus goes to the page too."""

    def __init__(self, words: DeskTexts, pictures: Thumbnails) -> None:
        super().__init__()
        self._words = words
        self.setProperty("role", "screen")
        self.search = _FindField(words.get("rights.find"))
        self.heading, self.nothing = TextLabel("", "heading"), TextLabel("", "muted")
        due = [words.get("rights.column_what"), words.get("rights.column_due")]
        found = [words.get("rights.column_name"), words.get("rights.column_about")]
        self.due, self.found = Table(words.get("rights.due_list"), due), Table(words.get("rights.found_list"), found)
        self.person, self.recipient = PersonView(words, pictures), RecipientView(words)
        self.open_mail, self.mail = Button(words.get("rights.open_mail"), "quiet"), MailCard(words)
        self.hint = TextLabel(words.get("rights.hint"), "lead")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self._areas = {
            "person": Scroll(self.person, words.get("rights.about_person")),
            "recipient": Scroll(self.recipient, words.get("rights.about_recipient")),
            "mail": Scroll(_on_top(self.mail), words.get("rights.mail")),
        }
        for page in (self.hint, *self._areas.values()):
            self.pages.addWidget(page)
        self._lay_out()
        self.search.edited.connect(self.typed)
        self.search.entered.connect(lambda: self.entered.emit(self.search.text()))
        self.search.down_asked.connect(self._go_down)
        self.due.opened.connect(self.opened)
        # A click shows somebody; arrow keys only move in the list, so that nobody's page is opened in passing.
        self.due.clicked.connect(lambda index: self.chosen.emit(self.due.rows[index.row()].key))
        self.found.opened.connect(lambda key: self.opened.emit(f"person {key}"))
        self.found.clicked.connect(lambda index: self.chosen.emit(f"person {self.found.rows[index.row()].key}"))
        self.person.recipient_asked.connect(lambda id: self.chosen.emit(f"recipient {id}"))
        keys.bind(self, "find", self.look_for)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_went)
        self.show_due(())

    def show_due(self, lines: Sequence[DueLine]) -> None:
        """What waits, the most urgent first."""
        self._due = tuple(lines)
        self.due.show_rows([Row(each.key, (each.what, each.due), "text" if each.late else "") for each in lines])
        if not self.search.text():
            self._show_list()

    def show_found(self, lines: Sequence[PersonLine] | None) -> None:
        """Whom the words mean that were typed; None while nothing is typed."""
        self.found.show_rows([Row(each.id, (each.name, each.about)) for each in lines or ()])
        self._show_list(lines is not None)

    def show_hint(self) -> None:
        """Nobody is chosen."""
        self.pages.setCurrentWidget(self.hint)
        self.person.forget()
        self.recipient.forget()
        for card in (self.mail, self.person.mail):
            card.show_mail(None, None)

    def show_person(self, page: PersonPage) -> None:
        """One person's page."""
        another = self.person.id != page.id
        self.person.show_person(page)
        self._show_page("person", another)

    def show_recipient(self, page: RecipientPage, another: bool) -> None:
        """One recipient's page; ``another`` than before begins at its top."""
        self.recipient.show_recipient(page)
        self._show_page("recipient", another)

    def show_mail(self, mail: MailLines) -> None:
        """A mail of which nobody knows yet whose it is."""
        self.mail.show_mail(mail, None)
        self._show_page("mail", True)

    def put_mail_away(self) -> None:
        """No mail any more, wherever it stood; the focus goes to find somebody."""
        if self.pages.currentWidget() is self._areas["mail"]:
            self.show_hint()
        self.person.mail.show_mail(None, None)
        self.look_for()

    def ask(self, question: Question) -> AskSheet:
        """Ask before something final is done; what was said comes by ``given``."""
        return AskSheet(self.window(), self._words, question)

    def ask_reason(self, asked: Reasoned) -> ReasonSheet:
        """Ask for one sentence; it comes by ``given``."""
        return ReasonSheet(self.window(), self._words, asked)

    def show_words(self, six: str) -> WordsSheet:
        """The words that open a file, until they are written down."""
        return WordsSheet(self.window(), self._words, six)

    def ask_hold(self, today: date) -> HoldSheet:
        """Ask for a new hold."""
        return HoldSheet(self.window(), self._words, today)

    def look_for(self) -> None:
        """The focus goes to the search."""
        self.search.setFocus()
        self.search.edit.selectAll()

    def work(self) -> None:
        """The focus goes to where work begins: what is due, or the search."""
        (self.due if self.due.isVisible() and self.due.rows else self.search).setFocus()

    def forget(self) -> None:
        """Show and remember nobody."""
        self.search.set_text("")
        self.found.show_rows(())
        self.show_due(())
        self.show_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(min(theme.tokens_of(self).px(LEFT), round(self.width() * _MOST_OF)))

    def _focus_went(self, _before: QWidget | None, now: QWidget | None) -> None:
        area = self.pages.currentWidget()
        if now is not None and isinstance(area, Scroll) and area.isAncestorOf(now):
            # Once the page is laid out; Qt itself leaves it where it was for a focus that comes from outside.
            QTimer.singleShot(0, now, partial(area.ensureWidgetVisible, now, 0, _AROUND))

    def _show_page(self, name: str, from_top: bool) -> None:
        area = self._areas[name]
        self.pages.setCurrentWidget(area)
        if from_top:
            area.verticalScrollBar().setValue(0)

    def _show_list(self, finding: bool = False) -> None:
        words = self._words
        table = self.found if finding else self.due
        self.heading.setText(words.get("rights.found" if finding else "rights.due"))
        self.nothing.setText(words.get("rights.nobody_found" if finding else "rights.nothing_due"))
        self.found.setVisible(finding and bool(table.rows))
        self.due.setVisible(not finding and bool(table.rows))
        for part in (self.nothing, self._below):
            part.setVisible(not table.rows)

    def _go_down(self) -> None:
        for table in (self.found, self.due):
            if table.isVisible():
                table.setFocus()
                if table.current is None and table.rows:
                    table.choose(table.rows[0].key)

    def _lay_out(self) -> None:
        self._left, self._below = QWidget(), QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(self.search)
        left.addWidget(self.open_mail, 0, Qt.AlignmentFlag.AlignLeading)
        for part in (self.heading, self.nothing):
            left.addWidget(part)
        left.addWidget(self.due, 1)
        left.addWidget(self.found, 1)
        left.addWidget(self._below, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 12, 8, 0)
        columns.setSpacing(20)
        columns.addWidget(self._left)
        columns.addWidget(self.pages, 1)


def _on_top(part: QWidget) -> QWidget:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 8, 12)
    rows.addWidget(part)
    rows.addStretch(1)
    return page


class _FindField(EntryField):
    down_asked = Signal()

    def event(self, event: QEvent) -> bool:
        if (
            self.text() and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        ):  # fmt: skip
            event.accept()  # or the window would stop a long job
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow leads from what was typed to what was found; Esc clears it."""
        if event.key() == Qt.Key.Key_Down:
            self.down_asked.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.edit.clear()
        else:
            super().keyPressEvent(event)
