"""Counts a session in the background, shows the sheet of whoever is chosen, and takes the steps that close the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told_as_one
from safelight.domain.attendance import Presence
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.people import StaffMember
from safelight.domain.session import Session
from safelight.studio.attendance import mark_attendance
from safelight.studio.presence import who_works
from safelight.studio.staff import find_staff
from safelight.studio.validations import validate_consent

from .close_steps import CloseSteps
from .reading import Counted, Told, count, read_sheet
from .rows import CloseState, Sheet
from .view import ReviewView
from .wording import ReviewWording

T = TypeVar("T")
_OURS = Changes.SUBJECTS | Changes.PHOTOS | Changes.CONSENTS | Changes.RECEIPTS | Changes.SESSIONS | Changes.COPIES
_STATES = {"absent": Presence.ABSENT, "not-photographed": Presence.NOT_PHOTOGRAPHED, "here": Presence.EXPECTED}


class ReviewPresenter(QObject):
    """Answers are read only after a PIN of the team, and dropped when the screen is left."""

    def __init__(self, desk: Desk, view: ReviewView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._wording = ReviewWording(desk.words)
        self._turn, self._unlocked, self._shown = 0, False, False
        self._chosen: SubjectId | None = None
        self._sheet: Sheet | None = None
        self._counted: Counted | None = None
        self._agency = ""
        view.agency_chosen.connect(self._hold_against)
        view.pin_given.connect(self._unlock)
        view.person_chosen.connect(self._choose)
        view.attendance_asked.connect(self._mark)
        self._steps = CloseSteps(desk, self)
        self._steps.changed.connect(self._show_close)
        view.bin.take_out_asked.connect(self._steps.take_out)
        view.bin.delete_asked.connect(self._steps.delete_now)
        view.close_asked.connect(self._close)
        view.backup_asked.connect(self._steps.back_up)
        view.card_asked.connect(self._steps.look_at_card)
        view.report_asked.connect(self._steps.save_report)
        view.sheet.validate_asked.connect(self._validate)
        desk.jobs.changed.connect(self._changed)
        desk.session_changed.connect(self._another_session)

    def open(self) -> None:
        """The screen is shown: a PIN is asked for, unless nobody of the team has one."""
        self._shown = True
        self._view.show_locked(True)

    def leave(self) -> None:
        """Another screen is shown: answers are not for whoever stands there next."""
        self.forget()

    def forget(self) -> None:
        """Drop every name, answer and page."""
        self._turn += 1
        self._shown = self._unlocked = False
        self._chosen = self._sheet = self._counted = None
        self._view.forget()

    # Who may look.

    def _unlock(self, pin: str) -> None:
        studio, turn = self._desk.studio, self._turn

        def known(member: StaffMember | None) -> None:
            if turn != self._turn:
                return
            if member is None:
                self._view.show_locked(True, self._desk.words.get("review.wrong_pin"))
                return
            self._unlocked = True
            self._view.show_locked(False)
            self._read()

        def failed(error: SafelightError) -> None:
            self._view.show_locked(True, told_as_one(self._desk.words, error))

        self._desk.jobs.read(lambda _: who_works(studio, pin), known, failed)

    # What there is.

    def _another_session(self, _: Session | None) -> None:
        self._steps.begin()
        self._chosen = self._sheet = None
        self._view.show_sheet(None)
        self._read()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes & _OURS:
            self._read()

    def _read(self) -> None:
        session = self._desk.session
        if not self._unlocked:
            return
        if session is None:
            self._view.show_people((), ())
            self._view.show_close(None)
            self._desk.say(self._desk.words.get("review.no_session"))
            return
        studio, turn, agency = self._desk.studio, self._turn, self._agency
        language = self._desk.words.language

        def came(counted: Counted) -> None:
            if turn == self._turn:
                self._counted = counted
                self._view.show_people(*self._wording.people(counted, session.country))
                self._view.bin.show_tiles(counted.bin)
                self._view.show_agencies(self._wording.agencies(counted), agency)
                self._show_close()

        self._desk.jobs.read(lambda report: count(studio, session, agency, language, report), came, self._desk.failed)

    def _hold_against(self, agency: str) -> None:
        self._agency = agency
        self._read()

    def _show_close(self) -> None:
        counted = self._counted
        if counted is None:
            self._view.show_close(None)
            return
        words = self._desk.words
        steps = (
            (words.get("review.step_report"), counted.closed),
            (words.get("review.step_backup"), self._steps.backed_up),
            (words.get("review.step_read_back"), self._steps.read_back),
        )
        self._view.show_close(CloseState(counted.closed, self._wording.points(counted), steps))

    # One person.

    def _choose(self, subject: SubjectId) -> None:
        self._chosen = subject
        self._read_sheet()

    def _read_sheet(self) -> None:
        session, chosen = self._desk.session, self._chosen
        if session is None or chosen is None:
            self._view.show_sheet(None)
            return
        studio, turn = self._desk.studio, self._turn

        def came(told: Told) -> None:
            if turn == self._turn and chosen == self._chosen:
                self._sheet = self._wording.sheet(told)
                self._view.show_sheet(self._sheet)

        # A receipt that was not issued yet is issued by looking at it.
        self._desk.jobs.write(lambda _: read_sheet(studio, session, chosen), came, self._desk.failed, initiator=self)

    def _validate(self, reviewer: str, pin: str, points: tuple[str, ...]) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        studio = self._desk.studio
        self._view.sheet.show_checking(True)

        def work() -> tuple[str, Changes]:
            member = find_staff(studio, PersonId(reviewer))
            _, changes = validate_consent(studio, sheet.subject, member, pin, points, sheet.receipts)
            return member.name, changes

        def done(name: str) -> None:
            self._view.sheet.show_checking(False)
            self._desk.say(self._desk.words.get("review.now_checked", name=name))
            self._read_sheet()

        def failed(error: SafelightError) -> None:
            self._view.sheet.show_checking(False)
            self._desk.failed(error)

        # A wrong PIN makes the next one wait in the call, so the lane of long work is the one to wait in.
        self._desk.jobs.long(lambda _: work(), done, failed)

    def _mark(self, subject: SubjectId, state: str) -> None:
        session = self._desk.session
        if session is None:
            return
        studio, by, wanted = self._desk.studio, self._desk.by.id, _STATES[state]
        rows = self._counted.rows if self._counted else ()
        before = next((each.row.presence for each in rows if each.row.id == subject), Presence.EXPECTED)

        def put(presence: Presence) -> Callable[[], None]:
            def act() -> None:
                self._desk.jobs.write(
                    lambda _: mark_attendance(studio, session, subject, presence, by),
                    lambda _: None,
                    self._desk.failed,
                )

            return act

        def done(_: object) -> None:
            self._desk.undo.push(self._desk.words.get("review.marked"), put(before), put(wanted))

        self._desk.jobs.write(lambda _: mark_attendance(studio, session, subject, wanted, by), done, self._desk.failed)

    def _close(self, anyway: bool) -> None:
        if self._counted is not None:
            self._steps.close(self._counted.findings, anyway)
