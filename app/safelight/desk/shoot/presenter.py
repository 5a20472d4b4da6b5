"""Joins the shoot screen to the studio: follows the session, shows it as it stands, hands on what is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from safelight.desk.desk import Desk
from safelight.desk.pictures.acts import Act
from safelight.desk.shoot.alarm_answers import AlarmAnswers
from safelight.desk.shoot.day_reader import DayReader
from safelight.desk.shoot.pictures_panel import PicturesPanel
from safelight.desk.shoot.reading import Day, SaidUse, look_at_answers
from safelight.desk.shoot.roster_state import RosterState
from safelight.desk.shoot.rows import BannerRow, Filter, Place, Purpose
from safelight.desk.shoot.second_windows import SecondWindows
from safelight.desk.shoot.set_presenter import SetPresenter
from safelight.desk.shoot.shots_presenter import ShotsPresenter
from safelight.desk.shoot.source_presenter import SourcePresenter
from safelight.desk.shoot.take_in import TakeIn
from safelight.desk.shoot.taking_back import TakingBack
from safelight.desk.shoot.view import ShootView
from safelight.desk.shoot.wording import Wording, client_frames, roster_row
from safelight.domain.changes import Changes
from safelight.domain.ids import SubjectId
from safelight.domain.session import Session
from safelight.studio.read_audit import write_reads

LOOK_EVERY_MS = 5_000
"""Folder, space and pace are looked at that often although nothing changed."""
_OURS = Changes.SUBJECTS | Changes.PHOTOS | Changes.CONSENTS | Changes.RECEIPTS | Changes.ON_SET | Changes.COPIES


class ShootPresenter(QObject):
    """Lives until the desk is locked, so that intake goes on while the screen is left or covered."""

    def __init__(
        self, desk: Desk, view: ShootView, panel: PicturesPanel, windows: SecondWindows, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._view, self._panel, self._windows = desk, view, panel, windows
        self._wording, self._roster = Wording(desk.words), RosterState()
        self._is_shown = False
        self._names: dict[SubjectId, str] = {}
        self.reader = DayReader(desk, self)
        self.set = SetPresenter(desk, self.reader, self._wording, self)
        self.source = SourcePresenter(desk, self._wording, self)
        self.shots = ShotsPresenter(desk, panel, self.reader, self._wording, self)
        self._take_in, self._alarms = TakeIn(desk, self), AlarmAnswers(desk.words, self)
        self._taking_back = TakingBack(desk, self)
        self._beat = QTimer(self, interval=LOOK_EVERY_MS)
        self._beat.timeout.connect(lambda: self.reader.ask())
        self._join_desk()
        self._join_view()
        self._follow(desk.session)

    def opened(self) -> None:
        """It is on screen: read what there is, give the focus to the shots."""
        self._is_shown = True
        self._beat.start()
        self._view.work()
        self.reader.ask()
        self._show()

    def left(self) -> None:
        """Another screen is shown; frames go on coming in."""
        self._is_shown = False
        self._view.answers.close_answers()

    def forget(self) -> None:
        """Nothing of anybody is held from now on; intake goes on."""
        self._is_shown = False
        self.reader.forget()
        self._names = {}
        self.set.names = {}
        self.set.switching.asked = None
        self._roster.typed = ""
        self._alarms.forget()
        self.shots.forget()
        self._view.forget()
        self._panel.forget()
        self._windows.forget()

    def close(self) -> None:
        """The desk is locked, or its screens are thrown away."""
        self._beat.stop()
        self.source.stop()
        self._windows.close()

    # Inside.

    def _join_desk(self) -> None:
        desk = self._desk
        desk.session_changed.connect(self._follow)
        desk.scanned.connect(self.set.scanned)
        desk.jobs.changed.connect(self._changed)
        desk.signing.given.connect(self._show)
        desk.signing.taken_back.connect(lambda _: self.reader.ask())
        self.reader.came.connect(self._came)
        self.reader.names_came.connect(self._show)
        self.set.changed.connect(self._show)
        self.set.switched.connect(self._switched)
        self.source.changed.connect(self._show)
        self.source.frame_came.connect(self.set.switching.came_frame)
        self._windows.picked.connect(self.shots.pick_for_subject)
        self._alarms.next_wanted.connect(self.set.enter_next)
        self._alarms.hand_over_wanted.connect(self._hand_over_to)
        self._alarms.code_wanted.connect(self._open_clock)
        self._alarms.folder_wanted.connect(self._view.ask_folder)
        self._alarms.given.connect(self.shots.answer)
        self._alarms.given.connect(self._show)

    def _join_view(self) -> None:
        view, roster = self._view, self._view.roster
        view.key_pressed.connect(self.set.switching.key_pressed)
        view.next_asked.connect(self._enter)
        view.back_asked.connect(self.set.back)
        view.nobody_asked.connect(self._nobody)
        view.walk_in_asked.connect(self._walk_in)
        view.hand_over_asked.connect(self._hand_over)
        view.take_back_asked.connect(self._take_back)
        view.folder_chosen.connect(lambda folder: self.source.choose(Path(folder)))
        view.client_asked.connect(self._open_client)
        view.clock_asked.connect(self._open_clock)
        view.number_typed.connect(self._picked_number)
        view.dropped.connect(lambda urls: self._take_in.drop(self.reader.session, urls))
        view.follow_asked.connect(self._panel.set_following)
        self._panel.follow_changed.connect(view.follow.setChecked)
        self._panel.act_asked.connect(self._act)
        self._panel.many_asked.connect(lambda number: self._desk.say(self._desk.words.get("shoot.many", n=number)))
        view.answers.opened.connect(self._read_answers)
        view.alarms.answered.connect(self._alarms.answer)
        roster.import_asked.connect(lambda: self._desk.go("sessions"))
        roster.typed.connect(self._typed)
        roster.filtered.connect(self._filtered)
        roster.pointed.connect(self._pointed)
        roster.chosen.connect(self._chosen)
        roster.gave_up.connect(self._gave_up)
        roster.moved.connect(lambda shots, subject: self.shots.move(shots, (subject,), self._names.get(subject, "")))

    def _follow(self, session: Session | None) -> None:
        before = self.reader.session
        other = session is None or before is None or session.id != before.id
        self.reader.follow(session)
        if other:
            self.set.switching.forget()
            self._alarms.forget()
            self.shots.forget()
            self._names = {}
        if session is None:
            self.close()
        else:
            self.source.follow(session)
            self.reader.ask(names=other)
        self._show()

    def _changed(self, changes: Changes, _by: object) -> None:
        if changes & _OURS and not self._desk.is_covered:
            self.reader.ask(changes, names=bool(changes & Changes.SUBJECTS))
            if changes & (Changes.CONSENTS | Changes.RECEIPTS) and self._view.answers.is_open:
                self._read_answers()

    def _came(self) -> None:
        if (day := self.reader.day) is not None:
            if day.on_set != self.set.on_set:
                self._view.answers.close_answers()
            self.set.switching.read(day.on_set)
            self._names = {each.id: each.name or each.short for each in day.board.people}
            self.set.names = self._names
        self._show()

    def _show(self, *_: object) -> None:
        day, view = self.reader.day, self._view
        if self._desk.is_covered or not self._desk.is_open:
            return
        if day is None:
            if self._is_shown and self.reader.session is None:
                view.banner.show_row(BannerRow(Place.NO_SESSION))
            return
        self.source.show(day)
        self._desk.status.show_counts(*self._wording.counts(day))
        if self._windows.client_is_open:  # a card is scanned at any screen, and the client sees it
            self._windows.show_client(client_frames(day.shots))
        self._windows.show_cameras(day.cameras)
        if not self._is_shown:
            return
        on_set = self.set.on_set
        rows = [roster_row(each, day.session.frames_per_subject, on_set) for each in day.board.people]
        view.roster.show_page(self._roster.page(rows, self.reader.index))
        view.banner.show_row(self._banner(day))
        view.show_person(bool(on_set))
        view.alarms.show_cards(self._alarms.cards(day, on_set, self._names, self.source.news))
        view.pace.show_row(self._wording.pace(day, self.source.news))
        self.shots.show(day, on_set, self._names)

    def _banner(self, day: Day) -> BannerRow:
        """What Enter does stands on the button: whom the search found, else whoever is next."""
        row, found = self.set.banner(day), self._view.roster.pointed_at()
        if found is not None and self._roster.looks and self._view.roster.purpose is Purpose.SET:
            return replace(row, next_name=found.name, question="")
        return row

    def _switched(self, people: tuple[SubjectId, ...]) -> None:
        self._view.answers.close_answers()
        self._view.roster.reveal(people[0] if people else None)

    def _typed(self, text: str) -> None:
        if text.startswith("#"):
            return
        self._roster.typed = text
        self._show()

    def _pointed(self, _: SubjectId | None) -> None:
        if (day := self.reader.day) is not None and self._is_shown:
            self._view.banner.show_row(self._banner(day))

    def _filtered(self, chosen: Filter | None) -> None:
        self._roster.chosen = chosen
        self._show()

    def _chosen(self, subject: SubjectId, purpose: Purpose) -> None:
        if purpose is Purpose.MOVE:
            self.shots.move(self.shots.held, (subject,), self._names.get(subject, ""))
        elif purpose is Purpose.GROUP:
            self.set.join(subject)
        else:
            self.set.found(subject)

    def _gave_up(self) -> None:
        self.set.groups = False

    def _act(self, act: Act, shots: tuple[str, ...]) -> None:
        if act is Act.MOVE:
            self.shots.held = shots
            self._view.look_for("", Purpose.MOVE, len(shots))
        elif act is Act.GROUP:
            self.set.groups = True
            self._view.look_for("", Purpose.GROUP)
        else:
            self.shots.act(act, shots)

    def _enter(self) -> None:
        if not self.set.switching.enter_counts() or not self._panel.confirm():
            self.set.enter_next()

    def _nobody(self) -> None:
        if self._view.roster.purpose is Purpose.MOVE:
            self.shots.move(self.shots.held, (), self._desk.words.get("shoot.nobody"))
            self._view.roster.give_up()
        else:
            self.set.nobody()

    def _walk_in(self) -> None:
        typed = self._roster.typed if self._roster.looks else ""
        self._view.roster.give_up()
        self.set.walk_in(typed)

    def _hand_over(self) -> None:
        self._hand_over_to(self.set.on_set[0] if len(self.set.on_set) == 1 else None)

    def _hand_over_to(self, subject: SubjectId | None) -> None:
        if self.reader.session is not None:
            self._desk.signing.give(subject)

    def _take_back(self) -> None:
        if self._desk.signing.is_open:
            self._taking_back.ask(self._view.ask_pin())

    def _open_client(self) -> None:
        day = self.reader.day
        self._windows.open_client(client_frames(day.shots) if day is not None else ())

    def _open_clock(self) -> None:
        day = self.reader.day
        self._windows.open_clock(day.cameras if day is not None else ())

    def _picked_number(self, number: int) -> None:
        """The person on set said the number of a frame: as a tap on it in the client's window."""
        day, words = self.reader.day, self._desk.words
        shot = next((each.shot for each in client_frames(day.shots) if each.number == number), "") if day else ""
        if shot:
            self.shots.pick_for_subject(shot)
        self._desk.say(words.get("shoot.number-hint" if shot else "shoot.number-none", number=number))

    def _read_answers(self) -> None:
        session, people, studio = self.reader.session, self.set.on_set, self._desk.studio
        if session is None or not people:
            self._view.answers.close_answers()
            return
        def came(found: tuple[tuple[SaidUse, ...], bool]) -> None:
            if found[1]:  # what cannot be noted now waits for the next time: nobody at work is held up by it
                self._desk.jobs.write(lambda _: write_reads(studio), lambda _: None, lambda _: None)
            day = self.reader.day
            if day is not None and people == self.set.on_set:
                self._view.answers.show_page(self._wording.answers(found[0], people, self._names, day))

        words = self._desk.words.language
        self._desk.jobs.read(lambda _: look_at_answers(studio, session, people, words), came, self._desk.failed)
