"""Finds people, lists what is due and shows the page of whom or what is chosen; looks again after every change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.settings.file_chooser import FileChooser
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import RecipientId, SubjectId
from safelight.domain.receipt_codes import receipt_code
from safelight.domain.searching import NameIndex
from safelight.studio.queries.open_notices import RecipientAnswers, recipient_answers
from safelight.studio.queries.people import SubjectRow, few_rows, name_index
from safelight.studio.read_audit import write_reads
from safelight.studio.withdrawal_codes import receipt_of_code

from .acts import PersonActs
from .handing import Handing
from .mails import Mails
from .papers import Papers
from .reading import KnownPerson, WhatIsDue, known_person, what_is_due
from .view import RightsView
from .wording import Wording

_LISTED = Changes.SUBJECTS
_DUE = Changes.BUNDLES | Changes.REQUESTS | Changes.SUBJECTS | Changes.RECIPIENTS
_PAGE = _DUE | Changes.CONSENTS | Changes.PHOTOS | Changes.RECEIPTS | Changes.SESSIONS | Changes.PEOPLE


class RightsPresenter(QObject):
    """Remembers who is chosen while the screen is shown: answers are not for whoever stands there next."""

    def __init__(self, desk: Desk, view: RightsView, chooser: FileChooser) -> None:
        super().__init__(view)
        self._desk, self._view, self._wording = desk, view, Wording(desk)
        self._shown, self._life, self._turn = False, 0, 0
        self._index: NameIndex[SubjectId] | None = None
        """Everybody by name: kept while other screens are shown, as the list of the shoot is."""
        self._chosen = ""
        self._typed = ""
        self._enter = False
        self.papers, self.handing = Papers(desk, view, chooser, self), Handing(desk, view, chooser, self)
        self.mails = Mails(desk, view, self._wording, chooser, partial(self.choose, enter=True), self)
        self.acts = PersonActs(desk, view, self._wording, self.papers, self.handing, self)
        view.typed.connect(self._find)
        view.entered.connect(self._entered)
        view.chosen.connect(self.choose)
        view.opened.connect(lambda key: self.choose(key, enter=True))
        desk.jobs.changed.connect(self._changed)

    def open(self) -> None:
        """The screen is shown: read who there is and what is due."""
        self._shown = True
        self._read_due()
        if self._index is None:
            self._read_index()

    def forget(self) -> None:
        """The desk is covered: every name goes."""
        self.leave()
        self._index = None

    def leave(self) -> None:
        """Another screen is shown: who was chosen and what was typed is dropped."""
        self._life += 1
        self._turn += 1
        self._shown, self._enter, self._chosen, self._typed = False, False, "", ""
        self.acts.forget()
        self.papers.forget()
        self.mails.forget()
        self._view.forget()

    def choose(self, key: str, *, enter: bool = False) -> None:
        """Show the page of ``person`` or ``recipient``, a blank and the id; with ``enter`` the focus goes there."""
        kind, _, rest = key.partition(" ")
        about = f"{kind} {rest.partition(' ')[0]}"
        if about != self._chosen or enter:
            self._enter, another = enter, about != self._chosen
            self._chosen = about
            self._read_page(another=another)

    # What is read.

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes & _LISTED:
            self._index = None
        if not self._shown:
            return
        if changes & _LISTED:
            self._read_index()
        if changes & _DUE:
            self._read_due()
        if changes & _PAGE:
            self._read_page(another=False)

    def _read_index(self) -> None:
        studio, life = self._desk.studio, self._life

        def came(found: NameIndex[SubjectId]) -> None:
            if life == self._life:
                self._index = found
                self._find(self._typed)

        self._desk.jobs.read(lambda _: name_index(studio), came, self._desk.failed)

    def _read_due(self) -> None:
        studio, life = self._desk.studio, self._life

        def came(found: WhatIsDue) -> None:
            if life == self._life:
                self._view.show_due(self._wording.due(found))

        self._desk.jobs.read(lambda _: what_is_due(studio), came, self._desk.failed)

    def _read_page(self, *, another: bool) -> None:
        self._turn += 1
        studio, turn = self._desk.studio, self._turn
        kind, _, id = self._chosen.partition(" ")

        def person_came(known: KnownPerson) -> None:
            if turn == self._turn:
                self.acts.show(known)
                self.mails.show_beside(known)
                self._enter_page(self._view.person.work)
                if another:
                    self._note_reads()

        def recipient_came(answers: RecipientAnswers) -> None:
            if turn == self._turn:
                self._view.show_recipient(self._wording.recipient(answers), another)
                self._enter_page(self._view.recipient.work)

        def failed(error: SafelightError) -> None:
            if turn == self._turn:
                self._chosen = ""
                self._view.show_hint()
                self._desk.failed(error)

        if kind == "person":
            reader = self._desk.by.name if another else ""
            self._desk.jobs.read(lambda _: known_person(studio, SubjectId(id), reader), person_came, failed)
        elif kind == "recipient":
            self._desk.jobs.read(lambda _: recipient_answers(studio, RecipientId(id)), recipient_came, failed)

    def _enter_page(self, work: Callable[[], None]) -> None:
        enter, self._enter = self._enter, False
        if enter:
            work()

    def _note_reads(self) -> None:
        # What cannot be noted now waits for the next time: nobody at work is held up by it.
        studio = self._desk.studio
        self._desk.jobs.write(lambda _: write_reads(studio), lambda _: None, lambda _: None)

    # Finding somebody.

    def _find(self, typed: str) -> None:
        self._typed = " ".join(typed.split())
        if not self._typed:
            self._view.show_found(None)
        elif self._index is not None:
            studio, typed, life, found = self._desk.studio, self._typed, self._life, self._index.find(self._typed)

            def came(rows: tuple[SubjectRow, ...]) -> None:
                if life == self._life and typed == self._typed:
                    self._view.show_found(self._wording.found(rows))

            self._desk.jobs.read(lambda _: few_rows(studio, found), came, self._desk.failed)

    def _entered(self, typed: str) -> None:
        code = receipt_code(typed)
        if self._view.found.rows and typed:
            self.choose(f"person {self._view.found.rows[0].key}", enter=True)
        elif code is not None:
            self._by_code(code)

    def _by_code(self, code: str) -> None:
        # Guesses are not slowed: whoever sits here may open every person's page anyway.
        studio, life = self._desk.studio, self._life

        def came(subject: SubjectId | None) -> None:
            if life != self._life:
                return
            if subject is None:
                words = self._desk.words
                self._desk.say(words.get("rights.no_such_code"), words.get("rights.no_such_code_hint"))
            else:
                self.choose(f"person {subject}", enter=True)

        def work() -> SubjectId | None:
            found = receipt_of_code(studio, code)
            return found[1] if found is not None else None

        self._desk.jobs.read(lambda _: work(), came, self._desk.failed)
