"""Has the cards of a session drawn, keeps them where somebody chose, makes spare cards and takes out unused ones."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.people import Subject
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.domain.sheets import Paper
from safelight.settings.sheet_texts import SHEET_LANGUAGES
from safelight.settings.texts import main_language, native_names
from safelight.studio.card_sheets import MOST_SPARES, card_sheet, drop_spares, make_spares
from safelight.studio.saved_files import save_file

from .rows import short
from .view import SessionsView

LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})
"""Where printers take letter paper."""
DRAWN_FOR = Changes.SUBJECTS | Changes.SESSIONS


class CardsPresenter(QObject):
    """The PDF that is shown is the one that is saved."""

    def __init__(self, desk: Desk, view: SessionsView, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._page = desk, view, view.cards
        self._session: Session | None = None
        self._pdf: bytes | None = None
        self._turn = 0
        self._away = False
        page = self._page
        page.back_asked.connect(self._leave)
        page.wanted.connect(self._draw)
        page.path_chosen.connect(self._save)
        page.spares_asked.connect(self._make_spares)
        page.drop_asked.connect(self._ask_drop)
        desk.jobs.changed.connect(self._changed)

    def open(self, session: Session) -> None:
        """Show what can be printed for ``session``."""
        self._session = session
        self._show(session)

    def put_away(self) -> None:
        """The desk is covered: no card is kept."""
        self._away = self._session is not None and self._view.currentWidget() is self._page
        self._turn += 1
        self._pdf = None

    def come_back(self) -> bool:
        """Somebody is back: the cards are drawn again. Whether they are shown, or were."""
        if not self._away or self._session is None:
            return self._view.currentWidget() is self._page
        self._away = False
        self._show(self._session)
        return True

    # Inside.

    def _show(self, session: Session) -> None:
        words, country = self._desk.words, self._desk.studio.identity.country
        self._page.forget()
        self._page.show_head(words.get("sessions.title_cards"), short(session.name))
        names = native_names()
        language = main_language(country)
        self._page.offer(
            [(each, names.get(each, each)) for each in SHEET_LANGUAGES],
            language if language in SHEET_LANGUAGES else SHEET_LANGUAGES[0],
            Paper.LETTER if country in LETTER_COUNTRIES else Paper.A4,
        )
        self._view.show_cards()

    def _leave(self) -> None:
        self._session = self._pdf = None
        self._turn += 1
        self._page.forget()
        self._view.show_list()

    def _draw(self) -> None:
        session, studio, words = self._session, self._desk.studio, self._desk.words
        if session is None:
            return
        page = self._page
        kind, paper, language = page.kind, page.paper, page.language
        self._turn += 1
        turn, self._pdf = self._turn, None
        page.show_making()

        def work(_: Report) -> tuple[bytes, Changes]:
            return card_sheet(studio, session, kind, paper, None, language), Changes.NONE

        def came(pdf: bytes) -> None:
            if turn == self._turn:
                self._pdf = pdf
                page.show_sheet(pdf, _file_name(words.get(f"sessions.cards_{kind}"), session))

        def failed(error: SafelightError) -> None:
            if turn == self._turn:
                page.show_nothing(*told(self._desk.words, error))

        def stopped() -> None:
            if turn == self._turn:
                page.show_nothing(words.get("sessions.drawing_stopped"), "")

        self._desk.status.long(words.get("sessions.drawing"), work, came, failed, cancelled=stopped, initiator=self)

    def _changed(self, changes: Changes, initiator: object) -> None:
        shown = self._view.isVisible() and self._view.currentWidget() is self._page
        if shown and initiator is not self and changes & DRAWN_FOR:
            self._draw()

    def _save(self, path: Path) -> None:
        pdf, words = self._pdf, self._desk.words
        if pdf is None:
            return

        def saved(_: None) -> None:
            self._page.show_error("")
            self._page.show_saved(path, words.get("sessions.saved", file=short(path.name)))

        self._desk.jobs.read(
            lambda _: save_file(path, pdf), saved, lambda error: self._page.show_error(*told(self._desk.words, error))
        )

    def _make_spares(self, typed: str) -> None:
        session, studio, words = self._session, self._desk.studio, self._desk.words
        number = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
        if session is None:
            return
        if not 1 <= number <= MOST_SPARES:
            self._page.show_error(words.get("sessions.spares_number", most=MOST_SPARES))
            return

        def made(spares: tuple[Subject, ...]) -> None:
            self._page.count.set_text("")
            self._page.show_error("")
            self._desk.say(words.get("sessions.spares_made", first=spares[0].name, last=spares[-1].name))

        self._desk.jobs.write(lambda _: make_spares(studio, session, number), made, self._failed)

    def _ask_drop(self) -> None:
        words = self._desk.words
        self._view.ask(
            words.get("sessions.drop_title"), words.get("sessions.drop_why"), words.get("sessions.drop_yes"),
            words.get("sessions.drop_no"), self._drop,
        )  # fmt: skip

    def _drop(self) -> None:
        session, studio, words, by = self._session, self._desk.studio, self._desk.words, self._desk.by.id
        if session is None:
            return
        self._desk.status.long(
            words.get("sessions.dropping"),
            lambda report: drop_spares(studio, session, by, report),
            lambda dropped: self._desk.say(words.get("sessions.dropped", n=len(dropped))),
            self._failed,
        )

    def _failed(self, error: SafelightError) -> None:
        self._page.show_error(*told(self._desk.words, error))


def _file_name(kind: str, session: Session) -> str:
    """What the file would be called: without anything that a system reads as a path."""
    name = re.sub(r"[^\w .-]+", " ", short(f"{kind} {session.day.isoformat()}"))
    return f"{' '.join(name.split())}.pdf"
