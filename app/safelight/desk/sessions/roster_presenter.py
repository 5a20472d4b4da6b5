"""Looks at a list of people for a session, has its columns read otherwise, and takes in what was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.texts import texts
from safelight.studio.rosters import (
    ImportedRoster,
    PreviewRow,
    RosterPreview,
    RowOutcome,
    import_roster,
    preview_roster,
)

from .rows import ColumnRow, Outcome, RosterLine, RosterState, meanings_with, short
from .view import SessionsView

FIELDS_OF = {
    "name": "full_name", "reference": "number", "email": "email", "phone": "phone", "department": "department",
    "born": "birth_date", "guardian": "guardian",
}  # fmt: skip
"""What a difference is called as a column."""
_OUTCOMES = {
    RowOutcome.ADDED: Outcome.ADDED,
    RowOutcome.KNOWN: Outcome.KNOWN,
    RowOutcome.LEFT_OUT: Outcome.LEFT_OUT,
}


class RosterPresenter(QObject):
    """One list at a time; nothing is written before somebody says so."""

    taken_in = Signal(object)
    """The :class:`Session` that has more people now."""

    def __init__(self, desk: Desk, view: SessionsView, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._page = desk, view, view.roster
        self._session: Session | None = None
        self._path: Path | None = None
        self._mapping: dict[str, str] | None = None
        self._preview: RosterPreview | None = None
        self._state: RosterState | None = None
        self._turn = 0
        self._away = False
        page = self._page
        page.back_asked.connect(self._leave)
        page.file_chosen.connect(self._look_at)
        page.meaning_chosen.connect(self._read_otherwise)
        page.import_asked.connect(self._take_in)
        desk.jobs.changed.connect(self._changed)

    def open(self, session: Session) -> None:
        """Take in people of ``session``."""
        self._session, self._path, self._mapping = session, None, None
        self._show()

    def put_away(self) -> None:
        """The desk is covered: keep which file it is and how it is read, and no name."""
        self._away = self._session is not None and self._view.currentWidget() is self._page
        self._turn += 1
        self._preview = self._state = None

    def come_back(self) -> bool:
        """Somebody is back: the list is looked at again. Whether there was one, now or then."""
        if not self._away:
            return self._view.currentWidget() is self._page
        self._away = False
        self._show()
        if self._path is not None:
            self._look(self._path, self._mapping)
        return True

    # Inside.

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        self._turn += 1
        self._preview = self._state = None
        self._page.forget()
        self._page.show_head(self._desk.words.get("sessions.title_people"), short(session.name))
        self._view.show_roster()

    def _leave(self) -> None:
        self._session = self._path = self._mapping = self._preview = self._state = None
        self._turn += 1
        self._page.forget()
        self._view.show_list()

    def _look_at(self, path: Path) -> None:
        self._look(path, None)

    def _read_otherwise(self, name: str, meaning: str) -> None:
        if self._path is not None and self._state is not None:
            self._look(self._path, meanings_with(self._state.columns, name, meaning))

    def _look(self, path: Path, mapping: dict[str, str] | None) -> None:
        session, studio, words = self._session, self._desk.studio, self._desk.words
        if session is None:
            return
        self._turn += 1
        turn = self._turn

        def came(found: tuple[RosterPreview, RosterState]) -> None:
            if turn == self._turn:
                self._path, self._mapping = path, mapping
                self._preview, self._state = found
                begun = not self._page.table.isVisible()
                self._page.show_roster(self._state)
                if begun:
                    self._page.work()

        def failed(error: SafelightError) -> None:
            if turn == self._turn:
                if self._state is not None:
                    self._page.show_roster(self._state)  # as it is still read
                self._page.show_error(*told(self._desk.words, error))

        def work() -> tuple[RosterPreview, RosterState]:
            preview = preview_roster(studio, session, path, mapping)
            return preview, _state(words, path.name, preview)

        self._desk.jobs.read(lambda _: work(), came, failed)

    def _changed(self, changes: Changes, initiator: object) -> None:
        watched = Changes.SUBJECTS | Changes.SESSIONS
        shown = self._view.isVisible() and self._view.currentWidget() is self._page
        if initiator is not self and changes & watched and shown and self._path is not None:
            self._look(self._path, self._mapping)

    def _take_in(self) -> None:
        session, path, preview, mapping = self._session, self._path, self._preview, self._mapping
        if session is None or path is None or preview is None:
            return
        studio = self._desk.studio
        self._page.show_taking(True)

        def done(roster: ImportedRoster) -> None:
            words = self._desk.words
            told = words.get("sessions.taken_in", n=len(roster.added), name=short(session.name))
            left = words.get("sessions.taken_left", n=len(roster.bad)) if roster.bad else ""
            self._leave()
            self._desk.say(told, left)
            self.taken_in.emit(session)

        def failed(error: SafelightError) -> None:
            self._page.show_taking(False)
            self._page.show_error(*told(self._desk.words, error))

        self._desk.jobs.write(
            lambda _: import_roster(studio, session, path, mapping, False, looked_at=preview.sha256),
            done, failed, initiator=self,
        )  # fmt: skip


def _state(words: DeskTexts, file: str, preview: RosterPreview) -> RosterState:
    columns = tuple(
        ColumnRow(each.name, each.field.value if each.field is not None else "", " · ".join(each.examples))
        for each in preview.columns
    )
    return RosterState(short(file), columns, preview.named, tuple(_line(words, each) for each in preview.rows))


def _line(words: DeskTexts, row: PreviewRow) -> RosterLine:
    outcome = _OUTCOMES[row.outcome]
    name = row.person.name if row.person is not None else short(row.raw, 40)
    return RosterLine(row.line, name, outcome, words.get(f"sessions.outcome_{outcome}"), short(_why(words, row), 200))


def _why(words: DeskTexts, row: PreviewRow) -> str:
    if row.fault is not None:
        return words.get(f"sessions.fault_{row.fault.kind}", **dict(row.fault.values))
    if row.outcome is RowOutcome.KNOWN:
        names: Mapping[str, str] = FIELDS_OF
        fields = texts(words.language).words["comma"].join(
            words.get(f"sessions.field_{names[each]}") for each in row.differs if each in names
        )
        return words.get("sessions.differs", fields=fields) if fields else ""
    told = _told(row.person) if row.person is not None else []
    told += [words.get("sessions.unread", column=column, text=text) for column, text in row.unread]
    return " · ".join(told)


def _told(person: Subject) -> list[str]:
    """What the list says of somebody, besides the name."""
    born = person.born.isoformat() if person.born else ""
    guardians = [each.name for each in person.guardians]
    return [*filter(None, (person.reference, born, person.email, person.phone, person.department)), *guardians]
