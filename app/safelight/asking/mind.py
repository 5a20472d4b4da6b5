"""Somebody changes their mind: from the code of a receipt to what was taken back, one wish at a time.

The code alone stops things and shows nothing: what the pages say with it is the same whatever was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from safelight.domain.errors import SafelightError
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.sitting import TakenBack, TooManyGuesses

from .listeners import Listeners
from .mind_state import MindState
from .pending_work import PendingWork
from .scene import Page
from .signing_point import SigningPoint, TakingBack
from .work import Work

T = TypeVar("T")


class Mind:
    """One person's change of mind. Nothing here outlives them: answers of jobs that come later are thrown away."""

    def __init__(self, point: SigningPoint, work: Work) -> None:
        self.page = Page.MIND_CODE
        self.changed = Listeners[()]()
        """Show it (again): the page may be another one."""
        self.failed = Listeners[SafelightError, Callable[[], None]]()
        """The error, and what tries the same again."""
        self.confirmed = Listeners[TakenBack]()
        """It is done: the letter that says so is there to be saved."""
        self._point = point
        self._errand = PendingWork(work, self.changed.emit, self._lost)
        self._door: TakingBack | None = None
        self._state = MindState()

    def state(self) -> MindState:
        """Everything the page may show now."""
        return replace(self._state, busy=self._errand.busy)

    def read(self, untrusted_text: str) -> None:
        """A card or a receipt was held up: it finds whoever it belongs to, or shows that it is them."""
        if self.page is Page.MIND_FACT:
            self.prove(untrusted_text)
        else:
            self.find(untrusted_text)

    def find(self, untrusted_code: str) -> None:
        """The code of a receipt, or a card of this session; a code of nobody is answered kindly."""
        if self.page is not Page.MIND_CODE or not untrusted_code.strip():
            return

        def came(door: TakingBack | None) -> None:
            if door is None:
                self._show(replace(self._state, wrong="mind_unknown"))
            else:
                self._door = door
                self._turn(Page.MIND_USES, replace(self._state, shown=door.shown))

        self._run(lambda: self._point.find_by_code(untrusted_code), came)

    def show_yeses(self) -> None:
        """They want to see what they allow: first something that is not on the receipt."""
        if self.page is Page.MIND_USES and self._state.shown is not None and not self._state.shown.proven:
            self._turn(Page.MIND_FACT, self._state)

    def prove(self, untrusted_fact: str) -> None:
        """Something of theirs that is not on the receipt, or a card of this session."""
        door = self._door
        if self.page is not Page.MIND_FACT or door is None or not untrusted_fact.strip():
            return

        def came(proven: bool) -> None:
            if proven:
                self._turn(Page.MIND_USES, MindState(door.shown))
            else:
                self._show(replace(self._state, wrong="mind_wrong"))

        self._run(lambda: door.prove(untrusted_fact), came)

    def name_uses(self, uses: frozenset[ScopeId]) -> None:
        """Only these, of those that are offered."""
        shown = self._state.shown
        if self.page is Page.MIND_USES and shown is not None:
            self._show(replace(self._state, chosen=uses & frozenset(shown.uses)))

    def take_some(self) -> None:
        """On with what was named."""
        if self.page is Page.MIND_USES and self._state.meant:
            self._turn(Page.MIND_CHECK, self._state)

    def take_all(self) -> None:
        """On with everything."""
        if self.page is Page.MIND_USES and self._state.shown is not None and self._state.shown.uses:
            self._turn(Page.MIND_CHECK, replace(self._state, chosen=None))

    def act_as_guardian(self, guardian: bool) -> None:
        """Who it is: the guardian, or the person in the photo."""
        if self.page is Page.MIND_CHECK:
            self._show(replace(self._state, by=Role.GUARDIAN if guardian else Role.SUBJECT))

    def take_back(self) -> None:
        """Do it: what was read on the page, and nothing else."""
        door, state = self._door, self._state
        if self.page is not Page.MIND_CHECK or door is None or not state.ready:
            return
        by = state.by or Role.SUBJECT

        def done(taken: TakenBack) -> None:
            self._turn(Page.MIND_DONE, replace(state, stopped=taken.stopped))
            self.confirmed.emit(taken)

        self._run(lambda: door.take_back(state.chosen, by), done)

    def go_back(self) -> None:
        """To the uses again; nothing was taken back."""
        if self.page in (Page.MIND_FACT, Page.MIND_CHECK) and not self._errand.working:
            self._turn(Page.MIND_USES, MindState(self._state.shown))

    def forget(self) -> None:
        """Let go of everything; a job that is still under way speaks to nobody."""
        self._errand.forget()
        for listeners in (self.changed, self.failed, self.confirmed):
            listeners.disconnect()
        self._door, self._state = None, MindState()

    # Inside.

    def _run(self, work: Callable[[], T], succeeded: Callable[[T], None]) -> None:
        if not self._errand.working:
            self._state = replace(self._state, wrong="")
            self._errand.run(work, succeeded)
            self.changed.emit()

    def _turn(self, page: Page, state: MindState) -> None:
        self.page = page
        self._show(replace(state, wrong=""))

    def _show(self, state: MindState) -> None:
        self._state = state
        self.changed.emit()

    def _lost(self, error: SafelightError, again: Callable[[], None]) -> None:
        if isinstance(error, TooManyGuesses):  # not a fault: in their own words, on the page where they typed
            self._show(replace(self._state, wrong="pin_wait"))
        else:
            self.failed.emit(error, again)
