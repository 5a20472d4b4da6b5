"""The pages of the screen, one at a time: the list, the form, a list of people to take in, cards to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from safelight.desk.sheet import Sheet
from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .cards_page import CardsPage
from .form_page import FormPage
from .list_page import ListPage
from .roster_page import RosterPage


class SessionsView(QStackedWidget):
    """Holds the pages; a page over the list gives the focus back to it."""

    def __init__(self, words: DeskTexts, fields: Sequence[str]) -> None:
        """``fields`` are what a column of a list of people can mean."""
        super().__init__()
        self.setProperty("role", "screen")
        self.list, self.form = ListPage(words), FormPage(words)
        self.roster, self.cards = RosterPage(words, fields), CardsPage(words)
        for page in self.pages:
            self.addWidget(page)

    @property
    def pages(self) -> tuple[QWidget, ...]:
        """All of them, the list first."""
        return (self.list, self.form, self.roster, self.cards)

    def show_list(self) -> None:
        """The list, with the focus where work begins."""
        self.setCurrentWidget(self.list)
        self.list.work()

    def show_form(self) -> None:
        """The form, with the focus on its first line."""
        self.setCurrentWidget(self.form)
        self.form.work()

    def show_roster(self) -> None:
        """The list of people to take in, with the focus where one is chosen."""
        self.setCurrentWidget(self.roster)
        self.roster.work()

    def show_cards(self) -> None:
        """The cards to print, with the focus on which ones."""
        self.setCurrentWidget(self.cards)
        self.cards.work()

    def ask(self, title: str, about: str, yes: str, no: str, call: Callable[[], None]) -> Sheet:
        """Ask before ``call``; the focus is on what loses nothing. The sheet, for whoever takes it away again."""
        sheet = Sheet(self.window(), title, wide=560, tall=False)
        sheet.rows.addWidget(TextLabel(about, "body"))
        stay, go = Button(no, "primary"), Button(yes)

        def chosen() -> None:
            sheet.dismiss()
            call()

        stay.clicked.connect(sheet.dismiss)
        go.clicked.connect(chosen)
        for button in (stay, go):
            sheet.rows.addWidget(button)
        sheet.open(stay)
        return sheet

    def forget(self) -> None:
        """Show and remember nothing of anybody."""
        for page in (self.list, self.form, self.roster, self.cards):
            page.forget()
