"""Opens the desk: the first window, which loads nothing of a studio, then the studio, then its screens.

The file is long because it is one idea: one start, from the first paint to the last.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from safelight.desk.absence import Absence
from safelight.desk.appearance import Appearance
from safelight.desk.cover.screen import cover_window
from safelight.desk.demonstration import DeskDemonstration, FoundDemonstration, camera_of
from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.desk.making import made_plain
from safelight.desk.preferences import Preferences
from safelight.desk.screen import Later, Screen
from safelight.desk.screens import Make, Named, built, load
from safelight.desk.signing_screen import SigningScreens
from safelight.desk.speaking import Speaking
from safelight.desk.turns import Turns
from safelight.desk.unlock.presenter import Unlocking
from safelight.desk.unlock.view import UnlockView
from safelight.desk.waiting_page import WaitingPage
from safelight.desk.window import DeskWindow
from safelight.domain.errors import SafelightError
from safelight.domain.people import StaffMember
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.qt.app import make_application, told_to_end
from safelight.qt.jobs import Jobs
from safelight.settings import places

if TYPE_CHECKING:
    from safelight.desk.first_run import Choose, FirstRun
    from safelight.studio.decoding import DecoderPool
    from safelight.studio.open_studio import OpenStudio

IDENTITY = "studio.json"
"""Lies in the folder of every studio."""


class Opening(QObject):
    """Holds window, desk and workers together from the first paint to the last."""

    closed = Signal()
    """Everything was kept and let go."""
    ready = Signal()
    """The first screen is shown; the others are made while somebody works, or when they are wanted."""

    def __init__(
        self,
        screens: SigningScreens,
        demonstration: FoundDemonstration,
        folder: Path,
        preferences: Preferences,
        *,
        demo: bool = False,
        choose: Choose | None = None,
    ) -> None:
        """``choose`` asks where a file is to be saved; a dialog does when left out."""
        super().__init__()
        self._folder, self._preferences, self._demonstration = folder, preferences, demonstration
        self._demo = demo
        self._held = ExitStack()
        self._to_load: list[Named] = []
        self._made: list[Screen | Later] = []
        self._turns = Turns(self)
        self._camera: QTimer | None = None
        self._session: Session | None = None
        self._is_closed = False
        self.appearance = Appearance(preferences, self)
        self.jobs = Jobs(self)
        self.desk = Desk(self.jobs, self.appearance.words, screens, preferences, self)
        self.window = DeskWindow(self.desk)
        self.appearance.dress(self.window)
        self.absence = Absence(self)
        self.covering = cover_window(self.desk, self.window, self.absence)
        self.speaking = Speaking(self.desk, self.window, self.appearance)
        self._choose = choose
        self.desk.signing.given.connect(lambda _: self.window.step_aside())
        self.desk.signing.taken_back.connect(lambda _: self.window.step_back())
        self.window.close_asked.connect(self.ask_to_close)
        self.window.keys_asked.connect(self._show_keys)
        self.window.show_gate(WaitingPage(self.desk.words, self.desk.words.get("window.getting_ready")))

    def open(self) -> None:
        """Show the window, and go on once it is painted."""
        if not self._preferences.geometry.isEmpty():
            self.window.restoreGeometry(self._preferences.geometry)
        self.window.after_first_paint(self.begin)
        self.window.show()

    def begin(self) -> None:
        """The way in: the demonstration, or the studio that is there."""
        if self._demo:
            self.look_around()
        elif (self._folder / IDENTITY).exists():
            self.show_unlock()
        else:
            self.first_run.begin()

    @cached_property
    def first_run(self) -> FirstRun:
        """The pages of the first run; loaded when they are wanted, because most starts do without them."""
        from safelight.desk.first_run import FirstRun

        made = FirstRun(self.desk, self.window, self._folder, self._choose)
        made.opened.connect(self._held.enter_context)
        made.entered.connect(self._load)
        made.demo_asked.connect(self.look_around)
        made.close_asked.connect(self.close)
        return made

    # Ways in.

    def show_unlock(self) -> None:
        """Ask for the passphrase of the studio; the keyring is asked first."""
        words = self.desk.words
        view = UnlockView(words, str(self._folder))
        unlocking = Unlocking(self.jobs, words, self._folder, view)
        view.passphrase_given.connect(lambda typed: self._unlock(view, unlocking, typed))
        view.keyring_asked.connect(lambda: self._unlock(view, unlocking, None))
        unlocking.opened.connect(self.enter)
        unlocking.failed.connect(view.show_error)
        unlocking.asked.connect(lambda: view.show_waiting(False))
        view.lost_said.connect(self.show_recovery)
        self.window.show_gate(view)
        self._unlock(view, unlocking, None)

    def show_recovery(self) -> None:
        """The passphrase is lost: two recovery sheets open the studio too."""
        from safelight.desk.unlock.recovery_view import RecoveryView  # once in a studio's life: no start waits for it

        words = self.desk.words
        view = RecoveryView(words, str(self._folder))
        unlocking = Unlocking(self.jobs, words, self._folder, view)
        view.given.connect(unlocking.recover)
        view.back_asked.connect(self.show_unlock)
        unlocking.opened.connect(self.enter)
        unlocking.failed.connect(view.show_error)
        self.window.show_gate(view)

    def look_around(self) -> None:
        """Make the demonstration's studio in a folder that vanishes with the window."""
        words = self.desk.words
        page = WaitingPage(words, words.get("window.demo_ready"))
        self.window.show_gate(page)
        import tempfile  # and random numbers with it, which a first window need not wait for

        folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="safelight-")))
        found = self._demonstration

        def made(demo: DeskDemonstration) -> None:
            self._session = demo.session
            self.desk.demonstration = demo
            self._camera = camera_of(demo, self.jobs, self._broke, self)
            self.enter(demo.studio, demo.by)

        self.jobs.read(lambda report: found(folder, report), made, self._broke, progressed=page.show_progress)

    def enter(self, studio: OpenStudio, by: StaffMember | None = None) -> None:
        """The studio is open: load what the screens stand on, then show them."""
        self._held.enter_context(studio)
        self._load(studio, by)

    def _load(self, studio: OpenStudio, by: StaffMember | None) -> None:
        words = self.desk.words
        self.window.show_gate(WaitingPage(words, words.get("window.getting_ready")))

        def work(_: Report) -> tuple[DecoderPool, StaffMember | None, str, SafelightError | None]:
            from safelight.studio.decoding import DecoderPool
            from safelight.studio.queries.staff import staff_rows
            from safelight.studio.restoring import why_older

            member = by or _at_desk([each.member for each in staff_rows(studio)])
            wrong = "clock_back" if studio.clock_set_back() else "clock_ahead" if studio.clock_ahead() else ""
            return DecoderPool(), member, wrong, why_older(studio)

        def entered(made: tuple[DecoderPool, StaffMember | None, str, SafelightError | None]) -> None:
            decoders, member, wrong, older = made
            if member is None:
                decoders.close()
                self.first_run.ask_team(studio)
                return
            self._held.enter_context(decoders)
            self.desk.unlock(studio, decoders, member)
            if wrong:
                self.desk.say(words.get(f"window.{wrong}"), words.get(f"window.{wrong}_told"))
            if older is not None:
                self.desk.say(*told(words, older))
            self._to_load, self._made = list(built()), []
            self._load_next()

        self.jobs.read(work, entered, self._broke)

    # Closing.

    def ask_to_close(self) -> None:
        """Close; while long jobs run, ask first whether they are to be finished."""
        running = len(self.desk.status.running)
        if running and not self.desk.is_covered:
            from safelight.desk.sheet import closing_sheet

            closing_sheet(self.window, self.desk.words, running, self._close_when_idle, self.close)
        elif running:
            self._close_when_idle()
        else:
            self.close()

    def close(self) -> None:
        """Keep what is being kept, then let everything go."""
        if self._is_closed:
            return
        self._is_closed = True
        self.absence.stop()
        self._preferences.keep("geometry", self.window.saveGeometry())
        if self._camera is not None:
            self._camera.stop()
        self.desk.signing.take_back()
        self._turns.stop()
        for each in self._made:
            if not isinstance(each, Later):
                self.window.add_screen(each)  # half-way in: thrown away with the others
        self.window.drop_screens()
        self.jobs.close()
        self.desk.lock()
        self._held.close()
        self.window.close_now()
        self.closed.emit()

    # Inside.

    def _close_when_idle(self) -> None:
        def look() -> None:
            if not self.desk.status.running:
                self.close()

        self.desk.status.changed.connect(look)
        look()

    def _show_keys(self) -> None:
        if not self.desk.is_covered and self.desk.is_open:
            from safelight.desk.sheet import keys_sheet

            keys_sheet(self.window, self.desk.words, self._preferences.hand)

    def _unlock(self, view: UnlockView, unlocking: Unlocking, passphrase: str | None) -> None:
        view.show_waiting(True)
        unlocking.open(passphrase)

    def _load_next(self) -> None:
        """One screen after the other: its modules on a worker, its widgets here; those that can wait are made later."""
        if self._is_closed:
            return
        if not self._to_load:
            self._turns.add(self.window.make_bars, self._show_screens)
            return
        named = self._to_load.pop(0)

        def loaded(make: Make) -> None:
            if named.works_unseen or named.key == self._first:
                self._turns.add(partial(self._make, make), self._take_in, self._load_next)
            else:
                self._made.append(Later(named.key, partial(make, self.desk)))
                self._load_next()

        self.jobs.read(lambda _: load(named), loaded, self._broke)

    @property
    def _first(self) -> str:
        """The screen that is shown first."""
        keys = [each.key for each in built()]
        return "shoot" if self._session is not None and "shoot" in keys else keys[0]

    def _make(self, make: Make) -> None:
        self._made.append(made_plain(partial(make, self.desk)))

    def _take_in(self) -> None:
        if not isinstance(screen := self._made[-1], Later):
            self.window.add_screen(screen)

    def _show_screens(self) -> None:
        if self.desk.is_covered:  # already: what is there is shown when somebody is back
            self.desk.covered.connect(self._uncovered)
            return
        words = self.desk.words
        made, self._made = self._made, []
        if self._session is not None:
            self.desk.open_session(self._session)
        if (played := self.desk.demonstration) is not None:
            self.desk.say(words.get("window.demo"), words.get("cover.demo", pin=played.pin))
        self.window.show_screens([(each, words.get(f"window.{each.key}")) for each in made], self._first)
        self.absence.start()
        self.ready.emit()

    def _uncovered(self, covered: bool) -> None:
        if not covered:
            self.desk.covered.disconnect(self._uncovered)
            self._show_screens()

    def _broke(self, error: SafelightError) -> None:
        if isinstance(page := self.window.stack.currentWidget(), WaitingPage):
            page.show_error(*told(self.desk.words, error))
        self.desk.failed(error)


def _at_desk(people: list[StaffMember]) -> StaffMember | None:
    """Who is taken to work here until somebody says otherwise: the first of those who work."""
    return next((each for each in people if not each.retired), None)


def run_desk(
    screens: SigningScreens,
    demonstration: FoundDemonstration,
    *,
    demo: bool = False,
    folder: Path | None = None,
    settings: Path | None = None,
) -> int:
    """Run the desk until its window is closed; returns the exit code.

    ``folder`` is the studio's (default: the one of this user), ``settings`` the file that remembers how the window
    looks. With ``demo`` a studio is made to look around in, and is gone afterwards.
    """
    application = make_application()
    application.setQuitOnLastWindowClosed(False)  # the signing screen comes and goes
    preferences = Preferences(settings or places.settings_folder() / "desk.ini")
    opening = Opening(screens, demonstration, folder or places.studio_folder(), preferences, demo=demo)
    opening.closed.connect(application.quit)
    try:
        opening.open()
        with told_to_end(opening.close):
            return application.exec()
    finally:
        opening.close()
