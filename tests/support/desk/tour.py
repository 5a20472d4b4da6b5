"""A walk through every screen of the desk with people, frames and hard names on it, one state after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from safelight.demo.desk_studio import REVIEWER_PIN, DeskStudio, found_desk_studio
from safelight.desk.absence import Absence
from safelight.desk.cover.screen import cover_window
from safelight.desk.cover.view import CoverView
from safelight.desk.desk import Desk
from safelight.desk.keys import Hand
from safelight.desk.preferences import Preferences
from safelight.desk.screens import SCREENS, load
from safelight.desk.sheet import closing_sheet, keys_sheet
from safelight.desk.shoot.switching import Wish
from safelight.desk.window import DeskWindow
from safelight.domain.ids import Language, SubjectId
from safelight.domain.people import Subject
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import desk_texts
from safelight.studio import subjects
from safelight.studio.arrivals import mark_arrived
from safelight.studio.decoding import DecoderPool
from safelight.studio.open_studio import new_id
from support.desk import rare_states, rights_states
from support.desk_day import NoSigningScreen

HARD_NAMES = ("N" * 250 + " " + "ä" * 249, "عبد الرحمن محمد الخطيب", "<b>Bold</b> & Söhne", "👩‍🚀 Ada 🚀")
SIZES = ((1280, 720), (1600, 1000))


def found(folder: Path) -> DeskStudio:
    """A studio with a day under way, and people on its list whose names are hard to paint."""
    made = found_desk_studio(folder)
    hard = tuple(
        Subject(SubjectId(new_id()), name, Language("en"), made.session.country, reference=f"H-{at:03}")
        for at, name in enumerate(HARD_NAMES)
    )
    for each in hard:
        subjects.add_subject(made.studio, made.session, each)
    for place in (7, 9, 2):
        mark_arrived(made.studio, made.session, made.people[place].id)
    return replace(made, people=(*made.people, *hard))


@dataclass
class Tour:
    """One window with all screens; :meth:`states` goes through them."""

    made: DeskStudio
    decoders: DecoderPool
    settings: Path
    look: str = "desk_dark"
    language: str = "en"
    scale: float = 1.0
    size: tuple[int, int] = (1600, 1000)
    screens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.jobs = Jobs()
        self.desk = Desk(self.jobs, desk_texts(self.language), NoSigningScreen(), Preferences(self.settings))
        self.window = DeskWindow(self.desk)
        self.dress(self.look)
        theme.speak(self.window, self.language)
        self.absence = Absence(self.window)
        self.covering = cover_window(self.desk, self.window, self.absence)
        self.desk.unlock(self.made.studio, self.decoders, self.made.by)
        self.desk.open_session(self.made.session)
        self.screens = {each.key: load(each)(self.desk) for each in SCREENS}
        self.window.keys_asked.connect(lambda: keys_sheet(self.window, self.desk.words, Hand.LETTERS))
        self.window.resize(*self.size)
        self.window.show()
        self.window.show_screens(
            [(each, self.desk.words.get(f"window.{key}")) for key, each in self.screens.items()], "sessions"
        )
        self.window.activateWindow()
        self.settle()

    def dress(self, look: str) -> None:
        """The same window in another look."""
        theme.apply(self.window, theme.scaled(theme.THEMES[look], self.scale))

    def until(self, holds: Callable[[], object], seconds: float = 30.0) -> None:
        """Let the window live until ``holds``."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            QTest.qWait(5)

    def settle(self) -> None:
        """Until nothing is being done, and what was read is painted."""
        reader = self.screens["shoot"].presenter.reader
        for _ in range(2):
            QTest.qWait(40)
            self.until(lambda: not self.jobs.busy and not reader.is_busy)
        QTest.qWait(20)

    def go(self, key: str) -> Any:
        """Another screen, settled."""
        self.desk.go(key)
        self.settle()
        return self.screens[key]

    def put(self, *people: Subject) -> None:
        """These are on set now."""
        self.screens["shoot"].presenter.set.wish(Wish(tuple(each.id for each in people), "find"), sure=True)
        self.settle()

    def states(self) -> Iterator[tuple[str, QWidget]]:
        """The name of each state, and what is to be looked at."""
        for part in (self.sessions, self.shoot, self.review, self.export, self.rights, self.journal,
                     self.setup, self.over):  # fmt: skip
            yield from part()

    def sessions(self) -> Iterator[tuple[str, QWidget]]:
        screen, window = self.go("sessions"), self.window
        view = screen.view
        view.list.table.choose(str(self.made.session.id))
        self.settle()
        yield "sessions", window
        view.list.new_asked.emit()
        self.settle()
        yield "sessions-form", window
        QTest.keyClick(view.form, Qt.Key.Key_Escape)
        self.settle()
        for act, page in (("people", view.roster), ("cards", view.cards)):
            view.list.asked.emit(act, str(self.made.session.id))
            self.settle()
            assert page.isVisible(), act
            if act == "people":
                listed = self.settings.parent / "list.csv"
                listed.write_text("Name;Nummer;E-Mail\nGrace Hopper;7;grace@example.org\n;8;\n", encoding="utf-8")
                view.roster.file_chosen.emit(listed)
                self.settle()
            yield f"sessions-{act}", window
            QTest.keyClick(page, Qt.Key.Key_Escape)
            self.settle()

    def shoot(self) -> Iterator[tuple[str, QWidget]]:
        screen, window, people = self.go("shoot"), self.window, self.made.people
        presenter, view = screen.presenter, screen.view
        yield "shoot-nobody", window
        self.put(people[0])
        yield "shoot-person", window
        view.toggle_answers()
        self.settle()
        yield "shoot-answers", window
        view.toggle_answers()
        self.put(people[-len(HARD_NAMES)])
        yield "shoot-long-name", window
        self.put(*people[:5])
        yield "shoot-group", window
        self.put(people[1])
        view.hand_over_asked.emit()
        self.settle()
        yield "shoot-handed-over", window
        self.desk.signing.take_back()
        self.settle()
        self.put(people[11])
        presenter.set.enter_next()
        self.settle()
        yield "shoot-question", window
        view.look_for("ma")
        self.settle()
        yield "shoot-find", window
        view.roster.give_up()
        self.settle()
        for part in (rare_states.on_set, rare_states.beside, rare_states.folder_gone, rare_states.empty_roster):
            yield from part(self)

    def review(self) -> Iterator[tuple[str, QWidget]]:
        view, window = self.go("review").view, self.window
        yield "review-gate", window
        view.gate.pin.edit.setText(REVIEWER_PIN)
        view.gate.unlock.click()
        self.settle()
        self.settle()
        yield "review", window
        view.table.choose(view.table.rows[0].key)
        self.settle()
        self.settle()
        yield "review-person", window
        yield from rare_states.bin_with_frames(self)

    def export(self) -> Iterator[tuple[str, QWidget]]:
        view, window = self.go("export").view, self.window
        yield "export-empty", window
        view.recipients.buttons[0].click()
        view.uses.buttons[0].click()
        self.settle()
        yield "export", window
        yield from rare_states.leaving(self)

    def rights(self) -> Iterator[tuple[str, QWidget]]:
        self.go("rights")
        yield from rights_states.states(self)

    def journal(self) -> Iterator[tuple[str, QWidget]]:
        view, window = self.go("journal").view, self.window
        yield "journal", window
        view.check.click()
        self.until(view.verdict.isVisible)
        self.settle()
        yield "journal-checked", window

    def setup(self) -> Iterator[tuple[str, QWidget]]:
        view, window = self.go("settings").view, self.window
        for key in tuple(view.list.buttons):
            view.section_chosen.emit(key)
            self.settle()
            yield f"settings-{key}", window

    def over(self) -> Iterator[tuple[str, QWidget]]:
        window, words = self.window, self.desk.words
        sheet: QWidget = keys_sheet(window, words, Hand.LETTERS)
        self.settle()
        yield "keys", window
        sheet.close()
        sheet = closing_sheet(window, words, 3, lambda: None, lambda: None)
        self.settle()
        yield "closing", window
        sheet.close()
        self.go("shoot")
        self.covering.cover()
        self.settle()
        yield "covered", window

    def above(self) -> QWidget | None:
        """What lies over the page and can be touched alone: a sheet, the cover."""
        if self.desk.is_covered:
            return next(each for each in self.window.findChildren(CoverView) if each.isVisible())
        return next((each for each in self.window.sheets if each.isVisible()), None)

    def close(self) -> None:
        """Everything is let go."""
        self.absence.stop()
        self.window.drop_screens()
        self.jobs.close()
        self.desk.lock()
        self.window.close_now()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

