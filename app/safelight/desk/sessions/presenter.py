"""Reads the sessions with their counts, opens one, opens a closed one again, and leads to the pages over the list."""

from __future__ import annotations

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.changes import Changes
from safelight.domain.planning import WORKING_HOURS, plan_signing
from safelight.domain.searching import folded
from safelight.domain.session import Session, SessionState
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import day_words
from safelight.settings.texts import texts
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.recipients import recipient_rows
from safelight.studio.queries.sessions import SessionRow, session_rows
from safelight.studio.queries.staff import staff_rows
from safelight.studio.recipients import studio_as_recipient
from safelight.studio.sessions import reopen_session

from .cards_presenter import CardsPresenter
from .form_presenter import FormPresenter
from .roster_presenter import RosterPresenter
from .rows import Purpose, SessionAbout, SessionLine
from .view import SessionsView

SHOWN = Changes.SESSIONS | Changes.SUBJECTS | Changes.PHOTOS | Changes.CONSENTS | Changes.PEOPLE | Changes.RECIPIENTS


class SessionsPresenter(QObject):
    """Looks again when a verb changed a session, its people, photos or answers; only while the screen is shown."""

    def __init__(self, desk: Desk, view: SessionsView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._rows: dict[str, SessionRow] = {}
        self._names: dict[str, str] = {}
        self._shown, self._arriving, self._turn = False, False, 0
        self._wanted: str | None = None
        self.form = FormPresenter(desk, view, self)
        self.roster, self.cards = RosterPresenter(desk, view, self), CardsPresenter(desk, view, self)
        page = view.list
        page.chosen.connect(self._show_about)
        page.asked.connect(self._act)
        page.new_asked.connect(lambda: self.form.open(Purpose.NEW, None))
        self.form.saved.connect(self._saved)
        self.roster.taken_in.connect(self._saved)
        desk.jobs.changed.connect(self._changed)
        desk.session_changed.connect(lambda _: self._show_rows())

    def open(self) -> None:
        """The screen is shown: read everything, and go on where somebody was."""
        self._shown = self._arriving = True
        self._read()
        if not any(each.come_back() for each in (self.form, self.roster, self.cards)):
            self._view.show_list()

    def leave(self) -> None:
        """Another screen is shown: nothing is read until this one is again."""
        self._shown = False

    def forget(self) -> None:
        """Drop every session, name and word that was typed from the screen."""
        self._turn += 1
        self._shown = False
        for each in (self.form, self.roster, self.cards):
            each.put_away()
        self._rows, self._names = {}, {}
        self._view.forget()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._shown and changes & SHOWN:
            self._read()

    def _read(self) -> None:
        self._turn += 1
        turn, studio = self._turn, self._desk.studio

        def came(found: tuple[tuple[SessionRow, ...], dict[str, str]]) -> None:
            if turn == self._turn:
                self._came(*found)

        self._desk.jobs.read(lambda _: _found(studio), came, self._desk.failed)

    def _came(self, rows: tuple[SessionRow, ...], names: dict[str, str]) -> None:
        newest = sorted(rows, key=lambda row: row.session.days[-1], reverse=True)
        self._rows, self._names = {row.session.id: row for row in newest}, names
        here = self._desk.session
        if here is not None and here.id in self._rows:
            self._desk.open_session(self._rows[here.id].session)
        self._show_rows(known=True)

    def _show_rows(self, *, known: bool = False) -> None:
        if not self._rows and not known:
            return
        page, words, here = self._view.list, self._desk.words, self._desk.session
        page.show_lines([_line(words, row, here) for row in self._rows.values()], known=True)
        if self._wanted in self._rows:
            page.table.choose(self._wanted)
            self._wanted = None
        self._show_about(page.table.current)
        if known and self._arriving:  # afterwards nobody's focus is taken
            self._arriving = False
            if self._view.currentWidget() is page and not page.search.edit.hasFocus():
                page.work()

    def _show_about(self, key: str | None) -> None:
        row = self._rows.get(key or "")
        self._view.list.show_about(None if row is None else self._about(row))

    def _about(self, row: SessionRow) -> SessionAbout:
        words, session = self._desk.words, row.session
        wording = texts(words.language)
        catalogue = self._desk.studio.rules.catalogue
        titles = [catalogue.title(each, words.language) for each in session.offered]
        comma = wording.words["comma"]
        for_whom = [self._names.get(each, each[:8]) for each in session.recipients]
        facts = [
            ("client", session.client),
            ("place", f"{session.place}{comma if session.place else ''}{wording.country(session.country)}"),
            ("zone", session.zone or "UTC"),
            ("days", _days(words, session)),
            ("photographer", self._names.get(session.photographer, "")),
            ("fact_frames", str(session.frames_per_subject or "")),
            ("shots", str(row.shots or "")),
            ("fact_uses", comma.join(titles)),
            ("fact_recipients", comma.join(for_whom)),
        ]
        here = self._desk.session
        return SessionAbout(
            session.id,
            session.name,
            tuple((words.get(f"sessions.{key}"), value) for key, value in facts if value),
            _plan(words, row),
            session.state is SessionState.CLOSED,
            here is not None and here.id == session.id,
        )

    def _act(self, act: str, key: str) -> None:
        row = self._rows.get(key)
        if row is None:
            return
        if act == "open":
            self._desk.open_session(row.session)
            self._desk.go("shoot")
        elif act == "reopen":
            studio, session = self._desk.studio, row.session
            self._wanted = key
            self._desk.jobs.write(
                lambda _: reopen_session(studio, session),
                lambda again: self._desk.say(self._desk.words.get("sessions.reopened", name=again.name)),
                self._desk.failed,
            )
        elif act in (Purpose.CHANGE, Purpose.DUPLICATE):
            self.form.open(Purpose(act), row.session)
        elif act == "people":
            self.roster.open(row.session)
        elif act == "cards":
            self.cards.open(row.session)

    def _saved(self, session: Session) -> None:
        """Somebody saved the form: the session is in the list, with the focus on it."""
        self._wanted = session.id
        here = self._desk.session
        if here is not None and here.id == session.id:
            self._desk.open_session(session)
        self._view.show_list()


def _found(studio: OpenStudio) -> tuple[tuple[SessionRow, ...], dict[str, str]]:
    names: dict[str, str] = {each.member.id: each.member.name for each in staff_rows(studio)}
    names |= {each.recipient.id: each.recipient.name for each in recipient_rows(studio)}
    own = studio_as_recipient(studio)
    return session_rows(studio), names | {own.id: own.name}


def _line(words: DeskTexts, row: SessionRow, here: Session | None) -> SessionLine:
    session = row.session
    closed = session.state is SessionState.CLOSED
    state = "closed" if closed else "here" if here is not None and here.id == session.id else "open"
    return SessionLine(
        session.id, session.name, session.client, _first_day(words, session), row.people, row.signed, row.waiting,
        row.photographed, words.get(f"sessions.state_{state}"),
        folded(f"{session.name} {session.client} {session.place} {session.day.isoformat()}"), closed,
    )  # fmt: skip


def _days(words: DeskTexts, session: Session) -> str:
    first, last = (day_words(words.language, session.country, each) for each in (session.days[0], session.days[-1]))
    if len(session.days) == 1:
        return first
    return words.get("sessions.day_range", first=first, last=last, n=len(session.days))


def _first_day(words: DeskTexts, session: Session) -> str:
    first = day_words(words.language, session.country, session.day)
    return first if len(session.days) == 1 else words.get("sessions.days_from", first=first, n=len(session.days))


def _plan(words: DeskTexts, row: SessionRow) -> str:
    if row.session.state is SessionState.CLOSED or not row.people:
        return ""
    plan = plan_signing(row.people, 0, len(row.session.days))
    return words.get(
        "sessions.plan", people=row.people, hours=f"{WORKING_HOURS * len(row.session.days):g}", n=plan.places,
        advised=plan.advised,
    )  # fmt: skip
