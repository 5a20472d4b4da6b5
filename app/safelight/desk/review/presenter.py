"""Counts a session in the background, shows the sheet of whoever is chosen, and takes the steps that close the day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.attendance import Presence
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.people import StaffMember
from safelight.domain.session import Session
from safelight.settings.locales import time_words
from safelight.settings.zones import at_place
from safelight.studio.attendance import mark_attendance
from safelight.studio.card_report import CardReport, card_report
from safelight.studio.closing import close_with_report, closing_report
from safelight.studio.presence import who_works
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.saved_files import save_file
from safelight.studio.staff import find_staff
from safelight.studio.upkeep import back_up_studio, read_back_backup
from safelight.studio.validations import validate_consent

from .reading import Counted, Told, count, read_sheet
from .rows import CloseState, Sheet
from .view import ReviewView
from .wording import ReviewWording

T = TypeVar("T")
_OURS = Changes.SUBJECTS | Changes.PHOTOS | Changes.CONSENTS | Changes.RECEIPTS | Changes.SESSIONS | Changes.COPIES
_STATES = {"absent": Presence.ABSENT, "not-photographed": Presence.NOT_PHOTOGRAPHED, "here": Presence.EXPECTED}
_MOST_NAMES = 5


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
        self._backed_up = self._read_back = False
        view.pin_given.connect(self._unlock)
        view.person_chosen.connect(self._choose)
        view.attendance_asked.connect(self._mark)
        view.close_asked.connect(self._close)
        view.backup_asked.connect(self._back_up)
        view.card_asked.connect(self._look_at_card)
        view.report_asked.connect(self._save_report)
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
            self._view.show_locked(True, f"{error.title} {error.hint}")

        self._desk.jobs.read(lambda _: who_works(studio, pin), known, failed)

    # What there is.

    def _another_session(self, _: Session | None) -> None:
        self._backed_up = self._read_back = False
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
        studio, turn = self._desk.studio, self._turn

        def came(counted: Counted) -> None:
            if turn == self._turn:
                self._counted = counted
                self._view.show_people(*self._wording.people(counted))
                self._show_close()

        self._desk.jobs.read(lambda report: count(studio, session, report), came, self._desk.failed)

    def _show_close(self) -> None:
        counted = self._counted
        if counted is None:
            self._view.show_close(None)
            return
        words = self._desk.words
        steps = (
            (words.get("review.step_report"), counted.closed),
            (words.get("review.step_backup"), self._backed_up),
            (words.get("review.step_read_back"), self._read_back),
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

    # The close.

    def _close(self, anyway: bool) -> None:
        session = self._desk.session
        if session is None or self._counted is None:
            return
        studio, by, findings = self._desk.studio, self._desk.by.id, self._counted.findings
        language = self._desk.words.language

        def done(_: object) -> None:
            self._desk.say(self._desk.words.get("review.closed"))
            self._refresh_session(session)

        self._desk.status.long(
            self._desk.words.get("review.closing"),
            lambda report: close_with_report(studio, session, by, anyway, findings, language, report),
            done,
            self._desk.failed,
        )

    def _refresh_session(self, session: Session) -> None:
        studio = self._desk.studio
        self._desk.jobs.read(lambda _: session_by_id(studio, session.id), self._desk.open_session, self._desk.failed)

    def _save_report(self, path: str) -> None:
        session = self._desk.session
        if session is None:
            return
        studio = self._desk.studio

        def work() -> bool:
            found = closing_report(studio, session)
            if found is not None:
                save_file(Path(path), found.pdf)
            return found is not None

        def done(there: bool) -> None:
            self._desk.say(self._desk.words.get("review.report_saved" if there else "review.no_report"))

        self._desk.jobs.read(lambda _: work(), done, self._desk.failed)

    def _back_up(self, path: str) -> None:
        studio, target = self._desk.studio, Path(path)

        def done(told: tuple[int, bool]) -> None:
            files, past_cache = told
            self._backed_up, self._read_back = True, past_cache
            hint = "" if past_cache else self._desk.words.get("review.cached")
            self._desk.say(self._desk.words.get("review.backed_up", n=files), hint)
            self._show_close()

        def work(report: Callable[[int, int, str], None]) -> tuple[tuple[int, bool], Changes]:
            files = back_up_studio(studio, target, report)
            return (files, read_back_backup(target, report)), Changes.NONE

        self._desk.status.long(self._desk.words.get("review.backing_up"), work, done, self._desk.failed)

    def _look_at_card(self, path: str) -> None:
        session = self._desk.session
        if session is None:
            return
        studio, decoders = self._desk.studio, self._desk.decoders

        def work(report: Callable[[int, int, str], None]) -> tuple[CardReport, Changes]:
            return card_report(studio, session, [Path(path)], decoders, report), Changes.NONE

        self._desk.status.long(
            self._desk.words.get("review.verifying_card"),
            work,
            lambda told: self._say_card(told, session),
            self._desk.failed,
        )

    def _say_card(self, told: CardReport, session: Session) -> None:
        words = self._desk.words
        time = time_words(words.language, session.country, at_place(session.zone or "UTC", told.at))
        if told.may_be_formatted:
            self._desk.say(words.get("review.card_safe", safe=told.safe, total=told.total, time=time))
            return
        listed = [words.get("review.card_list", name=name, why=why) for name, why in told.missing[:_MOST_NAMES]]
        hint = words.get("review.card_missing", names=", ".join(listed)) if listed else words.get("review.cached")
        self._desk.say(words.get("review.card_unsafe", safe=told.safe, total=told.total), hint)
