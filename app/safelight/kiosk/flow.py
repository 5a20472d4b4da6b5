"""What happens next on the signing screen: who is let in, which page follows, and that everybody is forgotten.

A presenter: it knows no widgets. ``Window`` paints each :class:`Scene` it emits and calls back what the person wants;
``flow_asking`` drives the step machine for the one person who sits here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from safelight.domain.ceremony import Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language
from safelight.domain.people import Role
from safelight.domain.sitting import Person, Visit
from safelight.qt.jobs import Jobs
from safelight.settings.texts import texts

from .desk import SigningDesk, Sitting
from .flow_asking import Asking
from .flow_scene import Page, Scene

Admitted = tuple[Sitting, Person] | None
T = TypeVar("T")


class Flow(QObject):
    """The way of one person after another through the screen."""

    shown = Signal(object)
    """A :class:`Scene` to paint."""
    left = Signal()
    """The team has given the PIN."""
    pin_refused = Signal()

    def __init__(self, desk: SigningDesk, jobs: Jobs, mode: Callable[[], str]) -> None:
        super().__init__()
        self.scale = 100
        self.reduced_motion = False
        self._desk, self._jobs, self._mode = desk, jobs, mode
        self._language = desk.languages[0]
        self._asking: Asking | None = None
        self._page = Page.WAITING
        self._until: datetime | None = None
        self._unknown = self._letting_in = False
        self._trouble: SafelightError | None = None
        self._again: Callable[[], None] | None = None
        self._thanked = ""

    @property
    def language(self) -> Language:
        """The language on the screen now."""
        return self._asking.language if self._asking else self._language

    @property
    def page(self) -> Page:
        """Where the screen is."""
        return Page.TROUBLE if self._trouble else self._page

    @property
    def asking(self) -> Asking | None:
        """The ceremony under way; None while nobody sits here."""
        return self._asking

    # At the door.

    def wait(self) -> None:
        """Forget whoever was here and wait for the next."""
        self._forget()
        self._language = self._desk.languages[0]
        self._go(Page.WAITING)

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
        self._unknown = False
        self._go(Page.WALK_IN)

    def walk_in(self, name: str, contact: str, language: Language) -> None:
        """The three fields of a spare card."""
        if not self._letting_in:
            self._language = language
            self._let_in(lambda: self._desk.walk_in(name, contact, language))

    def speak(self, language: Language) -> None:
        """Another language, at any moment; nothing that was answered is lost."""
        self._language = language
        if self._asking is not None:
            self._asking.speak(language, asked=self.page is Page.STEP)
        else:
            self._show()

    # Before the first question.

    def start(self) -> None:
        """Begin (or go on) with the questions."""
        if self._asking is not None:
            self._go(Page.STEP)

    def guardian_here(self) -> None:
        """The guardian takes the screen first."""
        self._go(Page.HANDOVER)

    def guardian_absent(self) -> None:
        """The minor answers first; nothing counts until the guardian has signed too."""
        if self._asking is not None:
            self._asking.begin_anew(minor_first=True)
            self._go(Page.HANDOVER)

    def with_company(self) -> None:
        """Somebody else is here: ask for their names."""
        self._go(Page.COMPANY)

    def attend(self, witness: str, interpreter: str) -> None:
        """Witness and interpreter by name (empty: none), then back to the start."""
        sitting = self._asking.sitting if self._asking else None
        if sitting is not None:
            self._run(lambda: sitting.attend(witness.strip(), interpreter.strip()), lambda _: self.hello())

    def hello(self) -> None:
        """Greet whoever sits here."""
        self._go(Page.HELLO)

    def go_on(self) -> None:
        """Take up where somebody stopped."""
        if self._asking is None:
            return
        self._asking.go_on()
        fresh = self._asking.person.minor and self._asking.ceremony.step is Step.LANGUAGE
        self._go(Page.HANDOVER if fresh else Page.STEP)

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
        self._forget()
        self._thanked, self._language = name, language
        self._go(Page.THANKS)

    def again(self) -> None:
        """Try once more what failed; nothing was lost."""
        again, self._again, self._trouble = self._again, None, None
        self._show()
        if again is not None:
            again()

    def give_pin(self, pin: str) -> None:
        """Leave the screen, for the team only."""
        self._run(lambda: self._desk.leave(pin), lambda right: self.left.emit() if right else self.pin_refused.emit())

    def noted(self, note: str) -> None:
        """Say below the receipt what became of printing or sending."""
        if self._asking is not None:
            self._asking.note = note
            self._show()

    # Inside.

    def _let_in(self, open_door: Callable[[], Sitting | None]) -> None:
        self._letting_in, self._unknown = True, False

        def admitted() -> Admitted:
            sitting = open_door()
            return None if sitting is None else (sitting, sitting.person())

        self._run(admitted, self._welcome)

    def _welcome(self, admitted: Admitted) -> None:
        self._letting_in = False
        if admitted is None:
            self._unknown = True
            self._go(Page.WAITING)
            return
        sitting, person = admitted
        self._forget()
        asking = Asking(sitting, person, self._jobs, self._mode)
        asking.changed.connect(self._show)
        asking.turned.connect(lambda: self._go(Page.HANDOVER))
        asking.held.connect(self._hold)
        asking.paused.connect(lambda: self._go(Page.STOPPED))
        asking.finished.connect(lambda: self._go(Page.STEP))
        asking.failed.connect(self._fail)
        self._asking = asking
        pages = {Visit.FIRST: Page.HELLO, Visit.PRESIGNED: Page.PRESIGNED, Visit.RESUMED: Page.RESUMED}
        self._go(pages[person.visit])

    def _hold(self, until: datetime) -> None:
        self._until = until
        self._go(Page.HELD)

    def _fail(self, error: SafelightError, again: Callable[[], None]) -> None:
        self._trouble, self._again = error, again
        self._show()

    def _run(self, work: Callable[[], T], succeeded: Callable[[T], None]) -> None:
        def lost(error: SafelightError) -> None:
            self._letting_in = False
            self._fail(error, self._show)

        self._jobs.run(work, succeeded, lost)

    def _go(self, page: Page) -> None:
        self._page = page
        self._show()

    def _forget(self) -> None:
        if self._asking is not None:
            self._asking.forget()
        self._asking = self._until = self._trouble = self._again = None
        self._thanked = ""
        self._unknown = False

    def _show(self) -> None:
        self.shown.emit(self.scene())

    def scene(self) -> Scene:
        """What is to be painted now."""
        asking, error = self._asking, self._trouble
        person = asking.person if asking else None
        return Scene(
            page=self.page,
            texts=texts(self.language),
            languages=self._desk.languages,
            session=self._desk.session_name,
            name=self._name(),
            minor=person.minor if person else False,
            role=asking.ceremony.whose_turn if asking else Role.SUBJECT,
            minor_first=asking is not None and person is not None and person.minor and asking.alone,
            state=asking.state(self.scale, self.reduced_motion) if asking else None,
            step=asking.step if asking else None,
            until=self._until,
            title=error.title if error else "",
            hint=error.hint if error else "",
            unknown=self._unknown,
            busy=self._letting_in,
        )

    def _name(self) -> str:
        if self._asking is None:
            return self._thanked
        return self._asking.turn_name() if self._page is Page.HANDOVER else self._asking.person.name
