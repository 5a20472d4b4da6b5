"""What happens next on the signing screen: who is let in, which page follows, and that everybody is forgotten.

A presenter: it knows no widgets. A screen paints each :class:`Scene` it emits and calls back what the person wants;
``asking`` drives the step machine for the one person who sits here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from safelight.domain.ceremony import Step
from safelight.domain.ids import Language
from safelight.domain.sitting import Person, Visit

from .asking import Asking
from .scene import Page
from .signing_point import Sitting
from .stage import Stage

Admitted = tuple[Sitting, Person] | None
T = TypeVar("T")


class Flow(Stage):
    """The way of one person after another through the screen."""

    # At the door.

    def wait(self) -> None:
        """Forget whoever was here and wait for the next."""
        self.forget()
        self._language = self._desk.languages[0]
        self.go(Page.WAITING)

    def admit(self, untrusted_code: str) -> None:
        """Let in whoever carries this code; a code of nobody is answered kindly."""
        if self._page is not Page.WAITING or self._letting_in or not untrusted_code.strip():
            return
        self._let_in(lambda: self._desk.admit(untrusted_code))

    def seat(self, sitting: Sitting) -> None:
        """Start with one person whom the desk has already found."""
        self._let_in(lambda: sitting)

    def no_card(self) -> None:
        """Somebody without a card writes who they are."""
        self._turned_away = ""
        self.go(Page.WALK_IN)

    def too_young(self) -> None:
        """A minor without a card: the team makes one that names who answers with them. Nothing typed is kept."""
        self._turned_away = "too_young"
        self.go(Page.WAITING)

    def walk_in(self, name: str, contact: str, language: Language) -> None:
        """The three fields of a spare card."""
        if not self._letting_in:
            self._language = self._chosen = language
            self._let_in(lambda: self._desk.walk_in(name, contact, language))

    def speak(self, language: Language) -> None:
        """Another language, at any moment; nothing that was answered is lost."""
        self._language = language
        asked = self.page is Page.STEP
        # Chosen before the first question, it is not asked for again.
        self._chosen = None if asked else language
        if self._asking is not None:
            self._asking.speak(language, asked=asked)
        else:
            self.show()

    # Before the first question.

    def start(self) -> None:
        """Begin (or go on) with the questions; a language chosen on the way here is not asked for again."""
        if self._asking is not None:
            chosen, self._chosen = self._chosen, None
            if chosen is not None and self._asking.ceremony.step is Step.LANGUAGE:
                self._asking.speak(chosen, asked=True)
            self.go(Page.STEP)

    def guardian_here(self) -> None:
        """The guardian takes the screen first."""
        self.go(Page.HANDOVER)

    def guardian_absent(self) -> None:
        """The minor answers first; nothing counts until the guardian has signed too."""
        if self._asking is not None:
            self._asking.begin_anew(minor_first=True)
            self.go(Page.HANDOVER)

    def with_company(self) -> None:
        """Somebody else is here: ask for their names."""
        self.go(Page.COMPANY)

    def attend(self, witness: str, interpreter: str) -> None:
        """Witness and interpreter by name (empty: none), then back to the start."""
        sitting = self._asking.sitting if self._asking else None
        if sitting is not None:
            self.run(lambda: sitting.attend(witness.strip(), interpreter.strip()), lambda _: self.hello())

    def hello(self) -> None:
        """Greet whoever sits here."""
        self.go(Page.HELLO)

    def go_on(self) -> None:
        """Take up where somebody stopped."""
        if self._asking is None:
            return
        self._asking.go_on()
        if self._asking.person.minor and self._asking.ceremony.step is Step.LANGUAGE:
            self.go(Page.HANDOVER)
        else:
            self.start()

    def anew(self) -> None:
        """Answer from the beginning; earlier answers of this sitting are dropped."""
        if self._asking is not None:
            self._asking.begin_anew()
            self.hello()

    def confirm(self) -> None:
        """What was signed beforehand is still right."""
        if self._asking is not None:
            self._asking.confirm()

    def change(self) -> None:
        """What was signed beforehand changes: the questions, with the earlier answers filled in."""
        self.hello()

    # On the way out.

    def stop(self) -> None:
        """Pause; everything is kept."""
        if self._asking is None:
            self.wait()
        else:
            self._asking.stop()

    def leave_undecided(self) -> None:
        """Not to answer is fine too; nothing of this sitting is kept."""
        if self._asking is not None:
            self._asking.leave_undecided(self.thank)

    def finish(self) -> None:
        """The receipt was taken."""
        if self._asking is not None and self._asking.outcome is not None:
            self.thank()

    def thank(self) -> None:
        """Say thank you; from here on only the name on the screen is left of the person."""
        name, language = self._name(), self.language
        self.forget()
        self._thanked, self._language = name, language
        self.go(Page.THANKS)

    def refuse_all(self) -> None:
        """No to everything, also before a language was chosen: then in the one on the screen."""
        asking = self._asking
        if asking is not None:
            if asking.ceremony.step is Step.LANGUAGE:
                asking.speak(asking.language, asked=True)
            asking.refuse_all()

    def put_away(self) -> None:
        """Nobody came back, or somebody else did: what was answered is kept, and the screen is free."""
        asking = self._asking
        if asking is not None and (self._trouble or asking.working):
            return  # nothing is let go that is not kept
        if asking is not None and self._page in (Page.STEP, Page.HANDOVER) and asking.outcome is None:
            self._putting_away = True
            asking.stop()
        else:
            self.wait()

    def badge(self, untrusted_code: str) -> None:
        """A card shown to the covered screen: the same person goes on, another one starts."""
        here = self._asking

        def known() -> Admitted:
            sitting = self._desk.admit(untrusted_code)
            return None if sitting is None else (sitting, sitting.person())

        def came(admitted: Admitted) -> None:
            if admitted is None or here is None or self._asking is not here:
                return
            if admitted[1].id == here.person.id:
                self.recognised.emit()
            else:
                self.put_away()

        if here is not None:
            self.run(known, came)

    def give_pin(self, pin: str) -> None:
        """Leave the screen, for the team only."""
        self.run(lambda: self._desk.leave(pin), lambda right: self.left.emit() if right else self.pin_refused.emit())

    # Inside.

    def _let_in(self, open_door: Callable[[], Sitting | None]) -> None:
        self._letting_in, self._turned_away = True, ""

        def admitted() -> Admitted:
            sitting = open_door()
            return None if sitting is None else (sitting, sitting.person())

        self.run(admitted, self._welcome)

    def _welcome(self, admitted: Admitted) -> None:
        self._letting_in = False
        if admitted is None:
            self._turned_away = "code_unknown"
            self.go(Page.WAITING)
            return
        sitting, person = admitted
        chosen = self._chosen
        self.forget()
        asking = Asking(sitting, person, self._work, self._mode)
        asking.changed.connect(self.show)
        asking.turned.connect(lambda: self.go(Page.HANDOVER))
        asking.held.connect(self._hold)
        asking.paused.connect(self._paused)
        asking.finished.connect(lambda: self.go(Page.STEP))
        asking.failed.connect(self.fail)
        self._asking, self._chosen = asking, chosen
        if chosen is not None and person.ceremony.step is Step.LANGUAGE:
            asking.speak(chosen, asked=False)
        pages = {Visit.FIRST: Page.HELLO, Visit.PRESIGNED: Page.PRESIGNED, Visit.RESUMED: Page.RESUMED}
        self.go(pages[person.visit])

    def _paused(self) -> None:
        if self._putting_away:
            self.wait()
        else:
            self.go(Page.STOPPED)

    def _hold(self, until: datetime) -> None:
        self._until = until
        self.go(Page.HELD)
