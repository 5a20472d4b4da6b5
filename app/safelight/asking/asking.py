"""One person's ceremony under way: every wish from a step becomes an act of the step machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from safelight.domain import ceremony as rules
from safelight.domain.ceremony import Ceremony, Step
from safelight.domain.choice import Grant
from safelight.domain.ids import Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.sitting import Evidence, Finished, Person
from safelight.settings.texts import texts

from .keeping import Keeping
from .listeners import Listeners
from .signing_point import Sitting
from .step_state import StepState
from .work import Work

SIGNATURE = ScopeId("signature")
"""Under this name a party's signature is sealed while somebody else still has to sign."""


class Asking(Keeping):
    """The ceremony of whoever sits here, one wish at a time."""

    def __init__(self, sitting: Sitting, person: Person, work: Work, mode: Callable[[], str]) -> None:
        super().__init__(sitting, person, work, mode)
        self.turned = Listeners[()]()
        """Somebody signed and hands over to the next."""
        self.held = Listeners[datetime]()
        """A minor signed first; the answers wait until this time."""
        self.paused = Listeners[()]()
        self.finished = Listeners[()]()
        self.outcome: Finished | None = None
        self.opened: bool | None = None
        self.note = ""
        self._language = person.ceremony.language or person.language
        self._explained = self._understood = False
        self._notice: Notice | None = None
        self._evidence: list[Evidence] = []

    # What is shown.

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
            finished=self.outcome,
            explained=self._explained,
            understood=self._understood,
            opened=self.opened,
            note=self.note,
            busy=self.busy or self.paging,
            scale=scale,
            reduced_motion=reduced_motion,
        )

    # What the person wants.

    def speak(self, language: Language, *, asked: bool) -> None:
        """Go on in another language; what was answered stays. ``asked``: a step of the ceremony is on the screen."""
        self._language, self._notice = language, None
        if asked and self.ceremony.step is not Step.RECEIPT and self.outcome is None:
            self.act(lambda now, moment: rules.choose_language(now, language, moment))
        else:
            self.changed.emit()

    def next(self) -> None:
        """This step (or this card) is done."""
        self.act(rules.read_card if self.ceremony.step is Step.NOTICE else rules.go_on)

    def back(self) -> None:
        """Change answers; everything is kept."""
        self._explained = False
        self.act(rules.go_back)

    def answer(self, scope: str, grant: Grant | None) -> None:
        """Yes with its limits, or no, to one use; uses not asked of a minor stay at no."""
        use = ScopeId(scope)
        if grant is None or use not in self.person.blocked:
            self.act(lambda now, moment: rules.answer(now, use, grant, moment))

    def open_more(self) -> None:
        """The uses beyond the first sheet are shown as well: they count as asked from now on."""
        self.act(rules.open_more)

    def refuse_all(self) -> None:
        """No to everything: one tap, straight to the page that is signed."""
        self._explained = False
        self.act(rules.refuse_all)

    def judge(self, guid: str, keep: bool) -> None:
        """Keep or veto one photo."""
        self.act(lambda now, moment: rules.judge_photo(now, PhotoGuid(guid), keep, moment))

    def put(self, question: int, choice: int) -> None:
        """Answer one of the two questions; after a wrong answer it is explained again, once."""
        if self.ceremony.step is not Step.QUESTIONS or question != self.ceremony.questions_put:
            return  # a second tap on a question that has already gone
        right = texts(self.language).questions[question].right == choice
        told_again, self._explained = self._explained, not (right or self._explained)
        self._understood = right
        self.act(lambda now, moment: rules.answer_question(now, right, moment, told_again))

    def mark(self, scope: str, evidence: Evidence) -> None:
        """Initials, or the signature of its own, for one yes."""
        use, by = ScopeId(scope), self.ceremony.whose_turn

        def sealed(sha256: Sha256) -> None:
            self.act(lambda now, moment: rules.give_mark(now, use, evidence.kind, sha256, moment))

        self.work(lambda: self.sitting.mark(use, by, evidence), sealed)

    def sign(self, evidence: Evidence) -> None:
        """Sign the page that was shown; the next party follows, or the receipt is made."""
        if self.working or self.ceremony.step is not Step.SIGNATURE:
            return
        by, sha256 = self.ceremony.whose_turn, Sha256(hashlib.sha256(evidence.data).hexdigest())
        signed = self.acted(lambda now, moment: rules.sign(now, evidence.kind, sha256, moment))
        if signed is None:
            return
        if signed.step is Step.RECEIPT:
            self.ceremony = signed
            self._evidence.append(evidence)
            # From here on the studio records; a draft kept late would come back as an unfinished ceremony.
            self.drop_unkept()
            self.work(lambda: self.sitting.finish(signed, tuple(self._evidence)), self._issued)
        else:
            # Sealed first, then the turn passes: a power cut between the two asks for the signature again.
            self.work(lambda: self.sitting.mark(SIGNATURE, by, evidence), lambda _: self._hand_on(signed, evidence))

    def tell_more(self) -> None:
        """Fetch the full notice."""
        language = self.language

        def told(notice: Notice) -> None:
            self._notice = notice
            self.changed.emit()

        self.work(lambda: self.sitting.notice(language), told)

    def open(self, typed: str) -> None:
        """The digits from the receipt's last page: proof that the person can open it."""

        def checked(right: bool) -> None:
            self.opened = right
            self.changed.emit()

        self.work(lambda: self.sitting.opened(typed), checked)

    # Stopping, going on, leaving.

    def stop(self) -> None:
        """Pause here; said only once everything is kept."""
        if self.working or self.outcome is not None or self.ceremony.step is Step.RECEIPT:
            return
        stopped = self.ceremony if self.ceremony.stopped else self.acted(rules.stop)
        if stopped is None:
            return
        self.drop_unkept()

        def kept(_: None) -> None:
            self.ceremony = stopped
            self.paused.emit()

        self.work(lambda: self.sitting.keep(stopped), kept)

    def go_on(self) -> None:
        """Take the ceremony up where it stopped."""
        if self.ceremony.stopped:
            self.act(rules.resume)
        if self.ceremony.step is Step.SIGNATURE and not self.page:
            self.act(rules.go_back)  # whoever signs has seen the page in this sitting
        self.ask_page()

    def begin_anew(self, *, minor_first: bool = False) -> None:
        """Start from nothing; ``minor_first`` when no guardian is here."""
        old = self.ceremony
        guardians = old.parties.count(Role.GUARDIAN)
        self.ceremony = rules.begin(
            old.offered, old.ai, guardians, old.photos, dict(old.needs), minor_first, vetoed=old.vetoed,
            eea=old.eea, first=old.first,
        )  # fmt: skip
        self._explained, self._notice = False, None
        self._evidence.clear()

    def confirm(self) -> None:
        """What was signed beforehand is still right."""
        self.work(self.sitting.confirm, self._issued)

    def leave_undecided(self, gone: Callable[[], None]) -> None:
        """Erase what was kept of this sitting, then say so through ``gone``."""
        self.drop_unkept()
        self.work(self.sitting.left_undecided, lambda _: gone())

    def forget(self) -> None:
        """Let go of everything; jobs that are still under way speak to nobody."""
        super().forget()
        self._notice = self.outcome = None
        self._evidence.clear()

    def _hand_on(self, signed: Ceremony, evidence: Evidence) -> None:
        self._notice = None
        self._evidence.append(evidence)
        if self.ceremony.whose_turn is Role.SUBJECT:  # a minor alone: the hold itself seals everything
            self.drop_unkept()
            self.ceremony = signed
            self.work(lambda: self.sitting.wait_for_guardian(signed), self.held.emit)
        else:
            self.take(signed)
            self._language = self.person.language if signed.whose_turn is Role.SUBJECT else self._language
            self.turned.emit()

    def _issued(self, finished: Finished) -> None:
        self.outcome = finished
        self.finished.emit()
