"""Who is on set: by Enter, by name, by card, as a group or as a walk-in; nobody leaves without a frame unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from safelight.desk.desk import Desk
from safelight.desk.shoot.alarm_wording import together
from safelight.desk.shoot.day_reader import DayReader
from safelight.desk.shoot.people_acts import PeopleActs
from safelight.desk.shoot.reading import Day
from safelight.desk.shoot.rows import BannerRow
from safelight.desk.shoot.switching import MOST, People, Switching, Wish
from safelight.desk.shoot.wording import Wording
from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.domain.session import Session, SessionState


class SetPresenter(QObject):
    """Decides with :class:`Switching`, acts by :class:`PeopleActs`; what is wanted is on the screen at once."""

    changed = Signal()
    """Somebody else is on set, or something is asked."""
    switched = Signal(object)
    """These people (a tuple) are on set now, as far as the screen goes."""

    def __init__(self, desk: Desk, reader: DayReader, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._wording = desk, reader, wording
        self._people = PeopleActs(desk, self)
        self.switching = Switching()
        self.names: Mapping[SubjectId, str] = {}
        self.groups = False
        """A card or a found name joins those on set instead of taking their place."""

    @property
    def on_set(self) -> People:
        """Who is on set, as far as the screen goes."""
        return self.switching.on_set

    @property
    def next(self) -> SubjectId | None:
        """The longest-waiting ready person."""
        day = self._reader.day
        return None if day is None else self._wording.next_of(day, self.on_set)

    def enter_next(self) -> None:
        """Enter: grant what was asked, else put the next person on set."""
        if not self.switching.enter_counts():
            return
        if (asked := self.switching.asked) is not None:
            self.wish(asked)
        elif (found := self.next) is not None:
            self.wish(Wish((found,), "enter"))

    def back(self) -> None:
        """Shift+Enter: whoever was on set before is so again; that switch was a mistake."""
        day = self._reader.day
        before = self.switching.before or (day.before if day is not None else ())
        if before and self.switching.enter_counts():
            self.wish(Wish(before, "back"), sure=True)

    def nobody(self) -> None:
        """F9: frames belong to nobody from now on."""
        self.groups = False
        if self.on_set:
            self.wish(Wish((), "nobody"))

    def found(self, subject: SubjectId) -> None:
        """Somebody was found by name, or clicked."""
        if self.switching.enter_counts():
            self.wish(Wish((subject,), "find"))

    def join(self, subject: SubjectId, how: str = "find") -> None:
        """Somebody joins those on set, or leaves them again; twelve are the most."""
        there = self.on_set
        people = tuple(each for each in there if each != subject) if subject in there else (*there, subject)
        if len(people) > MOST:
            self._desk.say(self._desk.words.get("shoot.group-full"))
        else:
            self.wish(Wish(people, how), sure=True)

    def scanned(self, code: str) -> None:
        """A card was read, whatever has the focus."""
        session = self._reader.session
        if session is None or self._desk.signing.is_open:
            return

        def found(subject: SubjectId | None) -> None:
            if subject is None:
                self.switching.scanned_unknown()
                words = self._desk.words
                self._desk.say(words.get("shoot.scan-unknown"), words.get("shoot.scan-unknown-hint"))
            elif self.groups:
                self.join(subject, "scan")
            else:
                self.wish(Wish((subject,), "scan"))

        self._people.scan(session, code, found)

    def walk_in(self, typed: str) -> None:
        """F4: somebody who is on no list, by the name that was typed, else by the next number."""
        session, words = self._reader.session, self._desk.words
        if session is None:
            return

        def worded(number: int) -> tuple[str, str]:
            told = f"{number:02}"
            return words.get("shoot.walk-in-name", number=told), words.get("shoot.walk-in-reference", number=told)

        self._people.walk_in(session, typed, worded, lambda subject: self.wish(Wish((subject,), "find")))

    def wish(self, wish: Wish, *, sure: bool = False) -> None:
        """These people on set, unless somebody would leave without a frame: that asks first."""
        session, day = self._reader.session, self._reader.day
        if session is None or day is None or wish.people == self.on_set:
            return
        if session.state is not SessionState.OPEN:
            self._desk.say(self._desk.words.get("shoot.closed"))
            return
        shots = {each.id: each.shots for each in day.board.people}
        # Read a moment after the board: a frame that came between the two is nobody's reason to ask.
        shots |= {each: max(shots.get(each, 0), len(day.shots)) for each in day.on_set}
        if not sure and not self.switching.may_leave(wish, shots):
            self.changed.emit()
            return
        self._put(session, wish)

    def banner(self, day: Day) -> BannerRow:
        """Who is on set, who comes next, and what is asked before."""
        words, asked, signing = self._desk.words, self.switching.asked, self._desk.signing
        found = asked.people if asked is not None else (each,) if (each := self.next) is not None else ()
        next_name = together(found, words, self.names) if found or asked is not None else ""
        question = ""
        if asked is not None:
            leaving = tuple(each for each in self.on_set if each not in asked.people)
            told = together(leaving, words, self.names)
            question = (
                words.get("shoot.no-frame-yet", name=told, next=next_name)
                if asked.people
                else words.get("shoot.no-frame-leave", name=told)
            )
        at_signing = signing.subject if signing.is_open else None
        people = (at_signing,) if at_signing is not None else self.on_set
        return self._wording.banner(day, people, self.names, next_name, question, at_signing is not None)

    def _put(self, session: Session, wish: Wish) -> None:
        self.switching.put(wish.people)
        laid = self._reader.lay_over(lambda day: replace(day, on_set=wish.people, shots=()))
        self.switched.emit(wish.people)

        def failed(error: SafelightError) -> None:
            self._reader.take_back(laid)
            self._desk.failed(error)

        self._people.put(session, wish.people, wish.how, lambda: self._reader.kept(laid), failed)
