"""What happens next on the signing screen: who is let in, which page follows, and that everybody is forgotten.

A presenter: it knows no widgets. A screen paints each :class:`Scene` it emits and calls back what the person wants;
``asking`` drives the step machine for the one person who sits here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from safelight.domain.ceremony import Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language, SubjectId
from safelight.domain.receipt_codes import receipt_code
from safelight.domain.sitting import Person, Visit

from .asking import Asking
from .door import recognise, why_not_leave, why_turned_away
from .listeners import Listeners
from .mind import Mind
from .scene import Page
from .signing_point import SigningPoint, Sitting
from .stage import Stage
from .work import Work

Admitted = tuple[Sitting, Person] | None
T = TypeVar("T")


class Flow:
    """The way of one person after another through the screen; what is on it stands on the ``stage``."""

    def __init__(self, point: SigningPoint, work: Work, mode: Callable[[], str]) -> None:
        self.stage = Stage(point)
        self.shown = self.stage.shown
        """A :class:`Scene` to paint."""
        self.left = Listeners[()]()
        """The team has given the PIN."""
        self.pin_refused = Listeners[str]()
        """The key of the sentence that says why."""
        self.recognised = Listeners[()]()
        """Whoever sits here has shown their card again."""
        self._point, self._work, self._mode = point, work, mode
        self._chosen: Language | None = None
        self._putting_away = False

    @property
    def language(self) -> Language:
        """The language on the screen now."""
        return self.stage.language

    @property
    def page(self) -> Page:
        """What is on the screen."""
        return self.stage.page

    @property
    def asking(self) -> Asking | None:
        """The ceremony under way; None while nobody sits here."""
        return self.stage.asking

    # At the door.

    def wait(self) -> None:
        """Forget whoever was here and wait for the next."""
        self.forget()
        self.stage.spoken = self._point.languages[0]
        self.stage.go(Page.WAITING)

    def admit(self, untrusted_code: str) -> None:
        """Let in whoever carries this code; a code of nobody is answered kindly."""
        if self.stage.below is not Page.WAITING or self.stage.letting_in or not untrusted_code.strip():
            return
        if receipt_code(untrusted_code) is not None:  # a receipt is no card: whoever shows it came to take back
            self.change_mind()
            self.stage.read(untrusted_code)
        else:
            self._let_in(lambda: self._point.admit(untrusted_code))

    def seat(self, sitting: Sitting) -> None:
        """Start with one person whom the desk has already found."""
        self._let_in(lambda: sitting)

    def change_mind(self) -> None:
        """Somebody wants to take back what they allowed; of whoever sat here nothing stays."""
        language = self.language
        self.forget()
        self.stage.spoken = language
        self.stage.change_mind(Mind(self._point, self._work))

    def no_card(self) -> None:
        """Somebody without a card writes who they are."""
        self.stage.turned_away = ""
        self.stage.go(Page.WALK_IN)

    def too_young(self) -> None:
        """A minor without a card: the team makes one that names who answers with them. Nothing typed is kept."""
        self.stage.turn_away("too_young")

    def walk_in(self, name: str, contact: str, language: Language) -> None:
        """The three fields of a spare card."""
        if not self.stage.letting_in:
            self.stage.spoken = self._chosen = language
            self._let_in(lambda: self._point.walk_in(name, contact, language))

    def speak(self, language: Language) -> None:
        """Another language, at any moment; nothing that was answered is lost."""
        self.stage.spoken = language
        asked = self.page is Page.STEP
        # Chosen before the first question, it is not asked for again.
        self._chosen = None if asked else language
        if self.asking is not None:
            self.asking.speak(language, asked=asked)
        else:
            self.stage.show()

    # Before the first question.

    def start(self) -> None:
        """Begin (or go on) with the questions; a language chosen on the way here is not asked for again."""
        if self.asking is not None:
            chosen, self._chosen = self._chosen, None
            if chosen is not None and self.asking.ceremony.step is Step.LANGUAGE:
                self.asking.speak(chosen, asked=True)
            self.stage.go(Page.STEP)

    def guardian_here(self) -> None:
        """The guardian takes the screen first."""
        self.stage.go(Page.HANDOVER)

    def guardian_absent(self) -> None:
        """The minor answers first; nothing counts until the guardian has signed too."""
        if self.asking is not None:
            self.asking.begin_anew(minor_first=True)
            self.stage.go(Page.HANDOVER)

    def with_company(self) -> None:
        """Somebody else is here: ask for their names."""
        self.stage.go(Page.COMPANY)

    def attend(self, witness: str, interpreter: str) -> None:
        """Witness and interpreter by name (empty: none), then back to the start."""
        here, names = self.asking, (witness.strip(), interpreter.strip())
        if here is not None:
            self._run(lambda: here.sitting.attend(*names), lambda _: self.hello(), here)

    def hello(self) -> None:
        """Greet whoever sits here."""
        self.stage.go(Page.HELLO)

    def go_on(self) -> None:
        """Take up where somebody stopped."""
        if self.asking is None:
            return
        self.asking.go_on()
        if self.asking.person.minor and self.asking.ceremony.step is Step.LANGUAGE:
            self.stage.go(Page.HANDOVER)
        else:
            self.start()

    def anew(self) -> None:
        """Answer from the beginning; earlier answers of this sitting are dropped."""
        if self.asking is not None:
            self.asking.begin_anew()
            self.hello()

    def confirm(self) -> None:
        """What was signed beforehand is still right."""
        if self.asking is not None:
            self.asking.confirm()

    def change(self) -> None:
        """What was signed beforehand changes: the questions, with the earlier answers filled in."""
        self.hello()

    # On the way out.

    def stop(self) -> None:
        """Pause; everything is kept."""
        if self.asking is None:
            self.wait()
        else:
            self.asking.stop()

    def leave_undecided(self) -> None:
        """Not to answer is fine too; nothing of this sitting is kept."""
        if self.asking is not None:
            self.asking.leave_undecided(self.thank)

    def finish(self) -> None:
        """The receipt was taken."""
        if self.asking is not None and self.asking.outcome is not None:
            self.thank()

    def thank(self) -> None:
        """Say thank you; from here on only the name on the screen is left of the person."""
        name, language = self.stage.name, self.language
        self.forget()
        self.stage.thanked, self.stage.spoken = name, language
        self.stage.go(Page.THANKS)

    def refuse_all(self) -> None:
        """No to everything, also before a language was chosen: then in the one on the screen."""
        asking = self.asking
        if asking is not None:
            if asking.ceremony.step is Step.LANGUAGE:
                asking.speak(asking.language, asked=True)
            asking.refuse_all()

    def put_away(self) -> None:
        """Nobody came back, or somebody else did: what was answered is kept, and the screen is free."""
        asking = self.asking
        if asking is not None and (self.page is Page.TROUBLE or asking.working):
            return  # nothing is let go that is not kept
        if asking is not None and self.stage.below in (Page.STEP, Page.HANDOVER) and asking.outcome is None:
            self._putting_away = True
            asking.stop()
        else:
            self.wait()

    def badge(self, untrusted_code: str) -> None:
        """A card shown to the covered screen: the same person goes on, another one starts."""
        here = self.asking

        def came(found: SubjectId | None) -> None:
            if here is not None and found == here.person.id:
                self.recognised.emit()
            elif found is not None:
                self.put_away()

        if here is not None:
            self._run(lambda: recognise(self._point, untrusted_code), came, here)

    def give_pin(self, pin: str) -> None:
        """Leave the screen, for the team only."""
        told = self.pin_refused.emit
        self._run(lambda: why_not_leave(self._point, pin), lambda why: told(why) if why else self.left.emit())

    def again(self) -> None:
        """Try once more what failed; nothing was lost."""
        self.stage.again()

    def forget(self) -> None:
        """Nobody sits here, and nothing of whoever did is left."""
        self.stage.forget()
        self._chosen, self._putting_away = None, False

    def _run(self, work: Callable[[], T], succeeded: Callable[[T], None], of: Asking | None = None) -> None:
        def here() -> bool:
            return of is None or self.asking is of  # whoever it was done for may have gone

        def lost(error: SafelightError) -> None:
            if here():
                self.stage.letting_in = False
                self._fail(error, self.stage.show)

        self._work.run(work, lambda result: succeeded(result) if here() else None, lost)

    def _fail(self, error: SafelightError, again: Callable[[], None]) -> None:
        """Say it and offer the same again; of no use, nothing of whoever sat here stays, and a card lets them in."""
        if why := why_turned_away(error, self.asking is not None):
            language = self.language
            self.forget()
            self.stage.spoken = language
            self.stage.turn_away(why)
        else:
            self.stage.fail(error, again)

    def _let_in(self, open_door: Callable[[], Sitting | None]) -> None:
        self.stage.letting_in, self.stage.turned_away = True, ""

        def admitted() -> Admitted:
            sitting = open_door()
            return None if sitting is None else (sitting, sitting.person())

        self._run(admitted, self._welcome)

    def _welcome(self, admitted: Admitted) -> None:
        self.stage.letting_in = False
        if admitted is None:
            self.stage.turn_away("code_unknown")
            return
        sitting, person = admitted
        asking, chosen = Asking(sitting, person, self._work, self._mode), self._chosen
        self.forget()
        self.stage.seat(asking)
        asking.paused.connect(self._paused)
        asking.failed.connect(self._fail)
        self._chosen = chosen
        if chosen is not None and person.ceremony.step is Step.LANGUAGE:
            asking.speak(chosen, asked=False)
        pages = {Visit.FIRST: Page.HELLO, Visit.PRESIGNED: Page.PRESIGNED, Visit.RESUMED: Page.RESUMED}
        self.stage.go(pages[person.visit])

    def _paused(self) -> None:
        if self._putting_away:
            self.wait()
        else:
            self.stage.go(Page.STOPPED)
