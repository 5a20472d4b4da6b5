"""One person's ceremony under way: every wish from a step becomes an act of the step machine.

The file is long because it is one idea: what one wish does. Whatever needs no ceremony of its own stands in a part
that is held here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from safelight.domain import ceremony as rules
from safelight.domain.ceremony import Ceremony, Moment, Step
from safelight.domain.choice import Grant, ReplicaTerms
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Country, Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.scope import Mark
from safelight.domain.sitting import Evidence, Finished, Person
from safelight.settings.texts import texts

from .answers import leave_uses, unanswered
from .keeping import Keeper
from .limits import grant_of, with_countries, with_place, with_term
from .listeners import Listeners
from .marks import MarkDue, is_contract, next_mark, still_due
from .page_making import MadePage, PageMaker
from .pending_work import PendingWork
from .signing_point import Sitting
from .step_state import StepState
from .teach_back import TeachBack
from .work import Work

SIGNATURE = ScopeId("signature")
"""Under this name a party's signature is sealed while somebody else still has to sign."""
Act = Callable[[Ceremony, Moment], Ceremony]


class Asking:
    """The ceremony of whoever sits here, one wish at a time: every act is kept, every review gets its page.

    Nothing here outlives the person: ``Flow`` drops the object when they leave, and answers of jobs that come later are
    thrown away.
    """

    def __init__(self, sitting: Sitting, person: Person, work: Work, mode: Callable[[], str]) -> None:
        self.sitting, self.person, self.ceremony = sitting, person, person.ceremony
        self._mode = mode
        self.changed = Listeners[()]()
        """Show the state again."""
        self.failed = Listeners[SafelightError, Callable[[], None]]()
        """The error, and what tries the same again."""
        self.turned = Listeners[()]()
        """Somebody signed and hands over to the next."""
        self.held = Listeners[datetime]()
        """A minor signed first; the answers wait until this time."""
        self.paused = Listeners[()]()
        self.finished = Listeners[()]()
        self._keeper = Keeper(work, sitting.keep, self.failed.emit)
        self._pages = PageMaker(
            work, sitting.page, lambda: self.ceremony, self._show_page, self.changed.emit, self.failed.emit
        )
        self._errand = PendingWork(work, self.changed.emit, self.failed.emit)
        self.outcome: Finished | None = None
        self.opened: bool | None = None
        self.note = ""
        self._language = person.ceremony.language or person.language
        self._teach_back = TeachBack()
        self._mark_due: MarkDue | None = None
        self._notice: Notice | None = None
        self._evidence: list[Evidence] = []

    # What is shown.

    @property
    def page(self) -> bytes:
        """The PDF that was shown for exactly these answers; empty until it is made."""
        return self._pages.page

    @property
    def working(self) -> bool:
        """Whether the studio does something for this person now; nothing else is accepted until it is done."""
        return self._errand.working

    @property
    def busy(self) -> bool:
        """Whether it has taken so long that people should see it."""
        return self._errand.busy

    @property
    def language(self) -> Language:
        """The language on the screen: what the person chose last, until then the one the roster names."""
        return self._language

    @property
    def step(self) -> Step:
        """The step to show: the last stroke stays on screen until the receipt is there or has taken a while."""
        if self.outcome is not None:
            return Step.RECEIPT
        waiting = self.ceremony.step is Step.RECEIPT and not self.busy
        return Step.SIGNATURE if waiting else self.ceremony.step

    @property
    def alone(self) -> bool:
        """Whether a minor answers before any guardian has."""
        return self.ceremony.turn == 0 and self.ceremony.whose_turn is Role.SUBJECT

    def turn_name(self) -> str:
        """The name of whoever answers now, empty for a guardian nobody named."""
        if self.ceremony.whose_turn is Role.SUBJECT:
            return self.person.name
        number = self.ceremony.parties[: self.ceremony.turn].count(Role.GUARDIAN)
        guardians = self.person.guardians
        return guardians[number].name if number < len(guardians) else ""

    def state(self, scale: int, reduced_motion: bool) -> StepState:
        """Everything a step may show now."""
        return StepState(
            person=self.person,
            ceremony=self.ceremony,
            texts=texts(self.language),
            turn_name=self.turn_name(),
            role=self.ceremony.whose_turn,
            page=self.page,
            notice=self._notice,
            mark_due=self._mark_due,
            finished=self.outcome,
            explained=self._teach_back.explained,
            understood=self._teach_back.understood,
            opened=self.opened,
            note=self.note,
            busy=self.busy or self._pages.making,
            scale=scale,
            reduced_motion=reduced_motion,
        )

    # What the person wants.

    def speak(self, language: Language, *, asked: bool) -> None:
        """Go on in another language; what was answered stays. ``asked``: a step of the ceremony is on the screen."""
        self._language, self._notice = language, None
        if asked and self.ceremony.step is not Step.RECEIPT and self.outcome is None:
            self._act(lambda now, moment: rules.choose_language(now, language, moment))
        else:
            self.changed.emit()

    def next(self) -> None:
        """This step (or this card) is done; from the limits it leads past every mark that is missing."""
        if self.ceremony.step is Step.TERM and not self.working:
            self._walk_on()
        else:
            acts: Mapping[Step, Act] = {Step.NOTICE: rules.read_card, Step.USES: leave_uses}
            self._act(acts.get(self.ceremony.step, rules.go_on))

    def back(self) -> None:
        """Change answers; everything is kept. From the page of one mark back to the limits of all."""
        self._teach_back.leave()
        if self._mark_due is not None:
            self._mark_due = None
            self.changed.emit()
        else:
            self._act(rules.go_back)

    def answer(self, scope: str, yes: bool) -> None:
        """Yes, with its ordinary limits, or no to one use; uses not asked of a minor stay at no."""
        use = ScopeId(scope)
        if use in self.ceremony.offered and not (yes and use in self.person.blocked):
            self._answer(use, self.person.grants[use] if yes else None)

    def limit_term(self, scope: str, key: str) -> None:
        """For how long a yes is given, by the key of what was offered."""
        self._limit(ScopeId(scope), with_term(self.person, self.ceremony, ScopeId(scope), key))

    def limit_place(self, scope: str, key: str) -> None:
        """Where a yes holds, by the key of what was offered."""
        self._limit(ScopeId(scope), with_place(self.person, self.ceremony, ScopeId(scope), key))

    def limit_countries(self, scope: str, codes: frozenset[Country]) -> None:
        """In which countries a yes holds."""
        self._limit(ScopeId(scope), with_countries(self.person, self.ceremony, ScopeId(scope), codes))

    def open_more(self) -> None:
        """The uses beyond the first sheet are shown as well: they count as asked from now on."""
        self._act(rules.open_more)

    def refuse_all(self) -> None:
        """No to everything: one tap, straight to the page that is signed."""
        self._teach_back.leave()
        self._act(rules.refuse_all)

    def judge(self, guid: str, keep: bool) -> None:
        """Keep or veto one photo."""
        self._act(lambda now, moment: rules.judge_photo(now, PhotoGuid(guid), keep, moment))

    def put(self, question: int, choice: int) -> None:
        """Answer one of the two questions; after a wrong answer it is explained again, once."""
        if self.ceremony.step is Step.QUESTIONS and question == self.ceremony.questions_put:
            # Otherwise it is a second tap on a question that has already gone.
            self._act(lambda now, moment: self._teach_back.put(now, texts(self.language), choice, moment))

    def mark(self, scope: str, evidence: Evidence) -> None:
        """Initials, or the signature of its own, for one yes."""
        use, by = ScopeId(scope), self.ceremony.whose_turn
        if use not in self.ceremony.yes or self.ceremony.need(use) is Mark.NONE:
            return

        def sealed(sha256: Sha256) -> None:
            self._act(lambda now, moment: rules.give_mark(now, use, evidence.kind, sha256, moment))

        self._errand.run(lambda: self.sitting.mark(use, by, evidence), sealed)

    def agree(self, scope: str, lines: ReplicaTerms) -> None:
        """The lines of the contract that a digital likeness needs; with a gap among them they are no contract."""
        grant = grant_of(self.ceremony, ScopeId(scope))
        self._limit(ScopeId(scope), replace(grant, replica=lines) if grant and is_contract(lines) else None)

    def sign(self, evidence: Evidence) -> None:
        """Sign the page that was shown; the next party follows, or the receipt is made."""
        if self.working or self.ceremony.step is not Step.SIGNATURE:
            return
        by, sha256 = self.ceremony.whose_turn, Sha256(hashlib.sha256(evidence.data).hexdigest())
        signed = self._acted(lambda now, moment: rules.sign(now, evidence.kind, sha256, moment))
        if signed is None:
            return
        if signed.step is Step.RECEIPT:
            self.ceremony = signed
            self._evidence.append(evidence)
            # From here on the studio records; a draft kept late would come back as an unfinished ceremony.
            self._keeper.drop()
            self._errand.run(lambda: self.sitting.finish(signed, tuple(self._evidence)), self._issued)
        else:
            # Sealed first, then the turn passes: a power cut between the two asks for the signature again.
            self._errand.run(
                lambda: self.sitting.mark(SIGNATURE, by, evidence), lambda _: self._hand_on(signed, evidence)
            )

    def tell_more(self) -> None:
        """Fetch the full notice."""
        language = self.language

        def told(notice: Notice) -> None:
            self._notice = notice
            self.changed.emit()

        self._errand.run(lambda: self.sitting.notice(language), told)

    def open(self, typed: str) -> None:
        """The digits from the receipt's last page: proof that the person can open it."""

        def checked(right: bool) -> None:
            self.opened = right
            self.changed.emit()

        self._errand.run(lambda: self.sitting.opened(typed), checked)

    # Stopping, going on, leaving.

    def stop(self) -> None:
        """Pause here; said only once everything is kept."""
        if self.working or self.outcome is not None or self.ceremony.step is Step.RECEIPT:
            return
        stopped = self.ceremony if self.ceremony.stopped else self._acted(rules.stop)
        if stopped is None:
            return
        self._keeper.drop()

        def kept(_: None) -> None:
            self.ceremony = stopped
            self.paused.emit()

        self._errand.run(lambda: self.sitting.keep(stopped), kept)

    def go_on(self) -> None:
        """Take the ceremony up where it stopped."""
        self._mark_due = None
        if self.ceremony.stopped:
            self._act(rules.resume)
        if self.ceremony.step is Step.SIGNATURE and not self.page:
            self._act(rules.go_back)  # whoever signs has seen the page in this sitting
        self._pages.ask()

    def begin_anew(self, *, minor_first: bool = False) -> None:
        """Start from nothing; ``minor_first`` when no guardian is here."""
        self.ceremony = unanswered(self.ceremony, minor_first=minor_first)
        self._teach_back.leave()
        self._notice = self._mark_due = None
        self._evidence.clear()

    def confirm(self) -> None:
        """What was signed beforehand is still right."""
        self._errand.run(self.sitting.confirm, self._issued)

    def leave_undecided(self, gone: Callable[[], None]) -> None:
        """Erase what was kept of this sitting, then say so through ``gone``."""
        self._keeper.drop()
        self._errand.run(self.sitting.left_undecided, lambda _: gone())

    def forget(self) -> None:
        """Let go of everything; jobs that are still under way speak to nobody."""
        for part in (self._keeper, self._pages, self._errand):
            part.forget()
        for listeners in (self.changed, self.failed, self.turned, self.held, self.paused, self.finished):
            listeners.disconnect()
        self._notice = self.outcome = None
        self._evidence.clear()

    # Inside.

    def _act(self, act: Act) -> None:
        """Do one act, keep the result and show it; an act that does not fit here (a second tap) changes nothing."""
        acted = None if self.working else self._acted(act)
        if acted is not None:
            self._take(acted)
        if self._mark_due is not None and not still_due(self.person, self.ceremony, self._mark_due):
            self._walk_on()  # it was given, or its use is a no now
        else:
            self.changed.emit()

    def _answer(self, use: ScopeId, grant: Grant | None) -> None:
        self._act(lambda now, moment: rules.answer(now, use, grant, moment))

    def _limit(self, use: ScopeId, grant: Grant | None) -> None:
        if grant is None:
            self.changed.emit()  # not offered: what is shown is what counts
        else:
            self._answer(use, grant)

    def _walk_on(self) -> None:
        """To the page of the next mark that is missing, or on from the limits."""
        self._mark_due = next_mark(self.person, self.ceremony)
        if self._mark_due is None and self.ceremony.step is Step.TERM:
            self._act(rules.go_on)
        else:
            self.changed.emit()

    def _acted(self, act: Act) -> Ceremony | None:
        """What the ceremony would be after ``act`` by whoever's turn it is; None where it is not possible."""
        moment = Moment(self.sitting.now(), self.ceremony.whose_turn, self._mode())
        try:
            return act(self.ceremony, moment)
        except Refused:
            return None

    def _take(self, acted: Ceremony) -> None:
        """Go on with ``acted`` and keep it."""
        self.ceremony = acted
        self._keeper.keep(acted)
        self._pages.ask()

    def _show_page(self, page: MadePage) -> None:
        shown = self._acted(lambda now, moment: rules.show_page(now, page[1], moment))
        if shown is not None:
            self._pages.keep(page)
            self._take(shown)

    def _hand_on(self, signed: Ceremony, evidence: Evidence) -> None:
        self._notice = None
        self._evidence.append(evidence)
        if self.ceremony.whose_turn is Role.SUBJECT:  # a minor alone: the hold itself seals everything
            self._keeper.drop()
            self.ceremony = signed
            self._errand.run(lambda: self.sitting.wait_for_guardian(signed), self.held.emit)
        else:
            self._take(signed)
            self._language = self.person.language if signed.whose_turn is Role.SUBJECT else self._language
            self.turned.emit()

    def _issued(self, finished: Finished) -> None:
        self.outcome = finished
        self.finished.emit()
