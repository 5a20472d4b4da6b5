"""How a person is asked: a pure step machine that the signing screen, the tablet and the command line all drive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .choice import Answer, Choice, Grant
from .errors import Refused
from .ids import Language, ScopeId, Sha256
from .people import Role
from .record import Act, SignatureKind


class Step(StrEnum):
    """Where the person is; always in this order, with steps that do not apply left out."""

    LANGUAGE = "language"
    NOTICE = "notice"
    USES = "uses"
    TERM = "term"
    QUESTIONS = "questions"
    REVIEW = "review"
    SIGNATURE = "signature"
    RECEIPT = "receipt"
    DONE = "done"


ORDER = tuple(Step)
CARDS = 5
QUESTIONS = 2
MAY_ACT = frozenset({Role.SUBJECT, Role.GUARDIAN})
"""Only the person and, for a minor, the guardian answer; staff never do (design rule 2, CJEU C-61/19)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature given at the end of one person's turn; the hash covers the ink or the typed name."""

    by: Role
    kind: SignatureKind
    evidence_sha256: Sha256
    at: datetime


@dataclass(frozen=True, slots=True)
class Ceremony:
    """Everything answered so far. ``parties`` sign in turn: the subject, or guardian(s) and then the minor.

    ``choices`` holds one entry per offered use, all "no" at the start (design rule 1). The value can be kept and
    taken up again elsewhere: a stop loses nothing.
    """

    offered: tuple[ScopeId, ...]
    ai: frozenset[ScopeId]
    parties: tuple[Role, ...]
    choices: tuple[Choice, ...]
    step: Step = Step.LANGUAGE
    turn: int = 0
    language: Language | None = None
    cards_read: int = 0
    questions_put: int = 0
    explained_again: int = 0
    signatures: tuple[Signature, ...] = ()
    acts: tuple[Act, ...] = ()
    stopped: bool = False

    @property
    def whose_turn(self) -> Role:
        """Who is being asked now."""
        return self.parties[self.turn]

    @property
    def yes(self) -> tuple[ScopeId, ...]:
        """The uses allowed so far, in the order they were offered."""
        return tuple(each.scope for each in self.choices if each.answer is Answer.YES)

    @property
    def asks_about_ai(self) -> bool:
        """Whether the two questions are due: an AI use is allowed and they were not put in this turn yet."""
        return any(scope in self.ai for scope in self.yes)

    def choice(self, scope: ScopeId) -> Choice:
        """The answer so far to one offered use."""
        for each in self.choices:
            if each.scope == scope:
                return each
        raise Refused(f"'{scope}' is not part of this session.")


def begin(offered: tuple[ScopeId, ...], ai: frozenset[ScopeId], guardians: int) -> Ceremony:
    """A ceremony nobody has touched; ``guardians`` is 0 for an adult, else how many must say yes before the minor."""
    parties = (Role.GUARDIAN,) * guardians + (Role.SUBJECT,)
    return Ceremony(offered, ai & frozenset(offered), parties, tuple(Choice(scope) for scope in offered))


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, when, and in which mode (pen, touch, mouse, keyboard, paper, demonstration)."""

    at: datetime
    by: Role
    mode: str


def choose_language(now: Ceremony, language: Language, moment: Moment) -> Ceremony:
    """Speak ``language`` from here on; possible at any step, answers stay."""
    step = Step.NOTICE if now.step is Step.LANGUAGE else now.step
    return replace(_did(now, moment, f"language {language}", anywhere=True), language=language, step=step)


def read_card(now: Ceremony, moment: Moment) -> Ceremony:
    """One of the five cards was shown; after the last the uses follow."""
    read = _did(now, moment, f"card {now.cards_read + 1}", Step.NOTICE)
    cards = read.cards_read + 1
    return replace(read, cards_read=cards, step=Step.USES if cards >= CARDS else Step.NOTICE)


def answer(now: Ceremony, scope: ScopeId, grant: Grant | None, moment: Moment) -> Ceremony:
    """Yes with its limits, or no (``grant`` None), to one use. A later party cannot turn an earlier no into a yes."""
    before = now.choice(scope)
    if grant is not None and now.turn > 0 and before.answer is Answer.NO:
        raise Refused("Somebody before you said no to this.", "Either no counts; the answer stays no.")
    given = _did(now, moment, f"{scope} {'yes' if grant else 'no'}", Step.USES, Step.TERM, Step.QUESTIONS, Step.REVIEW)
    changed = Choice(scope, Answer.YES, grant) if grant is not None else Choice(scope)
    choices = tuple(changed if each.scope == scope else each for each in given.choices)
    moved = replace(given, choices=choices)
    # A yes to an AI use given late still meets the questions before anything is signed.
    if grant is not None and scope in now.ai and now.questions_put < QUESTIONS and now.step is Step.REVIEW:
        moved = replace(moved, step=Step.QUESTIONS)
    return moved


def refuse_all(now: Ceremony, moment: Moment) -> Ceremony:
    """No to everything: one act from any step after the language, straight to the page that is signed."""
    refused = _did(now, moment, "no to everything", Step.NOTICE, Step.USES, Step.TERM, Step.QUESTIONS, Step.REVIEW)
    return replace(refused, choices=tuple(Choice(scope) for scope in now.offered), step=Step.REVIEW)


def go_on(now: Ceremony, moment: Moment) -> Ceremony:
    """Leave a finished step for the next that applies."""
    left = _did(now, moment, "next", Step.USES, Step.TERM, Step.REVIEW)
    return replace(left, step=_following(left))


def go_back(now: Ceremony, moment: Moment) -> Ceremony:
    """Return to the uses with everything kept; not possible once signed."""
    back = _did(now, moment, "back", Step.TERM, Step.QUESTIONS, Step.REVIEW, Step.SIGNATURE)
    return replace(back, step=Step.USES)


def answer_question(now: Ceremony, understood: bool, moment: Moment) -> Ceremony:
    """One of the two questions; a wrong answer is explained again and never bars the way (design rule 8)."""
    put = _did(now, moment, "question", Step.QUESTIONS)
    if not understood:
        return replace(put, explained_again=put.explained_again + 1)
    count = put.questions_put + 1
    return replace(put, questions_put=count, step=Step.REVIEW if count >= QUESTIONS else Step.QUESTIONS)


def sign(now: Ceremony, kind: SignatureKind, evidence_sha256: Sha256, moment: Moment) -> Ceremony:
    """Sign what the review showed; the next party starts with these answers, or the receipt follows."""
    signed = _did(now, moment, f"signed ({kind.value})", Step.SIGNATURE)
    signatures = (*signed.signatures, Signature(now.whose_turn, kind, evidence_sha256, moment.at))
    if now.turn + 1 < len(now.parties):
        return replace(
            signed, signatures=signatures, turn=now.turn + 1, step=Step.LANGUAGE, cards_read=0, questions_put=0
        )
    return replace(signed, signatures=signatures, step=Step.RECEIPT)


def take_receipt(now: Ceremony, moment: Moment) -> Ceremony:
    """The receipt was handed over; the ceremony is complete."""
    return replace(_did(now, moment, "receipt", Step.RECEIPT), step=Step.DONE)


def stop(now: Ceremony, moment: Moment) -> Ceremony:
    """Pause; everything answered is kept and nothing is signed."""
    return replace(_did(now, moment, "stop", anywhere=True), stopped=True)


def resume(now: Ceremony, moment: Moment) -> Ceremony:
    """Take a paused ceremony up again, on whatever device."""
    if not now.stopped:
        raise Refused("This ceremony was not paused.")
    return _did(replace(now, stopped=False), moment, "resume", anywhere=True)


def _following(now: Ceremony) -> Step:
    if now.step is Step.USES and now.yes:
        return Step.TERM
    if now.step in (Step.USES, Step.TERM) and now.asks_about_ai and now.questions_put < QUESTIONS:
        return Step.QUESTIONS
    return Step.SIGNATURE if now.step is Step.REVIEW else Step.REVIEW


def _did(now: Ceremony, moment: Moment, what: str, *steps: Step, anywhere: bool = False) -> Ceremony:
    """``now`` with the act written down, if this person may do this here; time never runs backwards."""
    if moment.by not in MAY_ACT or moment.by is not now.whose_turn:
        raise Refused(f"It is the {now.whose_turn.value} who answers here.", "Hand the screen over.")
    if now.stopped or now.step is Step.DONE:
        raise Refused("This ceremony is paused or over.", "Nothing was changed.")
    if not anywhere and now.step not in steps:
        raise Refused(f"'{what}' is not possible at the step '{now.step.value}'.", "Nothing was changed.")
    at = max(moment.at, now.acts[-1].at) if now.acts else moment.at
    return replace(now, acts=(*now.acts, Act(at, now.step.value, what, moment.by, moment.mode)))
